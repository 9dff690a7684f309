"""What is missing before an invoice may be issued, in sentences for the office. Run before a number is taken.

The mandatory content of §§ 14 (4), 14a UStG and § 33 UStDV (R1 to R5, R20, R33) and the data a structured invoice
needs beyond it. A schematron accepts VAT that is wrong by up to a euro, so the sums are checked here to the cent.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from stdnum import iban
from stdnum.de import leitweg, vat
from stdnum.exceptions import ValidationError

from accounts import formats
from billing import tax, tax_cases
from billing.documents import preflight_xrechnung
from billing.documents.model import BuyerKind, Document, DocumentLine, Kind, calculated
from billing.documents.problems import Problem
from billing.money import PriceMode, check_split
from billing.tax_cases import TaxCase

__all__ = ["UNITS", "VAGUE", "Problem", "preflight", "tax_case"]

# UN/ECE recommendation 20 codes the product offers. Not „PAU", which nobody knows, nor „STK", which is a cigarette.
UNITS = frozenset(
    {
        "H87",  # piece
        "C62",
        "HUR",
        "MIN",
        "DAY",
        "WEE",
        "MON",
        "MTR",
        "MTK",
        "MTQ",
        "KMT",
        "CMT",
        "MMT",
        "KGM",
        "GRM",
        "TNE",
        "LTR",
        "LS",
        "KWH",
        "XPP",
        "SET",
        "PR",
    }
)

# Names that name nothing (§ 31 UStDV, R3)
VAGUE = frozenset(
    {
        "arbeiten",
        "diverse arbeiten",
        "diverses",
        "leistung",
        "leistungen",
        "material",
        "reparatur",
        "reparatur laut absprache",
        "sonstiges",
        "verschiedenes",
        "wie besprochen",
    }
)


def preflight(document: Document) -> list[Problem]:
    """Everything that keeps the document from being issued, in the order of the page; empty when it may be.

    Meant for invoices and cancellations. Number and day of issue are not asked for, they come with issuing;
    a document of up to 250 euros needs neither address of the buyer nor day of supply (§ 33 UStDV).
    """
    return [
        *_seller(document),
        *_buyer(document),
        *_head(document),
        *tax_case(document),
        *(problem for line in document.items for problem in _line(document, line)),
        *_sums(document),
        *_payment(document),
        *preflight_xrechnung.structured(document),
    ]


def _seller(document) -> Iterator[Problem]:
    seller = document.seller
    facts = (
        ("name", seller.official_name, _("Name des Betriebs")),
        ("street", seller.street, _("Straße und Hausnummer")),
        ("postcode", seller.postcode, _("Postleitzahl")),
        ("city", seller.city, _("Ort")),
    )
    for field, value, label in facts:
        if not value.strip():
            yield _missing_in_settings(f"seller.{field}", label)
    if not seller.tax_number and not seller.vat_id:
        yield _missing_in_settings("seller.tax_number", _("Steuernummer oder USt-IdNr."))
    if seller.vat_id and seller.vat_id.startswith("DE") and not vat.is_valid(seller.vat_id):
        message = _("Ihre USt-IdNr. %(number)s stimmt nicht. Prüfen Sie sie in den Betriebsdaten.")
        yield Problem("seller.vat_id", message % {"number": seller.vat_id})
    if document.buyer.kind == BuyerKind.PUBLIC:
        yield from _seller_contact(seller)


def _seller_contact(seller) -> Iterator[Problem]:
    """What XRechnung asks for beyond EN 16931 (BR-DE-2, 5, 6, 7)."""
    if not (seller.contact_name or seller.owner):
        yield _missing_in_settings("seller.contact_name", _("Ansprechpartner (Pflicht für Behörden)"))
    if sum(sign.isdigit() for sign in seller.phone) < 3:
        yield _missing_in_settings("seller.phone", _("Telefonnummer (Pflicht für Behörden)"))
    if not seller.email:
        yield _missing_in_settings("seller.email", _("E-Mail-Adresse (Pflicht für Behörden)"))


def _buyer(document) -> Iterator[Problem]:
    buyer = document.buyer
    facts = [("name", buyer.name, _("Name des Kunden"))]
    if not _is_small(document):
        facts += [
            ("street", buyer.street, _("Straße oder Postfach des Kunden")),
            ("postcode", buyer.postcode, _("Postleitzahl des Kunden")),
            ("city", buyer.city, _("Ort des Kunden")),
        ]
    for field, value, label in facts:
        if not value.strip():
            yield _missing(f"buyer.{field}", label, _("Ergänzen Sie die Angabe beim Kunden."))
    if len(buyer.country) != 2 or not buyer.country.isupper():
        yield _missing("buyer.country", _("Land des Kunden"), _("Wählen Sie das Land beim Kunden aus."))
    if buyer.kind == BuyerKind.PUBLIC and not buyer.leitweg_id:
        yield _missing(
            "buyer.leitweg_id",
            _("Leitweg-ID"),
            _("Die Behörde nennt sie mit dem Auftrag. Tragen Sie sie beim Kunden ein."),
        )
    if buyer.leitweg_id and not leitweg.is_valid(buyer.leitweg_id):
        message = _("Die Leitweg-ID %(number)s hat einen Tippfehler: Ihre Prüfziffer stimmt nicht.")
        yield Problem("buyer.leitweg_id", message % {"number": buyer.leitweg_id})
    if document.tax_case == TaxCase.REVERSE_CHARGE and not (buyer.vat_id or buyer.registration_number):
        yield _missing(
            "buyer.vat_id",
            _("USt-IdNr. oder Handelsregisternummer des Kunden"),
            _("Bei § 13b UStG schuldet der Kunde die Steuer, die E-Rechnung braucht darum eine seiner Nummern."),
        )


def _head(document) -> Iterator[Problem]:
    start, end = document.service_from, document.service_until
    # of a part payment the time may be open, and the document says so (§ 14 (5) UStG, R39b)
    if not start and not end and not _is_small(document) and document.kind != Kind.PART_PAYMENT:
        yield _missing(
            "service_from",
            _("Leistungsdatum"),
            _("Tragen Sie ein, wann die Arbeit ausgeführt wurde, auch wenn es heute war."),
        )
    if start and end and start > end:
        yield Problem("service_until", _("Der Leistungszeitraum endet, bevor er beginnt. Prüfen Sie beide Tage."))
    if document.kind in (Kind.CANCELLATION, Kind.CORRECTION, Kind.REDUCTION):
        if not document.preceding:
            yield _missing("preceding", _("die stornierte Rechnung"), _("Nennen Sie ihre Nummer und ihr Datum."))
        if not document.reason.strip():
            yield _missing("reason", _("Grund der Stornierung"), _("Ein Satz genügt."))
    if not document.items:
        yield _missing("lines", _("mindestens eine Position"), _("Fügen Sie hinzu, was Sie geleistet haben."))


def tax_case(document: Document) -> Iterator[Problem]:
    """Whether seller and buyer may have the tax case of the invoice, or of the quote before it, at all (R20, R31 to R37)."""
    case = document.tax_case
    if case == TaxCase.DOMESTIC:
        return
    if document.seller.small_business:  # § 19 UStG goes before every other case
        message = _("Als Kleinunternehmer rechnen Sie alles steuerfrei ab. Wählen Sie beim Steuerfall „Inland“.")
        yield Problem("tax_case", message)
        return
    is_priced = document.is_demand or document.kind == Kind.QUOTE
    if is_priced and document.mode == PriceMode.GROSS and case != TaxCase.EXEMPT:
        message = _("Bei diesem Steuerfall gibt es keine Bruttopreise. Stellen Sie die Preise auf „netto“.")
        yield Problem("mode", message)
    if case not in {TaxCase.EXPORT, TaxCase.EXEMPT} and document.buyer.kind == BuyerKind.CONSUMER:
        message = _("Dieser Steuerfall gilt nur für Unternehmen, Ihr Kunde ist privat. Wählen Sie „Inland“.")
        yield Problem("tax_case", message)
    elif case in tax_cases.WITHIN_EU:
        yield from _within_eu(document)
    if case in tax_cases.GOODS:
        yield from _goods(document)
    if case == TaxCase.THIRD_COUNTRY_SERVICE and document.buyer.country in tax_cases.EU:
        message = _(
            "Der Kunde sitzt nicht außerhalb der EU. Prüfen Sie das Land beim Kunden oder wählen Sie einen anderen Steuerfall."
        )
        yield Problem("buyer.country", message)
    if case == TaxCase.EXEMPT and not document.exemption:
        yield _missing("exemption", _("Nummer des § 4 UStG"), _("Tragen Sie sie ein, zum Beispiel „12 a“."))


def _within_eu(document) -> Iterator[Problem]:
    """Both VAT IDs, the buyer's of another member state (§ 14a (1), (3) UStG, R35, R36)."""
    if not document.seller.vat_id:
        yield _missing_in_settings("seller.vat_id", _("Ihre USt-IdNr."))
    country = tax_cases.vat_id_country(document.buyer.vat_id)
    if not document.buyer.vat_id:
        yield _missing(
            "buyer.vat_id", _("USt-IdNr. des Kunden"), _("Ohne sie muss deutsche Umsatzsteuer berechnet werden.")
        )
    elif country in {"", document.seller.country}:
        message = _(
            "Die USt-IdNr. des Kunden %(number)s ist nicht aus einem anderen EU-Land. Prüfen Sie sie beim Kunden."
        )
        yield Problem("buyer.vat_id", message % {"number": document.buyer.vat_id})


