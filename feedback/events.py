"""What feedback tells the timeline."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Each has a template feedback/timeline/<name>.html."""

    FEEDBACK_REQUESTED = "feedback.feedback_requested", _("Nach Feedback gefragt")
    FEEDBACK_ANSWERED = "feedback.feedback_answered", _("Feedback")
