"""What is for the business alone never leaves it: not on the customer's pages, in PDFs, in the e-invoice, or in mails (EDI5)."""

import io

import pypdf
import pytest

from billing import invoices, orders, rendering
from billing.models import Order
from crm import access
from crm.models import Mail
from tests import make

pytestmark = pytest.mark.paper

SECRETS = ("77,77", "77.77", "Zahlt ungern", "Deckungsbeitrag", "Einkauf")


@pytest.fixture
def order(business):
    """An order from a quote with purchase prices and an internal note."""
    lines = [row if row.get("kind") else {**row, "purchase_price": "77.77"} for row in make.cupboard_lines()]
    return make.make_order(make.make_sent_quote(lines=lines, internal_note="Zahlt ungern"), taken={"wahl-5.1": "1"})


def words(storage_name):
    """The words of a stored PDF."""
    from crm import files

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files.read(storage_name))).pages)


def assert_clean(text):
    assert text.strip()
    assert [secret for secret in SECRETS if secret in text] == []


def test_the_office_itself_sees_them(order, owner):
    page = make.signed_in(owner).get(order.quote.get_absolute_url()).content.decode()
    assert "Deckungsbeitrag" in page and "Zahlt ungern" in page


def test_no_pdf_shows_them(order):
    orders.confirm(order)
    acceptance = order.quote.acceptance
    rendering.acceptance(acceptance)
    order.refresh_from_db()
    for stored in (order.quote.pdf, order.pdf, acceptance.pdf):
        assert_clean(words(stored))


def test_no_frozen_record_holds_them(order):
    """What is not in the frozen document cannot reach page, PDF or XML."""
    for text in (order.quote.document, order.document, order.quote.acceptance.record, order.quote.acceptance.document):
        assert_clean(text)


def test_no_invoice_shows_them(order):
    orders.move(order, Order.State.COMPLETED, by=None)
    invoice = make.make_draft_invoice(order)
    invoices.issue(invoice, by=None, send_to="s@b.example")
    invoices.deliver(invoice)
    invoice.refresh_from_db()
    from crm import files

    assert_clean(words(invoice.pdf))
    assert_clean(files.read(invoice.xml).decode())


def test_no_page_of_the_customer_shows_them(business):
    lines = [row if row.get("kind") else {**row, "purchase_price": "77.77"} for row in make.cupboard_lines()]
    quote = make.make_sent_quote(lines=lines, internal_note="Zahlt ungern")
    link = access.links_to(quote).get()
    customer = make.let_in(link)
    for page in ("angebot/", "pruefen/", "summe/"):
        assert_clean(customer.get(f"/k/{link.public_id}/{page}").content.decode())
    ordered = make.make_order(quote)
    link = access.links_to(ordered).get()
    assert_clean(make.let_in(link).get(f"/k/{link.public_id}/auftrag/").content.decode())


def test_no_mail_says_them(order):
    orders.confirm(order)
    for mail in Mail.objects.all():
        assert_clean(mail.subject_line + mail.text + mail.html)
