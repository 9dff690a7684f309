"""Answers by mail: they land in their conversation, once, whoever wrote them, and machines are not answered."""

import base64
import email
import io
import itertools
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.utils import timezone

from billing import quotes
from config.mail_catcher import Mailbox
from crm import access, inbox, mail, messages, reply_addresses
from crm.models import Attachment, Mail, Message, TimelineEntry
from tests import make
from tests.journeys.product import free_port

MAILS = Path(__file__).parent / "mails"
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def reply_address(settings, counters):
    settings.MAIL_REPLY_ADDRESS = "antwort@post.example"


@pytest.fixture
def customer(business):
    return make.make_customer(email="sabine@kunde.example")


@pytest.fixture
def link(customer):
    """Any row may be what a conversation is about."""
    return access.mint(customer, purpose="quote", customer=customer, expires_at=timezone.now() + timedelta(days=30))


@pytest.fixture
def question(link):
    return messages.ask(link, "Auch in Messing?", author_name="Sabine Brandt")


@pytest.fixture
def told(question):
    """The mail that told the business."""
    return Mail.objects.get(kind="crm/mail/question_asked")


@pytest.fixture
def answered(question, owner):
    """The mail that told the customer."""
    messages.answer(question.subject, "Ja, gern.", customer=question.customer, by=owner)
    return Mail.objects.get(kind="crm/mail/answer_sent")


def written(name, row, *, sender="sabine@kunde.example", message_id=None, **parts):
    """A mail of mails/, answering one of ours."""
    text = (MAILS / f"{name}.eml").read_text()
    values = {"sender": sender, "reply_to": reply_addresses.of(row)} | {
        key: base64.encodebytes(value).decode() for key, value in parts.items()
    }
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    if message_id is not None:
        text = text.replace("Message-ID: <", f"Message-ID: <{message_id}")
    return text.encode()


def plain(row, text="Danke.", *, sender="sabine@kunde.example", **headers):
    """A short answer; a header that is None is left out."""
    fields = {
        "From": sender,
        "To": reply_addresses.of(row),
        "Message-ID": f"<{next(_numbers)}@kunde.example>",
        **headers,
    }
    head = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items() if value is not None)
    return f"{head}\n{text}\n".encode()


def newest():
    return Message.objects.order_by("-pk").first()


# --- the address --------------------------------------------------------------------------------------------------------
def test_only_mails_of_a_conversation_are_answered_into_it(answered, settings):
    assert reply_addresses.of(answered).startswith(f"antwort+{answered.pk}.")
    assert len(reply_addresses.of(answered).partition("@")[0]) <= 64  # RFC 5321
    assert reply_addresses.of(make.make_failed_mail()) == ""
    settings.MAIL_REPLY_ADDRESS = ""
    assert reply_addresses.of(answered) == ""


def test_an_address_is_good_for_its_own_mail_alone_and_through_a_change_of_keys(answered, told, settings):
    address = reply_addresses.of(answered)
    assert reply_addresses.pk_in(address.upper()) == answered.pk
    other = address.replace(f"+{answered.pk}.", f"+{told.pk}.")
    bent = address[:20] + ("1" if address[20] == "0" else "0") + address[21:]
    for wrong in (
        other,
        bent,
        address.replace("+", "-"),
        f"antwort+{answered.pk}@post.example",
    ):
        assert reply_addresses.pk_in(wrong) is None
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert reply_addresses.pk_in(address) == answered.pk
    settings.SECRET_KEY_FALLBACKS = []
    assert reply_addresses.pk_in(address) is None


def test_a_bent_address_opens_nothing(answered):
    raw = plain(answered).replace(b"antwort+", b"antwort+1")
    assert inbox.receive(raw) == "no delivery report, ignored"
    assert newest().text == "Ja, gern."


# --- a customer answers -------------------------------------------------------------------------------------------------
def test_a_customers_answer_is_a_message_and_the_business_is_told(answered, question):
    assert inbox.receive(written("gmail", answered)) == f"answer to mail {answered.pk}: message {newest().pk}"
    message = newest()
    assert message.text == (
        "Gern, dann in Messing. Am Montag schrieb ich Ihnen ja schon: bitte ohne Sockel.\n\nViele Grüße\nSabine Brandt"
    )
    assert (message.subject, message.link, message.by, message.author_name) == (
        question.subject, question.link, None, question.customer.person_name,
    )  # fmt: skip
    assert (message.channel, message.sent_from) == ("mail", "")
    assert [each.text for each in messages.unread()] == [message.text]
    assert TimelineEntry.objects.filter(event="crm.question_asked").count() == 2
    assert Mail.objects.filter(kind="crm/mail/question_asked", to=question.business.email).count() == 2
    # who answers has read
    assert not messages.thread(question.subject).filter(messages.ANSWERS, read_at=None).exists()


def test_the_same_mail_counts_once(answered):
    raw = written("gmail", answered)
    assert [inbox.receive(raw).rpartition(": ")[2] for _ in range(2)][1] == "known already"
    without_id = plain(answered, Message_ID=None)
    assert [inbox.receive(without_id).rpartition(": ")[2] for _ in range(2)][1] == "known already"
    assert messages.unread().count() == 2


