"""The invoice: what is to pay, how, and for what."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from billing import claims, girocode, receipts
from billing.models import Invoice
from billing.online import payments
from crm import limits, link_pages, messages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal import prices, transfer
from portal.forms import QuestionForm
from portal.subjects import invoice_of

RECEIPTS, RECEIPTS_WINDOW = 20, 600


@customer_page(AccessLink.Purpose.INVOICE)
def invoice(request):
    """What is still to pay, first of all."""
    return show(request)


@customer_page(AccessLink.Purpose.INVOICE)
def invoice_code(request):
    """The GiroCode as a picture: a phone cannot scan its own screen, but its banking app can open a picture."""
    found = invoice_of(request.link)
    wanted = transfer.of(found, found.frozen_document)
    if wanted is None or not wanted.payload:
        raise Http404
    return _file(girocode.png(wanted.payload), "image/png", f"GiroCode {found.number}.png")


@customer_page(AccessLink.Purpose.INVOICE)
def receipt_pdf(request):
    """That it was paid, on paper (REC4). Written anew each time, so not all day long."""
    found = invoice_of(request.link)
    if found.state != Invoice.State.PAID or found.paid <= 0:
        raise Http404
    if limits.hits(f"receipt:{request.link.pk}", seconds=RECEIPTS_WINDOW) > RECEIPTS:
        return link_pages.too_many(limits.seconds_left(RECEIPTS_WINDOW))
    return _file(receipts.of(found), "application/pdf", f"{_('Zahlungsbestätigung')} {found.number}.pdf")


def _file(content, content_type, name):
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _earns_skonto(found, document, today):
    """Whether paying now is still rewarded."""
    until = document.skonto.until if document.skonto else None
    return until is not None and until >= today and found.open_amount > 0 and not found.paid


def show(request, *, form=None, status=200):
    """The page, also with a message that needs another look."""
    found = invoice_of(request.link)
    document = found.frozen_document
    cancelled_by = getattr(found, "cancelled_by", None)
    offers, today, due_on = payments.offers(found), timezone.localdate(), claims.due_on(found)
    context = {
        "invoice": found,
        "document": document,
        "is_cancellation": found.kind == Invoice.Kind.CANCELLATION,
        "is_cancelled": found.state == Invoice.State.CANCELLED,
        "is_paid": found.state == Invoice.State.PAID,
        "cancelled_by": cancelled_by,
        "due_on": due_on,
        "is_overdue": found.is_overdue and due_on is not None and due_on < today,
        "days_left": (due_on - today).days if due_on else 0,
        "due_now": claims.due_amount(found, document, on=today),
        "withheld": claims.withheld(document, on=today),
        "skonto": document.skonto if _earns_skonto(found, document, today) else None,
        "pays_early": document.payable_now - document.skonto_amount,
        "gets_back": -found.open_amount if found.open_amount < 0 else None,
        "why_not_due": claims.why_not_due(found) if found.open_amount > 0 else "",
        "later": found.corrected_by.filter(state=Invoice.State.SETTLED).order_by("pk"),
        "is_gross": prices.is_gross(document),
        "groups": prices.groups(document, with_choices=True),
        "sums": prices.sums(document),
        "payments": found.payments.all() if found.paid else [],
        "attached": list(found.attachments.all()),
        "transfer": transfer.of(found, document),
        "offers": offers,
        "labour": document.labour if document.labour and document.labour.net > 0 else None,
        "person": document.seller.contact_name,
        "thread": messages.thread(found),
        "question": form or QuestionForm(),
        "form": form,
        "counts_looks": True,
    }
    answer = link_pages.render(request, "portal/invoice.html", context, status=status)
    answer.form_targets = [offer.origin for offer in offers]  # for config.middleware
    return answer
