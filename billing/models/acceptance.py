from django.db import models

from accounts.guards import Frozen
from accounts.scoping import ScopedModel
from billing.models import fields


class Acceptance(ScopedModel):
    """The evidence that a quote was accepted (R87): frozen, hash-chained, one per quote."""

    quote = models.OneToOneField("billing.Quote", on_delete=models.PROTECT, related_name="acceptance")
    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField()
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    gross = fields.euros("gross")
    record = models.TextField()  # canonical JSON with everything that proves it
    record_hash = models.CharField(max_length=64)
    document = models.TextField()  # the quote as chosen: billing.documents.model as JSON
    withdrawal_until = models.DateField(null=True)  # R83; null: no right of withdrawal
    pdf = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    frozen = Frozen(free=("pdf", "pdf_sha256"))

    class Meta(ScopedModel.Meta):
        ordering = ["-accepted_at"]

    def __str__(self):
        return f"{self.quote} {self.name}"
