"""The pages of what is billed again and again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import invoice_runs
from billing.models import Invoice, InvoiceRun, StandingInvoice
from tests import make
from tests.billing.views import costs


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


LIST = "/buchhaltung/wiederkehrend/"


def page(office, standing):
    return office.get(standing.get_absolute_url()).content.decode()


def test_the_empty_list_says_what_it_is_for(office):
    assert "Wartungsverträge" in office.get(LIST).content.decode()


def test_from_a_customer_to_a_contract_with_its_rows(office):
    customer = make.make_customer()
    start = {"kunde": customer.pk, "title": "Wartung Heizung", "starts_on": "2026-11-01", "every": "12"}
    answer = office.post(reverse("billing:standing_create"), start)
    standing = StandingInvoice.objects.get()
    assert answer.url == standing.get_absolute_url()
    row = {"rows": "a", "a-kind": "item", "a-text": "Wartung", "a-quantity": "1", "a-unit": "psch.", "a-vat": "19"}
    head = {"title": "Wartung Heizung", "every": "12", "mode": "net", "payment_days": "14", "sends": "on"}
    assert office.post(standing.get_absolute_url(), {**row, "a-unit_price": "240,00", **head}).status_code == 302
    standing.refresh_from_db()
    assert (standing.sends, standing.lines.get().unit_price) == (True, 240)
    assert "285,60" in page(office, standing).replace("\xa0", " ")


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(office):
    standing = make.make_standing_invoice()
    typed = {"title": "Neu", "every": "1", "mode": "net", "payment_days": "14", "ends_on": "31.02.2026"}
    row = {"rows": "a", "a-kind": "item", "a-text": "Filter", "a-quantity": "1", "a-unit": "Stk.", "a-vat": "19"}
    answer = office.post(standing.get_absolute_url(), {**typed, **row, "a-unit_price": "12"})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Bitte prüfen Sie das Datum." in said and "Filter</textarea>" in said
    answer = office.post(standing.get_absolute_url(), {**typed, **row, "a-unit_price": "12", "ends_on": "2020-01-01"})
    assert "Das Ende liegt vor dem Beginn" in answer.content.decode()
    assert StandingInvoice.objects.get().title == "Wartung"


def test_an_invoice_comes_again(office, owner):
    invoice = make.make_open_invoice(by=owner)
    answer = office.post(
        reverse("billing:invoice_repeat", args=[invoice.pk]), {"starts_on": "2026-12-01", "every": "3"}
    )
    standing = StandingInvoice.objects.get()
    assert (answer.url, standing.customer) == (standing.get_absolute_url(), invoice.customer)
    assert standing.lines.count() == invoice.lines.count()
    office.post(reverse("billing:invoice_repeat", args=[invoice.pk]), {"starts_on": "", "every": "3"})
    assert StandingInvoice.objects.count() == 1


def test_pausing_resuming_and_deleting(office):
    standing = make.make_standing_invoice()
    office.post(reverse("billing:standing_pause", args=[standing.pk]))
    assert "Ausgesetzt" in page(office, standing)
    office.post(reverse("billing:standing_resume", args=[standing.pk]))
    assert "Ausgesetzt:" not in page(office, standing)
    office.post(reverse("billing:standing_delete", args=[standing.pk]))
    assert not StandingInvoice.objects.exists()


def test_the_list_shows_how_far_a_run_is_and_what_it_could_not_do(office):
    make.make_standing_invoice(starts_on=timezone.localdate() - timedelta(days=40))
    assert "fällig" in office.get(LIST).content.decode()
    office.post(reverse("billing:standing_run"))
    assert "wartet" in office.get(LIST).content.decode()
    invoice_runs.work(InvoiceRun.objects.get())
    InvoiceRun.objects.update(problems="Brandt: Wartung: Die Summe ist zu groß.\n")
    said = office.get(LIST).content.decode()
    assert "0 gestellt, 1 entworfen" in said and "Die Summe ist zu groß." in said
    assert Invoice.objects.get().is_draft


def test_the_pages_cost_the_same_for_any_number(office):
    standing = make.make_standing_invoice()
    few = [costs.queries(office, LIST), costs.queries(office, standing.get_absolute_url())]
    for _ in range(2):
        make.make_standing_invoice()
    assert [costs.queries(office, LIST), costs.queries(office, standing.get_absolute_url())] == few
