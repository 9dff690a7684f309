"""One field finds everything: contacts, telephone numbers, notes, files, messages, and what the apps above add.

settings.SEARCH_SOURCES names functions that take what was asked and return sources. How rows are looked for so that it is
fast among a million of them stands in `newest`.
"""

import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import current
from accounts.rights import Right, Rights
from crm import folding
from crm.models import Attachment, ContactPerson, Customer, Message, Note, SearchWord, Site

LONGEST = 100  # characters of what was typed that are looked at
RECENT = 2000  # rows of each kind that are read one by one before the index is asked
CANDIDATES = 200  # of what the index finds, so many are ranked
GUESSES = 6  # of what may have been meant
MOST = 1000  # contacts that a list shows for some words; of more of them the best
BEST = 50
LAST = "z" * 8  # behind every name that begins with what stands before it, in whatever order a database sorts


class Rank(IntEnum):
    """How well a hit fits, best first."""

    EXACT = 0
    PREFIX = 1
    WORD = 2
    INSIDE = 3
    GUESS = 4


@dataclass(frozen=True)
class Asked:
    """What somebody typed, folded, and what they may see. `words`: a telephone number is one word of digits;
    `plain`: as typed."""

    text: str
    rights: Rights
    limit: int
    words: list[str] = field(init=False)
    plain: list[str] = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "words", folding.words(self.text))
        object.__setattr__(self, "plain", folding.fold(self.text).split())

    @property
    def is_too_short(self) -> bool:
        """A single letter finds everybody."""
        return max(map(len, self.plain), default=0) < 2

    def everywhere(self, column: str) -> list[list[tuple[str, str]]]:
        """Every word stands in that folded column, as it was typed or as a telephone number."""
        ways = [self.plain] if self.words == self.plain else [self.plain, self.words]
        return [[(column, word) for word in words] for words in ways]

    def rank(self, *names: str) -> Rank:
        """How well folded names fit."""
        return min(self._rank(name) for name in names)

    def _rank(self, name):
        typed, there = " ".join(self.plain), name.split()
        if typed == name or sorted(self.plain) == sorted(there):
            return Rank.EXACT
        if name.startswith(typed):
            return Rank.PREFIX
        if all(any(each.startswith(word) for each in there) for word in self.plain):
            return Rank.WORD
        return Rank.INSIDE


@dataclass(frozen=True)
class Hit:
    """Something found. `recency` orders hits of one rank, the largest first."""

    title: str
    url: str
    rank: Rank
    recency: int
    detail: str = ""
    note: str = ""


@dataclass(frozen=True)
class Source:
    """Rows of one kind that a search looks through. `ways` are lists of (column, text): a row is found in which all texts of
    one list stand in their columns. `first` are rows that are hits whatever their text says.
    """

    name: str | Promise
    icon: str
    rows: QuerySet
    ways: list[list[tuple[str, str]]]
    hit: Callable[[Any], Hit]
    first: list = field(default_factory=list)

    @property
    def is_worth_it(self) -> bool:
        """Two letters stand in everything, and no index knows them."""
        return any(
            way and all(text for _column, text in way) and max(len(text) for _c, text in way) >= 3 for way in self.ways
        )


@dataclass(frozen=True)
class Kind:
    """Hits of one kind, under one heading."""

    name: str
    icon: str
    hits: list[Hit]

    @property
    def is_guess(self) -> bool:
        """Whether nothing was found as it was typed."""
        return all(hit.rank == Rank.GUESS for hit in self.hits)


def find(text: str, rights: Rights, *, limit: int = 20) -> list[Kind]:
    """What was found, kinds with the best hit first; what was guessed only where nothing was found as it was typed."""
    asked = Asked(" ".join(text.replace("\x00", "").split())[:LONGEST], rights, limit)
    if asked.is_too_short:
        return []
    kinds = _kinds(asked, [source for path in settings.SEARCH_SOURCES for source in import_string(path)(asked)])
    if not kinds and Right.SEE_CONTACTS in rights:
        kinds = _meant(asked)
    return sorted(kinds, key=lambda kind: min(hit.rank for hit in kind.hits))


