"""Appointments in Chromium: the customer chooses by keyboard and without script, the office reads its week."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from crm import access
from crm.models import Appointment
from tests import looks, make

pytestmark = pytest.mark.journey
SMALL = """() => [...document.querySelectorAll('main .btn, main .slot')].filter((each) => {
  const box = each.getBoundingClientRect(); return box.width < 43.5 || box.height < 43.5;
}).map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture
def owner(transactional_db, settings, live_server):
    settings.PUBLIC_BASE_URL = live_server.url
    with current.working_for(make.make_business()):
        yield make.make_member()


def test_a_customer_takes_moves_and_calls_off_by_keyboard_without_script(owner, open_page):
    arrangement = make.make_arrangement(by=owner, assignee=owner, place="Rotdornweg 8")
    page = open_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(access.url(access.links_to(arrangement).get()))
    assert page.evaluate(SMALL) == []
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Termin steht.")
    first = Appointment.objects.get().starts_at
    page.get_by_role("link", name="Verschieben").click()
    page.locator("input[type=radio]").last.check()
    page.get_by_role("button", name="Auf diese Zeit verschieben").click()
    assert Appointment.objects.get().starts_at > first
    page.get_by_role("link", name="Absagen").click()
    page.get_by_label("Ja, bitte sagen Sie den Termin ab").check()
    page.get_by_role("button", name="Termin absagen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dieser Termin ist abgesagt.")


def test_everybody_can_read_the_pages_of_appointments(owner, open_page):
    arrangement = make.make_arrangement(by=owner, assignee=owner)
    lights = [(320, "light"), (1280, "dark")]
    customer = open_page()
    customer.goto(access.url(access.links_to(arrangement).get()))
    looks.in_every_light(customer, customer.url, lights)
    soon = timezone.now() + timedelta(minutes=5)
    make.make_appointment(title="Aufmaß", starts_at=soon, assignee=owner)
    make.make_todo("Filter reinigen", by=owner, due_on=timezone.localdate(), every=1)
    office = open_page(owner)
    for address in ("/kalender/", "/aufgaben/", "/einstellungen/termine/", arrangement.get_absolute_url()):
        looks.in_every_light(office, address, lights)
    office.goto("/kalender/")
    before = office.url
    office.get_by_role("link", name="Woche danach").focus()
    office.keyboard.press("Enter")
    office.wait_for_url(lambda url: url != before)
    expect(office.get_by_role("heading", level=1)).to_have_text("Kalender")
