"""Invoices of suppliers: kept as they came, read once, decided about by a person."""

import email.message
import hashlib

import pytest
from django.db import DatabaseError, transaction

from accounts import current
from accounts.refusals import Refusal
from billing import incoming_invoices, incoming_mail
from billing.documents.einvoice import EN16931, build_cii
from billing.incoming import rules
from billing.incoming.checks import Class
from billing.models import IncomingInvoice, JournalEntry
from crm import files, inbox
from tests import make
from tests.billing.documents.cases import CASES

pytestmark = pytest.mark.django_db


def test_the_file_stays_as_it_came(business):
    xml = make.incoming_xml().encode()
    row = incoming_invoices.take_in(xml, "../..\\Rechnung <1>.XML")
    assert files.read(row.file) == xml
    assert (row.sha256, row.name) == (hashlib.sha256(xml).hexdigest(), "Rechnung <1>.xml")
    with pytest.raises(DatabaseError), transaction.atomic():
        IncomingInvoice.objects.update(sha256="0")


def test_what_it_says_is_read_once(business):
    row = incoming_invoices.take_in(build_cii(CASES["skonto"], EN16931), "a.xml")
    assert (row.syntax, row.seller, row.number, row.gross) == (
        "cii", "Tischlerei Haselbach", "RE-2026-0042", CASES["skonto"].totals.gross,
    )  # fmt: skip
    report = incoming_invoices.report_of(row)
    assert report.received.rows[0].name == "Montage durch zwei Personen"
    assert [finding.kind for finding in report.findings] == [Class.CONTENT]  # it is not meant for us
    assert JournalEntry.objects.last().content_hash == row.sha256


def test_the_same_file_is_taken_in_once(business):
    make.make_incoming_invoice()
    with pytest.raises(Refusal, match="schon da: R-4711"):
        make.make_incoming_invoice()
    with current.working_for(make.make_business("Elektro Nordlicht")):
        assert make.make_incoming_invoice().number == "R-4711"


def test_a_refused_file_leaves_nothing_behind(business):
    with pytest.raises(Refusal):
        incoming_invoices.take_in(b"<a/>", "a.xml")
    assert not IncomingInvoice.objects.exists() and not JournalEntry.objects.exists()


def test_the_same_number_again_is_pointed_out(business):
    first, _other = make.make_incoming_invoice(), make.make_incoming_invoice("R-4712")
    again = incoming_invoices.take_in(make.incoming_xml().encode() + b"\n", "b.xml")
    assert list(incoming_invoices.doubles(again)) == [first]


def test_an_amount_no_column_holds_stays_in_the_report(business):
    xml = build_cii(CASES["skonto"], EN16931).replace(b">523.60<", b">99999999999.00<")
    row = incoming_invoices.take_in(xml, "a.xml")
    assert row.gross is None
    assert any(finding.kind == Class.RULE for finding in incoming_invoices.report_of(row).findings)


def test_thousands_of_rows_are_in_the_file_and_some_on_the_page(business):
    row = "<cac:InvoiceLine><cbc:ID>1</cbc:ID></cac:InvoiceLine>"
    xml = make.incoming_xml().replace("</Invoice>", row * 600 + "</Invoice>")
    report = incoming_invoices.report_of(incoming_invoices.take_in(xml.encode(), "a.xml"))
    assert (len(report.received.rows), report.left_out) == (500, 100)


def test_it_is_checked_or_sent_back_with_a_reason(business, owner):
    row = make.make_incoming_invoice()
    with pytest.raises(Refusal) as refused:
        incoming_invoices.decide(row, "rejected", by=owner)
    assert refused.value.field == "note"
    with pytest.raises(Refusal):
        incoming_invoices.decide(row, "paid", by=owner)
    incoming_invoices.decide(row, "rejected", note="falscher Empfänger", by=owner)
    incoming_invoices.decide(row, "new", by=owner)
    incoming_invoices.decide(row, "checked", by=owner)
    row.refresh_from_db()
    assert (row.state, row.note) == ("checked", "")
    states = [entry.facts for entry in JournalEntry.objects.filter(event="billing.invoice_decided")]
    assert [state.split('"state": "')[1][:3] for state in states] == ["rej", "new", "che"]


