"""Mails that come back: reports of several mail servers find their mail, and junk finds nothing (RFC 3464)."""

import io
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from crm import bounces, mail, mail_limits
from crm.models import Mail, TimelineEntry, Todo
from tests import make

POSTFIX = """\
Return-Path: <>
X-Original-To: {return_path}
Delivered-To: rueck@post.example
Date: Mon, 23 Nov 2026 10:00:01 +0100 (CET)
From: MAILER-DAEMON@mx.post.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {return_path}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4D1C2.1764/mx.post.example"
Message-Id: <20261123090001.4D1C3@mx.post.example>

This is a MIME-encapsulated message.

--4D1C2.1764/mx.post.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.post.example.

I'm sorry to have to inform you that your message could not be delivered.

--4D1C2.1764/mx.post.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.post.example
X-Postfix-Queue-ID: 4D1C2
Arrival-Date: Mon, 23 Nov 2026 09:59:58 +0100 (CET)

Final-Recipient: rfc822; sabine@brandt.example
Original-Recipient: rfc822;sabine@brandt.example
Action: {action}
Status: {status}
Remote-MTA: dns; mail.brandt.example
Diagnostic-Code: smtp; {answer}

--4D1C2.1764/mx.post.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <{return_path}>
From: Tischlerei Haselbach <post@handschlag.example>
To: sabine@brandt.example
Message-ID: {message_id}

--4D1C2.1764/mx.post.example--
"""

EXCHANGE = """\
From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@firma.example>
To: "post@handschlag.example" <post@handschlag.example>
Subject: =?utf-8?B?VW56dXN0ZWxsYmFy?=: Ihr Angebot
Date: Mon, 23 Nov 2026 09:12:44 +0000
Message-ID: <b1@FIRMA01.firma.example>
In-Reply-To: {message_id}
References: {message_id}
Content-Type: multipart/report; report-type=delivery-status; boundary="_b_"
MIME-Version: 1.0

--_b_
Content-Type: multipart/alternative; boundary="_c_"

--_c_
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

RmVobGVyIGJlaSBkZXIgWnVzdGVsbHVuZw==

--_c_--
--_b_
Content-Type: message/delivery-status

Reporting-MTA: dns;FIRMA01.firma.example
Received-From-MTA: dns;mx.post.example
Arrival-Date: Mon, 23 Nov 2026 09:12:43 +0000

Final-Recipient: rfc822;einkauf@firma.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup

--_b_
Content-Type: message/rfc822

From: Tischlerei Haselbach <post@handschlag.example>
To: <einkauf@firma.example>
Subject: Ihr Angebot
Message-ID: {message_id}
Content-Type: text/plain

Guten Tag
--_b_--
"""

HOLIDAY = """\
From: sabine@brandt.example
To: {return_path}
Subject: Abwesend
Auto-Submitted: auto-replied
In-Reply-To: {message_id}

Ich bin im Urlaub.
"""


@pytest.fixture
def row(business):
    """A mail that left."""
    customer = make.make_customer(email="sabine@brandt.example")
    row = mail.queue(
        "crm/mail/answer_sent", to=customer.email, customer=customer, message={"text": "Ja.", "author_name": "Jana"}
    )
    mail.deliver(row.pk)
    return row


@pytest.fixture
def verp(settings):
    settings.MAIL_RETURN_PATH = "rueck@post.example"


def report(text, row, *, action="failed", status="5.1.1", answer="550 5.1.1 User unknown", **fields) -> bytes:
    values = {"return_path": bounces.return_path(row), "message_id": row.message_id, **fields}
    return text.format(action=action, status=status, answer=answer, **values).encode()


