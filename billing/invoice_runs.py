"""A run bills every period of every standing invoice that is due, one transaction each: killed at any point it goes on
where it stopped, without a gap and without a double.
"""

import logging
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from accounts.wakeup import kick
from billing import standing_invoices
from billing.models import Invoice, InvoiceRun, StandingInvoice

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # longer than the slowest single invoice takes; each one renews it
BATCH = 200  # standing invoices whose ids are held at once


@transaction.atomic
def start(*, until: date, by=None) -> InvoiceRun:
    """Begin a run over what may be billed by that day; one that is still going on is returned instead.

    Raises Refusal for a day in the future: nobody is billed before his period allows it.
    """
    if until > timezone.localdate():
        raise Refusal(_("Bitte wählen Sie heute oder einen früheren Tag."), field="until")
    going = InvoiceRun.objects.select_for_update().exclude(state=InvoiceRun.State.DONE).first()
    if going:
        kick("billing.tasks.run_standing_invoices", going.pk)
        return going
    run = InvoiceRun.objects.create(until=until, by=by, total=standing_invoices.waiting(until=until).count())
    kick("billing.tasks.run_standing_invoices", run.pk)
    return run


def work(run: InvoiceRun) -> None:
    """Bill until nothing is due any more. Somebody else's run whose lease holds is left alone; twice is as good as once."""
    if not _claim(run):
        return
    after = 0
    while pks := list(
        standing_invoices.waiting(until=run.until)
        .filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    ):
        for pk in pks:
            _bill_all(run, StandingInvoice.objects.get(pk=pk))
        after = pks[-1]
    InvoiceRun.objects.filter(pk=run.pk).update(
        state=InvoiceRun.State.DONE, finished_at=timezone.now(), lease_until=None
    )


def _claim(run) -> bool:
    """Take the run, if it waits or whoever had it is gone."""
    now = timezone.now()
    free = Q(state=InvoiceRun.State.WAITING) | Q(state=InvoiceRun.State.RUNNING, lease_until__lt=now)
    taken = InvoiceRun.objects.filter(free, pk=run.pk)
    return bool(taken.update(state=InvoiceRun.State.RUNNING, lease_until=now + LEASE))


def _bill_all(run, standing):
    """Every period of one standing invoice. What cannot be billed is said and does not stop the others."""
    try:
        while _bill_one(run, standing):
            pass
    except Refusal as refusal:
        _note(run, standing, str(refusal))
    except Exception:
        logger.exception("standing invoice %s", standing.pk)
        _note(run, standing, str(_("Das hat nicht geklappt. Wir sehen es uns an.")))


@transaction.atomic
def _bill_one(run, standing) -> bool:
    """One period, and that it was counted, in one transaction."""
    invoice = standing_invoices.bill(standing, by=run.by, until=run.until)
    if invoice is None:
        return False
    column = "drafted" if invoice.state == Invoice.State.DRAFT else "issued"
    InvoiceRun.objects.filter(pk=run.pk).update(
        **{column: F(column) + 1}, lease_until=timezone.now() + LEASE
    )  # fmt: skip
    return True


def _note(run, standing, sentence):
    with transaction.atomic():
        locked = InvoiceRun.objects.select_for_update().get(pk=run.pk)
        locked.problems = f"{locked.problems}{standing.customer}: {standing.title}: {sentence}\n"
        locked.save(update_fields=["problems"])


def unfinished() -> list[int]:
    """Runs whose wake-up got lost or whose worker is gone, of every business, oldest first."""
    now = timezone.now()
    lost = Q(state=InvoiceRun.State.WAITING) | Q(state=InvoiceRun.State.RUNNING, lease_until__lt=now)
    return list(InvoiceRun.unscoped.filter(lost).order_by("pk").values_list("pk", flat=True)[:20])


def begin_due() -> InvoiceRun | None:
    """Each morning: a run, if the current business has anything to bill today."""
    today = timezone.localdate()
    due = any(
        (day := standing_invoices.bills_on(each)) and day <= today
        for each in standing_invoices.waiting(until=today).iterator(chunk_size=BATCH)
    )
    return start(until=today) if due else None
