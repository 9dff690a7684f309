from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class ContactProposal(ScopedModel):
    """Contact data as the customer wants it to be: a proposal until the office takes it over."""

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="proposals")
    # names of fields of Customer -> the value wanted; only fields that differed when it was made
    values = models.JSONField(default=dict)
    comment = models.TextField(_("Bemerkung"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    is_taken_over = models.BooleanField(default=False)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]
        indexes = [models.Index(fields=["business", "decided_at"], name="contact_proposal_open")]

    def __str__(self):
        return f"{self.customer}: {self.fields}"

    @property
    def fields(self):
        """The names of the fields, as one text."""
        return ", ".join(self.values)
