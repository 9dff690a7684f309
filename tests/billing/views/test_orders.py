"""An order's page in the office, and its steps. All orders: test_order_board.py."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from billing import order_news, orders
from billing.models import Invoice, Order
from crm import access, messages
from tests import make

State = Order.State
TODAY = timezone.localdate()


def step(browser, name, order, **data):
    return browser.post(reverse(f"billing:{name}", args=[order.pk]), data)


def page_of(browser, order):
    return browser.get(order.get_absolute_url()).content.decode().replace("\xa0", " ")


def at(state):
    """An order that has come that far."""
    order = make.make_order()
    if state == State.WITHDRAWN:
        orders.withdraw(order, name="Sabine Brandt", email="s@b.example")
        return Order.objects.get(pk=order.pk)
    for reached in [State.SCHEDULED, State.STARTED, State.COMPLETED, State.INVOICED]:
        if state in Order.WAY and Order.WAY.index(reached) <= Order.WAY.index(state):
            orders.move(order, reached, by=None, planned_on=TODAY if reached == State.SCHEDULED else None, tell=False)
    return order


# --- next step (ODT1) -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "button"),
    [
        (State.PLACED, "Termin eintragen"),
        (State.SCHEDULED, "Arbeit beginnen"),
        (State.STARTED, "Als fertig melden"),
        (State.COMPLETED, "Rechnung erstellen"),
        (State.WITHDRAWN, "Auftrag stornieren"),
    ],
)
def test_the_filled_button_is_the_next_allowed_step(office, state, button):
    page = page_of(office, at(state))
    filled = [part.split("</button>")[0] for part in page.split('class="btn pri"')[1:]]
    assert len(filled) == 1 and filled[0].endswith(button)


def test_a_step_is_taken_and_the_customer_told(office, owner):
    order = make.make_order()
    step(
        office,
        "order_move",
        order,
        to="scheduled",
        planned_on=f"{TODAY:%Y-%m-%d}",
        note="Wir kommen zu zweit",
        tell="on",
    )
    order.refresh_from_db()
    milestone = order.milestones.get(step="scheduled")
    assert (order.state, order.planned_on, milestone.note, milestone.by) == (
        "scheduled",
        TODAY,
        "Wir kommen zu zweit",
        owner,
    )
    assert order_news.waiting(order).count() == 1
    assert "Wir kommen zu zweit" in page_of(office, order)


def test_without_the_tick_nobody_is_told(office):
    step(office, "order_move", make.make_order(), to="started")
    assert not order_news.waiting(Order.objects.get()).exists()


def test_a_date_is_asked_for(office):
    order = make.make_order()
    response = step(office, "order_move", order, to="scheduled", note="Zu zweit")
    page = response.content.decode()
    assert response.status_code == 422 and page.count("Bitte tragen Sie den Termin ein.") == 2 and "Zu zweit" in page


@pytest.mark.parametrize(
    ("state", "to"), [(State.COMPLETED, "started"), (State.PLACED, "withdrawn"), (State.INVOICED, "cancelled")]
)
def test_a_step_that_is_not_allowed_is_refused(office, state, to):
    order = at(state)
    assert step(office, "order_move", order, to=to).status_code == 409
    order.refresh_from_db()
    assert order.state == state


def test_an_unknown_step_is_refused(office):
    assert step(office, "order_move", make.make_order(), to="unsinn").status_code == 422


def test_a_date_is_moved_while_the_work_has_not_begun(office):
    order = at(State.SCHEDULED)
    later = TODAY + timedelta(days=3)
    step(office, "order_reschedule", order, planned_on=f"{later:%Y-%m-%d}", reason="Grippe", tell="on")
    order.refresh_from_db()
    assert order.planned_on == later
    assert step(office, "order_reschedule", order, planned_on="").status_code == 422
    assert step(office, "order_reschedule", at(State.STARTED), planned_on=f"{later:%Y-%m-%d}").status_code == 409


def test_somebody_is_put_in_charge(office, owner):
    order = make.make_order()
    emre = make.make_member(Role.FIELD_WORKER, name="Emre Aydin")
    step(office, "order_assign", order, assignee=emre.pk)
    order.refresh_from_db()
    assert order.assignee == emre
    step(office, "order_assign", order, assignee="")
    order.refresh_from_db()
    assert order.assignee is None


def test_nobody_of_another_business_is_put_in_charge(office):
    order = make.make_order()
    stranger = make.make_member(business=make.make_business("Andere"))
    assert step(office, "order_assign", order, assignee=stranger.pk).status_code == 404


# --- the page ---------------------------------------------------------------------------------------------------------
def test_the_customers_page_is_one_click_away_and_does_not_count_as_seen(office):
    order = make.make_order()
    link = access.links_to(order).get()
    assert f'href="{access.url(link)}"' in page_of(office, order)
    office.get(f"/l/{access.token(link)}/", follow=True)
    link.refresh_from_db()
    assert link.seen_count == 0


def test_money_is_agreed_invoiced_and_paid(office):
    order = make.make_open_invoice().order
    page = page_of(office, order)
    assert 'vereinbart, brutto</dt><dd class="num b">7.871,85 €' in page
    assert 'abgerechnet</dt><dd class="num">7.871,85 €' in page and 'bezahlt</dt><dd class="num">0,00 €' in page
    assert "Rechnung ansehen" in page


def test_a_question_about_the_order_is_answered(office):
    order = make.make_order()
    messages.ask(access.links_to(order).get(), "Wann kommt ihr?", author_name="Sabine Brandt")
    step(office, "order_answer", order, text="Am Dienstag.")
    assert "Am Dienstag." in page_of(office, order)


def test_the_confirmation_is_handed_out(office):
    order = make.make_order()
    orders.confirm(order)
    response = office.get(reverse("billing:order_pdf", args=[order.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="{order.number}.pdf"'
    response.close()


def test_two_clicks_lead_from_the_order_to_the_issued_invoice(office):
    """ODT3: "Rechnung erstellen" and "Stellen und senden"."""
    order = make.make_completed_order()
    draft = step(office, "invoice_draft", order)
    invoice = Invoice.objects.get()
    editor = office.get(draft.url, follow=True)
    form = editor.context["form"]
    rows = editor.context["rows"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    data |= {"rows": [row.key for row in rows], "do": "issue"}
    data |= {
        row[name].html_name: row[name].value() for row in rows for name in row.fields if row[name].value() is not None
    }
    office.post(reverse("billing:invoice_issue", args=[invoice.pk]), data)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.gross, invoice.send_to) == ("open", order.gross, order.customer.email)


def test_the_draft_that_is_there_is_taken(office):
    order = make.make_completed_order()
    first = step(office, "invoice_draft", order)
    assert step(office, "invoice_draft", order).url == first.url
    assert Invoice.objects.count() == 1


def test_a_withdrawn_order_is_not_invoiced(office):
    assert step(office, "invoice_draft", at(State.WITHDRAWN)).status_code == 409
