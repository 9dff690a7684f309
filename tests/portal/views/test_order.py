"""The order's page (AUF1 to AUF7)."""

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from billing import invoices, order_photos, orders, promises, shipments
from billing.models import Milestone
from crm import appointments, attachments, messages, notes
from crm.models import Appointment, Todo
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


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (date(2027, 1, 26), date(2027, 1, 27), "neu: 27. Januar (vorher 26.)"),
        (date(2027, 1, 29), date(2027, 2, 2), "neu: 2. Februar (vorher 29. Januar)"),
        (date(2028, 1, 3), date(2027, 12, 20), "neu: 20. Dezember (vorher 3. Januar 2028)"),
        (date(2027, 12, 20), date(2028, 1, 3), "neu: 3. Januar 2028 (vorher 20. Dezember 2027)"),
    ],
)
@time_machine.travel("2027-01-11T09:00:00+01:00")
def test_a_moved_day_shows_old_and_new_and_why(visitor, owner, before, after, words):
    order = make.make_order()
    link = make.link_to(order)
    visitor = make.let_in(link)
    orders.move(order, "scheduled", by=owner, planned_on=before)
    assert "vorher" not in page(visitor, link)
    orders.reschedule(order, by=owner, planned_on=after, reason="Die Platte kommt später.")
    text = page(visitor, link)
    assert f'<b class="b">{words}</b><br>Die Platte kommt später.' in text
    assert text.count("Die Platte kommt später.") == 1


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


def photo(order, *, is_released=True, **kwargs):
    found = attachments.add(order.customer, make.upload(make.picture((800, 600))), is_told=False)
    attachments.make_preview(found.pk)
    found.refresh_from_db()
    return order_photos.release(order, found, **kwargs) if is_released else found


def test_a_photo_is_reachable_only_while_it_is_released_on_this_order(visitor, link, order):
    found = photo(order, is_released=False)
    addresses = [f"/k/{link.public_id}/bild/{found.pk}/{edge}" for edge in ("", "640/", "192/")]

    def answers():
        return [visitor.get(address).status_code for address in addresses]

    attachments.set_shared(found, True)
    order.photos.all().delete()  # shared in the timeline alone is not enough
    assert answers() == [404, 404, 404]
    row = order_photos.release(order, found)
    assert addresses[0] in page(visitor, link)
    assert [visitor.get(address).headers["Content-Type"] for address in addresses] == ["image/webp"] * 3
    order_photos.take_back(row)
    assert answers() == [404, 404, 404]
    order_photos.release(order, found)
    attachments.delete(found)
    assert answers() == [404, 404, 404]
    assert addresses[0] not in page(visitor, link)


def test_a_photo_of_a_deleted_note_is_gone_with_it(visitor, link, order, owner):
    note = make.make_note(order.customer, by=owner, files=[make.upload(make.picture((800, 600)))])
    found = note.attachments.get()
    attachments.make_preview(found.pk)
    found.refresh_from_db()
    order_photos.release(order, found)
    assert f"/bild/{found.pk}/" in page(visitor, link)
    notes.delete(note)
    assert f"/bild/{found.pk}/" not in page(visitor, link)
    assert visitor.get(f"/k/{link.public_id}/bild/{found.pk}/").status_code == 404


def test_photos_have_their_size_and_words_and_open_in_one_tap(visitor, link, order):
    step = order.milestones.get(step="placed")
    row = photo(order, milestone=step, description="Verleimter Korpus")
    photo(order, milestone=step)
    photo(order)
    text = page(visitor, link)
    tags = re.findall(r'<div class="pics">.*?</div>', text, re.S)
    assert len(tags) == 2  # at the milestone, and those of no milestone below
    full = f"/k/{link.public_id}/bild/{row.attachment_id}/"
    wanted = f'<a href="{full}"><img src="{full}640/" width="800" height="600" alt="Verleimter Korpus" loading="lazy">'
    assert wanted in tags[0]
    assert f'alt="{step}, Foto 2"' in tags[0]
    assert 'alt="Foto 3 vom' in tags[1]


def test_photos_of_other_orders_are_unknown_also_of_the_same_customer(visitor, link, order):
    own = make.make_order(make.make_sent_quote(order.customer))
    for other in (photo(make.make_order()), photo(own)):
        assert visitor.get(f"/k/{link.public_id}/bild/{other.attachment_id}/").status_code == 404
    assert "/bild/" not in page(visitor, link)


def test_a_shared_file_is_a_download_that_runs_nowhere(visitor, link, order):
    pdf = make.upload(b"%PDF-1.7 drawing", "Ansicht Flur.pdf", "application/pdf")
    found = attachments.add(order.customer, pdf, is_told=False)
    address = f"/k/{link.public_id}/datei/{found.pk}/"
    assert visitor.get(address).status_code == 404
    attachments.set_shared(found, True)
    answer = visitor.get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 drawing"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Ansicht Flur.pdf"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"


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
    starts_at = timezone.localtime().replace(hour=10) + timedelta(days=9)
    make.make_appointment(order.customer, "Montage", starts_at=starts_at)
    assert "Geplant" not in page(visitor, link)
    with time_machine.travel(timezone.now() + timedelta(days=12)):
        assert "In den Kalender" not in page(make.let_in(link), link)


