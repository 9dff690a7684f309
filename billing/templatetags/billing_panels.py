"""Billing's sections on pages that belong to everybody: "Heute" and a contact's page.

Each tag asks the rights of the page's context itself: without SEE_MONEY there are no amounts, quotes or invoices.
"""

from django import template
from django.utils import timezone

from accounts import current
from billing import (
    base_rates,
    construction_withholding,
    dunning_forms,
    figures,
    follow_ups,
    invoice_deadlines,
    on_behalf,
    small_business,
    waiting,
)
from billing.models import DunningLetter, Invoice, Order, Quote

register = template.Library()

OF_CUSTOMER = 6
OF_THE_DAY = 10


@register.inclusion_tag("billing/panel_today.html", takes_context=True)
def today_billing(context):
    """Quotes that were seen and not accepted, or declined; orders that wait for a date or an invoice."""
    today, found = timezone.localdate(), _matters(context)
    quotes, orders = list(found.get("quotes", [])), list(found.get("orders", []))
    return {
        "today": today,
        "csrf_token": context.get("csrf_token"),
        "wishes": list(found.get("wishes", [])),
        "overruns": list(found.get("overruns", [])),
        "seen": _in(Quote.State.SENT, quotes),
        "declined": _in(Quote.State.DECLINED, quotes),
        "withdrawn": _in(Order.State.WITHDRAWN, orders),
        "placed": _in(Order.State.PLACED, orders),
        "to_bill": [(order, invoice_deadlines.of(order)) for order in _in(Order.State.COMPLETED, orders)],
    }


@register.inclusion_tag("billing/panel_invoices.html", takes_context=True)
def today_invoices(context):
    """Overdue invoices."""
    return {"overdue": _matters(context).get("overdue")}


@register.inclusion_tag("billing/panel_tax.html", takes_context=True)
def today_tax(context):
    """How near the limits of § 19 UStG are from 80 % on (R27), a certificate that runs out within eight weeks (R19), and a
    base rate that nobody has entered yet (R65).
    """
    rights = context["rights"]
    if not rights.see_money or not context.get("member"):
        return {}
    business, today = current.business(), timezone.localdate()
    standing = small_business.of_business(business, on=today)
    shown = {"may_mend": rights.manage_business}
    if standing and (standing.step or standing.had_too_much):
        shown["standing"] = standing
    until = business.exemption_valid_until
    if until and construction_withholding.expires_soon(business, on=today):
        shown |= {"certificate_until": until, "has_run_out": until < today}
    if base_rates.ends_soon(today):
        shown["rates_until"] = base_rates.known_until()
    return shown


@register.inclusion_tag("billing/panel_orders.html", takes_context=True)
def today_orders(context):
    """Orders of the day, without amounts: everybody's where the page says `sees_all`, else the member's own."""
    rights, member = context["rights"], context.get("member")
    everybodys = bool(context.get("sees_all"))
    shown = {"rights": rights, "everybodys": everybodys}
    if rights.see_orders and member and context.get("has_orders", True):
        found = waiting.orders_of_the_day(member, on=timezone.localdate(), everybodys=everybodys)
        found = list(found[: OF_THE_DAY + 1])
        shown |= {"orders": found[:OF_THE_DAY], "has_more": len(found) > OF_THE_DAY}
    return shown


@register.inclusion_tag("billing/panel_glance.html", takes_context=True)
def billing_glance(context):
    """The figures at a glance."""
    return {"glance": figures.glance(on=timezone.localdate()) if context["rights"].see_money else None}


@register.inclusion_tag("billing/panel_customer.html", takes_context=True)
def customer_documents(context, customer):
    """What is open with a contact: quotes, orders, invoices."""
    rights = context["rights"]
    shown = {"rights": rights, "customer": customer}
    if rights.see_orders:
        living = [
            Order.State.PLACED,
            Order.State.SCHEDULED,
            Order.State.STARTED,
            Order.State.COMPLETED,
            Order.State.WITHDRAWN,
        ]
        shown["orders"] = _of(customer.orders.filter(state__in=living))
    if rights.accept_on_site and not rights.see_money and context.get("member"):
        mine = on_behalf.on_site_quotes(context["member"])
        shown["handed_over"] = _of(mine.filter(customer=customer))
    if rights.see_money:
        undecided = [Quote.State.DRAFT, Quote.State.SENT, Quote.State.DECLINED]
        shown["quotes"] = _of(waiting.with_looks(customer.quotes.filter(state__in=undecided)))
        shown["invoices"] = _of(customer.invoices.filter(state__in=[Invoice.State.DRAFT, Invoice.State.OPEN]))
        for quote in shown["quotes"]:
            quote.seen = {"times": quote.times, "last": quote.last_seen_at} if quote.times else None
    return shown


@register.inclusion_tag("billing/panel_follow_up.html", takes_context=True)
def quote_follow_up(context, quote):
    """What was done about a sent quote, what comes next by itself, and the steps people can take."""
    shown = {"rights": context["rights"], "csrf_token": context.get("csrf_token"), "quote": quote}
    if quote.is_draft:
        return shown
    is_open = quote.state == Quote.State.SENT and not quote.has_expired
    return shown | {"is_open": is_open, "overview": follow_ups.overview(quote)}


@register.inclusion_tag("billing/panel_value.html", takes_context=True)
def customer_value(context, customer):
    """What a contact is worth."""
    return {"value": figures.value_of(customer) if context["rights"].see_money else None}


def _matters(context):
    """The selections of "Heute"; each is read only where it is shown, and not at all where the page counted none."""
    member, numbers = context.get("member"), context.get("numbers") or {}
    found = waiting.matters(member, on=timezone.localdate()) if member else {}
    return {name: selection if numbers.get(name, 1) else [] for name, selection in found.items()}


def _in(state, rows):
    return [row for row in rows if row.state == state]


def _of(rows):
    return list(rows.defer("document").order_by("-pk")[:OF_CUSTOMER])


@register.inclusion_tag("billing/dunning_panel.html", takes_context=True)
def dunning_panel(context, invoice):
    """Letters about an invoice, its stop and its instalments."""
    letters = DunningLetter.objects.filter(items__invoice=invoice).defer("content").order_by("-pk")
    return {
        "invoice": invoice,
        "rights": context["rights"],
        "csrf_token": context.get("csrf_token"),
        "letters": list(letters),
        "instalments": list(invoice.instalments.all()),
        "stop_form": dunning_forms.StopForm(),
        "plan_form": dunning_forms.PlanForm(),
        "reasons": dunning_forms.REASONS,
    }


@register.inclusion_tag("billing/order_delivery_notes.html", takes_context=True)
def delivery_notes(context, order):
    """What was handed over for an order, on paper."""
    is_open = order.state not in {Order.State.CANCELLED, Order.State.WITHDRAWN}
    return {
        "order": order,
        "delivery_notes": order.delivery_notes.defer("document").order_by("-pk"),
        "may_write": is_open and context["rights"].write_notes,
    }
