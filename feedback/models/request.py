from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel

STARS = [MinValueValidator(1), MaxValueValidator(5)]


class FeedbackRequest(ScopedModel):
    """Asking a customer how it was, once per order."""

    class State(models.TextChoices):
        PLANNED = "planned", _("geplant")
        SENT = "sent", _("gefragt")
        ANSWERED = "answered", _("beantwortet")
        BLOCKED = "blocked", _("nicht gefragt")  # no legal ground, no address or objected (R97, R98)

    order = models.OneToOneField("billing.Order", on_delete=models.PROTECT, related_name="feedback_request")
    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="feedback_requests")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    why_blocked = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        ordering = ["-created_at"]

    def __str__(self):
        return f"Feedback {self.order}"

    @classmethod
    def for_timeline(cls):
        """With what the timeline shows of it."""
        return cls.objects.select_related("order")


class FeedbackAnswer(ScopedModel):
    """What the customer said. Nothing is required but one answer; editable for 14 days."""

    request = models.OneToOneField(FeedbackRequest, on_delete=models.PROTECT, related_name="answer")
    punctuality = models.PositiveSmallIntegerField(_("Pünktlichkeit"), null=True, blank=True, validators=STARS)
    quality = models.PositiveSmallIntegerField(_("Qualität der Arbeit"), null=True, blank=True, validators=STARS)
    communication = models.PositiveSmallIntegerField(_("Absprachen"), null=True, blank=True, validators=STARS)
    recommendation = models.PositiveSmallIntegerField(
        _("Weiterempfehlung"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(10)]
    )
    comment = models.TextField(_("Was möchten Sie uns noch sagen?"), blank=True, max_length=4000)
    wants_call = models.BooleanField(_("Bitte rufen Sie mich an"), default=False)
    may_publish = models.BooleanField(_("Sie dürfen meinen Kommentar mit Vornamen veröffentlichen"), default=False)
    answered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        ordering = ["-answered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recommendation=None) | Q(recommendation__lte=10), name="recommendation_up_to_ten"
            )
        ]
        indexes = [models.Index(fields=["business", "-answered_at", "-id"], name="answer_newest_first")]

    def __str__(self):
        return str(self.request)
