"""Articles of another program become the catalogue."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts import current
from billing.models import CatalogueItem
from crm import imports
from tests import make

HEADINGS = "Artikelnummer;Bezeichnung;Einheit;Preis netto;Preis brutto;Steuersatz;Einkaufspreis;Typ"
ROWS = """\
A-1;Eiche massiv;qm;1.234,56;;19;800;Produkt
;Gesellenstunde;Std.;;71,40;19 %;;Dienstleistung
B-2;Photovoltaikmodul;Stück;120;;0;;
"""


def take_over(rows=ROWS, headings=HEADINGS):
    table = imports.upload(ContentFile(f"{headings}\n{rows}".encode("cp1252"), "artikel.csv"), by=None, kind="articles")
    imports.start(table, table.mapping)
    imports.run(table.pk)
    table.refresh_from_db()
    return table


def test_articles_come_with_price_unit_and_tax(business):
    table = take_over()
    assert (table.program, table.imported_count, table.errors) == ("lexware Office", 3, [])
    oak, hour, panel = (
        CatalogueItem.objects.order_by("name")[0],
        CatalogueItem.objects.get(unit="HUR"),
        CatalogueItem.objects.get(number="B-2"),
    )
    assert (oak.number, oak.unit, oak.unit_price, oak.purchase_price) == (
        "A-1",
        "MTK",
        Decimal("1234.56"),
        Decimal(800),
    )
    assert (hour.unit_price, hour.cost_kind) == (Decimal(60), "labour")
    assert panel.vat_rate == 0


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (";;;1;;19;;", "Hier fehlt die Bezeichnung."),
        (";A;;;;19;;", "Hier fehlt der Preis."),
        (";A;;zwölf;;19;;", "„zwölf“ ist keine Zahl, mit der wir rechnen können, zum Beispiel 1.234,56."),
        (";A;;1;;20;;", "Den Steuersatz „20“ kennen wir nicht: 19, 7 oder 0."),
        (
            ";A;Elle;1;;19;;",
            "Die Einheit „Elle“ kennen wir nicht. Wir kennen Stk., Std., psch., m, m², m³, km, kg, l, Tag, Monat, kWh, Paket.",
        ),
    ],
)
def test_each_row_says_what_is_wrong(business, row, sentence):
    table = take_over(f"{row}\n")
    assert (table.state, [error["message"] for error in table.errors]) == ("failed", [sentence])


def test_taken_back_but_for_what_was_changed(business):
    make.make_catalogue_item()
    table = take_over(ROWS + "A-1;Eiche noch einmal;;1;;19;;\n")
    assert (table.imported_count, table.skipped_count) == (3, 1)
    oak = CatalogueItem.objects.get(number="A-1")
    oak.unit_price = 1300
    oak.save()
    imports.undo(table)
    imports.run(table.pk)
    table.refresh_from_db()
    assert (table.undone_count, table.kept) == (2, ["Eiche massiv"])
    assert CatalogueItem.objects.count() == 2


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_comes_out_can_go_in_again_and_runs_nothing(business, owner, form):
    """P55: a name that begins like a formula stays text."""
    make.make_catalogue_item(name="=1+1", number="A-1", unit_price=Decimal("0.1250"))
    make.make_catalogue_item(
        name="Stunde", unit="HUR", cost_kind="labour", vat_rate=7, purchase_price=Decimal("1234.5")
    )
    fields = ("number", "name", "unit", "unit_price", "purchase_price", "vat_rate", "cost_kind")
    wanted = list(CatalogueItem.objects.order_by("name").values(*fields))
    answer = make.signed_in(owner).get(reverse(f"billing:catalogue_{form}"))
    content = b"".join(answer.streaming_content)
    if form == "csv":
        assert b'"\'=1+1"' in content
    with current.working_for(make.make_business("Andere")):
        table = imports.upload(ContentFile(content, f"katalog.{form}"), by=None, kind="articles")
        imports.start(table, table.mapping)
        imports.run(table.pk)
        table.refresh_from_db()
        assert table.errors == []
        assert list(CatalogueItem.objects.order_by("name").values(*fields)) == wanted
