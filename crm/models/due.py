from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class DueAction(ScopedModel):
    """Something that must happen at a time: a row, so that it happens once and is not lost (security.md 4.7).

    `due_on` is part of the key; `due_at` is the instant in UTC computed from it. settings.DUE_HANDLERS names the
    function that works it off.
    """

    class State(models.TextChoices):
        OPEN = "open", _("offen")
        DONE = "done", _("erledigt")
        DROPPED = "dropped", _("nicht mehr nötig")
        FAILED = "failed", _("fehlgeschlagen")

    kind = models.CharField(max_length=40)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    due_on = models.DateField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["business", "kind", "subject_type", "subject_id", "due_on"], name="due_action_once_per_day"
            )
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="due_action_open")]

    def __str__(self):
        return f"{self.kind} {self.due_on}"
