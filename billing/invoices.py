"""What can be done with an invoice."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from accounts.wakeup import kick
from billing import drafting, journal, orders, rendering
from billing.documents import model as documents
from billing.documents.preflight import preflight
from billing.events import Event
from billing.models import Invoice, InvoiceLine, Order, Quote
from billing.models.line import row_values
from billing.quotes import NotReady
from billing.settling import OVERDUE
from crm import access, due, mail, mail_limits, numbering, states, timeline
from crm.models import AccessLink, NumberRange

GRACE = timedelta(days=3)  # bank transfers need a day or two; nobody is reminded on the first day
LINK_LIVES = timedelta(days=120)

FIELDS = (
    "title", "intro", "mode", "discount_percent", "service_from", "service_until", "payment_days", "buyer_reference",
    "is_property_work",
)  # fmt: skip


@transaction.atomic
def draft_from_order(order: Order, *, by) -> Invoice:
    """A draft with the order's rows. An order has one living invoice: the one that is there is returned.

    Raises Refusal for an order that was cancelled or withdrawn from.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    living = order.invoices.filter(kind=Invoice.Kind.INVOICE).exclude(state=Invoice.State.CANCELLED).first()
    if living:
        return living
    if order.state in {Order.State.CANCELLED, Order.State.WITHDRAWN}:
        raise Refusal(_("Dieser Auftrag ist storniert oder widerrufen und kann nicht abgerechnet werden."))
    invoice = Invoice.objects.create(
        customer=order.customer, order=order, title=order.title, mode=order.mode,
        discount_percent=order.discount_percent, payment_days=order.business.payment_days,
        buyer_reference=order.buyer_reference, service_from=order.completed_on,
    )  # fmt: skip
    set_lines(invoice, [row_values(row) for row in order.lines.all()])
    timeline.record(Event.INVOICE_DRAFTED, customer=order.customer, subject=invoice, by=by, gross=invoice.gross)
    return invoice


@transaction.atomic
def create(customer, *, by, title, lines=(), **fields) -> Invoice:
    """A draft without an order. `fields` are those of FIELDS, `lines` dictionaries of row values."""
    fields.setdefault("payment_days", customer.business.payment_days)
    invoice = Invoice.objects.create(customer=customer, title=title, **fields)
    set_lines(invoice, lines)
    timeline.record(Event.INVOICE_DRAFTED, customer=customer, subject=invoice, by=by, gross=invoice.gross)
    return invoice


@transaction.atomic
def change(invoice: Invoice, *, lines=None, **fields) -> Invoice:
    """Change a draft. An issued invoice cannot change: cancel it and issue anew."""
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if not locked.is_draft:
        raise Refusal(_("Dieser Beleg ist ausgestellt und kann nicht geändert werden. Bitte stornieren."))
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.save()
    set_lines(locked, lines if lines is not None else [row_values(row) for row in locked.lines.all()])
    return locked


def set_lines(invoice: Invoice, lines) -> None:
    """Replace the rows of a draft and keep its totals."""
    invoice.lines.all().delete()
    rows = []
    for sort, fields in enumerate(lines):
        row = InvoiceLine(invoice=invoice, sort=sort, **fields)
        if "vat_category" not in fields:
            row.vat_category = "S" if row.vat_rate else "Z"
        rows.append(row)
    InvoiceLine.objects.bulk_create(rows)
    document = drafting.of_invoice(invoice)
    drafting.refuse_too_large(document)
    totals = document.totals
    invoice.net, invoice.tax, invoice.gross = totals.net, totals.tax, totals.gross
    invoice.save(update_fields=["net", "tax", "gross", "updated_at"])


def problems(invoice: Invoice) -> list[tuple[str, str]]:
    """What is missing before a draft can be issued: (field, sentence that names it and what to do)."""
    return _found(invoice)[0]


def warnings(invoice: Invoice) -> list[tuple[str, str]]:
    """What should be looked at before a draft is issued, but does not keep it from being issued."""
    return _found(invoice)[1]


def _found(invoice):
    found = preflight(drafting.of_invoice(invoice, number="RE-0000-0000"))
    missing = [(problem.field, problem.message) for problem in found if not problem.is_warning]
    doubtful = [(problem.field, problem.message) for problem in found if problem.is_warning]
    doubtful += [("lines", sentence) for sentence in _open_changes(invoice)]
    if not invoice.lines.exists():
        sentence = _("Die Rechnung hat noch keine Position. Bitte fügen Sie mindestens eine hinzu.")
        missing = [("lines", sentence), *(each for each in missing if each[0] != "lines")]
    return missing, doubtful


