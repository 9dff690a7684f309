"""How fast customers are answered: pure, worked examples."""

from datetime import UTC, datetime, timedelta

import pytest

from crm import answer_figures, messages
from crm.answer_figures import Said
from tests import make

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
H = timedelta(hours=1)


def asked(hour, *, read=None, thread=1):
    return Said(thread, NOON + hour * H, True, None if read is None else NOON + read * H)


def answered(hour, *, thread=1):
    return Said(thread, NOON + hour * H, False)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], (0, 0, None, None)),
        ([asked(0, read=3), answered(3)], (1, 0, 3 * H, 100)),
        # two questions before the answer: the wait began with the first
        ([asked(0, read=4), asked(2, read=4), answered(4)], (1, 0, 4 * H, 100)),
        # the second answer answers nothing
        ([asked(0, read=1), answered(1), answered(2)], (1, 0, 1 * H, 100)),
        # set aside without an answer is not counted, what comes later is
        ([asked(0, read=1), answered(30)], (0, 0, None, None)),
        ([asked(0, read=1), asked(10, read=12), answered(12)], (1, 0, 2 * H, 100)),
        # three answered, of which one took two days
        (
            [
                asked(0),
                answered(1),
                asked(0, thread=2),
                answered(5, thread=2),
                asked(0, thread=3),
                answered(48, thread=3),
            ],
            (3, 0, 5 * H, 67),
        ),
        # open for less than a day: nobody is late yet; for more: it counts against the day
        ([asked(40)], (0, 1, None, None)),
        ([asked(0), asked(0, thread=2), answered(2, thread=2)], (1, 1, 2 * H, 50)),
        # a first word by us
        ([answered(0), asked(1, read=2), answered(2)], (1, 0, 1 * H, 100)),
    ],
)
def test_worked_examples(said, expected):
    figures = answer_figures.work_out(said, now=NOON + 50 * H)
    assert (figures.answered, figures.open, figures.median, figures.within_day) == expected


def test_they_come_from_what_was_written(business, owner):
    link = make.link_to(make.make_sent_quote())
    messages.ask(link, "Wann?", author_name="Sabine")
    messages.answer(link.subject, "Bald.", customer=link.customer, by=owner)
    messages.ask(link, "Danke", author_name="Sabine")
    messages.mark_read(link.subject)
    messages.ask(link, "Und wo?", author_name="Sabine")
    figures = answer_figures.lately()
    assert (figures.answered, figures.open, figures.within_day) == (1, 1, 100)
    assert figures.median < H
