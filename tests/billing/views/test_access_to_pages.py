"""The same questions to every page of billing: who may, what of another business, which methods."""

import copy
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import current
from accounts.models import Business
from accounts.rights import RIGHTS, Right, Role
from billing import (
    building_blocks,
    change_requests,
    choices,
    corrections,
    delivery_notes,
    dunning,
    invoice_attachments,
    invoices,
    order_photos,
    orders,
    payments,
    quotes,
    rendering,
    shipments,
    sign_offs,
    urls,
    work_kinds,
)
from billing import procedure as procedure_documentation
from billing.datev import exports, package
from billing.models import DatevAccount, DatevExport, Order, TextBlock
from billing.z3 import handing_over
from crm import access, attachments
from crm.models import Customer
from tests import make


def item():
    return [make.make_catalogue_item().pk]


def block():
    return [TextBlock.objects.create(name="Gruß", text="Mit besten Grüßen").pk]


def template():
    return [building_blocks.save_as_template(make.make_quote(), name="Einbauschrank").pk]


def delivery_note():
    note = make.make_delivery_note()
    delivery_notes.draw(note)
    return [note.pk]


def standing():
    return [make.make_standing_invoice().pk]


def draft():
    return [make.make_quote().pk]


def sent():
    return [make.make_sent_quote().pk]


def declined():
    quote = make.make_sent_quote()
    quotes.decline(quote)
    return [quote.pk]


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


def shipment():
    return [shipments.add(make.make_order(), carrier="dhl", tracking_number="00340434", by=None).pk]


def order_photo():
    order = make.make_order()
    photo = attachments.add(order.customer, make.upload())
    return [order_photos.release(order, photo, by=None).pk]


def milestone():
    return [make.make_order().milestones.first().pk]


def scheduled():
    order = make.make_order()
    return [orders.move(order, Order.State.SCHEDULED, by=None, planned_on=timezone.localdate()).pk]


def completed():
    return [make.make_completed_order().pk]


def invoice_draft():
    return [make.make_draft_invoice().pk]


def invoice():
    return [make.make_open_invoice(rendered=True).pk]


def invoice_file():
    file = invoice_attachments.add(make.make_draft_invoice(), make.upload())
    return [file.invoice_id, file.pk]


def debtor():
    with make.days_ago(40):
        return [make.make_open_invoice(rendered=True).customer_id]


def incoming():
    return [make.make_incoming_invoice().pk]


def dunning_letter():
    customer = Customer.objects.get(pk=debtor()[0])
    proposal = dunning.proposal_for(customer, on=timezone.localdate())
    letter = dunning.send(customer, dunning.wish_for(proposal), by=None, to=customer.email)
    dunning.deliver(letter)
    return [letter.pk]


def wish():
    quote = make.make_sent_quote()
    wanted = choices.default(quote.frozen_document)
    link = access.links_to(quote).first()
    return [change_requests.ask(quote, link=link, unwanted=[], choice=wanted, text="Esche", name="Ada").pk]


def estimated():
    return [make.make_order(make.make_sent_quote(kind="estimate")).pk]


def payment():
    invoice = make.make_open_invoice()
    return [payments.record(invoice, amount=invoice.gross, received_on=timezone.localdate(), by=None).pk]


def bank_statement():
    return [make.make_bank_statement().pk]


def bank_entry():
    return [make.make_bank_statement().entries.get().pk]


def sign_off():
    return [make.make_sign_off().pk]


def signed_off():
    draft = make.make_sign_off()
    done = sign_offs.refuse(draft, reason="Es fehlt etwas.", customer_name="Ada", channel="on_site")
    rendering.sign_off(done)
    return [done.pk]


def defect():
    return [make.make_sign_off(defects=["Kratzer"]).defects.get().pk]


def work_kind():
    return [work_kinds.create_from_template("repair").pk]


def written():
    return [procedure_documentation.write().pk]


def taken():
    placed = make.make_order()
    rendering.acceptance(placed.quote.acceptance)
    return [placed.pk]


def handed_over():
    make.make_open_invoice()
    row = handing_over.ask(timezone.localdate().year, None)
    handing_over.make(row)
    return [row.pk]


def datev_account():
    return [DatevAccount.objects.create(key="bank", account=1210, valid_from=timezone.localdate()).pk]


