from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class DuplicatePair(ScopedModel):
    """Two contacts that may be one, as a search over the whole book found them (crm.duplicate_searches); `first` is the
    older one. That they are two is remembered: a later search does not ask again.
    """

    first = models.ForeignKey("crm.Customer", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("crm.Customer", on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()  # percent
    reasons = models.JSONField(default=list)  # crm.duplicates.Reason, what they have in common
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"),
        ]
        indexes = [models.Index(fields=["business", "dismissed_at", "-score", "id"], name="duplicate_pair_by_score")]

    def __str__(self):
        return f"{self.first_id} {self.second_id}"


class DuplicateSearch(ScopedModel):
    """A search over all contacts for those that are there twice: how far it is."""

    class State(models.TextChoices):
        RUNNING = "running", _("läuft")
        DONE = "done", _("fertig")
        FAILED = "failed", _("abgebrochen")

    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)  # while it lies ahead somebody is at work on it
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["business"], condition=Q(state="running"), name="duplicate_search_one_at_a_time"
            )
        ]

    def __str__(self):
        return self.get_state_display()

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 * self.done // self.total if self.total else 0
