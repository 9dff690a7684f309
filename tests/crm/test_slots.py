"""Free times: arithmetic without a database."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm import slots
from crm.slots import Span

BERLIN = ZoneInfo("Europe/Berlin")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def on_the_wall(instants):
    return [each.astimezone(BERLIN).strftime("%H:%M") for each in instants]


def spans(*hours, day=date(2026, 12, 1)):
    return slots.opening(day, [(time(*first), time(*last)) for first, last in hours], BERLIN)


def at(hour, minute=0):
    return datetime(2026, 12, 1, hour, minute, tzinfo=BERLIN)


def free(opening, busy=(), **fields):
    return on_the_wall(
        slots.free(opening, list(busy), **{"minutes": 60, "step": 30, "buffer": 0, "earliest": LONG_AGO, **fields})
    )


def test_what_begins_also_ends_within_the_hours():
    assert free(spans(((8, 0), (10, 0)))) == ["08:00", "08:30", "09:00"]
    assert free(spans(((8, 0), (9, 0)), ((13, 0), (14, 30)))) == ["08:00", "13:00", "13:30"]
    assert free(spans(((8, 0), (8, 59)))) == []


def test_what_is_taken_and_the_room_around_it_is_left_out():
    busy = [Span(at(9), at(9, 30))]
    assert free(spans(((8, 0), (12, 0))), busy) == ["08:00", "09:30", "10:00", "10:30", "11:00"]
    assert free(spans(((8, 0), (12, 0))), busy, buffer=30) == ["10:00", "10:30", "11:00"]


def test_two_that_touch_do_not_meet():
    assert not Span(at(9), at(10)).meets(Span(at(10), at(11)))
    assert Span(at(9), at(10)).meets(Span(at(10), at(11)), buffer=timedelta(minutes=1))


def test_not_too_soon_and_not_too_far_ahead():
    assert free(spans(((8, 0), (11, 0))), earliest=at(8, 1), latest=at(9)) == ["08:30", "09:00"]


def test_eight_stays_eight_when_the_clocks_change():
    """P98: 28 March 2027 has 23 hours, 31 October 25."""
    for day in (date(2027, 3, 27), date(2027, 3, 28), date(2027, 10, 31)):
        assert free(spans(((8, 0), (10, 0)), day=day)) == ["08:00", "08:30", "09:00"]


def test_a_night_in_which_an_hour_is_missing_is_an_hour_shorter():
    night = spans(((0, 0), (6, 0)), day=date(2027, 3, 28))
    assert night[0].end - night[0].start == timedelta(hours=5)
    assert free(night, step=60) == ["00:00", "01:00", "03:00", "04:00", "05:00"]
