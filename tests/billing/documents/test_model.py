"""The frozen document: canonical JSON, hash, sections, calculation."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.documents import model
from billing.documents.model import CostPart, Document, DocumentLine, Kind, LineKind
from billing.money import VAT_19, CostKind, LabourShare

from .samples import invoice, item, quote_with_choices, text_line

D = Decimal


@pytest.mark.parametrize("document", [invoice(), quote_with_choices(), invoice(number=None, issued_on=None)])
def test_a_document_comes_back_from_its_json(document):
    assert model.from_json(model.to_json(document)) == document


def test_json_is_canonical():
    document = invoice()
    text = model.to_json(document)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # the same number written differently is the same document
    same = replace(document, discount_percent=D("0.00"), lines=tuple(_rewritten(line) for line in document.lines))
    assert model.to_json(same) == text
    assert model.to_json(model.from_json(text)) == text


def _rewritten(line):
    return replace(line, quantity=line.quantity * D("1.000"), amount=line.amount * D("1.0"))


def test_json_keeps_decimals_as_plain_strings_and_dates_as_iso():
    facts = json.loads(model.to_json(invoice(lines=[item(quantity="100", price="0.10")])))
    assert facts["lines"][0]["quantity"] == "100"
    assert facts["lines"][0]["unit_price"] == "0.1"
    assert facts["issued_on"] == "2026-11-20"


def test_fields_at_their_default_are_left_out_so_later_fields_change_no_hash():
    facts = json.loads(model.to_json(invoice()))
    assert "reason" not in facts
    assert "small_business" not in facts["seller"]


def test_a_field_from_nowhere_is_refused():
    with pytest.raises(TypeError):
        model.from_json('{"kind":"quote","wrong":"1"}')


def test_the_hash_follows_the_content():
    document = invoice()
    assert model.content_hash(document) == model.content_hash(model.from_json(model.to_json(document)))
    assert model.content_hash(document) != model.content_hash(replace(document, subject="Etwas anderes"))
    assert len(model.content_hash(document)) == 64


def test_sections_add_up_what_is_counted():
    document = quote_with_choices()
    found = [(each.heading.text if each.heading else None, each.sum) for each in model.sections(document)]
    counted = sum(each[1] for each in found)
    assert [each[0] for each in found] == ["Planung und Aufmaß", "Fronten", "Montage", "Auf Wunsch"]
    assert found[1][1] == D("1860.00")  # oak, not the two alternatives
    assert found[3][1] == D("0.00")
    assert counted == document.totals.line_sum


def test_rows_above_the_first_heading_form_a_section_of_their_own():
    document = invoice(lines=[item("1"), text_line(), DocumentLine("2", LineKind.SECTION, "Rest"), item("2.1")])
    assert [(each.heading is None, len(each.lines)) for each in model.sections(document)] == [(True, 2), (False, 1)]


def test_calculated_fills_amounts_totals_and_labour():
    bare = Document(Kind.INVOICE, seller=invoice().seller, buyer=invoice().buyer, lines=(item(), text_line()))
    document = model.calculated(bare, labour=True)
    assert (document.lines[0].amount, document.lines[1].amount) == (D("440.00"), D(0))
    assert (document.totals.net, document.totals.tax) == (D("440.00"), D("83.60"))
    assert document.labour == LabourShare(D("440.00"), D("83.60"))
    assert document.totals.groups[0].vat == VAT_19
    assert model.calculated(bare).labour is None


def test_a_bundled_price_counts_as_work_by_its_parts():
    parts = {"labour": 500, "travel": 40, "machine": 60, "material": 400}
    split = tuple(CostPart(CostKind(kind), D(price)) for kind, price in parts.items())
    lines = [item("1", quantity="1", price="1000", cost_split=split, cost_kind=CostKind.MATERIAL)]
    document = invoice(lines, discount_percent=D(5), labour=True)
    assert (document.totals.net, document.totals.gross) == (D("950.00"), D("1130.50"))
    assert (document.labour.net, document.labour.tax, document.labour.gross) == (D("570.00"), D("108.30"), D("678.30"))
    assert model.from_json(model.to_json(document)) == document


def test_a_draft_has_no_number():
    assert invoice(number=None).is_draft
    assert not invoice().is_draft
    assert invoice().issued_on == date(2026, 11, 20)
