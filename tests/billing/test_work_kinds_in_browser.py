"""The kinds of work as the office shapes them: without script, by keyboard, on a narrow screen, readable for everybody."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts import current
from billing import work_kinds
from tests import make
from tests.looks import in_every_light

pytestmark = pytest.mark.journey


@pytest.fixture
def jana(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(name="Jana")


def test_a_kind_is_shaped_without_script_by_keyboard(jana, open_page):
    page = open_page(jana, viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(reverse("billing:work_kind_list"))
    page.get_by_role("button", name=re.compile("^Anlegen ?: Reparatur")).click()
    page.get_by_label("Meilenstein 2", exact=True).fill("Ersatzteil da")
    page.get_by_role("button", name=re.compile("^Nach unten ?: Ersatzteil bestellt")).press("Enter")
    expect(page.get_by_label("Meilenstein 3", exact=True)).to_have_value("Ersatzteil da")
    page.get_by_label("Art der Arbeit").fill("Notdienst")
    page.get_by_label("Art der Arbeit").press("Enter")
    expect(page.get_by_role("link", name="Notdienst")).to_be_visible()
    with current.working_for(jana.business):
        steps = work_kinds.steps_of(work_kinds.active().get())
    assert [step.label for step in steps][:3] == ["Beauftragt", "Termin steht", "Ersatzteil da"]


def test_list_and_form_are_readable_for_everybody(jana, open_page):
    kind = work_kinds.create_from_template("furniture")
    work_kinds.make_default(kind)
    work_kinds.archive(work_kinds.create_from_template("repair"))
    page = open_page(jana)
    for name, args in {"work_kind_list": [], "work_kind_edit": [kind.pk]}.items():
        in_every_light(page, reverse(f"billing:{name}", args=args), [(1280, "light"), (320, "dark")])
