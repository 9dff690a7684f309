"""Which account a case is booked on: the two usual charts as data (R117), and what a business has set differently. Pure.

Accounts have four digits here; a business with longer ones has noughts behind them. All revenue, Skonto and prepayment
accounts with tax are automatic ones: DATEV takes the tax out of the gross sum by itself, so no tax key may stand beside
them (R116). Values marked "?" are not in R117; an adviser should look at them once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LONG_AGO = date(1990, 1, 1)
# debitors of four-digit ledgers; they have one digit more than the accounts
DEBITORS = range(10000, 70000)
SHORTEST = 4


@dataclass(frozen=True)
class Account:
    """What `key` is booked on in both charts, from a day on; `unsure` names the charts in which an adviser must confirm it."""

    key: str
    skr03: int
    skr04: int
    valid_from: date = LONG_AGO
    unsure: tuple[str, ...] = ()

    def of(self, chart: str) -> int:
        return self.skr03 if chart == "skr03" else self.skr04


BOTH, SKR04 = ("skr03", "skr04"), ("skr04",)
CHART = (
    Account("revenue:19", 8400, 4400, date(2021, 1, 1)),
    Account("revenue:7", 8300, 4300, date(2021, 1, 1)),
    Account("revenue:0", 8290, 4290, date(2023, 1, 1), unsure=SKR04),  # § 12 (3) UStG
    Account("revenue:reverse_charge", 8337, 4337),
    Account("revenue:eu_service", 8336, 4336, unsure=SKR04),
    Account("revenue:third_country_service", 8338, 4338, unsure=SKR04),
    Account("revenue:eu_goods", 8125, 4125, unsure=SKR04),
    Account("revenue:export", 8120, 4120, unsure=SKR04),
    Account("revenue:exempt", 8100, 4100, unsure=BOTH),  # § 4 Nr. 8 ff. UStG
    Account("revenue:small_business", 8195, 4185, unsure=BOTH),  # the old § 19, now "a. F."
    Account("revenue:small_business", 8192, 4192, date(2025, 1, 1), unsure=SKR04),
    Account("skonto:19", 8736, 4736, date(2021, 1, 1), unsure=SKR04),
    Account("skonto:7", 8731, 4731, date(2021, 1, 1), unsure=SKR04),
    Account("skonto:0", 8734, 4734, date(2023, 1, 1), unsure=SKR04),
    Account("skonto:reverse_charge", 8741, 4741, unsure=SKR04),
    Account("skonto:exempt", 8730, 4730, unsure=BOTH),
    Account("skonto:small_business", 8730, 4730, unsure=BOTH),
    Account("prepayment:19", 1718, 3272, date(2021, 1, 1)),
    Account("prepayment:7", 1711, 3260, date(2021, 1, 1), unsure=BOTH),
    Account("prepayment:0", 1710, 3250, date(2023, 1, 1), unsure=BOTH),
    Account("prepayment:reverse_charge", 1710, 3250, unsure=BOTH),
    Account("prepayment:small_business", 1710, 3250, unsure=BOTH),
    Account("bank", 1200, 1800),
    Account("cash", 1000, 1600),
    Account("transit", 1360, 1460, unsure=BOTH),  # Geldtransit: cards, providers of online payment, what is set off
    Account("withheld", 1543, 1456, unsure=BOTH),  # what the customer paid to the tax office (§ 48 EStG)
    Account("interest", 2650, 7100, unsure=BOTH),  # no VAT: damages (UStAE 1.3 (6))
    Account("costs", 2700, 4830, unsure=BOTH),  # the same
)
KEYS = tuple(dict.fromkeys(each.key for each in CHART))


class Unmapped(LookupError):
    """No account is known for a case; `key` says which one."""

    def __init__(self, key: str):
        super().__init__(key)
        self.key = key


class NoDebitor(LookupError):
    """A customer's number lies outside the debitor accounts."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class Own:
    """What a business books differently, from a day on."""

    key: str
    account: int
    valid_from: date


@dataclass(frozen=True)
class Chart:
    """The accounts of one business. `length` is that of its ledger accounts, 4 to 8."""

    name: str = "skr03"
    length: int = SHORTEST
    own: tuple[Own, ...] = ()

    def account(self, key: str, on: date) -> int:
        """The account of a case on a day; what the business set goes first. Raises Unmapped."""
        own = [each for each in self.own if each.key == key and each.valid_from <= on]
        if own:
            return max(own, key=lambda each: each.valid_from).account
        known = [each for each in CHART if each.key == key and each.valid_from <= on]
        if not known:
            raise Unmapped(key)
        return self.lengthened(max(known, key=lambda each: each.valid_from).of(self.name))

    def must_be_confirmed(self, key: str, on: date) -> bool:
        """Whether the chart's own account of a case is uncertain; what the business set, the adviser said already."""
        if any(each.key == key and each.valid_from <= on for each in self.own):
            return False
        known = [each for each in CHART if each.key == key and each.valid_from <= on]
        return bool(known) and self.name in max(known, key=lambda each: each.valid_from).unsure

    def debitor(self, customer_number: int) -> int:
        """The account of a customer: the customer number itself. Raises NoDebitor."""
        if customer_number not in DEBITORS:
            raise NoDebitor(customer_number)
        return self.lengthened(customer_number)

    def is_debitor(self, account: int) -> bool:
        """Whether an account is a customer's."""
        return account // self._factor in DEBITORS

    def lengthened(self, account: int) -> int:
        """An account of four digits (or five) as it is written in this chart."""
        return account * self._factor

    @property
    def _factor(self) -> int:
        return int(10 ** (self.length - SHORTEST))


def chart(name: str, length: int, own: Iterable[tuple[str, int, date]] = ()) -> Chart:
    """The chart of a business; `own` are (key, account, valid from)."""
    return Chart(name, length, tuple(Own(*each) for each in own))
