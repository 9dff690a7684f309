"""Contacts that are probably one: how alike two are, and who is there already while somebody types.

What counts is what people mean by the same contact: one mail address, one telephone number, one name at one address, in
whatever spelling. `compare` knows no database; `likely` narrows the book down to a few with the search's own indexes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from crm import folding, search
from crm.models import ContactPerson, Customer, DuplicatePair, SearchWord

SHOWN = 5
CANDIDATES = 60
LIKELY = 30  # from that score on a contact is shown while another is typed
SURE = 40  # from that score on a search over the whole book asks
SPELLINGS = 12  # of a name, that are looked up
FIELDS = ("company_name", "first_name", "last_name", "email", "phone", "mobile", "street", "postcode", "city")
# Words that say what kind of firm it is, or how somebody is addressed, not who it is.
_NOISE = {
    "gmbh", "mbh", "ug", "haftungsbeschraenkt", "kg", "ohg", "gbr", "ag", "ek", "co", "und", "fa", "firma", "inh", "inhaber",
    "inhaberin", "dr", "prof", "dipl", "ing", "herr", "frau", "familie", "fam", "the",
}  # fmt: skip


class Reason(TextChoices):
    """What two contacts have in common."""

    EMAIL = "email", _("gleiche E-Mail-Adresse")
    PHONE = "phone", _("gleiche Telefonnummer")
    NAME = "name", _("gleicher Name")
    SIMILAR = "similar", _("ähnlicher Name")
    LAST_NAME = "last_name", _("gleicher Nachname")
    ADDRESS = "address", _("gleiche Adresse")


WEIGHTS = {
    Reason.EMAIL: 60, Reason.PHONE: 50, Reason.NAME: 40, Reason.SIMILAR: 30, Reason.ADDRESS: 25, Reason.LAST_NAME: 15,
}  # fmt: skip
SAME_PLACE, OTHER_PLACE = 10, -15  # the postcode, where both are known and it is not the whole address


@dataclass(frozen=True)
class Traits:
    """What a contact is known by, folded."""

    pk: int | None
    company_name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""

    @cached_property
    def company(self) -> tuple[str, ...]:
        return words_of(self.company_name)

    @cached_property
    def person(self) -> tuple[str, ...]:
        return words_of(f"{self.first_name} {self.last_name}")

    @cached_property
    def names(self) -> list[tuple[str, ...]]:
        """The names it goes by, each as its sorted words; a person's only with first and last name."""
        return [name for name in (self.company, self.person if len(self.person) > 1 else ()) if name]

    @cached_property
    def address(self) -> str:
        """Street and number in one spelling; empty without a number."""
        line = re.sub(r"str(?:asse|\.)?(?=[ \d]|$)", "str", folding.fold(self.street).strip())
        line = re.sub(r"[^a-z0-9]", "", line)
        return line if re.search(r"\d", line) else ""

    @cached_property
    def phones(self) -> frozenset[str]:
        return frozenset(digits for digits in folding.fold_phones(self.phone, self.mobile).split() if len(digits) >= 5)

    @cached_property
    def mail(self) -> str:
        return self.email.strip().casefold()


@dataclass(frozen=True)
class Likeness:
    """How alike two contacts are, in percent, and in what."""

    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Double:
    """Somebody who is there already."""

    customer: Customer
    likeness: Likeness

    @property
    def reasons(self) -> list[str]:
        return [str(reason.label) for reason in self.likeness.reasons]


def words_of(name: str) -> tuple[str, ...]:
    """The words that make a name, in order of the alphabet: umlauts written out, without legal forms and titles."""
    found = re.findall(r"[a-z0-9]+", folding.fold(name))
    return tuple(sorted(word for word in found if word not in _NOISE)) or tuple(sorted(found))


def traits_of(source) -> Traits:
    """Of a contact, or of what somebody typed (a mapping of fields)."""
    if isinstance(source, Customer):
        return Traits(source.pk, *(getattr(source, name) for name in FIELDS))
    return Traits(None, *(" ".join(str(source.get(name) or "").replace("\x00", "").split())[:200] for name in FIELDS))


def compare(one: Traits, other: Traits) -> Likeness:
    """What two have in common, and what that weighs."""
    found = []
    if one.mail and one.mail == other.mail:
        found.append(Reason.EMAIL)
    if one.phones & other.phones:
        found.append(Reason.PHONE)
    if reason := _name_in_common(one, other):
        found.append(reason)
    same_place = not (one.postcode and other.postcode) or one.postcode == other.postcode
    if one.address and one.address == other.address and same_place:
        found.append(Reason.ADDRESS)
    score = sum(WEIGHTS[reason] for reason in found)
    if found and one.postcode and other.postcode and Reason.ADDRESS not in found:
        score += SAME_PLACE if same_place else OTHER_PLACE
    return Likeness(min(score, 99), tuple(found))


