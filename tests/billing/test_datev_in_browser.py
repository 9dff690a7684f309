"""The pages for the tax adviser and of VAT figures in Chromium: on a phone and at a desk, in both schemes, without script."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from billing import tasks
from billing.datev import account_settings, exports
from billing.models import DatevExport
from tests import make
from tests.looks import in_every_light

pytestmark = pytest.mark.journey
LIGHTS = [(320, "dark"), (1280, "light")]
PAGES = ("datev", "datev_settings", "vat_report")


@pytest.fixture
def month():
    """The first day of the month before this one."""
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def jana(transactional_db, month):
    business = make.make_business(datev_consultant=29098, datev_client=55003)
    with current.working_for(business):
        jana = make.make_member(name="Jana")
        with time_machine.travel(timezone.now().replace(year=month.year, month=month.month, day=20)):
            make.make_open_invoice(by=jana)
        account_settings.set_account(business, key="skonto:eu_goods", account=8742, valid_from=month)
        yield jana


def test_pages_fit_and_read_well(jana, month, open_page):
    tasks.export_for_datev(exports.ask(month, by=jana).pk)
    exports.ask(month, by=jana, is_correction=True)
    page = open_page(jana)
    for name in PAGES:
        in_every_light(page, reverse(f"billing:{name}"), LIGHTS)


def test_a_month_is_handed_over_with_the_keyboard_and_without_script(jana, open_page):
    page = open_page(jana, java_script_enabled=False)
    page.goto(reverse("billing:datev"))
    page.get_by_role("button", name="Übergeben").press("Enter")
    expect(page.get_by_text("wird zusammengestellt", exact=True)).to_be_visible()
    export = DatevExport.objects.get()
    tasks.export_for_datev(export.pk)
    page.get_by_role("link", name="Aktualisieren").press("Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name="Herunterladen").press("Enter")
    assert download.value.suggested_filename == f"DATEV-{export.first_on:%Y-%m}-{export.pk}.zip"