def datev_package():
    business, today = current.business(), timezone.localdate()
    Business.objects.filter(pk=business.pk).update(datev_consultant=29098, datev_client=55003)
    make.make_open_invoice(rendered=True)
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        export = exports.ask(today.replace(day=1), by=None)
    package.make(export)
    return [export.pk]


def eu_goods():
    return [make.make_goods_invoice().pk]


def correction():
    draft = corrections.correct(make.make_open_invoice(), reason="Bestellnummer", by=None)
    return [invoices.issue(draft, by=None).pk]


def failed_datev_package():
    today = timezone.localdate()
    return [DatevExport.objects.create(first_on=today, last_on=today, tries=3, failed_at=timezone.now()).pk]


# name -> (methods, right, maker of the numbers in its address)
PAGES = {
    "accounting": ("GET", Right.SEE_MONEY, None),
    "delivery_note_create": ("GET POST", Right.WRITE_NOTES, order),
    "delivery_note_pdf": ("GET", Right.SEE_ORDERS, delivery_note),
    "datev": ("GET", Right.SEE_MONEY, None),
    "datev_export": ("POST", Right.EXPORT_DATA, None),
    "datev_file": ("GET", Right.EXPORT_DATA, datev_package),
    "datev_settings": ("GET POST", Right.ISSUE_INVOICES, None),
    "number_series_list": ("GET", Right.MANAGE_BUSINESS, None),
    "number_series_change": ("POST", Right.MANAGE_BUSINESS, None),
    "arrival_proof": ("GET POST", Right.WRITE_DOCUMENTS, eu_goods),
    "arrival_proof_form": ("GET", Right.SEE_MONEY, eu_goods),
    "correction_take_back": ("POST", Right.WRITE_DOCUMENTS, correction),
    "datev_retry": ("POST", Right.EXPORT_DATA, failed_datev_package),
    "datev_account_confirm": ("POST", Right.ISSUE_INVOICES, None),
    "datev_account_set": ("POST", Right.ISSUE_INVOICES, None),
    "datev_account_forget": ("POST", Right.ISSUE_INVOICES, datev_account),
    "vat_report": ("GET", Right.SEE_MONEY, None),
    "vat_report_csv": ("GET", Right.EXPORT_DATA, None),
    "books": ("GET", Right.SEE_MONEY, None),
    "books_lock": ("POST", Right.MANAGE_BUSINESS, None),
    "books_hold": ("POST", Right.MANAGE_BUSINESS, None),
    "procedure": ("GET", Right.AUDIT_BOOKS, None),
    "procedure_write": ("POST", Right.MANAGE_BUSINESS, None),
    "procedure_pdf": ("GET", Right.AUDIT_BOOKS, written),
    "audit_books": ("GET", Right.AUDIT_BOOKS, None),
    "audit_document": ("GET", Right.AUDIT_BOOKS, invoice),
    "audit_pdf": ("GET", Right.AUDIT_BOOKS, invoice),
    "audit_xml": ("GET", Right.AUDIT_BOOKS, invoice),
    "audit_payments": ("GET", Right.AUDIT_BOOKS, None),
    "audit_orders": ("GET", Right.AUDIT_BOOKS, None),
    "audit_order_pdf": ("GET", Right.AUDIT_BOOKS, order),
    "audit_acceptance_pdf": ("GET", Right.AUDIT_BOOKS, taken),
    "audit_journal": ("GET", Right.AUDIT_BOOKS, None),
    "audit_exports": ("GET", Right.AUDIT_BOOKS, None),
    "audit_export_create": ("POST", Right.MANAGE_BUSINESS, None),
    "audit_export_file": ("GET", Right.AUDIT_BOOKS, handed_over),
    "standing_list": ("GET", Right.SEE_MONEY, None),
    "standing_create": ("GET POST", Right.ISSUE_INVOICES, None),
    "standing_run": ("POST", Right.ISSUE_INVOICES, None),
    "standing_edit": ("GET POST", Right.ISSUE_INVOICES, standing),
    "standing_pause": ("POST", Right.ISSUE_INVOICES, standing),
    "standing_resume": ("POST", Right.ISSUE_INVOICES, standing),
    "standing_delete": ("POST", Right.ISSUE_INVOICES, standing),
    "invoice_repeat": ("POST", Right.ISSUE_INVOICES, invoice),
    "work_kind_list": ("GET", Right.MANAGE_BUSINESS, None),
    "work_kind_create": ("POST", Right.MANAGE_BUSINESS, None),
    "work_kind_edit": ("GET POST", Right.MANAGE_BUSINESS, work_kind),
    "work_kind_default": ("POST", Right.MANAGE_BUSINESS, work_kind),
    "work_kind_archive": ("POST", Right.MANAGE_BUSINESS, work_kind),
    "work_kind_unarchive": ("POST", Right.MANAGE_BUSINESS, work_kind),
    "catalogue_list": ("GET", Right.SEE_MONEY, None),
    "catalogue_csv": ("GET", Right.EXPORT_DATA, None),
    "catalogue_xlsx": ("GET", Right.EXPORT_DATA, None),
    "catalogue_create": ("GET POST", Right.WRITE_DOCUMENTS, None),
    "catalogue_search": ("GET", Right.WRITE_DOCUMENTS, None),
    "catalogue_edit": ("GET POST", Right.WRITE_DOCUMENTS, item),
    "catalogue_archive": ("POST", Right.WRITE_DOCUMENTS, item),
    "catalogue_unarchive": ("POST", Right.WRITE_DOCUMENTS, item),
    "text_block_list": ("GET", Right.SEE_MONEY, None),
    "text_block_create": ("GET POST", Right.WRITE_DOCUMENTS, None),
    "text_block_edit": ("GET POST", Right.WRITE_DOCUMENTS, block),
    "text_block_text": ("GET", Right.WRITE_DOCUMENTS, block),
    "text_block_delete": ("POST", Right.WRITE_DOCUMENTS, block),
    "quote_template_list": ("GET", Right.SEE_MONEY, None),
    "quote_template_create": ("GET POST", Right.WRITE_DOCUMENTS, draft),
    "quote_template_rename": ("POST", Right.WRITE_DOCUMENTS, template),
    "quote_template_delete": ("POST", Right.WRITE_DOCUMENTS, template),
    "quote_copy_rows": ("GET POST", Right.WRITE_DOCUMENTS, draft),
    "quote_save": ("POST", Right.WRITE_DOCUMENTS, draft),
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
    "customer_figures": ("GET", Right.SEE_MONEY, None),
    "customer_figures_csv": ("GET", Right.EXPORT_DATA, None),
    "customer_figures_xlsx": ("GET", Right.EXPORT_DATA, None),
    "quote_insight": ("GET", Right.SEE_MONEY, None),
    "quote_insight_csv": ("GET", Right.EXPORT_DATA, None),
    "quote_insight_xlsx": ("GET", Right.EXPORT_DATA, None),
    "quote_follow_up": ("GET POST", Right.WRITE_DOCUMENTS, sent),
    "quote_called": ("POST", Right.WRITE_DOCUMENTS, sent),
    "quote_follow_up_pause": ("POST", Right.WRITE_DOCUMENTS, sent),
    "quote_follow_up_go_on": ("POST", Right.WRITE_DOCUMENTS, sent),
    "quote_duplicate": ("POST", Right.WRITE_DOCUMENTS, sent),
    "quote_delete": ("POST", Right.WRITE_DOCUMENTS, draft),
    "quote_answer": ("POST", Right.WRITE_CONTACTS, sent),
    "quote_link_create": ("POST", Right.WRITE_DOCUMENTS, sent),
    "quote_link_revoke": ("POST", Right.WRITE_DOCUMENTS, link),
    "quote_link_reopen": ("POST", Right.WRITE_DOCUMENTS, link),
    "quote_link_renew": ("POST", Right.WRITE_DOCUMENTS, link),
    "quote_link_qr": ("GET", Right.WRITE_DOCUMENTS, link),
    "quote_revise": ("POST", Right.WRITE_DOCUMENTS, sent),
    "quote_extend": ("POST", Right.WRITE_DOCUMENTS, sent),
    "quote_lose": ("POST", Right.WRITE_DOCUMENTS, sent),
    "quote_reopen": ("POST", Right.WRITE_DOCUMENTS, declined),
    "acceptance_create": ("GET POST", Right.WRITE_DOCUMENTS, sent),
    "acceptance_total": ("GET", Right.WRITE_DOCUMENTS, sent),
    "change_request_revise": ("POST", Right.WRITE_DOCUMENTS, wish),
    "change_request_close": ("POST", Right.WRITE_DOCUMENTS, wish),
    "amendment_create": ("POST", Right.WRITE_DOCUMENTS, order),
    "order_overrun": ("GET POST", Right.WRITE_DOCUMENTS, estimated),
    "order_list": ("GET", Right.SEE_ORDERS, None),
    "order_detail": ("GET", Right.SEE_ORDERS, order),
    "order_move": ("POST", Right.WRITE_NOTES, order),
    "order_reschedule": ("POST", Right.WRITE_DOCUMENTS, scheduled),
    "order_assign": ("POST", Right.WRITE_DOCUMENTS, order),
    "order_kind": ("POST", Right.WRITE_DOCUMENTS, order),
    "order_on_the_way": ("POST", Right.WRITE_NOTES, order),
    "order_shipment_add": ("POST", Right.WRITE_DOCUMENTS, order),
    "order_shipment_remove": ("POST", Right.WRITE_DOCUMENTS, shipment),
    "order_photo_release": ("POST", Right.WRITE_NOTES, order),
    "order_photo_take_back": ("POST", Right.WRITE_NOTES, order_photo),
    "order_milestone_edit": ("POST", Right.WRITE_DOCUMENTS, milestone),
    "order_milestone_tick": ("POST", Right.WRITE_NOTES, milestone),
    "order_milestone_untick": ("POST", Right.WRITE_NOTES, milestone),
    "order_answer": ("POST", Right.WRITE_CONTACTS, order),
    "order_pdf": ("GET", Right.SEE_MONEY, order),
    "sign_off_start": ("POST", Right.ACCEPT_ON_SITE, completed),
    "sign_off": ("GET POST", Right.ACCEPT_ON_SITE, sign_off),
    "sign_off_pdf": ("GET", Right.ACCEPT_ON_SITE, signed_off),
    "defect_mend": ("POST", Right.ACCEPT_ON_SITE, defect),
    "online_settings": ("GET", Right.MANAGE_BUSINESS, None),
    "online_keys": ("POST", Right.MANAGE_BUSINESS, None),
    "online_check": ("POST", Right.MANAGE_BUSINESS, None),
    "online_switch": ("POST", Right.MANAGE_BUSINESS, None),
    "online_forget": ("POST", Right.MANAGE_BUSINESS, None),
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
    "order_part_payment": ("GET POST", Right.WRITE_DOCUMENTS, order),
    "order_partial_invoice": ("GET POST", Right.WRITE_DOCUMENTS, order),
    "invoice_correct": ("GET POST", Right.WRITE_DOCUMENTS, invoice),
    "invoice_reduce": ("GET POST", Right.ISSUE_INVOICES, invoice),
    "payment_record": ("POST", Right.ISSUE_INVOICES, invoice),
    "bank": ("GET", Right.SEE_MONEY, None),
    "bank_upload": ("POST", Right.ISSUE_INVOICES, None),
    "bank_statement": ("GET", Right.SEE_MONEY, bank_statement),
    "bank_statement_file": ("GET", Right.SEE_MONEY, bank_statement),
    "bank_entry": ("GET POST", Right.ISSUE_INVOICES, bank_entry),
    "bank_entry_book": ("POST", Right.ISSUE_INVOICES, bank_entry),
    "bank_entry_ignore": ("POST", Right.ISSUE_INVOICES, bank_entry),
    "bank_entry_undo": ("POST", Right.ISSUE_INVOICES, bank_entry),
    "open_items": ("GET", Right.SEE_MONEY, None),
    "open_items_csv": ("GET", Right.EXPORT_DATA, None),
    "open_items_xlsx": ("GET", Right.EXPORT_DATA, None),
    "payment_refund": ("POST", Right.ISSUE_INVOICES, invoice),
    "payment_offset": ("POST", Right.ISSUE_INVOICES, invoice),
    "payment_reverse": ("POST", Right.ISSUE_INVOICES, payment),
    "invoice_answer": ("POST", Right.WRITE_CONTACTS, invoice),
    "invoice_check": ("GET", Right.SEE_MONEY, invoice),
    "invoice_attachment": ("GET", Right.SEE_MONEY, invoice_file),
    "invoice_attachment_add": ("POST", Right.WRITE_DOCUMENTS, invoice_draft),
    "invoice_attachment_move": ("POST", Right.WRITE_DOCUMENTS, invoice_file),
    "invoice_attachment_remove": ("POST", Right.WRITE_DOCUMENTS, invoice_file),
    "incoming_invoices": ("GET", Right.SEE_MONEY, None),
    "incoming_invoice_upload": ("POST", Right.ISSUE_INVOICES, None),
    "incoming_invoice": ("GET", Right.SEE_MONEY, incoming),
    "incoming_invoice_decide": ("POST", Right.ISSUE_INVOICES, incoming),
    "incoming_invoice_file": ("GET", Right.SEE_MONEY, incoming),
    "dunning": ("GET", Right.SEE_MONEY, None),
    "dunning_letter_create": ("GET POST", Right.ISSUE_INVOICES, debtor),
    "dunning_letter_preview": ("GET", Right.ISSUE_INVOICES, debtor),
    "dunning_customer_stop": ("POST", Right.ISSUE_INVOICES, debtor),
    "dunning_letter": ("GET", Right.SEE_MONEY, dunning_letter),
    "dunning_letter_pdf": ("GET", Right.SEE_MONEY, dunning_letter),
    "invoice_dunning_stop": ("POST", Right.ISSUE_INVOICES, invoice),
    "invoice_plan": ("POST", Right.ISSUE_INVOICES, invoice),
    "invoice_plan_end": ("POST", Right.ISSUE_INVOICES, invoice),
    "invoice_pdf": ("GET", Right.SEE_MONEY, invoice),
    "invoice_xml": ("GET", Right.SEE_MONEY, invoice),
}
every_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="module")
def rows(module_db):
    """The folder of their files, a business and another one, and what pages are about in both, by its maker: made once."""
    here, other = make.make_business(), make.make_business("Andere")
    makers = {maker for _methods, _right, maker in PAGES.values() if maker}
    made = {}
    for business in (here, other):
        with current.working_for(business):
            made[business] = {maker: maker() for maker in sorted(makers, key=lambda maker: maker.__name__)}
    return module_db, here, other, made


