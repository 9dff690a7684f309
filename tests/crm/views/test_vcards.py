"""Visiting cards on the page."""

import pytest
from django.urls import reverse

from crm.models import Customer
from tests import make
from tests.crm.test_vcards import APPLE, OLD_PHONE


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def test_one_contact_and_all_of_them_go_out(office):
    customer = make.make_customer("Müller")
    answer = office.get(reverse("crm:vcard_download", args=[customer.pk]), {"version": "3.0"})
    assert answer["Content-Disposition"] == 'attachment; filename="sabine-muller.vcf"'
    assert b"VERSION:3.0\r\n" in answer.getvalue()
    make.make_company()
    assert office.get(reverse("crm:export_vcf")).getvalue().count(b"BEGIN:VCARD") == 2


def test_files_come_in_after_a_look(office):
    there = make.make_customer("Müller", first_name="Jörg", mobile="0171 2345678")
    url = reverse("crm:vcard_upload")
    files = [make.upload(raw, f"{n}.vcf", "text/vcard") for n, raw in enumerate((OLD_PHONE, APPLE))]
    page = office.post(url, {"file": files}).content.decode()
    assert "2 Visitenkarten" in page and there.get_absolute_url() in page and Customer.objects.count() == 1
    packed = page.split('name="cards" value="')[1].split('"')[0]
    answer = office.post(reverse("crm:vcard_take_over"), {"cards": packed, "card": ["1", "99", "x"]})
    made = Customer.objects.exclude(pk=there.pk).get()
    assert (answer.url, made.name) == (made.get_absolute_url(), "Café Morgenrot GmbH")


def test_what_is_no_card_is_said(office):
    url = reverse("crm:vcard_upload")
    answer = office.post(url, {"file": make.upload(b"GIF89a", "a.vcf", "text/vcard")})
    assert answer.status_code == 422 and "keine Visitenkarte" in answer.content.decode()
    answer = office.post(url, {})
    assert answer.status_code == 422 and "Bitte wählen Sie eine Datei." in answer.content.decode()
    answer = office.post(reverse("crm:vcard_take_over"), {"cards": "erfunden"}, follow=True)
    assert "Bitte wählen Sie die Datei noch einmal." in answer.content.decode()
