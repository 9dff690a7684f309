"""What is different between two versions, in rows. Pure."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from time import perf_counter

from billing import versions
from billing.documents.model import Buyer, Document, DocumentLine, Kind, LineKind, Seller, calculated
from billing.money import Vat

VAT = Vat("S", Decimal(19))


def item(text, price="100", quantity="1", **more):
    return DocumentLine(
        more.pop("position", "1"),
        LineKind.ITEM,
        text,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        vat=VAT,
        **more,
    )


def title(text):
    return DocumentLine("1", LineKind.SECTION, text)


def document(*lines, **more):
    parts = {"kind": Kind.QUOTE, "seller": Seller("Haselbach"), "buyer": Buyer("Brandt"), "lines": lines}
    return calculated(Document(**parts | more))


def words(pairs):
    return [(pair.before.text, pair.after.text, set(pair.what)) for pair in pairs]


def texts(lines):
    return [line.text for line in lines]


def test_the_same_document_has_no_differences():
    one = document(title("Küche"), item("Schrank"), item("Montage", "62", "8"))
    assert not versions.between(one, replace(one, version=2, issued_on=date(2026, 11, 21)))


def test_rows_come_and_go():
    found = versions.between(
        document(item("Schrank"), item("Sockel")), document(item("Schrank"), item("Beleuchtung LED"))
    )
    assert (texts(found.added), texts(found.removed), found.changed) == (["Beleuchtung LED"], ["Sockel"], ())


def test_a_row_that_only_moves_is_no_difference():
    found = versions.between(document(item("A"), item("B", "7")), document(item("B", "7"), item("A")))
    assert not found


def test_quantity_and_price_are_told_with_what_follows_from_them():
    found = versions.between(document(item("Montage", "62", "16")), document(item("Montage", "60", "20")))
    assert words(found.changed) == [("Montage", "Montage", {"quantity", "unit_price", "amount"})]


def test_of_two_rows_with_the_same_words_the_unchanged_one_stays():
    before = document(item("Regal", "100"), item("Regal", "200"))
    found = versions.between(before, document(item("Regal", "250"), item("Regal", "100")))
    assert [(pair.before.unit_price, pair.after.unit_price) for pair in found.changed] == [(200, 250)]


def test_a_reworded_row_is_the_same_row():
    before = document(item("Schrankkorpus Birke-Multiplex", "485", "4"), item("Anfahrt", "45"))
    found = versions.between(
        before, document(item("Schrankkorpus Birke-Multiplex 19 mm", "485", "4"), item("Anfahrt", "45"))
    )
    assert words(found.changed) == [("Schrankkorpus Birke-Multiplex", "Schrankkorpus Birke-Multiplex 19 mm", {"text"})]
    assert not found.added and not found.removed


def test_the_same_words_under_two_titles_stay_under_theirs():
    before = document(title("Bad"), item("Fliesen", "50", "10"), title("Flur"), item("Fliesen", "50", "4"))
    after = document(title("Flur"), item("Fliesen", "50", "5"), title("Bad"), item("Fliesen", "50", "10"))
    found = versions.between(before, after)
    assert [(pair.before.quantity, pair.after.quantity) for pair in found.changed] == [(4, 5)]


def test_what_became_of_a_choice_is_told():
    before = document(item("Lack", alternative_set="Front"), item("Eiche", alternative_set="Front", is_counted=False))
    before = calculated(replace(before, lines=(*before.lines, item("Dämpfer", is_optional=True, is_counted=False))))
    after = document(
        item("Lack", alternative_set="Front", is_counted=False), item("Eiche", alternative_set="Front"), item("Dämpfer")
    )
    found = versions.between(before, after)
    assert words(found.changed) == [
        ("Lack", "Lack", {"choice"}),
        ("Eiche", "Eiche", {"choice"}),
        ("Dämpfer", "Dämpfer", {"choice"}),
    ]
    assert [versions.role(pair.after) for pair in found.changed] == [
        ("alternative", "Front"), ("suggested", "Front"), ("fixed", ""),
    ]  # fmt: skip


def test_prices_are_those_the_reader_is_shown():
    """A change of the price mode that leaves a consumer's prices alone is none for him."""
    one = document(item("A", "100"))
    same = versions.between(one, document(item("A", "119")), prices=lambda document, line: (Decimal(1), Decimal(1)))
    assert not same


def test_what_stands_around_the_rows():
    one = document(item("A"), valid_until=date(2026, 12, 1), subject="Schrank", intro="Moin")
    two = document(
        item("A"), valid_until=date(2026, 12, 24), subject="Schrank", intro="Hallo", discount_percent=Decimal(3)
    )
    assert versions.between(one, two).around == {"valid_until", "texts", "discount"}


def test_long_documents_are_compared_in_no_time():
    one = document(*(item(f"Leistung {n} alt {n * 7919}") for n in range(400)))
    two = document(*(item(f"Arbeit {n} neu {n * 104729}") for n in range(400)))
    began = perf_counter()
    found = versions.between(one, two)
    assert perf_counter() - began < 1
    assert len(found.changed) == 400
