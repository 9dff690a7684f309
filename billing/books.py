"""Closed periods (Festschreibung by month, R52): up to a day nothing is booked any more."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, current, formats
from accounts.models import Business, Member
from accounts.refusals import Refusal
from billing import journal
from billing.journal_events import JournalEvent
from billing.models import Invoice, Payment, PeriodLock

SHOWN_MONTHS = 24


@transaction.atomic
def lock(until: date, by: Member) -> PeriodLock:
    """Close everything up to and with a day. Only forward: nobody opens a closed period again, not even the owner.

    Raises Refusal for a day that is not over yet or is closed already.
    """
    business = Business.objects.select_for_update().get(pk=current.business().pk)  # of two who close, one is the first
    if until >= timezone.localdate():
        raise Refusal(
            _("Abschließen können Sie nur, was vorbei ist. Bitte wählen Sie einen früheren Monat."), field="until"
        )
    before = locked_until()
    if before is not None and until <= before:
        raise Refusal(
            _("Bis %(day)s ist schon abgeschlossen. Bitte wählen Sie einen späteren Monat.")
            % {"day": formats.day(before)},
            field="until",
        )
    period = PeriodLock.objects.create(until=until, by=by)
    journal.write(JournalEvent.PERIOD_LOCKED, period, by=by, until=until, before=before or "")
    audit.record(business, audit.Event.PERIOD_LOCKED, by=by, before=before or "", after=until)
    return period


def locked_until() -> date | None:
    """The last closed day of the current business, or None."""
    return PeriodLock.objects.order_by("-until").values_list("until", flat=True).first()


def refuse(day: date, field: str = "") -> None:
    """Raise Refusal when something is to be booked on a day that is closed. To be called in the transaction that books:
    whoever closes the period meanwhile waits until it is over.
    """
    Business.objects.select_for_update().get(pk=current.business().pk)
    until = locked_until()
    if until is not None and day <= until:
        raise Refusal(
            _(
                "Bis %(day)s ist die Buchhaltung abgeschlossen. Bitte buchen Sie mit einem späteren Datum und schreiben Sie "
                "den wirklichen Tag in die Notiz."
            )
            % {"day": formats.day(until)},
            field=field,
        )


@dataclass(frozen=True)
class Month:
    """A month that can be closed: its last day, and what would be closed with it."""

    until: date
    documents: int = 0
    payments: int = 0
    received: object = None  # euros, or None


def months(*, on: date) -> list[Month]:
    """The months that are over and not closed, oldest first, from the first document or payment on; two years at most."""
    until = locked_until()
    documents = _by_month(Invoice.objects.exclude(state=Invoice.State.DRAFT), "issued_on", until)
    received = _by_month(Payment.objects.all(), "received_on", until)
    first = min([*documents, *received], default=None)
    found: list[Month] = []
    while first is not None and len(found) < SHOWN_MONTHS:
        following = (first + timedelta(days=32)).replace(day=1)
        if following > on:
            break
        payments = received.get(first, (0, None))
        last = following - timedelta(days=1)
        found.append(Month(last, documents.get(first, (0, None))[0], payments[0], payments[1]))
        first = following
    return found


def _by_month(rows, field, until):
    """{first day of a month: (how many, sum of amounts)} of the rows that are not closed."""
    if until is not None:
        rows = rows.filter(**{f"{field}__gt": until})
    amount = "amount" if rows.model is Payment else "gross"
    found = (
        rows.annotate(month=TruncMonth(field)).values_list("month").annotate(Count("pk"), Sum(amount)).order_by("month")
    )
    return {month: (count, total) for month, count, total in found}
