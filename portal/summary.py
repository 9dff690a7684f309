"""What stands directly above the order button (R78), for the page and, word for word, for the evidence (R87)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from billing import legal_texts
from portal import prices
from portal.offer import Offer

MOST_ITEMS = 12  # written out; more are counted, group by group


@dataclass(frozen=True)
class Fact:
    """A line of the summary; one that was chosen can be changed."""

    label: str
    value: str
    is_choice: bool = False


@dataclass(frozen=True)
class Summary:
    """The card on the check page."""

    title: str
    subtitle: str
    facts: tuple[Fact, ...]
    sums: tuple[tuple[str, str, str], ...]  # label, amount in words, name; the total of the reader is named "total"
    label: legal_texts.LegalText

    @property
    def text(self) -> str:
        """The card as text, as it is kept."""
        lines = [self.title, self.subtitle, *(f"{fact.label}: {fact.value}" for fact in self.facts)]
        lines += [f"{label}: {amount}" for label, amount, _name in self.sums]
        return "\n".join([*lines, f"[{self.label.text}]"])


def of(offer: Offer, *, language: str) -> Summary:
    """The summary of a quote as it was chosen."""
    document = offer.document
    facts = [Fact(name, line.text, is_choice=True) for name, line, _cards in offer.sets]
    if offer.options:
        facts.append(Fact(_("Extras"), offer.extras or _("keine"), is_choice=True))
    facts += [
        Fact(_("Enthalten"), included(offer)),
        Fact(_("Ausführung"), document.site or _address(document.buyer)),
        Fact(_("Zahlung"), document.payment_terms or _("per Rechnung")),
    ]
    return Summary(
        _("Ihr Auftrag"),
        _("%(title)s · Angebot %(number)s") % {"title": document.subject, "number": document.number},
        tuple(fact for fact in facts if fact.value),
        tuple((label, formats.euro(amount), name) for label, amount, name in offer.sums),
        legal_texts.order_label(document.buyer.kind, language),
    )


def included(offer: Offer) -> str:
    """The essential characteristics (EGBGB Art. 246a § 1 (1) no. 1): every fixed row, or how many of each group."""
    fixed = [line for line in offer.sent.lines if line.is_item and not line.alternative_set and not line.is_optional]
    if len(fixed) <= MOST_ITEMS:
        return " · ".join(_item(line) for line in fixed)
    return " · ".join(_counted(group) for group in prices.groups(offer.sent) if group.rows)


def _counted(group):
    count = len(group.rows)
    words = ngettext("%(heading)s (%(count)s Position)", "%(heading)s (%(count)s Positionen)", count)
    return words % {"heading": group.heading or _("Leistungen"), "count": count}


def _item(line):
    if line.quantity == 1:
        return line.text
    return f"{formats.quantity(line.quantity, line.unit)} {line.text}"


def _address(buyer):
    return ", ".join(part for part in (buyer.street, f"{buyer.postcode} {buyer.city}".strip()) if part)