def _goods(document) -> Iterator[Problem]:
    """Where the goods go decides whether they are an export or a supply within the EU (§§ 6, 6a UStG)."""
    country = document.deliver_to or document.buyer.country
    is_export = document.tax_case == TaxCase.EXPORT
    if is_export and country in tax_cases.EU:
        message = _(
            "Eine Ausfuhr geht in ein Land außerhalb der EU, nicht nach %(country)s. Prüfen Sie, wohin die Ware geht."
        )
        yield Problem("deliver_to", message % {"country": country})
    if not is_export and (country not in tax_cases.EU or country == document.seller.country):
        message = _(
            "Die Lieferung muss in ein anderes EU-Land gehen, nicht nach %(country)s. Prüfen Sie, wohin die Ware geht."
        )
        yield Problem("deliver_to", message % {"country": country})
    if is_export and not document.seller.vat_id:  # BR-G-02
        yield _missing_in_settings("seller.vat_id", _("Ihre USt-IdNr."))


def _line(document, line: DocumentLine) -> Iterator[Problem]:
    field = f"lines.{line.position}"
    which = {"position": line.position}
    name = line.text.strip()
    if not name:
        yield Problem(
            f"{field}.text",
            _("Position %(position)s hat keine Bezeichnung. Schreiben Sie, was Sie geleistet haben.") % which,
        )
    elif name.lower().rstrip(".") in VAGUE and not line.description.strip():
        message = _(
            "Position %(position)s sagt nicht, was geleistet wurde: „%(name)s“. Beschreiben Sie die Arbeit genauer."
        )
        yield Problem(f"{field}.text", message % (which | {"name": name}), is_warning=True)
    if not line.quantity:
        yield Problem(
            f"{field}.quantity", _("Position %(position)s hat keine Menge. Tragen Sie die Menge ein.") % which
        )
    if line.unit_code not in UNITS:
        message = _(
            "Position %(position)s: Die Einheit „%(unit)s“ kennt die E-Rechnung nicht. Wählen Sie eine aus der Liste."
        )
        yield Problem(f"{field}.unit", message % (which | {"unit": line.unit or line.unit_code}))
    yield from _line_split(line, f"{field}.cost_split", which)
    yield from _line_vat(document, line, f"{field}.vat", which)


