"""Bulk data for measurements: many contacts with quotes, invented but German, the same in every run.

Rows are written in batches, past the verbs; every row is one the verbs could have left behind (numbers without gaps,
frozen documents with their hashes, timeline entries).
"""

import hashlib
import random
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from accounts import current
from billing import drafting
from billing.documents import model as documents
from billing.events import Event
from billing.models import Quote, QuoteLine
from billing.money import VAT_19
from config.demo import german
from crm import numbering
from crm.models import Customer, CustomerTag, NumberRange, Tag, TimelineEntry
from crm.timeline import Event as CrmEvent

BATCH = 2000


def seed(*, contacts: int, quotes_per_contact: int, progress=lambda done: None) -> None:
    """Add that many contacts, each with that many quotes, to the current business."""
    dice = random.Random(f"handschlag {contacts} {quotes_per_contact}")  # noqa: S311 - the same data in every run
    tags = [Tag.objects.get_or_create(name=name)[0] for name in german.TAGS]
    templates = _templates()
    done = 0
    while done < contacts:
        count = min(BATCH, contacts - done)
        with transaction.atomic():
            _batch(dice, count, quotes_per_contact, tags, templates)
        done += count
        progress(done)


def _batch(dice, count, quotes_per_contact, tags, templates):
    business, now = current.business(), timezone.now()
    first = numbering.take_customer_number(count)
    customers = [_customer(dice, first + place) for place in range(count)]
    _insert(customers)
    _insert([CustomerTag(customer=customer, tag=dice.choice(tags)) for customer in customers if dice.random() < 0.6])
    entries = [
        TimelineEntry(
            customer=customer, event=CrmEvent.CUSTOMER_CREATED.value, facts={"number": str(customer.number)},
            at=now - timedelta(days=dice.randrange(180, 1500), seconds=dice.randrange(86400)),
        )
        for customer in customers
    ]  # fmt: skip
    rows = []
    for customer in customers:
        rows += [_quote(dice, business, customer, templates) for _ in range(quotes_per_contact)]
    _number([quote for quote, _ in rows if quote.state != Quote.State.DRAFT])
    for quote, document in rows:
        if quote.state != Quote.State.DRAFT:
            frozen = replace(document, number=quote.number)
            quote.document = documents.to_json(frozen)
            quote.document_hash = hashlib.sha256(quote.document.encode()).hexdigest()
    _insert([quote for quote, _ in rows])
    _insert(
        [
            QuoteLine(
                quote=quote, sort=sort, text=line.text, quantity=line.quantity, unit=line.unit_code, unit_price=line.unit_price,
                cost_kind=line.cost_kind.value, is_frozen=quote.state != Quote.State.DRAFT,
            )
            for quote, document in rows
            for sort, line in enumerate(document.lines)
        ]
    )  # fmt: skip
    kind = ContentType.objects.get_for_model(Quote)
    entries += [
        TimelineEntry(
            customer=quote.customer, event=Event.QUOTE_SENT.value, subject_type=kind, subject_id=quote.pk,
            facts={"number": quote.number, "gross": str(quote.gross)}, at=quote.sent_at,
        )
        for quote, _ in rows
        if quote.sent_at
    ]  # fmt: skip
    _insert(entries)


def _insert(rows):
    """Write new rows of one model and give them their ids; on PostgreSQL by COPY, three times as fast as INSERT."""
    if not rows:
        return
    model = type(rows[0])
    if connection.vendor != "postgresql":
        model.objects.bulk_create(rows, batch_size=4000)
        return
    fields = model._meta.concrete_fields
    with connection.cursor() as cursor:
        sequence = f"pg_get_serial_sequence('{model._meta.db_table}', 'id')"
        cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [len(rows)])  # noqa: S608 - our own table
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.claim()
            row.pk = pk
        names = ", ".join(f'"{field.column}"' for field in fields)
        with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields])


def _customer(dice, number):
    first, last = dice.choice(german.FIRST_NAMES), dice.choice(german.LAST_NAMES)
    postcode, city = dice.choice(german.PLACES)
    customer = Customer(
        number=number, salutation=dice.choice(["ms", "mr"]), first_name=first, last_name=last,
        street=f"{dice.choice(german.STREETS)} {dice.randrange(1, 160)}", postcode=postcode, city=city,
        email=f"kunde{number}@beispiel.example", is_prospect=dice.random() < 0.4,
        phone=f"0{dice.choice(['171', '160', '151', '40', '30', '89'])} {dice.randrange(1000000, 9999999)}",
    )  # fmt: skip
    if dice.random() < 0.3:
        customer.kind = Customer.Kind.BUSINESS
        customer.company_name = f"{dice.choice(german.COMPANY_WORDS)} {last} {dice.choice(german.COMPANY_FORMS)}"
    customer.fill_derived()
    return customer


def _templates():
    """Each job as a document with sums, worked out once."""
    firm = drafting.seller(current.business(), on=timezone.localdate())
    found = []
    for title, rows in german.JOBS:
        lines = tuple(
            documents.DocumentLine(
                position=str(place), kind=documents.LineKind.ITEM, text=text, quantity=Decimal(quantity), unit=str(drafting.Unit(unit).label),
                unit_code=unit, unit_price=Decimal(price), vat=VAT_19, cost_kind=documents.CostKind(cost),
            )
            for place, (text, quantity, unit, price, cost) in enumerate(rows, 1)
        )  # fmt: skip
        draft = documents.Document(
            kind=documents.Kind.QUOTE, seller=firm, buyer=documents.Buyer(name="?"), subject=title, lines=lines,
            issued_on=timezone.localdate(),
        )  # fmt: skip
        found.append(documents.calculated(draft))
    return found


def _quote(dice, business, customer, templates):
    template = dice.choice(templates)
    state = dice.choices(
        [Quote.State.SENT, Quote.State.DECLINED, Quote.State.EXPIRED, Quote.State.DRAFT], [40, 25, 25, 10]
    )[0]
    today = timezone.localdate()
    sent_on = today - timedelta(days=dice.randrange(1, 25) if state == Quote.State.SENT else dice.randrange(60, 900))
    at = timezone.make_aware(datetime.combine(sent_on, time(dice.randrange(7, 19), dice.randrange(60))))
    valid_until = sent_on + timedelta(days=30)
    document = replace(template, buyer=drafting.buyer(customer), issued_on=sent_on, valid_until=valid_until)
    quote = Quote(
        customer=customer, title=template.subject, valid_until=valid_until, state=state, gross=template.totals.gross,
    )  # fmt: skip
    if state != Quote.State.DRAFT:
        quote.sent_at = at
    if state == Quote.State.DECLINED:
        quote.decided_at = at + timedelta(days=dice.randrange(1, 20))
        quote.decline_reason = dice.choice(Quote.Reason.values)
    return quote, document


def _number(quotes):
    """Numbers in the order of sending within the batch, from this year's series."""
    year = timezone.localdate().year
    last = numbering.take_many(NumberRange.Kind.QUOTE, year=year, count=len(quotes))
    for quote, number in zip(quotes, last, strict=True):
        quote.number = number
