"""What an e-invoice needs beyond the law: each mistake gives exactly one sentence, on its field."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.documents import preflight_xrechnung
from billing.documents.model import Attachment, Kind, Retention, Skonto
from billing.documents.preflight import preflight
from billing.money import VAT_7, VAT_19

from . import cases, samples
from .cases import CASES, LIST_OF_PAYMENTS, OUTSIDE, final
from .samples import invoice, item

D = Decimal
DUE = date(2026, 12, 4)


def found(document):
    return [(problem.field, problem.is_warning) for problem in preflight_xrechnung.structured(document)]


@pytest.mark.parametrize("name", CASES)
def test_every_golden_case_may_be_issued(name):
    assert [problem for problem in preflight_xrechnung.structured(CASES[name]) if not problem.is_warning] == []


@pytest.mark.parametrize("name", ["skonto", "final", "final_of_two_rates", "part_payment", "authority", "attachment"])
def test_the_whole_preflight_takes_them_too(name):
    assert [problem.field for problem in preflight(CASES[name]) if not problem.is_warning] == []


def taken(**changes):
    first, second = final().deductions
    return final(deductions=(replace(first, **changes), second))


def skonto(percent="2", days=10, **more):
    return invoice(skonto=Skonto(D(percent), days, **more))


def attached(*files):
    return invoice(attachments=files)


seller = {
    "vat_id": replace(samples.SELLER, vat_id="123456788"),
    "bic": replace(samples.SELLER, bic="COBADEFFXX"),
    "email": replace(samples.SELLER, email="büro@haselbach.example"),
}
PNG = Attachment("plan.png", "image/png", "attachments/plan.png", "0" * 64)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (invoice(seller=seller["vat_id"]), "seller.vat_id"),
        (invoice(seller=seller["bic"]), "seller.bic"),
        (invoice(buyer=replace(samples.BUSINESS, vat_id="136695976")), "buyer.vat_id"),
        (invoice(title="Gutschrift"), "subject"),
        (invoice(subject="Gutschrift über den Schrank"), "subject"),
        (invoice(payment_terms="#SKONTO# 2 Prozent"), "payment_terms"),
        (invoice([item(), item("2", vat=OUTSIDE)]), "lines"),
        (invoice(discount_percent=D(101)), "discount_percent"),
        (invoice([item(discount_percent=D(120))]), "lines.1.discount_percent"),
        (taken(number=""), "deductions"),
        (taken(vat=VAT_7), "deductions"),
        (taken(received_on=samples.TODAY + timedelta(days=1)), "deductions"),
        (taken(net=D(0)), "deductions"),
        (taken(net=D("-3000.00")), "deductions"),
        (final(deductions=final().deductions[:1] * 2), "deductions"),
        (skonto("0"), "skonto_percent"),
        (skonto("100"), "skonto_percent"),
        (skonto("2.125"), "skonto_percent"),
        (skonto(days=0), "skonto_days"),
        (skonto(until=DUE + timedelta(days=1)), "skonto_days"),
        (skonto(base=D("523.61")), "skonto_base"),
        (skonto(base=D("-1")), "skonto_base"),
        (cases.correction(skonto=Skonto(D(2), 10)), "skonto_percent"),
        (invoice(retention=Retention(D("523.61"), D(5))), "retention_percent"),
        (invoice(retention=Retention(D(0), D(5))), "retention_percent"),
        (invoice(retention=Retention(D(20), D(5), DUE - timedelta(days=1))), "retention_until"),
        (attached(replace(PNG, name=" ")), "attachments"),
        (attached(replace(PNG, stored="")), "attachments"),
        (attached(replace(PNG, name="../plan.png")), "attachments"),
        (attached(replace(PNG, name="a\nb.png")), "attachments"),
        (attached(replace(PNG, mime_type="application/msword")), "attachments"),
        (attached(replace(PNG, mime_type="application/xml")), "attachments"),
        (attached(PNG, replace(LIST_OF_PAYMENTS, name="plan.png")), "attachments"),
        (attached(*(replace(PNG, name=f"{number}.png") for number in range(201))), "attachments"),
        (invoice(buyer=samples.PUBLIC, seller=seller["email"]), "seller.email"),
        (invoice(buyer=samples.PUBLIC, deliver_to="AT"), "deliver_to"),
    ],
)
def test_what_a_receiver_would_refuse_is_named(document, field):
    assert found(document) == [(field, False)]


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (taken(received_on=date(2026, 8, 31)), "deductions"),
        (cases.part_payment(buyer=samples.PUBLIC), "service_from"),
    ],
)
def test_what_is_only_odd_is_a_warning(document, field):
    assert found(document) == [(field, True)]


def test_only_invoices_are_asked():
    assert found(samples.quote_with_choices(title="Gutschrift")) == []


def test_a_cancelled_deduction_has_the_other_sign():
    document = CASES["cancellation_of_final"]
    assert found(document) == []
    wrong = tuple(replace(each, net=-each.net) for each in document.deductions)
    assert found(replace(document, deductions=wrong)) == [("deductions", False)] * 2


def test_each_sentence_says_what_to_do():
    many = invoice(
        kind=Kind.FINAL, seller=seller["bic"], payment_terms="#", skonto=Skonto(D(0), 0), attachments=(PNG, PNG),
        deductions=(replace(final().deductions[0], vat=VAT_7),), discount_percent=D(101),
    )  # fmt: skip
    messages = [problem.message for problem in preflight_xrechnung.structured(many)]
    assert len(messages) == len(set(messages)) >= 6
    assert all(message.endswith(".") and message.count(" ") > 4 for message in messages)
    assert VAT_19 in {line.vat for line in many.items}
