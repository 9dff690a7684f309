"""Words on customers' pages that the law gives, by the page's language, and whether there is something to withdraw from.

Tags: withdraw_label, confirm_withdrawal_label, may_withdraw; unread_answers of a thread. Filter: unbroken.
"""

import re

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from billing import legal_texts, withdrawal_rights
from billing.models import Quote
from portal import threads

register = template.Library()

_NUMBER = re.compile(r"\b[A-Z]{1,6}-\d{4}-\d+\b")


def _by_language(texts):
    return texts.get(get_language(), texts["de"])


@register.filter
def unbroken(text):
    """A text in which numbers of documents stay on one line: browsers would break them at each hyphen."""
    marked = _NUMBER.sub(r'<span class="nowrap">\g<0></span>', conditional_escape(text))
    return mark_safe(marked)  # noqa: S308 - escaped above


@register.simple_tag
def withdraw_label():
    """Step 1 of the withdrawal function (R85), not editable and not in the catalogue of translations."""
    return _by_language(legal_texts.WITHDRAW_LABEL)


@register.simple_tag
def confirm_withdrawal_label():
    """Step 2."""
    return _by_language(legal_texts.CONFIRM_WITHDRAWAL_LABEL)


@register.simple_tag(takes_context=True)
def may_withdraw(context) -> bool:
    """Whether the page must lead to the withdrawal function (R85): not for businesses, and not for a quote or order
    without that right (R82). A page that is about neither shows it.
    """
    link, order, quote = context.get("link"), context.get("order"), context.get("quote")
    if link is None or not link.customer.is_consumer:
        return False
    if order is not None:
        quote = context.get("contract") or order.quote  # of a change order's link it is that contract
    if not isinstance(quote, Quote):
        return True
    if quote.state == Quote.State.ACCEPTED:
        return withdrawal_rights.of_acceptance(quote.acceptance).has_withdrawal
    return withdrawal_rights.of_quote(quote, on=timezone.localdate()).has_withdrawal


@register.simple_tag
def unread_answers(thread):
    """The answers of a thread that the customer has not read yet."""
    return threads.unread(thread)
