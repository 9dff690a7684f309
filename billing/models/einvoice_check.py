from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class EinvoiceCheck(ScopedModel):
    """What was checked of an e-invoice before it was issued, by which rules, and what came of it (R42, R46, R50)."""

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.CASCADE, related_name="einvoice_checks")
    is_valid = models.BooleanField()
    xml_sha256 = models.CharField(max_length=64)  # of the structured part that was looked at, byte for byte
    report = models.TextField()  # canonical JSON of billing.documents.einvoice.validation.Report
    report_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        verbose_name = _("Prüfbericht")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.invoice} {self.xml_sha256[:8]}"
