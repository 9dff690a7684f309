"""What stands directly above the order button (R78), for the page and, word for word, for the evidence (R87)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from billing import choices, legal_texts
from billing.documents.model import sections
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
    facts = [Fact(name, _item(line), is_choice=True) for name, line in offer.chosen]
    facts += [
        Fact(heading or _("Extras"), _extras(options), is_choice=True)
        for heading, options in choices.option_groups(document).items()
    ]
    facts += [
        Fact(_("Enthalten"), included(offer)),
        Fact(_("Ausführung"), document.site or _address(document.buyer)),
        Fact(_("Zahlung"), document.payment_terms or _("per Rechnung")),
    ]
    return Summary(
        _("Ihr Auftrag"),
        f"{document.subject} · {document.title or _('Angebot')} {document.number}",
        tuple(fact for fact in facts if fact.value),
        tuple((label, formats.euro(amount), name) for label, amount, name in offer.sums),
        legal_texts.order_label(document.buyer.kind, language),
    )


def included(offer: Offer) -> str:
    """The essential characteristics (EGBGB Art. 246a § 1 (1) no. 1): every fixed row and what is in the chosen titles,
    or how many of each group.
    """
    parts = []
    for section in sections(offer.document):
        rows = [line for line in section.lines if line.is_item and line.is_counted and not line.can_be_chosen]
        if rows:
            parts.append((section.heading, rows))
    if sum(len(rows) for _heading, rows in parts) > MOST_ITEMS:
        return " · ".join(_counted(heading, len(rows)) for heading, rows in parts)
    return " · ".join(_listed(heading, rows) for heading, rows in parts)


def _listed(heading, rows):
    if heading and heading.can_be_chosen:
        return f"{heading.text} ({' + '.join(_item(line) for line in rows)})"
    return " · ".join(_item(line) for line in rows)


def _counted(heading, count):
    words = ngettext("%(heading)s (%(count)s Position)", "%(heading)s (%(count)s Positionen)", count)
    return words % {"heading": heading.text if heading else _("Leistungen"), "count": count}


def _extras(options):
    return " · ".join(_item(line) for line in options if line.is_counted) or _("keine")


def _item(line):
    if not line.is_item or (line.quantity == 1 and not line.max_quantity):
        return line.text
    return f"{formats.quantity(line.quantity, line.unit)} {line.text}"


def _address(buyer):
    return ", ".join(part for part in (buyer.street, f"{buyer.postcode} {buyer.city}".strip()) if part)