def _line_split(line, field, which) -> Iterator[Problem]:
    """The parts of a bundled price make it up (R18), or the labour share would be wrong."""
    try:
        check_split(line.unit_price, {part.kind: part.price for part in line.cost_split})
    except ValueError:
        message = _(
            "Position %(position)s: Lohn, Material und die anderen Teile ergeben %(parts)s, der Einzelpreis ist "
            "%(price)s. Passen Sie die Aufteilung an."
        )
        parts = formats.euro(sum(part.price for part in line.cost_split))
        yield Problem(field, message % (which | {"parts": parts, "price": formats.euro(line.unit_price)}))


def _line_vat(document, line, field, which) -> Iterator[Problem]:
    small = document.seller.small_business
    if line.vat is None:
        yield Problem(field, _("Position %(position)s hat keinen Steuersatz. Wählen Sie einen aus.") % which)
    elif small and line.vat.category != "E":  # § 14c UStG: tax shown without right is owed (R20)
        message = _(
            "Position %(position)s weist Umsatzsteuer aus, obwohl Sie Kleinunternehmer sind. Wählen Sie „steuerfrei“."
        )
        yield Problem(field, message % which)
    elif not small and document.tax_case != TaxCase.DOMESTIC:
        if line.vat != tax_cases.vat(document.tax_case, _supply_day(document)):
            message = _("Position %(position)s weist Umsatzsteuer aus, die bei diesem Steuerfall nicht geschuldet ist.")
            yield Problem(field, message % which)
    elif not small and line.vat.category == "E":
        message = _(
            "Position %(position)s ist steuerfrei, obwohl Sie kein Kleinunternehmer sind. Wählen Sie den Steuersatz."
        )
        yield Problem(field, message % which)
    elif not small and line.vat.category not in "SZ":
        message = _(
            "Position %(position)s ist ohne Umsatzsteuer, weil der Kunde sie schuldet. Wählen Sie dafür den Steuerfall "
            "der ganzen Rechnung, und bei der Position den Steuersatz."
        )
        yield Problem(field, message % which)
    elif line.vat.category in "SZ" and line.vat not in tax.vats_on(_supply_day(document)):
        message = _(
            "Position %(position)s: %(rate)s %% galten am Tag der Leistung nicht. Wählen Sie den Satz dieses Tages."
        )
        yield Problem(field, message % (which | {"rate": f"{line.vat.rate.normalize():f}"}))


