"""Who owes the tax for building work: the decision of § 13b (2) Nr. 4 and 8, (5) UStG (R31, R32, R34). Pure.

What a person knows is answered, what the books know is a fact; both together give the ground that is recorded.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing import tax

CERTIFICATE_YEARS = 3  # USt 1 TG holds three years at most (section 13b.3 (3) UStAE)


class Work(StrEnum):
    """What was done, by what § 13b asks."""

    BUILDING = "building"  # changes the substance of a building
    CLEANING = "cleaning"  # Nr. 8: buildings and parts of them
    OTHER = "other"  # planning, supervision, delivery without installation, upkeep that leaves the substance alone
    DOUBTFUL = "doubtful"


class Builder(StrEnum):
    """Whether the customer himself does such work for others, again and again."""

    CERTIFICATE = "certificate"  # USt 1 TG
    KNOWN = "known"
    NO = "no"
    DOUBTFUL = "doubtful"


class Ground(StrEnum):
    """Why the customer owes the tax or does not."""

    OWED = "owed"
    AGREED = "agreed"  # § 13b (5) S. 8 UStG: a doubtful case that both treated so
    CONSUMER = "consumer"
    SMALL_BUSINESS = "small_business"
    ABROAD = "abroad"
    OTHER_WORK = "other_work"
    PUBLIC_SPHERE = "public_sphere"
    NO_BUILDER = "no_builder"
    NO_CERTIFICATE = "no_certificate"
    PHOTOVOLTAICS = "photovoltaics"
    SMALL_REPAIR = "small_repair"
    NOT_AGREED = "not_agreed"
    UNANSWERED = "unanswered"

    @property
    def applies(self) -> bool:
        """Whether the customer owes the tax."""
        return self in {Ground.OWED, Ground.AGREED}


@dataclass(frozen=True)
class Answers:
    """What a person says. `agreed_on`: the day both sides agreed to treat a doubtful case so."""

    work: str = ""
    builder: str = ""
    is_repair: bool = False
    is_private_sphere: bool = False  # of a public body
    agreed_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """What the books say. `net` of the whole supply in euros, `is_zero_rated`: photovoltaics of § 12 (3) UStG."""

    supplied_on: date
    net: Decimal
    buyer_kind: str
    small_business: bool = False
    is_zero_rated: bool = False
    property_country: str = "DE"
    certificate_from: date | None = None
    certificate_until: date | None = None


def has_certificate(facts: Facts) -> bool:
    """Whether a USt 1 TG of the customer holds on the day of supply, not on that of the invoice."""
    start, end = facts.certificate_from, facts.certificate_until
    if start is None or end is None:
        return False
    return start <= facts.supplied_on <= min(end, _years_later(start, CERTIFICATE_YEARS))


def decide(answers: Answers, facts: Facts) -> Ground:
    """The ground on which the customer owes the tax, or does not."""
    if outside := _outside(answers, facts):
        return outside
    if not answers.work:
        return Ground.UNANSWERED
    if answers.work == Work.OTHER:
        return Ground.OTHER_WORK
    if not answers.builder:
        return Ground.UNANSWERED
    if answers.builder == Builder.NO:
        return Ground.NO_BUILDER
    if answers.builder == Builder.CERTIFICATE and not has_certificate(facts):
        return Ground.NO_CERTIFICATE
    if answers.is_repair and facts.net <= tax.threshold("small_repair", facts.supplied_on):
        return Ground.SMALL_REPAIR
    if Work.DOUBTFUL in (answers.work, answers.builder):
        return Ground.AGREED if answers.agreed_on else Ground.NOT_AGREED
    return Ground.OWED


def _outside(answers, facts) -> Ground | None:
    """What takes a supply out of § 13b whatever the work was."""
    if facts.buyer_kind == "consumer":
        return Ground.CONSUMER
    if facts.small_business:
        return Ground.SMALL_BUSINESS
    if facts.property_country != "DE":
        return Ground.ABROAD
    if facts.buyer_kind == "public" and answers.is_private_sphere:
        return Ground.PUBLIC_SPHERE
    return Ground.PHOTOVOLTAICS if facts.is_zero_rated else None


def _years_later(day: date, years: int) -> date:
    """The same date so many years on; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
