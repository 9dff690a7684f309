"""Is it an e-invoice, does it keep the rules, is it right? The three classes of errors of R46, in plain language. Pure.

Format errors: it is no e-invoice, there is no input VAT from it. Rule errors matter where a VAT item is touched. Content
errors make it a defective invoice, whatever its form (§ 15 (1) Nr. 1 with §§ 14, 14a UStG).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from stdnum import iban
from stdnum.de import vat
from stdnum.exceptions import ValidationError

from accounts import formats
from billing import tax
from billing.incoming import profiles
from billing.incoming.content import Received
from billing.money import round_cents


class Class(StrEnum):
    """What kind of error it is, worst first; a note is none."""

    FORMAT = "format"
    CONTENT = "content"
    RULE = "rule"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, in a sentence. `touches_tax`: the deduction of input VAT may depend on it."""

    kind: Class
    message: str
    touches_tax: bool = False


CENT = Decimal("0.01")
# kinds that refer to another invoice (UNTDID 1001)
CORRECTIONS = frozenset({"381", "384"})
UNTAXED = frozenset({"Z", "E", "AE", "K", "G", "O"})
WITH_REASON = frozenset({"E", "AE", "K", "G", "O"})


def no_structure() -> list[Finding]:
    """What is said of a PDF without a structured part."""
    message = _(
        "Die PDF enthält keine strukturierte Rechnung. Das ist keine E-Rechnung, sondern eine sonstige Rechnung."
    )
    return [Finding(Class.FORMAT, message)]


def findings(received: Received, *, our_name: str, our_vat_id: str, today: date) -> list[Finding]:
    """Everything that is wrong with an invoice that came in to the business of that name, worst class first."""
    found = [*_format(received), *_content(received, our_name, our_vat_id, today), *_rules(received)]
    return sorted(found, key=lambda finding: list(Class).index(finding.kind))


# --- is it one? ---------------------------------------------------------------------------------------------------------
def _format(received) -> Iterator[Finding]:
    profile = profiles.known(received.guideline)
    if profile and not profile.is_einvoice:
        message = _("Das Profil %(profile)s enthält nicht alle Pflichtangaben. Es gilt nicht als E-Rechnung.")
        yield Finding(Class.FORMAT, message % {"profile": profile.name}, touches_tax=True)
    for name in received.unreadable:
        message = _("Die Angabe „%(name)s“ ist nicht lesbar.")
        yield Finding(Class.FORMAT, message % {"name": name}, touches_tax=True)


# --- is it right? -------------------------------------------------------------------------------------------------------
def _content(received, our_name, our_vat_id, today) -> Iterator[Finding]:
    """The mandatory content of § 14 (4) UStG (R1), and whether it is meant for us."""
    seller, buyer = received.seller, received.buyer
    is_small = received.gross is not None and tax.is_small_amount(abs(received.gross), received.issued_on or today)
    facts = [
        (received.issued_on, _("das Rechnungsdatum")),
        (seller.name, _("der Name des Lieferanten")),
        (seller.city and seller.postcode, _("die Anschrift des Lieferanten")),
        (received.rows and all(row.name for row in received.rows), _("die Bezeichnung aller Leistungen")),
    ]
    if not is_small:  # § 33 UStDV
        facts += [
            (received.number, _("die Rechnungsnummer")),
            (seller.vat_id or seller.tax_number, _("Steuernummer oder USt-IdNr. des Lieferanten")),
            (buyer.name, _("Ihr Name als Empfänger")),
            (buyer.city and buyer.postcode, _("Ihre Anschrift")),
            (received.supplied_on or received.service_from or received.service_until, _("das Leistungsdatum")),
        ]
    for value, label in facts:
        if not value:
            yield _content_error(_("Es fehlt %(label)s.") % {"label": label})
    if buyer.name and not _is_us(buyer, our_name, our_vat_id):
        message = _("Die Rechnung ist an „%(name)s“ gerichtet, nicht an Sie.")
        yield _content_error(message % {"name": buyer.name})
    if seller.vat_id.startswith("DE") and not vat.is_valid(seller.vat_id):
        message = _("Die USt-IdNr. des Lieferanten %(number)s hat einen Tippfehler.")
        yield _content_error(message % {"number": seller.vat_id})
    if received.issued_on and received.issued_on > today:
        yield Finding(Class.CONTENT, _("Das Rechnungsdatum liegt in der Zukunft."))
    if received.currency and received.currency != "EUR":
        message = _("Die Rechnung ist nicht in Euro: %(currency)s.")
        yield Finding(Class.CONTENT, message % {"currency": received.currency})
    if received.type_code in CORRECTIONS and not received.preceding:
        yield _content_error(_("Die Korrektur nennt nicht, welche Rechnung sie ändert."))
    if received.iban and not _is_iban(received.iban):
        yield Finding(Class.CONTENT, _("Die IBAN ist falsch. Überweisen Sie nicht, bevor Sie nachgefragt haben."))
    yield from _rates(received, today)


