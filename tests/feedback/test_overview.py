"""The office's overview of feedback (FBO1 to FBO4), and asking by hand."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import current
from accounts.rights import Role
from crm.models import Customer, Mail
from feedback import requests
from feedback.models import FeedbackAnswer, FeedbackRequest
from tests import make

OVERVIEW = reverse("feedback:overview")


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def text_of(response):
    """The words of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()).replace("\xa0", " ")


def send(browser, order):
    return browser.post(reverse("feedback:request_send", args=[order.pk]), follow=True)


# --- figures ------------------------------------------------------------------------------------------------------------
def test_nps_stands_on_top_with_who_would_recommend(office):
    make.make_answers(10, 9, 9, 8, 3)
    page = text_of(office.get(OVERVIEW))
    assert "Weiterempfehlung (NPS) 40" in page
    assert "3 Fürsprecher · 1 neutral · 1 kritisch" in page
    assert "5 Antworten · 100 % der Kunden antworten" in page


def test_with_four_answers_it_says_that_these_are_too_few(office):
    make.make_answers(10, 9, 9, 8)
    page = text_of(office.get(OVERVIEW))
    assert "Weiterempfehlung (NPS) Noch zu wenige Antworten." in page


def test_each_chart_has_its_numbers_as_text(office):
    make.make_answers(10, 9, 9, 8, 3)
    FeedbackAnswer.objects.update(answered_at=timezone.now() - timedelta(days=40))
    make.make_answers(0)
    response = office.get(OVERVIEW)
    page = response.content.decode()
    assert (
        "Verteilung der Bewertungen 0 bis 10: 0: 1, 1: 0, 2: 0, 3: 1, 4: 0, 5: 0, 6: 0, 7: 0, 8: 1, 9: 2, 10: 1" in page
    )
    assert "9 von 10 2" in text_of(response)
    months = re.search(r"Monat</th>.*?</table>", page, re.S)[0]
    assert re.findall(r'<td class="num">(-?\d+)</td>', months) == ["40", "17"]
    assert "17 −23 seit" in text_of(response)


def test_the_period_is_chosen_in_the_address(office):
    make.make_answers(10, 2)
    FeedbackAnswer.objects.filter(recommendation=2).update(answered_at=timezone.now() - timedelta(days=100))
    found = {zeit: office.get(OVERVIEW, {"zeit": zeit}).context["figures"].answers for zeit in ("", "90", "alle", "x")}
    assert found == {"": 2, "90": 1, "alle": 2, "x": 2}


def test_without_any_answer_it_says_when_the_first_question_goes_out(office):
    page = text_of(office.get(OVERVIEW))
    assert "Noch keine Antworten. Die erste Frage geht 3 Tage nach der Fertigstellung raus." in page
    assert "Fragen ansehen" not in page


def test_without_any_answer_it_leads_to_the_questions(office):
    requests.plan(make.make_completed_order(feedback_notice=True))
    assert 'href="#fragen"' in office.get(OVERVIEW).content.decode()
    make.make_asked()
    assert "Noch keine Antworten. Ein Kunde ist gefragt." in text_of(office.get(OVERVIEW))


# --- answers ------------------------------------------------------------------------------------------------------------
def test_the_unhappy_one_is_to_be_called_the_happy_one_to_be_thanked(office):
    make.make_answers(3, 10)
    page = office.get(OVERVIEW).content.decode()
    assert page.count("tel:+491713920011") == 1 and page.count(">Danken<") == 1


def test_chips_show_the_critical_ones_and_those_with_words(office):
    make.make_answers(3, 10)
    FeedbackAnswer.objects.filter(recommendation=3).update(comment="")
    scores = {
        chip: [row.recommendation for row in office.get(OVERVIEW, {"zeige": chip}).context["page"].rows]
        for chip in ("kritisch", "kommentar", "unsinn")
    }
    assert scores == {"kritisch": [3], "kommentar": [10], "unsinn": [10, 3]}


def test_where_a_comment_may_be_shown_is_said(office):
    make.make_answer(comment="Gern wieder.", may_publish=True)
    assert "Darf mit Vornamen veröffentlicht werden." in text_of(office.get(OVERVIEW))


def test_what_customers_write_is_text(office):
    make.make_answer(comment="<b>fett</b>\nzweite Zeile")
    page = office.get(OVERVIEW).content.decode()
    assert "&lt;b&gt;fett&lt;/b&gt;<br>zweite Zeile" in page


