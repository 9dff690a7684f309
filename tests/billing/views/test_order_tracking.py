"""What the office and whoever is on site say about the way of an order (ux.md ODT)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from billing import milestones, order_news, orders, work_kinds
from billing.models import Milestone, Order, OrderNews, OrderPhoto, Shipment
from billing.order_forms import window_from
from crm import attachments
from crm.models import Attachment
from tests import make
from tests.billing.views.costs import queries

State = Order.State
TODAY = timezone.localdate()


@pytest.fixture
def order(business):
    """An order for a piece of furniture: two of its milestones are ticked by hand, two the customer does not see."""
    found = make.make_order()
    return orders.set_kind(found, work_kinds.create_from_template("furniture"))


def stone(order, label):
    return order.milestones.get(label=label)


def post(browser, name, pk, **data):
    return browser.post(reverse(f"billing:{name}", args=[pk]), data)


def page_of(browser, order):
    return browser.get(order.get_absolute_url()).content.decode().replace("\xa0", " ")


def filled(page):
    """What the filled buttons of a page say."""
    return [part.split("</button>")[0].split(">")[-1].strip() for part in page.split('class="btn pri"')[1:]]


def untold(order):
    return list(order_news.waiting(order).values_list("kind", flat=True))


# --- milestones ---------------------------------------------------------------------------------------------------------
def test_the_filled_button_walks_the_orders_own_way(office, owner, order):
    """ODT1"""
    said = []
    while order.state != State.INVOICED and len(said) < 9:
        said += filled(page_of(office, order))
        by_hand = order.milestones.filter(step="", reached_at=None).first()
        if by_hand:
            post(office, "order_milestone_tick", by_hand.pk)
            continue
        if order.state == State.COMPLETED:
            break
        following = {State.PLACED: "scheduled", State.SCHEDULED: "started", State.STARTED: "completed"}[order.state]
        post(office, "order_move", order.pk, to=following, planned_on=f"{TODAY:%Y-%m-%d}")
        order.refresh_from_db()
    assert said == [
        "„Aufmaß“ abhaken", "„Material bestellt“ abhaken", "„In der Werkstatt“ abhaken", "Termin eintragen",
        "Arbeit beginnen", "Als fertig melden", "Abnahme aufnehmen",
    ]  # fmt: skip


def test_a_way_without_appointment_begins_with_the_work_and_a_day_can_be_set_all_the_same(office, order):
    orders.set_kind(order, work_kinds.create_from_template("delivery"))
    Milestone.objects.filter(order=order, step="").delete()
    assert filled(page_of(office, order)) == ["Arbeit beginnen"] and "Termin eintragen" in page_of(office, order)
    page = post(office, "order_move", order.pk, to="scheduled").content.decode()
    assert page.count("Bitte tragen Sie den Termin ein.") == 2 and page.count('id="weiter-planned_on"') == 1


def test_what_is_agreed_with_the_customer_and_the_way_there_stand_on_the_page(office, order):
    make.make_appointment(order.customer, "Aufmaß im Flur")
    page = page_of(office, order)
    assert "Aufmaß im Flur" in page and "openstreetmap.org/search?query=Rotdornweg+8" in page


def test_a_milestone_is_ticked_and_opened_again(office, owner, order):
    milestone = stone(order, "Material bestellt")
    post(office, "order_milestone_tick", milestone.pk, gefragt="1", tell="on")
    milestone.refresh_from_db()
    order.refresh_from_db()
    assert (bool(milestone.reached_at), milestone.by, order.tells_stages) == (True, owner, True)
    assert untold(order) == ["milestone"] and "wird in 10 Minuten mitgeteilt" in page_of(office, order)
    post(office, "order_milestone_untick", milestone.pk)
    milestone.refresh_from_db()
    assert milestone.reached_at is None and untold(order) == []


def test_who_is_not_to_be_told_is_not(office, order):
    post(office, "order_milestone_tick", stone(order, "Material bestellt").pk, gefragt="1")
    assert untold(order) == [] and "steht nur auf der Kundenseite" in page_of(office, order)


def test_a_milestone_that_comes_by_itself_is_not_ticked(office, order):
    assert post(office, "order_milestone_tick", order.milestones.get(step="completed").pk).status_code == 409


def test_a_milestone_is_planned_described_and_hidden(office, order):
    milestone = stone(order, "In der Werkstatt")
    post(
        office, "order_milestone_edit", milestone.pk, planned_on=f"{TODAY:%Y-%m-%d}", note="Die Fronten", is_shown="on"
    )
    milestone.refresh_from_db()
    assert (milestone.planned_on, milestone.note, milestone.is_shown) == (TODAY, "Die Fronten", True)
    post(office, "order_milestone_edit", milestone.pk, planned_on=f"{TODAY:%Y-%m-%d}", note="Die Fronten")
    milestone.refresh_from_db()
    assert milestone.is_shown is False and "nur intern" in page_of(office, order)


def test_a_later_day_without_a_reason_is_asked_for_one_at_its_field_and_nothing_is_saved(office, order):
    milestone = stone(order, "In der Werkstatt")
    milestones.plan(milestone, TODAY, by=None)
    later = f"{TODAY + timedelta(days=2):%Y-%m-%d}"
    response = post(office, "order_milestone_edit", milestone.pk, planned_on=later, note="Neu", is_shown="on")
    page = response.content.decode()
    assert response.status_code == 422 and page.count("Bitte nennen Sie dem Kunden den Grund") == 2
    assert f'href="#stein{milestone.pk}-reason"' in page and f'id="stein{milestone.pk}-reason"' in page
    milestone.refresh_from_db()
    assert (milestone.planned_on, milestone.note) == (TODAY, "")


def test_another_kind_of_work_brings_its_milestones(office, order):
    kind = work_kinds.create_from_template("repair")
    post(office, "order_kind", order.pk, art=kind.pk)
    order.refresh_from_db()
    assert order.work_kind == kind and "Ersatzteil bestellt" in page_of(office, order)
    work_kinds.archive(kind)
    assert post(office, "order_kind", order.pk, art=kind.pk).status_code == 404


# --- late, on the way, goods ----------------------------------------------------------------------------------------------
def test_a_delay_needs_its_reason_and_the_customer_is_told_both_days(office, order):
    orders.move(order, State.SCHEDULED, by=None, planned_on=TODAY, tell=False)
    later = f"{TODAY + timedelta(days=7):%Y-%m-%d}"
    page = post(office, "order_reschedule", order.pk, planned_on=later, tell="on").content.decode()
    assert (
        page.count("Bitte nennen Sie dem Kunden den Grund") == 2
        and '<details class="panel fold" id="termin" open>' in page
    )
    post(office, "order_reschedule", order.pk, planned_on=later, reason="Die Beschläge fehlen.", tell="on")
    news = OrderNews.objects.get(order=order, kind="delay")
    assert (news.before, news.day, news.reason) == (TODAY, TODAY + timedelta(days=7), "Die Beschläge fehlen.")


@pytest.mark.parametrize(
    ("now", "window"),
    [("08:07", "08:15 09:15"), ("08:15", "08:30 09:30"), ("23:20", "23:30 23:59"), ("23:50", "23:45 23:59")],
)
def test_the_window_offered_begins_with_the_next_quarter_and_ends_today(now, window):
    instant = timezone.localtime().replace(hour=int(now[:2]), minute=int(now[3:]))
    assert " ".join(f"{each:%H:%M}" for each in window_from(instant)) == window


def test_on_the_way_is_said_by_whoever_drives_and_told_at_once(business, order):
    worker = make.signed_in_as(Role.FIELD_WORKER)
    orders.move(order, State.SCHEDULED, by=None, planned_on=TODAY, tell=False)
    assert post(worker, "order_on_the_way", order.pk, starts="00:00", ends="23:59").url == order.get_absolute_url()
    news = OrderNews.objects.get(order=order, kind="on_the_way")
    assert news.told_at and "mitgeteilt" in page_of(worker, order)


@pytest.mark.parametrize(
    ("window", "message"),
    [
        ({"starts": "", "ends": "9:00"}, "Bitte tragen Sie die Uhrzeit ein."),
        ({"starts": "unsinn", "ends": "9:00"}, "Bitte prüfen Sie die Uhrzeit, zum Beispiel 8:15."),
        ({"starts": "23:58", "ends": "23:57"}, "Das Zeitfenster endet vor seinem Anfang."),
    ],
)
def test_a_window_that_is_none_is_named_at_its_field(office, order, window, message):
    response = post(office, "order_on_the_way", order.pk, **window)
    assert response.status_code == 422 and response.content.decode().count(message) == 2


def test_a_parcel_is_entered_followed_and_taken_out(office, order):
    post(office, "order_shipment_add", order.pk, carrier="dhl", tracking_number="0034 0434", shipped_on="", tell="on")
    shipment = Shipment.objects.get()
    assert (str(shipment), shipment.shipped_on, untold(order)) == ("DHL 00340434", TODAY, ["shipped"])
    assert "piececode=00340434" in page_of(office, order)
    post(office, "order_shipment_remove", shipment.pk)
    assert not Shipment.objects.exists() and untold(order) == []


def test_a_parcel_without_number_is_asked_for_it(office, order):
    response = post(office, "order_shipment_add", order.pk, carrier="dhl")
    assert (
        response.status_code == 422 and response.content.decode().count("Bitte tragen Sie die Sendungsnummer ein.") == 2
    )


# --- photos ---------------------------------------------------------------------------------------------------------------
def test_a_photo_of_the_timeline_is_shown_with_its_description_and_taken_back(office, order):
    photo = attachments.add(order.customer, make.upload(name="front.jpg"))
    assert "Noch sieht der Kunde kein Foto." in page_of(office, order)
    milestone = stone(order, "In der Werkstatt")
    post(office, "order_photo_release", order.pk, attachment=photo.pk, milestone=milestone.pk, description="Die Front")
    shown = OrderPhoto.objects.get()
    assert (shown.attachment, shown.milestone, shown.description) == (photo, milestone, "Die Front")
    assert "Die Front" in page_of(office, order)
    post(office, "order_photo_take_back", shown.pk)
    assert not OrderPhoto.objects.exists()


def test_a_worker_shows_a_new_photo_from_site(business, order):
    worker = make.signed_in_as(Role.FIELD_WORKER)
    post(worker, "order_photo_release", order.pk, files=make.upload(), description="Der Rohbau", tell="on")
    assert OrderPhoto.objects.get().attachment.customer == order.customer and untold(order) == ["photos"]


def test_photos_of_others_are_not_to_be_had(office, order):
    strange = attachments.add(make.make_customer(), make.upload())
    response = post(office, "order_photo_release", order.pk, attachment=strange.pk)
    assert response.status_code == 422 and not OrderPhoto.objects.exists()


def test_nothing_chosen_and_what_is_no_photo_is_said_at_the_field(office, order):
    assert "Bitte wählen Sie ein Foto aus dem Verlauf oder ein neues." in (
        post(office, "order_photo_release", order.pk).content.decode()
    )
    text = make.upload(b"nur Text", "notiz.txt", "text/plain")
    response = post(office, "order_photo_release", order.pk, files=text)
    assert response.status_code == 422 and not Attachment.objects.exists()


# --- who may, what it costs -----------------------------------------------------------------------------------------------
def test_workers_tick_and_are_offered_nothing_of_the_office(business, order):
    worker = make.signed_in_as(Role.FIELD_WORKER)
    page = page_of(worker, order)
    assert filled(page) == ["„Aufmaß“ abhaken"]
    assert (
        "€" not in page and "Ändern" not in page and "Sendung eintragen" not in page and "Termin eintragen" not in page
    )
    assert "Wir sind unterwegs" in page and "Foto zeigen" in page
    assert post(worker, "order_milestone_tick", stone(order, "Aufmaß").pk).status_code == 302


def test_the_tax_adviser_reads_without_buttons_and_photos(business, order):
    page = page_of(make.signed_in_as(Role.TAX_ADVISER), order)
    assert "Material bestellt" in page and "vereinbart, brutto" in page
    assert (
        filled(page) == []
        and "Fotos für den Kunden" not in page
        and "<form" not in page.split("<main")[1].split("o-head")[1]
    )


def test_the_page_costs_the_same_for_any_number(office, order):
    def one(n):
        milestone = order.milestones.filter(step="", reached_at=None).first()
        milestones.tick(milestone, by=None)
        photo = attachments.add(order.customer, make.upload(make.picture(colour=f"#7a9e8{n}")))
        post(office, "order_photo_release", order.pk, attachment=photo.pk, milestone=milestone.pk)
        post(office, "order_shipment_add", order.pk, carrier="dhl", tracking_number=f"0034{n}")
        attachments.add(order.customer, make.upload(make.picture(colour=f"#9e7a8{n}")))

    one(1)
    cost = queries(office, order.get_absolute_url())
    one(2), one(3)
    assert queries(office, order.get_absolute_url()) == cost <= 36
    assert Milestone.objects.filter(order=order, step="", reached_at=None).count() == 0
