from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class Segment(ScopedModel):
    """A selection of contacts that was given a name: who is in it is asked anew each time (crm.segments)."""

    name = models.CharField(_("Name"), max_length=80)
    criteria = models.JSONField(default=dict)  # name of a criterion -> its values, as crm.segments checked them
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta(ScopedModel.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["business", "name"], condition=Q(deleted_at=None), name="segment_once")
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("crm:segment_detail", args=[self.pk])
