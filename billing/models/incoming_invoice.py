from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel
from billing.models import fields


class IncomingInvoice(ScopedModel):
    """An invoice somebody sent us, its file kept unchanged (R50). What was read from it stands beside it."""

    class Syntax(models.TextChoices):
        UBL = "ubl", "XRechnung (UBL)"
        CII = "cii", "XRechnung (CII)"
        HYBRID = "hybrid", "ZUGFeRD"
        NONE = "none", _("keine E-Rechnung")

    class Source(models.TextChoices):
        UPLOAD = "upload", _("hochgeladen")
        MAIL = "mail", _("per E-Mail")

    class State(models.TextChoices):
        NEW = "new", _("neu")
        CHECKED = "checked", _("geprüft")
        REJECTED = "rejected", _("zurückgewiesen")

    name = models.CharField(_("Datei"), max_length=200)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.UPLOAD)
    syntax = models.CharField(_("Format"), max_length=6, choices=Syntax.choices)
    seller = models.CharField(_("Lieferant"), max_length=200, blank=True)
    number = models.CharField(_("Rechnungsnummer"), max_length=80, blank=True)
    issued_on = models.DateField(_("vom"), null=True)
    due_on = models.DateField(_("fällig am"), null=True)
    net = fields.euros(_("Netto"), null=True)
    tax = fields.euros(_("MwSt."), null=True)
    gross = fields.euros(_("Gesamt"), null=True)
    report = models.TextField(blank=True)  # JSON: format, rule and content errors (R46)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    note = models.CharField(_("Notiz"), max_length=200, blank=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen(free=("state", "note"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("Eingangsrechnung")
        constraints = [models.UniqueConstraint(fields=["business", "sha256"], name="incoming_invoice_once")]
        indexes = [models.Index(fields=["business", "-created_at", "-id"], name="incoming_newest_first")]

    def __str__(self):
        return self.number or self.name
