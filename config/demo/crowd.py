"""Very many contacts for measurements: names, streets, towns and telephone numbers as unevenly spread as they are, in
several businesses of which one has most, with tags, notes, files, quotes and timelines. The same in every run.

Rows are written past the verbs, by COPY on PostgreSQL and INSERT … SELECT on both; each is one the verbs could have left.
"""

import itertools
import random
from datetime import datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts import current
from accounts.models import Business
from billing.events import Event as BillingEvent
from billing.models import Quote
from config.demo import german
from crm import folding, numbering, search_words
from crm.models import Attachment, Customer, CustomerTag, Note, Tag, TimelineEntry
from crm.timeline import Event

SHARE = 0.8  # of the first business
OTHERS = 3
BATCH = 10_000
_STEMS = (
    "Alt Bach Berg Birk Brand Buch Dorn Eck Eich Erl Esch Feld Fisch Forst Gold Gras Grün Haar Hain Hart Hasel Heid Heller "
    "Hirsch Hof Holz Horn Kalt Kern Kirch Klee Krug Land Lehm Lind Löw Mark Mies Moor Mühl Neu Nord Ober Ost Pfeil Quell Reb "
    "Reh Rein Ried Ross Roth Sand Schäf Schön Schwarz Seid Sommer Stein Stern Stock Süd Tann Thal Ulm Unter Vogel Wald Wehr "
    "Weid Wein West Wies Wild Winkel Wolf Zahn Zieg"
)
_ENDS = (
    "mann meier müller bauer berger hofer ner ke er brecht wald stein hagen dorfer egger huber inger kamp loh mayer reuter "
    "rich schmidt schneider acker amp bach burg hardt heimer hoff ig lein ling mer mühle rodt seder städter thaler topf wig"
)
_TOWN_ENDS = (
    "dorf hausen heim stadt burg bach feld furt ingen kirchen berg thal rode stedt au büttel wedel moor loh see"
)
_STREET_ENDS = "straße weg allee gasse platz ring ufer steig damm kamp"
_NOTES = (
    "Flur 2,94 m breit, Decke fällt leicht ab", "Rückruf gewünscht wegen Küchenfronten", "Schlüssel liegt bei der Nachbarin",
    "Höhe der Fensterbank geprüft, Maße stimmen", "Wünscht Angebot für Einbauschrank in Eiche", "Parken nur im Hof möglich",
)  # fmt: skip
_FILES = ("Grundriß Küche.pdf", "IMG_2041.jpg", "Aufmaß Bad.pdf", "Fassade Süd.jpg", "Lageplan.pdf")


def gather(contacts: int, first: Business, *, say=lambda text: None) -> None:
    """That many contacts: most for one business, the rest for three others that are made."""
    dice = random.Random(f"crowd {contacts}")  # noqa: S311 - the same in every run
    words = _Words(dice)
    others = [_business(number) for number in range(1, OTHERS + 1)]
    for business, count in [
        (first, int(contacts * SHARE)),
        *[(each, int(contacts * (1 - SHARE) / OTHERS)) for each in others],
    ]:
        with current.working_for(business):
            last = Customer.objects.aggregate(last=Max("pk"))["last"] or 0
            _contacts(dice, words, count)
            _everything_about_them(behind=last)
            search_words.refresh()
        say(f"{count} contacts of {business}")


def _business(number):
    name = f"Nachbarbetrieb {number}"
    facts = {"name": name, "legal_name": name, "postcode": "10115", "city": "Berlin"}
    return Business.objects.get_or_create(slug=f"nachbar-{number}", defaults=facts)[0]


class _Words:
    """Names, towns and streets, few of them for many people."""

    def __init__(self, dice):
        names = [
            *german.LAST_NAMES,
            *(stem + end for stem, end in itertools.product(_STEMS.split(), [*_ENDS.split(), *_STEMS.lower().split()])),
        ]
        self.last = self._uneven(names)
        self.first = self._uneven(german.FIRST_NAMES)
        towns = [stem + end for stem, end in itertools.product(_STEMS.split(), _TOWN_ENDS.split())]
        dice.shuffle(towns)
        self.places = self._uneven([*german.PLACES, *((f"{dice.randrange(1067, 99999):05}", town) for town in towns)])
        streets = [stem + end for stem, end in itertools.product(_STEMS.split(), _STREET_ENDS.split())]
        self.streets = self._uneven([*german.STREETS, *streets])
        self.dice = dice

    @staticmethod
    def _uneven(values):
        """(values, running weights): the second half as common as the first, and so on (Zipf)."""
        return values, list(itertools.accumulate(1 / (place + 8) for place in range(len(values))))

    def some(self, kind, count):
        values, weights = getattr(self, kind)
        return self.dice.choices(values, cum_weights=weights, k=count)


