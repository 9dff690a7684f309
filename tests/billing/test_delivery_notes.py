"""What was handed over, on paper without prices; numbered in its own series and unchangeable."""

import io
from datetime import timedelta
from decimal import Decimal

import pypdf
import pytest
from django.db import DatabaseError
from django.utils import timezone

from accounts.refusals import Refusal
from billing import delivery_notes, orders
from billing.documents import model as documents
from billing.models import DeliveryNote
from crm import files
from crm.states import NotAllowed
from tests import make


@pytest.fixture
def order(owner):
    return make.make_order()


def left(order):
    return {row.text: quantity for row, quantity in delivery_notes.rows_of(order)}


def test_it_says_what_and_how_much_but_not_what_it_costs(order, owner):
    rows = [row for row, _left in delivery_notes.rows_of(order)]
    note = make.make_delivery_note(order, by=owner, quantities={rows[1].pk: Decimal(3)}, received_by="Sabine Brandt")
    document = documents.from_json(note.document)
    assert (note.number, document.order_number) == (f"LS-{timezone.localdate().year}-0001", order.number)
    (line,) = document.lines
    assert (line.text, line.quantity, line.unit_price, line.amount, line.vat) == (rows[1].text, 3, 0, 0, None)
    assert line.position == "2.1"  # as on the order's confirmation
    assert "unit_price" not in note.document


def test_what_was_handed_over_is_no_longer_left(order, owner):
    rows = {row.text: row for row, _left in delivery_notes.rows_of(order)}
    boards = rows["Einlegeböden"]
    make.make_delivery_note(order, quantities={boards.pk: Decimal(5)})
    assert left(order)["Einlegeböden"] == 7
    make.make_delivery_note(order)
    assert set(left(order).values()) == {0}


def test_nothing_ahead_of_time_nothing_empty_nothing_of_orders_called_off(order, owner):
    with pytest.raises(Refusal, match="schon übergeben"):
        make.make_delivery_note(order, delivered_on=timezone.localdate() + timedelta(days=1))
    row = delivery_notes.rows_of(order)[0][0]
    with pytest.raises(Refusal, match="mindestens einer Position"):
        make.make_delivery_note(order, quantities={row.pk: Decimal(0)})
    orders.withdraw(order, name="Ada", email="ada@kunde.example")
    with pytest.raises(NotAllowed):
        make.make_delivery_note(order)
    assert not DeliveryNote.objects.exists()


def test_a_written_one_does_not_change(order):
    note = make.make_delivery_note(order)
    note.received_by = "Jemand anders"
    with pytest.raises(DatabaseError):
        note.save()


@pytest.mark.paper
def test_the_paper_has_no_prices_and_a_place_to_sign(order):
    note = make.make_delivery_note(order, received_by="Sabine Brandt")
    delivery_notes.draw(note)
    note.refresh_from_db()
    words = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files.read(note.pdf))).pages)
    assert "Lieferschein" in words and note.number in words and "Sabine Brandt" in words
    assert "Unterschrift" in words and "Einlegeböden" in words
    assert "€" not in words and "MwSt" not in words


def test_on_the_page_of_the_order_what_is_left_is_filled_in(order, owner):
    office = make.signed_in(owner)
    page = f"/auftraege/{order.pk}/lieferschein/"
    boards = next(row for row, _left in delivery_notes.rows_of(order) if row.text == "Einlegeböden")
    assert f'name="menge-{boards.pk}" value="12' in office.get(page).content.decode()
    assert office.post(page, {"delivered_on": "2020-13-01"}).status_code == 422
    typed = {"delivered_on": timezone.localdate().isoformat(), f"menge-{boards.pk}": "2,5"}
    answer = office.post(page, typed)
    note = DeliveryNote.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/auftraege/{order.pk}/#lieferscheine")
    assert documents.from_json(note.document).lines[0].quantity == Decimal("2.5")
    assert note.number in office.get(f"/auftraege/{order.pk}/").content.decode()
    assert b"".join(office.get(f"/lieferscheine/{note.pk}/pdf/").streaming_content).startswith(b"%PDF")
