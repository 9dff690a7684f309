"""Part payments of an order, and the final invoice that takes off what was received (R39a to R39e; cases 12 and 14)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.refusals import Refusal
from billing import claims, final_invoices, invoices, orders, part_payments, payments, quotes, sign_offs
from billing.documents.model import to_json
from billing.models import Invoice, JournalEntry, Order
from billing.money import VAT_7, VAT_19, VatGroup
from crm import attachments, due
from crm.models import DueAction, Mail
from tests import make

pytestmark = pytest.mark.django_db
Basis = part_payments.Basis


def euros(*amounts):
    return tuple(Decimal(each) for each in amounts)


def make_order_over(*lines, customer=None, **fields):
    """An order of a firm, net prices, unless told otherwise."""
    customer = customer or make.make_company()
    return make.make_order(make.make_sent_quote(customer, lines=list(lines), **fields))


def ten_thousand(**fields):
    return make_order_over(make.line("Dachausbau", "1", "10000", cost_kind="labour"), **fields)


def asked(order, value, basis=Basis.AMOUNT, **more):
    """A part payment that is issued."""
    draft = part_payments.draft(order, by=None, basis=basis, value=Decimal(value), statement="Rohbau steht", **more)
    return invoices.issue(draft, by=None)


def pay(invoice, amount=None, on=None):
    invoice.refresh_from_db()
    return payments.record(
        invoice, amount=Decimal(amount or invoice.gross), received_on=on or timezone.localdate(), by=None
    )


def finished(order):
    order.refresh_from_db()
    return orders.move(order, Order.State.COMPLETED, by=None)


def final_of(order):
    return invoices.draft_from_order(order, by=None)


def sums(invoice):
    return invoice.net, invoice.tax, invoice.gross


# --- how much ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("basis", "value", "expected"),
    [
        (Basis.AMOUNT, "3000", euros("3000", "570", "3570")),
        (Basis.PERCENT, "30", euros("3000", "570", "3570")),
        (Basis.PROGRESS, "30", euros("3000", "570", "3570")),
        (Basis.PERCENT, "33.33", euros("3333", "633.27", "3966.27")),
    ],
)
def test_an_amount_a_percentage_or_how_far_the_work_is(business, basis, value, expected):
    invoice = part_payments.draft(ten_thousand(), by=None, basis=basis, value=Decimal(value))
    assert sums(invoice) == expected
    assert (invoice.kind, invoice.state, invoice.number) == ("part_payment", "draft", None)


def test_consumers_are_asked_for_a_round_gross_amount(business):
    order = make.make_order()  # agreed net, 7,871.85 gross
    assert sums(part_payments.draft(order, by=None, basis=Basis.AMOUNT, value=Decimal(2000))) == euros(
        "1680.67", "319.33", "2000"
    )


def test_every_rate_has_its_share(business):
    order = make_order_over(
        make.line("Montage", "1", "6000"), make.line("Bücher", "1", "2000", vat_rate=Decimal(7), vat_category="S")
    )
    invoice = part_payments.draft(order, by=None, basis=Basis.AMOUNT, value=Decimal(1000))
    assert [(row.vat_rate, row.unit_price) for row in invoice.lines.order_by("-vat_rate")] == [(19, 750), (7, 250)]
    assert sums(invoice) == euros("1000", "160", "1160")  # 142.50 + 17.50


def test_the_progress_is_asked_for_less_what_was_asked_before(business):
    order = ten_thousand()
    first = asked(order, 30, Basis.PROGRESS)
    second = asked(order, 70, Basis.PROGRESS)
    assert sums(second) == euros("4000", "760", "4760")
    assert [row.text for row in second.lines.all()][1].startswith(f"abzüglich Abschlagsrechnung {first.number}")
    with pytest.raises(Refusal, match="schon genug gefordert") as refused:
        part_payments.draft(order, by=None, basis=Basis.PROGRESS, value=Decimal(70))
    assert refused.value.field == "value"


@pytest.mark.parametrize(("basis", "value"), [(Basis.AMOUNT, "0"), (Basis.PERCENT, "-3"), (Basis.PERCENT, "101")])
def test_nothing_and_more_than_all_are_refused_at_their_field(business, basis, value):
    with pytest.raises(Refusal) as refused:
        part_payments.draft(ten_thousand(), by=None, basis=basis, value=Decimal(value))
    assert refused.value.field == "value"


def test_a_part_payment_says_what_it_is_and_that_the_time_is_open(business):
    document = asked(ten_thousand(), 3000).frozen_document
    assert document.kind == "part_payment" and document.service_from is None
    assert any("Abschlagszahlung" in note and "steht noch nicht fest" in note for note in document.notes)
    assert document.labour is None


# --- the cap of § 650m BGB --------------------------------------------------------------------------------------------
def consumers_house():
    """11,900 gross, of which 10,710 may be asked for in parts."""
    customer = make.make_customer()
    quote = make.make_quote(customer, lines=[make.line("Anbau", "1", "10000")], kind="construction")
    quotes.change(quote, building_description=attachments.add(customer, make.upload()), completion="31.03.2027")
    quote.refresh_from_db()
    quotes.send(quote, by=None, to=customer.email)
    return make.make_order(quote)


def test_a_consumers_house_is_paid_in_parts_to_90_percent_at_most(business):
    order = consumers_house()
    asked(order, 8000)
    with pytest.raises(Refusal, match=r"höchstens noch 2\.710,00") as refused:
        part_payments.draft(order, by=None, basis=Basis.AMOUNT, value=Decimal("2710.01"))
    assert refused.value.field == "value"
    draft = part_payments.draft(order, by=None, basis=Basis.AMOUNT, value=Decimal(2710))
    invoices.change(draft, lines=[make.line("Mehr", "1", "2710.01", vat_rate=Decimal(19))])
    with pytest.raises(invoices.NotReady, match="650m"):
        invoices.issue(Invoice.objects.get(pk=draft.pk), by=None)


def test_elsewhere_more_than_90_percent_is_a_warning(business):
    order = ten_thousand()
    draft = part_payments.draft(order, by=None, basis=Basis.PERCENT, value=Decimal(90), statement="Fast fertig")
    assert invoices.warnings(draft) == []
    draft = part_payments.draft(order, by=None, basis=Basis.PERCENT, value=Decimal("90.01"), statement="Fast fertig")
    assert [sentence for _field, sentence in invoices.warnings(draft)] == [
        "Alle Abschläge zusammen sind mehr als 90\u00a0% der Auftragssumme."
    ]
    invoices.issue(draft, by=None)


def test_the_first_part_payment_of_a_house_reminds_of_the_security(business):
    draft = part_payments.draft(
        consumers_house(), by=None, basis=Basis.AMOUNT, value=Decimal(1000), statement="Bodenplatte"
    )
    assert any("650m Abs. 2" in sentence for _field, sentence in invoices.warnings(draft))


# --- the final invoice ------------------------------------------------------------------------------------------------
def test_what_was_received_is_taken_off_with_its_tax(business):
    """R39c: 11,900 less 3,570 and 4,760 leaves 3,000 + 570 = 3,570."""
    with time_machine.travel("2026-09-01 10:00 +0000", tick=False):
        order = ten_thousand()
        first, second = asked(order, 3000), asked(order, 4000)
    with time_machine.travel("2026-10-20 10:00 +0000", tick=False):
        pay(first, on=date(2026, 9, 10))
        pay(second, on=date(2026, 10, 12))
        final = invoices.issue(final_of(finished(order)), by=None)
    document = final.frozen_document
    assert (final.kind, sums(final)) == ("final", euros("3000", "570", "3570"))
    assert document.totals.gross == 11900
    assert [(each.number, each.received_on, each.net, each.tax, each.gross) for each in document.deductions] == [
        (first.number, date(2026, 9, 10), *euros("3000", "570", "3570")),
        (second.number, date(2026, 10, 12), *euros("4000", "760", "4760")),
    ]
    assert document.payable_groups == (VatGroup(VAT_19, *euros("3000", "570")),)
    order.refresh_from_db()
    assert order.state == Order.State.INVOICED


def test_of_a_part_payment_paid_in_part_that_part_is_taken_off_and_the_rest_is_closed(business):
    order = ten_thousand()
    part = asked(order, 3000)
    pay(part, "1190")
    final = invoices.issue(final_of(finished(order)), by=None)
    part.refresh_from_db()
    assert [(each.net, each.tax) for each in final.frozen_document.deductions] == [euros("1000", "190")]
    assert sums(final) == euros("9000", "1710", "10710")
    assert (part.state, part.open_amount, part.is_overdue) == ("replaced", 0, False)
    assert DueAction.objects.filter(subject_id=part.pk, kind=invoices.OVERDUE, state="open").count() == 0
    assert JournalEntry.objects.filter(event="billing.invoice_replaced", number=part.number).exists()


def test_several_payments_have_together_the_tax_that_was_asked_for(business):
    document = asked(ten_thousand(), "333.33").frozen_document  # 63.33 tax, 396.66 gross
    parts = claims.received(document, [(date(2026, 9, day), Decimal("132.22")) for day in (1, 2, 3)])
    assert [each.gross for each in parts] == [Decimal("132.22")] * 3
    assert (sum(each.net for each in parts), sum(each.tax for each in parts)) == euros("333.33", "63.33")


def test_mixed_rates_are_taken_off_by_rate(business):
    order = make_order_over(
        make.line("Montage", "1", "6000"), make.line("Bücher", "1", "2000", vat_rate=Decimal(7), vat_category="S")
    )
    pay(asked(order, 1000), "580")  # half of 1,160
    document = final_of(finished(order))
    groups = invoices.issue(document, by=None).frozen_document.payable_groups
    # half of 892.50 and of 267.50: 446.25 with 71.25 tax, 133.75 with 8.75
    assert set(groups) == {
        VatGroup(VAT_19, *euros("5625", "1068.75")), VatGroup(VAT_7, *euros("1875", "131.25")),
    }  # fmt: skip


def test_who_paid_too_much_gets_it_back(business):
    order = ten_thousand()
    pay(asked(order, 9000))
    draft = final_of(finished(order))
    invoices.change(draft, lines=[make.line("Dachausbau, kleiner", "1", "8000", vat_rate=Decimal(19))])
    final = invoices.issue(Invoice.objects.get(pk=draft.pk), by=None)
    assert (sums(final), final.state, final.is_overdue) == (euros("-1000", "-190", "-1190"), "open", False)
    assert "1.190,00" in final.frozen_document.payment_terms and "zurück" in final.frozen_document.payment_terms
    assert not DueAction.objects.filter(subject_id=final.pk, kind=invoices.OVERDUE).exists()


def test_what_is_wholly_paid_is_paid_at_once(business):
    order = ten_thousand()
    pay(asked(order, 10000))
    final = invoices.issue(final_of(finished(order)), by=None)
    assert (final.gross, final.state) == (0, "paid")


def test_a_payment_taken_back_is_not_taken_off(business):
    order = ten_thousand()
    payments.reverse(pay(asked(order, 3000)), by=None)
    assert invoices.issue(final_of(finished(order)), by=None).gross == 11900


@pytest.mark.parametrize("amount", ["3570", "1190"])
def test_what_the_final_invoice_took_off_cannot_be_taken_back_before_it_is_cancelled(business, amount):
    order = ten_thousand()
    payment = pay(asked(order, "3000"), amount)
    final = invoices.issue(final_of(finished(order)), by=None)
    with pytest.raises(Refusal, match="stornieren Sie zuerst die Schlussrechnung"):
        payments.reverse(payment, by=None)
    invoices.cancel(final, by=None, reason="Rücklastschrift")
    payments.reverse(payment, by=None)
    payment.invoice.refresh_from_db()
    assert (payment.invoice.state, payment.invoice.paid) == ("open", 0)


def test_cancelling_the_final_invoice_opens_the_part_payments_again(business):
    order = ten_thousand()
    paid, unpaid = asked(order, 3000), asked(order, 2000)
    pay(paid)
    final = invoices.issue(final_of(finished(order)), by=None)
    with pytest.raises(Refusal, match=f"Schlussrechnung {final.number}"):
        invoices.cancel(paid, by=None, reason="Falsch")
    storno = invoices.cancel(final, by=None, reason="Aufmaß falsch")
    assert sums(storno) == tuple(-each for each in sums(final))
    assert storno.frozen_document.payable == -final.frozen_document.payable
    order.refresh_from_db(), paid.refresh_from_db(), unpaid.refresh_from_db()
    assert (paid.state, unpaid.state, order.state) == ("paid", "open", Order.State.COMPLETED)
    assert DueAction.objects.get(subject_id=unpaid.pk, kind=invoices.OVERDUE).state == DueAction.State.OPEN
    assert final_of(order).kind == "final"


def test_an_order_with_part_payments_is_never_billed_without_them(business):
    """§ 14c UStG: a draft from before must not ask for the tax twice."""
    order = ten_thousand()
    before = part_payments.draft(order, by=None, basis=Basis.AMOUNT, value=Decimal(3000))
    draft = invoices.draft_from_order(finished(order), by=None)
    with pytest.raises(invoices.NotReady, match="kommen davor"):
        invoices.issue(before, by=None)
    Invoice.objects.filter(pk=draft.pk).delete()
    invoices.issue(Invoice.objects.get(pk=before.pk), by=None)
    assert invoices.draft_from_order(order, by=None).kind == "final"
    with pytest.raises(Refusal, match="Abschläge kommen davor"):
        part_payments.draft(order, by=None, basis=Basis.AMOUNT, value=Decimal(10))


def test_a_cancelled_part_payment_counts_nowhere(business):
    order = ten_thousand()
    invoices.cancel(asked(order, 3000), by=None, reason="Zu früh")
    assert (list(claims.part_payments(order)), final_of(finished(order)).kind) == ([], "invoice")


def test_the_labour_share_is_said_once_for_the_whole_work(business):
    order = make.make_order(make.make_sent_quote(lines=[make.line("Montage", "1", "1000", cost_kind="labour")]))
    part = asked(order, 500)
    pay(part)
    final = invoices.issue(final_of(finished(order)), by=None)
    assert (part.frozen_document.labour, final.frozen_document.labour.gross) == (None, 1190)


def test_the_final_invoice_of_a_building_is_due_after_the_sign_off(business):
    """R39e."""
    with time_machine.travel("2026-09-01 10:00 +0000", tick=False):
        order = ten_thousand()
        draft = final_of(finished(order))
        Invoice.objects.filter(pk=draft.pk).update(is_construction=True)
        invoice = invoices.issue(Invoice.objects.get(pk=draft.pk), by=None)
    assert "nach der Abnahme" in invoice.frozen_document.payment_terms
    assert invoice.frozen_document.due_on is None
    with time_machine.travel("2026-11-01 10:00 +0000", tick=False), pytest.raises(Refusal, match="650g"):
        invoices.remind(Invoice.objects.get(pk=invoice.pk), by=None)


def test_after_the_sign_off_the_term_runs_from_that_day(business):
    business.reminds_of_payment = True
    business.save()
    with time_machine.travel("2026-09-01 10:00 +0000", tick=False):
        order = finished(ten_thousand())
        draft = final_of(order)
        Invoice.objects.filter(pk=draft.pk).update(is_construction=True)
        invoice = invoices.issue(Invoice.objects.get(pk=draft.pk), by=None, send_to="a@kunde.example")
        assert claims.due_on(invoice) is None and claims.why_not_due(invoice)
    action = DueAction.objects.get(kind=invoices.OVERDUE, subject_id=invoice.pk)
    with time_machine.travel("2026-09-18 10:00 +0000", tick=False):
        due.work_off(action.pk)
        assert not Mail.objects.filter(kind="billing/mail/invoice_reminder").exists()
    with time_machine.travel("2026-10-01 10:00 +0000", tick=False):
        sign_offs.accept(
            make.make_sign_off(order),
            customer_name="Ada",
            channel="on_site",
            reserves_defects=None,
            reserves_penalty=None,
        )
        invoice = Invoice.objects.get(pk=invoice.pk)
        assert (claims.due_on(invoice), claims.why_not_due(invoice)) == (date(2026, 10, 15), "")
        due.work_off(action.pk)  # not before the 18th, a Sunday
    with time_machine.travel("2026-10-19 10:00 +0000", tick=False):
        due.work_off(action.pk)
    assert Mail.objects.filter(kind="billing/mail/invoice_reminder").count() == 1


def test_what_a_final_invoice_took_over_is_named_by_it(business):
    order = ten_thousand()
    part = asked(order, 100)
    final = invoices.issue(final_of(finished(order)), by=None)
    part.refresh_from_db()
    assert final_invoices.counted_in(part) == final


def test_old_documents_keep_their_bytes(business):
    document = make.make_open_invoice().frozen_document
    assert not {"deductions", "skonto", "retention", "is_construction"} & set(to_json(document))
    assert '"deductions"' not in to_json(document) and '"skonto"' not in to_json(document)
