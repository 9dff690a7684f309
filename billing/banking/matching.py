"""Whose payment a bank entry may be, and why. Pure: entries and open invoices in, proposals out.

R123: a creditor reference or an invoice number first, then amount and name. Only what is named and fits to the cent is
certain; everything else is a proposal a person decides about.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

from billing import girocode
from billing.banking.statement import Entry
from billing.money import ZERO
from crm import folding

MOST = 3  # proposals for an entry
_RF = re.compile(r"RF\d{2}[0-9A-Z]{1,21}")
_FORMS = frozenset(
    [
        "gmbh",
        "ug",
        "kg",
        "ohg",
        "gbr",
        "ag",
        "ek",
        "co",
        "mbb",
        "partg",
        "se",
        "ev",
        "eg",
        "haftungsbeschraenkt",
        "und",
        "mbh",
    ]
)


class Reason(StrEnum):
    """Why an entry may belong to an invoice."""

    REFERENCE = "reference"  # the RF creditor reference
    NUMBER = "number"
    DIGITS = "digits"  # the number without its letters
    CUSTOMER_NUMBER = "customer_number"
    AMOUNT = "amount"
    RETAINED = "retained"  # all but the retention (R25)
    SKONTO = "skonto"
    WITHHELD = "withheld"  # § 48 EStG
    WITH_CLAIMS = "with_claims"  # with interest and costs of the last letter
    SUM = "sum"
    NAME = "name"
    IBAN = "iban"  # paid from it before
    PART = "part"
    SURPLUS = "surplus"
    OLDEST = "oldest"  # § 366 (2) BGB
    CREDIT = "credit"  # what was paid too much goes back
    RETURNED = "returned"  # a payment the bank takes back


class Confidence(IntEnum):
    """How much speaks for it. CERTAIN: may be booked without being asked."""

    WEAK = 1
    LIKELY = 2
    CERTAIN = 3


class Kind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"
    RETURN = "return"


@dataclass(frozen=True)
class Claim:
    """An invoice as matching sees it. `open` is below zero never; `credit` is what the customer may have back.

    `kept` of it is a retention that is not due yet; `skonto` may be taken off until `skonto_until`; `withheld` is the tax
    the customer may keep back of what is due.
    """

    invoice: int
    number: str
    customer: int
    customer_number: str
    names: tuple[str, ...]
    due_on: date
    open: Decimal
    kept: Decimal = ZERO
    beside: Decimal = ZERO
    skonto: Decimal = ZERO
    skonto_until: date | None = None
    withheld: Decimal = ZERO
    credit: Decimal = ZERO


@dataclass(frozen=True)
class Paid:
    """A payment that stands, as matching of returned money sees it."""

    payment: int
    invoice: int
    number: str
    customer: int
    amount: Decimal
    received_on: date


@dataclass(frozen=True)
class Part:
    """What of an entry is for which invoice, in euros; `payment` where one is taken back."""

    invoice: int
    amount: Decimal
    payment: int | None = None


@dataclass(frozen=True)
class Proposal:
    """What an entry may be."""

    kind: Kind
    parts: tuple[Part, ...]
    confidence: Confidence
    reasons: tuple[Reason, ...]
    withholds_tax: bool = False

    @property
    def is_certain(self) -> bool:
        return self.confidence == Confidence.CERTAIN


class Matcher:
    """Finds proposals for entries among the same open invoices. `payers` says from which IBAN which customers paid before."""

    def __init__(self, claims: Iterable[Claim], paid: Iterable[Paid] = (), payers: dict[str, set[int]] | None = None):
        self.claims = sorted(
            (claim for claim in claims if claim.open > 0), key=lambda claim: (claim.due_on, claim.invoice)
        )
        self.credits = [claim for claim in claims if claim.credit > 0]
        self.paid = list(paid)
        self.payers = payers or {}
        self._compact = [(claim, _compact(claim.number)) for claim in self.claims]
        self._digits = [(claim, re.sub(r"\D", "", claim.number)) for claim in self.claims]
        self._names = [(claim, _names(claim)) for claim in self.claims]
        self._references = {reference: claim for claim in self.claims if (reference := _reference(claim.number))}
        self._of_customer: dict[int, list[Claim]] = defaultdict(list)
        for claim in self.claims:
            self._of_customer[claim.customer].append(claim)

    def proposals(self, entry: Entry) -> tuple[Proposal, ...]:
        """What the entry may be, likeliest first; nothing where nothing speaks for any invoice."""
        found = self._incoming(entry) if entry.amount > 0 else self._outgoing(entry)
        ranked = sorted(found, key=lambda proposal: -proposal.confidence)
        seen: set[tuple] = set()
        kept = []
        for proposal in ranked:
            if (key := (proposal.kind, proposal.parts)) not in seen:
                seen.add(key)
                kept.append(proposal)
        return tuple(kept[:MOST])

    def _incoming(self, entry):
        named, how = self._named(entry)
        if len(named) == 1:
            return [_for_one(entry, named[0], how)]
        if named:
            return [self._for_several(entry, named, how)]
        known, why = self._customers(entry)
        if known:
            theirs = [claim for customer in known for claim in self._of_customer[customer]]
            return self._of_known(entry, theirs, why)
        return [
            Proposal(
                Kind.PAYMENT,
                (Part(claim.invoice, entry.amount),),
                Confidence.WEAK,
                (reason,),
                reason == Reason.WITHHELD,
            )
            for claim in self.claims
            if (reason := _fits(entry, claim))
        ][:MOST]

    def _named(self, entry):
        """The invoices an entry names, and how."""
        words = f"{entry.purpose} {entry.reference}".upper()
        tight = re.sub(r"\s", "", words)
        for reference in _RF.findall(re.sub(r"[^0-9A-Z]", "", entry.reference.upper())) + _RF.findall(tight):
            # the reference may run into the words after it
            claim = next((self._references[cut] for cut in _cuts(reference) if cut in self._references), None)
            if claim:
                return [claim], Reason.REFERENCE
        squeezed = re.sub(r"[^0-9A-Z]", "", words)
        near = [(claim, compact) for claim, compact in self._compact if compact and compact in squeezed]
        named = [claim for claim, compact in near if _stands_in(claim.number, compact, words, tight)]
        if named:
            return named, Reason.NUMBER
        all_digits = re.sub(r"\D", "", words)
        close = [claim for claim, digits in self._digits if len(digits) > 4 and digits in all_digits]
        return [claim for claim in close if _digits_stand_in(claim.number, words)], Reason.DIGITS

    def _for_several(self, entry, named, how):
        """One payment of several invoices: whole when it is their sum, else the oldest first (§ 366 (2) BGB)."""
        if sum(claim.open for claim in named) == entry.amount:
            parts = tuple(Part(claim.invoice, claim.open) for claim in named)
            return Proposal(Kind.PAYMENT, parts, Confidence.LIKELY, (how, Reason.SUM))
        return Proposal(Kind.PAYMENT, _oldest_first(entry.amount, named), Confidence.LIKELY, (how, Reason.OLDEST))

    def _customers(self, entry):
        """The customers with something open who may have paid, and why."""
        from_iban = [customer for customer in self.payers.get(entry.iban, ()) if customer in self._of_customer]
        if from_iban:
            return from_iban, Reason.IBAN
        numbers = set(re.findall(r"(?<!\d)\d{4,}(?!\d)", entry.purpose))
        by_number = {claim.customer for claim in self.claims if claim.customer_number in numbers}
        if by_number:
            return sorted(by_number), Reason.CUSTOMER_NUMBER
        party = set(_words(entry.party)) or set(_words(entry.purpose))
        by_name = {claim.customer for claim, names in self._names if any(name <= party for name in names)}
        return sorted(by_name), Reason.NAME

    def _of_known(self, entry, theirs, why):
        fitting = [(claim, reason) for claim in theirs if (reason := _fits(entry, claim))]
        if fitting:
            return [
                Proposal(
                    Kind.PAYMENT, (Part(claim.invoice, entry.amount),), Confidence.LIKELY, (reason, why),
                    reason == Reason.WITHHELD,
                )
                for claim, reason in fitting
            ]  # fmt: skip
        if len({claim.customer for claim in theirs}) > 1:
            return []
        if sum(claim.open for claim in theirs) == entry.amount:
            parts = tuple(Part(claim.invoice, claim.open) for claim in theirs)
            return [Proposal(Kind.PAYMENT, parts, Confidence.LIKELY, (Reason.SUM, why))]
        return [Proposal(Kind.PAYMENT, _oldest_first(entry.amount, theirs), Confidence.WEAK, (why, Reason.OLDEST))]

    def _outgoing(self, entry):
        """Money that left: a credit given back, or a payment the bank took back."""
        found = []
        words = f"{entry.purpose} {entry.reference}".upper()
        tight = re.sub(r"\s", "", words)
        party = set(_words(entry.party))
        for claim in self.credits:
            is_named = _stands_in(claim.number, _compact(claim.number), words, tight)
            knows = (
                is_named
                or any(name <= party for name in _names(claim))
                or claim.customer in self.payers.get(entry.iban, ())
            )
            if claim.credit == -entry.amount and knows:
                reasons = (Reason.NUMBER, Reason.CREDIT) if is_named else (Reason.CREDIT, Reason.NAME)
                found.append(Proposal(Kind.REFUND, (Part(claim.invoice, entry.amount),), Confidence.LIKELY, reasons))
        for paid in self.paid:
            if paid.amount != -entry.amount or paid.received_on > entry.booked_on:
                continue
            if _stands_in(paid.number, _compact(paid.number), words, tight):
                why = Reason.NUMBER
            elif paid.customer in self.payers.get(entry.iban, ()):
                why = Reason.IBAN
            else:
                continue
            part = Part(paid.invoice, entry.amount, paid.payment)
            found.append(Proposal(Kind.RETURN, (part,), Confidence.LIKELY, (why, Reason.RETURNED)))
        return found


def _for_one(entry, claim, how):
    """One invoice is named: certain when the amount fits to the cent too."""
    reason = _fits(entry, claim)
    # the number without its letters may be any number, and what is owed beside the invoice is a person's decision
    is_exact = how in {Reason.REFERENCE, Reason.NUMBER} and (
        (reason in {Reason.AMOUNT, Reason.RETAINED} and not claim.beside)
        or reason in {Reason.SKONTO, Reason.WITH_CLAIMS}
    )
    confidence = Confidence.CERTAIN if is_exact else Confidence.LIKELY
    reason = reason or (Reason.PART if entry.amount < claim.open else Reason.SURPLUS)
    parts = (Part(claim.invoice, entry.amount),)
    return Proposal(Kind.PAYMENT, parts, confidence, (how, reason), reason == Reason.WITHHELD)


def _fits(entry: Entry, claim: Claim) -> Reason | None:
    """Why the amount is that of the invoice, to the cent."""
    amount, in_time = entry.amount, claim.skonto_until is not None and entry.booked_on <= claim.skonto_until
    due = claim.open - claim.kept
    found = {
        due - claim.withheld: Reason.WITHHELD if claim.withheld else None,
        due - claim.skonto: Reason.SKONTO if claim.skonto and in_time else None,
        due + claim.beside: Reason.WITH_CLAIMS,
        due: Reason.RETAINED,
        claim.open: Reason.AMOUNT,
    }
    return found.get(amount)


def _oldest_first(amount: Decimal, claims: Sequence[Claim]) -> tuple[Part, ...]:
    """Shared out over invoices by their due dates; what is too much goes to the last one."""
    parts, left = [], amount
    for claim in sorted(claims, key=lambda claim: (claim.due_on, claim.invoice)):
        if left > 0:
            parts.append(Part(claim.invoice, min(left, claim.open)))
            left -= parts[-1].amount
    if left > 0:
        parts[-1] = Part(parts[-1].invoice, parts[-1].amount + left)
    return tuple(parts)


def _compact(number: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def _reference(number: str) -> str:
    try:
        return girocode.reference(number)
    except ValueError:
        return ""


def _cuts(reference: str) -> Iterable[str]:
    """The reference, and what is left of it when signs at its end belong to what follows."""
    return (reference[:length] for length in range(len(reference), 4, -1))


def _stands_in(number: str, compact: str, words: str, tight: str) -> bool:
    """Whether a number stands in the words, however it is divided, and is not part of a longer one."""
    if not compact:
        return False
    parts = re.findall(r"[0-9]+|[A-Z]+", number.upper())
    pattern = r"(?<![0-9A-Z])" + r"[^0-9A-Z]*".join(parts) + r"(?![0-9])"
    if re.search(pattern, words):
        return True
    # banks break lines within numbers; a number that begins with digits could then be the end of another
    loose = r"[^0-9A-Z]*".join(compact)
    return compact[0].isalpha() and re.search(rf"{loose}(?!\d)", tight) is not None


def _digits_stand_in(number: str, words: str) -> bool:
    """Whether the digits of a number stand there by themselves: "Rechnung 2026-0042" for RE-2026-0042."""
    runs = re.findall(r"\d+", number)
    return re.search(r"(?<!\d)" + r"[^0-9A-Z]*".join(runs) + r"(?!\d)", words) is not None


def _words(name: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", folding.fold(name)) if word not in _FORMS]


def _names(claim: Claim) -> list[set[str]]:
    """The words of each name; a party is meant when all words of one are there, in any order."""
    return [words for name in claim.names if (words := set(_words(name)))]