def _sums(document) -> Iterator[Problem]:
    if any(line.vat is None for line in document.items):
        return
    if document.items and (calculated(document).totals, calculated(document).lines) != (
        document.totals,
        document.lines,
    ):
        yield Problem(
            "totals", _("Die Summen passen nicht zu den Positionen. Öffnen Sie den Entwurf und speichern Sie ihn neu.")
        )
    elif document.kind == Kind.CANCELLATION and not document.title and document.totals.gross > 0:
        yield Problem("totals", _("Eine Stornorechnung muss einen negativen Betrag haben. Prüfen Sie die Mengen."))


def _payment(document) -> Iterator[Problem]:
    seller = document.seller
    if not document.is_demand:
        return
    if not document.due_on and not document.payment_terms.strip():
        yield _missing("due_on", _("Zahlungsziel"), _("Tragen Sie ein, bis wann der Kunde zahlen soll."))
    if not seller.account_holder:
        yield _missing_in_settings("seller.account_holder", _("Kontoinhaber, so wie ihn die Bank kennt"))
    if not seller.iban:
        yield _missing_in_settings("seller.iban", _("IBAN"))
    elif not _is_iban(seller.iban):
        yield Problem("seller.iban", _("Ihre IBAN stimmt nicht. Prüfen Sie sie in den Betriebsdaten."))


def _is_iban(number) -> bool:
    try:
        iban.validate(number)
    except ValidationError:
        return False
    return True


def _is_small(document) -> bool:
    """§ 33 UStDV; never for § 13b nor across a border, nor where an authority gets it."""
    if document.tax_case not in {TaxCase.DOMESTIC, TaxCase.EXEMPT} or document.buyer.kind == BuyerKind.PUBLIC:
        return False
    return tax.is_small_amount(abs(document.totals.gross), document.issued_on or _supply_day(document))


def _supply_day(document) -> date:
    """The day that decides about law; with no day known, the law as last amended."""
    return document.service_until or document.service_from or document.issued_on or date.max


def _missing(field, label, remedy) -> Problem:
    return Problem(
        field, _("Für diese Rechnung fehlt noch: %(label)s. %(remedy)s") % {"label": label, "remedy": remedy}
    )


def _missing_in_settings(field, label) -> Problem:
    return _missing(field, label, _("Ergänzen Sie die Angabe in den Betriebsdaten."))
