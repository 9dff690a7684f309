"""Questions and answers on a document."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.refusals import Refusal
from crm import access, mail, messages, timeline
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
    told = Mail.objects.get()
    assert (told.to, told.subject_line) == (link.business.email, "Frage von Sabine")
    assert "Auch in Messing?" in told.text and f"/fragen/{message.pk}/" in told.text


@pytest.mark.parametrize(("text", "part"), [("  ", "schreiben Sie Ihre Frage"), ("x" * 5001, "kürzen Sie")])
def test_an_empty_or_endless_question_is_refused(link, text, part):
    with pytest.raises(Refusal, match=part):
        messages.ask(link, text, author_name="")
    assert not Message.objects.exists()


def test_an_answer_goes_out_with_the_customers_link(link, owner):
    messages.ask(link, "Auch in Messing?", author_name="")
    answer = messages.answer(link.subject, "Ja.", customer=link.customer, by=owner)
    assert (answer.by, answer.author_name) == (owner, "Jana Haselbach")
    sent = Mail.objects.get(kind="crm/mail/answer_sent")
    assert (sent.to, sent.link) == (link.customer.email, link)
    assert Mail.LINK_MARK in sent.text and access.token(link) not in sent.text
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


# --- files --------------------------------------------------------------------------------------------------------------
def test_files_belong_to_their_message_and_are_told_with_it(link, owner):
    message = messages.ask(
        link, "Siehe Plan", author_name="", files=[make.upload(), make.upload(b"%PDF-1.7\n", "Plan.pdf")]
    )
    assert [(file.kind, file.by, file.is_shared) for file in message.attachments.all()] == [
        ("photo", None, False),
        ("pdf", None, False),
    ]
    told = TimelineEntry.objects.exclude(event="crm.customer_created")
    assert [(entry.event, entry.facts) for entry in told] == [("crm.question_asked", {"files": "2"})]
    assert list(timeline.of(link.customer, timeline.Wanted(only=("crm.file",)))) == list(told)
    assert "Mit 2 Dateien: foto.jpg, Plan.pdf" in Mail.objects.get().text


def test_of_several_files_the_one_at_fault_is_named_and_none_is_kept(link, files):
    with pytest.raises(messages.NotTaken, match=r"brief\.html: Wir können"):
        messages.ask(link, "", author_name="", files=[make.upload(), make.upload(b"<html>", "brief.html")])
    assert not Message.objects.exists() and not list(files.rglob("*.jpg"))


def test_too_many_files_are_refused_on_both_sides(link, owner, monkeypatch):
    eleven = [make.upload(name=f"{n}.jpg") for n in range(11)]
    for write in (
        lambda: messages.ask(link, "", author_name="", files=eleven),
        lambda: messages.answer(link.subject, "", customer=link.customer, by=owner, files=eleven),
    ):
        with pytest.raises(messages.TooMuch):
            write()
    monkeypatch.setattr(messages, "MOST_A_DAY", 2)
    messages.ask(link, "", author_name="", files=[make.upload(), make.upload()])
    with pytest.raises(messages.TooOften):
        messages.ask(link, "", author_name="", files=[make.upload()])
    # the business's own files do not count
    messages.answer(link.subject, "", customer=link.customer, by=owner, files=[make.upload()] * 2)


# --- links and conversations --------------------------------------------------------------------------------------------
def test_an_answer_takes_the_link_that_was_asked_through(link, owner):
    messages.ask(link, "Auch in Messing?", author_name="")
    access.mint(link.subject, purpose="quote", customer=link.customer, expires_at=link.expires_at)
    assert messages.open_link(link.subject, link.customer) == link
    access.close(link)
    assert messages.open_link(link.subject, link.customer) != link


def test_who_writes_has_read_the_answers_before(link, owner):
    messages.answer(link.subject, "Guten Tag.", customer=link.customer, by=owner)
    assert messages.thread(link.subject).filter(messages.ANSWERS, read_at=None).count() == 1
    messages.ask(link, "Danke", author_name="")
    assert not messages.thread(link.subject).filter(messages.ANSWERS, read_at=None).exists()


def test_mails_of_one_conversation_are_one_in_a_mail_program(link, owner, mailoutbox, settings):
    settings.MAIL_REPLY_ADDRESS = "antwort@post.example"
    messages.ask(link, "Auch in Messing?", author_name="")
    messages.answer(link.subject, "Ja.", customer=link.customer, by=owner)
    for row in Mail.objects.order_by("pk"):
        mail.deliver(row.pk)
    told, answered = mailoutbox
    assert told.extra_headers["References"] == answered.extra_headers["References"]
    assert [each.reply_to[0].partition("+")[0] for each in mailoutbox] == ["antwort", "antwort"]
    assert "einfach auf diese E-Mail" in told.body


def test_what_is_about_nothing_in_particular_is_about_the_customer(business, owner):
    customer = make.make_customer()
    messages.answer(customer, "Frohe Feiertage.", customer=customer, by=owner)
    assert [message.text for message in messages.general(customer)] == ["Frohe Feiertage."]
