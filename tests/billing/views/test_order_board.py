"""All orders of the office: board, list and calendar of the same filter, and what a card does (ux.md BRD)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from billing import orders
from billing.models import Milestone, Order, WorkKind
from crm import access
from tests import make
from tests.billing.views.costs import queries

LIST = reverse("billing:order_list")
State = Order.State
TODAY = timezone.localdate()
ALL_VIEWS = pytest.mark.parametrize("view", ["", "liste", "kalender"])


def order_at(state=State.PLACED, *, planned_on=None, **quote):
    """An order that has come that far."""
    order = make.make_order(make.make_sent_quote(**quote))
    for reached in Order.WAY[1 : Order.WAY.index(state) + 1]:
        day = planned_on or TODAY if reached == State.SCHEDULED else None
        orders.move(order, reached, by=None, planned_on=day, tell=False)
    return order


def move(browser, order, to, **data):
    data = {"zurueck": "tafel", "to": to, **data}
    return browser.post(reverse("billing:order_move", args=[order.pk]), data)


def columns(browser, **query):
    """Label of each stage with the titles on it."""
    found = browser.get(LIST, query).context["columns"]
    return {str(column["label"]): [order.title for order in column["orders"]] for column in found}


def text_of(browser, **query):
    return browser.get(LIST, query).content.decode().replace("\xa0", " ")


def shown(browser, **query):
    """Titles in a view, whichever it is."""
    page = browser.get(LIST, query).content.decode()
    return [title for title in ("Meins", "Deins", "Niemands") if f"{title}<" in page]


# --- what stands where ------------------------------------------------------------------------------------------------
def test_the_board_has_a_column_for_each_stage(office):
    order_at(State.STARTED)
    assert columns(office) == {
        "Beauftragt": [], "Termin steht": [], "In Arbeit": ["Einbauschrank im Flur"], "Fertig": [], "Abgerechnet": [],
    }  # fmt: skip


def test_late_ones_stand_first_and_say_so_in_words(office):
    order_at(State.SCHEDULED, title="Morgen", planned_on=TODAY + timedelta(days=1))
    order_at(State.SCHEDULED, title="Heute", planned_on=TODAY)
    order_at(State.SCHEDULED, title="Seit gestern", planned_on=TODAY - timedelta(days=1))
    order_at(State.SCHEDULED, title="Seit drei Tagen", planned_on=TODAY - timedelta(days=3))
    assert columns(office)["Termin steht"] == ["Seit drei Tagen", "Seit gestern", "Heute", "Morgen"]
    page = text_of(office)
    assert page.count("über Termin") == 2 and "3 Tage über Termin" in page and "1 Tag über Termin" in page


def test_a_milestone_whose_day_has_passed_makes_an_order_late_and_a_reached_one_does_not(office):
    order = order_at(State.STARTED, planned_on=TODAY - timedelta(days=9))
    assert "über Termin" not in text_of(office)
    Milestone.objects.filter(order=order, step="completed").update(planned_on=TODAY - timedelta(days=2))
    assert "2 Tage über Termin" in text_of(office)
    orders.move(order, State.COMPLETED, by=None, tell=False)
    assert "über Termin" not in text_of(office)


def test_a_card_says_how_often_the_customer_looked(office):
    order = order_at()
    link = access.links_to(order).get()
    for _ in range(3):
        access.mark_seen(link)
    assert "3× angesehen" in text_of(office)


def test_a_withdrawal_stands_above_the_board(office):
    orders.withdraw(order_at(), name="Sabine Brandt", email="s@b.example")
    assert "Widerruf eingegangen:" in text_of(office)


def test_an_empty_board_says_where_orders_come_from(office):
    assert "Er entsteht von selbst, wenn ein Kunde annimmt." in text_of(office)


def test_totals_of_columns_stand_there_on_demand_only_and_not_for_workers(office):
    """BRD3"""
    order_at(title="Eins"), order_at(title="Zwei")
    total = f"{2 * Decimal(7872):,.0f} €".replace(",", ".")
    pages = [
        text_of(make.signed_in_as(Role.FIELD_WORKER), summen="1"),
        text_of(office),
        text_of(office, summen="1"),
    ]
    assert [total in page for page in pages] == [False, False, True]


def test_a_finished_order_offers_its_invoice_and_no_move(office):
    """BRD4"""
    order_at(State.COMPLETED)
    page = text_of(office)
    assert "Rechnung erstellen" in page and "Verschieben" not in page


# --- the same filter in every view ------------------------------------------------------------------------------------
@ALL_VIEWS
def test_person_kind_of_work_and_search_choose_the_same_in_every_view(office, owner, view):
    emre = make.make_member(Role.FIELD_WORKER, name="Emre Aydin")
    mine, yours, nobodys = (order_at(State.SCHEDULED, title=title) for title in ("Meins", "Deins", "Niemands"))
    orders.assign(mine, owner)
    orders.assign(yours, emre)
    kind = WorkKind.objects.create(name="Treppen")
    Order.objects.filter(pk=nobodys.pk).update(work_kind=kind)
    assert shown(office, ansicht=view) == ["Meins", "Deins", "Niemands"]
    assert shown(office, ansicht=view, wer="ich") == ["Meins"]
    assert shown(office, ansicht=view, wer=emre.pk) == ["Deins"]
    assert shown(office, ansicht=view, wer="niemand") == ["Niemands"]
    assert shown(office, ansicht=view, art=kind.pk) == ["Niemands"]
    assert shown(office, ansicht=view, q="dein") == ["Deins"]
    assert shown(office, ansicht=view, wer="unsinn", art="²") == ["Meins", "Deins", "Niemands"]


@ALL_VIEWS
def test_workers_see_orders_without_any_amount(business, view):
    order = order_at(State.SCHEDULED)
    page = make.signed_in_as(Role.FIELD_WORKER).get(LIST, {"ansicht": view, "summen": "1"}).content.decode()
    assert "Einbauschrank im Flur" in page
    assert "€" not in page and "7.87" not in page and access.token(access.links_to(order).get()) not in page


@ALL_VIEWS
def test_a_view_costs_the_same_for_any_number(office, owner, view):
    address = f"{LIST}?ansicht={view}"

    def one():
        order = order_at(State.SCHEDULED)
        orders.assign(order, owner)
        make.make_appointment(order.customer, assignee=owner)

    one()
    cost = queries(office, address)
    one(), one()
    assert queries(office, address) == cost <= 12


# --- calendar ---------------------------------------------------------------------------------------------------------
def test_a_month_shows_its_orders_and_appointments_with_the_way_to_the_next(office):
    order_at(State.SCHEDULED, planned_on=date(2027, 1, 26), title="Montage Flur")
    make.make_appointment(title="Aufmaß", starts_at=timezone.make_aware(datetime(2027, 1, 31, 23, 30)))
    make.make_appointment(title="Später", starts_at=timezone.make_aware(datetime(2027, 2, 1, 0, 30)))
    response = office.get(LIST, {"ansicht": "kalender", "monat": "2027-01"})
    month = response.context["month"]
    entries = {day[0]: day[1] for week in month.weeks for day in week if day and day[1]}
    assert sorted(entries) == [date(2027, 1, 26), date(2027, 1, 31)]
    page = response.content.decode()
    assert "Montage Flur" in page and "23:30 Aufmaß" in page and "Später" not in page
    assert (month.before, month.after) == ("2026-12", "2027-02") and "monat=2026-12" in page


def test_a_month_that_is_none_is_the_present_one(office):
    for month in ("", "2027-13", "99999-01", "unsinn", "0001-01"):
        assert office.get(LIST, {"ansicht": "kalender", "monat": month}).context["month"].first == TODAY.replace(day=1)


def test_a_cancelled_order_and_a_cancelled_appointment_are_in_no_month(office):
    order = order_at(State.SCHEDULED)
    orders.move(order, State.CANCELLED, by=None, tell=False)
    appointment = make.make_appointment()
    appointment.cancelled_at = timezone.now()
    appointment.save()
    assert office.get(LIST, {"ansicht": "kalender"}).context["month"].is_empty


def test_workers_see_their_own_appointments_only(business):
    worker = make.make_member(Role.FIELD_WORKER)
    make.make_appointment(title="Meiner", assignee=worker)
    make.make_appointment(title="Fremder", assignee=make.make_member())
    for member, seen in ((worker, [True, False]), (make.make_member(Role.TAX_ADVISER), [False, False])):
        page = make.signed_in(member).get(LIST, {"ansicht": "kalender"}).content.decode()
        assert [title in page for title in ("Meiner", "Fremder")] == seen


# --- moving (BRD1, BRD2) ----------------------------------------------------------------------------------------------
def test_after_a_move_one_is_back_on_the_same_board_at_the_card(office):
    order = order_at()
    response = move(office, order, "started", zurueck="tafel?wer=ich&summen=1&next=https://boese.example")
    assert response.url == f"{LIST}?wer=ich&summen=1#auftrag-{order.pk}"


def test_whether_to_tell_the_customer_is_asked_once_per_order(office):
    order = order_at(State.SCHEDULED)
    assert "Kunde informieren?" in text_of(office)
    move(office, order, "started", gefragt="1", tell="on")
    order.refresh_from_db()
    assert order.tells_stages is True and "Kunde informieren?" not in text_of(office)


@pytest.mark.parametrize("tells", [True, False])
def test_the_answer_holds_for_the_next_steps(office, monkeypatch, tells):
    order = order_at(State.SCHEDULED)
    told = []
    real = orders.move
    monkeypatch.setattr(orders, "move", lambda *args, tell, **rest: told.append(tell) or real(*args, tell=tell, **rest))
    move(office, order, "started", gefragt="1", **({"tell": "on"} if tells else {}))
    move(office, order, "completed")
    assert told == [tells, tells]


def test_nothing_is_asked_for_a_stage_the_customer_does_not_see(office):
    order = order_at(State.SCHEDULED)
    Milestone.objects.filter(order=order).update(is_shown=False)
    assert "Kunde informieren?" not in text_of(office)
    move(office, order, "started")
    order.refresh_from_db()
    assert (order.state, order.tells_stages) == (State.STARTED, None)


def test_workers_say_that_work_begins_and_ends_and_leave_the_rest_to_the_office(business):
    worker, order = make.signed_in_as(Role.FIELD_WORKER), order_at(State.SCHEDULED)
    assert move(worker, order, "cancelled").status_code == 403
    assert move(worker, order, "started").status_code == 302
    assert move(worker, order, "completed").status_code == 302
    assert move(worker, order, "invoiced").status_code == 403
    assert move(make.signed_in_as(Role.TAX_ADVISER), order, "started").status_code == 403
    order.refresh_from_db()
    assert order.state == State.COMPLETED
