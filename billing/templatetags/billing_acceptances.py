"""What pages say about acceptances, wishes and estimates.

{{ quote|can_be_taken_down }}, {{ channel|channel_label }}, {% on_site_address quote %}, {% wishes_of quote as wishes %},
{% overrun_of order as standing %}
"""

from django import template
from django.conf import settings
from django.urls import reverse

from billing import change_requests, on_behalf, overruns
from billing.models import Acceptance

register = template.Library()


@register.filter
def can_be_taken_down(quote) -> bool:
    """Whether a member may write down that the customer accepted."""
    return on_behalf.can_be_taken_down(quote)


@register.simple_tag
def on_site_address(quote) -> str:
    """Where the customer orders on our tablet; "" for a quote that cannot be ordered any more."""
    return reverse(settings.ON_SITE_PAGE, args=[quote.pk]) if quote.can_be_accepted else ""


@register.filter
def channel_label(channel) -> str:
    """How it was accepted, in words: "am Telefon"."""
    return str(dict(Acceptance.Channel.choices).get(channel, channel))


@register.simple_tag
def wishes_of(quote) -> list[dict]:
    """What the customer would order instead, newest first, with what it would do to the total."""
    found = []
    for wish in quote.change_requests.all():
        wish.quote = quote  # the document is read once
        found.append(
            {
                "wish": wish,
                "unwanted": change_requests.unwanted_lines(wish),
                "chosen": change_requests.chosen_words(wish),
                "effect": change_requests.effect(wish),
            }
        )
    return found


@register.simple_tag
def overrun_of(order):
    """How an order stands against its Kostenvoranschlag; None for a fixed price."""
    return overruns.of_order(order)
