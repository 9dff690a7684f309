"""The protocol of a sign-off in a real browser (ODT4): with a finger on a tablet, and with the keys alone."""

import pytest
from playwright.sync_api import expect

from accounts import current
from accounts.rights import Role
from billing import orders, signatures
from billing.models import Defect, SignOff
from tests import make

pytestmark = pytest.mark.journey


@pytest.fixture
def emre(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(Role.FIELD_WORKER, name="Emre Yıldız")


@pytest.fixture
def begun(emre):
    """A protocol of Emre's order."""
    order = make.make_completed_order()
    orders.assign(order, emre)
    return make.make_sign_off(order, by=emre, warranty="")


@pytest.fixture
def tablet(emre, open_page):
    """Emre's tablet, upright."""
    return open_page(emre, viewport={"width": 820, "height": 1180}, has_touch=True)


def draw(page, box):
    """A stroke across a signature field."""
    canvas = box.locator("canvas")
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    page.mouse.move(frame["x"] + 40, frame["y"] + 60)
    page.mouse.down()
    page.mouse.move(frame["x"] + 200, frame["y"] + 100, steps=5)
    page.mouse.up()


def test_a_defect_with_a_photo_a_reservation_and_drawn_signatures(tablet, begun):
    tablet.goto(begun.get_absolute_url())
    tablet.get_by_label("Bauwerk", exact=True).check()
    tablet.get_by_label("Welcher Mangel?").fill("Kratzer an Tür 2")
    tablet.get_by_label("Zu beheben bis").fill("2099-12-04")
    photo = {"name": "kratzer.jpg", "mimeType": "image/jpeg", "buffer": make.picture()}
    tablet.get_by_label("Foto dazu").set_input_files(photo)
    tablet.get_by_role("button", name="Mangel hinzufügen").click()
    expect(tablet.get_by_text("zu beheben bis 4. Dezember 2099")).to_be_visible()
    expect(tablet.get_by_label("Bauwerk", exact=True)).to_be_checked()  # saved along the way
    expect(tablet.locator("input[name^=reserves]:checked")).to_have_count(0)

    for box in tablet.locator("[data-signature]").all():
        draw(tablet, box)
    tablet.get_by_role("button", name="Abnahme erklären").click()
    expect(tablet.get_by_role("alert")).to_contain_text("Bitte beantworten Sie, ob Rechte")
    tablet.get_by_label("Ja, vorbehalten").check()
    tablet.get_by_role("button", name="Abnahme erklären").click()

    expect(tablet.get_by_text("Gewährleistung bis")).to_be_visible()
    sign_off = SignOff.objects.get()
    assert (sign_off.state, sign_off.reserves_defects) == ("accepted", True)
    for drawn in (sign_off.customer_signature, sign_off.business_signature):
        assert signatures.clean(drawn).count("L") > 4
    assert Defect.objects.get().photo is not None


def test_with_the_keys_alone_the_typed_name_signs(tablet, begun):
    tablet.goto(begun.get_absolute_url())

    def to(name):
        """Press Tab until the control is reached."""
        for _press in range(60):
            tablet.keyboard.press("Tab")
            if tablet.evaluate("document.activeElement.name") == name:
                return
        raise AssertionError(f"{name} is not reached by Tab")

    to("warranty")
    tablet.keyboard.press("Space")
    to("customer_name")
    tablet.keyboard.press("Control+A")
    tablet.keyboard.type("Sabine Brandt-Voss")
    tablet.keyboard.press("Enter")  # saves, and decides nothing
    expect(tablet.get_by_text("Gesichert.")).to_be_visible()
    assert SignOff.objects.get().state == "draft"
    to("customer_name")
    to("tun")  # skips the drawing: it takes no focus, the name is enough
    while tablet.evaluate("document.activeElement.value") != "abnehmen":
        tablet.keyboard.press("Tab")
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_text("Gewährleistung bis")).to_be_visible()
    sign_off = SignOff.objects.get()
    assert (sign_off.state, sign_off.customer_name, sign_off.customer_signature) == (
        "accepted", "Sabine Brandt-Voss", "",
    )  # fmt: skip
