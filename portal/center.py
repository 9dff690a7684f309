"""Everything of one customer ("Ihre Unterlagen"), as far as it was released to them: no drafts, nothing of others (KUN2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Max, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from billing.models import Invoice, Order, OrderPhoto, Quote, SignOff
from crm.models import Appointment, Attachment, Customer, Message, Note

SOON = timedelta(days=7)
SHOWN = 50  # running things, appointments, conversations: who has more calls us
PAGE = 20  # documents
FILES = 12  # photos, and files, on one page

# what was taken back or replaced is no document of the customer any more
RELEASED_QUOTES = Q(state__in=[Quote.State.SENT, Quote.State.ACCEPTED, Quote.State.DECLINED, Quote.State.EXPIRED])
RUNNING = [
    Order.State.PLACED, Order.State.SCHEDULED, Order.State.STARTED, Order.State.COMPLETED, Order.State.WITHDRAWN,
]  # fmt: skip
DONE = [Order.State.COMPLETED, Order.State.INVOICED]


@dataclass(frozen=True)
class Entry:
    """A row that leads to a document: `key` names it for `find`, `protocol` is the id of a sign-off's paper."""

    key: str
    icon: str
    title: str
    note: str = ""
    badge: str = ""
    tone: str = ""
    amount: Decimal | None = None
    on: date | datetime | None = None
    protocol: int = 0


@dataclass(frozen=True)
class Urgent:
    """The one thing that matters now."""

    title: str
    note: str
    button: str
    key: str = ""  # of the document
    appointment: Appointment | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Page:
    """One page of a long list, and whether there is another."""

    rows: list
    number: int
    has_more: bool

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1


# What rows of the page show: the documents themselves are frozen in wide rows, and most of a row's time is its columns.
_OF_QUOTES = (
    "business", "customer", "number", "version", "kind", "state", "title", "gross", "valid_until", "sent_at", "amends",
)  # fmt: skip
_OF_ORDERS = ("business", "customer", "number", "state", "title", "placed_at", "quote")
_OF_INVOICES = (
    "business", "customer", "number", "kind", "state", "title", "gross", "paid", "due_on", "issued_at",
)  # fmt: skip
_OF_SIGN_OFFS = ("business", "state", "decided_at", "order__business", "order__number", "order__title")


def quotes_of(customer: Customer):
    """Quotes the customer may see."""
    return Quote.objects.filter(RELEASED_QUOTES, customer=customer).defer("document")


def orders_of(customer: Customer):
    """Orders of the customer; each of them was confirmed to them."""
    return Order.objects.filter(customer=customer).defer("document")


def invoices_of(customer: Customer):
    """Invoices and cancellations the customer was sent."""
    return Invoice.objects.filter(customer=customer).exclude(state=Invoice.State.DRAFT).defer("document")


def sign_offs_of(customer: Customer):
    """Protocols of sign-offs that are decided."""
    decided = SignOff.objects.filter(order__customer=customer, decided_at__isnull=False)
    return decided.select_related("order").defer("record", "order__document")


