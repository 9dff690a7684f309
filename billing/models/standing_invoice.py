from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel
from billing.models import fields
from billing.models.line import DocumentRow


class StandingInvoice(ScopedModel):
    """What is billed again and again: a maintenance contract, a rent, a service (Dauerleistung, R49)."""

    class Every(models.IntegerChoices):
        MONTH = 1, _("monatlich")
        QUARTER = 3, _("vierteljährlich")
        HALF_YEAR = 6, _("halbjährlich")
        YEAR = 12, _("jährlich")

    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="standing_invoices", verbose_name=_("Kunde")
    )
    title = models.CharField(_("Betreff"), max_length=160)
    intro = models.TextField(_("Einleitung"), blank=True)
    mode = models.CharField(_("Preise"), max_length=5, choices=fields.PRICE_MODES, default="net")
    tax_case = models.CharField(_("Steuerfall"), max_length=24, default="domestic")
    tax_decision = models.TextField(blank=True, editable=False)  # the answers that led there, for each new invoice
    payment_days = models.PositiveSmallIntegerField(_("Zahlungsziel (Tage)"), default=14)
    buyer_reference = models.CharField(_("Ihre Bestellnummer"), max_length=80, blank=True)
    every = models.PositiveSmallIntegerField(_("Abrechnung"), choices=Every.choices, default=Every.MONTH)
    starts_on = models.DateField(_("Beginn"))
    ends_on = models.DateField(_("Ende"), null=True, blank=True)
    next_from = models.DateField(_("nächster Zeitraum ab"), editable=False)
    in_advance = models.BooleanField(_("im Voraus abrechnen"), default=False)
    sends = models.BooleanField(_("sofort stellen und senden"), default=False)
    is_paused = models.BooleanField(_("ausgesetzt"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("Wiederkehrende Rechnung")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="standing_invoice_ends_after_start"
            )
        ]
        indexes = [models.Index(fields=["business", "next_from"], name="standing_invoice_by_day")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("billing:standing_edit", args=[self.pk])


class StandingInvoiceLine(DocumentRow):
    """A row of what is billed again and again."""

    invoice = models.ForeignKey(StandingInvoice, on_delete=models.CASCADE, related_name="lines")
    frozen = None  # a template, never issued itself

    class Meta(DocumentRow.Meta):
        pass


class InvoiceRun(ScopedModel):
    """A run over many standing invoices that shows how far it is and goes on where it stopped."""

    class State(models.TextChoices):
        WAITING = "waiting", _("wartet")
        RUNNING = "running", _("läuft")
        DONE = "done", _("fertig")

    until = models.DateField(_("Zeiträume bis"))
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0)
    drafted = models.PositiveIntegerField(default=0)
    problems = models.TextField(blank=True)  # a line for each that could not be issued
    lease_until = models.DateTimeField(null=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("Rechnungslauf")
        indexes = [models.Index(fields=["business", "-created_at", "-id"], name="invoice_run_newest_first")]

    def __str__(self):
        return f"{self.until} {self.state}"
