"""Feedback in numbers (FBO1, FBO3): worked examples."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts import current
from accounts.rights import Role
from feedback import figures
from feedback.models import FeedbackAnswer
from tests import make


@pytest.mark.parametrize(
    ("promoters", "critics", "scored", "nps"),
    [(31, 2, 41, 71), (5, 0, 5, 100), (0, 5, 5, -100), (1, 0, 8, 13), (0, 1, 8, -13), (2, 2, 5, 0)],
)
def test_nps_is_the_share_of_promoters_minus_that_of_critics(promoters, critics, scored, nps):
    assert figures.nps(promoters, critics, scored) == nps


def test_below_five_answers_there_is_no_nps(business):
    make.make_answers(10, 9, 9, 0)
    found = figures.collect()
    assert (found.scored, found.nps) == (4, None)
    assert figures.nps_since(timezone.now() - timedelta(days=1)) is None


def test_six_is_critical_seven_and_eight_are_neutral_nine_promotes(business):
    make.make_answers(0, 6, 7, 8, 9, 10, 10)
    found = figures.collect()
    assert (found.promoters, found.neutral, found.critics) == (3, 2, 2)
    assert found.counts == (1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2)
    assert found.nps == 14  # (3 - 2) / 7
    assert figures.nps_since(timezone.now() - timedelta(days=1)) == 14


def test_answers_without_a_number_count_as_answers_only(business):
    make.make_answers(10, None)
    found = figures.collect()
    assert (found.answers, found.scored) == (2, 1)


def test_means_are_of_those_who_answered_the_question(business):
    for quality in (5, 4, 4, None):
        make.make_answer(recommendation=9, quality=quality)
    means = {mean.label: (mean.value, mean.answers) for mean in figures.collect().means}
    assert means["Qualität der Arbeit"] == (Decimal("4.3"), 3)
    assert means["Pünktlichkeit"] == (None, 0)


def test_the_period_counts_answers_and_questions_since_then(business):
    make.make_answers(10, 10, 10, 10, 10)
    FeedbackAnswer.objects.update(answered_at=timezone.now() - timedelta(days=100))
    make.make_answers(0)
    assert figures.collect().nps == 67
    recent = figures.collect(since=timezone.now() - timedelta(days=90))
    assert (recent.answers, recent.nps, recent.critics) == (1, None, 1)


def test_the_line_ends_at_the_headline_and_begins_with_enough_answers(business):
    with time_machine.travel("2026-11-20T09:00:00+00:00", tick=False):
        for score, days in ((10, 100), (10, 100), (10, 100), (10, 100), (0, 60), (0, 0)):
            answer = make.make_answer(recommendation=score)
            FeedbackAnswer.objects.filter(pk=answer.pk).update(answered_at=timezone.now() - timedelta(days=days))
        found = figures.collect()
    # four in August are too few; 3 of 5 until September, 2 of 6 until November
    assert found.months == (figures.Month(date(2026, 9, 1), 60), figures.Month(date(2026, 11, 1), 33))
    assert found.nps == 33


def test_how_many_answer(business):
    make.make_answers(9)
    make.make_asked()
    make.make_asked()
    found = figures.collect()
    assert (found.asked, found.response_percent) == (3, 33)


def test_nothing_at_all(business):
    found = figures.collect()
    assert (found.answers, found.nps, found.response_percent, found.months) == (0, None, None, ())


def test_another_business_is_not_counted(business):
    make.make_answers(9, 9)
    with current.working_for(make.make_business("Andere")):
        make.make_answers(0)
        assert figures.collect().answers == 1
    assert figures.collect().critics == 0


def test_figures_cost_four_queries(business, django_assert_num_queries):
    make.make_answers(9, 8, 3)
    with django_assert_num_queries(4):
        figures.collect()


def test_new_answers_are_those_of_seven_days_for_the_office(owner):
    make.make_answers(9, 8)
    FeedbackAnswer.objects.filter(recommendation=8).update(answered_at=timezone.now() - timedelta(days=8))
    (fresh,) = figures.fresh_answers(owner)
    assert [answer.recommendation for answer in fresh] == [9]
    assert figures.fresh_answers(make.make_member(Role.FIELD_WORKER)) == []
    assert figures.fresh_answers(make.make_member(Role.TAX_ADVISER)) == []
