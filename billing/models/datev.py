from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class DatevAccount(ScopedModel):
    """An account that differs from the chart's own for a case (R117), from a day on."""

    key = models.CharField(max_length=40)  # what is booked there, as in billing/datev/accounts.py
    account = models.PositiveIntegerField(_("Konto"))
    valid_from = models.DateField(_("gilt ab"))

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["business", "key", "valid_from"], name="datev_account_once")]

    def __str__(self):
        return f"{self.key} {self.account}"


class DatevConfirmation(ScopedModel):
    """That the tax adviser confirmed an account of which the published charts are not certain: who said so, and when."""

    key = models.CharField(max_length=40)
    account = models.PositiveIntegerField(_("Konto"))
    said_by = models.CharField(_("bestätigt von"), max_length=120)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["business", "key", "-id"], name="datev_confirmed_by_key")]

    def __str__(self):
        return f"{self.key} {self.account}"


class DatevExport(ScopedModel):
    """A package that went to the tax adviser. What it holds is not exported again but as a marked correction (R119)."""

    class Reason(models.TextChoices):
        """Why a package could not be made."""

        REFUSED = "refused", _("Eine Angabe fehlt")
        MISSING = "missing", _("Die Datei eines Belegs fehlt im Speicher")
        STORAGE = "storage", _("Der Speicher für Dateien antwortet nicht oder ist voll")
        UNEXPECTED = "unexpected", _("Ein unerwarteter Fehler; Ihr Administrator findet ihn im Protokoll")

    first_on = models.DateField(_("von"))
    last_on = models.DateField(_("bis"))
    is_correction = models.BooleanField(default=False)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bookings = models.PositiveIntegerField(_("Buchungen"), default=0)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)  # that did not make it
    failed_at = models.DateTimeField(null=True, editable=False)  # nobody tries again until asked
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True, editable=False)
    detail = models.CharField(max_length=300, blank=True, editable=False)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen(free=("file", "sha256", "bookings", "tries", "failed_at", "reason", "detail"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("DATEV-Export")
        indexes = [models.Index(fields=["business", "-created_at", "-id"], name="datev_newest_first")]

    def __str__(self):
        return f"{self.first_on} – {self.last_on}"


class DatevItem(ScopedModel):
    """One document or payment in an export."""

    export = models.ForeignKey(DatevExport, on_delete=models.PROTECT, related_name="items")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, null=True, related_name="datev_items")
    payment = models.ForeignKey("billing.Payment", on_delete=models.PROTECT, null=True, related_name="datev_items")
    is_correction = models.BooleanField(default=False)

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, payment=None) | Q(invoice=None, payment__isnull=False),
                name="datev_item_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(is_correction=False, invoice__isnull=False), name="datev_invoice_once"
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(is_correction=False, payment__isnull=False), name="datev_payment_once"
            ),
        ]

    def __str__(self):
        return f"{self.export} {self.invoice_id or self.payment_id}"
