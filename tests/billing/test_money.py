"""The arithmetic of R12, R13, R14 and R18; docs/money.md shows the same numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import (
    VAT_0,
    VAT_7,
    VAT_19,
    VAT_EXEMPT,
    CostKind,
    Line,
    NetLine,
    PriceMode,
    VatGroup,
    WrongSplit,
    check_split,
    distribute,
    labour_share,
    net_lines,
    round_cents,
    totals,
)

D = Decimal


def line(quantity, price, vat=VAT_19, discount="0"):
    return Line(D(quantity), D(price), vat, D(discount))


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("2.6749", "2.67"), ("-0.001", "0.00"), ("7", "7.00")],
)
def test_cents_are_rounded_half_up_and_never_negative_zero(exact, rounded):
    assert str(round_cents(D(exact))) == rounded


def test_vat_is_taken_once_on_the_sum_of_a_group():
    total = totals([line(1, "3.35")] * 3)
    # line by line the tax would be 1.92
    assert (total.net, total.tax, total.gross) == (D("10.05"), D("1.91"), D("11.96"))


def test_gross_total_is_the_sum_of_the_displayed_prices():
    total = totals([line(3, "9.99")], mode=PriceMode.GROSS)
    # 25.18 x 19 % would be 4.78 and change the price
    assert (total.net, total.tax, total.gross) == (D("25.18"), D("4.79"), D("29.97"))


def test_line_amount_is_rounded_after_its_discount():
    assert line("2.5", "33.335", discount="10").amount == D("75.00")


def test_document_discount_is_one_amount_shared_out_over_the_rates():
    total = totals([line(1, "100.05"), line(1, "50.05", VAT_7)], discount_percent=D(10))
    assert (total.line_sum, total.discount) == (D("150.10"), D("15.01"))
    assert total.groups == (VatGroup(VAT_7, D("45.04"), D("3.15")), VatGroup(VAT_19, D("90.05"), D("17.11")))
    assert (total.net, total.tax, total.gross) == (D("135.09"), D("20.26"), D("155.35"))


def test_nothing_costs_nothing():
    total = totals([])
    assert (total.groups, total.net, total.tax, total.gross) == ((), D(0), D(0), D(0))


def test_labour_share_of_a_discounted_invoice():
    lines = [line(1, 500), line(1, 40), line(1, 60), line(1, 400)]
    kinds = [CostKind.LABOUR, CostKind.TRAVEL, CostKind.MACHINE, CostKind.MATERIAL]
    total = totals(lines, discount_percent=D(5))
    share = labour_share(lines, kinds, discount_percent=D(5))
    assert (total.net, total.gross) == (D("950.00"), D("1130.50"))
    assert (share.net, share.tax, share.gross) == (D("570.00"), D("108.30"), D("678.30"))


def test_one_bundled_price_with_its_parts_has_the_same_labour_share():
    bundle = {"labour": D(500), "travel": D(40), "machine": D(60), "material": D(400)}
    check_split(D(1000), bundle)
    share = labour_share([line(1, 1000)], [bundle], discount_percent=D(5))
    assert (share.net, share.tax, share.gross) == (D("570.00"), D("108.30"), D("678.30"))


@pytest.mark.parametrize(
    ("split", "missing"), [({"labour": D(60)}, D(40)), ({"labour": D("60.01"), "material": D(40)}, D("-0.01"))]
)
def test_parts_must_make_up_the_price(split, missing):
    with pytest.raises(WrongSplit) as wrong:
        check_split(D(100), split)
    assert wrong.value.missing == missing


@pytest.mark.parametrize("split", [{"labour": D(120), "material": D(-20)}, {"air": D(100)}])
def test_parts_run_with_the_price_and_have_a_kind(split):
    with pytest.raises(ValueError, match="no part of 100"):
        check_split(D(100), split)


def test_no_parts_are_right_for_every_price():
    check_split(D("12.50"), {})
    check_split(D("-20"), {"labour": D(-15), "material": D(-5)})


def test_a_surcharge_is_a_discount_below_zero():
    assert line("2.5", "33.335", discount="-15").amount == D("95.84")
    total = totals([line(1, "100.05"), line(1, "50.05", VAT_7)], discount_percent=D(-10))
    assert (total.line_sum, total.discount) == (D("150.10"), D("-15.01"))
    # the same cents as of the discount in the test above, added instead of taken off
    assert total.groups == (VatGroup(VAT_7, D("55.06"), D("3.85")), VatGroup(VAT_19, D("110.05"), D("20.91")))
    assert (total.net, total.tax, total.gross) == (D("165.11"), D("24.76"), D("189.87"))
    share = labour_share([line(1, 500), line(1, 400)], ["labour", "material"], discount_percent=D(-5))
    assert (share.net, share.tax) == (D("525.00"), D("99.75"))


def test_labour_share_without_vat_for_a_small_business():
    share = labour_share([line(8, 50, VAT_EXEMPT), line(1, 99, VAT_EXEMPT)], ["labour", "material"])
    assert (share.net, share.tax) == (D("400.00"), D(0))


def test_labour_share_of_gross_prices():
    share = labour_share([line(1, "119"), line(1, "11.90")], ["labour", "material"], mode=PriceMode.GROSS)
    assert (share.net, share.tax) == (D("100.00"), D("19.00"))


def test_material_alone_has_no_labour_share():
    lines = [line(1, "0.01"), line(1, "0.01")]
    share = labour_share(lines, ["material"] * 2, mode=PriceMode.GROSS, discount_percent=D("33"))
    assert (share.net, share.tax) == (D(0), D(0))


def test_missing_cents_go_to_the_largest_remainders():
    assert distribute(D("10.00"), [D(1), D(1), D(1)]) == (D("3.34"), D("3.33"), D("3.33"))
    assert distribute(D("0.05"), [D(1), D(3)]) == (D("0.01"), D("0.04"))
    assert distribute(D("0.00"), [D(0), D(0)]) == (D(0), D(0))


def test_something_cannot_be_shared_out_over_nothing():
    with pytest.raises(ValueError, match="nothing to distribute over"):
        distribute(D("1.00"), [D(0)])


def test_net_lines_of_net_prices_are_the_lines():
    assert net_lines([line(2, "10.00", discount="5")]) == (
        NetLine(D(2), D("10.00"), D("20.00"), D("1.00"), D("19.00")),
    )


def test_net_lines_of_gross_prices_add_up_to_the_group():
    (only,) = net_lines([line(3, "9.99")], mode=PriceMode.GROSS)
    assert (only.unit_price, only.amount) == (D("8.394958"), D("25.18"))
    found = net_lines([line(1, "9.99")] * 3, mode=PriceMode.GROSS)
    assert [each.amount for each in found] == [D("8.40"), D("8.39"), D("8.39")]
    assert [each.unit_price for each in found] == [D("8.400000"), D("8.394958"), D("8.394958")]


# --- rules that hold for every document ---------------------------------------------------------------------------

cents = st.decimals(D("-99999"), D("99999"), places=2)
percents = st.one_of(st.just(D(0)), st.decimals(D(-100), D(100), places=2))  # below zero: surcharges
quantities = st.decimals(D("-999"), D("9999"), places=3)
prices = st.decimals(D(0), D("9999"), places=4)
vats = st.sampled_from([VAT_19, VAT_7, VAT_0])
any_lines = st.lists(st.builds(Line, quantities, prices, vats, percents), max_size=12)
modes = st.sampled_from(PriceMode)


@given(any_lines, modes, percents)
def test_sums_agree(lines, mode, percent):
    total = totals(lines, mode=mode, discount_percent=percent)
    assert total.line_sum == sum(total.amounts)
    assert total.net == sum(group.net for group in total.groups)
    assert total.tax == sum(group.tax for group in total.groups)
    assert total.gross == total.net + total.tax
    assert (total.net if mode == PriceMode.NET else total.gross) == total.line_sum - total.discount


@given(any_lines, modes, percents)
def test_tax_of_a_group_is_within_a_cent_of_its_rate(lines, mode, percent):
    for group in totals(lines, mode=mode, discount_percent=percent).groups:
        assert abs(group.tax - group.net * group.vat.rate / 100) < D("0.0101")


@given(any_lines, modes, percents, st.randoms())
def test_the_order_of_lines_does_not_matter(lines, mode, percent, random):
    shuffled = random.sample(lines, len(lines))
    one, other = (totals(each, mode=mode, discount_percent=percent) for each in (lines, shuffled))
    assert (one.groups, one.discount, one.gross) == (other.groups, other.discount, other.gross)


@given(any_lines, modes, percents)
def test_a_cancellation_mirrors_every_group(lines, mode, percent):
    mirrored = [Line(-each.quantity, each.unit_price, each.vat, each.discount_percent) for each in lines]
    one, other = (totals(each, mode=mode, discount_percent=percent) for each in (lines, mirrored))
    assert [(group.vat, -group.net, -group.tax) for group in one.groups] == [
        (group.vat, group.net, group.tax) for group in other.groups
    ]


@given(any_lines, modes)
def test_net_lines_add_up_to_the_net_of_each_group(lines, mode):
    total = totals(lines, mode=mode)
    found = net_lines(lines, mode=mode)
    for group in total.groups:
        assert group.net == sum(n.amount for n, each in zip(found, lines, strict=True) if each.vat == group.vat)


@given(any_lines, modes)
def test_net_lines_follow_from_quantity_price_and_discount(lines, mode):
    for net, given_line in zip(net_lines(lines, mode=mode), lines, strict=True):
        assert net.base == round_cents(net.quantity * net.unit_price)
        assert net.base - net.discount == net.amount
        runs_with = net.discount * net.quantity * net.unit_price * given_line.discount_percent
        assert runs_with > 0 or (net.discount == 0) or not net.quantity


@given(any_lines, modes, percents, st.data())
def test_labour_and_the_rest_add_up_to_the_total(lines, mode, percent, data):
    kinds = data.draw(st.lists(st.sampled_from(CostKind), min_size=len(lines), max_size=len(lines)))
    opposite = ["labour" if kind == CostKind.MATERIAL else "material" for kind in kinds]
    total = totals(lines, mode=mode, discount_percent=percent)
    work, rest = (labour_share(lines, each, mode=mode, discount_percent=percent) for each in (kinds, opposite))
    assert abs(work.net + rest.net - total.net) <= D("0.01") * len(total.groups)
    assert abs(work.tax + rest.tax - total.tax) <= D("0.01") * len(total.groups)


@given(any_lines, modes, percents)
def test_a_surcharge_mirrors_the_discount_of_its_percent(lines, mode, percent):
    one, other = (totals(lines, mode=mode, discount_percent=each) for each in (percent, -percent))
    assert one.discount == -other.discount
    sums = totals(lines, mode=mode)
    amount = {each.vat: each.net if mode == PriceMode.NET else each.gross for each in sums.groups}
    for up, down in zip(one.groups, other.groups, strict=True):
        shares = [(each.net if mode == PriceMode.NET else each.gross) - amount[each.vat] for each in (up, down)]
        assert shares[0] == -shares[1]


@given(any_lines, modes, percents, st.data())
def test_parts_of_prices_and_whole_lines_have_the_same_labour_share(lines, mode, percent, data):
    parts = [data.draw(st.integers(0, 4)) for _ in lines]  # quarters of the price that are work
    splits = [
        {"labour": each.unit_price * n / 4, "material": each.unit_price * (4 - n) / 4}
        for each, n in zip(lines, parts, strict=True)
    ]
    for each, split in zip(lines, splits, strict=True):
        check_split(each.unit_price, split)
    work = labour_share(lines, splits, mode=mode, discount_percent=percent)
    rest = labour_share(
        lines, [{"labour": s["material"], "material": s["labour"]} for s in splits], mode=mode, discount_percent=percent
    )
    total = totals(lines, mode=mode, discount_percent=percent)
    assert abs(work.net + rest.net - total.net) <= D("0.01") * len(total.groups)
    whole = [n in (0, 4) for n in parts]
    if all(whole):
        kinds = ["labour" if n == 4 else "material" for n in parts]
        assert work == labour_share(lines, kinds, mode=mode, discount_percent=percent)


@given(cents, st.lists(st.decimals(D(0), D(9999), places=2), min_size=1, max_size=9).filter(any))
def test_parts_add_up_and_miss_their_share_by_less_than_a_cent(amount, weights):
    parts = distribute(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) < D("0.01")
