"""The page for the tax adviser: hand over, see what became of it, fetch the package, set numbers and accounts."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Business
from accounts.rights import Role
from billing import invoices, payments, tasks
from billing.models import DatevAccount, DatevExport, JournalEntry
from tests import make

PAGE, SETTINGS = "/buchhaltung/datev/", "/buchhaltung/datev/einstellungen/"


@pytest.fixture(autouse=True)
def december(business):
    """The third of December; in November there was an invoice, and the adviser's numbers are known."""
    Business.objects.filter(pk=business.pk).update(datev_consultant=29098, datev_client=55003)
    with time_machine.travel("2026-11-20 10:00:00+01:00", tick=False) as clock:
        bill()
        clock.move_to("2026-12-03 10:00:00+01:00")
        yield clock


def bill():
    draft = invoices.create(
        make.make_customer(), by=None, title="Fassade", lines=[make.line()], service_from=date(2026, 11, 18)
    )
    return invoices.issue(draft, by=None)


def hand_over(browser, **more):
    return browser.post(f"{PAGE}uebergeben/", {"month": "2026-11-01", **more}, follow=True)


def test_a_month_is_handed_over_and_its_package_fetched(office, woken, django_capture_on_commit_callbacks):
    assert "noch nicht übergeben" in office.get(PAGE).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        page = hand_over(office).content.decode()
    assert "Das Paket wird zusammengestellt. Buchungen: 1." in page
    assert "wird zusammengestellt" in page
    assert ">Aktualisieren</a>" in page
    export = DatevExport.objects.get()
    address = reverse("billing:datev_file", args=[export.pk])
    assert office.get(address).status_code == 404
    assert ("billing.tasks.export_for_datev", export.pk) in woken
    tasks.export_for_datev(export.pk)
    page = office.get(PAGE).content.decode()
    assert f'href="{address}"' in page
    assert ">Aktualisieren</a>" not in page
    answer = office.get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="DATEV-2026-11-{export.pk}.zip"'
    package = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "EXTF_Buchungsstapel_2026-11.csv" in package.namelist()


def test_what_is_refused_is_said_on_the_page(office):
    hand_over(office)
    answer = hand_over(office)
    assert answer.status_code == 409
    assert "schon ganz übergeben" in answer.content.decode()
    assert DatevExport.objects.count() == 1


def test_again_it_goes_out_as_a_correction(office):
    hand_over(office)
    page = hand_over(office, again="1").content.decode()
    assert '<span class="badge warn">Korrektur</span>' in page
    assert list(DatevExport.objects.order_by("pk").values_list("is_correction", flat=True)) == [False, True]


def test_what_came_late_is_shown_with_its_month(office):
    hand_over(office)
    assert "1 nachträglich" not in office.get(PAGE).content.decode()
    invoice = invoices.Invoice.objects.get()
    payments.record(invoice, amount=Decimal("119.00"), received_on=date(2026, 11, 30), by=None)
    assert "1 nachträglich" in office.get(PAGE).content.decode()


def test_a_package_that_did_not_come_about_yet_says_so(office):
    hand_over(office)
    DatevExport.objects.update(tries=1, reason="storage")
    assert "nicht gelungen, wird wieder versucht" in office.get(PAGE).content.decode()


def test_the_tax_adviser_hands_over_and_fetches_but_sets_nothing(business):
    adviser = make.signed_in_as(Role.TAX_ADVISER)
    assert hand_over(adviser).status_code == 200
    export = DatevExport.objects.get()
    tasks.export_for_datev(export.pk)
    answer = adviser.get(reverse("billing:datev_file", args=[export.pk]))
    assert b"".join(answer.streaming_content).startswith(b"PK")
    page = adviser.get(PAGE).content.decode()
    assert SETTINGS not in page
    assert adviser.get(SETTINGS).status_code == 403


def test_without_numbers_the_page_says_who_knows_them(office, business):
    Business.objects.filter(pk=business.pk).update(datev_client=None)
    assert "Beide nennt Ihnen Ihre Steuerberatung." in office.get(PAGE).content.decode()
    answer = hand_over(office)
    assert (answer.status_code, DatevExport.objects.count()) == (409, 0)


