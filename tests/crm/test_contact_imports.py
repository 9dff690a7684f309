"""Taking a file of contacts over: guessed, checked, then all rows or none (security.md P56)."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts import current
from accounts.refusals import Refusal
from crm import contact_columns, contact_exports, contact_imports, imports, notes, spreadsheets, states
from crm.models import Customer, Note, NumberRange, TableImport, Tag, TimelineEntry
from tests import make

HEADINGS = "Firma;Anrede;Vorname;Nachname;E-Mail;Telefon;Straße;PLZ;Ort;Land;Tags;Notiz"
ROWS = """\
;Frau;Sabine;Brandt;sabine@brandt.example;0171 3920011;Rotdornweg 8;22397;Hamburg;;Einbauschrank, Duvenstedt;mag Salbei
Café Morgenrot GmbH;;Ada;Morgenrot;hallo@morgenrot.example;+49 40 66969120;Zeißstraße 4;1067;Dresden;Deutschland;;
"""


def file(text, name="kontakte.csv"):
    return ContentFile(text if isinstance(text, bytes) else text.encode(), name)


def upload(rows=ROWS, headings=HEADINGS, by=None):
    return imports.upload(file(f"{headings}\n{rows}"), by=by)


def take_over(rows=ROWS, headings=HEADINGS, by=None, **mapping):
    contact_import = upload(rows, headings, by)
    imports.start(contact_import, contact_import.mapping | mapping)
    imports.run(contact_import.pk)
    contact_import.refresh_from_db()
    return contact_import


@pytest.mark.parametrize(
    ("headings", "guessed"),
    [
        (
            ["Kundennummer", "Firmenname", "Anrede", "Vorname", "Nachname", "Straße 1", "PLZ 1", "Ort 1", "E-Mail 1"],
            {
                0: "number",
                1: "company_name",
                2: "salutation",
                3: "first_name",
                4: "last_name",
                5: "street",
                6: "postcode",
                7: "city",
                8: "email",
            },
        ),
        (
            ["Kunden-Nr.", "Organisation", "Vorname", "Name", "Umsatzsteuer-ID", "Mobiltelefon", "Kategorie"],
            {0: "number", 1: "company_name", 2: "first_name", 3: "last_name", 4: "vat_id", 5: "mobile", 6: "tags"},
        ),
        (["Name", "Telefonnummer", "Bemerkung"], {0: "full_name", 1: "phone", 2: "note"}),
        (
            ["First Name", "Last Name", "E-mail Address", "Business Phone"],
            {0: "first_name", 1: "last_name", 2: "email", 3: "phone"},
        ),
        (["Umsatz", "Konto"], {}),
        (["E-Mail", "E-Mail 2"], {0: "email"}),
    ],
)
def test_columns_are_guessed_from_their_headings(headings, guessed):
    assert contact_imports.Contacts.guess(headings) == guessed


def test_a_file_is_kept_for_its_preview(business, owner):
    contact_import = upload(by=owner)
    assert contact_import.state == "preview"
    assert (contact_import.row_count, contact_import.columns[0], contact_import.mapping["0"]) == (
        2,
        "Firma",
        "company_name",
    )
    assert [(number, cells[3]) for number, cells in imports.sample(contact_import)] == [
        (2, "Brandt"),
        (3, "Morgenrot"),
    ]
    assert imports.problems(contact_import, contact_import.mapping) == []


def test_all_rows_become_contacts(business, owner):
    contact_import = take_over(by=owner)
    assert (contact_import.state, contact_import.imported_count, contact_import.errors) == ("done", 2, [])
    sabine, cafe = Customer.objects.order_by("number")
    assert (sabine.number, cafe.number) == (10001, 10002)
    assert (sabine.kind, sabine.salutation, sabine.name, sabine.is_prospect) == (
        "consumer",
        "ms",
        "Sabine Brandt",
        False,
    )
    assert (cafe.kind, cafe.name, cafe.postcode, cafe.phone) == (
        "business",
        "Café Morgenrot GmbH",
        "01067",
        "+49 40 66969120",
    )
    assert {str(tag) for tag in sabine.customer_tags.all()} == {"Einbauschrank", "Duvenstedt"}
    assert Note.objects.get().text == "mag Salbei"
    assert list(TimelineEntry.objects.filter(customer=sabine).values_list("event", flat=True).order_by("event")) == [
        "crm.customer_created",
        "crm.note_added",
    ]
    assert Customer.objects.matching("10002").get() == Customer.objects.matching("zeissstrasse").get() == cafe


def test_the_next_number_follows_the_block(business):
    take_over()
    assert make.make_customer("Osterloh").number == 10003


def test_one_wrong_row_keeps_all_rows_out(business, files):
    bad = ROWS + ";;;;ohne-at.example;;;;;;;\n;;;Noll;noll@x;;;;;Absurdistan;;\n"
    contact_import = take_over(bad)
    assert (contact_import.state, contact_import.imported_count) == ("failed", 0)
    assert [(error["row"], error["message"]) for error in contact_import.errors] == [
        (4, "Hier fehlt der Name."),
        (4, "In der E-Mail-Adresse fehlt das @-Zeichen."),
        (5, "Das Land „Absurdistan“ kennen wir nicht. Bitte als Kürzel, zum Beispiel AT."),
        (5, "Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de."),
    ]
    assert not Customer.objects.exists() and not Tag.objects.exists() and not NumberRange.objects.exists()


def test_problems_are_known_before_the_run(business):
    contact_import = upload(ROWS + ";;;;ohne-at;;;;;;;\n")
    assert [error["row"] for error in imports.problems(contact_import, contact_import.mapping)] == [4, 4]


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("Nachname=" + "x" * 81, "„Nachname“ ist länger als 80 Zeichen."),
        ("PLZ=##", "Bitte prüfen Sie die Postleitzahl."),
        (
            "USt-IdNr.=DE123",
            "Diese USt-IdNr. stimmt nicht. Sie beginnt mit dem Länderkürzel, zum Beispiel DE136695976.",
        ),
        ("Art=Marsmensch", "Die Art „Marsmensch“ kennen wir nicht: Privat, Firma oder Öffentlich."),
    ],
)
def test_each_field_says_what_is_wrong(business, cell, sentence):
    heading, _, value = cell.partition("=")
    contact_import = take_over(f"Brandt;{value}\n", f"Vorname;{heading}")
    assert [error["message"] for error in contact_import.errors] == [sentence]


def test_who_is_there_already_is_left_out(business):
    make.make_customer(email="SABINE@brandt.example")
    make.make_customer("Noll", first_name="Friederike", postcode="22359", email="")
    rows = (
        ROWS
        + ";;Friederike;Noll;;;;22359;;;;\n;;Friederike;Noll;;;;10115;;;;\n;;Neu;Neu;hallo@MORGENROT.example;;;;;;;\n"
    )
    contact_import = take_over(rows)
    assert contact_import.imported_count == 2
    assert [(error["row"], error["message"]) for error in contact_import.errors] == [
        (2, "Sabine Brandt gibt es schon."),
        (4, "Friederike Noll gibt es schon."),
        (6, "Neu Neu gibt es schon."),
    ]
    assert imports.result(contact_import) == ("2 Zeilen sind übernommen. 3 wurden ausgelassen.")


def test_the_office_may_keep_duplicates(business):
    make.make_customer(email="sabine@brandt.example")
    assert take_over(duplicates="keep").imported_count == 2


def test_another_business_does_not_count_as_known(business):
    with current.working_for(make.make_business("Glaserei Noll")):
        make.make_customer(email="sabine@brandt.example")
    assert take_over().imported_count == 2


def test_the_file_goes_when_the_contacts_are_there(business, files, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        take_over()
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_running_twice_takes_over_once(business):
    contact_import = take_over()
    imports.run(contact_import.pk)
    assert Customer.objects.count() == 2


def test_a_second_start_is_refused(business):
    contact_import = upload()
    imports.start(contact_import, contact_import.mapping)
    with pytest.raises(states.NotAllowed):
        imports.start(contact_import, contact_import.mapping)


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"4": "email"}, "Bitte ordnen Sie eine Spalte mit dem Namen zu."),
        ({"2": "last_name", "3": "last_name"}, "„Nachname“ ist zweimal zugeordnet. Bitte wählen Sie eine Spalte."),
    ],
)
def test_a_mapping_needs_a_name_and_gives_each_field_once(business, mapping, sentence):
    with pytest.raises(Refusal) as refused:
        imports.start(upload(), mapping)
    assert refused.value.message == sentence


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"Name;Ort\n", b'Name\n"offen\n', b"PK\x03\x04"])
def test_of_a_refused_file_nothing_is_kept(business, files, content):
    with pytest.raises(Refusal):
        imports.upload(file(content), by=None)
    assert not TableImport.objects.exists()
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_whatever_goes_wrong_is_said_and_nothing_is_written(business, monkeypatch):
    monkeypatch.setattr(contact_imports.Contacts, "_add_tags", lambda self, tags: 1 / 0)
    contact_import = take_over()
    assert contact_import.state == "failed"
    assert contact_import.errors[0]["message"] == "Das hat nicht geklappt. Es liegt an uns, nicht an Ihrer Datei."
    assert not Customer.objects.exists() and not NumberRange.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_written_out_comes_in_again(business, form):
    make.make_customer(
        "Brandt", tags=["Flur", "Salbei"], source="search", phone="+49 40 669690", country="AT", language="en"
    )
    make.make_company('=Café & Söhne "Morgenrot"; GmbH', vat_id="DE136695976", city="Ölsnitz\u00a0/ Erzgeb.")
    make.make_customer("Rathaus", kind="public", leitweg_id="04011000-1234512345-06", salutation="")
    wanted = everything()
    with getattr(contact_exports, f"as_{form}")() as out:
        content = out.read()
    with current.working_for(make.make_business("Andere")):
        contact_import = imports.upload(file(content, f"a.{form}"), by=None)
        imports.start(contact_import, contact_import.mapping)
        imports.run(contact_import.pk)
        contact_import.refresh_from_db()
        assert contact_import.errors == []
        assert everything() == wanted


def everything():
    fields = [name for name in contact_columns.FIELDS if hasattr(Customer, name)]
    return [
        [" ".join(str(getattr(customer, name)).split()) for name in fields]
        + sorted(str(tag) for tag in customer.customer_tags.all())
        for customer in Customer.objects.order_by("number")
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_an_export_costs_two_queries(business, django_assert_num_queries, count):
    for _ in range(count):
        make.make_customer(tags=["Flur"])
    with django_assert_num_queries(2), contact_exports.as_csv():
        pass


@pytest.mark.parametrize("count", [1, 3])
def test_taking_over_costs_the_same_for_any_number(business, django_assert_max_num_queries, count):
    rows = "".join(f"K{n};k{n}@x.example;22145;A;ja\n" for n in range(count))
    contact_import = upload(rows, "Nachname;E-Mail;PLZ;Tags;Notiz")
    imports.start(contact_import, contact_import.mapping)
    with django_assert_max_num_queries(20):
        imports.run(contact_import.pk)


# --- numbers of the old program, trying, taking back ------------------------------------------------------------------
def test_numbers_of_the_old_program_stay_and_ours_go_on_behind_them(business):
    take_over("20017;Brandt\n;Noll\n", "Kundennummer;Nachname")
    assert dict(Customer.objects.values_list("name", "number")) == {"Brandt": 20017, "Noll": 20018}
    assert make.make_customer("Osterloh").number == 20019


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            "10001;Neu\n",
            "Die Kundennummer 10001 ist schon vergeben. Lassen Sie die Spalte weg, dann zählen wir weiter.",
        ),
        ("5;A\n5;B\n", "Die Kundennummer 5 steht zweimal in der Datei."),
        ("K-17;A\n", "Kundennummern bestehen bei uns nur aus Ziffern. Lassen Sie die Spalte sonst weg."),
    ],
)
def test_a_number_that_cannot_stay_is_named(business, rows, sentence):
    make.make_customer("Brandt")
    table = upload(rows, "Kundennummer;Nachname")
    assert [error["message"] for error in imports.problems(table, table.mapping)] == [sentence]
    assert take_over(rows, "Kundennummer;Nachname").errors[0]["message"] == sentence


@pytest.mark.parametrize(
    ("headings", "program"),
    [
        ("Kundennummer;Firmenname;Anrede;Vorname;Nachname;Straße 1", "lexware Office"),
        ("Kunden-Nr.;Anrede;Titel;Nachname;Vorname;Organisation;Kategorie", "sevDesk"),
        ("Name;Telefon", ""),
    ],
)
def test_other_programs_are_known_by_their_headings(business, headings, program):
    assert upload("1;A;B;C;D;E;F\n", headings).program == program


def test_the_first_rows_are_shown_as_they_will_be(business):
    table = upload()
    first, second = imports.first_rows(table, table.mapping)
    assert dict(first["values"])["Name"] == "Sabine Brandt"
    assert dict(second["values"]) | {} == {
        "Name": "Café Morgenrot GmbH", "Kundennummer": "die nächste", "Art": "Firma",
        "E-Mail": "hallo@morgenrot.example", "Telefon": "+49 40 66969120", "Anschrift": "Zeißstraße 4, 01067 Dresden",
    }  # fmt: skip


def report_of(table_import):
    with default_storage.open(table_import.report) as report:
        return [cells for _number, cells in spreadsheets.rows(ContentFile(report.read(), "a.xlsx"))]


def test_trying_says_of_each_row_what_would_become_of_it_and_writes_nothing(business):
    make.make_customer(email="sabine@brandt.example")
    before = TimelineEntry.objects.count()
    table = upload(ROWS + ";;;;ohne-at;;;;;;;\n")
    imports.try_out(table, table.mapping)
    imports.run(table.pk)
    table.refresh_from_db()
    assert (table.state, table.imported_count, table.skipped_count, table.wrong_count) == ("preview", 1, 1, 1)
    assert imports.forecast(table) == (
        "1 Zeile würde angelegt. 1 wurde ausgelassen. 1 ist falsch: So wird nichts übernommen."
    )
    assert report_of(table) == [
        ["Zeile", "Ergebnis", "Name", "Feld", "Grund"],
        ["2", "ausgelassen", "Sabine Brandt", "", "Sabine Brandt gibt es schon."],
        ["3", "wird angelegt", "Café Morgenrot GmbH", "", ""],
        ["4", "falsch", "", "Nachname", "Hier fehlt der Name."],
        ["4", "falsch", "", "E-Mail-Adresse", "In der E-Mail-Adresse fehlt das @-Zeichen."],
    ]
    assert (
        Customer.objects.count() == 1
        and TimelineEntry.objects.count() == before
        and not NumberRange.objects.filter(last=2)
    )


def test_an_import_is_taken_back_but_for_what_has_been_used(business, owner):
    make.make_customer("Osterloh")
    table = take_over(by=owner)
    cafe = Customer.objects.get(company_name="Café Morgenrot GmbH")
    notes.add(cafe, "Rückruf", by=owner)
    imports.undo(table)
    imports.run(table.pk)
    table.refresh_from_db()
    assert (table.state, table.undone_count, table.kept) == ("undone", 1, ["Café Morgenrot GmbH"])
    assert imports.undone(table) == "1 Zeile ist wieder weg. 1 wurde seitdem benutzt und bleibt."
    assert {customer.name for customer in Customer.objects.all()} == {"Sabine Osterloh", "Café Morgenrot GmbH"}
    assert [note.text for note in Note.objects.all()] == ["Rückruf"]
    with pytest.raises(states.NotAllowed):
        imports.undo(table)


def test_a_contact_changed_since_stays(business):
    table = take_over()
    sabine = Customer.objects.get(last_name="Brandt")
    sabine.city = "Kiel"
    sabine.save()
    imports.undo(table)
    imports.run(table.pk)
    assert [customer.name for customer in Customer.objects.all()] == ["Sabine Brandt"]


def test_the_timeline_is_frozen_again_after_taking_back(business):
    table = take_over()
    imports.undo(table)
    imports.run(table.pk)
    customer = make.make_customer()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        TimelineEntry.objects.filter(customer=customer)._raw_delete("default")


def test_an_import_that_was_killed_is_begun_again_and_is_never_half_done(business, monkeypatch):
    table = upload()
    imports.start(table, table.mapping)
    monkeypatch.setattr(contact_imports, "BATCH", 1)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(contact_imports.Contacts, "_tell", lambda self, customers, notes: interrupt())
        imports.run(table.pk)
    assert not Customer.objects.exists() and imports.started() == []
    TableImport.objects.update(touched_at=timezone.now() - timedelta(minutes=6))
    assert imports.started() == [table.pk]
    imports.run(table.pk)
    assert Customer.objects.count() == 2


def interrupt():
    raise KeyboardInterrupt
