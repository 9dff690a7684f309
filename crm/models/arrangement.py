from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class Arrangement(ScopedModel):
    """What office and customer agree on about one appointment (Terminabsprache): proposed, taken, moved, called off.

    Customers' links of the purpose "date" lead here. `appointment` is there from the moment on at which it is agreed.
    """

    class Kind(models.TextChoices):
        TIMES = "times", _("Zeiten vorschlagen")
        SLOTS = "slots", _("Kunde sucht sich eine freie Zeit aus")
        BOOKED = "booked", _("vom Büro eingetragen")

    class State(models.TextChoices):
        OPEN = "open", _("wartet auf den Kunden")
        BOOKED = "booked", _("vereinbart")
        REFUSED = "refused", _("keine Zeit passt")
        CANCELLED = "cancelled", _("abgesagt")
        CLOSED = "closed", _("zurückgezogen")

    STEPS: ClassVar = {
        State.OPEN: {State.BOOKED, State.REFUSED, State.CLOSED},
        State.REFUSED: {State.BOOKED, State.CLOSED},
        State.BOOKED: {State.CANCELLED},
        State.CANCELLED: {State.BOOKED},
    }

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="arrangements")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.SLOTS)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN, editable=False)
    title = models.CharField(_("Was"), max_length=120)
    place = models.CharField(_("Ort"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("Dauer (Minuten)"), default=60, validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    assignee = models.ForeignKey(
        "accounts.Member",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Wer kommt"),
    )
    # between which days the customer may choose; what is empty is as the rules say
    first_on = models.DateField(_("Frühestens am"), null=True, blank=True)
    last_on = models.DateField(_("Spätestens am"), null=True, blank=True)
    appointment = models.OneToOneField(
        "crm.Appointment", on_delete=models.PROTECT, null=True, editable=False, related_name="arrangement"
    )
    words = models.CharField(max_length=500, blank=True, editable=False)  # the customer's, when cancelling or refusing
    answered_at = models.DateTimeField(null=True, editable=False)  # the customer's last step
    read_at = models.DateTimeField(null=True, editable=False)  # the office has seen that step
    told = models.CharField(
        max_length=60, blank=True, editable=False
    )  # what the customer knows, see crm.appointment_news
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["booked", "cancelled"]) | Q(appointment__isnull=False),
                name="arrangement_booked_has_appointment",
            )
        ]
        indexes = [
            models.Index(fields=["business", "state"], name="arrangement_by_state"),
            models.Index(
                fields=["business", "answered_at"], condition=Q(answered_at__isnull=False, read_at=None),
                name="arrangement_unread",
            ),
        ]  # fmt: skip

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.prefetch_related("times")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("crm:arrangement_detail", args=[self.pk])


class ProposedTime(ScopedModel):
    """One time the office proposed."""

    arrangement = models.ForeignKey(Arrangement, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))

    class Meta(ScopedModel.Meta):
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["arrangement", "starts_at"], name="proposed_time_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="proposed_time_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
