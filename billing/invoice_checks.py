"""What of an invoice's kind stands against issuing it, beside what every document needs (documents/preflight.py)."""

from decimal import Decimal

from django.utils.translation import gettext as _

from billing import claims
from billing.documents.model import BuyerKind, Document
from billing.documents.preflight import Problem
from billing.models import Invoice

Kind = Invoice.Kind
SECURITY = Decimal(
    5
)  # percent of the whole that the consumer may keep back from the first part payment, § 650m (2) BGB

# § 271a (1), (2) BGB: longer than this only by express agreement (R71)
MOST_DAYS, MOST_DAYS_PUBLIC = 60, 30


def of(invoice: Invoice, document: Document) -> list[Problem]:
    """What keeps a draft from being issued as what it is, and what should be looked at."""
    found = []
    if invoice.kind in (Kind.PART_PAYMENT, Kind.PARTIAL) and invoice.order:
        found += _before_the_last(invoice, document)
    if invoice.kind == Kind.INVOICE and invoice.order and claims.part_payments(invoice.order).exists():
        sentence = _(
            "Zu diesem Auftrag sind Abschläge gestellt, er braucht eine Schlussrechnung. Bitte löschen Sie diesen Entwurf "
            "und beginnen Sie am Auftrag neu."
        )
        found.append(Problem("lines", sentence))
    if invoice.kind == Kind.CORRECTION and invoice.corrects:
        found += _correction(document, invoice.corrects.frozen_document)
    if invoice.kind == Kind.FINAL and document.payable < 0:
        sentence = _("Es ist mehr bezahlt, als abzurechnen ist. Der Kunde bekommt den Unterschied zurück.")
        found.append(Problem("totals", sentence, is_warning=True))
    return [*found, *_terms(invoice, document)]


def _before_the_last(invoice, document):
    order = invoice.order
    if last := claims.last_invoice(order):
        sentence = _(
            "Zu diesem Auftrag gibt es schon die Rechnung %(invoice)s. Abschläge und Teilrechnungen kommen davor."
        )
        yield Problem("lines", sentence % {"invoice": last})
    if invoice.kind == Kind.PARTIAL:
        return
    sentence, is_refused = claims.over_cap(order, gross=document.totals.gross, net=document.totals.net)
    if sentence:
        yield Problem("lines", sentence, is_warning=not is_refused)
    is_first = not claims.part_payments(order).exists()
    if is_first and claims.is_consumer_construction(order) and not invoice.retention_percent:
        sentence = _(
            "Mit dem ersten Abschlag steht dem Verbraucher eine Sicherheit von fünf Prozent der Gesamtvergütung zu "
            "(§ 650m Abs. 2 BGB). Tragen Sie sie als Einbehalt ein, wenn Sie keine Bürgschaft stellen."
        )
        yield Problem("retention_percent", sentence, is_warning=True)
    if not invoice.intro.strip() and not any(line.description for line in document.items):
        sentence = _("Der Abschlag sagt nicht, was schon geleistet ist. Der Kunde muss das prüfen können (§ 632a BGB).")
        yield Problem("intro", sentence, is_warning=True)


def _correction(document, before):
    if not document.reason.strip():
        yield Problem("reason", _("Bitte schreiben Sie, was berichtigt wird."))
    if document.totals.groups != before.totals.groups:
        sentence = _(
            "Eine Rechnungskorrektur ändert Angaben, keine Beträge. Für andere Beträge stornieren Sie die Rechnung und "
            "stellen sie neu."
        )
        yield Problem("totals", sentence)
    if document.buyer.name != before.buyer.name:
        sentence = _(
            "Ein anderer Empfänger braucht eine neue Rechnung: Bitte stornieren Sie die alte und stellen Sie sie neu."
        )
        yield Problem("buyer.name", sentence, is_warning=True)


def _terms(invoice, document):
    """What was agreed about paying, against what the invoice says (R15); dates that cannot be."""
    if bool(invoice.skonto_percent) != bool(invoice.skonto_days):
        yield Problem("skonto_days", _("Skonto braucht einen Satz und eine Frist. Tragen Sie beides ein, oder nichts."))
    if invoice.skonto_percent and invoice.skonto_days and invoice.skonto_days > invoice.payment_days:
        yield Problem("skonto_days", _("Die Skontofrist ist länger als das Zahlungsziel. Bitte prüfen Sie beide."))
    most = MOST_DAYS_PUBLIC if document.buyer.kind == BuyerKind.PUBLIC else MOST_DAYS
    if invoice.is_demand and invoice.payment_days > most:
        sentence = _("Ein Zahlungsziel über %(days)s Tage gilt nur, wenn es ausdrücklich vereinbart ist (§ 271a BGB).")
        yield Problem("payment_days", sentence % {"days": most}, is_warning=True)
    quote = invoice.order.quote if invoice.order else None
    if quote and quote.payment_terms and bool(document.skonto) != ("skonto" in quote.payment_terms.lower()):
        sentence = (
            _("Im Angebot steht kein Skonto, in dieser Rechnung schon.")
            if document.skonto
            else _("Im Angebot ist Skonto vereinbart, in dieser Rechnung steht keines.")
        )
        yield Problem("skonto_percent", sentence, is_warning=True)
    if invoice.retention_percent and invoice.retention_until is None and invoice.is_demand:
        sentence = _("Beim Einbehalt steht nicht, bis wann. Ohne Tag weiß keiner, wann er zu zahlen ist.")
        yield Problem("retention_until", sentence, is_warning=True)
