"""What can be done about an issued invoice that is not right (R16, R23): correct what it says, write it anew, take something
off its price. Its own bytes never change.
"""

from decimal import Decimal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import formats
from accounts.refusals import Refusal
from billing import invoice_attachments, invoices
from billing.events import Event
from billing.models import Invoice
from billing.models.fields import Unit
from billing.models.line import row_values
from billing.money import ZERO, PriceMode, distribute
from crm import timeline
from crm.states import NotAllowed

Kind, State = Invoice.Kind, Invoice.State
STANDING = (State.OPEN, State.PAID, State.REPLACED)
# what a correction and an invoice written anew take over
KEPT = (*invoices.FIELDS, "tax_case", "tax_decision", "order_rows")


@transaction.atomic
def correct(invoice: Invoice, *, reason: str, by) -> Invoice:
    """The draft of a correction (Rechnungskorrektur, § 31 (5) UStDV): the invoice as it is, to be put right where a
    statement is wrong or missing; the customer's address is the one of today. What is to be paid stays as it was. A second
    correction goes on with what the first one said.

    Raises Refusal without a reason (field "reason"), NotAllowed for what cannot be corrected. A draft that is there already
    is returned.
    """
    original = _standing(invoice)
    reason = _said(reason, _("Bitte schreiben Sie, was berichtigt wird."))
    draft = original.corrected_by.filter(kind=Kind.CORRECTION, state=State.DRAFT).first()
    if draft:
        return draft
    return _copy(
        original, like=_corrections(original).last(), kind=Kind.CORRECTION, corrects=original, reason=reason, by=by
    )


@transaction.atomic
def take_back(correction: Invoice, *, by) -> Invoice:
    """The draft of a correction that takes another one back: it says again what was said before.

    A Rechnungskorrektur is not cancelled: it asks for nothing, and a Stornorechnung beside it would read as if the invoice were
    gone. What it said is put right as § 31 (5) UStDV has it, by a document that refers to the invoice. Raises Refusal for one
    that a later correction has taken the place of, NotAllowed for what is no issued correction.
    """
    if correction.kind != Kind.CORRECTION or correction.state != State.SETTLED or correction.corrects is None:
        raise NotAllowed(correction)
    original = _standing(correction.corrects)
    if draft := original.corrected_by.filter(kind=Kind.CORRECTION, state=State.DRAFT).first():
        return draft
    if _corrections(original).last() != correction:
        raise Refusal(_("Es gibt eine spätere Korrektur dieser Rechnung. Bitte nehmen Sie diese zurück."))
    before = _corrections(original).filter(pk__lt=correction.pk).last()
    with translation.override(original.customer.language):
        reason = _("Die Rechnungskorrektur %(number)s vom %(day)s wird zurückgenommen.") % {
            "number": correction.number, "day": formats.day(correction.issued_on),
        }  # fmt: skip
    return _copy(original, like=before, kind=Kind.CORRECTION, corrects=original, reason=reason, by=by)


def _corrections(original):
    """The issued corrections of an invoice, oldest first."""
    return original.corrected_by.filter(kind=Kind.CORRECTION, state=State.SETTLED).order_by("pk")


@transaction.atomic
def rewrite(invoice: Invoice, *, reason: str, by, send_to: str = "") -> Invoice:
    """Cancel an invoice whose amounts or recipient are wrong, and begin it anew (R23): a draft with its rows. A refusal of
    `invoices.cancel` comes through.
    """
    original = _standing(invoice)
    invoices.cancel(original, by=by, reason=reason, send_to=send_to)
    return _copy(original, kind=original.kind, by=by)


@transaction.atomic
def reduce(invoice: Invoice, *, amount: Decimal, reason: str, by, send_to: str = "") -> Invoice:
    """Take `amount` (gross euros) off an issued invoice (Preisnachlass, § 17 UStG): a document with a number of its own,
    split over the rates of the invoice, which stays as it is and has that much less open. Returns it.

    Raises Refusal without a reason, for nothing, for more than the invoice comes to, and for part payments: their price is
    settled in the final invoice.
    """
    original = _standing(invoice)
    reason = _said(reason, _("Bitte nennen Sie den Grund des Nachlasses."))
    if original.kind == Kind.PART_PAYMENT:
        raise Refusal(_("Einen Nachlass auf Abschläge berücksichtigen Sie bitte in der Schlussrechnung."))
    if amount <= 0:
        raise Refusal(_("Bitte geben Sie einen Betrag größer als null ein."), field="amount")
    left = left_to_reduce(original)
    if amount > left:
        raise Refusal(_("Höchstens %(left)s sind möglich.") % {"left": formats.euro(left)}, field="amount")
    document = original.frozen_document
    groups = [group for group in document.payable_groups if group.gross > 0]
    parts = distribute(amount, [group.gross for group in groups])
    with translation.override(document.language):
        words = {"number": original.number, "day": formats.day(original.issued_on)}
        title, text = _("Preisnachlass: %(title)s"), _("Nachlass zur Rechnung %(number)s vom %(day)s") % words
        title = title % {"title": original.title}
    reduction = _new(original, kind=Kind.REDUCTION, corrects=original, reason=reason)
    # gross prices, so that exactly this amount comes off
    Invoice.objects.filter(pk=reduction.pk).update(
        title=title[:160], mode=PriceMode.GROSS, intro="", discount_percent=0
    )
    reduction.refresh_from_db()
    invoices.set_lines(
        reduction,
        [
            {
                "text": text, "quantity": Decimal(-1), "unit": Unit.LUMP_SUM, "unit_price": part,
                "vat_category": group.vat.category, "vat_rate": group.vat.rate,
            }
            for group, part in zip(groups, parts, strict=True)
            if part
        ],
    )  # fmt: skip
    return invoices.issue(reduction, by=by, send_to=send_to)


def left_to_reduce(invoice: Invoice) -> Decimal:
    """What an invoice comes to after the reductions there are, in gross euros."""
    before = invoice.corrected_by.filter(kind=Kind.REDUCTION, state=State.SETTLED)
    return max(invoice.gross + sum((each.gross for each in before), ZERO), ZERO)


def _standing(invoice):
    original = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("customer", "business", "order")
        .get(pk=invoice.pk)
    )
    if not original.is_demand or original.state not in STANDING:
        raise NotAllowed(original)
    return original


def _said(reason, otherwise):
    reason = reason.strip()
    if not reason:
        raise Refusal(otherwise, field="reason")
    return reason


def _new(original, *, like=None, **fields):
    """A draft with what is kept of the original, or of the document that is `like` it."""
    kept = {name: getattr(like or original, name) for name in KEPT}
    return Invoice.objects.create(customer=original.customer, order=original.order, **{**kept, **fields})


def _copy(original, *, by, like=None, **fields):
    draft = _new(original, like=like, **fields)
    invoices.set_lines(draft, [row_values(row) for row in (like or original).lines.all()])
    invoice_attachments.copy(original, draft)
    timeline.record(Event.INVOICE_DRAFTED, customer=draft.customer, subject=draft, by=by, gross=draft.gross)
    return draft
