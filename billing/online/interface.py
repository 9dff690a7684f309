"""What a payment provider must be able to do. Whatever is peculiar to one of them stays in its adapter."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar


class Unreachable(Exception):
    """The provider does not answer, or says that it cannot just now. Ask again later."""


class Declined(Exception):
    """The provider understood and said no; the message is its own, for the log."""


class WrongKeys(Declined):
    """The provider does not take the business's keys (any more)."""


class Forged(Exception):
    """A message that claims to come from the provider and does not prove it."""


class State(StrEnum):
    WAITING = "waiting"  # the customer has not paid yet, or the money is on its way
    APPROVED = "approved"  # the customer said yes; the money has still to be taken
    PAID = "paid"
    FAILED = "failed"  # nothing comes of it any more


@dataclass(frozen=True)
class Wish:
    """What a customer is to be asked to pay, in euros. `key` makes asking twice for the same thing give the same page."""

    key: str
    amount: Decimal
    number: str  # of the invoice
    text: str  # what stands above the amount
    seller: str
    language: str
    return_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True)
class Page:
    """Where to send the customer, and what the provider calls it."""

    external_id: str
    url: str


@dataclass(frozen=True)
class Answer:
    """What the provider says became of it. `reference` is what the business finds at the provider by."""

    state: State
    amount: Decimal = Decimal("0.00")
    currency: str = "EUR"
    reference: str = ""


class Provider(ABC):
    """An account with a provider, opened with the business's keys.

    Every method may raise Unreachable, Declined and WrongKeys, and may be called any number of times.
    """

    SMALLEST: ClassVar[Decimal]
    LARGEST: ClassVar[Decimal]
    NEEDED: ClassVar[tuple[str, ...]]  # names of keys without which nothing works
    FURTHER: ClassVar[tuple[str, ...]]  # names of keys for messages of the provider

    def __init__(self, keys: Mapping[str, str], *, api: str):
        self.keys, self.api = keys, api.rstrip("/")

    @property
    @abstractmethod
    def is_test(self) -> bool:
        """Whether these keys move no real money, as far as they tell."""

    @abstractmethod
    def check(self) -> None:
        """Ask the provider whether the keys are good, without any other effect."""

    @abstractmethod
    def start(self, wish: Wish) -> Page:
        """Make a page on which this can be paid."""

    @abstractmethod
    def ask(self, external_id: str) -> Answer:
        """What became of it."""

    @abstractmethod
    def heard(self, body: bytes, headers: Mapping[str, str]) -> str:
        """The id of the payment a message is about, empty for one that is about something else. Raises Forged."""

    def take(self, external_id: str) -> Answer:
        """Take the money of what the customer approved; for providers that do so themselves, the same as asking."""
        return self.ask(external_id)

    def close(self, external_id: str) -> None:  # noqa: B027 - most have nothing to close
        """Let nobody pay on that page any more. What is not taken needs no closing."""
