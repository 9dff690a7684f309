"""Contacts from a file: upload, preview, run, result; and the whole list out again."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm import imports
from crm.models import Customer, TableImport, Tag
from tests import make

UPLOAD = reverse("crm:import_upload")
TABLE = (
    "Firmenname;Vorname;Nachname;E-Mail;Umsatz\n;Sabine;Brandt;sabine@brandt.example;12\nCafé;;;hallo@cafe.example;3\n"
)


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def upload(office, content=TABLE, name="kunden.csv"):
    content = content.encode("cp1252") if isinstance(content, str) else content
    return office.post(UPLOAD, {"kind": "contacts", "file": SimpleUploadedFile(name, content)})


def columns(**changes):
    mapping = {"column_0": "company_name", "column_1": "first_name", "column_2": "last_name", "column_3": "email"}
    return mapping | {"column_4": "", "duplicates": "skip"} | changes


def test_the_preview_shows_the_guess_and_the_first_rows(office):
    response = office.get(upload(office).url)
    page = response.content.decode()
    assert "2 Zeilen gefunden." in page and "sabine@brandt.example" in page
    chosen = [field.value() for field in response.context["form"].columns]
    assert chosen == ["company_name", "first_name", "last_name", "email", ""]
    assert not Customer.objects.exists()


def test_started_checked_and_taken_over(office):
    preview = upload(office).url
    contact_import = TableImport.objects.get()
    run = reverse("crm:import_run", args=[contact_import.pk])
    assert office.post(run, columns()).url == preview
    assert "0 von 2 Zeilen sind geprüft." in office.get(preview).content.decode()
    imports.run(contact_import.pk)
    page = office.get(preview).content.decode()
    assert "2 Zeilen sind übernommen." in page
    assert office.post(run, columns()).status_code == 409
    assert Customer.objects.count() == 2


def test_another_choice_of_columns_can_be_checked(office):
    upload(office)
    check = reverse("crm:import_check", args=[TableImport.objects.get().pk])
    page = office.post(check, columns(column_3="last_name", column_2="email")).content.decode()
    assert "Zeile 2: In der E-Mail-Adresse fehlt das @-Zeichen." in page
    assert "Zeile 2:" not in office.post(check, columns()).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"column_0": "", "column_1": "", "column_2": ""}, "Bitte ordnen Sie eine Spalte mit dem Namen zu."),
        ({"column_1": "last_name"}, "„Nachname“ ist zweimal zugeordnet. Bitte wählen Sie eine Spalte."),
        ({"column_1": "business_id"}, "Zuordnung"),
        ({"column_2": "email", "column_3": "last_name"}, "Zeile 2: In der E-Mail-Adresse fehlt das @-Zeichen."),
    ],
)
def test_a_wrong_choice_does_not_start(office, changes, sentence):
    upload(office)
    contact_import = TableImport.objects.get()
    response = office.post(reverse("crm:import_run", args=[contact_import.pk]), columns(**changes))
    assert response.status_code == 422 and sentence in response.content.decode()
    contact_import.refresh_from_db()
    assert contact_import.state == "preview"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (b"\x00\x01" * 200, "Das ist keine Tabelle. Wir können CSV- und XLSX-Dateien lesen."),
        (b"Name;Ort\n", "In der Datei stehen keine Zeilen, höchstens Überschriften."),
        (b'Name\n"offen', "Zeile 2 lässt sich nicht lesen: Die Anführungszeichen passen nicht zusammen."),
    ],
)
def test_a_refused_file_says_why(office, content, sentence):
    response = upload(office, content)
    assert response.status_code == 422 and response.content.decode().count(sentence) == 2
    assert not TableImport.objects.exists()


def test_without_a_file_it_asks_for_one(office):
    response = office.post(UPLOAD, {"kind": "contacts"})
    assert response.status_code == 422 and "Bitte wählen Sie eine Datei." in response.content.decode()


def test_fifty_megabytes_are_refused_without_being_read_into_memory(office):
    import tracemalloc

    class Endless(io.RawIOBase):
        """Fifty megabytes that exist nowhere."""

        name, content_type, left = "gross.csv", "text/csv", 50 * 1024 * 1024

        def read(self, size=-1):
            size = self.left if size < 0 else min(size, self.left)
            self.left -= size
            return b"x" * size

    upload = SimpleUploadedFile("gross.csv", b"x")
    upload.file, upload.size = Endless(), 50 * 1024 * 1024
    tracemalloc.start()
    with pytest.raises(Exception, match="größer als 20 MB"):
        imports.upload(upload, by=None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000 and not TableImport.objects.exists()


def test_markup_in_a_table_is_shown_as_text(office):
    response = office.get(upload(office, 'Nachname;<b>x</b>\n"<script>alert(1)</script>";y\n').url)
    page = response.content.decode()
    assert "<script>alert(1)" not in page and "<b>x</b>" not in page


@pytest.mark.parametrize(("name", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_all_contacts_come_out(office, name, start):
    make.make_customer()
    response = office.get(reverse(f"crm:export_{name}"))
    content = b"".join(response.streaming_content)
    assert content.startswith(start)
    assert f".{name}" in response["Content-Disposition"] and response["Content-Disposition"].startswith("attachment")


def test_another_business_is_not_in_the_export(office):
    from accounts import current

    make.make_customer("Brandt")
    with current.working_for(make.make_business("Andere")):
        make.make_customer("Geheim")
    content = b"".join(office.get(reverse("crm:export_csv")).streaming_content)
    assert b"Brandt" in content and b"Geheim" not in content


def test_tried_reported_and_taken_back(office):
    preview = upload(office).url
    pk = TableImport.objects.get().pk
    assert office.get(reverse("crm:import_report", args=[pk])).status_code == 404
    assert office.post(reverse("crm:import_try", args=[pk]), columns()).url == preview
    imports.run(pk)
    page = office.get(preview).content.decode()
    assert "2 Zeilen würden angelegt." in page
    report = office.get(reverse("crm:import_report", args=[pk]))
    assert b"".join(report.streaming_content).startswith(b"PK")
    office.post(reverse("crm:import_run", args=[pk]), columns())
    imports.run(pk)
    assert "Übernahme zurücknehmen" in office.get(preview).content.decode()
    assert office.post(reverse("crm:import_undo", args=[pk])).url == preview
    imports.run(pk)
    assert "2 Zeilen sind wieder weg." in office.get(preview).content.decode()
    assert not Customer.objects.exists()


def test_an_export_is_of_those_with_a_tag(office):
    make.make_customer("Brandt", tags=["Flur"])
    make.make_customer("Noll")
    tag = Tag.objects.get()
    content = b"".join(office.get(reverse("crm:export_csv"), {"tag": tag.pk}).streaming_content).decode()
    assert "Brandt" in content and "Noll" not in content
    assert office.get(reverse("crm:export_csv"), {"tag": 999}).status_code == 404
