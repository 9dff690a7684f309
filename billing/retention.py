"""How long papers are kept: what they are, and the law of the day, say until when (R56). Nothing is deleted before.

The years are data with a validity: the shorter time for vouchers holds for everything whose old one had not run out when
it came (Art. 97 § 19a (2) EGAO), so the law of the day one asks counts, not that of the day a paper was written.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.db.models.signals import pre_delete
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import current, formats
from accounts.refusals import Refusal
from billing.models import DunningLetter, IncomingInvoice, Invoice, Order, Payment, Quote
from crm.models import Customer

VOUCHER, LETTER, BOOKS = "voucher", "letter", "books"

KINDS = {
    BOOKS: gettext_lazy("Journal und Verfahrensdokumentation"),
    VOUCHER: gettext_lazy("Rechnungen ein und aus, Zahlungen, Kontoauszüge"),
    LETTER: gettext_lazy("Angenommene Angebote, Aufträge, Abnahmen, Mahnschreiben"),
}


@dataclass(frozen=True)
class Period:
    """Years a kind of paper is kept after the end of its own, from a day on."""

    kind: str
    years: int
    valid_from: date
    law: str


PERIODS = (
    Period(BOOKS, 10, date(1977, 1, 1), "§ 147 (1) Nr. 1, (3) AO, § 257 HGB"),
    Period(VOUCHER, 10, date(1998, 12, 24), "§ 147 (1) Nr. 4, (3) AO, § 14b UStG"),
    Period(VOUCHER, 8, date(2025, 1, 1), "§ 147 (1) Nr. 4, (3) AO, § 14b UStG"),
    Period(LETTER, 6, date(1977, 1, 1), "§ 147 (1) Nr. 2 und 3, (3) AO, § 257 HGB"),
)


def period(kind: str, *, on: date) -> Period:
    """The law of a day about a kind of paper. Raises KeyError for a kind there is none for."""
    found = [each for each in PERIODS if each.kind == kind and each.valid_from <= on]
    if not found:
        raise KeyError(kind)
    return max(found, key=lambda each: each.valid_from)


def retain_until(kind: str, written_on: date, *, on: date, held_until: date | None = None) -> date:
    """The last day a paper must be there: 31 December so many years later, or while it is held for an audit that is not
    finished (§ 147 (3) S. 5 AO).
    """
    until = date(written_on.year + period(kind, on=on).years, 12, 31)
    return max(until, held_until) if held_until else until


def customer_until(customer: Customer, *, on: date) -> date | None:
    """Until when papers of a contact must be kept; None when there are none."""
    mine = {"customer": customer}
    written = [
        (VOUCHER, Invoice.objects.filter(**mine).aggregate(last=Max("issued_on"))["last"]),
        (VOUCHER, Payment.objects.filter(invoice__customer=customer).aggregate(last=Max("received_on"))["last"]),
        (LETTER, Order.objects.filter(**mine).aggregate(last=Max("placed_at__date"))["last"]),
        (LETTER, DunningLetter.objects.filter(**mine).aggregate(last=Max("issued_on"))["last"]),
    ]
    held = current.business().books_held_until
    return max((retain_until(kind, day, on=on, held_until=held) for kind, day in written if day), default=None)


def refuse_deletion(sender, instance, **kwargs) -> None:
    """Refuse to delete what must be kept; hangs on the models, so that no page, task or command gets round it."""
    today = timezone.localdate()
    with current.working_for(instance.business):
        until = _until(instance, today)
    if until is not None and until >= today:
        raise Refusal(
            _("Das muss bis %(day)s aufbewahrt werden (§ 147 AO). Archivieren Sie es stattdessen.")
            % {"day": formats.day(until)}
        )


def _until(instance, today):
    held = current.business().books_held_until
    if isinstance(instance, Customer):
        return customer_until(instance, on=today)
    if isinstance(instance, IncomingInvoice):
        return retain_until(VOUCHER, instance.issued_on or instance.created_at.date(), on=today, held_until=held)
    if isinstance(instance, Invoice):
        day = instance.issued_on
        return retain_until(VOUCHER, day, on=today, held_until=held) if day else None
    if isinstance(instance, Quote):
        decided = instance.decided_at if instance.state == Quote.State.ACCEPTED else None
        return retain_until(LETTER, decided.date(), on=today, held_until=held) if decided else None
    return retain_until(LETTER, instance.placed_at.date(), on=today, held_until=held)


def connect() -> None:
    """Listen to deletions; called once, when the app is ready."""
    for model in (Customer, Invoice, Order, Quote, IncomingInvoice):
        pre_delete.connect(refuse_deletion, sender=model, dispatch_uid=f"retention.{model.__name__}")
