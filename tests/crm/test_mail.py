"""The outbox: a row first, then sent once, retried, and told when it fails (security.md 4.7)."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as sent
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import current
from crm import access, bounces, files, mail, mail_limits
from crm.models import Mail, TimelineEntry, Todo
from tests import make


def queue(**kwargs):
    customer = kwargs.pop("customer", None) or make.make_customer(email="sabine@brandt.example")
    todo = make.make_todo("Griffe", by=make.make_member())
    return mail.queue("crm/mail/todo_reminder", to=customer.email, customer=customer, todo=todo, **kwargs)


def fail_with(error, monkeypatch):
    def send(self):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", send)


def test_a_mail_is_a_row_until_it_leaves(business):
    row = queue()
    assert (row.state, row.subject_line, sent.outbox) == ("waiting", "Aufgabe: Griffe", [])
    assert mail.deliver(row.pk) is True
    message = sent.outbox[0]
    assert (message.to, message.reply_to) == (["sabine@brandt.example"], [business.email])
    assert message.from_email.startswith('"Tischlerei Haselbach" <') or message.from_email.startswith("Tischlerei")
    assert message.extra_headers["Message-ID"] == row.message_id
    row.refresh_from_db()
    assert row.state == "sent" and row.sent_at
    assert TimelineEntry.objects.get(event="crm.mail_sent").subject == row


def test_delivering_twice_sends_once(business):
    row = queue()
    assert [mail.deliver(row.pk), mail.deliver(row.pk)] == [True, False]
    assert len(sent.outbox) == 1


@pytest.mark.parametrize("address", ["kein-at", "a@b\r\nBcc: x@y.example", ""])
def test_what_is_no_address_is_not_queued(business, address):
    with pytest.raises(ValidationError):
        mail.queue("crm/mail/todo_reminder", to=address, todo=make.make_todo(by=make.make_member()))


def test_no_header_grows_a_second_line(business):
    business.name = "Haselbach\r\nBcc: x@y.example"
    row = queue()
    row.subject_line = "Hallo\nBcc: x@y.example"
    assert "\n" not in queue().subject_line
    mail.deliver(queue().pk)
    assert all("\n" not in value for message in sent.outbox for value in (message.subject, message.from_email))


def test_the_link_is_put_in_when_the_mail_leaves(business):
    customer = make.make_customer(email="sabine@brandt.example")
    link = access.mint(customer, purpose="quote", customer=customer, expires_at=timezone.now() + timedelta(days=1))
    message = mail.queue(
        "crm/mail/answer_sent",
        to=customer.email,
        customer=customer,
        link=link,
        message={"text": "Ja.", "author_name": "Jana"},
    )
    assert access.token(link) not in message.text + message.html
    mail.deliver(message.pk)
    assert access.url(link) in sent.outbox[0].body and access.url(link) in sent.outbox[0].alternatives[0].content


def test_attachments_travel_as_stored(business):
    name, digest = files.store("invoices/RE-1.pdf", b"%PDF-1.7")
    row = queue(attachments=[("RE-1.pdf", "application/pdf", name, digest)])
    mail.deliver(row.pk)
    attached = sent.outbox[0].attachments[0]
    assert (attached.filename, attached.content, attached.mimetype) == ("RE-1.pdf", b"%PDF-1.7", "application/pdf")


@pytest.mark.parametrize(
    "error", [OSError("weg"), smtplib.SMTPServerDisconnected("weg"), smtplib.SMTPDataError(451, b"voll")]
)
def test_a_passing_error_waits_longer_each_time(business, monkeypatch, error):
    fail_with(error, monkeypatch)
    with time_machine.travel("2026-11-23T08:00:00+00:00", tick=False) as clock:
        row = queue()
        for minutes in (1, 2, 4):
            assert mail.deliver(row.pk) is False
            row.refresh_from_db()
            assert (row.state, row.next_try_at - timezone.now()) == ("waiting", timedelta(minutes=minutes))
            assert mail.deliver(row.pk) is False and mail.sweep() == []
            clock.shift(timedelta(minutes=minutes))
        assert mail.sweep() == [row.pk]


def test_what_the_server_will_not_take_is_final_and_told_in_words(business, monkeypatch):
    fail_with(smtplib.SMTPDataError(554, b"5.7.1 Spam"), monkeypatch)
    row = queue()
    mail.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "554 5.7.1 Spam")
    assert row.reason == "Der Mailserver des Empfängers nimmt unsere E-Mails nicht an."
    assert TimelineEntry.objects.get(event="crm.mail_failed").subject == row
    assert not mail_limits.is_refused(row.to)


def test_a_refused_address_is_to_be_looked_at(business, monkeypatch):
    refusal = smtplib.SMTPRecipientsRefused({"x@y.example": (550, b"5.1.1 <x@y.example>:\n no such user")})
    fail_with(refusal, monkeypatch)
    row = queue()
    mail.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == ("bounced", "550 5.1.1 <x@y.example>: no such user")
    assert TimelineEntry.objects.get(event="crm.mail_bounced").subject == row
    todo = Todo.objects.get(customer=row.customer)
    assert todo.text == "E-Mail-Adresse prüfen: sabine@brandt.example – Diese Adresse gibt es nicht."
    assert mail_limits.is_refused("sabine@brandt.example") and not mail_limits.is_refused("s@brandt.example")
    mail.retry(row)  # somebody knows better
    assert not mail_limits.is_refused("sabine@brandt.example")


def test_a_recipient_refused_for_the_moment_waits(business, monkeypatch):
    fail_with(smtplib.SMTPRecipientsRefused({"x@y.example": (450, b"4.2.1 greylisted")}), monkeypatch)
    row = queue()
    mail.deliver(row.pk)
    row.refresh_from_db()
    assert row.state == "waiting"


def test_what_a_rule_sends_does_not_leave_at_night(business):
    with time_machine.travel("2026-11-23T21:30:00+00:00", tick=False) as clock:  # it waited through an outage
        row = queue(is_automatic=True)
        asked_for = queue()
        assert [mail.deliver(row.pk), mail.deliver(asked_for.pk)] == [False, True]
        row.refresh_from_db()
        assert (row.state, row.tries) == ("waiting", 0)
        assert timezone.localtime(row.next_try_at).isoformat() == "2026-11-24T08:00:00+01:00"
        clock.move_to("2026-11-24T07:00:00+00:00")
        assert mail.deliver(row.pk) is True


def test_the_return_path_names_the_mail(business, settings):
    settings.MAIL_RETURN_PATH = "rueck@post.example"
    row = queue()
    mail.deliver(row.pk)
    message = sent.outbox[0]
    assert message.from_email == bounces.return_path(row)
    assert message.from_email.startswith(f"rueck+{row.pk}-") and message.from_email.endswith("@post.example")
    assert "Tischlerei Haselbach" in message.message()["From"]


def test_after_eight_tries_it_is_enough(business, monkeypatch):
    fail_with(OSError("weg"), monkeypatch)
    row = queue()
    for _ in range(mail.TRIES):
        Mail.objects.filter(pk=row.pk).update(next_try_at=timezone.now())
        mail.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.tries) == ("failed", 8)


def test_a_failed_mail_is_sent_once_more_on_wish(business):
    row = make.make_failed_mail(make.make_customer())
    mail.retry(row)
    assert mail.deliver(row.pk) is True


def test_a_mail_stuck_in_sending_is_freed(business):
    row = queue()
    Mail.objects.filter(pk=row.pk).update(state="sending", next_try_at=timezone.now() - timedelta(seconds=1))
    assert mail.sweep() == [row.pk]
    assert mail.deliver(row.pk) is True


def test_the_oldest_waiting_is_known_over_all_businesses(business):
    assert mail.oldest_waiting() == 0
    with current.working_for(make.make_business()):
        row = queue()
    Mail.unscoped.filter(pk=row.pk).update(next_try_at=timezone.now() - timedelta(minutes=16))
    assert 960 <= mail.oldest_waiting() < 970


def test_customers_text_is_escaped_in_html(business):
    message = mail.queue(
        "crm/mail/question_asked",
        to="a@b.example",
        message=type("M", (), {"pk": 1, "text": "<b>x</b>", "author_name": "<i>", "subject": ""}),
    )
    assert "&lt;b&gt;x&lt;/b&gt;" in message.html and "<b>x</b>" not in message.html
    assert "<b>x</b>" in message.text and message.subject_line == "Frage von <i>"