@pytest.fixture(autouse=True)
def files(rows, settings):
    settings.MEDIA_ROOT = rows[0]


@pytest.fixture
def business(rows, db):
    with current.working_for(copy.deepcopy(rows[1])) as here:
        yield here


@pytest.fixture
def address(rows):
    """The address of a page by its name, about a row of the business here or of the other one."""

    def of(name, *, is_foreign=False):
        maker = PAGES[name][2]
        _folder, here, other, made = rows
        return reverse(f"billing:{name}", args=made[other if is_foreign else here][maker] if maker else [])

    return of


def ask(browser, method, url):
    response = getattr(browser, method.lower())(url)
    response.close()
    return response


def methods(name):
    return PAGES[name][0].split()


def test_no_page_is_forgotten():
    assert {pattern.name for pattern in urls.urlpatterns} == set(PAGES)


@every_page
def test_strangers_are_sent_to_sign_in(business, client, address, name):
    url = address(name)
    for method in methods(name):
        response = ask(client, method, url)
        assert response.status_code == 302 and response.url.startswith("/konto/login/?next=")


@every_page
def test_only_who_holds_the_right_may(business, address, name):
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
def test_what_belongs_to_another_business_is_not_there(business, address, name):
    browser, url = make.signed_in_as(Role.OWNER), address(name, is_foreign=True)
    for method in methods(name):
        assert ask(browser, method, url).status_code == 404
        assert ask(browser, method, url.replace(url.split("/")[2], "987654321")).status_code == 404


@every_page
def test_other_methods_are_not_allowed(business, address, name):
    browser, url = make.signed_in_as(Role.OWNER), address(name)
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - set(methods(name)):
        assert ask(browser, method, url).status_code == 405, method


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if "GET" in page[0]])
def test_looking_changes_nothing(business, address, name):
    browser, url = make.signed_in_as(Role.OWNER), address(name)
    ask(browser, "GET", url)
    with CaptureQueriesContext(connection) as queries:
        ask(browser, "GET", url)
    # PostgreSQL reads long results through a cursor it declares
    reading = ("SELECT", "SAVEPOINT", "RELEASE", 'DECLARE "_django_curs')
    assert [sql["sql"] for sql in queries if not sql["sql"].startswith(reading)] == []
