"""What the customer says afterwards (FBK1 to FBK5), and that he is not asked again (R100)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from crm import access
from crm.models import Customer, Mail, Todo
from feedback import requests
from feedback.models import FeedbackAnswer, FeedbackRequest
from tests import make

ALL = {
    "quality": "5", "punctuality": "4", "communication": "3", "recommendation": "9", "comment": "Alles gesaugt.",
    "wants_call": "on", "may_publish": "on",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_knocked(counters):
    """Limits are counted for each test alone."""


@pytest.fixture
def request_(business):
    """Asked after a completed order, lawfully."""
    found = requests.plan(make.make_completed_order(feedback_notice=True))
    requests.send(found)
    found.refresh_from_db()
    return found


@pytest.fixture
def link(request_):
    return make.link_to(request_)


@pytest.fixture
def visitor(link):
    return make.let_in(link)


def page(visitor, link, name="meinung/"):
    return visitor.get(f"/k/{link.public_id}/{name}").content.decode()


def say(visitor, link, **said):
    return visitor.post(f"/k/{link.public_id}/meinung/", said)


# --- the questions ------------------------------------------------------------------------------------------------------
def test_nothing_is_preselected_and_every_question_is_a_group_with_its_words(visitor, link):
    text = page(visitor, link)
    assert "checked" not in text
    legends = re.findall(r"<fieldset[^>]*><legend[^>]*>([^<]+)</legend>", text)
    assert legends == [
        "Passt das Ergebnis zu dem, was wir besprochen haben?",
        "Kamen wir zur vereinbarten Zeit?",
        "Wussten Sie immer, wie es weitergeht?",
        "Würden Sie uns Freunden oder Nachbarn empfehlen?",
    ]
    labels = re.findall(r'name="recommendation" value="\d+" aria-label="([^"]+)"', text)
    assert (len(labels), labels[0], labels[-1]) == (
        11,
        "0 von 10, 0 – auf keinen Fall",
        "10 von 10, 10 – auf jeden Fall",
    )


def test_an_answer_is_kept_and_the_business_is_told(visitor, link, request_):
    answer = say(visitor, link, **ALL)
    assert answer.headers["Location"] == f"/k/{link.public_id}/meinung/danke/"
    kept = FeedbackAnswer.objects.get(request=request_)
    assert (kept.quality, kept.punctuality, kept.communication, kept.recommendation) == (5, 4, 3, 9)
    assert (kept.comment, kept.wants_call, kept.may_publish) == ("Alles gesaugt.", True, True)
    assert Mail.objects.filter(kind="feedback/mail/answered").count() == 1


@pytest.mark.parametrize(
    "said", [{"recommendation": "0"}, {"punctuality": "1"}, {"comment": "Danke"}, {"wants_call": "on"}]
)
def test_one_answer_is_enough_also_a_zero(visitor, link, said):
    assert say(visitor, link, **said).status_code == 302
    assert FeedbackAnswer.objects.count() == 1


def test_sending_nothing_says_what_to_do(visitor, link):
    answer = say(visitor, link)
    text = answer.content.decode()
    assert (answer.status_code, text.count("Bitte beantworten Sie mindestens eine Frage.")) == (422, 2)
    target = re.search(r'<a href="#([^"]+)">Bitte beantworten', text)[1]
    assert f'id="{target}"' in text
    assert not FeedbackAnswer.objects.exists()


@pytest.mark.parametrize(
    "said", [{"quality": "6"}, {"recommendation": "11"}, {"punctuality": "viel"}, {"comment": "x" * 4001}]
)
def test_what_cannot_be_is_refused(visitor, link, said):
    assert say(visitor, link, **said).status_code == 422
    assert not FeedbackAnswer.objects.exists()


@pytest.mark.parametrize(("score", "todos"), [("6", 1), ("7", 0)])
def test_up_to_six_somebody_is_asked_to_call(visitor, link, score, todos):
    say(visitor, link, recommendation=score)
    assert Todo.objects.count() == todos


# --- thanks -------------------------------------------------------------------------------------------------------------
def thanks(link, score):
    visitor = make.let_in(link)
    say(visitor, link, recommendation=score)
    return re.sub(r'middlewaretoken" value="\w+', "", page(visitor, link, "meinung/danke/"))


def test_two_and_ten_are_thanked_alike_with_the_same_public_link(business, link):
    business.review_url = "https://bewertung.example/haselbach"
    business.save()
    assert thanks(link, "2") == thanks(link, "10")
    assert '<a href="https://bewertung.example/haselbach" rel="noreferrer noopener">' in thanks(link, "5")


def test_before_an_answer_there_are_no_thanks(visitor, link):
    assert visitor.get(f"/k/{link.public_id}/meinung/danke/").headers["Location"] == f"/k/{link.public_id}/meinung/"


def test_a_second_visit_shows_the_answers_for_fourteen_days(visitor, link):
    say(visitor, link, **ALL)
    text = page(visitor, link)
    assert re.findall(r'name="(\w+)"(?: value="(\d+)")?[^>]* checked', text) == [
        ("quality", "5"), ("punctuality", "4"), ("communication", "3"), ("recommendation", "9"),
        ("wants_call", ""), ("may_publish", ""),
    ]  # fmt: skip
    say(visitor, link, recommendation="10")
    assert FeedbackAnswer.objects.get().recommendation == 10
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        late = make.let_in(link)
        assert late.get(f"/k/{link.public_id}/meinung/").status_code == 302
        say(late, link, recommendation="1")
        assert "Antwort ändern" not in page(late, link, "meinung/danke/")
    assert FeedbackAnswer.objects.get().recommendation == 10


def test_a_hundred_answers_are_one_and_then_too_many(visitor, link):
    with time_machine.travel(timezone.now(), tick=False):
        answers = [say(visitor, link, comment=f"<b>{n}</b>").status_code for n in range(30)]
    assert (answers[:20], set(answers[20:])) == ([302] * 20, {429})
    assert FeedbackAnswer.objects.get().comment == "<b>19</b>"
    assert "<b>19</b>" not in page(visitor, link)


# --- opting out ---------------------------------------------------------------------------------------------------------
def is_out(link):
    return Customer.objects.get(pk=link.customer_id).feedback_opt_out_at is not None


def test_the_address_in_the_mail_leads_people_to_a_page_and_changes_nothing(client, link):
    mail = Mail.objects.get(kind="feedback/mail/request")
    address = mail.unsubscribe_url.replace(Mail.LINK_MARK, f"/l/{access.token(link)}/")
    answer = client.get(address, follow=True)
    assert answer.redirect_chain[-1][0] == f"/k/{link.public_id}/abmelden/"
    assert "Keine Fragen mehr schicken?" in answer.content.decode()
    assert not is_out(link)


def test_the_one_click_of_a_mail_program_acts_at_once_without_any_page(link):
    strict = make.Browser(enforce_csrf_checks=True)
    answer = strict.post(f"/l/{access.token(link)}/abmelden/", {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, is_out(link)) == (204, True)


def test_the_button_of_the_page_acts_and_says_so(visitor, link):
    answer = visitor.post(f"/k/{link.public_id}/abmelden/", follow=True)
    assert "Wir fragen nicht mehr." in answer.content.decode()
    assert is_out(link)


def test_opting_out_works_after_the_link_has_expired(link):
    with time_machine.travel(link.expires_at + timedelta(days=1)):
        visitor = make.let_in(link)
        assert visitor.get(f"/l/{access.token(link)}/abmelden/").status_code == 302
        assert visitor.post(f"/k/{link.public_id}/abmelden/").status_code == 302
    assert is_out(link)


def test_who_opted_out_is_not_asked_again(visitor, link, owner):
    visitor.post(f"/k/{link.public_id}/abmelden/")
    again = requests.plan(make.make_completed_order(make.make_sent_quote(Customer.objects.get(pk=link.customer_id))))
    assert requests.send(again) is None
    again.refresh_from_db()
    assert again.state == FeedbackRequest.State.BLOCKED


@pytest.mark.parametrize("token", ["unbekannt", "x" * 3000])
def test_an_unknown_address_is_unknown_here_too(client, db, token):
    assert client.post(f"/l/{token}/abmelden/").status_code == 404
    assert client.get(f"/l/{token}/abmelden/").status_code == 404


def test_a_quotes_link_unsubscribes_nobody(client, business):
    link = make.link_to(make.make_sent_quote())
    assert client.post(f"/l/{access.token(link)}/abmelden/").status_code == 404
    assert not is_out(link)


def test_other_methods_are_refused(visitor, link):
    for address in (f"/k/{link.public_id}/meinung/", f"/l/{access.token(link)}/abmelden/"):
        answer = visitor.put(address)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