# --- what comes next --------------------------------------------------------------------------------------------------
@time_machine.travel("2026-11-20T15:00:00+01:00")  # a Friday
def test_after_ordering_the_page_promises_a_day_and_the_office_is_reminded_of_it(business, owner):
    order = make.make_order()
    link = make.link_to(order)
    assert "Wir melden uns bis Dienstag wegen des Termins." in page(make.let_in(link), link)
    with time_machine.travel("2026-11-24T08:00:00+01:00"):
        assert "Wir melden uns heute wegen des Termins." in page(make.let_in(link), link)
        promises.remind(order)
        assert (
            Todo.objects.get().text == f"Sabine Brandt wegen des Termins anrufen, für heute zugesagt ({order.number})"
        )
    with time_machine.travel("2026-11-25T08:00:00+01:00"):
        assert "Wir melden uns bei Ihnen wegen des Termins." in page(make.let_in(link), link)
    orders.move(order, "scheduled", by=owner, planned_on=date(2026, 12, 4))
    order.refresh_from_db()
    assert not promises.is_open(order)
    assert "Wir melden uns" not in page(make.let_in(link), link)


def test_the_promise_keeps_to_working_days(business):
    business.state = "HH"
    order = make.make_order()
    order.business = business
    order.placed_at = datetime(2026, 12, 23, 12, tzinfo=UTC)  # 25 and 26 December are holidays, then a Sunday
    assert promises.call_by(order) == date(2026, 12, 28)


def test_a_stage_of_the_business_is_said_and_one_only_it_sees_is_not(visitor, link, order, owner):
    Milestone.objects.filter(order=order).exclude(step="placed").delete()
    make_stage = partial(Milestone.objects.create, order=order)
    make_stage(sort=1, label="Material bestellt", reached_at=timezone.now())
    make_stage(sort=2, label="Kalkuliert", reached_at=timezone.now(), is_shown=False)
    make_stage(sort=3, label="Fertigung", planned_on=date(2030, 1, 9), note="Emre baut.")
    text = page(visitor, link)
    assert "Kalkuliert" not in text
    assert 'Zuletzt: <b class="b">Material bestellt</b>' in text
    assert re.findall(r'aria-current="step">.*?<h3>([^<]+)<', text, re.S) == ["Material bestellt"]
    assert "Danach: Fertigung, 9. Januar 2030" in text
    assert "Emre baut." in text


def test_on_the_way_is_said_today_with_the_window_and_not_tomorrow(visitor, link, order, owner):
    move(order, owner, "scheduled")
    now = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    with time_machine.travel(now, tick=False):
        orders.on_the_way(order, starts_at=now, ends_at=now + timedelta(hours=1), by=owner)
        assert "Ankunft zwischen 8:00 und 9:00\xa0Uhr" in page(make.let_in(link), link)
    with time_machine.travel(now + timedelta(hours=2), tick=False):
        assert "Noch niemand da?" in page(make.let_in(link), link)
    with time_machine.travel(now + timedelta(days=1), tick=False):
        assert "unterwegs zu Ihnen" not in page(make.let_in(link), link)


def test_who_comes_is_named(visitor, link, order, owner):
    assert "Ihr Ansprechpartner" in page(visitor, link)
    orders.assign(order, owner)
    text = page(visitor, link)
    assert "kommt zu Ihnen" in text
    assert "Jana Haselbach" in text
    assert 'href="tel:+494066969120"' in text


def test_goods_on_their_way_are_named_with_the_carriers_own_page(visitor, link, order, owner):
    shipments.add(
        order, carrier="dhl", tracking_number="0034 0434", contents="Griffe", expected_on=timezone.localdate(), by=owner
    )
    shipments.add(order, carrier="other", carrier_name="Spedition Süd", by=owner)
    text = page(visitor, link)
    assert re.search(r'<a class="back" href="https://www\.dhl\.de/[^"]+00340434" target="_blank" rel="noreferrer noopener">'
                     r"Sendung verfolgen auf der Seite von DHL</a>", text)  # fmt: skip
    assert "Griffe" in text
    assert "voraussichtlich" in text
    assert "Spedition Süd" in text
    assert "Seite von Spedition" not in text


def test_a_message_on_the_orders_page_of_a_quotes_link_comes_back_to_it(order):
    link = make.link_to(order.quote)
    visitor = make.let_in(link)
    assert '<input type="hidden" name="page" value="order">' in page(visitor, link)


def test_the_page_keeps_its_budget_and_costs_the_same_for_one_of_everything_and_for_three(
    business, owner, django_assert_num_queries
):
    costs = []
    for count in (1, 3):
        order = make.make_order()
        link = make.link_to(order)
        for n in range(count):
            photo(order, milestone=order.milestones.first())
            make.make_appointment(order.customer)
            shipments.add(order, carrier="dhl", tracking_number=f"00{n}", by=owner)
            make.make_sent_amendment(order, by=owner, lines=[make.line("Dimmer", price="60")])
        visitor = make.let_in(link)
        costs.append(make.count_queries(visitor, f"/k/{link.public_id}/auftrag/"))
    assert costs == [costs[0]] * 2
    assert costs[0] <= 18  # two of them PostgreSQL's, to make a GET read-only
    assert len(gzip.compress(visitor.get(f"/k/{link.public_id}/auftrag/").content, 6)) <= 6_000


def test_notes_shared_since_the_order_stand_on_its_page(visitor, link, order, owner):
    with time_machine.travel(order.placed_at - timedelta(days=1)):
        make.make_note(order.customer, "aus einem früheren Auftrag", by=owner, is_shared=True)
    note = make.make_note(order.customer, "Decke fällt 14 mm ab", by=owner, is_shared=True)
    make.make_note(order.customer, "nur für uns", by=owner)
    text = page(visitor, link)
    assert "Decke fällt 14 mm ab" in text and "früheren Auftrag" not in text and "nur für uns" not in text
    notes.set_shared(note, False, by=owner)
    assert "Decke fällt" not in page(visitor, link)