def _rates(received, today) -> Iterator[Finding]:
    """Rates of the day, and tax where there must be none (§ 14c UStG)."""
    day = received.supplied_on or received.service_until or received.issued_on or today
    allowed = {rate.vat.rate for rate in tax.rates_on(day)}
    for rate in received.rates:
        if rate.category == "S" and received.seller.country in ("", "DE") and rate.rate not in allowed:
            message = _("%(rate)s %% Umsatzsteuer galten am %(day)s nicht.")
            shown = "?" if rate.rate is None else f"{rate.rate.normalize():f}"
            yield _content_error(message % {"rate": shown, "day": formats.day(day)})
        if rate.category in UNTAXED and (rate.tax or rate.rate):
            message = _("Zur Kategorie %(category)s gehört keine Steuer, ausgewiesen ist %(tax)s.")
            yield _content_error(message % {"category": rate.category, "tax": formats.euro(rate.tax or 0)})
        if rate.category == "AE":
            message = _("Sie schulden die Umsatzsteuer selbst (§ 13b UStG). Melden Sie sie in der Voranmeldung.")
            yield Finding(Class.NOTE, message)


def _is_us(buyer, our_name, our_vat_id) -> bool:
    """The same VAT ID, or a name of which one holds the other; trade names and legal forms differ."""
    if our_vat_id and _letters(buyer.vat_id) == _letters(our_vat_id):
        return True
    name, ours = _letters(buyer.name), _letters(our_name)
    return bool(ours) and (name in ours or ours in name)


def _letters(text):
    return "".join(sign for sign in text.casefold() if sign.isalnum())


# --- does it keep the rules? --------------------------------------------------------------------------------------------
def _rules(received) -> Iterator[Finding]:
    """The sums of EN 16931, to the cent for sums and to the rounding for tax, and what each category asks for."""
    amounts = (received.net, received.tax, received.gross, received.payable)
    if None in amounts and not received.unreadable:
        yield Finding(Class.RULE, _("Eine der Summen (Netto, Steuer, Brutto, Zahlbetrag) fehlt."), touches_tax=True)
    yield from _sums(received)
    yield from _row_sums(received)
    yield from _tax_groups(received)


def _sums(received) -> Iterator[Finding]:
    zero = Decimal(0)
    rows = [row.amount for row in received.rows]
    adjusted = None if received.line_total is None else received.line_total + (received.adjustments or zero)
    prepaid, rounding = received.prepaid or zero, received.rounding or zero
    gross = None if received.net is None or received.tax is None else received.net + received.tax
    sums = (
        (received.line_total, None if None in rows else sum(rows, zero), _("Summe der Positionen"), "BR-CO-10"),
        (received.net, adjusted, _("Nettobetrag"), "BR-CO-13"),
        (received.tax, _added(rate.tax for rate in received.rates), _("Steuerbetrag"), "BR-CO-14"),
        (received.gross, gross, _("Bruttobetrag"), "BR-CO-15"),
        (
            received.payable,
            None if received.gross is None else received.gross - prepaid + rounding,
            _("Zahlbetrag"),
            "BR-CO-16",
        ),
    )
    for stated, expected, label, rule in sums:
        if stated is not None and expected is not None and stated != expected:
            message = _("%(label)s: angegeben sind %(stated)s, gerechnet %(expected)s (%(rule)s).")
            words = {"label": label, "stated": formats.euro(stated), "expected": formats.euro(expected), "rule": rule}
            yield Finding(Class.RULE, message % words, touches_tax=True)


def _row_sums(received) -> Iterator[Finding]:
    for row in received.rows:
        if row.quantity is None or row.price is None or row.amount is None:
            continue
        expected = round_cents(row.quantity * row.price / (row.price_per or 1) + (row.adjustment or 0))
        if abs(expected - row.amount) > CENT:
            message = _("Position %(id)s: angegeben sind %(stated)s, gerechnet %(expected)s.")
            words = {"id": row.id or "?", "stated": formats.euro(row.amount), "expected": formats.euro(expected)}
            yield Finding(Class.RULE, message % words)


def _tax_groups(received) -> Iterator[Finding]:
    if received.rows and not received.rates:
        yield Finding(Class.RULE, _("Die Aufschlüsselung der Umsatzsteuer fehlt (BR-CO-18)."), touches_tax=True)
    for rate in received.rates:
        which = {"category": rate.category or "?"}
        if rate.net is not None and rate.tax is not None and rate.rate is not None:
            expected = round_cents(rate.net * rate.rate / 100)
            if abs(expected - rate.tax) > CENT * max(1, len(received.rows)):
                message = _("Steuer zu %(rate)s %%: angegeben sind %(stated)s, gerechnet %(expected)s (BR-CO-17).")
                words = {
                    "rate": f"{rate.rate.normalize():f}",
                    "stated": formats.euro(rate.tax),
                    "expected": formats.euro(expected),
                }
                yield Finding(Class.RULE, message % words, touches_tax=True)
        if rate.category in WITH_REASON and not rate.reason:
            message = _("Für die Kategorie %(category)s fehlt der Grund, warum keine Steuer berechnet ist.")
            yield Finding(Class.RULE, message % which, touches_tax=True)
    stated = {(rate.category, rate.rate) for rate in received.rates}
    for row in received.rows:
        if received.rates and row.category and not any(category == row.category for category, _rate in stated):
            message = _("Position %(id)s hat eine Steuerkategorie, die in der Aufschlüsselung fehlt.")
            yield Finding(Class.RULE, message % {"id": row.id or "?"}, touches_tax=True)


def _added(amounts) -> Decimal | None:
    found = list(amounts)
    return None if not found or None in found else sum(found, Decimal(0))


def _content_error(message) -> Finding:
    return Finding(Class.CONTENT, message, touches_tax=True)


def _is_iban(number) -> bool:
    try:
        iban.validate(number)
    except ValidationError:
        return False
    return True