def _open_changes(invoice):
    """An issued invoice closes its order: what the customer has not decided about cannot be accepted afterwards."""
    if invoice.order_id is None:
        return []
    undecided = Quote.objects.open().filter(amends=invoice.order_id, valid_until__gte=timezone.localdate())
    sentence = _("Nachtrag %(n)s ist noch offen. Ist die Rechnung gestellt, kann der Kunde ihn nicht mehr annehmen.")
    return [sentence % {"n": n} for n in undecided.order_by("pk").values_list("amendment_number", flat=True)]


@transaction.atomic
def issue(invoice: Invoice, *, by, send_to: str = "") -> Invoice:
    """Turn a draft into a numbered, unchangeable invoice (Festschreibung), and mail it to `send_to` once it is rendered.

    Number, frozen content, journal and timeline are one transaction: a refused step gives its number back (R6).
    Raises NotReady with what is missing (§ 14 (4) UStG), NotAllowed for an invoice that is issued already.
    """
    if invoice.is_draft and (found := problems(invoice)):
        raise NotReady(found)
    today = timezone.localdate()
    number = numbering.take(NumberRange.Kind.INVOICE, year=today.year)
    document = drafting.of_invoice(invoice, number=number, issued_on=today, contact_name=str(by) if by else "")
    totals = document.totals
    now = timezone.now()
    states.move(
        invoice, Invoice.State.OPEN, number=number, issued_on=today, issued_at=now, issued_by=by, due_on=document.due_on,
        net=totals.net, tax=totals.tax, gross=totals.gross, document=documents.to_json(document),
        document_hash=documents.content_hash(document), send_to=send_to, updated_at=now,
    )  # fmt: skip
    invoice.lines.update(is_frozen=True)
    if invoice.gross == 0:
        states.move(invoice, Invoice.State.PAID, paid_on=today)
    if invoice.order and invoice.order.state == Order.State.COMPLETED:
        orders.move(invoice.order, Order.State.INVOICED, by=by, tell=False)
    due.plan(OVERDUE, invoice, at=due.morning_of(today + timedelta(days=invoice.payment_days) + GRACE))
    mint_link(invoice, to=send_to, by=by)
    journal.write(Event.INVOICE_ISSUED, invoice, content_hash=invoice.document_hash, by=by, gross=invoice.gross)
    timeline.record(
        Event.INVOICE_ISSUED, customer=invoice.customer, subject=invoice, by=by, number=number, gross=invoice.gross
    )
    kick("billing.tasks.deliver_invoice", invoice.pk)
    return invoice


def mint_link(invoice: Invoice, *, to="", by=None) -> AccessLink:
    """A link to the invoice's page; it lives as long as a payment may be expected."""
    return access.mint(
        invoice,
        purpose=AccessLink.Purpose.INVOICE,
        customer=invoice.customer,
        sent_to=to,
        asks_postcode=invoice.business.asks_postcode,
        expires_at=timezone.now() + LINK_LIVES,
        by=by,
    )


@transaction.atomic
def deliver(invoice: Invoice) -> None:
    """Store the files of an issued invoice and mail them where they are to be mailed; once (R24: always the same bytes)."""
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related("customer", "business").get(pk=invoice.pk)
    rendering.invoice(invoice)
    if not invoice.send_to or invoice.sent_at:
        return
    kind = (
        "billing/mail/cancellation_sent" if invoice.kind == Invoice.Kind.CANCELLATION else "billing/mail/invoice_sent"
    )
    send_mail(invoice, kind, to=invoice.send_to)
    Invoice.objects.filter(pk=invoice.pk).update(sent_at=timezone.now())


@transaction.atomic
def send(invoice: Invoice, *, to: str, by) -> None:
    """Mail an issued invoice (again) to an address: the stored bytes, never a new number (R20, R24)."""
    if invoice.is_draft:
        raise Refusal(_("Ein Entwurf kann nicht gesendet werden. Bitte stellen Sie die Rechnung zuerst."))
    if not any(link.is_open and link.sent_to == to for link in access.links_to(invoice)):
        mint_link(invoice, to=to, by=by)
    Invoice.objects.filter(pk=invoice.pk).update(send_to=to, sent_at=None)
    kick("billing.tasks.deliver_invoice", invoice.pk)


def send_mail(invoice: Invoice, kind: str, *, to: str, is_automatic: bool = False) -> None:
    """Write a mail about an issued invoice with its stored files."""
    link = next((link for link in access.links_to(invoice) if link.is_open and link.sent_to == to), None)
    mail.queue(
        kind, to=to, customer=invoice.customer, link=link or mint_link(invoice, to=to), about=invoice,
        language=invoice.customer.language, invoice=invoice, is_automatic=is_automatic,
        attachments=[(f"{invoice.number}.pdf", "application/pdf", invoice.pdf, invoice.pdf_sha256)],
    )  # fmt: skip


