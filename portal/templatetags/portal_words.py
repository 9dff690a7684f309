"""Words on customers' pages that the law gives, by the page's language. Tags: withdraw_label, confirm_withdrawal_label."""

from django import template
from django.utils.translation import get_language

from billing import legal_texts

register = template.Library()


def _by_language(texts):
    return texts.get(get_language(), texts["de"])


@register.simple_tag
def withdraw_label():
    """Step 1 of the withdrawal function (R85), not editable and not in the catalogue of translations."""
    return _by_language(legal_texts.WITHDRAW_LABEL)


@register.simple_tag
def confirm_withdrawal_label():
    """Step 2."""
    return _by_language(legal_texts.CONFIRM_WITHDRAWAL_LABEL)