def likely(typed: Traits, *, but: Iterable[int] = (), limit: int = SHOWN) -> list[Double]:
    """Who is there already, the most alike first; the same number of queries for any book. `but` are known to be others."""
    candidates = {row.pk: row for row in _by_mark(typed)}
    candidates |= {row.pk: row for row in _by_name(typed)}
    persons = {person.customer_id: person for person in _by_person(typed)}
    candidates |= {person.customer_id: person.customer for person in persons.values()}
    found = []
    for pk, row in candidates.items():
        if pk in set(but) or pk == typed.pk or row.merged_into_id:
            continue
        likeness = compare(typed, traits_of(row))
        if pk in persons:  # somebody there has the address or the number
            person = persons[pk]
            through = compare(typed, Traits(None, email=person.email, phone=person.phone, mobile=person.mobile))
            likeness = Likeness(
                min(99, likeness.score + through.score), tuple(dict.fromkeys(through.reasons + likeness.reasons))
            )
        if likeness.score >= LIKELY:
            found.append(Double(row, likeness))
    return sorted(found, key=lambda double: (-double.likeness.score, double.customer.name, double.customer.pk))[:limit]


def others_than(customer: Customer) -> set[int]:
    """Contacts of which somebody said that they are not this one."""
    pairs = DuplicatePair.objects.filter(Q(first=customer) | Q(second=customer), dismissed_at__isnull=False)
    return {pk for pair in pairs.values_list("first_id", "second_id") for pk in pair} - {customer.pk}


def spellings(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A name, and the same with words of the book in the place of those that are a letter away from them."""
    near = [[word, *(SearchWord.objects.near(word) if len(word) >= 4 else [])] for word in words[:4]]
    return list(product(*near))[:SPELLINGS]


def _name_in_common(one, other):
    are_firms = bool(one.company and other.company)  # whoever answers the telephone there, two firms are two
    mine, theirs = (one.company, other.company) if are_firms else (one.person, other.person)
    if mine and theirs and mine == theirs:
        # a last name alone is not yet somebody; a firm of one word is
        return Reason.NAME if are_firms or len(mine) > 1 else Reason.LAST_NAME
    if mine and theirs and _are_near(mine, theirs):
        return Reason.SIMILAR
    last, others = folding.fold(one.last_name), folding.fold(other.last_name)
    return Reason.LAST_NAME if last.strip() and last == others and not are_firms else None


def _are_near(mine, theirs):
    """Whether every word of the shorter name stands in the longer one, give or take a letter; an initial stands for its
    word. One word in common is not enough where the other has more to say.
    """
    short, rest = sorted((mine, theirs), key=len)[0], list(sorted((mine, theirs), key=len)[1])
    if len(short) == 1 and len(rest) > 1:
        return False
    for word in short:
        hit = next((each for each in rest if _is_near(word, each)), None)
        if hit is None:
            return False
        rest.remove(hit)
    return len(rest) <= 1


def _is_near(word, other):
    if 1 in (len(word), len(other)):
        return word[0] == other[0]
    return word == other or (min(len(word), len(other)) >= 4 and folding.is_near(word, other))


def _by_mark(typed):
    """Those with the mail address, a number or the very address, found by the rarest part of each."""
    condition = Q()
    if typed.mail:
        condition |= Q(search_text__contains=f"{folding.fold(typed.mail.partition('@')[0]).rstrip()}@")
    for digits in sorted(typed.phones):
        condition |= Q(search_text__contains=f" {digits} ")
    if typed.address and typed.postcode:
        number = folding.fold(typed.street).split()[-1]
        condition |= Q(search_text__contains=f" {number} {typed.postcode} ")
    return _indexed(Customer.objects.filter(merged_into=None), condition)


def _by_name(typed):
    """Those whose name begins like one of the spellings of the typed one, last name or first name first."""
    beginnings: set[str] = set()
    last, first = (folding.fold(name).split() for name in (typed.last_name, typed.first_name))
    if first and last:
        for words in spellings((*last, *first)):
            beginnings |= {" ".join(words), " ".join((*words[len(last) :], *words[: len(last)]))}
    if company := folding.fold(typed.company_name).split():
        lead = [word for word in company if word not in _NOISE][:2] or company[:2]
        beginnings |= {" ".join(words) for words in spellings(tuple(lead))}
    condition = Q()
    for beginning in sorted(beginnings):
        condition |= Q(search_name__gte=beginning, search_name__lt=beginning + search.LAST)
    # each of the two has an index of its own, which lists walk
    return [
        *_indexed(Customer.objects.filter(archived_at=None), condition),
        *_indexed(Customer.objects.archived(), condition),
    ]


def _by_person(typed):
    """Persons at a company with the mail address or a number."""
    condition = Q()
    if typed.mail:
        condition |= Q(folded__contains=f" {typed.mail.partition('@')[0]}@")
    for digits in sorted(typed.phones):
        condition |= Q(folded__contains=digits)
    rows = ContactPerson.objects.filter(customer__merged_into=None).select_related("customer")
    return _indexed(rows, condition)


def _indexed(rows, condition):
    """At most CANDIDATES of what an index finds: what is looked for is rare, whatever the planner thinks of it."""
    if not condition:
        return []
    with search.only_the_index():
        return list(rows.filter(condition).order_by()[:CANDIDATES])
