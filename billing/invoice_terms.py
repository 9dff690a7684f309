"""What an invoice says beyond its rows: what it is about, what was paid before, when and how much is to be paid."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from accounts import formats
from billing import claims, invoice_texts
from billing.documents.model import Document, Kind, Reference, Retention, Skonto
from billing.models import Invoice
from billing.money import HUNDRED, round_cents


def added(document: Document, invoice: Invoice) -> Document:
    """The document of an invoice with all that its kind and its agreed terms ask for."""
    if document.kind == Kind.CORRECTION:
        return _corrected(document, invoice)
    if document.kind == Kind.REDUCTION:
        return _about(document, invoice)
    if document.kind == Kind.FINAL and invoice.order:
        received = claims.deductions(invoice.order)
        document = replace(document, deductions=received, prepaid_as_list=invoice.prepaid_as_list)
    if document.kind == Kind.PART_PAYMENT:
        note = invoice_texts.part_payment(document.language, is_date_known=document.service_from is not None)
        document = replace(document, notes=(note.text, *document.notes))
    document = _with_retention(document, invoice)
    document = _with_skonto(document, invoice)
    if claims.why_not_due(invoice):
        document = replace(document, due_on=None)
    with translation.override(document.language):
        return replace(document, payment_terms=_terms(document, invoice))


def _corrected(document, invoice):
    """Everything the corrected invoice asks for stays as it was (§ 31 (5) UStDV)."""
    before = invoice.corrects.frozen_document
    kept = replace(
        document, deductions=before.deductions, prepaid_as_list=before.prepaid_as_list, retention=before.retention,
        skonto=before.skonto, due_on=before.due_on,
    )  # fmt: skip
    return _about(kept, invoice)


def _about(document, invoice):
    original = invoice.corrects
    with translation.override(document.language):
        if document.kind == Kind.CORRECTION:
            terms = _("Was zu zahlen ist und wann, bleibt wie in der Rechnung %(number)s.")
        else:
            terms = _("Um diesen Betrag verringert sich die Rechnung %(number)s.")
        document = replace(document, payment_terms=terms % {"number": original.number})
    if document.kind == Kind.REDUCTION:
        document = replace(document, due_on=None)
    return replace(document, preceding=Reference(original.number, original.issued_on), reason=invoice.reason)


def _with_retention(document, invoice):
    """Part of the claim that is due later; taken of the whole work, and never more than is to be paid (R25)."""
    percent = invoice.retention_percent
    amount = min(round_cents(document.totals.gross * percent / HUNDRED), document.payable)
    if amount <= 0:
        return document
    return replace(document, retention=Retention(amount, percent, invoice.retention_until))


def _with_skonto(document, invoice):
    """A discount for paying early, of what is to be paid now (R15)."""
    percent, days = invoice.skonto_percent, invoice.skonto_days
    if not percent or not days or document.payable <= 0:
        return document
    until = document.issued_on + timedelta(days=days) if document.issued_on else None
    base = document.payable_now if document.retention else Decimal(0)
    return replace(document, skonto=Skonto(percent, days, until, base))


def _terms(document, invoice):
    if document.payable < 0:
        words = {"amount": formats.euro(-document.payable)}
        return (
            _("Sie haben %(amount)s mehr bezahlt, als abzurechnen war. Wir überweisen Ihnen den Betrag zurück.") % words
        )
    if not document.payable:
        return _("Es ist nichts mehr zu zahlen.")
    now = document.payable_now
    found = [_when(document, invoice)]
    if document.skonto:
        off = document.skonto_amount
        words = {
            "percent": formats.percent(document.skonto.percent), "off": formats.euro(off),
            "rest": formats.euro(now - off),
            "day": formats.day_long(document.skonto.until) if document.skonto.until else "",
            "days": document.skonto.days,
        }  # fmt: skip
        found.append(
            _("Bei Zahlung bis %(day)s ziehen Sie %(percent)s Skonto ab (%(off)s) und überweisen %(rest)s.") % words
        )
    if document.retention:
        words = {
            "percent": formats.percent(document.retention.percent), "kept": formats.euro(document.retention.amount),
            "now": formats.euro(now),
            "day": formats.day_long(document.retention.due_on) if document.retention.due_on else "",
        }  # fmt: skip
        if document.retention.due_on:
            sentence = _(
                "Als Sicherheit behalten Sie %(percent)s (%(kept)s) bis %(day)s ein; jetzt zu zahlen sind %(now)s."
            )
        else:
            sentence = _("Als Sicherheit behalten Sie %(percent)s (%(kept)s) ein; jetzt zu zahlen sind %(now)s.")
        found.append(sentence % words)
    return " ".join(found)


def _when(document, invoice):
    if document.due_on:
        return _("Zahlbar bis %(day)s ohne Abzug.") % {"day": formats.day_long(document.due_on)}
    return _("Zahlbar binnen %(days)s Tagen nach der Abnahme ohne Abzug.") % {"days": invoice.payment_days}