def test_files_come_along_and_what_is_none_is_named(answered):
    pdf, logo = b"%PDF-1.7\n%%EOF\n", make.picture((20, 20), "PNG")
    inbox.receive(written("outlook", answered, pdf=pdf, logo=logo))
    message = newest()
    assert message.text == (
        "Guten Morgen,\n\nkönnen Sie die Türen 5 cm schmaler machen? Plan anbei.\n\n"
        "Mit freundlichen Grüßen\nSabine Brandt\n\n[Nicht übernommen: Bilder.zip]"
    )
    file = message.attachments.get()
    assert (file.name, file.kind, file.by, file.is_shared) == ("Türen.pdf", "pdf", None, False)
    assert "Türen.pdf" in Mail.objects.filter(kind="crm/mail/question_asked").last().text
    # one line in the timeline, with the message
    assert not TimelineEntry.objects.filter(event="crm.file_added").exists()


def test_words_around_a_photo_are_one_text(answered):
    photo = make.picture((1200, 900), quality=100)
    inbox.receive(written("iphone", answered, photo=photo))
    assert newest().text == "So sieht die Nische aus:\n\nPasst das?"
    assert [(file.name, file.kind) for file in newest().attachments.all()] == [("IMG_0042.jpg", "photo")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("thunderbird", "Yes, please.\n\nTuesday suits us."),
        ("html_only", "Bitte zwei Angebote & einen Termin.\n\nDanke\nSabine"),
    ],
)
def test_other_mail_programs(answered, name, text):
    inbox.receive(written(name, answered))
    assert newest().text == text


def test_somebody_else_may_answer_and_is_named(answered):
    inbox.receive(plain(answered, "Ich bin die Tochter.", sender="Mia Brandt <mia@anders.example>"))
    assert (newest().author_name, newest().sent_from) == ("Mia Brandt", "mia@anders.example")
    assert "mia@anders.example" in Mail.objects.filter(kind="crm/mail/question_asked").last().text


@pytest.mark.parametrize("close", ["revoked", "expired"])
def test_a_closed_link_does_not_lose_the_words(answered, close, link):
    changed = {"revoked_at": answered.created_at} if close == "revoked" else {"expires_at": answered.created_at}
    type(link).objects.filter(pk=link.pk).update(**changed)
    inbox.receive(plain(answered, "Noch etwas."))
    assert newest().text == "Noch etwas."


def test_the_envelope_may_name_the_address_alone(answered):
    raw = plain(answered, To="undisclosed-recipients:;")
    assert "no delivery report" in inbox.receive(raw)
    assert "message" in inbox.receive(raw, recipient=reply_addresses.of(answered))


# --- the business answers -----------------------------------------------------------------------------------------------
def test_the_businesss_answer_goes_on_to_the_customer(told, question, owner):
    raw = plain(told, "Ja, das geht.", sender=question.business.email)
    assert "message" in inbox.receive(raw)
    message = newest()
    assert (message.by, message.text, message.channel, message.sent_from) == (owner, "Ja, das geht.", "mail", "")
    sent = Mail.objects.get(kind="crm/mail/answer_sent")
    assert (sent.to, sent.link) == (question.customer.email, question.link)
    assert not messages.unread().exists()


def test_a_member_is_known_by_the_address(told, owner):
    colleague = make.make_member("office", name="Timo Wulff", email="timo@haselbach.example")
    make.make_member("field_worker", name="Nele", email="nele@haselbach.example")
    inbox.receive(plain(told, "Ja.", sender="Timo <TIMO@haselbach.example>"))
    assert (newest().by, newest().sent_from) == (colleague, "")
    inbox.receive(plain(told, "Doch nicht.", sender="nele@haselbach.example"))  # may not write to customers
    assert (newest().by, newest().sent_from) == (owner, "nele@haselbach.example")


def test_an_answer_to_a_question_about_an_older_version_finds_the_customer(customer, owner):
    quote = make.make_sent_quote(customer)
    messages.ask(make.link_to(quote), "Auch in Messing?", author_name="Sabine")
    draft = quotes.revise(quote, by=owner)
    quotes.send(draft, by=owner, to=customer.email)
    told = Mail.objects.get(kind="crm/mail/question_asked")
    inbox.receive(plain(told, "Jetzt auch in Messing.", sender=told.to))
    sent = Mail.objects.get(kind="crm/mail/answer_sent")
    assert (sent.link.subject, sent.link.is_open) == (draft, True)


# --- what is no answer --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; owner-email=x@y.example"},
        {"Precedence": "bulk"},
        {"X-Auto-Response-Suppress": "All"},
        {"X-Autoreply": "yes"},
        {"List-Id": "<kunden.example>"},
        {"Return-Path": "<>"},
        {"From": "MAILER-DAEMON@mx.kunde.example"},
        {"From": "Handschlag <post@handschlag.example>"},
        {"From": "antwort+7@post.example"},
    ],
)
def test_machines_are_not_listened_to(answered, headers):
    assert inbox.receive(plain(answered, **headers)) == "automatic answer, ignored"
    assert newest().text == "Ja, gern."