def _kinds(asked, sources) -> list[Kind]:
    """The best hits, those of sources of one name together."""
    hits: dict[tuple[str, str], dict[str, Hit]] = {}
    for source, pks in zip(sources, _found(sources, asked.limit), strict=True):
        rows = {row.pk: row for row in source.first}
        if pks - rows.keys():
            rows |= {row.pk: row for row in source.rows.filter(pk__in=pks - rows.keys())}
        known = hits.setdefault((source.name, source.icon), {})
        for row in sorted(rows.values(), key=lambda row: -row.pk):
            hit = source.hit(row)
            if hit.url not in known or hit.rank < known[hit.url].rank:
                known[hit.url] = hit
    best = {kind: sorted(each.values(), key=lambda hit: (hit.rank, -hit.recency)) for kind, each in hits.items()}
    return [Kind(*kind, found[: asked.limit]) for kind, found in best.items() if found]


@dataclass(frozen=True)
class Matches:
    """Contacts that a list is filtered to. `pks` of all of them, None where nothing was searched; `is_more`: there are so
    many that only the best are among them."""

    rows: QuerySet
    pks: set[int] | None = None
    is_more: bool = False


def matches(text: str, rows: Any) -> Matches:
    """The contacts of a selection in which all words stand. Of more than a thousand only the best, as `find` ranks them."""
    asked = Asked(" ".join(text.replace("\x00", "").split())[:LONGEST], Rights(None), BEST)
    with only_the_index():
        pks = set(rows.matching(text).order_by().values_list("pk", flat=True)[: MOST + 1])
    if len(pks) <= MOST:
        return Matches(rows.filter(pk__in=pks), pks)
    source = _customers(asked, rows)
    best = {row.pk for row in source.first} | _found([source], BEST)[0]
    return Matches(rows.filter(pk__in=best), best, is_more=True)


# --- how rows are found --------------------------------------------------------------------------------------------------
def _found(sources: list[Source], limit: int) -> list[set[int]]:
    """Ids of rows in which the texts stand, the newest, for all sources at once.

    On PostgreSQL in two steps. What many rows have in common ("Berlin") is found among the newest two thousand. What is
    rare is not, so that the trigram index, which would have to list all of the former, finds little then.
    """
    found: list[set[int]] = [set() for _source in sources]
    most = 2 * limit  # some of them are deleted
    asked = {place: source for place, source in enumerate(sources) if source.is_worth_it}
    if connection.vendor == "postgresql":
        _collect(found, asked, _RECENT, most)
        asked = {place: source for place, source in asked.items() if len(found[place]) < limit}
        with only_the_index():
            _collect(found, asked, _INDEXED, CANDIDATES)
    else:
        _collect(found, asked, _READ, most)
    return found


# {number} of the source, its {table} and {condition}; the business is the first parameter. Where the rows of a business
# end is said by itself: else whatever others have newer would be walked through.
_RECENT = (
    "(SELECT {number}, id FROM (SELECT * FROM {table} WHERE business_id = %s "
    "AND id <= (SELECT max(id) FROM {table} WHERE business_id = {here}) ORDER BY id DESC LIMIT {recent}) recent "
    "WHERE {condition} ORDER BY id DESC LIMIT {most})"
)
_INDEXED = "(SELECT {number}, id FROM {table} WHERE business_id = %s AND ({condition}) LIMIT {most})"
_READ = "SELECT * FROM (SELECT {number}, id FROM {table} WHERE business_id = %s AND ({condition}) ORDER BY id DESC LIMIT {most})"


def _collect(found, sources, form, most):
    """Ask all sources in one query and note the ids."""
    parts: list[str] = []
    values: list[Any] = []
    for number, source in sources.items():
        condition, texts = _condition(source.ways)
        table = f'"{source.rows.model._meta.db_table}"'
        here = current.business().pk
        parts.append(form.format(number=number, table=table, condition=condition, here=here, recent=RECENT, most=most))
        values += [here, *texts]
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            for number, pk in cursor.fetchall():
                found[number].add(pk)


def _condition(ways) -> tuple[str, list[str]]:
    """SQL and its texts. Columns of the search are folded already; others are asked in capitals, as their index is."""
    parts, texts = [], []
    for way in ways:
        words = []
        for column, text in way:
            escaped = re.sub(r"([\\%_])", r"\\\1", text)
            if column in FOLDED:
                words.append(f'"{column}" LIKE %s')
                texts.append(f"%{escaped}%")
            else:
                words.append(f'upper("{column}"{_TEXT[connection.vendor]}) LIKE %s')
                texts.append(f"%{escaped.upper()}%")
            if connection.vendor == "sqlite":
                words[-1] += " ESCAPE '\\'"
        parts.append(f"({' AND '.join(words)})")
    return " OR ".join(parts), texts


FOLDED = {"search_text", "folded"}
_TEXT = {"postgresql": "::text", "sqlite": ""}


