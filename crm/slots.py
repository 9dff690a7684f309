"""Free times (arithmetic only): from when it is open and what is taken already, when something of a length can begin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, order=True)
class Span:
    """From one instant to another."""

    start: datetime
    end: datetime

    def meets(self, other: "Span", *, buffer: timedelta = timedelta(0)) -> bool:
        """Whether less than `buffer` lies between the two."""
        return self.start < other.end + buffer and other.start < self.end + buffer


def opening(day: date, hours: Iterable[tuple[time, time]], zone: tzinfo) -> list[Span]:
    """The hours of a day on the clock on the wall as instants: 8:00 stays 8:00 when the clocks change (P98)."""
    return [
        Span(*(datetime.combine(day, clock, zone).astimezone(UTC) for clock in (opens, closes)))
        for opens, closes in sorted(hours)
    ]


def free(
    spans: Iterable[Span], busy: Sequence[Span], *,
    minutes: int, step: int, buffer: int, earliest: datetime, latest: datetime | None = None,
) -> list[datetime]:  # fmt: skip
    """When something of so many minutes can begin within the spans, every `step` minutes, with `buffer` minutes before and
    after what is `busy`, not before `earliest` and not after `latest`.
    """
    length, pace, gap = (timedelta(minutes=each) for each in (minutes, step, buffer))
    taken = sorted(busy)
    found = []
    for span in sorted(spans):
        near = [each for each in taken if each.meets(span, buffer=gap)]
        start = span.start
        while start + length <= span.end:
            wanted = Span(start, start + length)
            in_time = start >= earliest and (latest is None or start <= latest)
            if in_time and not any(wanted.meets(each, buffer=gap) for each in near):
                found.append(start)
            start += pace
    return found
