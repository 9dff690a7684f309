"""The order's page in Chromium (AUF1 to AUF7): everything on it at once, narrow and dark, and a change order accepted
without script.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current, formats
from billing import order_photos, orders, shipments, sign_offs
from billing.models import Milestone, Order
from crm import access, attachments
from tests import make
from tests.looks import NOTHING_GLIDES, violations

pytestmark = pytest.mark.journey
YEAR = timezone.localdate().year + 1
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
        orders.move(order, "scheduled", by=owner, planned_on=date(YEAR, 1, 26))
        orders.reschedule(order, planned_on=date(YEAR, 1, 27), by=owner, reason="Die Platte kommt später.")
        orders.assign(order, owner)
        shipments.add(
            order, carrier="dhl", tracking_number="00340434161094015902", contents="Griffe", expected_on=today, by=owner
        )
        stage = Milestone.objects.create(order=order, sort=2, label="Fertigung", planned_on=today, note="Emre baut.")
        order_photos.release(order, photo_of(order), milestone=stage, description="Verleimter Korpus")
        refused = make.make_sign_off(order, by=owner)
        sign_offs.refuse(refused, reason="Tür 2 klemmt", customer_name="Sabine Brandt", channel="on_site", by=owner)
        make.make_sent_amendment(order, by=owner, lines=[make.line("Dimmer", price="60")])
        yield make.link_to(order)


def photo_of(order):
    """A photo with its previews."""
    photo = attachments.add(order.customer, make.upload(make.picture((800, 600))), is_told=False)
    attachments.make_preview(photo.pk)
    photo.refresh_from_db()
    return photo


def calendar_entry(card):
    """The lines of the calendar file that a card of the page hands out, by their names."""
    with card.page.expect_download() as download:
        card.get_by_role("link", name="In den Kalender").click()
    assert download.value.suggested_filename == "Termin.ics"
    return dict(line.split(":", 1) for line in download.value.path().read_text().splitlines())


def test_the_page_is_for_everybody(open_page, link):
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto(f"/l/{access.token(link)}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ihr Termin steht")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(SMALL) == []
    expect(page.get_by_role("link", name="Abnahmeprotokoll")).to_be_visible()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(NOTHING_GLIDES)
        assert (scheme, violations(page, rules=None)) == (scheme, [])


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


def test_where_it_stands_what_moved_what_goes_into_the_calendar_and_which_photos_are_released(open_page, link):
    """AUF1 to AUF5, AUF7"""
    order = Order.objects.get()
    inside = photo_of(order)
    starts_at = timezone.make_aware(datetime(YEAR, 1, 20, 9, 30))
    make.make_appointment(order.customer, "Aufmaß", starts_at=starts_at, minutes=90, place="Rotdornweg 8, Hamburg")
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto(f"/l/{access.token(link)}/")

    steps = page.locator("[aria-current=step]")
    expect(steps).to_have_count(1)
    expect(steps.get_by_role("heading")).to_have_text("Termin steht, läuft")
    changed = page.locator(".eyebrow", has_text="Stand:").locator("time")
    assert datetime.fromisoformat(changed.get_attribute("datetime")) == order.changed_at.replace(
        second=0, microsecond=0
    )
    expect(changed).to_have_text(f"heute, {formats.clock(order.changed_at)}")
    expect(page.get_by_text(f"neu: 27. Januar {YEAR} (vorher 26.)")).to_be_visible()
    expect(page.get_by_text("Die Platte kommt später.")).to_have_count(1)

    appointment = calendar_entry(page.locator("section", has_text="Als Nächstes"))
    when = [datetime.strptime(appointment[key], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for key in ("DTSTART", "DTEND")]
    assert when == [starts_at, starts_at + timedelta(minutes=90)]
    assert appointment["LOCATION"] == "Rotdornweg 8\\, Hamburg"
    day = calendar_entry(page.locator("section", has_text="Geplant"))
    assert (day["DTSTART;VALUE=DATE"], day["DTEND;VALUE=DATE"]) == (f"{YEAR}0127", f"{YEAR}0128")

    shown = page.locator("main img")
    expect(shown).to_have_count(1)
    said = {name: shown.get_attribute(name) for name in ("width", "height", "loading", "alt")}
    assert said == {"width": "800", "height": "600", "loading": "lazy", "alt": "Verleimter Korpus"}
    for place in (f"bild/{inside.pk}/", f"bild/{inside.pk}/640/", f"datei/{inside.pk}/"):
        assert page.request.get(f"/k/{link.public_id}/{place}").status == 404
    with page.expect_navigation() as whole:
        shown.click()
    assert (whole.value.status, whole.value.headers["content-type"]) == (200, "image/webp")


def test_a_cancelled_order_says_so_and_names_no_appointment_any_more(open_page, link):
    """AUF6"""
    order = Order.objects.get()
    make.make_appointment(order.customer, "Aufmaß")
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto(f"/l/{access.token(link)}/")
    expect(page.get_by_role("link", name="In den Kalender")).to_have_count(2)
    orders.move(order, "cancelled", by=None, tell=False)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dieser Auftrag wurde storniert.")
    expect(page.get_by_role("link", name="In den Kalender")).to_have_count(0)
    for words in ("Aufmaß", "Als Nächstes", "neu:"):
        expect(page.get_by_role("main").get_by_text(words)).to_have_count(0)