def test_numbers_are_kept_and_journalled(office, business):
    answer = office.post(
        SETTINGS,
        {"datev_consultant": "1001", "datev_client": "7", "datev_chart": "skr04", "datev_account_length": "5",
         "fiscal_year_month": "7"},
    )  # fmt: skip
    assert answer.url == PAGE
    business.refresh_from_db()
    assert (business.datev_consultant, business.datev_client, business.datev_chart) == (1001, 7, "skr04")
    assert JournalEntry.objects.filter(event="billing.master_data_changed").exists()


def test_wrong_numbers_are_said_at_the_field(office, business):
    answer = office.post(
        SETTINGS,
        {"datev_consultant": "1000", "datev_client": "7", "datev_chart": "skr03", "datev_account_length": "4",
         "fiscal_year_month": "1"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    business.refresh_from_db()
    assert business.datev_consultant == 29098


def test_an_account_of_ones_own_is_set_shown_and_forgotten(office):
    own = {"key": "skonto:eu_goods", "account": "8742", "valid_from": "2026-01-01"}
    assert office.post("/buchhaltung/datev/konten/", own).url == SETTINGS
    row = DatevAccount.objects.get()
    assert "8742" in office.get(SETTINGS).content.decode()
    # the same day again corrects it
    office.post("/buchhaltung/datev/konten/", own | {"account": "8743"})
    row.refresh_from_db()
    assert row.account == 8743
    assert office.post(f"/buchhaltung/datev/konten/{row.pk}/entfernen/").url == SETTINGS
    assert not DatevAccount.objects.exists()


@pytest.mark.parametrize("wrong", [{"account": "87420"}, {"key": "nichts"}, {"valid_from": "morgen"}])
def test_a_wrong_account_is_said_at_the_field(wrong, office):
    own = {"key": "skonto:eu_goods", "account": "8742", "valid_from": "2026-01-01"}
    answer = office.post("/buchhaltung/datev/konten/", own | wrong)
    assert (answer.status_code, DatevAccount.objects.exists()) == (422, False)
    assert f'href="#id_{next(iter(wrong))}"' in answer.content.decode()


@pytest.mark.parametrize("wrong", [{}, {"month": "november"}])
def test_a_month_that_is_none_is_refused(wrong, office):
    assert office.post(f"{PAGE}uebergeben/", wrong).status_code == 409


def test_the_page_costs_the_same_for_any_number_of_exports(office):
    hand_over(office)
    first = make.count_queries(office, PAGE)
    for _ in range(2):
        bill_late()
        hand_over(office, again="1")
    assert make.count_queries(office, PAGE) == first


def bill_late():
    with time_machine.travel("2026-11-25 10:00:00+01:00"):
        bill()


def test_what_failed_is_tried_again_from_the_page(office):
    hand_over(office)
    export = DatevExport.objects.get()
    DatevExport.objects.update(tries=3, failed_at=timezone.now(), reason="missing", detail="RE-2026-0001.pdf")
    page = office.get(PAGE).content.decode()
    assert "Die Datei eines Belegs fehlt im Speicher: RE-2026-0001.pdf" in page and "Aktualisieren" not in page
    page = office.post(reverse("billing:datev_retry", args=[export.pk]), follow=True).content.decode()
    assert "wird noch einmal zusammengestellt" in page and "fehlt im Speicher" not in page


def test_accounts_are_confirmed_on_the_page_of_settings(office):
    assert (
        "bestätigen lassen" in office.get(SETTINGS).content.decode()
        and "noch bestätigen" in office.get(PAGE).content.decode()
    )
    url = reverse("billing:datev_account_confirm")
    assert office.post(url, {"keys": ["transit"], "said_by": ""}).status_code == 422
    page = office.post(url, {"keys": ["transit"], "said_by": "Frau Brook"}, follow=True).content.decode()
    assert "bestätigt von Frau Brook" in page and "Bestätigte Konten: 1." in page
