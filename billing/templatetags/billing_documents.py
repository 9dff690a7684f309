"""What mails and pages about documents say, read from what was frozen.

Filters on an acceptance: chosen_words, consents. On a VAT: vat_label. On facts of the timeline: order_state, iso_day.
"""

import json
from datetime import date

from django import template
from django.utils.translation import gettext as _

from accounts import formats
from billing import legal_texts
from billing.models import Order

register = template.Library()


@register.filter
def chosen_words(acceptance) -> list[dict]:
    """What the customer picked, as [{"set": "Fronten", "text": "Eiche"}]; the set is empty for extras."""
    return json.loads(acceptance.record).get("chosen", [])


@register.filter
def consents(acceptance) -> list[str]:
    """The statements about an early start that the customer ticked, word for word (R84)."""
    ticked = json.loads(acceptance.record).get("statements") or {}
    texts = {
        text.id: text.text for known in (legal_texts.EARLY_START, legal_texts.EARLY_END) for text in known.values()
    }
    return [texts[each["text"]] for each in ticked.values() if each["ticked"] and each["text"] in texts]


@register.filter
def vat_label(vat) -> str:
    """The tax of a group in words: "19 % MwSt.", "MwSt. (§ 13b UStG)"."""
    if vat.category == "AE":
        return _("MwSt. (§ 13b UStG)")
    if vat.category == "E":
        return _("MwSt. (§ 19 UStG)")
    return _("%(rate)s MwSt.") % {"rate": formats.percent(vat.rate)}


@register.filter
def order_state(value) -> str:
    """An order's state of a timeline entry as heading: "Auftrag: In Arbeit"."""
    label = dict(Order.State.choices).get(value, value)
    return _("Auftrag: %(state)s") % {"state": label}


@register.filter
def iso_day(value) -> str:
    """A date that a timeline entry keeps as text, for people."""
    try:
        return formats.day(date.fromisoformat(value))
    except ValueError:
        return value


@register.filter
def days_from(value, today) -> int:
    """How many days a date lies after another."""
    return (value - today).days