def test_a_holiday_is_no_answer(answered):
    assert inbox.receive(written("holiday", answered)) == "automatic answer, ignored"


def test_a_person_says_no_to_being_a_machine(answered):
    assert "message" in inbox.receive(plain(answered, **{"Auto-Submitted": "no"}))


def test_machines_that_hide_are_stopped(answered):
    for _ in range(20):
        inbox.receive(plain(answered))
    assert inbox.receive(plain(answered)).endswith("too many, ignored")


def test_nothing_said_is_no_message(answered):
    assert inbox.receive(plain(answered, " \n")).endswith("empty, ignored")


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 2000,
        b"Content-Type: text/plain; charset=klingon\n\nGuten Tag \xff\x00\x1b[31m",
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n%%%%",
        b"Content-Type: multipart/mixed\n\n--\n",
        b"Subject: =?utf-8?q?=ff=fe?=\nFrom: =?klingon?b?!!!?= <x@y.example>\n\nHallo",
        b"Content-Type: message/rfc822\n\nSubject: innen\n\nHallo",
        b"Content-Type: text/html\n\n" + b"<blockquote>" * 50_000,
    ],
)
def test_a_broken_mail_breaks_nothing(answered, body):
    raw = f"To: {reply_addresses.of(answered)}\nFrom: sabine@kunde.example\n".encode() + body
    assert isinstance(inbox.receive(raw), str)
    assert "\x00" not in newest().text and "\x1b" not in newest().text


def test_files_of_a_mail_that_is_too_big_stay_out_and_its_words_do_not(answered, monkeypatch):
    raw = written("outlook", answered, pdf=b"%PDF-1.7\n%%EOF\n", logo=b"x")
    monkeypatch.setattr("crm.replies.BIGGEST", len(raw) - 10)
    inbox.receive(raw)
    assert newest().text.startswith("Guten Morgen") and newest().text.endswith(
        "[Nicht übernommen: Türen.pdf, Bilder.zip]"
    )
    assert not Attachment.objects.filter(message=newest()).exists()


def test_a_letter_is_cut_and_not_refused(answered):
    inbox.receive(plain(answered, "wort " * 3000))
    assert len(newest().text) <= messages.LONGEST and newest().text.endswith(" …")


def test_a_bounce_is_still_a_bounce(answered):
    raw = (
        f"To: {reply_addresses.of(answered)}\nFrom: MAILER-DAEMON@x\nIn-Reply-To: {answered.message_id}\n"
        "Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\n"
        "Action: failed\nStatus: 5.1.1\n\n--x--\n"
    ).encode()
    Mail.objects.filter(pk=answered.pk).update(state=Mail.State.SENT)
    assert inbox.receive(raw) == f"failed 5.1.1: mail {answered.pk} bounced"


# --- the whole way ------------------------------------------------------------------------------------------------------
@pytest.fixture
def mailbox(tmp_path, settings):
    """The demo's SMTP server in a thread; mails go there for real."""
    folder = tmp_path / "mails"
    folder.mkdir()
    server = Controller(Mailbox(folder), hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    yield lambda: email.message_from_bytes(sorted(folder.iterdir())[-1].read_bytes())
    server.stop()


def answer_to(received, text, *, sender):
    """What a mail program sends when somebody presses "answer"."""
    reply = email.message.EmailMessage()
    reply["From"], reply["To"], reply["Message-ID"] = sender, received["Reply-To"], f"<{next(_numbers)}@there.example>"
    reply["In-Reply-To"] = received["Message-ID"]
    plain_part = next(part for part in received.walk() if part.get_content_type() == "text/plain")
    old = plain_part.get_payload(decode=True).decode().replace("\n", "\n> ")
    reply.set_content(f"{text}\n\nAm 21.11.2026 um 17:05 schrieb Haselbach:\n\n> {old}")
    return reply.as_bytes()


def test_question_answer_and_answer_to_that_by_mail_alone(mailbox, question, owner, monkeypatch, capsys):
    def receive(raw):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        call_command("receive_mail")
        return capsys.readouterr().out

    business, customer = question.business, question.customer
    mail.deliver(Mail.objects.get(kind="crm/mail/question_asked").pk)
    assert mailbox()["X-Envelope-To"] == business.email
    assert "message" in receive(answer_to(mailbox(), "Ja, auch in Messing.", sender=business.email))

    mail.deliver(Mail.objects.get(kind="crm/mail/answer_sent").pk)
    assert mailbox()["X-Envelope-To"] == customer.email
    assert "message" in receive(answer_to(mailbox(), "Dann bitte so.", sender=customer.email))
    assert [(each.by, each.text) for each in messages.thread(question.subject)] == [
        (None, "Auch in Messing?"),
        (owner, "Ja, auch in Messing."),
        (None, "Dann bitte so."),
    ]
