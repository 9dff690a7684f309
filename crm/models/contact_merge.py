from django.db import models
from django.db.models import Q

from accounts.scoping import ScopedModel


class ContactMerge(ScopedModel):
    """That two contacts were one, and what was done about it: enough to undo it (crm.merging)."""

    survivor = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="+")
    changed = models.JSONField(default=dict)  # fields of the survivor: [before, after]
    moved = models.JSONField(default=dict)  # "app.Model.field" -> ids of the rows that changed hands
    added = models.JSONField(default=dict)  # "app.Model" -> ids of rows made from what was not taken over
    archived_before = models.DateTimeField(null=True)  # when the absorbed one had been put away already
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["absorbed"], condition=Q(undone_at=None), name="contact_merged_once")
        ]

    def __str__(self):
        return f"{self.absorbed_id} → {self.survivor_id}"
