"""What can be done with the accounts of a business that differ from its chart (R117)."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Business
from accounts.refusals import Refusal
from billing.datev import exports
from billing.datev.accounts import Unmapped
from billing.datev.words import KEYS, key_words
from billing.models import DatevAccount


@dataclass(frozen=True)
class Mapping:
    """What a case is booked on today; `account` is None where nothing is known. `own`: what the business set, newest last."""

    key: str
    label: str
    account: int | None
    own: tuple[DatevAccount, ...]


def mappings(business: Business, *, on: date) -> list[Mapping]:
    """Every case with its account on a day; two queries."""
    chart, own = exports.chart_of(business), list(DatevAccount.objects.order_by("valid_from"))
    found = []
    for key in (*KEYS, *sorted({each.key for each in own if each.key not in KEYS and _is_key(each.key)})):
        try:
            account = chart.account(key, on)
        except Unmapped:
            account = None
        found.append(Mapping(key, key_words(key), account, tuple(each for each in own if each.key == key)))
    return found


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
