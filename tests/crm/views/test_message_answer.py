"""Answering a customer's question."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm import access, messages
from crm.models import Mail
from tests import make


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


@pytest.fixture
def question(business):
    customer = make.make_customer()
    link = access.mint(customer, purpose="quote", customer=customer, expires_at=timezone.now() + timedelta(days=1))
    return messages.ask(link, "Auch in Messing?", author_name="")


def url(question, name="message_answer"):
    return reverse(f"crm:{name}", args=[question.pk])


def test_the_conversation_is_shown_without_marking_it_read(office, question):
    assert "Auch in Messing?" in office.get(url(question)).content.decode()
    question.refresh_from_db()
    assert question.read_at is None


def test_an_answer_is_mailed(office, question):
    page = office.post(url(question), {"text": "Ja, gern."}, follow=True).content.decode()
    assert "Die Antwort ist unterwegs." in page and "Ja, gern." in page
    assert Mail.objects.filter(kind="crm/mail/answer_sent").count() == 1
    question.refresh_from_db()
    assert question.read_at is not None


def test_without_a_link_it_says_that_nothing_was_mailed(office, question):
    access.revoke(question.subject)
    page = office.post(url(question), {"text": "Ja, gern."}, follow=True).content.decode()
    assert "nicht gemailt" in page


def test_an_empty_answer_is_refused(office, question):
    response = office.post(url(question), {"text": " "})
    assert response.status_code == 422 and "Bitte schreiben Sie Ihre Antwort." in response.content.decode()


def test_a_question_may_be_done_without_an_answer(office, question):
    office.post(url(question, "message_read"))
    assert not messages.unread().exists()
