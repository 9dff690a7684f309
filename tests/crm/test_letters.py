"""Mails written by hand: on the timeline, in the conversation, and what comes back."""

import io

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from PIL import Image

from accounts.refusals import Refusal
from crm import center_links, letters, mail, messages, replies, timeline
from crm.models import Attachment, ContactPerson, Mail, Message
from tests import make


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MAIL_REPLY_ADDRESS = "antwort@post.example"


def send(customer, by, **changes):
    words = {"to": customer.email, "subject_line": "Muster", "text": "Guten Tag,\n\ndie Muster liegen bereit."}
    return letters.send(customer, by=by, **{**words, **changes})


def leave(row):
    assert mail.deliver(row.pk)
    return django_mail.outbox[-1]


def answer(to, text="Passt.", sender="sabine@kunde.example"):
    raw = f"From: {sender}\r\nTo: {to}\r\nMessage-ID: <{text}@kunde.example>\r\nSubject: Re\r\n\r\n{text}\r\n"
    return replies.receive(raw.encode())


def test_it_is_told_once_and_leaves_through_the_outbox(business, owner):
    customer = make.make_customer()
    sent = leave(send(customer, owner))
    assert (sent.subject, sent.to) == ("Muster", [customer.email])
    assert "die Muster liegen bereit." in sent.body and str(owner) in sent.body
    events = [entry.event for entry in timeline.of(customer)]
    assert events == ["crm.mail_written", "crm.customer_created"]  # no second line when it left
    assert "die Muster liegen bereit." in timeline.of(customer)[0].subject.letter
    assert "Tischlerei Haselbach" in timeline.of(customer)[0].subject.letter


@pytest.mark.parametrize("has_link", [True, False])
def test_what_the_customer_answers_lands_in_the_conversation(business, owner, has_link):
    customer = make.make_customer()
    if has_link:
        center_links.invite(customer)
    row = send(customer, owner)
    assert bool(row.link) == has_link
    (to,) = leave(row).reply_to
    assert "message" in answer(to)
    assert [(each.text, each.is_from_customer) for each in messages.general(customer)] == [
        ("Guten Tag,\n\ndie Muster liegen bereit.", False), ("Passt.", True),
    ]  # fmt: skip
    assert "known" in answer(to)  # the same mail once more


def test_a_typed_address_gets_the_mail_and_nothing_else_changes(business, owner):
    customer = make.make_customer()
    before = type(customer).objects.filter(pk=customer.pk).values().get()
    row = send(customer, owner, to="statik@buero.example")
    sent = leave(row)
    assert sent.to == ["statik@buero.example"] and sent.reply_to == [business.email]
    assert not Message.objects.exists()  # the customer does not read it
    assert type(customer).objects.filter(pk=customer.pk).values().get() == before
    assert not ContactPerson.objects.exists()


def test_a_person_of_the_customer_is_written_to_as_the_customer(business, owner):
    customer = make.make_company()
    ContactPerson.objects.create(customer=customer, name="Ada", email="ada@cafe.example")
    assert letters.addresses(customer) == [(customer.email, customer.name), ("ada@cafe.example", "Ada")]
    send(customer, owner, to="ADA@cafe.example")
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject_line": " "}, "subject_line"),
        ({"subject_line": "x" * 151}, "subject_line"),
        ({"text": " "}, "text"),
        ({"text": "x" * 5001}, "text"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(business, owner, changes, field):
    customer = make.make_customer()
    with pytest.raises(Refusal) as refused:
        send(customer, owner, **changes)
    assert refused.value.field == field
    with pytest.raises(ValidationError):
        send(customer, owner, to="a@b\r\nBcc: x@y")
    assert not Mail.objects.exists() and not Message.objects.exists()


def test_a_subject_breaks_no_header(business, owner):
    sent = leave(send(make.make_customer(), owner, subject_line="Muster\r\nBcc: x@y.example"))
    assert (sent.subject, sent.bcc, sent.message()["Bcc"]) == ("Muster Bcc: x@y.example", [], None)


def test_files_travel_with_it_photos_without_their_place(business, owner):
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 33.0, 2.0)})
    photo = make.upload(make.picture(exif=exif.tobytes()), "Flur.jpg")
    customer = make.make_customer()
    sent = leave(send(customer, owner, files=[photo, make.upload(b"%PDF-1.7 Plan", "Plan.pdf")]))
    (name, content, kind), paper = sent.attachments[:2]
    assert (name, kind) == ("Flur.jpg", "image/jpeg") and not Image.open(io.BytesIO(content)).getexif()
    assert tuple(paper)[:2] == ("Plan.pdf", b"%PDF-1.7 Plan")
    assert [file.name for file in messages.general(customer).get().attachments.all()] == ["Flur.jpg", "Plan.pdf"]
    send(customer, owner, to="statik@buero.example", files=[make.upload(b"%PDF-1.7 Plan", "Plan.pdf")])
    assert Attachment.objects.filter(message=None, is_shared=False).count() == 1
    with pytest.raises(Refusal):
        send(customer, owner, files=[make.upload(b"<svg/>", "a.svg")])
    assert Mail.objects.filter(kind=Mail.BY_HAND).count() == 2
