"""Feedback's sections on pages that belong to everybody."""

from datetime import timedelta

from django import template
from django.utils import timezone

from feedback import figures, requests

register = template.Library()

YEAR = timedelta(days=365)


@register.inclusion_tag("feedback/panel_today.html", takes_context=True)
def today_feedback(context):
    """Answers of the last days."""
    member = context.get("member")
    counted = (context.get("numbers") or {}).get("answers", 1)  # by the page, before
    found = figures.fresh_answers(member) if member and counted else []
    return {
        "critical": requests.CRITICAL,
        "promoter": figures.PROMOTER,
        "answers": [
            answer for answers in found for answer in answers.select_related("request__customer", "request__order")
        ],
    }


@register.simple_tag(takes_context=True)
def nps_at_a_glance(context):
    """The NPS of twelve months, None with too few answers or for members who see no feedback; one query."""
    if not context["rights"].see_notes:
        return None
    return figures.nps_since(timezone.now() - YEAR)
