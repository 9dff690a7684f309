from django.db import models
from django.utils import timezone

from accounts.scoping import ScopedModel


class DataExport(ScopedModel):
    """A customer's own data as one file, asked for on the page of all documents (GDPR Art. 15, 20)."""

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="data_exports")
    # the link it was asked with: whoever reads mails there is told
    link = models.ForeignKey("crm.AccessLink", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    file = models.CharField(max_length=200, blank=True)  # storage name; empty: not ready, or deleted again
    size = models.PositiveBigIntegerField(default=0)  # bytes

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.customer} {self.created_at:%Y-%m-%d}"

    @property
    def is_ready(self):
        """Whether there is a file to hand out."""
        return bool(self.file) and self.expires_at is not None and self.expires_at > timezone.now()

    @property
    def is_coming(self):
        """Whether it is still being put together."""
        return self.ready_at is None
