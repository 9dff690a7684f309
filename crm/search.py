"""One field finds everything: contacts, telephone numbers, notes, files, messages, and what the apps above add.

settings.SEARCH_SOURCES names functions that take what was asked and return hits. How rows are looked for so that it is
fast among a million of them stands in `newest`.
"""

from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.rights import Right, Rights
from crm import folding
from crm.models import Attachment, ContactPerson, Customer, Message, Note, SearchWord, Site

LONGEST = 100  # characters of what was typed that are looked at
RECENT = 5000  # rows of each kind that are read one by one before the index is asked
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

    def everywhere(self, column: str) -> Q:
        """Every word stands in that folded column, as it was typed or as a telephone number."""
        found = _all_in(column, self.plain)
        return found if self.words == self.plain else found | _all_in(column, self.words)

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

    kind: str
    title: str
    url: str
    rank: Rank
    recency: int
    detail: str = ""
    note: str = ""


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
    kinds = [kind for path in settings.SEARCH_SOURCES for kind in import_string(path)(asked) if kind.hits]
    certain = [kind for kind in kinds if not kind.is_guess]
    return sorted(certain or kinds, key=lambda kind: min(hit.rank for hit in kind.hits))


@dataclass(frozen=True)
class Matches:
    """Contacts that a list is filtered to. `pks` of all of them, None where nothing was searched; `is_more`: there are so
    many that only the best are among them."""

    rows: QuerySet
    pks: set[int] | None = None
    is_more: bool = False


def matches(text: str, rows: QuerySet) -> Matches:
    """The contacts of a selection in which all words stand. Of more than a thousand only the best, as `find` ranks them."""
    asked = Asked(" ".join(text.replace("\x00", "").split())[:LONGEST], Rights(None), BEST)
    condition = _all_in("search_text", asked.words)
    with only_the_index():
        pks = set(rows.order_by().filter(condition).values_list("pk", flat=True)[: MOST + 1])
    if len(pks) <= MOST:
        return Matches(rows.filter(pk__in=pks), pks)
    best = {customer.pk for customer in customers_matching(asked, rows)}
    return Matches(rows.filter(pk__in=best), best, is_more=True)


# --- how rows are found --------------------------------------------------------------------------------------------------
def newest(rows: QuerySet, condition: Q, limit: int, *, has_index: bool = True) -> list:
    """Rows that fulfil a condition, the newest first.

    On PostgreSQL in two steps. What many rows have in common ("Berlin") is found among the newest five thousand. What is
    rare is not, so that the trigram index, which would have to list all of the former, finds little then.
    """
    found = list(islice(_recent(rows, condition, limit), limit))
    if connection.vendor != "postgresql" or len(found) >= limit or not has_index:
        return found
    with only_the_index():
        there = set(rows.order_by().filter(condition).values_list("pk", flat=True)[:CANDIDATES])
    there -= {row.pk for row in found}
    return found + list(rows.filter(pk__in=there).order_by("-pk")) if there else found


def ranked(hits: Iterable[Hit], limit: int) -> list[Hit]:
    """The best ones."""
    return sorted(hits, key=lambda hit: (hit.rank, -hit.recency))[:limit]


def _recent(rows, condition, limit):
    if connection.vendor != "postgresql":
        return rows.filter(condition).order_by("-pk")[:limit]
    oldest = rows.order_by("-pk").values_list("pk", flat=True)[RECENT : RECENT + 1]
    behind = next(iter(oldest), None)
    near = rows.filter(pk__gt=behind) if behind else rows
    return near.filter(condition).order_by("-pk")[:limit]


