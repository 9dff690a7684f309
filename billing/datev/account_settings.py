"""What can be done with the accounts of a business: book a case on another one than its chart does, and note that the tax
adviser confirmed those of which the published charts are not certain (R117).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Business
from accounts.refusals import Refusal
from billing import journal
from billing.datev import exports
from billing.datev.accounts import Unmapped
from billing.datev.words import KEYS, doubt, key_words
from billing.journal_events import JournalEvent
from billing.models import DatevAccount, DatevConfirmation


@dataclass(frozen=True)
class Mapping:
    """What a case is booked on today; `account` is None where nothing is known. `own`: what the business set, newest last.
    `doubt` says why the adviser is to confirm the account, until he has: then `confirmation` says who and when.
    """

    key: str
    label: str
    account: int | None
    own: tuple[DatevAccount, ...]
    doubt: str = ""
    confirmation: DatevConfirmation | None = None


def mappings(business: Business, *, on: date) -> list[Mapping]:
    """Every case with its account on a day; three queries."""
    chart, own = exports.chart_of(business), list(DatevAccount.objects.order_by("valid_from"))
    # the newest word about an account counts
    confirmed = {
        (row.key, row.account): row for row in DatevConfirmation.objects.select_related("by__user").order_by("pk")
    }
    found = []
    for key in (*KEYS, *sorted({each.key for each in own if each.key not in KEYS and _is_key(each.key)})):
        try:
            account = chart.account(key, on)
        except Unmapped:
            account = None
        is_unsure = account is not None and chart.must_be_confirmed(key, on)
        confirmation = confirmed.get((key, account)) if is_unsure and account is not None else None
        found.append(
            Mapping(
                key, key_words(key), account, tuple(each for each in own if each.key == key),
                doubt(key) if is_unsure and confirmation is None else "", confirmation,
            )
        )  # fmt: skip
    return found


def unconfirmed(business: Business, *, on: date) -> list[Mapping]:
    """The accounts that the tax adviser is still to confirm."""
    return [each for each in mappings(business, on=on) if each.doubt]


@transaction.atomic
def confirm(business: Business, keys: Iterable[str], *, said_by: str, on: date, by) -> list[DatevConfirmation]:
    """Note that the adviser confirmed the accounts of these cases as they are on a day. Those that need no confirmation are
    passed over. Raises Refusal without a name (field "said_by") and without any case (field "keys").
    """
    said_by = " ".join(said_by.split())
    if not said_by:
        raise Refusal(_("Bitte tragen Sie ein, wer die Konten bestätigt hat."), field="said_by")
    wanted = set(keys)
    if not wanted:
        raise Refusal(_("Bitte wählen Sie die Konten, die bestätigt sind."), field="keys")
    rows = []
    for each in unconfirmed(business, on=on):
        if each.key in wanted and each.account is not None:
            row = DatevConfirmation.objects.create(key=each.key, account=each.account, said_by=said_by, by=by)
            facts = {"key": each.key, "account": each.account, "said_by": said_by}
            journal.write(JournalEvent.DATEV_ACCOUNT_CONFIRMED, row, by=by, **facts)
            rows.append(row)
    return rows


@transaction.atomic
def set_account(business: Business, *, key: str, account: int, valid_from: date) -> DatevAccount:
    """Book a case on another account from a day on. What was handed over already stays as it was.

    Raises Refusal for a case nobody knows, and for an account that does not have as many digits as the business's.
    """
    if not _is_key(key):
        raise Refusal(_("Diesen Fall gibt es nicht. Bitte wählen Sie einen aus der Liste."), field="key")
    if len(str(account)) != business.datev_account_length:
        raise Refusal(
            _("Sachkonten haben bei Ihnen %(length)s Stellen. Bitte prüfen Sie die Nummer.")
            % {"length": business.datev_account_length},
            field="account",
        )
    row = DatevAccount.objects.filter(key=key, valid_from=valid_from).first() or DatevAccount(
        key=key, valid_from=valid_from
    )
    row.account = account
    row.save()
    return row


@transaction.atomic
def forget(row: DatevAccount) -> None:
    """Book a case on the chart's own account again."""
    row.delete()


def _is_key(key):
    """Those of the list, and rates that were or will be: revenue:16."""
    purpose, _colon, case = key.partition(":")
    return key in KEYS or (f"{purpose}:19" in KEYS and case.isdecimal() and 0 < int(case) < 100 and len(case) < 3)