def _contacts(dice, words, count):
    with transaction.atomic():
        number = numbering.take_customer_number(count)
    folded: dict[str, str] = {}

    def fold(text):
        if text not in folded:
            folded[text] = folding.fold(text).strip()
        return folded[text]

    done = 0
    while done < count:
        size = min(BATCH, count - done)
        rows = []
        for first, last, (postcode, city), street in zip(
            words.some("first", size), words.some("last", size), words.some("places", size), words.some("streets", size),
            strict=True,
        ):  # fmt: skip
            company = (
                f"{dice.choice(german.COMPANY_WORDS)} {last} {dice.choice(german.COMPANY_FORMS)}"
                if dice.random() < 0.2
                else ""
            )
            kind = "consumer" if not company else "public" if dice.random() < 0.02 else "business"
            mobile = f"{dice.choice(('171', '160', '151', '176', '40', '30', '89'))}{dice.randrange(1000000, 99999999)}"
            person, house = f"{first} {last}", str(dice.randrange(1, 160))
            email = f"k{number}@beispiel.example"
            folded_name = fold(company) or f"{fold(first)} {fold(last)}"
            rows.append(
                {
                    "number": number, "kind": kind, "company_name": company, "first_name": first, "last_name": last,
                    "name": company or person, "email": email, "mobile": f"0{mobile[:3]} {mobile[3:]}",
                    "street": f"{street} {house}", "postcode": postcode, "city": city, "is_prospect": dice.random() < 0.4,
                    "search_name": f"{fold(company)} {fold(last)} {fold(first)}".strip(),
                    "search_text": f" {folded_name} {fold(first)} {fold(last)} {email} {fold(street)} {house} {postcode} "
                    f"{fold(city)} {number} {mobile} ",
                }
            )  # fmt: skip
            number += 1
        _write(Customer, rows)
        done += size


def _write(model, rows):
    """Rows given as dictionaries; what they do not say is the model's default."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    now, here = timezone.now(), current.business().pk
    blank = {field.name: _default(field, now, here) for field in fields}
    values = [[row.get(field.name, blank[field.name]) for field in fields] for row in rows]
    names = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)  # noqa: S608 - our own table


def _select(model, source, **expressions):
    """Rows of a model out of a selection: SQL for some fields, the default for the others."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    now, here = timezone.now(), current.business().pk
    parts, values = [], []
    for field in fields:
        if field.name in expressions:
            parts.append(expressions[field.name])
        else:
            parts.append("%s")
            values.append(_default(field, now, here))
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(parts)} FROM {source}',  # noqa: S608
            values,
        )


def _default(field, now, here):
    if field.name == "business":
        return here
    value = now if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False) else field.get_default()
    if value is None and not field.null and field.get_internal_type() == "DateTimeField":
        value = now
    return field.get_db_prep_save(value, connection)


def _everything_about_them(*, behind):
    here, now = current.business().pk, timezone.now()
    customers = f"crm_customer c WHERE c.business_id = {here} AND c.id > {behind}"
    tags = [Tag.objects.get_or_create(name=name)[0] for name in german.TAGS]
    for place, tag in enumerate(tags):
        _select(CustomerTag, f"{customers} AND c.id %% {3 + 7 * place} = 1", customer="c.id", tag=str(tag.pk))
    for place in range(3):  # the last contact lies a month, a year, three years back
        at = _literal(now - timedelta(days=(30, 400, 1100)[place]))
        _select(
            TimelineEntry, f"{customers} AND c.id %% 3 = {place}", customer="c.id", event=f"'{Event.CUSTOMER_CREATED.value}'",
            at=at, facts="'{}'",
        )  # fmt: skip
    for place, text in enumerate(_NOTES):
        _select(Note, f"{customers} AND c.id %% 30 = {place}", customer="c.id", text=f"'{text}'")
    kind = ContentType.objects.get_for_model(Note).pk
    _select(
        TimelineEntry, f"crm_note n WHERE n.business_id = {here} AND n.customer_id > {behind}", customer="n.customer_id", event=f"'{Event.NOTE_ADDED.value}'",
        subject_type=str(kind), subject_id="n.id", at=_literal(now), facts="'{\"files\": \"0\"}'",
    )  # fmt: skip
    for place, name in enumerate(_FILES):
        _select(
            Attachment,
            f"{customers} AND c.id %% 60 = {place}",
            customer="c.id",
            name=f"'{name}'",
            kind="'pdf'",
            size="1000",
            file="'fehlt.pdf'",
        )
    _quotes(customers, here)


def _quotes(customers, here):
    today = timezone.localdate()
    for place, (state, days, each) in enumerate([("sent", 5, 100), ("declined", 200, 10), ("expired", 300, 10)]):
        day = today - timedelta(days=days)
        at = timezone.make_aware(datetime.combine(day, time(10)))
        count = "ROW_NUMBER() OVER (ORDER BY c.id)"
        serial = f"lpad(({count})::text, 6, '0')" if connection.vendor == "postgresql" else f"printf('%%06d', {count})"
        _select(
            Quote, f"{customers} AND c.id %% {each} = {place}", customer="c.id", number=f"'AN-{day.year}{place}-' || {serial}",
            title="'Einbauschrank im Flur'", state=f"'{state}'", sent_at=_literal(at), created_at=_literal(at),
            document="'{}'", document_hash="''", gross="1190", valid_until=_literal(day + timedelta(days=30)),
        )  # fmt: skip
    kind = ContentType.objects.get_for_model(Quote).pk
    _select(
        TimelineEntry, f"billing_quote q WHERE q.business_id = {here} AND q.document = '{{}}'", customer="q.customer_id",
        event=f"'{BillingEvent.QUOTE_SENT.value}'", subject_type=str(kind), subject_id="q.id", at="q.sent_at",
        facts="'{\"gross\": \"1190.00\"}'",
    )  # fmt: skip


def _literal(value):
    return f"'{value.isoformat(sep=' ') if isinstance(value, datetime) else value.isoformat()}'"
