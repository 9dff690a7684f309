"""Billing's sections on pages that belong to everybody: "Heute", a contact's page, the search.

Each tag asks the rights of the page's context itself: without SEE_MONEY there are no amounts, quotes or invoices.
"""

from django import template
from django.db.models import Q
from django.utils import timezone

from billing import waiting
from billing.models import Invoice, Order, Quote
from billing.views import documents

register = template.Library()

OF_CUSTOMER = 6
FOUND = 5


@register.inclusion_tag("billing/panel_today.html", takes_context=True)
def today_billing(context):
    """Quotes that were seen and not accepted, and overdue invoices."""
    today = timezone.localdate()
    shown = {"rights": context["rights"], "today": today}
    if context["rights"].see_money and context["rights"].write_documents:
        shown["quotes"] = list(waiting.seen_quotes()[: waiting.SHOWN])
        shown["invoices"] = waiting.overdue_invoices(on=today)
    return shown


@register.inclusion_tag("billing/panel_orders.html", takes_context=True)
def today_orders(context):
    """The member's own orders of today; for the office also those that wait for a date or an invoice."""
    rights, today = context["rights"], timezone.localdate()
    shown = {"rights": rights, "today": today, "csrf_token": context.get("csrf_token")}
    if rights.see_orders and context.get("member"):
        shown["mine"] = list(waiting.orders_of(context["member"], on=today)[: waiting.SHOWN])
    if rights.write_documents:
        shown["to_do"] = list(waiting.orders_to_do()[: waiting.SHOWN])
    return shown


@register.inclusion_tag("billing/panel_glance.html", takes_context=True)
def billing_glance(context):
    """The figures at a glance."""
    today = timezone.localdate()
    return {"glance": waiting.glance(on=today) if context["rights"].see_money else None}


@register.inclusion_tag("billing/panel_customer.html", takes_context=True)
def customer_documents(context, customer):
    """What is open with a contact, and what they are worth."""
    rights = context["rights"]
    shown = {"rights": rights, "customer": customer}
    if rights.see_orders:
        states = [
            Order.State.PLACED,
            Order.State.SCHEDULED,
            Order.State.STARTED,
            Order.State.COMPLETED,
            Order.State.WITHDRAWN,
        ]
        shown["orders"] = _of(customer.orders.filter(state__in=states))
    if rights.see_money:
        shown["quotes"] = _of(
            customer.quotes.filter(state__in=[Quote.State.DRAFT, Quote.State.SENT, Quote.State.DECLINED])
        )
        shown["invoices"] = _of(customer.invoices.filter(state__in=[Invoice.State.DRAFT, Invoice.State.OPEN]))
        seen = documents.views_of(Quote, [quote.pk for quote in shown["quotes"]])
        for quote in shown["quotes"]:
            quote.seen = seen.get(quote.pk)
        shown["value"] = waiting.value_of(customer)
    return shown


@register.inclusion_tag("billing/panel_found.html", takes_context=True)
def documents_found(context, search):
    """Documents in whose number or title the words of a search stand."""
    rights, search = context["rights"], (search or "").strip()
    shown = {"rights": rights}
    if len(search) < 3:
        return shown
    words = Q(number__icontains=search) | Q(title__icontains=search)
    if rights.see_orders:
        shown["orders"] = _found(Order, words, "-placed_at")
    if rights.see_money:
        shown["quotes"] = _found(Quote, words, "-created_at")
        shown["invoices"] = _found(Invoice, words, "-created_at")
    return shown


def _of(rows):
    return list(rows.defer("document").order_by("-pk")[:OF_CUSTOMER])


def _found(model, words, order):
    return list(model.objects.filter(words).select_related("customer").defer("document").order_by(order, "-pk")[:FOUND])
