"""Feedback's sections on pages that belong to everybody."""

from datetime import timedelta

from django import template
from django.db.models import Count, Q
from django.utils import timezone

from feedback import figures, requests
from feedback.models import FeedbackAnswer

register = template.Library()

NEW_FOR = timedelta(days=7)
SHOWN = 5


@register.inclusion_tag("feedback/panel_today.html", takes_context=True)
def today_feedback(context):
    """Answers of the last days."""
    shown = {"rights": context["rights"], "critical": requests.CRITICAL}
    if context["rights"].see_notes and context["rights"].write_documents:
        found = FeedbackAnswer.objects.filter(answered_at__gte=timezone.now() - NEW_FOR)
        shown["answers"] = list(found.select_related("request__customer", "request__order")[:SHOWN])
    return shown


@register.simple_tag(takes_context=True)
def nps_at_a_glance(context):
    """The NPS of twelve months, None with too few answers or for members who see no feedback."""
    if not context["rights"].see_notes:
        return None
    since = timezone.now() - timedelta(days=365)
    counted = FeedbackAnswer.objects.filter(answered_at__gte=since).aggregate(
        scored=Count("recommendation"),
        promoters=Count("pk", filter=Q(recommendation__gte=figures.PROMOTER)),
        critics=Count("pk", filter=Q(recommendation__lte=figures.CRITIC)),
    )
    if counted["scored"] < figures.FEWEST:
        return None
    return figures.nps(counted["promoters"], counted["critics"], counted["scored"])
