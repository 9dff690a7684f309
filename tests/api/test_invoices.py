"""Invoices and payments over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.models import Invoice, Payment
from tests import make

LINE = {
    "text": "Wartung der Haustür", "quantity": "1", "unit": "LS", "unit_price": "100", "vat_rate": "19",
    "cost_kind": "labour",
}  # fmt: skip


def new(customer, **changes):
    return {
        "contact": customer.pk, "title": "Wartung", "service_from": timezone.localdate().isoformat(), "lines": [LINE],
        **changes,
    }  # fmt: skip


# --- create and change --------------------------------------------------------------------------------------------------
def test_it_creates_from_rows(api):
    customer = make.make_customer()
    answer = api.post("invoices/", new(customer))
    assert answer.status_code == 201
    assert (answer.data["state"], answer.data["number"], answer.data["contact"]) == ("draft", None, customer.pk)
    assert (answer.data["net"], answer.data["tax"], answer.data["gross"]) == ("100.00", "19.00", "119.00")


def test_it_takes_skonto_and_retention(api):
    terms = {"skonto_percent": "2.00", "skonto_days": 7, "retention_percent": "5.00", "retention_until": "2031-11-21"}
    answer = api.post("invoices/", new(make.make_customer(), **terms))
    assert (answer.status_code, {name: answer.data[name] for name in terms}) == (201, terms)
    assert answer.data["gross"] == "119.00"  # a retention is due later, it is no discount


def test_it_creates_from_an_order_once(api):
    order = make.make_completed_order()
    first = api.post("invoices/", {"order": order.pk})
    second = api.post("invoices/", {"order": order.pk})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.data == second.data
    assert first.data["gross"] == str(order.gross)
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"contact": 999_999}, {"contact"}),
        ({"title": ""}, {"title"}),
        ({"payment_days": 61}, {"payment_days"}),
        ({"skonto_percent": "21"}, {"skonto_percent"}),
        ({"skonto_days": 61}, {"skonto_days"}),
        ({"retention_percent": "-1"}, {"retention_percent"}),
        ({"payment_days": -1}, {"payment_days"}),
        ({"payment_days": "1e400"}, {"payment_days"}),
        ({"service_from": "9999-01-01"}, {"service_from"}),
        ({"lines": [LINE | {"quantity": "-1"}]}, {"lines"}),
        ({"lines": [LINE | {"vat_category": "AE"}]}, {"lines"}),
        ({"lines": [LINE | {"vat_category": "S", "vat_rate": "0"}]}, {"lines"}),
        ({"lines": [LINE | {"vat_category": "E"}]}, {"lines"}),
        ({"tax_case": "margin"}, {"tax_case"}),
        ({"tax_answers": {"work": "party"}}, {"tax_answers"}),
        ({"tax_answers": {"exemption": "7"}}, {"tax_answers"}),
        ({"tax_answers": {"deliver_to": "at"}}, {"tax_answers"}),
        ({"tax_answers": "yes"}, {"tax_answers"}),
        ({"lines": [LINE | {"quantity": "9999999", "unit_price": "9999999"}]}, {"lines"}),
    ],
)
def test_what_is_wrong_is_named(api, changes, fields):
    answer = api.post("invoices/", new(make.make_customer(), **changes))
    assert (answer.status_code, set(answer.data["errors"])) == (400, fields)
    assert not Invoice.objects.exists()


def test_both_ways_at_once_are_refused(api):
    order = make.make_completed_order()
    assert set(api.post("invoices/", {"order": order.pk, "title": "X"}).data["errors"]) == {"order"}
    assert set(api.post("invoices/", {}).data["errors"]) == {"contact", "title"}
    assert not Invoice.objects.exists()


def test_the_server_computes(api, other):
    answer = api.post(
        "invoices/",
        new(make.make_customer(), number="RE-1", state="paid", gross="1.00", paid="119.00", issued_on="2020-01-01",
            kind="cancellation", business=other.pk, document="{}", reason="x", cancels=1),
    )  # fmt: skip
    invoice = Invoice.objects.get()
    assert answer.status_code == 201
    assert (invoice.number, invoice.state, str(invoice.gross), str(invoice.paid)) == (None, "draft", "119.00", "0.00")
    assert (invoice.issued_on, invoice.kind, invoice.document) == (None, "invoice", "")


def test_the_customer_owes_the_tax(api):
    answers = {"work": "building", "builder": "known"}
    firm = make.make_company(vat_id="DE136695976")
    answer = api.post("invoices/", new(firm, tax_case="reverse_charge", tax_answers=answers))
    assert (answer.data["tax"], answer.data["gross"]) == ("0.00", "100.00")
    assert (answer.data["tax_case"], answer.data["tax_answers"]) == ("reverse_charge", answers)
    issued = api.post(f"invoices/{answer.data['id']}/issue/").data
    assert issued["tax_answers"]["ground"] == "owed" and issued["tax_answers"]["net"] == "100.00"


def test_tax_without_right_is_refused(api):
    answers = {"work": "building", "builder": "known"}
    firm = make.make_company(vat_id="DE136695976")
    draft = api.post("invoices/", new(firm, tax_answers=answers)).data
    refused = api.post(f"invoices/{draft['id']}/issue/")
    assert refused.status_code == 422 and "tax_case" in str(refused.data)


def test_a_draft_changes(api):
    invoice = api.post("invoices/", new(make.make_customer())).data
    changed = api.patch(f"invoices/{invoice['id']}/", {"title": "Neu", "lines": [LINE, LINE]})
    assert (changed.status_code, changed.data["title"], changed.data["gross"]) == (200, "Neu", "238.00")
    neighbour = make.make_customer()
    kept = api.patch(f"invoices/{invoice['id']}/", {"contact": neighbour.pk, "order": 1, "payment_days": 7})
    assert (kept.data["contact"], kept.data["order"], kept.data["payment_days"]) == (invoice["contact"], None, 7)
    assert kept.data["gross"] == "238.00"


def test_a_draft_can_be_thrown_away(api):
    invoice = api.post("invoices/", new(make.make_customer())).data
    assert api.delete(f"invoices/{invoice['id']}/").status_code == 204
    assert not Invoice.objects.exists()


# --- issue, send, cancel ------------------------------------------------------------------------------------------------
def test_it_issues_once(api, owner):
    draft = make.make_draft_invoice(by=owner)
    answer = api.post(f"invoices/{draft.pk}/issue/", {"send_to": "kunde@kunde.example"})
    assert (answer.status_code, answer.data["state"], answer.data["send_to"]) == (200, "open", "kunde@kunde.example")
    assert answer.data["number"] == f"RE-{timezone.localdate().year}-0001"
    assert answer.data["open_amount"] == answer.data["gross"]
    assert api.post(f"invoices/{draft.pk}/issue/").status_code == 409


def test_what_is_missing_is_named(api):
    invoice = api.post("invoices/", new(make.make_customer(street=""), lines=[])).data
    answer = api.post(f"invoices/{invoice['id']}/issue/")
    assert answer.status_code == 422
    assert answer.data["problems"][0]["field"] == "lines"
    assert Invoice.objects.get().number is None


def test_an_issued_invoice_does_not_change(api, owner):
    """P80, M5."""
    invoice = make.make_open_invoice(by=owner)
    for answer in (
        api.patch(f"invoices/{invoice.pk}/", {"title": "X"}),
        api.patch(f"invoices/{invoice.pk}/", {"lines": [LINE]}),
        api.delete(f"invoices/{invoice.pk}/"),
    ):
        assert answer.status_code == 409
        assert "Bitte stornieren." in answer.data["detail"]
    assert Invoice.objects.get().document_hash == invoice.document_hash


def test_it_cancels_once(api, owner):
    invoice = make.make_open_invoice(by=owner)
    answer = api.post(f"invoices/{invoice.pk}/cancel/", {"reason": "Falscher Empfänger"})
    assert (answer.status_code, answer.data["kind"], answer.data["cancels"]) == (201, "cancellation", invoice.pk)
    assert answer.data["gross"] == f"-{invoice.gross}"
    assert api.post(f"invoices/{invoice.pk}/cancel/", {"reason": "Noch einmal"}).status_code == 409
    assert api.post(f"invoices/{answer.data['id']}/cancel/", {"reason": "Zurück"}).status_code == 409
    assert api.get(f"invoices/{invoice.pk}/").data["state"] == "cancelled"


@pytest.mark.parametrize("data", [{}, {"reason": ""}, {"reason": "x" * 201}, {"reason": "x", "send_to": "kein"}])
def test_a_cancellation_has_a_reason(api, owner, data):
    invoice = make.make_open_invoice(by=owner)
    assert api.post(f"invoices/{invoice.pk}/cancel/", data).status_code == 400
    assert Invoice.objects.count() == 1


def test_it_sends_again(api, owner):
    invoice = make.make_open_invoice(by=owner)
    assert api.post(f"invoices/{invoice.pk}/send/", {"to": "neu@kunde.example"}).data["send_to"] == "neu@kunde.example"
    assert api.post(f"invoices/{invoice.pk}/send/", {"to": ""}).status_code == 400
    draft = make.make_draft_invoice(by=owner)
    assert api.post(f"invoices/{draft.pk}/send/", {"to": "neu@kunde.example"}).status_code == 409


def test_its_files_are_the_stored_ones(api, owner):
    invoice = make.make_open_invoice(by=owner, rendered=True)
    pdf, xml = api.get(f"invoices/{invoice.pk}/pdf/"), api.get(f"invoices/{invoice.pk}/xml/")
    assert pdf.content.startswith(b"%PDF")
    assert xml.content.startswith(b"<?xml")
    assert xml.headers["Content-Type"] == "application/xml"
    assert xml.headers["Content-Disposition"] == f'attachment; filename="{invoice.number}.xml"'


def test_a_draft_has_no_files(api, owner):
    draft = make.make_draft_invoice(by=owner)
    for path in ("pdf", "xml"):
        assert api.get(f"invoices/{draft.pk}/{path}/").status_code == 409


# --- payments -----------------------------------------------------------------------------------------------------------
def test_it_books_and_takes_back(api, owner):
    invoice = make.make_open_invoice(by=owner)
    booked = api.post(f"invoices/{invoice.pk}/payments/", {"amount": str(invoice.gross), "note": "Kontoauszug 3"})
    assert (booked.status_code, booked.data["received_on"]) == (201, timezone.localdate().isoformat())
    assert api.get(f"invoices/{invoice.pk}/").data["state"] == "paid"
    back = api.post(f"invoices/{invoice.pk}/payments/{booked.data['id']}/reverse/")
    assert (back.status_code, back.data["amount"], back.data["reverses"]) == (
        201,
        f"-{invoice.gross}",
        booked.data["id"],
    )
    assert api.get(f"invoices/{invoice.pk}/").data["state"] == "open"
    assert [row["id"] for row in api.get(f"invoices/{invoice.pk}/payments/").data] == [
        booked.data["id"],
        back.data["id"],
    ]
    assert api.post(f"invoices/{invoice.pk}/payments/{booked.data['id']}/reverse/").status_code == 409


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"amount": "0"}, 409),
        ({"amount": "-5"}, 409),
        ({"amount": "1000000"}, 409),
        ({"amount": "1e30"}, 400),
        ({"amount": "0.001"}, 400),
        ({"amount": None}, 400),
        ({"method": "gold"}, 400),
        ({"received_on": "2199-12-31"}, 409),
        ({"received_on": "x"}, 400),
        ({"note": "x" * 141}, 400),
    ],
)
def test_what_cannot_have_come_in_is_refused(api, owner, changes, status):
    invoice = make.make_open_invoice(by=owner)
    answer = api.post(f"invoices/{invoice.pk}/payments/", {"amount": "10.00"} | changes)
    assert answer.status_code == status
    assert answer.data.get("field") in set(changes) or set(answer.data["errors"]) == set(changes)
    assert not Payment.objects.exists()


def test_a_payment_belongs_to_its_invoice(api, owner):
    first, second = make.make_open_invoice(by=owner), make.make_open_invoice(by=owner)
    booked = api.post(f"invoices/{first.pk}/payments/", {"amount": "10.00"}).data
    assert api.post(f"invoices/{second.pk}/payments/{booked['id']}/reverse/").status_code == 404
    assert api.post(f"invoices/{first.pk}/payments/999999/reverse/").status_code == 404


# --- lists --------------------------------------------------------------------------------------------------------------
def test_the_list_filters(api, owner):
    draft = make.make_draft_invoice(by=owner)
    late = make.make_open_invoice(by=owner)
    assert [row["id"] for row in api.get("invoices/?state=draft").data["results"]] == [draft.pk]
    assert [row["id"] for row in api.get(f"invoices/?contact={late.customer_id}").data["results"]] == [late.pk]
    assert [row["id"] for row in api.get(f"invoices/?order={late.order_id}").data["results"]] == [late.pk]
    assert api.get("invoices/?overdue=true").data["results"] == []


def test_overdue_ones(api, owner, time_machine):
    late = make.make_open_invoice(by=owner)
    time_machine.move_to(timezone.now() + timedelta(days=30))
    make.make_open_invoice(by=owner)
    assert [row["id"] for row in api.get("invoices/?overdue=true").data["results"]] == [late.pk]
    assert late.pk not in [row["id"] for row in api.get("invoices/?overdue=false").data["results"]]


# --- the wall, and roles ------------------------------------------------------------------------------------------------
def every_step(api, pk, payment=1):
    return [
        api.get(f"invoices/{pk}/"), api.patch(f"invoices/{pk}/", {"title": "X"}), api.delete(f"invoices/{pk}/"),
        api.post(f"invoices/{pk}/issue/"), api.post(f"invoices/{pk}/send/", {"to": "a@b.de"}),
        api.post(f"invoices/{pk}/cancel/", {"reason": "X"}), api.get(f"invoices/{pk}/payments/"),
        api.post(f"invoices/{pk}/payments/", {"amount": "1"}), api.post(f"invoices/{pk}/payments/{payment}/reverse/"),
        api.get(f"invoices/{pk}/pdf/"), api.get(f"invoices/{pk}/xml/"), api.get(f"invoices/{pk}/links/"),
    ]  # fmt: skip


def test_foreign_invoices_are_unknown(api, foreign):
    for theirs in (foreign(make.make_draft_invoice), foreign(make.make_open_invoice)):
        assert {answer.status_code for answer in every_step(api, theirs.pk)} == {404}


def test_a_foreign_order_is_not_invoiced(api, foreign):
    order = foreign(make.make_completed_order)
    answer = api.post("invoices/", {"order": order.pk})
    assert (answer.status_code, set(answer.data["errors"])) == (400, {"order"})
    assert not Invoice.unscoped.exists()


def test_who_may_not_see_money_sees_no_invoices(worker_api, owner):
    invoice = make.make_open_invoice(by=owner)
    assert worker_api.get("invoices/").status_code == 403
    assert worker_api.post("invoices/", new(invoice.customer)).status_code == 403
    assert {answer.status_code for answer in every_step(worker_api, invoice.pk)} == {403}


def test_the_adviser_reads(adviser_api, owner):
    invoice = make.make_open_invoice(by=owner, rendered=True)
    assert [answer.status_code for answer in every_step(adviser_api, invoice.pk)] == [
        200, 403, 403, 403, 403, 403, 200, 403, 403, 200, 200, 403,
    ]  # fmt: skip
    assert adviser_api.get("invoices/").status_code == 200
