"""What can be done with an invoice."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from accounts.wakeup import kick
from billing import (
    arrival_proofs,
    claims,
    drafting,
    dunning_claims,
    dunning_holds,
    dunning_letters,
    einvoice_checks,
    final_invoices,
    invoice_attachments,
    invoice_checks,
    journal,
    orders,
    reductions,
    rendering,
    tax_checks,
    tax_decisions,
)
from billing.documents import einvoice
from billing.documents import model as documents
from billing.documents.preflight import preflight
from billing.events import Event
from billing.models import DunningLetter, Invoice, InvoiceLine, Order, Quote
from billing.models.line import row_values
from billing.money import ZERO
from billing.quotes import NotReady
from billing.settling import OVERDUE
from crm import access, customers, due, mail, mail_limits, numbering, recipients, states, timeline
from crm.models import AccessLink, NumberRange

GRACE = timedelta(days=3)  # bank transfers need a day or two; nobody is reminded on the first day
LOOK_AGAIN = timedelta(days=7)
LINK_LIVES = timedelta(days=120)

FIELDS = (
    "title", "intro", "mode", "discount_percent", "service_from", "service_until", "payment_days", "buyer_reference",
    "is_property_work", "is_construction", "skonto_percent", "skonto_days", "retention_percent", "retention_until",
    "tax_case", "tax_decision", "prepaid_as_list",
)  # fmt: skip

BILLS = (*claims.LAST, Invoice.Kind.PARTIAL)  # what bills rows of an order for good
# which event tells of a document that was issued; everything that asks for money is an invoice
ISSUED = {Invoice.Kind.CORRECTION: Event.INVOICE_CORRECTED, Invoice.Kind.REDUCTION: Event.INVOICE_REDUCED}
SENT = {
    Invoice.Kind.CANCELLATION: "billing/mail/cancellation_sent",
    Invoice.Kind.CORRECTION: "billing/mail/correction_sent",
    Invoice.Kind.REDUCTION: "billing/mail/reduction_sent",
}


@transaction.atomic
def draft_from_order(order: Order, *, by) -> Invoice:
    """A draft with those rows of the order that no partial invoice is for: a final invoice (Schlussrechnung) where there
    were part payments or partial invoices. An order has one living invoice: the one that is there is returned.

    Raises Refusal for an order that was cancelled or withdrawn from, and for one that is billed to the last row.
    """
    order = (
        Order.objects.select_for_update(of=("self",)).select_related("customer", "business", "quote").get(pk=order.pk)
    )
    if living := claims.last_invoice(order):
        return living
    refuse_called_off(order)
    rows = claims.unbilled_rows(order)
    has_parts = claims.part_payments(order).exists() or claims.partial_invoices(order).exists()
    if has_parts and not rows:
        raise Refusal(_("Dieser Auftrag ist mit Teilrechnungen schon vollständig abgerechnet."))
    kind = Invoice.Kind.FINAL if has_parts else Invoice.Kind.INVOICE
    return draft_rows(order, rows, kind=kind, by=by, service_from=order.completed_on)


def draft_rows(order: Order, rows, *, kind, by, **fields) -> Invoice:
    """A draft of a kind with some rows of an order, in its prices and with the terms of the business. Raises Refusal for a
    contact that is put away.
    """
    customers.refuse_archived(order.customer)
    invoice = Invoice.objects.create(
        customer=order.customer, order=order, kind=kind, title=order.title, mode=order.mode,
        discount_percent=order.discount_percent, **agreed_terms(order), **fields,
    )  # fmt: skip
    set_lines(invoice, [row_values(row) for row in rows])
    timeline.record(Event.INVOICE_DRAFTED, customer=order.customer, subject=invoice, by=by, gross=invoice.gross)
    return invoice


def agreed_terms(order: Order) -> dict:
    """How an order is to be paid, for a new invoice."""
    business = order.business
    return {
        "payment_days": business.payment_days,
        "buyer_reference": order.buyer_reference,
        "skonto_percent": business.skonto_percent,
        "skonto_days": business.skonto_days,
        "is_construction": claims.is_construction(order),
        **_taxed_like(order),
    }


def _taxed_like(order):
    """The tax case of what was asked for before, else the one that was offered, with its answers: one supply is taxed in
    one way.
    """
    living = order.invoices.filter(kind__in=Invoice.DEMANDS).exclude(
        state__in=[Invoice.State.DRAFT, Invoice.State.CANCELLED]
    )
    before = living.only("tax_case", "tax_decision").order_by("-pk").first() or order.quote
    if before is None:
        return {}
    return {"tax_case": before.tax_case, "tax_decision": tax_decisions.answers_in(before.tax_decision)}


def refuse_called_off(order: Order) -> None:
    """Raise Refusal for an order that was cancelled or withdrawn from."""
    if order.state in {Order.State.CANCELLED, Order.State.WITHDRAWN}:
        raise Refusal(_("Dieser Auftrag ist storniert oder widerrufen und kann nicht abgerechnet werden."))


@transaction.atomic
def create(customer, *, by, title, lines=(), **fields) -> Invoice:
    """A draft without an order. `fields` are those of FIELDS, `lines` dictionaries of row values.

    Raises Refusal for a contact that is put away; what is billed again and again goes on.
    """
    if not fields.get("standing"):
        customers.refuse_archived(customer)
    for name in ("payment_days", "skonto_percent", "skonto_days"):
        fields.setdefault(name, getattr(customer.business, name))
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
    invoice.net, invoice.tax, invoice.gross = asked(document)
    invoice.save(update_fields=["net", "tax", "gross", "updated_at"])


def asked(document: documents.Document) -> tuple[Decimal, Decimal, Decimal]:
    """What a document asks for: (net, tax, gross). A correction of statements asks for nothing more."""
    if document.kind == documents.Kind.CORRECTION:
        return ZERO, ZERO, ZERO
    return document.payable_net, document.payable_tax, document.payable


def problems(invoice: Invoice) -> list[tuple[str, str]]:
    """What is missing before a draft can be issued: (field, sentence that names it and what to do)."""
    return findings(invoice)[0]


def warnings(invoice: Invoice) -> list[tuple[str, str]]:
    """What should be looked at before a draft is issued, but does not keep it from being issued."""
    return findings(invoice)[1]


def findings(invoice: Invoice) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """`problems` and `warnings` together, in half the time."""
    document = drafting.of_invoice(invoice, number="RE-0000-0000")
    document = replace(document, attachments=invoice_attachments.of(invoice))
    found = [*preflight(document), *tax_checks.problems(invoice, document)]
    missing = [(problem.field, problem.message) for problem in found if not problem.is_warning]
    doubtful = [(problem.field, problem.message) for problem in found if problem.is_warning]
    of_kind = invoice_checks.of(invoice, document)
    missing += [(each.field, each.message) for each in of_kind if not each.is_warning]
    doubtful += [(each.field, each.message) for each in of_kind if each.is_warning]
    doubtful += [("lines", sentence) for sentence in _open_changes(invoice)]
    if not invoice.lines.exists():
        sentence = _("Die Rechnung hat noch keine Position. Bitte fügen Sie mindestens eine hinzu.")
        missing = [("lines", sentence), *(each for each in missing if each[0] != "lines")]
    return missing, doubtful


def _open_changes(invoice):
    """An issued invoice closes its order: what the customer has not decided about cannot be accepted afterwards."""
    if invoice.order_id is None or invoice.kind not in claims.LAST:
        return []
    undecided = Quote.objects.open().filter(amends=invoice.order_id, valid_until__gte=timezone.localdate())
    sentence = _("Nachtrag %(n)s ist noch offen. Ist die Rechnung gestellt, kann der Kunde ihn nicht mehr annehmen.")
    return [sentence % {"n": n} for n in undecided.order_by("pk").values_list("amendment_number", flat=True)]


@transaction.atomic
def issue(invoice: Invoice, *, by, send_to: str = "") -> Invoice:
    """Turn a draft into a numbered, unchangeable invoice (Festschreibung), and mail it to `send_to` once it is rendered.

    Number, frozen content, journal and timeline are one transaction: a refused step gives its number back (R6). What would
    go out is checked with the official rules before anything of it stands (R42, R46); the report is kept.
    Raises NotReady with what is missing (§ 14 (4) UStG) or against a rule, NotAllowed for an invoice that is issued already.
    """
    _hold_order(invoice)
    Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)  # nobody adds a row or a file meanwhile
    if invoice.is_draft and (found := problems(invoice)):
        raise NotReady(found)
    today = timezone.localdate()
    number = numbering.take(NumberRange.Kind.INVOICE, year=today.year)
    document = drafting.of_invoice(invoice, number=number, issued_on=today, contact_name=str(by) if by else "")
    document, report = _checked(invoice, document)
    net, tax, gross = asked(document)
    now = timezone.now()
    due_on = today + timedelta(days=invoice.payment_days) if invoice.is_demand else today
    states.move(
        invoice, Invoice.State.OPEN if invoice.is_demand else Invoice.State.SETTLED, number=number, issued_on=today,
        issued_at=now, issued_by=by, due_on=document.due_on or due_on, net=net, tax=tax, gross=gross,
        document=documents.to_json(document), document_hash=documents.content_hash(document), send_to=send_to, updated_at=now,
        tax_decision=tax_checks.noted(invoice, document),
    )  # fmt: skip
    invoice.lines.update(is_frozen=True)
    invoice_attachments.freeze(invoice)
    check = einvoice_checks.keep(invoice, report)
    _follow(invoice, by=by)
    mint_link(invoice, to=send_to, by=by)
    event = ISSUED.get(Invoice.Kind(invoice.kind), Event.INVOICE_ISSUED)
    about = {"about": invoice.corrects.number} if invoice.corrects else {}
    facts = about | {"check": check.report_sha256}
    journal.write(event, invoice, content_hash=invoice.document_hash, by=by, gross=gross, **facts)
    timeline.record(
        event, customer=invoice.customer, subject=invoice, by=by, number=number, kind=invoice.kind, gross=gross, **about
    )
    kick("billing.tasks.deliver_invoice", invoice.pk)
    return invoice


def _checked(invoice, document):
    """The document with all that goes along, and the report on its structured part. Raises NotReady for one that a receiver
    would refuse. An invoice that is issued already is for `states.move` to refuse.
    """
    if invoice.is_draft:
        document = invoice_attachments.with_payment_list(invoice, document)
    report = einvoice_checks.of(document)
    if found := einvoice_checks.problems(report):
        raise NotReady(found)
    return document, report


def _hold_order(invoice):
    """Nobody else bills the order, or books a payment that is to be deducted, till the end of the transaction."""
    if invoice.order_id is None:
        return
    Order.objects.select_for_update(of=("self",)).get(pk=invoice.order_id)
    if invoice.kind == Invoice.Kind.FINAL:
        list(claims.part_payments(invoice.order).select_for_update(of=("self",)).values_list("pk"))


def _follow(invoice, *, by):
    """What comes of an issued invoice, by its kind."""
    if invoice.kind == Invoice.Kind.REDUCTION:
        reductions.book(invoice, by=by)
    if not invoice.is_demand:
        return
    arrival_proofs.plan(invoice)
    if invoice.gross == 0:
        states.move(invoice, Invoice.State.PAID, paid_on=invoice.issued_on)
    elif invoice.gross > 0:
        due.plan(OVERDUE, invoice, at=due.morning_of(invoice.due_on + GRACE))
    if invoice.kind == Invoice.Kind.FINAL:
        final_invoices.take_over(invoice, by=by)
    if invoice.order and invoice.order.state == Order.State.COMPLETED and claims.closes(invoice):
        orders.move(invoice.order, Order.State.INVOICED, by=by, tell=False)


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
    invoice = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("customer", "business", "corrects", "cancels")
        .get(pk=invoice.pk)
    )
    rendering.invoice(invoice)
    if not invoice.send_to or invoice.sent_at:
        return
    kind = SENT.get(Invoice.Kind(invoice.kind), "billing/mail/invoice_sent")
    send_mail(invoice, kind, to=invoice.send_to)
    Invoice.objects.filter(pk=invoice.pk).update(sent_at=timezone.now())


@transaction.atomic
def send(invoice: Invoice, *, to: str, by) -> None:
    """Mail an issued invoice (again) to an address: the stored bytes, never a new number (R20, R24)."""
    if invoice.is_draft:
        raise Refusal(_("Ein Entwurf kann nicht gesendet werden. Bitte stellen Sie die Rechnung zuerst."))
    if invoice.is_taken_over:
        raise Refusal(_("Diese Rechnung hat Ihr bisheriges Programm geschrieben. Bitte senden Sie die von dort."))
    if not any(link.is_open and link.sent_to == to for link in access.links_to(invoice)):
        mint_link(invoice, to=to, by=by)
    Invoice.objects.filter(pk=invoice.pk).update(send_to=to, sent_at=None)
    kick("billing.tasks.deliver_invoice", invoice.pk)


def link_to(invoice: Invoice, to: str) -> AccessLink:
    """The open link that went to an address, or a new one."""
    links = access.links_to(invoice)
    return next((link for link in links if link.is_open and link.sent_to == to), None) or mint_link(invoice, to=to)


def send_mail(invoice: Invoice, kind: str, *, to: str, is_automatic: bool = False) -> None:
    """Write a mail about an issued invoice with its stored files."""
    document = invoice.frozen_document
    is_plain = document.due_on and document.payable > 0 and not document.skonto and not document.retention
    mail.queue(
        kind, to=to, customer=invoice.customer, link=link_to(invoice, to), about=invoice,
        language=invoice.customer.language, invoice=invoice, is_automatic=is_automatic,
        terms="" if is_plain else document.payment_terms,
        attachments=_files(invoice, document),
    )  # fmt: skip


def _files(invoice, document):
    """An XRechnung is the XML, its PDF goes along for people; everybody else has both in one file. Of an open item of the
    books before there is none: the customer has it.
    """
    if invoice.is_taken_over:
        return []
    files = [(f"{invoice.number}.pdf", "application/pdf", invoice.pdf, invoice.pdf_sha256)]
    if einvoice.syntax_for(document) == einvoice.Syntax.UBL:
        files.insert(0, (f"{invoice.number}.xml", "application/xml", invoice.xml, invoice.xml_sha256))
    # what lies inside the structured part, for people
    return files + [(each.name, each.content_type, each.stored, each.sha256) for each in invoice.attachments.all()]


@transaction.atomic
def cancel(invoice: Invoice, *, by, reason: str, send_to: str = "") -> Invoice:
    """Cancel an issued invoice by a Stornorechnung with mirrored amounts (R23). Returns the cancellation.

    Both keep their numbers; the original's bytes do not change. The part payments a final invoice had taken over are open
    again, a reduction that is cancelled no longer lowers its invoice. Raises Refusal without a reason, for what cannot be
    cancelled (see `why_not_cancelled`), NotAllowed for a second try.
    """
    reason = reason.strip()
    if not reason:
        raise Refusal(_("Bitte nennen Sie den Grund der Stornierung."), field="reason")
    _hold_order(invoice)
    original = Invoice.objects.select_for_update(of=("self",)).select_related("customer", "order").get(pk=invoice.pk)
    if why := why_not_cancelled(original):
        raise Refusal(why)
    now, today = timezone.now(), timezone.localdate()
    states.move(original, Invoice.State.CANCELLED, updated_at=now)
    number = numbering.take(NumberRange.Kind.INVOICE, year=today.year)
    document = drafting.of_cancellation(original.frozen_document, number=number, reason=reason)
    cancellation = Invoice.objects.create(
        customer=original.customer, order=original.order, kind=Invoice.Kind.CANCELLATION, cancels=original, title=original.title,
        mode=original.mode, discount_percent=original.discount_percent, service_from=original.service_from,
        service_until=original.service_until, buyer_reference=original.buyer_reference,
        is_property_work=original.is_property_work, is_construction=original.is_construction,
        tax_case=original.tax_case, reason=reason,
    )  # fmt: skip
    InvoiceLine.objects.bulk_create(
        [
            InvoiceLine(invoice=cancellation, sort=row.sort, **(row_values(row) | {"quantity": -row.quantity}))
            for row in original.lines.all()
        ]
    )
    document, report = _checked(cancellation, document)
    net, tax, gross = asked(document)
    states.move(
        cancellation, Invoice.State.SETTLED, number=number, issued_on=today, issued_at=now, issued_by=by, due_on=today,
        net=net, tax=tax, gross=gross, document=documents.to_json(document),
        document_hash=documents.content_hash(document), send_to=send_to, updated_at=now,
    )  # fmt: skip
    cancellation.lines.update(is_frozen=True)
    invoice_attachments.freeze(cancellation)
    check = einvoice_checks.keep(cancellation, report)
    due.drop(OVERDUE, original)
    if original.kind == Invoice.Kind.REDUCTION:
        reductions.take_back(original, by=by)
    if original.kind == Invoice.Kind.FINAL:
        final_invoices.give_back(original, by=by, after=GRACE)
    if original.order and original.order.state == Order.State.INVOICED and original.kind in BILLS:
        orders.move(original.order, Order.State.COMPLETED, by=by, tell=False)
    mint_link(cancellation, to=send_to, by=by)
    journal.write(
        Event.INVOICE_CANCELLED, cancellation, content_hash=cancellation.document_hash, by=by, cancels=original.number,
        check=check.report_sha256,
    )  # fmt: skip
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


def why_not_cancelled(invoice: Invoice) -> str:
    """Why an issued document cannot be cancelled, and what is to be done instead; empty when it can."""
    if invoice.kind == Invoice.Kind.CANCELLATION:
        return _("Eine Stornorechnung kann nicht storniert werden.")
    if invoice.kind == Invoice.Kind.CORRECTION:
        return _("Eine Rechnungskorrektur wird nicht storniert. Stellen Sie eine neue Korrektur der Rechnung.")
    standing = invoice.corrected_by.filter(kind=Invoice.Kind.REDUCTION, state=Invoice.State.SETTLED).first()
    if standing:
        return _("Zu dieser Rechnung gibt es den Preisnachlass %(number)s. Bitte stornieren Sie zuerst diesen.") % {
            "number": standing.number
        }
    if (last := final_invoices.counted_in(invoice)) is not None:
        return _("Die Schlussrechnung %(number)s baut darauf auf. Bitte stornieren Sie zuerst diese.") % {
            "number": last.number
        }
    return ""


@transaction.atomic
def delete_draft(invoice: Invoice) -> None:
    """Throw a draft away; it never had a number. An issued invoice cannot be deleted, the database refuses."""
    if not invoice.is_draft:
        raise Refusal(_("Dieser Beleg ist ausgestellt und kann nicht gelöscht werden. Bitte stornieren."))
    invoice.lines.all().delete()
    invoice_attachments.delete_all(invoice)
    invoice.delete()


def remind_of_payment(invoice: Invoice) -> None:
    """Due handler: an open invoice is overdue. The customer is reminded where the business switched that on (R69),
    otherwise the office is told."""
    if not invoice.is_overdue:
        return
    due_on = claims.due_on(invoice)
    if due_on is None:  # waits for the sign-off: looked at again until there is one
        raise due.Later(due.morning_of(timezone.localdate() + LOOK_AGAIN))
    if timezone.localdate() < due_on + GRACE:
        raise due.Later(due.morning_of(due_on + GRACE))
    if any(each.hold for each in _standing(invoice)):
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
    """A friendly payment reminder, free of charge (level 0). Raises Refusal when nothing is overdue, when somebody said that
    the customer is not to be reminded, and when there is nobody to write to. Further letters: dunning.py.
    """
    to = to or invoice.send_to or recipients.for_invoices(invoice.customer)
    if why := claims.why_not_due(invoice):
        raise Refusal(why)
    for standing in _standing(invoice):
        if standing.is_stop:
            raise Refusal(standing.hold)
    if not invoice.is_overdue:
        raise Refusal(_("Diese Rechnung ist nicht überfällig."))
    if not to:
        raise Refusal(_("Für diesen Kontakt ist keine E-Mail-Adresse hinterlegt."), field="to")
    rendering.invoice(invoice)
    send_mail(invoice, "billing/mail/invoice_reminder", to=to, is_automatic=is_automatic)
    today = timezone.localdate()
    letter = dunning_letters.draft(
        invoice.customer, [dunning_claims.of(invoice, on=today)], level=DunningLetter.Level.REMINDER, on=today, by=by
    )
    row = dunning_letters.keep(letter, invoice.customer, [invoice], send_to=to, by=by)
    DunningLetter.objects.filter(pk=row.pk).update(sent_at=timezone.now())
    journal.write(Event.INVOICE_REMINDED, row, content_hash=row.content_hash, by=by, invoice=invoice.number)
    timeline.record(
        Event.INVOICE_REMINDED,
        customer=invoice.customer,
        subject=invoice,
        by=by,
        number=invoice.number,
        open=invoice.open_amount,
    )


def _standing(invoice):
    """Where an overdue invoice stands, as a list of one or none."""
    return dunning_holds.standings(Invoice.objects.filter(pk=invoice.pk), on=timezone.localdate())
