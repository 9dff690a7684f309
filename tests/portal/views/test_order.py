"""The order's page (AUF1 to AUF7)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import formats
from billing import invoices, orders
from crm import appointments, attachments, messages
from crm.models import Appointment
from tests import make


@pytest.fixture
def order(business):
    """Just placed."""
    return make.make_order()


@pytest.fixture
def link(order):
    return make.link_to(order)


def page(visitor, link):
    return visitor.get(f"/k/{link.public_id}/auftrag/").content.decode()


def move(order, owner, *states, **more):
    for state in states:
        orders.move(
            order,
            state,
            by=owner,
            planned_on=timezone.localdate() + timedelta(days=9) if state == "scheduled" else None,
            **more,
        )


@pytest.mark.parametrize(
    ("states", "headline", "current"),
    [
        ((), "Wir haben Ihren Auftrag.", "Beauftragt"),
        (("scheduled",), "Ihr Termin steht: ", "Termin steht"),
        (("scheduled", "started"), "Wir arbeiten an Ihrem Auftrag.", "In Arbeit"),
        (("started", "completed"), "Ihr Auftrag ist fertig.", "Fertig"),
    ],
)
def test_the_state_is_a_sentence_and_one_step_is_the_present_one(
    visitor, link, order, owner, states, headline, current
):
    move(order, owner, *states)
    text = page(visitor, link)
    assert re.search(rf"<h1>{re.escape(headline)}", text)
    assert re.findall(r'aria-current="step">.*?<h3>([^<]+)<', text, re.S) == [current]
    assert text.count('aria-current="step"') == 1


@pytest.mark.parametrize(
    ("state", "headline"),
    [("cancelled", "Dieser Auftrag wurde storniert."), ("withdrawn", "Ihr Widerruf ist eingegangen.")],
)
def test_what_is_called_off_has_no_next_appointment(visitor, link, order, owner, state, headline):
    make.make_appointment(order.customer)
    move(order, owner, "scheduled", state)
    text = page(visitor, link)
    assert f"<h1>{headline}</h1>" in text
    assert "In den Kalender" not in text


def test_the_page_says_when_it_last_changed(visitor, link, order):
    assert f'<time datetime="{timezone.localtime(order.changed_at).isoformat(timespec="minutes")}">heute, ' in page(
        visitor, link
    )


def test_a_moved_day_shows_old_and_new(visitor, link, order, owner):
    first, second = (timezone.localdate() + timedelta(days=days) for days in (9, 10))
    orders.move(order, "scheduled", by=owner, planned_on=first)
    assert "vorher" not in page(visitor, link)
    orders.reschedule(order, by=owner, planned_on=second)
    assert f"neu: {formats.day(second)} (vorher {formats.day(first)})" in page(visitor, link)


def test_the_planned_day_goes_into_the_calendar(visitor, link, order, owner):
    assert visitor.get(f"/k/{link.public_id}/termin.ics").status_code == 404
    move(order, owner, "scheduled")
    answer = visitor.get(f"/k/{link.public_id}/termin.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"DTSTART;VALUE=DATE:{order.planned_on:%Y%m%d}" in answer.content.decode()


def test_the_next_appointment_goes_into_the_calendar(visitor, link, order):
    found = make.make_appointment(order.customer, "Aufmaß", place="Rotdornweg 8")
    assert f'href="/k/{link.public_id}/termin/{found.pk}.ics"' in page(visitor, link)
    text = visitor.get(f"/k/{link.public_id}/termin/{found.pk}.ics").content.decode()
    assert f"DTSTART:{found.starts_at:%Y%m%dT%H%M%SZ}" in text
    assert "SUMMARY:Aufmaß\\, Tischlerei Haselbach" in text
    assert "LOCATION:Rotdornweg 8" in text


def test_appointments_of_others_and_those_called_off_are_unknown(visitor, link, order):
    other, off = make.make_appointment(), make.make_appointment(order.customer)
    appointments.cancel(off)
    for found in (other, off):
        assert visitor.get(f"/k/{link.public_id}/termin/{found.pk}.ics").status_code == 404
    assert Appointment.objects.count() == 2


def photo(customer, **kwargs):
    found = attachments.add(customer, make.upload(make.picture((800, 600))), is_told=False, **kwargs)
    attachments.make_preview(found.pk)
    found.refresh_from_db()
    return found


def test_a_photo_is_reachable_only_while_the_customer_may_see_it(visitor, link, order):
    found = photo(order.customer)
    addresses = [f"/k/{link.public_id}/bild/{found.pk}/", f"/k/{link.public_id}/bild/{found.pk}/640/"]
    assert [visitor.get(address).status_code for address in addresses] == [404, 404]
    attachments.set_shared(found, True)
    assert addresses[0] in page(visitor, link)
    assert [visitor.get(address).headers["Content-Type"] for address in addresses] == ["image/webp"] * 2
    attachments.delete(found)
    assert [visitor.get(address).status_code for address in addresses] == [404, 404]


def test_photos_have_their_size_and_load_when_they_are_needed(visitor, link, order):
    photo(order.customer, is_shared=True)
    tag = re.search(r'<div class="pics">.*?(<img[^>]*>)', page(visitor, link), re.S)[1]
    assert 'width="800" height="600"' in tag
    assert 'loading="lazy"' in tag
    assert 'alt="Foto 1 vom' in tag


def test_photos_of_other_customers_are_unknown(visitor, link):
    other = photo(make.make_customer(), is_shared=True)
    assert visitor.get(f"/k/{link.public_id}/bild/{other.pk}/").status_code == 404


def test_a_shared_file_is_a_download_that_runs_nowhere(visitor, link, order):
    pdf = make.upload(b"%PDF-1.7 drawing", "Ansicht Flur.pdf", "application/pdf")
    found = attachments.add(order.customer, pdf, is_told=False)
    address = f"/k/{link.public_id}/datei/{found.pk}/"
    assert visitor.get(address).status_code == 404
    attachments.set_shared(found, True)
    answer = visitor.get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 drawing"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Ansicht Flur.pdf"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_confirmation_is_handed_out_as_stored_once_it_is_made(visitor, link, order):
    waiting = visitor.get(f"/k/{link.public_id}/auftrag.pdf")
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (503, "5")
    assert '<meta http-equiv="refresh" content="5">' in waiting.content.decode()
    orders.confirm(order)
    answer = visitor.get(f"/k/{link.public_id}/auftrag.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_questions_on_the_quote_and_on_the_order_are_one_conversation(visitor, link, order, owner):
    quotes_link = make.link_to(order.quote)
    messages.ask(quotes_link, "Geht das in Messing?", author_name="Sabine Brandt")
    messages.answer(order.quote, "Gern.", customer=order.customer, by=owner)
    visitor.post(f"/k/{link.public_id}/nachricht/", {"text": "Wann kommen Sie?"})
    said = re.findall(r'<div class="msg(?: me)?">([^<]+)<', page(visitor, link))
    assert said == ["Geht das in Messing?", "Gern.", "Wann kommen Sie?"]


def test_an_invoice_is_named_and_not_opened(visitor, link, order, owner):
    move(order, owner, "completed")
    invoice = invoices.draft_from_order(order, by=owner)
    assert "kam per E-Mail" not in page(visitor, link)  # drafts are nobody's business
    invoices.issue(invoice, by=owner, send_to=order.customer.email)
    text = page(visitor, link)
    assert invoice.number in text
    assert "/rechnung" not in text
    assert "7.871,85" in text


def test_a_day_is_said_once_and_not_when_it_is_over(visitor, link, order, owner):
    move(order, owner, "scheduled")
    assert "Geplant" in page(visitor, link)
    starts_at = timezone.now().replace(hour=10) + timedelta(days=9)
    make.make_appointment(order.customer, "Montage", starts_at=starts_at)
    assert "Geplant" not in page(visitor, link)
    with time_machine.travel(timezone.now() + timedelta(days=12)):
        assert "In den Kalender" not in page(make.let_in(link), link)