@contextmanager
def only_the_index():
    """No reading through a whole table or all rows of a business: the planner takes two common words for a common pair."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        yield


def _all_in(column, words):
    condition = Q()
    for word in words:
        condition &= Q(**{f"{column}__contains": word})
    return condition


def has_trigrams(words: list[str]) -> bool:
    """Whether an index of trigrams is of any use."""
    return any(len(word) >= 3 for word in words)


# --- sources -------------------------------------------------------------------------------------------------------------
def contacts(asked: Asked) -> list[Kind]:
    """Contacts by name, address, e-mail and telephone number, their persons and addresses; else those with a similar name."""
    if Right.SEE_CONTACTS not in asked.rights:
        return []
    hits = [_contact(asked, customer) for customer in customers_matching(asked)]
    known = {hit.url for hit in hits}
    hits += [hit for hit in _persons(asked) if hit.url not in known]
    if not hits:
        hits = [_contact(asked, customer, rank=Rank.GUESS) for customer in _meant(asked)]
    return [Kind(_("Kontakte"), "users", ranked(hits, asked.limit))]


def customers_matching(asked: Asked, rows: QuerySet | None = None) -> list[Customer]:
    """Those with the number, those whose name begins so, and the newest in whom all words stand."""
    rows = (Customer.objects.active() if rows is None else rows).only(
        "business_id", "number", "name", "search_name", "search_text", "kind", "city", "postcode", "street"
    )
    found: dict[int, Customer] = {}
    if asked.text.isdecimal() and len(asked.text) < 12:
        found |= {row.pk: row for row in rows.filter(number=int(asked.text))}
    for beginning in _beginnings(asked.plain):
        alike = rows.filter(search_name__gte=beginning, search_name__lt=beginning + LAST).order_by("search_name", "pk")
        found |= {row.pk: row for row in alike[: asked.limit]}
    condition = _all_in("search_text", asked.words)
    more = newest(rows, condition, asked.limit, has_index=has_trigrams(asked.words))
    return list((found | {row.pk: row for row in more}).values())


def _beginnings(words):
    """As typed, and the other way round: lists have the last name first."""
    return {" ".join(words), " ".join(reversed(words))} if len(words) <= 3 else {" ".join(words)}


def _meant(asked):
    """Contacts in whom the words stand when one that is typed wrong is replaced."""
    guesses = [
        [*asked.plain[:place], other, *asked.plain[place + 1 :]]
        for place, word in enumerate(asked.plain)
        if word.isalpha() and len(word) >= 4
        for other in SearchWord.objects.near(word)
    ]
    found: dict[int, Customer] = {}
    for words in guesses[:GUESSES]:
        again = Asked(" ".join(words), asked.rights, asked.limit)
        found |= {row.pk: row for row in customers_matching(again)}
    return found.values()


def _contact(asked, customer, rank=None):
    if rank is None:
        is_number = asked.text in (str(customer.number), *asked.words) and asked.text == str(customer.number)
        phones = customer.search_text.split()
        rank = Rank.EXACT if is_number or (asked.words != asked.plain and asked.words[0] in phones) else asked.rank(
            customer.search_name, customer.name.casefold()
        )  # fmt: skip
    place = ", ".join(filter(None, [customer.street, f"{customer.postcode} {customer.city}".strip()]))
    return Hit("contact", customer.name, customer.get_absolute_url(), rank, customer.pk, place or str(customer.number))


def _persons(asked):
    """Contacts through somebody at a company, or through another address."""
    for model, detail in ((ContactPerson, "name"), (Site, "street")):
        rows = model.objects.filter(customer__archived_at=None).select_related("customer")
        for row in newest(rows, asked.everywhere("folded"), asked.limit, has_index=has_trigrams(asked.plain)):
            words = folding.fold(getattr(row, detail)).strip()
            yield Hit(
                "contact", str(row.customer), row.customer.get_absolute_url(), max(asked.rank(words), Rank.PREFIX),
                row.customer_id, str(row),
            )  # fmt: skip


def notes(asked: Asked) -> list[Kind]:
    """What was written down."""
    return _texts(asked, _("Notizen"), "pencil", Note.objects.filter(deleted_at=None), "text")


def files(asked: Asked) -> list[Kind]:
    """Photos and files by their names."""
    return _texts(asked, _("Dateien"), "paperclip", Attachment.objects.present(), "name")


def messages(asked: Asked) -> list[Kind]:
    """What customers and the office wrote to each other."""
    return _texts(asked, _("Nachrichten"), "message-square", Message.objects.all(), "text")


def _texts(asked, heading, icon, rows, column):
    if Right.SEE_NOTES not in asked.rights or not has_trigrams(asked.plain):
        return []
    found = newest(rows.select_related("customer"), asked.everywhere("folded"), asked.limit)
    hits = (
        Hit(
            icon, Truncator(getattr(row, column)).chars(120), _place(row), asked.rank(folding.fold(row.folded).strip()),
            row.pk, str(row.customer),
        )
        for row in found
    )  # fmt: skip
    return [Kind(heading, icon, ranked(hits, asked.limit))]


def _place(row):
    """Where a hit is read: a message where it is answered, a file by itself, a note on its contact's page."""
    if isinstance(row, Message):
        return reverse("crm:message_answer", args=[row.pk])
    if isinstance(row, Attachment):
        return reverse("crm:attachment_download", args=[row.pk])
    return row.customer.get_absolute_url()