def test_an_address_that_is_unknown_is_marked_told_and_asked_about(row, verp):
    said = "550 5.1.1 <sabine@brandt.example>: Recipient address rejected: User unknown"
    line = bounces.receive(report(POSTFIX, row, answer=said, message_id="<weg@sonst.example>"))
    assert line == f"failed 5.1.1: mail {row.pk} bounced"
    row.refresh_from_db()
    assert (row.state, row.error, row.reason) == ("bounced", said, "Diese Adresse gibt es nicht.")
    assert TimelineEntry.objects.get(event="crm.mail_bounced").subject == row
    todo = Todo.objects.get()
    assert todo.text == "E-Mail-Adresse prüfen: sabine@brandt.example – Diese Adresse gibt es nicht."
    assert todo.customer == row.customer
    assert mail_limits.is_refused("sabine@brandt.example")


def test_a_report_that_comes_twice_changes_nothing_more(row, verp):
    for _ in range(2):
        bounces.receive(report(POSTFIX, row))
    assert (Todo.objects.count(), TimelineEntry.objects.filter(event="crm.mail_bounced").count()) == (1, 1)


def test_without_a_return_path_the_message_id_finds_the_mail(row):
    assert bounces.receive(report(EXCHANGE, row)) == f"failed 5.1.10: mail {row.pk} bounced"
    row.refresh_from_db()
    assert row.reason == "Diese Adresse gibt es nicht."


def test_the_recipient_the_server_names_is_enough(row, verp):
    raw = report(EXCHANGE, row, message_id="<weg@sonst.example>")
    assert bounces.receive(raw).endswith("no such mail")
    assert bounces.receive(raw, recipient=bounces.return_path(row).upper()).endswith("bounced")


def test_a_mail_that_is_late_is_not_lost(row, verp):
    raw = report(POSTFIX, row, action="delayed", status="4.4.1", answer="connect to mail.brandt.example: timed out")
    assert bounces.receive(raw).endswith("is delayed")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("sent", "Der Mailserver dieser Adresse ist nicht zu erreichen.")


def test_a_mail_given_up_after_days_says_nothing_about_the_address(row, verp):
    raw = report(POSTFIX, row, status="4.4.7", answer="delivery time expired")
    assert bounces.receive(raw).endswith("not delivered")
    row.refresh_from_db()
    assert row.state == "failed" and not Todo.objects.exists() and not mail_limits.is_refused(row.to)


def test_a_return_path_that_was_made_up_names_nothing(row, verp):
    forged = bounces.return_path(row)[:-20].replace("-", "-0") + "@post.example"
    bent = report(POSTFIX, row, return_path=forged, message_id="<weg@sonst.example>")
    assert bounces.receive(bent) == "failed 5.1.1: no such mail"


def test_an_older_key_still_names_the_mail(row, verp, settings):
    raw = report(POSTFIX, row, message_id="<weg@sonst.example>")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "neu", [settings.SECRET_KEY]
    assert bounces.receive(raw).endswith("bounced")


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x00\xff\xfe" * 1000, b"Content-Type: multipart/report; boundary=a\n\n--a\n" * 500,
        b"Content-Type: message/delivery-status\n\nAction:\nStatus: \xff\xff\n",
        b"Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; \xff\xff\n",
        b"Content-Type: multipart/mixed; boundary=\"\xff\"\n\n--\xff\n", b"A" * (bounces.BIGGEST + 10),
    ],
)  # fmt: skip
def test_junk_changes_nothing_and_is_nobodys_error(row, raw):
    assert "bounced" not in bounces.receive(raw)
    row.refresh_from_db()
    assert row.state == "sent"


def test_an_answer_from_a_holiday_is_no_report(row, verp):
    assert bounces.receive(report(HOLIDAY, row)) == "no delivery report, ignored"


def test_the_command_reads_what_the_mail_server_pipes(row, verp, monkeypatch):
    raw = report(POSTFIX, row).replace(b"Undelivered Message Headers", b"x" * 100)
    pipe = io.BytesIO(raw + b"\nQUJD" * 500_000)  # the returned mail had an attachment
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=pipe))
    out = io.StringIO()
    call_command("receive_mail", stdout=out)
    assert out.getvalue() == f"failed 5.1.1: mail {row.pk} bounced\n"
    assert pipe.read() == b"" and Mail.objects.get(pk=row.pk).state == "bounced"
