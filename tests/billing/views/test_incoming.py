"""The pages of incoming invoices."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing import incoming_invoices
from billing.documents.einvoice import EN16931, build_ubl
from billing.models import IncomingInvoice
from tests import make
from tests.billing.documents.cases import CASES
from tests.billing.views.costs import queries

LIST = reverse("billing:incoming_invoices")
UPLOAD = reverse("billing:incoming_invoice_upload")


def upload(office, content, name="rechnung.xml"):
    return office.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def page(row):
    return reverse("billing:incoming_invoice", args=[row.pk])


def test_an_uploaded_invoice_is_shown_in_plain_words(office):
    response = upload(office, build_ubl(CASES["final"], EN16931))
    row = IncomingInvoice.objects.get()
    assert response.url == page(row)
    text = office.get(page(row)).content.decode().replace("\xa0", " ")
    for words in (
        "Tischlerei Haselbach",
        "RE-2026-0042",
        "3.570,00 €",
        "Abzüglich Abschlagsrechnung",
        "Inhaltsfehler",
        "6 m",
        "1 psch.",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Die Datei ist leer."),
        (b"hello", "weder XML noch PDF"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DTD ist nicht erlaubt."),
        (make.incoming_xml().replace("en16931", "x").encode(), "Profil unbekannt."),
    ],
)
def test_a_refused_file_says_why_on_its_field(office, content, words):
    response = upload(office, content)
    assert response.status_code == 422
    assert words in response.context["form"].errors["file"][0]
    assert not IncomingInvoice.objects.exists()


def test_no_file_is_asked_for(office):
    response = office.post(UPLOAD)
    assert (response.status_code, response.context["form"].errors["file"]) == (422, ["Bitte wählen Sie eine Datei."])


def test_markup_of_a_stranger_is_text(office):
    xml = make.incoming_xml("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;img src=x onerror=alert(1)&gt;")
    row = incoming_invoices.take_in(xml.encode(), "a.xml")
    for address in (LIST, page(row)):
        text = office.get(address).content.decode()
        assert "&lt;img src=x onerror=alert(1)&gt;" in text
        assert "<img src=x" not in text and "<script>alert" not in text


def test_the_original_is_saved_never_shown(office):
    row = make.make_incoming_invoice()
    response = office.get(reverse("billing:incoming_invoice_file", args=[row.pk]) + "?anzeigen=1")
    assert b"".join(response.streaming_content) == make.incoming_xml().encode()
    assert response["Content-Disposition"].startswith("attachment")


def test_a_decision_is_noted(office):
    row = make.make_incoming_invoice()
    decide = reverse("billing:incoming_invoice_decide", args=[row.pk])
    response = office.post(decide, {"state": "rejected"})
    assert response.status_code == 422 and "note" in response.context["form"].errors
    office.post(decide, {"state": "rejected", "note": "falscher Empfänger"})
    row.refresh_from_db()
    assert (row.state, row.note) == ("rejected", "falscher Empfänger")
    assert [each.pk for each in office.get(LIST, {"stand": "zurueck"}).context["page"].rows] == [row.pk]
    assert office.get(LIST).context["page"].rows == []


def test_the_list_costs_the_same_for_any_number(office):
    make.make_incoming_invoice("1")
    cost = queries(office, LIST)
    for number in ("2", "3"):
        make.make_incoming_invoice(number)
    assert queries(office, LIST) == cost
