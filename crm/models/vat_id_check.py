from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class VatIdCheck(ScopedModel):
    """That a VAT ID was asked about (qualified confirmation, § 18e UStG), when, by whom, and what came back (R35, R36)."""

    class Result(models.TextChoices):
        VALID = "valid", _("gültig")
        INVALID = "invalid", _("ungültig")

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="vat_id_checks")
    vat_id = models.CharField(_("USt-IdNr."), max_length=14)
    result = models.CharField(_("Ergebnis"), max_length=8, choices=Result.choices)
    request_id = models.CharField(_("Vorgangsnummer"), max_length=60, blank=True)
    checked_at = models.DateTimeField(_("geprüft am"))
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")

    frozen = Frozen(follows=("customer",))

    class Meta(ScopedModel.Meta):
        ordering = ["-checked_at", "-pk"]

    def __str__(self):
        return f"{self.vat_id} {self.result}"
