"""What customers change, choose and take along on the page of all documents (GDPR Art. 15, 16, 20)."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from crm import attachments, contact_proposals, due, messages
from crm.models import Customer, DataExport, DueAction, Mail
from tests import make


@pytest.fixture
def customer(business):
    return make.make_customer()


@pytest.fixture
def center(customer):
    browser, link = make.in_center(customer)
    browser.at, browser.link = f"/k/{link.public_id}/meine-daten/", link
    return browser


def typed(customer, **changes):
    """What the form posts."""
    return {name: getattr(customer, name) for name in contact_proposals.FIELDS} | {"comment": ""} | changes


# --- contact data -------------------------------------------------------------------------------------------------------
def test_a_change_waits_for_the_office(center, customer):
    answer = center.post(center.at, typed(customer, street="Neuer Weg 3"))
    assert (answer.status_code, answer.headers["Location"]) == (302, center.at)
    page = center.get(center.at).content.decode()
    assert "wartet auf Bestätigung" in page
    assert 'value="Neuer Weg 3"' in page
    assert Customer.objects.get(pk=customer.pk).street == "Rotdornweg 8"
    assert "wartet auf Bestätigung" in center.get(f"/k/{center.link.public_id}/unterlagen/").content.decode()


def test_what_is_wrong_comes_back_with_what_was_typed(center, customer):
    answer = center.post(center.at, typed(customer, email="sabine@", street="Neuer Weg 3"))
    page = answer.content.decode()
    assert (answer.status_code, 'value="Neuer Weg 3"' in page) == (422, True)
    assert 'href="#id_email"' in page
    assert contact_proposals.open_of(customer) is None


def test_only_contact_data_can_be_proposed(center, customer):
    center.post(
        center.at,
        typed(customer, kind="business", vat_id="DE811569869", number="1", company_name="Ich GmbH", city="Kiel"),
    )
    assert contact_proposals.open_of(customer).values == {"city": "Kiel"}


# --- how to be reached --------------------------------------------------------------------------------------------------
def test_the_way_holds_at_once_and_comes_back_said(center, customer):
    answer = center.post(f"{center.at}erreichen/", {"contact_by": "phone", "contact_note": "nach 17 Uhr"})
    assert answer.headers["Location"] == f"{center.at}?gespeichert#erreichen"
    assert Customer.objects.get(pk=customer.pk).contact_by == "phone"
    assert "Gespeichert" in center.get(f"{center.at}?gespeichert").content.decode()
    assert center.post(f"{center.at}erreichen/", {"contact_by": "brieftaube"}).status_code == 422


# --- a copy of all data -------------------------------------------------------------------------------------------------
def work():
    for pk in due.due_ids():
        assert due.work_off(pk)


def taken(center):
    """The file as downloaded: name -> bytes."""
    answer = center.get(f"{center.at}daten.zip")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    content = b"".join(answer.streaming_content)
    answer.close()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_is_put_together_off_the_request_and_told(center, customer):
    assert center.get(f"{center.at}daten.zip").status_code == 404
    for _twice in range(2):
        assert center.post(f"{center.at}herunterladen/").status_code == 302
    assert DataExport.objects.get().is_coming
    assert "werden vorbereitet" in center.get(center.at).content.decode()
    work()
    assert "Ihre Daten sind bereit" in center.get(center.at).content.decode()
    assert json.loads(taken(center)["daten.json"])["contact"]["last_name"] == "Brandt"
    told = Mail.objects.get(kind="portal/mail/data_ready")
    assert (told.to, told.link) == (customer.email, center.link)


def test_there_is_in_it_what_the_customer_may_see_and_no_more(center, customer, owner):
    invoice = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)), rendered=True)
    quote = make.make_sent_quote(customer, internal_note="Marge knapp")
    messages.ask(make.link_to(quote), "Wie tief?", author_name="Sabine Brandt")
    make.make_quote(customer, title="Entwurf")
    make.make_note(customer, "zahlt schlecht", by=owner)
    attachments.add(customer, make.upload(b"%PDF-1.7 x", "Plan.pdf", "application/pdf"), is_shared=True)
    attachments.add(customer, make.upload(b"%PDF-1.7 y", "Kalkulation.pdf", "application/pdf"))
    make.make_sent_quote(make.make_customer("Fremd"), title="Fremde Treppe")
    center.post(f"{center.at}herunterladen/")
    work()
    files = taken(center)
    told = files["daten.json"].decode()
    for words in (invoice.number, invoice.order.number, quote.number, "Wie tief?", "Plan.pdf", customer.email):
        assert words in told, words
    for words in ("Marge", "Entwurf", "zahlt schlecht", "Kalkulation", "Fremd", "purchase", "internal"):
        assert words not in told, words
    assert files[f"belege/{invoice.number}.pdf"].startswith(b"%PDF")
    assert f"belege/{invoice.number}.xml" in files
    assert [content for name, content in files.items() if name.endswith("Plan.pdf")] == [b"%PDF-1.7 x"]


def test_after_three_days_it_is_gone(center, customer):
    center.post(f"{center.at}herunterladen/")
    work()
    name = DataExport.objects.get().file
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        visitor, link = make.in_center(customer)
        assert visitor.get(f"/k/{link.public_id}/meine-daten/daten.zip").status_code == 404
        work()
    assert not default_storage.exists(name)
    assert DataExport.objects.get().file == ""
    assert not DueAction.objects.filter(state="failed").exists()


def test_the_data_of_somebody_else_are_not_taken(center, business):
    other, link = make.in_center(make.make_customer("Fremd"))
    other.post(f"/k/{link.public_id}/meine-daten/herunterladen/")
    work()
    assert center.get(f"{center.at}daten.zip").status_code == 404
