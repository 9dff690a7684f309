"""Feedback in numbers: recommendation (NPS), its distribution, means per question, and how many answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right
from feedback.models import FeedbackAnswer, FeedbackRequest

FEWEST = 5  # below that a single answer would swing the NPS by 20 points and more
PROMOTER, CRITIC = 9, 6
NEW_FOR = timedelta(days=7)
SHOWN = 20
QUESTIONS = (
    ("quality", _("Qualität der Arbeit")),
    ("punctuality", _("Pünktlichkeit")),
    ("communication", _("Absprachen")),
)


@dataclass(frozen=True)
class Mean:
    """The mean of one question from 1 to 5; None without answers."""

    label: str
    value: Decimal | None
    answers: int


@dataclass(frozen=True)
class Month:
    """The NPS as it stood at the end of a month."""

    month: date
    nps: int


@dataclass(frozen=True)
class Figures:
    """`scored` answers carry a recommendation, `answers` are all; `counts` are those of 0 to 10 in order."""

    answers: int
    scored: int
    nps: int | None
    promoters: int
    neutral: int
    critics: int
    counts: tuple[int, ...]
    means: tuple[Mean, ...]
    months: tuple[Month, ...]
    asked: int
    response_percent: int | None


def fresh_answers(member) -> list[QuerySet]:
    """The answers of the last days for the office, as "Heute" shows them; nothing for others (HEU6)."""
    if Right.SEE_NOTES not in member.rights or Right.WRITE_DOCUMENTS not in member.rights:
        return []
    return [FeedbackAnswer.objects.filter(answered_at__gte=timezone.now() - NEW_FOR)[:SHOWN]]


def nps(promoters: int, critics: int, scored: int) -> int:
    """Share of promoters minus share of critics, from -100 to 100, rounded half up (FBO1)."""
    share = Decimal(promoters - critics) * 100 / scored
    return int(share.quantize(Decimal(1), ROUND_HALF_UP))


def nps_since(since: datetime) -> int | None:
    """The NPS of the answers since an instant, None with too few of them (FBO3); one query."""
    counted = FeedbackAnswer.objects.filter(answered_at__gte=since).aggregate(
        scored=Count("recommendation"),
        promoters=Count("pk", filter=Q(recommendation__gte=PROMOTER)),
        critics=Count("pk", filter=Q(recommendation__lte=CRITIC)),
    )
    if counted["scored"] < FEWEST:
        return None
    return nps(counted["promoters"], counted["critics"], counted["scored"])


def collect(*, since: datetime | None = None) -> Figures:
    """The figures of the current business, of answers since an instant; four queries."""
    answers, requests = FeedbackAnswer.objects.order_by(), FeedbackRequest.objects.order_by()
    if since:
        answers, requests = answers.filter(answered_at__gte=since), requests.filter(sent_at__gte=since)
    by_score = dict(answers.exclude(recommendation=None).values_list("recommendation").annotate(Count("pk")))
    counts = tuple(by_score.get(score, 0) for score in range(11))
    promoters, critics, scored = sum(counts[PROMOTER:]), sum(counts[: CRITIC + 1]), sum(counts)
    sums = answers.aggregate(
        Count("pk"),
        **{f"{name}_mean": Avg(name) for name, _label in QUESTIONS},
        **{f"{name}_count": Count(name) for name, _label in QUESTIONS},
    )
    asked = requests.exclude(sent_at=None).aggregate(all=Count("pk"), answered=Count("pk", filter=Q(state="answered")))
    return Figures(
        answers=sums["pk__count"],
        scored=scored,
        nps=nps(promoters, critics, scored) if scored >= FEWEST else None,
        promoters=promoters,
        neutral=scored - promoters - critics,
        critics=critics,
        counts=counts,
        means=tuple(_mean(label, sums[f"{name}_mean"], sums[f"{name}_count"]) for name, label in QUESTIONS),
        months=_months(answers),
        asked=asked["all"],
        response_percent=round(asked["answered"] * 100 / asked["all"]) if asked["all"] else None,
    )


def _mean(label, value, count):
    if value is None:
        return Mean(str(label), None, 0)
    return Mean(str(label), Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP), count)


def _months(answers):
    """The NPS as it stood at the end of each of the last twelve months, oldest first: of all answers of the period up
    to then, so that the last one is the headline; none as long as there were too few (FBO3)."""
    rows = (
        answers.exclude(recommendation=None)
        .annotate(month=TruncMonth("answered_at"))
        .values("month")
        .annotate(
            scored=Count("pk"),
            promoters=Count("pk", filter=Q(recommendation__gte=PROMOTER)),
            critics=Count("pk", filter=Q(recommendation__lte=CRITIC)),
        )
        .order_by("month")
    )
    months, scored, promoters, critics = [], 0, 0, 0
    for row in rows:
        scored, promoters, critics = scored + row["scored"], promoters + row["promoters"], critics + row["critics"]
        if scored >= FEWEST:
            months.append(Month(row["month"].date(), nps(promoters, critics, scored)))
    return tuple(months[-12:])
