from django.db import models

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class JournalEntry(ScopedModel):
    """One link of the business's journal: what was done to a document, chained by hashes (R53)."""

    sequence = models.PositiveBigIntegerField()
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)  # "billing.Invoice 42"
    number = models.CharField(max_length=24, blank=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    facts = models.TextField()  # canonical JSON
    # ids of the business and the member in the books this entry was taken over from: its hash was made with them
    origin_business = models.PositiveBigIntegerField(null=True)
    origin_by = models.PositiveBigIntegerField(null=True)
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["business", "sequence"], name="journal_sequence_once")]

    def __str__(self):
        return f"{self.sequence} {self.event}"