@contextmanager
def only_the_index():
    """No reading through a whole table or all rows of a business: the planner takes two common words for a common pair."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        yield


# --- sources -------------------------------------------------------------------------------------------------------------
def contacts(asked: Asked) -> list[Source]:
    """Contacts by name, address, e-mail and telephone number, also of their persons and other addresses."""
    if Right.SEE_CONTACTS not in asked.rights:
        return []
    persons = ContactPerson.objects.filter(customer__archived_at=None).select_related("customer")
    sites = Site.objects.filter(customer__archived_at=None).select_related("customer")
    folded = asked.everywhere("folded")
    return [
        _customers(asked, Customer.objects.active()),
        Source(*_CONTACTS, persons, folded, lambda row: _through(asked, row, row.name)),
        Source(*_CONTACTS, sites, folded, lambda row: _through(asked, row, row.street)),
    ]


def _customers(asked, rows, rank=None) -> Source:
    """Besides the newest in whom all words stand: those with the number, and those whose name begins so."""
    rows = rows.only(
        "business_id", "number", "name", "search_name", "search_text", "kind", "city", "postcode", "street"
    )
    first = list(rows.filter(number=int(asked.text))) if asked.text.isdecimal() and len(asked.text) < 12 else []
    for beginning in _beginnings(asked.plain):
        alike = rows.filter(search_name__gte=beginning, search_name__lt=beginning + LAST).order_by("search_name", "pk")
        first += alike[: asked.limit]
    ways = [[("search_text", word) for word in asked.words]]
    return Source(*_CONTACTS, rows, ways, lambda row: _contact(asked, row, rank), first)


def _beginnings(words):
    """As typed, and the other way round: lists have the last name first."""
    return {" ".join(words), " ".join(reversed(words))} if len(words) <= 3 else {" ".join(words)}


def _meant(asked) -> list[Kind]:
    """Contacts in whom the words stand when one that is typed wrong is replaced."""
    guesses = [
        [*asked.plain[:place], other, *asked.plain[place + 1 :]]
        for place, word in enumerate(asked.plain)
        if word.isalpha() and len(word) >= 4
        for other in SearchWord.objects.near(word)
    ]
    again = [Asked(" ".join(words), asked.rights, asked.limit) for words in guesses[:GUESSES]]
    return _kinds(asked, [_customers(each, Customer.objects.active(), Rank.GUESS) for each in again])


def _contact(asked, customer, rank):
    if rank is None:
        is_number = asked.text == str(customer.number)
        is_phone = asked.words != asked.plain and asked.words[0] in customer.search_text.split()
        names = (customer.search_name, folding.fold(customer.name).strip())
        rank = Rank.EXACT if is_number or is_phone else asked.rank(*names)
    place = ", ".join(filter(None, [customer.street, f"{customer.postcode} {customer.city}".strip()]))
    return Hit(customer.name, customer.get_absolute_url(), rank, customer.pk, place or str(customer.number))


def _through(asked, row, words):
    """A contact, through somebody at the company or another address."""
    rank = max(asked.rank(folding.fold(words).strip()), Rank.PREFIX)
    return Hit(str(row.customer), row.customer.get_absolute_url(), rank, row.customer_id, str(row))


def notes(asked: Asked) -> list[Source]:
    """What was written down."""
    found = Note.objects.filter(deleted_at=None)
    return _texts(asked, _("Notizen"), "pencil", found, "text", lambda row: row.customer.get_absolute_url())


def files(asked: Asked) -> list[Source]:
    """Photos and files by their names."""
    found, place = Attachment.objects.present(), lambda row: reverse("crm:attachment_download", args=[row.pk])
    return _texts(asked, _("Dateien"), "paperclip", found, "name", place)


def messages(asked: Asked) -> list[Source]:
    """What customers and the office wrote to each other."""
    place = lambda row: reverse("crm:message_answer", args=[row.pk])  # noqa: E731
    return _texts(asked, _("Nachrichten"), "message-square", Message.objects.all(), "text", place)


def _texts(asked, name, icon, rows, column, place):
    if Right.SEE_NOTES not in asked.rights:
        return []

    def hit(row):
        rank = asked.rank(folding.fold(row.folded).strip())
        return Hit(Truncator(getattr(row, column)).chars(120), place(row), rank, row.pk, str(row.customer))

    return [Source(name, icon, rows.select_related("customer"), asked.everywhere("folded"), hit)]


_CONTACTS = (gettext_lazy("Kontakte"), "users")
