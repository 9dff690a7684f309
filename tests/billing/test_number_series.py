"""How number series go on: forward only, never as another one, with what was passed over explained (R6, R7)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Refusal
from accounts.rights import Role
from billing import number_gaps, number_series
from billing.models import Invoice, JournalEntry
from crm import numbering
from crm.models import NumberRange
from tests import make

Kind = NumberRange.Kind
YEAR = timezone.localdate().year


def change(kind=Kind.INVOICE, **wanted):
    fields = {"prefix": "RE", "next_number": 1, "by": None} | wanted
    return number_series.change(kind, fields.pop("year", YEAR), **fields)


def test_another_beginning_goes_on_with_the_next_number(business):
    assert make.make_open_invoice().number == f"RE-{YEAR}-0001"
    assert change(prefix="R/", next_number=2).example == f"R/-{YEAR}-0002"
    assert make.make_open_invoice().number == f"R/-{YEAR}-0002"
    change(prefix="RE", next_number=3)  # back to the old one: no number comes twice
    assert make.make_open_invoice().number == f"RE-{YEAR}-0003"


def test_a_new_year_keeps_the_beginning_and_counts_anew(business):
    change(prefix="R", next_number=1)
    assert numbering.series_of(YEAR + 1)[Kind.INVOICE] == ("R", 1)
    assert numbering.take(Kind.INVOICE, year=YEAR + 1) == f"R-{YEAR + 1}-0001"


def test_numbers_passed_over_are_no_gap_without_a_reason(business, owner):
    make.make_open_invoice()
    change(next_number=100, reason="  Nummern bis 99 im alten   Programm ", by=owner)
    assert make.make_open_invoice().number == f"RE-{YEAR}-0100"
    (series,) = number_gaps.report(kinds=(Kind.INVOICE,))
    assert [(gap.first, gap.last, gap.reason) for gap in series.gaps] == [
        (2, 99, "Übersprungen: Nummern bis 99 im alten Programm")
    ]
    assert JournalEntry.objects.get(event="billing.numbers_passed_over").by == owner


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"prefix": " ", "next_number": 2}, "prefix"),
        ({"prefix": "an", "next_number": 2}, "prefix"),  # the quotes have it: a number must say what it is
        ({"next_number": 1}, "next_number"),  # given already
        ({"next_number": 0}, "next_number"),
        ({"next_number": 10_000_000, "reason": "x"}, "next_number"),
        ({"next_number": 5, "reason": " "}, "reason"),
    ],
)
def test_what_would_give_doubles_or_go_back_is_refused(business, wanted, field):
    make.make_open_invoice()
    with pytest.raises(Refusal) as refused:
        change(**wanted)
    assert refused.value.field == field
    assert make.make_open_invoice().number == f"RE-{YEAR}-0002"


def test_a_number_that_a_document_has_already_is_not_given(business):
    """Brought along from elsewhere: the series stands at 1, the number is taken all the same."""
    invoice = make.make_open_invoice()
    assert Invoice.objects.get().number == invoice.number
    NumberRange.objects.filter(kind=Kind.INVOICE).update(last=0)
    with pytest.raises(Refusal, match="gibt es schon") as refused:
        change(next_number=1)
    assert refused.value.field == "next_number"


def test_owners_see_the_next_number_and_change_it(owner):
    browser, page = make.signed_in(owner), reverse("billing:number_series_list")
    assert f"RE-{YEAR}-0001" in browser.get(page).content.decode()
    url = reverse("billing:number_series_change")
    typed = {"series": "invoice", "invoice-prefix": "R#", "invoice-next_number": "1"}
    answer = browser.post(url, typed)  # R116: what DATEV does not take is refused here
    assert answer.status_code == 422 and "Buchstaben ohne Umlaute" in answer.content.decode()
    shown = browser.post(url, typed | {"invoice-prefix": "R26"}, follow=True).content.decode()
    assert f"Die nächste Nummer ist R26-{YEAR}-0001." in shown
    answer = browser.post(url, typed | {"invoice-prefix": "AN"})
    assert answer.status_code == 422 and "Reihe „Angebote“" in answer.content.decode()
    assert browser.post(url, {"series": "kunde"}).status_code == 404
    assert make.signed_in_as(Role.OFFICE).get(page).status_code == 403