# --- by mail ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def address(business, settings, counters):
    settings.MAIL_INVOICE_ADDRESS = "eingang@post.example"
    return incoming_mail.address(business)


def mail(to, *attached):
    message = email.message.EmailMessage()
    message["From"], message["To"] = "Peters <buero@peters.example>", to
    message.set_content("Anbei unsere Rechnung.")
    for name, content in attached:
        message.add_attachment(content.encode(), maintype="application", subtype="xml", filename=name)
    return message.as_bytes()


def test_invoices_come_by_mail(address):
    raw = mail(address, ("a.xml", make.incoming_xml("1")), ("b.xml", make.incoming_xml("2")), ("c.xml", "<a/>"))
    line = inbox.receive(raw)
    assert line.count("refused") == 1
    found = list(IncomingInvoice.objects.order_by("pk"))
    assert [(row.number, row.source, row.note, row.by) for row in found] == [
        ("1", "mail", "von buero@peters.example", None),
        ("2", "mail", "von buero@peters.example", None),
    ]
    assert "schon da" in inbox.receive(raw)
    assert IncomingInvoice.objects.count() == 2


def test_the_address_of_one_business_is_good_for_no_other(business, address):
    other = make.make_business("Elektro Nordlicht")
    forged = address.replace(f"+{business.pk}.", f"+{other.pk}.")
    assert incoming_mail.receive(mail(forged, ("a.xml", make.incoming_xml()))) is None
    assert incoming_mail.receive(mail("x@post.example"), recipient=address.upper()).endswith("nothing attached")


def test_other_mails_go_their_way(address):
    assert incoming_mail.receive(mail("rueck@post.example", ("a.xml", make.incoming_xml()))) is None
    assert not IncomingInvoice.objects.exists()


def test_a_flood_of_mails_is_stopped(address, monkeypatch):
    monkeypatch.setattr(incoming_mail, "MOST", 1)
    assert "nothing attached" in incoming_mail.receive(mail(address))
    assert incoming_mail.receive(mail(address, ("a.xml", make.incoming_xml()))) == "too many, ignored"


def test_without_an_address_of_the_house_there_is_none(business, settings):
    settings.MAIL_INVOICE_ADDRESS = ""
    assert incoming_mail.address(business) == ""


def test_the_official_rules_are_asked_too_and_say_what_we_do_not(business):
    """R46: a rule of the standard that touches no VAT item, and one that does."""
    xml = build_cii(CASES["skonto"], EN16931)
    no_payee = xml.replace(b"DE89370400440532013000", b"").replace(b"<ram:IBANID></ram:IBANID>", b"")
    row = incoming_invoices.take_in(no_payee, "a.xml")
    said = {
        each.message.split()[1]: each
        for each in incoming_invoices.report_of(row).findings
        if "der EN 16931" in each.message
    }
    assert "BR-50" in said and {each.touches_tax for each in said.values()} == {False}
    assert said["BR-50"].kind == Class.RULE
    assert said["BR-50"].message.startswith(
        "Regel BR-50 der EN 16931 ist verletzt: A Payment account identifier (BT-84)"
    )
    no_number = xml.replace(b"<ram:ID>RE-2026-0042</ram:ID>", b"")
    row = incoming_invoices.take_in(no_number, "b.xml")
    said = [each for each in incoming_invoices.report_of(row).findings if "Regel BR-02 " in each.message]
    assert [each.touches_tax for each in said] == [True]


def test_other_profiles_have_other_rules_and_long_ones_are_left_alone(business, monkeypatch):
    xml = build_cii(CASES["skonto"], EN16931).replace(b"<ram:ID>RE-2026-0042</ram:ID>", b"")
    extended = xml.replace(
        b"urn:cen.eu:en16931:2017", b"urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"
    )

    def official(row):
        return [each for each in incoming_invoices.report_of(row).findings if "der EN 16931" in each.message]

    assert official(incoming_invoices.take_in(extended, "a.xml")) == []
    monkeypatch.setattr(rules, "SECONDS", 0)
    assert official(incoming_invoices.take_in(xml, "b.xml")) == []
