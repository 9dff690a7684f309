"""Questions and answers on a document."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.refusals import Refusal
from crm import access, messages
from crm.models import Mail, Message, TimelineEntry
from tests import make


@pytest.fixture
def link(business):
    """A customer's link; any row may be what it is about."""
    customer = make.make_customer()
    return access.mint(customer, purpose="quote", customer=customer, expires_at=timezone.now() + timedelta(days=30))


def test_a_question_is_told_and_mailed_to_the_business(link):
    message = messages.ask(link, "  Auch in Messing? ", author_name="Sabine")
    assert (message.text, message.author_name, message.is_from_customer, message.read_at) == (
        "Auch in Messing?",
        "Sabine",
        True,
        None,
    )
    assert TimelineEntry.objects.get(event="crm.question_asked").subject == message
    mail = Mail.objects.get()
    assert (mail.to, mail.subject_line) == (link.business.email, "Frage von Sabine")
    assert "Auch in Messing?" in mail.text and f"/fragen/{message.pk}/" in mail.text


@pytest.mark.parametrize(("text", "part"), [("  ", "schreiben Sie Ihre Frage"), ("x" * 5001, "kürzen Sie")])
def test_an_empty_or_endless_question_is_refused(link, text, part):
    with pytest.raises(Refusal, match=part):
        messages.ask(link, text, author_name="")
    assert not Message.objects.exists()


def test_an_answer_goes_out_with_the_customers_link(link, owner):
    messages.ask(link, "Auch in Messing?", author_name="")
    answer = messages.answer(link.subject, "Ja.", customer=link.customer, by=owner)
    assert (answer.by, answer.author_name) == (owner, "Jana Haselbach")
    mail = Mail.objects.get(kind="crm/mail/answer_sent")
    assert (mail.to, mail.link) == (link.customer.email, link)
    assert Mail.LINK_MARK in mail.text and access.token(link) not in mail.text
    assert not messages.unread().exists()


def test_without_an_open_link_the_answer_only_stands_on_the_page(link, owner):
    access.revoke(link.subject)
    assert messages.open_link(link.subject, link.customer) is None
    messages.answer(link.subject, "Ja.", customer=link.customer, by=owner)
    assert not Mail.objects.filter(kind="crm/mail/answer_sent").exists()


def test_an_empty_answer_is_refused(link, owner):
    with pytest.raises(Refusal):
        messages.answer(link.subject, " ", customer=link.customer, by=owner)


def test_a_question_may_be_done_without_an_answer(link):
    messages.ask(link, "Danke", author_name="")
    messages.mark_read(link.subject)
    assert not messages.unread().exists()


def test_a_thread_is_oldest_first(link, owner):
    messages.ask(link, "1", author_name="")
    messages.answer(link.subject, "2", customer=link.customer, by=owner)
    messages.ask(link, "3", author_name="")
    assert [message.text for message in messages.thread(link.subject)] == ["1", "2", "3"]
    assert [message.text for message in messages.unread()] == ["3"]
