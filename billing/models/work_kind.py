from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class Step(models.TextChoices):
    """What brings an order to a milestone by itself: a state of the order, or its sign-off. Any other is ticked by hand."""

    BY_HAND = "", _("von Hand abgehakt")
    PLACED = "placed", _("Beauftragt")
    SCHEDULED = "scheduled", _("Termin steht")
    STARTED = "started", _("In Arbeit")
    COMPLETED = "completed", _("Fertig")
    SIGNED_OFF = "signed_off", _("Abgenommen")
    INVOICED = "invoiced", _("Abgerechnet")


class WorkKind(ScopedModel):
    """A kind of work (Art der Arbeit) and the way its orders take, as the customer follows it."""

    name = models.CharField(_("Art der Arbeit"), max_length=80)
    is_default = models.BooleanField(_("für neue Aufträge"), default=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    class Meta(ScopedModel.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["business", "name"], name="work_kind_once"),
            models.UniqueConstraint(
                fields=["business"], condition=models.Q(is_default=True), name="one_default_work_kind"
            ),
        ]

    def __str__(self):
        return self.name


class WorkStep(ScopedModel):
    """One milestone of a kind of work; the customer reads the label."""

    work_kind = models.ForeignKey(WorkKind, on_delete=models.CASCADE, related_name="steps")
    sort = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(_("Meilenstein"), max_length=60)
    step = models.CharField(_("wird erreicht"), max_length=10, choices=Step.choices, blank=True)
    is_shown = models.BooleanField(_("Kunde sieht das"), default=True)

    class Meta(ScopedModel.Meta):
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["work_kind", "step"], condition=~models.Q(step=""), name="work_step_once_per_kind"
            )
        ]

    def __str__(self):
        return self.label