class Papers:
    """A customer's documents, newest first, up to the end of a page of them (attributes quotes, orders, invoices).

    Read once: what runs or waits is picked out of them, and asked for only where there are more than these.
    """

    def __init__(self, customer: Customer, *, page: int = 1):
        self.customer, self.page = customer, page
        self.end = page * PAGE + 1
        self.quotes = list(quotes_of(customer).only(*_OF_QUOTES).order_by("-sent_at", "-pk")[: self.end])
        self.orders = list(orders_of(customer).only(*_OF_ORDERS).order_by("-placed_at", "-pk")[: self.end])
        self.invoices = list(invoices_of(customer).only(*_OF_INVOICES).order_by("-issued_at", "-pk")[: self.end])

    def open_quotes(self) -> list[Quote]:
        """Quotes that wait for the customer, soonest to expire first."""
        if len(self.quotes) < self.end:
            waiting = [quote for quote in self.quotes if quote.state == Quote.State.SENT and not quote.has_expired]
            return sorted(waiting, key=lambda quote: (quote.valid_until, quote.pk))
        found = quotes_of(self.customer).filter(state=Quote.State.SENT, valid_until__gte=timezone.localdate())
        return list(found.only(*_OF_QUOTES).order_by("valid_until", "pk")[:SHOWN])

    def open_invoices(self) -> list[Invoice]:
        """What is to pay, first due first."""
        if len(self.invoices) < self.end:
            asked = [invoice for invoice in self.invoices if invoice.open_amount > 0]
            return sorted(asked, key=lambda invoice: (invoice.due_on or date.max, invoice.pk))
        found = invoices_of(self.customer).filter(state=Invoice.State.OPEN, gross__gt=F("paid"))
        return list(found.only(*_OF_INVOICES).order_by("due_on", "pk")[:SHOWN])

    def running_orders(self) -> list[Order]:
        """Orders somebody still works on or has to write the invoice of, newest first."""
        return self._orders(RUNNING, SHOWN)

    def done_orders(self, limit: int) -> list[Order]:
        """Orders whose work is done, newest first."""
        return self._orders(DONE, limit)

    def _orders(self, states, limit):
        if len(self.orders) < self.end:
            return [order for order in self.orders if order.state in states][:limit]
        found = orders_of(self.customer).filter(state__in=states).only(*_OF_ORDERS)
        return list(found.order_by("-placed_at", "-pk")[:limit])

    def rows(self) -> Page:
        """Everything on paper, newest first. Of each kind no more is read than could stand up to the end of this page."""
        signed = sign_offs_of(self.customer).only(*_OF_SIGN_OFFS).order_by("-decided_at", "-pk")[: self.end]
        rows = [
            *(_quote_row(each) for each in self.quotes),
            *(_order_row(each) for each in self.orders),
            *(_invoice_row(each) for each in self.invoices),
            *(_sign_off_row(each) for each in signed),
        ]
        rows.sort(key=lambda row: row.on, reverse=True)
        return Page(rows[self.end - 1 - PAGE : self.end - 1], self.page, len(rows) >= self.end)


def appointments_of(customer: Customer):
    """What is agreed from now on, soonest first."""
    found = Appointment.objects.filter(customer=customer, cancelled_at=None, ends_at__gte=timezone.now())
    return found.select_related("assignee__user").order_by("starts_at", "pk")


def files_of(customer: Customer):
    """Photos and files that were shared with the customer."""
    released = OrderPhoto.objects.filter(order__customer=customer).values("attachment")
    return Attachment.objects.present().filter(customer=customer).filter(Q(is_shared=True) | Q(pk__in=released))


def find(customer: Customer, key: str) -> Quote | Order | Invoice | None:
    """The document a key names ("order-12"); None for what is not this customer's or not released (P27)."""
    kind, _dash, pk = key.partition("-")
    selections = {"quote": quotes_of, "order": orders_of, "invoice": invoices_of}
    if kind not in selections or not (pk.isascii() and pk.isdecimal()) or len(pk) > 18:
        return None
    return selections[kind](customer).filter(pk=pk).first()


def urgent(invoices: list, appointments: list, quotes: list) -> Urgent | None:
    """Overdue invoice, open invoice, appointment within seven days, open quote; else nothing (KUN3)."""
    if invoices:
        invoice = invoices[0]  # first due first: an overdue one is before all others
        due = {"day": formats.day(invoice.due_on)}
        note = _("war zu zahlen bis %(day)s") % due if invoice.is_overdue else _("zahlbar bis %(day)s") % due
        return Urgent(
            f"{invoice.get_kind_display()} {invoice.number}",
            note,
            _("Ansehen und zahlen"),
            key=f"invoice-{invoice.pk}",
            amount=invoice.open_amount,
        )
    if appointments and appointments[0].starts_at < timezone.now() + SOON:
        soon = appointments[0]
        when = f"{formats.day_long(soon.starts_at)}, {formats.clock(soon.starts_at)}"
        return Urgent(soon.title, when, _("In den Kalender"), appointment=soon)
    if quotes:
        quote = quotes[0]
        note = _("gültig bis %(day)s") % {"day": formats.day(quote.valid_until)}
        return Urgent(quote.title, f"{_('Angebot')} {quote.number} · {note}", _("Ansehen"), key=f"quote-{quote.pk}")
    return None


