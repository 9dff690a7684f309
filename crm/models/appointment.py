from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class Appointment(ScopedModel):
    """A date with a contact (Termin)."""

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="appointments")
    title = models.CharField(_("Was"), max_length=120)
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))
    place = models.CharField(_("Ort"), max_length=200, blank=True)
    assignee = models.ForeignKey(
        "accounts.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wer")
    )
    cancelled_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveSmallIntegerField(
        default=0, editable=False
    )  # how often it was changed: SEQUENCE of RFC 5545
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_start")
        ]
        indexes = [
            models.Index(fields=["business", "starts_at"], name="appointment_by_start"),
            models.Index(fields=["assignee", "starts_at"], name="appointment_by_assignee"),
        ]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.select_related("assignee__user", "arrangement")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("crm:appointment_edit", args=[self.pk])
