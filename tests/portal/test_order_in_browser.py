"""The order's page in Chromium: everything on it at once, narrow and dark, and a change order accepted without script."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from billing import order_photos, orders, shipments
from billing.models import Milestone
from crm import access, attachments
from tests import make

pytestmark = pytest.mark.journey
SMALL = """() => [...document.querySelectorAll('main a[href], main button')].filter((each) => {
  const box = each.getBoundingClientRect();
  return each.checkVisibility() && getComputedStyle(each).display !== 'inline' && (box.width < 43.5 || box.height < 43.5);
}).map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture
def link(transactional_db, settings, live_server):
    """An order with all that its page can say."""
    settings.PUBLIC_BASE_URL = live_server.url
    with current.working_for(make.make_business()):
        owner = make.make_member()
        order = make.make_order()
        today = timezone.localdate()
        orders.move(order, "scheduled", by=owner, planned_on=today + timedelta(days=9))
        orders.reschedule(order, planned_on=today + timedelta(days=10), by=owner, reason="Die Platte kommt später.")
        orders.assign(order, owner)
        shipments.add(
            order, carrier="dhl", tracking_number="00340434161094015902", contents="Griffe", expected_on=today, by=owner
        )
        stage = Milestone.objects.create(order=order, sort=2, label="Fertigung", planned_on=today, note="Emre baut.")
        photo = attachments.add(order.customer, make.upload(make.picture((800, 600))), is_told=False)
        attachments.make_preview(photo.pk)
        photo.refresh_from_db()
        order_photos.release(order, photo, milestone=stage, description="Verleimter Korpus")
        make.make_sent_amendment(order, by=owner, lines=[make.line("Dimmer", price="60")])
        yield make.link_to(order)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_for_everybody(open_page, link, scheme):
    page = open_page(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page.goto(f"/l/{access.token(link)}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ihr Termin steht")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(SMALL) == []
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


def test_a_change_order_is_found_and_accepted_without_script(open_page, link):
    page = open_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(f"/l/{access.token(link)}/")
    page.get_by_role("link", name="Nachtrag ansehen").click()
    expect(page.get_by_text("zu Ihrem Auftrag")).to_be_visible()
    page.locator(".bar").get_by_role("button", name="Prüfen und beauftragen").click()
    page.locator("#id_name").fill("Sabine Brandt")
    page.get_by_role("button", name="Zahlungspflichtig bestellen").click()
    page.get_by_role("link", name="Stand des Auftrags ansehen").click()
    expect(page.get_by_text("7.943,25 €")).to_be_visible()  # 7,871.85 and 71.40
    expect(page.get_by_role("link", name="Nachtrag ansehen")).to_have_count(0)
