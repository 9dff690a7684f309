"""The same questions to every page of billing: who may, what of another business, which methods."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import current
from accounts.rights import RIGHTS, Right, Role
from billing import orders, payments, rendering, urls
from billing.models import Order
from crm import access
from tests import make


def item():
    return [make.make_catalogue_item().pk]


def draft():
    return [make.make_quote().pk]


def sent():
    return [make.make_sent_quote().pk]


def accepted():
    acceptance = make.make_order().quote.acceptance
    rendering.acceptance(acceptance)
    return [acceptance.quote_id]


def link():
    quote = make.make_sent_quote()
    return [quote.pk, access.links_to(quote).first().pk]


def order():
    order = make.make_order()
    rendering.order(order)
    return [order.pk]


def scheduled():
    order = make.make_order()
    return [orders.move(order, Order.State.SCHEDULED, by=None, planned_on=timezone.localdate()).pk]


def completed():
    return [make.make_completed_order().pk]


def invoice_draft():
    return [make.make_draft_invoice().pk]


def invoice():
    return [make.make_open_invoice(rendered=True).pk]


def payment():
    invoice = make.make_open_invoice()
    return [payments.record(invoice, amount=invoice.gross, received_on=timezone.localdate(), by=None).pk]


# name -> (methods, right, maker of the numbers in its address)
PAGES = {
    "catalogue_list": ("GET", Right.SEE_MONEY, None),
    "catalogue_create": ("GET POST", Right.WRITE_DOCUMENTS, None),
    "catalogue_search": ("GET", Right.WRITE_DOCUMENTS, None),
    "catalogue_edit": ("GET POST", Right.WRITE_DOCUMENTS, item),
    "catalogue_archive": ("POST", Right.WRITE_DOCUMENTS, item),
    "catalogue_unarchive": ("POST", Right.WRITE_DOCUMENTS, item),
    "quote_list": ("GET", Right.SEE_MONEY, None),
    "quote_create": ("GET POST", Right.WRITE_DOCUMENTS, None),
    "quote_preview_totals": ("POST", Right.WRITE_DOCUMENTS, None),
    "quote_detail": ("GET", Right.SEE_MONEY, sent),
    "quote_edit": ("GET POST", Right.WRITE_DOCUMENTS, draft),
    "quote_preview": ("GET", Right.WRITE_DOCUMENTS, draft),
    "quote_pdf": ("GET", Right.SEE_MONEY, sent),
    "acceptance_pdf": ("GET", Right.SEE_MONEY, accepted),
    "quote_send": ("POST", Right.WRITE_DOCUMENTS, draft),
    "quote_retract": ("POST", Right.WRITE_DOCUMENTS, sent),
    "quote_duplicate": ("POST", Right.WRITE_DOCUMENTS, sent),
    "quote_delete": ("POST", Right.WRITE_DOCUMENTS, draft),
    "quote_answer": ("POST", Right.WRITE_CONTACTS, sent),
    "quote_link_create": ("POST", Right.WRITE_DOCUMENTS, sent),
    "quote_link_revoke": ("POST", Right.WRITE_DOCUMENTS, link),
    "order_list": ("GET", Right.SEE_ORDERS, None),
    "order_detail": ("GET", Right.SEE_ORDERS, order),
    "order_move": ("POST", Right.WRITE_DOCUMENTS, order),
    "order_reschedule": ("POST", Right.WRITE_DOCUMENTS, scheduled),
    "order_assign": ("POST", Right.WRITE_DOCUMENTS, order),
    "order_answer": ("POST", Right.WRITE_CONTACTS, order),
    "order_pdf": ("GET", Right.SEE_MONEY, order),
    "invoice_draft": ("POST", Right.WRITE_DOCUMENTS, completed),
    "invoice_list": ("GET", Right.SEE_MONEY, None),
    "invoice_create": ("GET POST", Right.WRITE_DOCUMENTS, None),
    "invoice_detail": ("GET", Right.SEE_MONEY, invoice),
    "invoice_edit": ("GET POST", Right.WRITE_DOCUMENTS, invoice_draft),
    "invoice_preview": ("GET", Right.SEE_MONEY, invoice_draft),
    "invoice_issue": ("POST", Right.ISSUE_INVOICES, invoice_draft),
    "invoice_delete": ("POST", Right.WRITE_DOCUMENTS, invoice_draft),
    "invoice_send": ("POST", Right.WRITE_DOCUMENTS, invoice),
    "invoice_remind": ("POST", Right.WRITE_DOCUMENTS, invoice),
    "invoice_cancel": ("GET POST", Right.ISSUE_INVOICES, invoice),
    "payment_record": ("POST", Right.ISSUE_INVOICES, invoice),
    "payment_reverse": ("POST", Right.ISSUE_INVOICES, payment),
    "invoice_answer": ("POST", Right.WRITE_CONTACTS, invoice),
    "invoice_pdf": ("GET", Right.SEE_MONEY, invoice),
    "invoice_xml": ("GET", Right.SEE_MONEY, invoice),
}
every_page = pytest.mark.parametrize("name", PAGES)


def address(name):
    maker = PAGES[name][2]
    return reverse(f"billing:{name}", args=maker() if maker else [])


def ask(browser, method, url):
    response = getattr(browser, method.lower())(url)
    response.close()
    return response


def methods(name):
    return PAGES[name][0].split()


def test_no_page_is_forgotten():
    assert {pattern.name for pattern in urls.urlpatterns} == set(PAGES)


@every_page
def test_strangers_are_sent_to_sign_in(business, client, name):
    url = address(name)
    for method in methods(name):
        response = ask(client, method, url)
        assert response.status_code == 302 and response.url.startswith("/konto/login/?next=")


@every_page
def test_only_who_holds_the_right_may(business, name):
    url = address(name)
    # those who may not first: what the others do may end the row's life
    for role in sorted(Role.values, key=lambda role: PAGES[name][1] in RIGHTS[role]):
        browser = make.signed_in_as(role)
        is_allowed = PAGES[name][1] in RIGHTS[role]
        for method in methods(name):
            response = ask(browser, method, url)
            assert (response.status_code != 403) == is_allowed, (role, method)
            assert response.status_code < 500


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page[2]])
def test_what_belongs_to_another_business_is_not_there(business, name):
    browser = make.signed_in_as(Role.OWNER)
    with current.working_for(make.make_business("Andere")):
        url = address(name)
    for method in methods(name):
        assert ask(browser, method, url).status_code == 404
        assert ask(browser, method, url.replace(url.split("/")[2], "987654321")).status_code == 404


@every_page
def test_other_methods_are_not_allowed(business, name):
    browser, url = make.signed_in_as(Role.OWNER), address(name)
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - set(methods(name)):
        assert ask(browser, method, url).status_code == 405, method


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if "GET" in page[0]])
def test_looking_changes_nothing(business, name):
    browser, url = make.signed_in_as(Role.OWNER), address(name)
    ask(browser, "GET", url)
    with CaptureQueriesContext(connection) as queries:
        ask(browser, "GET", url)
    # PostgreSQL reads long results through a cursor it declares
    reading = ("SELECT", "SAVEPOINT", "RELEASE", 'DECLARE "_django_curs')
    assert [sql["sql"] for sql in queries if not sql["sql"].startswith(reading)] == []