@transaction.atomic
def cancel(invoice: Invoice, *, by, reason: str, send_to: str = "") -> Invoice:
    """Cancel an issued invoice by a Stornorechnung with mirrored amounts (R23). Returns the cancellation.

    Both keep their numbers; the original's bytes do not change. Raises Refusal without a reason or for a second try.
    """
    reason = reason.strip()
    if not reason:
        raise Refusal(_("Bitte nennen Sie den Grund der Stornierung."), field="reason")
    original = Invoice.objects.select_for_update(of=("self",)).select_related("customer", "order").get(pk=invoice.pk)
    if original.kind != Invoice.Kind.INVOICE:
        raise Refusal(_("Eine Stornorechnung kann nicht storniert werden."))
    now, today = timezone.now(), timezone.localdate()
    states.move(original, Invoice.State.CANCELLED, updated_at=now)
    number = numbering.take(NumberRange.Kind.INVOICE, year=today.year)
    document = drafting.of_cancellation(original.frozen_document, number=number, reason=reason)
    totals = document.totals
    cancellation = Invoice.objects.create(
        customer=original.customer, order=original.order, kind=Invoice.Kind.CANCELLATION, cancels=original, title=original.title,
        mode=original.mode, discount_percent=original.discount_percent, service_from=original.service_from,
        service_until=original.service_until, buyer_reference=original.buyer_reference,
        is_property_work=original.is_property_work, reason=reason,
    )  # fmt: skip
    InvoiceLine.objects.bulk_create(
        [
            InvoiceLine(invoice=cancellation, sort=row.sort, **(row_values(row) | {"quantity": -row.quantity}))
            for row in original.lines.all()
        ]
    )
    states.move(
        cancellation, Invoice.State.SETTLED, number=number, issued_on=today, issued_at=now, issued_by=by, due_on=today,
        net=totals.net, tax=totals.tax, gross=totals.gross, document=documents.to_json(document),
        document_hash=documents.content_hash(document), send_to=send_to, updated_at=now,
    )  # fmt: skip
    cancellation.lines.update(is_frozen=True)
    due.drop(OVERDUE, original)
    if original.order and original.order.state == Order.State.INVOICED:
        orders.move(original.order, Order.State.COMPLETED, by=by, tell=False)
    mint_link(cancellation, to=send_to, by=by)
    journal.write(
        Event.INVOICE_CANCELLED, cancellation, content_hash=cancellation.document_hash, by=by, cancels=original.number
    )
    timeline.record(
        Event.INVOICE_CANCELLED,
        customer=original.customer,
        subject=cancellation,
        by=by,
        number=number,
        cancels=original.number,
    )
    kick("billing.tasks.deliver_invoice", cancellation.pk)
    return cancellation


@transaction.atomic
def delete_draft(invoice: Invoice) -> None:
    """Throw a draft away; it never had a number. An issued invoice cannot be deleted, the database refuses."""
    if not invoice.is_draft:
        raise Refusal(_("Dieser Beleg ist ausgestellt und kann nicht gelöscht werden. Bitte stornieren."))
    invoice.lines.all().delete()
    invoice.delete()


def remind_of_payment(invoice: Invoice) -> None:
    """Due handler: an open invoice is overdue. The customer is reminded where the business switched that on (R69),
    otherwise the office is told."""
    if not invoice.is_overdue:
        return
    if invoice.business.reminds_of_payment and invoice.send_to and not mail_limits.is_refused(invoice.send_to):
        mail_limits.keep(invoice.customer)
        remind(invoice, by=None, is_automatic=True)
    elif invoice.business.email:
        mail.queue(
            "billing/mail/invoice_overdue_notice",
            to=invoice.business.email,
            about=invoice,
            invoice=invoice,
            contact=invoice.customer,
        )


@transaction.atomic
def remind(invoice: Invoice, *, by, to: str = "", is_automatic: bool = False) -> None:
    """A friendly payment reminder, free of charge (level 0). Raises Refusal when nothing is overdue or nobody to write to."""
    to = to or invoice.send_to or invoice.customer.email
    if not invoice.is_overdue:
        raise Refusal(_("Diese Rechnung ist nicht überfällig."))
    if not to:
        raise Refusal(_("Für diesen Kontakt ist keine E-Mail-Adresse hinterlegt."), field="to")
    rendering.invoice(invoice)
    send_mail(invoice, "billing/mail/invoice_reminder", to=to, is_automatic=is_automatic)
    timeline.record(
        Event.INVOICE_REMINDED,
        customer=invoice.customer,
        subject=invoice,
        by=by,
        number=invoice.number,
        open=invoice.open_amount,
    )
