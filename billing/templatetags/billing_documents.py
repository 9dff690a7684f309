"""What mails and pages about documents say, read from what was frozen.

Filters on an acceptance: chosen_words, consents. On discounts: adjustment, opposite.
On VAT groups: taxed; on a VAT: vat_label. On facts of the timeline: order_state, iso_day.
Tags: withdrawal_label, legal_note, tax_decision, arrival_panel.
"""

import json
from datetime import date

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import formats
from billing import arrival_proofs, construction, legal_texts, tax_decisions, withdrawal_rights
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
    return [legal_texts.by_id(each["text"]).text for each in ticked.values() if each["ticked"]]


@register.filter
def adjustment(percent) -> str:
    """A discount in words; below zero it is a surcharge."""
    words = formats.percent(abs(percent))
    return _("Rabatt %s") % words if percent > 0 else _("Zuschlag %s") % words


@register.filter
def opposite(amount):
    """A discount as it stands in a sum: taken off, a surcharge added."""
    return -amount


@register.simple_tag
def withdrawal_label() -> str:
    """Step 1 of the withdrawal function (R85), in the language of the mail; not in the catalogue of translations."""
    return legal_texts.WITHDRAW_LABEL[legal_texts.spoken(get_language() or "")]


@register.inclusion_tag("billing/legal_note.html")
def legal_note(quote, acceptance=None) -> dict:
    """What the office must know about the withdrawal from this contract (R82), and about construction contracts (R91)."""
    if not quote.customer.is_consumer:
        return {}
    regime = (
        withdrawal_rights.of_acceptance(acceptance)
        if acceptance
        else withdrawal_rights.of_quote(quote, on=timezone.localdate())
    )
    return {
        "quote": quote,
        "regime": regime,
        "channel": acceptance.get_channel_display() if acceptance else "",
        "contents": construction.CONTENTS if construction.is_construction(quote) else (),
    }


@register.inclusion_tag("billing/invoice_decision.html")
def tax_decision(written) -> dict:
    """The answers that led to the tax of a quote or an invoice (R32)."""
    return {"answers": tax_decisions.words(written)}


@register.inclusion_tag("billing/arrival_panel.html", takes_context=True)
def arrival_panel(context, invoice) -> dict:
    """Whether the proof that goods sold free of tax arrived elsewhere is there (R36, R37)."""
    shown = {"invoice": invoice, "rights": context["rights"], "is_asked": arrival_proofs.is_asked(invoice)}
    if not shown["is_asked"]:
        return shown
    proof, noted = arrival_proofs.latest(invoice), tax_decisions.of(invoice).proof
    return shown | {"proof": proof, "noted": noted, "is_missing": proof is None and not noted}


@register.filter
def taxed(groups) -> list:
    """Those with a rate, be it 0 %: what is exempt or owed by the customer has no row for its tax (§ 14a (5) UStG, R28)."""
    return [group for group in groups if group.vat.category in "SZ"]


@register.filter
def vat_label(vat) -> str:
    """The tax of a group in words: "19 % MwSt."."""
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
