from django.db import models

from accounts.scoping import ScopedModel


class Pin(ScopedModel):
    """A line that stays on top of its timeline; the line itself never changes."""

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="pins")
    entry = models.OneToOneField("crm.TimelineEntry", on_delete=models.CASCADE, related_name="pin")
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return str(self.entry)
