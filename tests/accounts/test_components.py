"""The pieces of pages that several pages share (templates/components)."""

import re
from decimal import Decimal
from types import SimpleNamespace

from django.template.loader import render_to_string


def cells(html):
    return re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", html, re.S)


def some_totals(*groups, discount="0", mode="net"):
    groups = [
        SimpleNamespace(vat=SimpleNamespace(rate=Decimal(rate)), net=Decimal(net), tax=Decimal(tax))
        for rate, net, tax in groups
    ]
    net, tax = sum(group.net for group in groups), sum(group.tax for group in groups)
    line_sum = net + Decimal(discount)
    return SimpleNamespace(
        groups=groups, net=net, tax=tax, gross=net + tax, discount=Decimal(discount), line_sum=line_sum, mode=mode
    )


def test_the_office_reads_net_tax_and_whole():
    html = render_to_string("components/totals.html", {"totals": some_totals(("19", "6615.00", "1256.85"))})
    assert cells(html) == [
        ("Netto", "6.615,00\u00a0€"), ("19\u00a0% MwSt.", "1.256,85\u00a0€"), ("Gesamt", "7.871,85\u00a0€")
    ]  # fmt: skip


def test_a_discount_shows_the_sum_before_it():
    totals = some_totals(("19", "900.00", "171.00"), discount="100.00")
    assert cells(render_to_string("components/totals.html", {"totals": totals}))[:2] == [
        ("Summe", "1.000,00\u00a0€"), ("Rabatt", "−\u00a0100,00\u00a0€")
    ]  # fmt: skip


def test_a_consumer_reads_the_whole_price_with_the_tax_inside():
    totals = some_totals(("19", "6575.00", "1249.25"))
    assert cells(render_to_string("components/totals.html", {"totals": totals, "gross": True})) == [
        ("Gesamtbetrag inkl. MwSt.", "7.824,25\u00a0€"), ("darin 19\u00a0% MwSt. auf 6.575,00\u00a0€", "1.249,25\u00a0€")
    ]  # fmt: skip


def test_without_vat_no_vat_is_mentioned():
    totals = some_totals(("0", "500.00", "0.00"))
    for gross in (True, False):
        assert "MwSt." not in render_to_string("components/totals.html", {"totals": totals, "gross": gross})


def test_rows_of_labels_leave_out_what_is_empty():
    html = render_to_string("components/kv.html", {"rows": [("Telefon", ""), ("Offen", 0), ("Ort", "Hamburg")]})
    assert cells(html) == [("Offen", "0"), ("Ort", "Hamburg")]


def test_exactly_the_present_milestone_is_marked_and_each_says_its_state():
    steps = [
        SimpleNamespace(state=state, title=title, on=None)
        for state, title in (("done", "Aufmaß"), ("now", "Fertigung"), ("ahead", "Montage"))
    ]
    html = render_to_string("components/milestones.html", {"milestones": steps})
    assert html.count('aria-current="step"') == 1
    assert re.findall(r"<h3>(\w+)<span class=\"vh\">, (\w+)</span>", html) == [
        ("Aufmaß", "erledigt"), ("Fertigung", "läuft"), ("Montage", "geplant")
    ]  # fmt: skip


def test_a_discount_is_shown_in_the_price_mode_of_the_document_only():
    def labels(mode, gross):
        totals = some_totals(("19", "900.00", "171.00"), discount="100.00", mode=mode)
        return [
            label for label, _ in cells(render_to_string("components/totals.html", {"totals": totals, "gross": gross}))
        ]

    assert "Rabatt" in labels("gross", gross=True)
    assert "Rabatt" not in labels("gross", gross=False)
    assert "Rabatt" not in labels("net", gross=True)
