"""What the search finds in billing: documents by number, also by part of it, and by title (settings.SEARCH_SOURCES)."""

import re

from django.utils.translation import gettext as _

from accounts.rights import Right
from billing.models import DeliveryNote, Invoice, Order, Quote
from crm.search import Asked, Hit, Rank, Source

_UMLAUTS = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"))


def documents(asked: Asked) -> list[Source]:
    """Quotes, orders, invoices and delivery notes, by the rights to see them."""
    sees_money, sees_orders = Right.SEE_MONEY in asked.rights, Right.SEE_ORDERS in asked.rights
    kinds = [
        (sees_money, _("Angebote"), "file-text", Quote),
        (sees_orders, _("Aufträge"), "square-kanban", Order),
        (sees_money, _("Rechnungen"), "receipt-euro", Invoice),
        (sees_orders, _("Lieferscheine"), "truck", DeliveryNote),
    ]
    return [_source(asked, *kind) for may_see, *kind in kinds if may_see]


def _source(asked, name, icon, model):
    is_note = model is DeliveryNote
    rows = model.objects.select_related("order__customer" if is_note else "customer").defer("document")
    ways = [[("number", asked.text)]] if any(letter.isdigit() for letter in asked.text) else []
    if not is_note:
        ways += _in_title(asked.text)
    return Source(name, icon, rows, ways, lambda row: _hit(asked, row, row.order if is_note else row))


def _in_title(text):
    """Every word stands in the title, as it was typed or with its umlauts."""
    other = text
    for plain, umlaut in _UMLAUTS:
        other = other.replace(plain, umlaut)
    return [[("title", word) for word in each.split()] for each in dict.fromkeys([text, other])]


def _hit(asked, row, about):
    number, typed = (row.number or "").casefold(), asked.text.casefold()
    if typed == number or (typed.isdecimal() and re.search(rf"(\D|^)0*{typed.lstrip('0') or 0}$", number)):
        rank = Rank.EXACT
    elif typed in number:
        rank = Rank.PREFIX if number.startswith(typed) else Rank.WORD
    else:
        rank = max(asked.rank(about.title.casefold()), Rank.WORD)
    state = row.get_state_display() if about is row else ""
    detail = " · ".join(filter(None, [about.title, str(about.customer)]))
    return Hit(str(row), row.get_absolute_url(), rank, row.pk, detail, state)
