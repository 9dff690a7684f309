"""What a structured invoice needs beyond the law's own content, in sentences for the office (R43, R46).

A receiver's program refuses a whole invoice for one of these, so they are asked for before a number is taken. The
names in brackets are the rules of EN 16931 and of the XRechnung that would speak.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from stdnum import bic

from accounts import formats
from billing import tax
from billing.documents.einvoice import arithmetic
from billing.documents.einvoice.terms import terms
from billing.documents.model import INVOICES, Attachment, BuyerKind, Document, Kind
from billing.documents.problems import Problem

# [BR-CL-24]
MIME_TYPES = frozenset(
    {
        "application/pdf",
        "image/png",
        "image/jpeg",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
PAYMENT_LIST = Attachment("?.pdf", "application/pdf", "?", "")  # stands in for the one that is drawn when it is issued
MOST_ATTACHMENTS = 200  # what the federal portals take

# [BR-DE-28]: what its expression takes, in one line
_EMAIL = re.compile(
    r"[a-zA-Z0-9!#$%&\"*+/=?^_`{|}~-]+(\.[a-zA-Z0-9!#$%&\"*+/=?^_`{|}~-]+)*@([a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+"
)


def structured(document: Document) -> list[Problem]:
    """What keeps the document from being a valid e-invoice; authorities ask for more."""
    if document.kind not in INVOICES:
        return []
    parts = [_numbers, _words, _categories, _discounts, _deductions, _skonto, _retention, _attachments]
    if document.buyer.kind == BuyerKind.PUBLIC:
        parts.append(_authority)
    found = [problem for part in parts for problem in part(document)]
    # what is wrong in itself does not add up either
    return found if any(not problem.is_warning for problem in found) else [*found, *_arithmetic(document)]


def _numbers(document) -> Iterator[Problem]:
    """Numbers a program reads digit by digit."""
    seller, buyer = document.seller, document.buyer
    if seller.vat_id and not _has_country(seller.vat_id):  # [BR-CO-09]
        message = _("Ihre USt-IdNr. %(number)s beginnt nicht mit dem Länderkürzel. Schreiben Sie sie mit „DE“ davor.")
        yield Problem("seller.vat_id", message % {"number": seller.vat_id})
    if buyer.vat_id and not _has_country(buyer.vat_id):
        message = _(
            "Die USt-IdNr. des Kunden %(number)s beginnt nicht mit dem Länderkürzel. Ergänzen Sie es beim Kunden."
        )
        yield Problem("buyer.vat_id", message % {"number": buyer.vat_id})
    if seller.bic and not bic.is_valid(seller.bic):
        message = _("Ihre BIC %(number)s stimmt nicht. Prüfen Sie sie in den Betriebsdaten oder lassen Sie sie weg.")
        yield Problem("seller.bic", message % {"number": seller.bic})


def _words(document) -> Iterator[Problem]:
    words = f"{document.title} {document.subject}".lower()
    if "gutschrift" in words:  # that is what a customer writes who bills himself (R22, § 14 (2) S. 5 UStG)
        message = _(
            "„Gutschrift“ heißt im Steuerrecht eine Abrechnung des Kunden. Schreiben Sie „Preisnachlass“ oder "
            "„Rechnungskorrektur“."
        )
        yield Problem("subject", message)
    if "#" in document.payment_terms:  # [BR-DE-18]
        message = _(
            "In den Zahlungsbedingungen steht ein „#“. Das liest die E-Rechnung als Skonto: Nehmen Sie es heraus."
        )
        yield Problem("payment_terms", message)


def _categories(document) -> Iterator[Problem]:
    categories = {line.vat.category for line in document.items if line.vat}
    if "O" in categories and len(categories) > 1:  # [BR-O-11]
        message = _(
            "Was nicht im Inland steuerbar ist, darf nicht mit anderem auf einer Rechnung stehen. Stellen Sie zwei."
        )
        yield Problem("lines", message)


def _discounts(document) -> Iterator[Problem]:
    if document.discount_percent > 100:
        yield Problem("discount_percent", _("Der Rabatt ist höher als 100 %. Tragen Sie höchstens 100 ein."))
    for line in document.items:
        if line.discount_percent > 100:
            message = _("Position %(position)s: Der Rabatt ist höher als 100 %%. Tragen Sie höchstens 100 ein.")
            yield Problem(f"lines.{line.position}.discount_percent", message % {"position": line.position})


def _deductions(document) -> Iterator[Problem]:
    """Part payments are taken off as lines of their own rate; nothing may be taken off twice (R39c, R39d)."""
    rates = {group.vat for group in document.totals.groups}
    day = document.issued_on or date.max
    if document.states_prepaid and not tax.may_list_payments(day):
        message = _(
            "Eine Endrechnung mit angehängter Liste der Abschläge wird nicht mehr anerkannt. Wählen Sie sie ab: Die "
            "Abschläge stehen dann als Zeilen in der E-Rechnung."
        )
        yield Problem("prepaid_as_list", message)
    seen = Counter((each.number, each.received_on, each.vat) for each in document.deductions)
    for each in document.deductions:
        which = {"number": each.number or "?"}
        if not each.number:
            yield Problem(
                "deductions", _("Ein abgezogener Abschlag hat keine Rechnungsnummer. Wählen Sie ihn neu aus.")
            )
        if each.vat not in rates:
            message = _(
                "Der Abschlag %(number)s hat einen Steuersatz, den die Schlussrechnung nicht hat. Ergänzen Sie eine "
                "Position mit diesem Satz oder korrigieren Sie den Abschlag."
            )
            yield Problem("deductions", message % which)
        if document.issued_on and each.received_on > document.issued_on:
            message = _("Der Abschlag %(number)s ist erst nach dem Rechnungsdatum eingegangen. Prüfen Sie die Zahlung.")
            yield Problem("deductions", message % which)
        if each.issued_on > each.received_on:
            message = _(
                "Der Abschlag %(number)s wurde bezahlt, bevor er gestellt war. Prüfen Sie, ob die Zahlung dazugehört."
            )
            yield Problem("deductions", message % which, is_warning=True)
        is_taken_back = document.kind == Kind.CANCELLATION
        if not each.net or (each.net < 0) != is_taken_back:
            message = _("Der Betrag des Abschlags %(number)s hat das falsche Vorzeichen. Wählen Sie ihn neu aus.")
            yield Problem("deductions", message % which)
    for (number, _received_on, _vat), count in seen.items():
        if count > 1:
            message = _("Der Abschlag %(number)s ist zweimal abgezogen. Nehmen Sie einen der beiden heraus.")
            yield Problem("deductions", message % {"number": number})


def _skonto(document) -> Iterator[Problem]:
    """[BR-DE-18], R15."""
    skonto = document.skonto
    if not skonto:
        return
    if not 0 < skonto.percent < 100:
        yield Problem("skonto_percent", _("Skonto muss zwischen 0 und 100 % liegen. Tragen Sie zum Beispiel 2 ein."))
    if skonto.percent != round(skonto.percent, 2):
        yield Problem("skonto_percent", _("Skonto hat höchstens zwei Stellen nach dem Komma. Runden Sie den Satz."))
    if skonto.days < 1:
        yield Problem("skonto_days", _("Tragen Sie ein, binnen wie vieler Tage Skonto gilt."))
    if skonto.until and document.due_on and skonto.until > document.due_on:
        message = _("Die Skontofrist endet nach dem Zahlungsziel. Verkürzen Sie sie oder verlängern Sie das Ziel.")
        yield Problem("skonto_days", message)
    if skonto.base < 0 or skonto.base > max(document.payable, Decimal(0)):
        message = _("Skonto gilt für mehr als den Rechnungsbetrag. Tragen Sie höchstens %(amount)s ein.")
        yield Problem("skonto_base", message % {"amount": formats.euro(document.payable)})
    if not document.is_demand:
        yield Problem(
            "skonto_percent", _("Dieses Dokument fordert kein Geld, darum gibt es kein Skonto. Nehmen Sie es heraus.")
        )


def _retention(document) -> Iterator[Problem]:
    """R25: part of the claim, due later; never more than the claim."""
    kept = document.retention
    if not kept:
        return
    if not 0 < kept.amount <= max(document.payable, Decimal(0)):
        message = _("Der Sicherheitseinbehalt muss zwischen 0 und %(amount)s liegen. Passen Sie ihn an.")
        yield Problem("retention_percent", message % {"amount": formats.euro(document.payable)})
    if kept.due_on and document.due_on and kept.due_on < document.due_on:
        message = _("Der Sicherheitseinbehalt ist vor der Rechnung fällig. Wählen Sie einen späteren Tag.")
        yield Problem("retention_until", message)


def _attachments(document) -> Iterator[Problem]:
    names = Counter(each.name for each in document.attachments)
    for each in document.attachments:
        which = {"name": each.name}
        if not each.name.strip() or not each.stored:
            yield Problem("attachments", _("Eine Anlage hat keinen Namen oder keinen Inhalt. Fügen Sie sie neu hinzu."))
        elif re.search(r"[/\\\x00-\x1f]", each.name):
            message = _("Der Name der Anlage „%(name)s“ hat Zeichen, die nicht erlaubt sind. Benennen Sie sie um.")
            yield Problem("attachments", message % which)
        if each.mime_type not in MIME_TYPES:
            message = _(
                "Die Anlage „%(name)s“ darf nicht in eine E-Rechnung: erlaubt sind PDF, PNG, JPG, CSV, XLSX und ODS."
            )
            yield Problem("attachments", message % which)
    for name, count in names.items():
        if count > 1:  # [BR-DE-22]
            message = _("Zwei Anlagen heißen „%(name)s“. Benennen Sie eine davon um.")
            yield Problem("attachments", message % {"name": name})
    if len(document.attachments) > MOST_ATTACHMENTS:
        message = _("Mehr als %(most)s Anlagen nimmt kein Rechnungsportal an. Fassen Sie einige zusammen.")
        yield Problem("attachments", message % {"most": MOST_ATTACHMENTS})


def _arithmetic(document) -> Iterator[Problem]:
    """What would be written adds up to the cent; looked at before a number is taken."""
    if not document.items or any(line.vat is None for line in document.items):
        return
    day = document.issued_on or document.service_until or document.service_from or date.max
    trial = replace(document, number=document.number or "?", issued_on=day, attachments=())
    try:
        found = arithmetic.faults(terms(replace(trial, prepaid_as_list=False)))  # also what the attached list says
        if document.states_prepaid:
            listed = replace(trial, attachments=(PAYMENT_LIST,))
            found += arithmetic.faults(terms(listed, contents={PAYMENT_LIST.stored: b""}))
    except KeyError:  # rows of another tax case than the invoice; that is said elsewhere
        return
    if found:
        message = _(
            "Die E-Rechnung würde nicht aufgehen (%(rules)s). Öffnen Sie den Entwurf und speichern Sie ihn neu; hilft "
            "das nicht, melden Sie es uns."
        )
        yield Problem("totals", message % {"rules": ", ".join(dict.fromkeys(found))})


def _authority(document) -> Iterator[Problem]:
    """What only an XRechnung asks for; contact and Leitweg-ID stand with seller and buyer."""
    seller = document.seller
    if seller.email and not _EMAIL.fullmatch(seller.email.strip()):  # [BR-DE-28]
        message = _("Die E-Mail-Adresse %(email)s nimmt die XRechnung nicht an. Tragen Sie eine ohne Umlaute ein.")
        yield Problem("seller.email", message % {"email": seller.email})
    if document.deliver_to:  # [BR-DE-10], [BR-DE-11]
        message = _("Eine Behörde bekommt keine Lieferung ins Ausland abgerechnet. Nehmen Sie das Lieferland heraus.")
        yield Problem("deliver_to", message)
    if not (document.service_from or document.service_until):  # [BR-DE-TMP-32]
        message = _("Behörden erwarten das Leistungsdatum auch im Abschlag. Tragen Sie es ein, wenn Sie es kennen.")
        yield Problem("service_from", message, is_warning=True)


def _has_country(number: str) -> bool:
    return bool(re.match(r"[A-Z]{2}", number.replace(" ", "")))
