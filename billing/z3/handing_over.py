"""Exports that were asked for on the page: a row that says how far it is, made by a task, kept with its hash."""

import logging
import tempfile
import time
from datetime import date, timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.refusals import Refusal
from accounts.wakeup import kick
from billing import journal
from billing.journal_events import JournalEvent
from billing.models import AuditExport, Invoice, Payment
from billing.z3 import export
from crm import files

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # longer than the tables of a large year take; each look at the files renews it
EVERY = 2  # seconds between two words about how far it is
IN_MEMORY = 8 * 1024 * 1024  # bytes; what is more is written to a temporary file


def years(*, on: date) -> list[int]:
    """Years there are papers of, newest first."""
    first = [
        Invoice.objects.exclude(issued_on=None).order_by("issued_on").values_list("issued_on", flat=True).first(),
        Payment.objects.order_by("received_on").values_list("received_on", flat=True).first(),
    ]
    begin = min((each.year for each in first if each), default=on.year)
    return list(range(on.year, begin - 1, -1))


@transaction.atomic
def ask(year: int, by: Member) -> AuditExport:
    """Have a year put together. One that is being made is enough. Raises Refusal for a year without papers."""
    if year not in years(on=timezone.localdate()):
        raise Refusal(_("Für dieses Jahr gibt es keine Belege. Bitte wählen Sie ein anderes."), field="year")
    waiting = AuditExport.objects.filter(year=year, state=AuditExport.State.WAITING).first()
    if waiting is not None:
        return waiting
    row = AuditExport.objects.create(year=year, by=by)
    kick("billing.tasks.export_for_audit", row.pk)
    return row


def make(row: AuditExport) -> None:
    """Write the file of a waiting row. Safe to run twice: one that is done stays, one that somebody is at is left to him, and
    one whose worker is gone begins anew; a failure is a state the page shows.
    """
    if not _waiting().filter(pk=row.pk).update(lease_until=timezone.now() + LEASE, done=0, total=0):
        return
    mine = AuditExport.objects.filter(pk=row.pk, state=AuditExport.State.WAITING)
    try:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as target:
            export.write(row.year, target, tell=_Progress(mine))
            size = target.tell()
            target.seek(0)
            digest = files.digest_of(target)
            target.seek(0)
            name = default_storage.save(f"z3/{row.business_id}/{row.year}-{digest[:16]}.zip", File(target))
    except Exception:
        logger.exception("Z3 %s was not made", row.pk)
        mine.update(state=AuditExport.State.FAILED)
        return
    with transaction.atomic():
        done = {
            "state": AuditExport.State.READY,
            "file": name,
            "sha256": digest,
            "size": size,
            "ready_at": timezone.now(),
            "lease_until": None,
        }
        if mine.update(**done):
            journal.write(JournalEvent.BOOKS_HANDED_OVER, row, content_hash=digest, by=row.by, year=row.year, size=size)


class _Progress:
    """Writes into the row, once in a while, how many files are packed; that renews the lease."""

    def __init__(self, row):
        self.row, self.at = row, time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if done == total or time.monotonic() - self.at > EVERY:
            self.at = time.monotonic()
            self.row.update(done=done, total=total, lease_until=timezone.now() + LEASE)


def _waiting():
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    return AuditExport.unscoped.filter(free, state=AuditExport.State.WAITING)


def waiting() -> list[int]:
    """Rows of all businesses whose wake-up may have got lost, or whose worker is gone."""
    return list(_waiting().order_by("pk").values_list("pk", flat=True))
