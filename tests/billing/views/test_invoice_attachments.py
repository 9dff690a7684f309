"""Files of a draft on its page, and of an issued invoice on the pages of office and customer."""

import json

import pytest
from django.urls import reverse

from billing import invoice_attachments, invoices
from billing.documents import einvoice
from billing.models import EinvoiceCheck
from crm import access, attachments
from tests import make
from tests.billing.views.editing import invoice_fields

ROW = {"text": "Türschloss ersetzt", "unit_price": "400"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture
def draft(business):
    return make.make_draft_invoice()


def url(name, *ids):
    return reverse(f"billing:invoice_{name}", args=ids)


def pdf(name="Aufmaß.pdf", content=PDF):
    return make.upload(content, name, "application/pdf")


def test_files_are_added_with_what_was_typed(office, draft):
    known = attachments.add(draft.customer, pdf("Regiebericht.pdf", PDF + b"2"))
    fields = invoice_fields(ROW, title="Schloss", attachment_known=str(known.pk), attachment_description="Nachweis")
    response = office.post(url("attachment_add", draft.pk), {**fields, "attachment_files": pdf()})
    assert response.url == f"{url('edit', draft.pk)}#anlagen"
    draft.refresh_from_db()
    assert [(each.name, each.description) for each in draft.attachments.all()] == [
        ("Aufmaß.pdf", "Nachweis"), ("Regiebericht.pdf", "Nachweis"),
    ]  # fmt: skip
    assert draft.title == "Schloss"
    page = office.get(url("edit", draft.pk)).content.decode()
    assert "Aufmaß.pdf" in page and 'name="attachment_known"' not in page


def test_what_is_refused_is_said_and_the_rest_is_kept(office, draft):
    fields = invoice_fields(ROW, title="Schloss")
    response = office.post(
        url("attachment_add", draft.pk), {**fields, "attachment_files": [pdf(), make.upload(b"MZ", "a.exe")]}
    )
    page = response.content.decode()
    assert response.status_code == 422 and "a.exe: In eine E-Rechnung dürfen PDF" in page and "Aufmaß.pdf" in page
    assert office.post(url("attachment_add", draft.pk), fields).status_code == 422


def test_a_file_of_another_contact_is_none(office, draft):
    other = attachments.add(make.make_customer("Anders"), pdf())
    response = office.post(url("attachment_add", draft.pk), invoice_fields(ROW, attachment_known=str(other.pk)))
    assert response.status_code == 422 and not draft.attachments.exists()


def test_files_are_put_in_order_and_removed(office, draft):
    first = invoice_attachments.add(draft, pdf("1.pdf"))
    second = invoice_attachments.add(draft, pdf("2.pdf", PDF + b"2"))
    office.post(url("attachment_move", draft.pk, second.pk), invoice_fields(ROW, to="up"))
    assert list(draft.attachments.all()) == [second, first]
    office.post(url("attachment_remove", draft.pk, second.pk), invoice_fields(ROW))
    assert list(draft.attachments.all()) == [first]


def test_once_issued_they_are_downloads_only(office, draft):
    kept = invoice_attachments.add(draft, pdf(), description="Aufmaß")
    invoices.issue(draft, by=None)
    assert (
        office.post(url("attachment_add", draft.pk), {"attachment_files": pdf("2.pdf", PDF + b"2")}).status_code == 409
    )
    assert office.post(url("attachment_remove", draft.pk, kept.pk)).status_code == 409
    page = office.get(draft.get_absolute_url()).content.decode()
    assert url("attachment", draft.pk, kept.pk) in page and url("attachment_remove", draft.pk, kept.pk) not in page
    response = office.get(url("attachment", draft.pk, kept.pk))
    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_the_page_says_what_was_checked_and_hands_out_the_report(office, draft):
    invoices.issue(draft, by=None)
    page = office.get(draft.get_absolute_url()).content.decode()
    assert "E-Rechnung geprüft, keine Fehler." in page and "Factur-X / ZUGFeRD EN 16931 1.09.2, 627 Regeln" in page
    response = office.get(url("check", draft.pk))
    report = json.loads(response.content)
    assert (report["number"], "findings" in report) == (draft.number, False)
    assert response.content.decode() == EinvoiceCheck.objects.get().report
    assert office.get(url("check", make.make_draft_invoice().pk)).status_code == 404


def test_customers_download_them_by_their_link_only(client, draft):
    kept = invoice_attachments.add(draft, pdf(), description="Aufmaß")
    invoices.issue(draft, by=None, send_to=draft.customer.email)
    other = make.make_draft_invoice()
    foreign = invoice_attachments.add(other, pdf("geheim.pdf", PDF + b"2"))
    link = access.links_to(draft)[0]
    client.get(access.url(link))
    page = client.get(reverse("portal:invoice", args=[link.public_id])).content.decode()
    address = reverse("portal:invoice_attachment", args=[link.public_id, kept.pk])
    assert address in page and "Aufmaß.pdf" in page and "geheim" not in page
    response = client.get(address)
    assert (response.content, response.headers["Content-Type"]) == (PDF, "application/pdf")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("portal:invoice_attachment", args=[link.public_id, foreign.pk])).status_code == 404


def test_what_the_official_rules_say_is_shown_before_a_number_is_used(office, draft, monkeypatch):
    real = einvoice.build
    monkeypatch.setattr(einvoice, "build", lambda *args, **more: real(*args, **more).replace(b">380<", b">999<"))
    page = office.post(url("issue", draft.pk), {"send_to": ""})
    draft.refresh_from_db()
    assert page.status_code == 422 and draft.number is None
    assert "Die E-Rechnung hielte die Regel" in page.content.decode()
