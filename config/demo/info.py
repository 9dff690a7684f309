"""What an outside check needs to know about a running demo (the handle `demo_info`)."""

from typing import Any

from django.conf import settings

from accounts import current
from accounts.models import Business
from billing import invoices, orders
from billing.models import Invoice, Order, Quote
from config.demo import people
from crm import access, center_links
from crm.models import Arrangement, Customer
from feedback.models import FeedbackRequest

KINDS = ["quote_consumer", "quote_business", "quote_gated", "order", "invoice", "feedback", "expired", "center", "date"]
# The first link of a kind is one on which something can still be done.
RANK = {"sent": 0, "open": 0, "started": 0, "expired": 0, "scheduled": 1, "placed": 1, "completed": 2, "paid": 3}


def collect() -> dict:
    """Addresses, sign-ins, customers' links of every kind with their state, and ids per business."""
    noted = settings.VAR_DIR / "base_url"
    if noted.exists():
        settings.PUBLIC_BASE_URL = noted.read_text().strip()
    info: dict[str, Any] = {"base_url": settings.PUBLIC_BASE_URL, "users": [], "links": [], "ids": {}}
    for business in Business.objects.filter(slug__in=people.MEMBERS).order_by("pk"):
        with current.working_for(business):
            info["users"] += [
                {"business": business.slug, "email": email, "password": people.PASSWORD, "role": str(role.value)}
                for email, _, role in people.MEMBERS[business.slug]
            ]
            info["links"] += [{**link, "business": business.slug} for link in _links()]
            info["ids"][business.slug] = {
                "contacts": _ids(Customer), "quotes": _ids(Quote), "orders": _ids(Order), "invoices": _ids(Invoice),
            }  # fmt: skip
    info["links"].sort(key=lambda link: (KINDS.index(link["kind"]), RANK.get(link["state"], 9)))
    return info


def _ids(model):
    return list(model.objects.order_by("pk").values_list("pk", flat=True)[:200])


def _links():
    found = [_quote_link(quote) for quote in Quote.objects.exclude(state=Quote.State.DRAFT).order_by("pk")]
    for order in Order.objects.order_by("pk"):
        found.append(_link("order", order, order.state, orders.mint_link))
    for invoice in Invoice.objects.exclude(state=Invoice.State.DRAFT).order_by("pk"):
        found.append(_link("invoice", invoice, invoice.state, invoices.mint_link))
    for request in FeedbackRequest.objects.exclude(state=FeedbackRequest.State.PLANNED).order_by("pk"):
        if link := access.links_to(request).first():
            found.append({"kind": "feedback", "url": access.url(link), "postcode": None, "state": request.state})
    # everything of a customer opens with a code that is mailed to them
    for customer in Customer.objects.filter(orders__isnull=False).exclude(email="").distinct().order_by("pk"):
        url = access.url(center_links.obtain(customer))
        found.append({"kind": "center", "url": url, "postcode": None, "state": "open"})
    for arrangement in Arrangement.objects.order_by("pk"):
        if link := access.links_to(arrangement).first():
            found.append({"kind": "date", "url": access.url(link), "postcode": None, "state": arrangement.state})
    return [link for link in found if link]


def _quote_link(quote):
    link = access.links_to(quote).first()
    if link is None:
        return None
    if not link.is_open:
        kind = "expired"
    elif link.asks_postcode:
        kind = "quote_gated"
    else:
        kind = "quote_consumer" if quote.customer.is_consumer else "quote_business"
    postcode = quote.customer.postcode if link.asks_postcode else None
    return {"kind": kind, "url": access.url(link), "postcode": postcode, "state": quote.state}


def _link(kind, subject, state, mint):
    link = next((link for link in access.links_to(subject) if link.is_open), None)
    if link is None:
        link = mint(subject)
    postcode = subject.customer.postcode if link.asks_postcode else None
    return {"kind": kind, "url": access.url(link), "postcode": postcode, "state": state}