def running(quotes: Iterable[Quote], orders: Iterable[Order]) -> list[Entry]:
    """Open quotes and orders on their way, with their state in words."""
    found = [
        Entry(
            f"quote-{quote.pk}", "file-text", quote.title, f"{quote_word(quote)} {quote.number}",
            badge=_("wartet auf Sie"), tone="inf", on=quote.valid_until, amount=quote.gross,
        )
        for quote in quotes
    ]  # fmt: skip
    return [
        *(
            Entry(
                f"order-{order.pk}", "hammer", order.title, _("Auftrag %(number)s") % {"number": order.number},
                badge=order.get_state_display(), tone=_tone(order),
            )
            for order in orders
        ),
        *found,
    ]  # fmt: skip


def quote_word(quote: Quote) -> str:
    """What kind of paper it is: an estimate and a change order are called by their names."""
    if quote.amends_id:
        return _("Nachtrag")
    return str(quote.get_kind_display()) if quote.kind == Quote.Kind.ESTIMATE else _("Angebot")


def _quote_row(quote):
    tones = {Quote.State.ACCEPTED: "ok", Quote.State.SENT: "inf"}
    badge, tone = quote.get_state_display(), tones.get(Quote.State(quote.state), "")
    if quote.state == Quote.State.SENT:
        badge, tone = (_("abgelaufen"), "") if quote.has_expired else (_("offen"), "inf")
    return Entry(
        f"quote-{quote.pk}", "file-text", f"{quote_word(quote)} {quote.number}", quote.title,
        badge=badge, tone=tone, amount=quote.gross, on=quote.sent_at,
    )  # fmt: skip


def _order_row(order):
    title = _("Auftragsbestätigung %(number)s") % {"number": order.number}
    return Entry(f"order-{order.pk}", "file-check", title, order.title, on=order.placed_at)


def _invoice_row(invoice):
    tones = {Invoice.State.OPEN: "warn", Invoice.State.PAID: "ok"}
    badge = "" if invoice.state == Invoice.State.SETTLED else invoice.get_state_display()
    tone = tones.get(Invoice.State(invoice.state), "")
    if invoice.is_overdue:
        badge, tone = _("überfällig"), "bad"
    return Entry(
        f"invoice-{invoice.pk}", "receipt-euro", f"{invoice.get_kind_display()} {invoice.number}", invoice.title,
        badge=badge, tone=tone, amount=invoice.gross, on=invoice.issued_at,
    )  # fmt: skip


def _sign_off_row(sign_off):
    title = _("Abnahme zu Auftrag %(number)s") % {"number": sign_off.order.number}
    return Entry(
        "", "list-checks", title, f"{sign_off.order.title} · PDF", protocol=sign_off.pk,
        badge=sign_off.get_state_display(), tone="ok" if sign_off.is_signed_off else "", on=sign_off.decided_at,
    )  # fmt: skip


def _tone(order):
    if order.state == Order.State.COMPLETED:
        return "ok"
    return "warn" if order.state == Order.State.WITHDRAWN else "brand"


@dataclass(frozen=True)
class Pictures:
    """Shared photos of one order, or those of none."""

    title: str
    key: str
    photos: list[Attachment]


def notes_of(customer: Customer):
    """What was written down and shared with the customer in words, newest first, with the photos shown beside it."""
    pictures = Attachment.objects.shared().filter(kind=Attachment.Kind.PHOTO).exclude(preview="")
    shared = Note.objects.shared().filter(customer=customer).exclude(text="")
    return shared.prefetch_related(Prefetch("attachments", pictures, to_attr="pictures")).order_by("-created_at", "-pk")


def notes(customer: Customer, *, page: int = 1) -> Page:
    """One page of them."""
    return _cut(notes_of(customer), page, FILES)


