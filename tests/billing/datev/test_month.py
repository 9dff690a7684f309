"""A month of mixed cases by the real verbs: what DATEV gets, the VAT return and the open items agree (case 26, R118, R120)."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from billing import corrections, invoices, open_items, orders, part_payments, payments, tax_decisions, vat_returns
from billing.datev import checks, exports
from billing.ledger import case_of
from billing.models import Invoice, Order
from billing.money import round_cents
from billing.tax_decisions import Decision
from crm.models import Customer, VatIdCheck
from tests import make

D = Decimal
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
SUPPLIED = date(2026, 11, 2)
RATES = {8400: 19, 8300: 7, 8736: 19, 8731: 7, 1718: 19}
CASES = {
    8400: "19",
    8300: "7",
    8290: "0",
    8337: "reverse_charge",
    8336: "eu_service",
    8736: "19",
    8731: "7",
    1718: "19",
}


def bill(customer, *lines, decision=None, **fields) -> Invoice:
    if decision:
        fields["tax_decision"] = tax_decisions.to_json(decision)
    rows = list(lines) or [make.line("Wand gemauert", "1", "1000")]
    fields = {"title": "Arbeiten", "service_from": SUPPLIED} | fields
    return invoices.issue(invoices.create(customer, by=None, lines=rows, **fields), by=None)


def pay(invoice, amount=None, **more):
    invoice.refresh_from_db()
    amount = D(amount) if amount else invoice.open_amount
    return payments.record(invoice, amount=amount, received_on=timezone.localdate(), by=None, **more)


def company(n, **fields):
    return make.make_company(f"Firma {n} GmbH", **fields)


def ordered(n, net="10000"):
    return make.make_order(make.make_sent_quote(company(n), lines=[make.line("Dachausbau", "1", net)]))


def part(order, amount):
    draft = part_payments.draft(order, by=None, basis=part_payments.Basis.AMOUNT, value=D(amount), statement="Rohbau")
    return invoices.issue(draft, by=None)


def work(clock):
    """The month, day by day."""
    pay(bill(make.make_customer("Bar")), method="cash")
    # two rates with a discount, Skonto taken in time
    garden = [make.line("Pflaster", "1", "800"), make.line("Beet", "1", "200", vat_rate=D(7))]
    pay(bill(company(1), *garden, discount_percent=D(3), skonto_percent=D(2), skonto_days=14), D("1108.40"))
    # the customer owes the tax
    builder = company(
        2,
        vat_id="DE136695976",
        builder_certificate="TG-1",
        builder_from=date(2025, 1, 1),
        builder_until=date(2027, 1, 1),
    )
    bill(builder, tax_case="reverse_charge", decision=Decision(work="building", builder="certificate"))
    abroad = company(3, country="AT", vat_id="ATU13585627", city="Wien", postcode="1010")
    VatIdCheck.objects.create(
        customer=abroad,
        vat_id="ATU13585627",
        result="valid",
        request_id="V-1",
        checked_at=timezone.now() - timedelta(days=1),
    )
    bill(abroad, tax_case="eu_service", is_property_work=False)
    solar = make.line("Module", "1", "9000", vat_rate=D(0), vat_category="Z")
    bill(make.make_customer("Sonne"), solar, decision=Decision(is_operator=True, kwp=D("9.9"), pv_place="home"))
    # tax kept back for the tax office
    pay(bill(company(4), is_construction=True), D("1011.50"), withholds_tax=True)
    # a cancellation, with money that was given back in part
    wrong = bill(company(5))
    pay(wrong, D("500"))
    invoices.cancel(wrong, by=None, reason="Falscher Betrag")
    payments.refund(wrong, amount=D("200"), paid_on=timezone.localdate(), by=None)
    corrections.reduce(bill(company(6)), amount=D("59.50"), reason="Kratzer", by=None)
    # too much, set off against the next invoice
    double = company(7)
    paid_twice = bill(double)
    pay(paid_twice, D("1500"), may_exceed=True)
    paid_twice.refresh_from_db()
    payments.offset(paid_twice, on=bill(double, make.line("Nacharbeit", "1", "100")), by=None)
    # a transfer the bank took back
    payments.reverse(pay(bill(company(8)), D("700")), by=None)
    # part payments: one whole, one in part and with Skonto; the final invoice paid in part
    clock.move_to("2026-11-10 10:00:00+01:00")
    built = ordered(9)
    pay(part(built, "3000"))
    pay(part(built, "4000"), D("2000"))
    orders.move(Order.objects.get(pk=built.pk), Order.State.COMPLETED, by=None)
    clock.move_to("2026-11-20 10:00:00+01:00")
    pay(invoices.issue(invoices.draft_from_order(Order.objects.get(pk=built.pk), by=None), by=None), D("1000"))
    # one that is only asked for, one that is paid and waits for its final invoice
    part(ordered(10), "2500")
    pay(part(ordered(11), "2500"), D("2975"))


@pytest.fixture
def november(business):
    """The business at the end of the month."""
    business.vat_id, business.datev_consultant, business.datev_client = "DE123456788", 29098, 55003
    business.save()
    with time_machine.travel("2026-11-05 10:00:00+01:00", tick=False) as clock:
        work(clock)
        clock.move_to("2026-12-03 10:00:00+01:00")
        yield business


@pytest.fixture
def rows(november):
    """What DATEV reads in the stack: (amount, S or H, account, contra)."""
    found = exports.contents_of(exports.ask(FIRST, by=None))
    header = exports.header_of(november, found, label="x", exported_by="", created_at=timezone.localtime())
    stack, people = exports.files_of(november, found, header)
    assert (checks.findings(stack.content), checks.findings(people.content)) == ([], [])
    values = checks.read(stack.content).values()
    return [(D(row[0].replace(",", ".")), row[1], int(row[6]), int(row[7])) for row in values]


def balances(rows):
    """What is in debit of each account."""
    sums = defaultdict(D)
    for amount, side, account, contra in rows:
        signed = amount if side == "S" else -amount
        sums[account] += signed
        sums[contra] -= signed
    return sums


def test_bookings_vat_return_and_open_items_agree(rows, november):
    # VAT: each row's tax taken out of its gross sum, as DATEV does on automatic accounts
    booked = defaultdict(lambda: [D(0), D(0)])
    for amount, side, account, contra in rows:
        for each, sign in ((account, 1), (contra, -1)):
            if each in CASES:
                gross = -sign * (amount if side == "S" else -amount)
                rate = RATES.get(each, 0)
                tax = round_cents(gross * rate / (100 + rate))
                booked[CASES[each]][0] += gross - tax
                booked[CASES[each]][1] += tax
    told = vat_returns.of(november, vat_returns.month_of(FIRST))
    assert {case: tuple(sums) for case, sums in booked.items()} == {
        each.case: (each.net, each.tax) for each in told.sums
    }
    assert [each.line for each in told.sums] == ["81", "86", "87", "60", "21"]

    # open items: each customer's account is what the list says of him, but for part payments nobody owes yet
    owed = defaultdict(D)
    for item in open_items.at(LAST).items:
        if item.invoice.kind != Invoice.Kind.PART_PAYMENT:
            owed[item.invoice.customer.number] += item.amount
    sums = balances(rows)
    numbers = Customer.objects.values_list("number", flat=True)
    assert {number: sums[number] for number in numbers} == {number: owed[number] for number in numbers}
    assert {number: amount for number, amount in owed.items() if amount < 0}  # a credit is among them

    # all together the books are even
    assert sum(sums.values()) == 0


def test_money_and_prepayments_are_where_they_should_be(rows, november):
    sums = balances(rows)
    # 1,108.40 + 1,011.50 + 500 - 200 + 1,500 + 700 - 700 + 3,570 + 2,000 + 1,000 + 2,975
    assert (sums[1200], sums[1000]) == (D("13464.90"), D("1190.00"))
    assert sums[1360] == 0  # what was set off
    assert sums[1543] == D("178.50")
    # what was received of part payments and no final invoice has taken back yet
    assert -sums[1718] == D("2975.00")


def test_figures_by_hand(november):
    sums = {each.case: (each.net, each.tax) for each in vat_returns.of(november, vat_returns.month_of(FIRST)).sums}
    # 1,000 cash + 776 less 15.52 Skonto + 1,000 - 50 reduction + 1,000 withheld + 1,000 - 1,000 cancelled + 1,000 twice
    # + 100 + 1,000 taken back by the bank + 3,000 + 1,680.67 received + 5,319.33 left + 2,500 prepaid
    assert sums["19"][0] == D("1000") + D("760.48") + 1000 + 950 + 1000 + 100 + 1000 + 10000 + 2500
    assert sums["7"] == (D("190.12"), D("13.31"))
    assert (sums["0"], sums["reverse_charge"], sums["eu_service"]) == ((9000, 0), (1000, 0), (1000, 0))


def test_every_document_and_all_money_is_handed_over(rows, november):
    assert Invoice.objects.exclude(state=Invoice.State.DRAFT).filter(datev_items=None).count() == 0
    found = exports.contents_of(exports.DatevExport.objects.get())
    assert len(rows) == len(found.rows)
    assert {case_of(each.document, group.vat) for each in found.issued for group in each.document.totals.groups} == set(
        CASES.values()
    )
