"""A search over the whole book for contacts that are there twice, and what is said about what it finds."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import combinations

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import current
from accounts.wakeup import kick
from crm import duplicates, folding
from crm.duplicates import Traits
from crm.models import Customer, DuplicatePair, DuplicateSearch

logger = logging.getLogger(__name__)
State = DuplicateSearch.State

MOST_ALIKE = 30  # contacts that share one mark; more (one address of a high-rise, "info@…") say nothing
KEPT = 2000  # pairs, the surest first: nobody looks through more
LEASE = timedelta(minutes=10)
STEP = 2000


def start(*, by) -> DuplicateSearch:
    """Begin a search, unless one is at work; the page shows how far it is."""
    try:
        with transaction.atomic():
            search = DuplicateSearch.objects.create(total=Customer.objects.active().count(), by=by)
    except IntegrityError:
        return DuplicateSearch.objects.get(state=State.RUNNING)
    kick("crm.tasks.search_duplicates", search.pk)
    return search


def waiting() -> list[int]:
    """Searches of all businesses that nobody is at work on: the wake-up got lost, or the worker did."""
    now = timezone.now()
    idle = Q(lease_until=None, created_at__lt=now - timedelta(minutes=1)) | Q(lease_until__lt=now)
    return list(DuplicateSearch.unscoped.filter(idle, state=State.RUNNING).values_list("pk", flat=True))


def run(search_id: int) -> None:
    """Do a search that was begun. Safe to run twice: only who takes the lease works."""
    now = timezone.now()
    row = DuplicateSearch.unscoped.filter(pk=search_id, state=State.RUNNING)
    if not row.filter(Q(lease_until=None) | Q(lease_until__lt=now)).update(lease_until=now + LEASE):
        return
    search = row.select_related("business").get()
    with current.working_for(search.business):
        try:
            found = _pairs(search)
            _keep(search, found)
        except Exception:  # whatever it is: somebody waits for an answer
            logger.exception("search for duplicates %s failed", search_id)
            row.update(state=State.FAILED, finished_at=timezone.now())


def open_pairs():
    """Pairs somebody should look at, the surest first; both contacts still there as two."""
    return (
        DuplicatePair.objects.filter(dismissed_at=None, first__archived_at=None, second__archived_at=None)
        .select_related("first", "second")
        .order_by("-score", "pk")
    )


def dismiss(pair: DuplicatePair, *, by) -> None:
    """They are two: never ask again."""
    DuplicatePair.objects.filter(pk=pair.pk).update(dismissed_at=timezone.now(), dismissed_by=by)


def restore(pair: DuplicatePair) -> None:
    """Undo `dismiss`."""
    DuplicatePair.objects.filter(pk=pair.pk).update(dismissed_at=None, dismissed_by=None)


def are_others(customer: Customer, others: Iterable[duplicates.Double], *, by) -> None:
    """Remember that a contact is none of those who looked like it: somebody said so when writing it down."""
    for double in others:
        first, second = sorted((customer, double.customer), key=lambda each: each.pk)
        DuplicatePair.objects.update_or_create(
            first=first, second=second,
            defaults={
                "score": double.likeness.score, "reasons": list(double.likeness.reasons), "dismissed_at": timezone.now(),
                "dismissed_by": by,
            },
        )  # fmt: skip


def _pairs(search) -> dict[tuple[int, int], duplicates.Likeness]:
    """{(older, newer): how alike} of all pairs that are sure enough."""
    everybody: dict[int, Traits] = {}
    rows = Customer.objects.active().order_by("pk").values_list("pk", *duplicates.FIELDS)
    for values in rows.iterator(chunk_size=STEP):
        everybody[values[0]] = Traits(*values)
    found: dict[tuple[int, int], duplicates.Likeness] = {}
    for n, (one, other) in enumerate(_alike(everybody, search)):
        pair = (min(one, other), max(one, other))
        if pair not in found:
            likeness = duplicates.compare(everybody[one], everybody[other])
            if likeness.score >= duplicates.SURE:
                found[pair] = likeness
        if n % 50_000 == 0:
            _say(search)
    return found


def _alike(everybody, search) -> Iterator[tuple[int, int]]:
    """Pairs worth comparing: those who share a mark, or whose names are a letter apart."""
    by_mark: dict[tuple, list[int]] = defaultdict(list)
    by_name: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for done, (pk, traits) in enumerate(everybody.items(), 1):
        if traits.mail:
            by_mark["mail", traits.mail].append(pk)
        for digits in traits.phones:
            by_mark["phone", digits].append(pk)
        if traits.address:
            by_mark["address", traits.address, traits.postcode].append(pk)
        for name in traits.names:
            by_name[name].append(pk)
        if done % STEP == 0:
            _say(search, done // 2)
    near = _Vocabulary(word for name in by_name for word in name)
    for alike in by_mark.values():
        if len(alike) <= MOST_ALIKE:
            yield from combinations(alike, 2)
    for done, (name, mine) in enumerate(by_name.items(), 1):
        yield from _within(mine, everybody)
        for other in near.names(name):
            if other > name and other in by_name:
                yield from _between(mine, by_name[other], everybody)
        if done % STEP == 0:
            _say(search, (len(everybody) + len(everybody) * done // len(by_name)) // 2)


def _within(alike, everybody):
    """Two of one name; of many, those in one town."""
    if len(alike) <= MOST_ALIKE:
        yield from combinations(alike, 2)
        return
    places = defaultdict(list)
    for pk in alike:
        places[everybody[pk].postcode].append(pk)
    for neighbours in places.values():
        if len(neighbours) <= MOST_ALIKE:
            yield from combinations(neighbours, 2)


def _between(mine, others, everybody):
    """One of each of two similar names, in one town (or nobody knows where): anything else is not sure enough."""
    places = defaultdict(list)
    for pk in others:
        places[everybody[pk].postcode].append(pk)
    for pk in mine:
        for other in places.get(everybody[pk].postcode, ())[:MOST_ALIKE]:
            yield pk, other


class _Vocabulary:
    """The words of all names, and which of them are a letter apart."""

    def __init__(self, words):
        self.spellings: dict[str, list[str]] = defaultdict(list)
        self.known: dict[str, list[str]] = {}
        for word in set(words):
            if 4 <= len(word) <= 20:
                for spelling in folding.spellings(word):
                    self.spellings[spelling].append(word)

    def near(self, word):
        if word not in self.known:
            found = {other for spelling in folding.spellings(word) for other in self.spellings.get(spelling, ())}
            self.known[word] = [other for other in found if other != word and folding.is_near(word, other)]
        return self.known[word]

    def names(self, name):
        """The name with one of its words in another spelling."""
        for place, word in enumerate(name):
            if 4 <= len(word) <= 20:
                for other in self.near(word):
                    yield tuple(sorted((*name[:place], other, *name[place + 1 :])))


def _say(search, done=None):
    values = {"lease_until": timezone.now() + LEASE} | ({} if done is None else {"done": done})
    DuplicateSearch.objects.filter(pk=search.pk).update(**values)


@transaction.atomic
def _keep(search, found):
    """Write down what was found; what was found before and is not any more goes, what was said about a pair stays."""
    best = sorted(found.items(), key=lambda each: (-each[1].score, each[0]))[:KEPT]
    DuplicatePair.objects.filter(dismissed_at=None).delete()
    decided = set(DuplicatePair.objects.values_list("first_id", "second_id"))
    DuplicatePair.objects.bulk_create(
        [
            DuplicatePair(first_id=first, second_id=second, score=each.score, reasons=list(each.reasons))
            for (first, second), each in best
            if (first, second) not in decided
        ],
        batch_size=500,
    )
    DuplicateSearch.objects.filter(pk=search.pk).update(
        state=State.DONE, done=search.total, found=open_pairs().count(), finished_at=timezone.now()
    )