def test_older_answers_stand_on_the_next_page(office):
    make.make_answers(*range(1, 11), *range(1, 11), 0)
    first = office.get(OVERVIEW).context["page"]
    assert (len(first.rows), first.rows[0].recommendation) == (20, 0)
    assert [row.recommendation for row in office.get(OVERVIEW + first.next_query).context["page"].rows] == [1]


def test_the_page_costs_the_same_for_one_and_for_three(office):
    def cost(rows):
        for _ in range(rows):
            make.make_answer()
            requests.plan(make.make_completed_order(feedback_notice=True))
            make.make_completed_order(feedback_notice=True)
        return make.count_queries(office, OVERVIEW)

    first = cost(1)
    assert first == cost(2) <= 13


# --- whom nobody asked --------------------------------------------------------------------------------------------------
def test_planned_questions_say_their_day_and_can_be_asked_now(office):
    order = make.make_completed_order(feedback_notice=True)
    requests.plan(order)
    page = office.get(OVERVIEW)
    (row,) = page.context["not_asked"]
    assert row["asks_on"] == timezone.localdate() + timedelta(days=3)
    assert "die Frage geht am" in text_of(page)
    assert reverse("feedback:request_send", args=[order.pk]) in page.content.decode()


def test_who_may_not_be_asked_stands_there_with_the_reason_and_the_way_to_mend_it(office):
    order = make.make_completed_order()  # without the notice
    page = office.get(OVERVIEW)
    assert "Der Hinweis auf das Widerspruchsrecht fehlt, deshalb darf nicht gefragt werden" in text_of(page)
    assert reverse("crm:customer_edit", args=[order.customer_id]) in page.content.decode()
    assert reverse("feedback:request_send", args=[order.pk]) not in page.content.decode()


def test_a_reason_that_was_mended_is_gone(office):
    order = make.make_completed_order()
    requests.send(requests.plan(order))
    assert office.get(OVERVIEW).context["not_asked"][0]["why"]
    Customer.objects.update(feedback_notice_at=timezone.now())
    assert office.get(OVERVIEW).context["not_asked"][0]["why"] == ""


def test_asked_and_withdrawn_orders_are_not_in_the_list(office):
    make.make_asked()
    gone = make.make_completed_order(feedback_notice=True)
    requests.plan(gone)
    type(gone).objects.filter(pk=gone.pk).update(state="withdrawn")
    assert office.get(OVERVIEW).context["not_asked"] == []


# --- asking now ---------------------------------------------------------------------------------------------------------
def test_asking_now_sends_the_mail_and_says_to_whom(office):
    order = make.make_completed_order(feedback_notice=True)
    page = send(office, order)
    assert page.redirect_chain == [(OVERVIEW, 302)]
    assert f"Frage gesendet an {order.customer.email}." in text_of(page)
    assert Mail.objects.filter(kind="feedback/mail/request").count() == 1


def test_asking_who_may_not_be_asked_says_why_and_sends_nothing(office):
    page = text_of(send(office, make.make_completed_order()))
    assert "Nicht gefragt: Der Hinweis auf das Widerspruchsrecht fehlt" in page
    assert Mail.objects.filter(kind="feedback/mail/request").count() == 0


def test_asking_twice_and_before_the_work_is_done_is_refused(office):
    order = make.make_completed_order(feedback_notice=True)
    send(office, order)
    again = send(office, order)
    assert (again.status_code, "schon gefragt" in text_of(again)) == (409, True)
    early = send(office, make.make_order())
    assert (early.status_code, "noch nicht fertig" in text_of(early)) == (409, True)
    assert Mail.objects.filter(kind="feedback/mail/request").count() == 1


def test_orders_of_others_are_unknown_and_get_asks_nobody(office):
    with current.working_for(make.make_business("Andere")):
        theirs = make.make_completed_order(feedback_notice=True)
    assert send(office, theirs).status_code == 404
    assert office.get(reverse("feedback:request_send", args=[theirs.pk])).status_code == 405


@pytest.mark.parametrize(
    ("role", "looks", "asks"), [(Role.OFFICE, 200, 302), (Role.FIELD_WORKER, 200, 403), (Role.TAX_ADVISER, 403, 403)]
)
def test_who_may_look_and_who_may_ask(business, role, looks, asks):
    order, browser = make.make_completed_order(feedback_notice=True), make.signed_in_as(role)
    page = browser.get(OVERVIEW)
    assert page.status_code == looks
    if asks == 403:
        assert ">Jetzt fragen<" not in page.content.decode()
    assert browser.post(reverse("feedback:request_send", args=[order.pk])).status_code == asks
    assert FeedbackRequest.objects.filter(state="sent").count() == (asks == 302)
