"""The invoice: what is to pay, how, and for what."""

from django.utils import timezone

from billing.models import Invoice
from crm import link_pages, messages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal import prices, transfer
from portal.forms import QuestionForm
from portal.subjects import invoice_of


@customer_page(AccessLink.Purpose.INVOICE)
def invoice(request):
    """What is still to pay, first of all."""
    return show(request)


def show(request, *, form=None, status=200):
    """The page, also with a message that needs another look."""
    found = invoice_of(request.link)
    document = found.frozen_document
    cancelled_by = getattr(found, "cancelled_by", None)
    context = {
        "invoice": found,
        "document": document,
        "is_cancellation": found.kind == Invoice.Kind.CANCELLATION,
        "is_cancelled": found.state == Invoice.State.CANCELLED,
        "is_paid": found.state == Invoice.State.PAID,
        "cancelled_by": cancelled_by,
        "days_left": (found.due_on - timezone.localdate()).days if found.due_on else 0,
        "is_gross": prices.is_gross(document),
        "groups": prices.groups(document, with_choices=True),
        "sums": prices.sums(document),
        "payments": found.payments.all() if found.paid else [],
        "transfer": transfer.of(found, document),
        "labour": document.labour if document.labour and document.labour.net > 0 else None,
        "person": document.seller.contact_name,
        "thread": messages.thread(found),
        "question": form or QuestionForm(),
        "form": form,
        "counts_looks": True,
    }
    return link_pages.render(request, "portal/invoice.html", context, status=status)