def photos(customer: Customer, *, page: int = 1) -> tuple[list[Pictures], Page]:
    """Photos shared with the customer, newest first, those of one order together."""
    released = OrderPhoto.objects.filter(order__customer=customer).values("attachment")
    # those beside a note that can be read stand there
    by_themselves = Q(note=None) | Q(note__shared_at=None) | Q(note__text="") | Q(pk__in=released)
    shown = files_of(customer).filter(by_themselves, kind=Attachment.Kind.PHOTO).exclude(preview="").order_by("-pk")
    found = _cut(shown, page, FILES)
    about: dict[int, OrderPhoto] = {}
    of_orders = OrderPhoto.objects.filter(attachment__in=[photo.pk for photo in found.rows]).select_related("order")
    for each in of_orders.only(
        "business", "attachment", "description", "order__business", "order__number", "order__title"
    ):
        about.setdefault(each.attachment_id, each)
    groups: dict[int, Pictures] = {}
    for photo in found.rows:
        of = about.get(photo.pk)
        photo.description = of.description if of else ""
        key = of.order_id if of else 0
        if key not in groups:
            title = f"{of.order.title} ({of.order.number})" if of else ""
            groups[key] = Pictures(title, f"order-{key}" if of else "", [])
        groups[key].photos.append(photo)
    return sorted(groups.values(), key=lambda group: not group.key), found


def files(customer: Customer, *, page: int = 1) -> Page:
    """Files shared with the customer, newest first."""
    return _cut(files_of(customer).exclude(kind=Attachment.Kind.PHOTO).order_by("-pk"), page, FILES)


def _cut(selection, page, size):
    rows = list(selection[(page - 1) * size : page * size + 1])
    return Page(rows[:size], page, len(rows) > size)


@dataclass(frozen=True)
class Conversation:
    """What was written about one document."""

    key: str  # empty: about nothing in particular
    title: str
    count: int
    unread: int
    last_at: datetime


def conversations(customer: Customer) -> list[Conversation]:
    """The conversations of a customer, those with unread answers first, then by the last word."""
    found = list(
        Message.objects.filter(customer=customer)
        .order_by()
        .values("subject_type", "subject_id")
        .annotate(n=Count("pk"), unread=Count("pk", filter=Q(by__isnull=False, read_at=None)), last=Max("created_at"))
        .order_by(F("unread").desc(), "-last")[: SHOWN * 2]
    )
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in (Quote, Order, Invoice)}
    ids: dict[type, list[int]] = {model: [] for model in kinds.values()}
    for row in found:
        if model := kinds.get(row["subject_type"]):
            ids[model].append(row["subject_id"])
    titles = _titles(customer, ids)
    nothing = ContentType.objects.get_for_model(Customer).pk
    merged: dict[str, Conversation] = {}
    for row in found:
        is_general = row["subject_type"] == nothing
        key, title = titles.get((kinds.get(row["subject_type"]), row["subject_id"]), ("", ""))
        if not key and not is_general:
            continue  # about something the customer cannot open any more
        title = title or _("Ohne Bezug auf ein Dokument")
        before = merged.get(key)
        merged[key] = Conversation(
            key, title, row["n"] + (before.count if before else 0), row["unread"] + (before.unread if before else 0),
            max(row["last"], before.last_at) if before else row["last"],
        )  # fmt: skip
    newest = sorted(merged.values(), key=lambda each: each.last_at, reverse=True)
    return sorted(newest, key=lambda each: not each.unread)[:SHOWN]


def _titles(customer, ids):
    """(model, id) -> (key, title). All versions of a quote and the order from it are one conversation."""
    numbers = dict(Quote.objects.filter(pk__in=ids[Quote], customer=customer).values_list("pk", "number"))
    of_number = {
        quote.number: (f"quote-{quote.pk}", f"{quote_word(quote)} {quote.number}, {quote.title}")
        for quote in quotes_of(customer).filter(number__in=set(numbers.values())).only(*_OF_QUOTES).order_by("version")
    }
    orders = orders_of(customer).filter(Q(pk__in=ids[Order]) | Q(quote__number__in=set(numbers.values())))
    found: dict[tuple[type | None, int], tuple[str, str]] = {}
    for order in orders.select_related("quote").only(*_OF_ORDERS, "quote__business", "quote__number"):
        title = (f"order-{order.pk}", f"{_('Auftrag %(number)s') % {'number': order.number}}, {order.title}")
        found[Order, order.pk] = title
        if order.quote:
            of_number[order.quote.number] = title
    for pk, number in numbers.items():
        found[Quote, pk] = of_number.get(number, ("", ""))
    for invoice in invoices_of(customer).filter(pk__in=ids[Invoice]).only(*_OF_INVOICES):
        words = f"{invoice.get_kind_display()} {invoice.number}, {invoice.title}"
        found[Invoice, invoice.pk] = (f"invoice-{invoice.pk}", words)
    return found
