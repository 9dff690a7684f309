"""The journal: every step of a document as a link of a hash chain, one chain per business (R53, GoBD)."""

import hashlib
import json
from datetime import UTC

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Business
from billing.models import JournalEntry

START = "0" * 64


def write(event, subject, *, content_hash="", by=None, **facts) -> JournalEntry:
    """Append one link, in the caller's transaction. The business's row is the lock of its chain.

    `facts` are stored as text; `content_hash` names the frozen content the step is about.
    """
    from accounts import current

    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("The journal is written with the change it tells of.")
    business = Business.objects.select_for_update().get(pk=current.business().pk)
    last = JournalEntry.objects.order_by("-sequence").first()
    entry = JournalEntry(
        business=business,
        sequence=(last.sequence if last else 0) + 1,
        event=str(event),
        subject=f"{subject._meta.label} {subject.pk}",
        number=str(getattr(subject, "number", None) or "")[:24],
        by=by,
        at=timezone.now(),
        content_hash=content_hash,
        facts=json.dumps({k: str(v) for k, v in facts.items()}, ensure_ascii=False, sort_keys=True),
        previous_hash=last.entry_hash if last else START,
    )
    entry.entry_hash = entry_hash(entry)
    entry.save()
    return entry


def entry_hash(entry: JournalEntry) -> str:
    """SHA-256 over everything the entry says and the hash of the one before it. An entry that was taken over from other
    books (billing/z3) says whose it was.
    """
    is_own = entry.origin_business is None
    content = [
        entry.business_id if is_own else entry.origin_business,
        entry.sequence,
        entry.event,
        entry.subject,
        entry.number,
        entry.by_id if is_own else entry.origin_by,
        entry.at.astimezone(UTC).isoformat(),  # the database gives UTC back, whatever zone it was handed
        entry.content_hash,
        entry.facts,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def first_broken() -> JournalEntry | None:
    """The first link of the current business's chain that does not hold, or None when all hold.

    A chain begins at 1 and from nothing; one that was taken over from other books begins where their export did.
    """
    previous, first = START, 1
    beginning = JournalEntry.objects.order_by("sequence").first()
    if beginning and beginning.origin_business not in (None, beginning.business_id):
        previous, first = beginning.previous_hash, beginning.sequence
    for sequence, entry in enumerate(JournalEntry.objects.order_by("sequence").iterator(), first):
        if entry.sequence != sequence or entry.previous_hash != previous or entry.entry_hash != entry_hash(entry):
            return entry
        previous = entry.entry_hash
    return None
