"""What the search finds in billing: documents by number, also by part of it, and by title (settings.SEARCH_SOURCES)."""

import re

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.rights import Right
from billing.models import DeliveryNote, Invoice, Order, Quote
from crm.search import Asked, Hit, Kind, Rank, newest, ranked

_UMLAUTS = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"))


def documents(asked: Asked) -> list[Kind]:
    """Quotes, orders, invoices and delivery notes; of a quote in several versions the newest."""
    if max(map(len, asked.plain)) < 3:
        return []
    kinds = []
    if Right.SEE_MONEY in asked.rights:
        kinds += [
            _kind(asked, _("Angebote"), "file-text", Quote.objects.all()),
            _kind(asked, _("Rechnungen"), "receipt-euro", Invoice.objects.all()),
        ]
    if Right.SEE_ORDERS in asked.rights:
        kinds.insert(1, _kind(asked, _("Aufträge"), "square-kanban", Order.objects.all()))
        kinds.append(_kind(asked, _("Lieferscheine"), "truck", DeliveryNote.objects.select_related("order")))
    return kinds


def _kind(asked, heading, icon, rows):
    rows = rows.select_related("order__customer" if rows.model is DeliveryNote else "customer").defer("document")
    condition = _by_number(asked.text) if any(c.isdigit() for c in asked.text) else Q(pk=None)
    if rows.model is not DeliveryNote:
        condition |= _by_title(asked.text)
    by_number = {}
    for row in newest(rows, condition, asked.limit):
        by_number.setdefault(row.number or row.pk, row)
    hits = (_hit(asked, icon, row) for row in by_number.values())
    return Kind(heading, icon, ranked(hits, asked.limit))


def _by_number(text):
    return Q(number__icontains=text)


def _by_title(text):
    """Every word stands in the title, with its umlauts written either way."""
    condition = Q()
    for word in text.split():
        other = word
        for plain, umlaut in _UMLAUTS:
            other = other.replace(plain, umlaut)
        either = Q(title__icontains=word)
        condition &= either if other == word else either | Q(title__icontains=other)
    return condition


def _hit(asked, icon, row):
    is_note = isinstance(row, DeliveryNote)
    about = row.order if is_note else row
    number, typed = (row.number or "").casefold(), asked.text.casefold()
    if typed == number or (typed.isdecimal() and re.search(rf"(\D|^)0*{typed.lstrip('0') or 0}$", number)):
        rank = Rank.EXACT
    elif typed in number:
        rank = Rank.PREFIX if number.startswith(typed) else Rank.WORD
    else:
        rank = max(asked.rank(about.title.casefold()), Rank.WORD)
    state = "" if is_note else row.get_state_display()
    detail = " · ".join(filter(None, [about.title, str(about.customer)]))
    return Hit(icon, str(row), row.get_absolute_url(), rank, row.pk, detail, state)
