"""Every page a customer can reach from a link, in a real browser: ux.md G1 to G9, light and dark, narrow and enlarged."""

import json
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.product import DESK, PHONE, ROOT, Person

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("product")]

AMOUNT = re.compile(r"[\d.,]+\s?€")
MONEY = re.compile(r"\d{1,3}(\.\d{3})*,\d{2}\xa0€")
CONTENT = re.compile(r"\.(pdf|xml|ics|zip|png)$|/bild(er)?/|/datei(en)?/|/nicht-erinnern/")
AT_MOST = 14  # pages behind one link
SHIFT = """() => new Promise((tell) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((each) => { if (!each.hadRecentInput) sum += each.value; }))
    .observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => tell(sum), 50);
})"""
SMALL = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter((each) => {
  const inline = each.tagName === 'A' && getComputedStyle(each).display === 'inline';
  const box = (each.matches('input') && each.closest('label') || each).getBoundingClientRect();
  const shown = each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && box.width > 1 && box.height > 1;
  return shown && !inline && (box.width < 43.5 || box.height < 43.5);
}).map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def links(product):
    """One link of each kind: {kind: address}."""
    said = subprocess.run(
        [sys.executable, "manage.py", "demo_info", "--json"], cwd=ROOT, env=product.environment,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(said.stdout)["links"]
    return {link["kind"]: link["url"] for link in reversed(found)}


@pytest.fixture(scope="module")
def phone(product, chromium):
    person = Person(chromium, product.base_url, device=PHONE)
    yield person
    person.context.close()


@pytest.fixture(scope="module")
def looked_at():
    """Pages that are behind several links are looked at once."""
    return set()


def pages_behind(person, address):
    """The addresses that a customer reaches with links from there, the first one included; content and mail aside."""
    person.page.goto(address)
    waiting, found = [urlsplit(person.page.url).path], {}
    while waiting and len(found) < AT_MOST:
        path = waiting.pop(0)
        if path in found:
            continue
        person.page.goto(path)
        found[path] = urlsplit(person.page.url).path  # where it leads: the home of a link is its document's page
        hrefs = person.page.eval_on_selector_all("a[href]", "all => all.map((each) => each.href)")
        own = [urlsplit(href) for href in hrefs if href.startswith(person.base_url)]
        waiting += [each.path for each in own if not CONTENT.search(each.path) and each.path.count("/") > 1]
    return list(dict.fromkeys(found.values()))


def complaints_about(person, path):
    """What is wrong with a page, in words."""
    page, wrong = person.page, []
    page.set_viewport_size(PHONE["viewport"])
    page.emulate_media(color_scheme="light")
    answer = page.goto(path)
    if "text/html" not in (answer.headers.get("content-type") or ""):
        return []
    is_error = answer.status >= 400
    wrong += [f"console: {text}" for text in person.complaints if not (is_error and "Failed to load" in text)]
    person.complaints.clear()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half way to another
        page.evaluate("document.getAnimations().forEach((each) => each.finish())")
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        wrong += [f"axe {scheme} {each['id']}: {each['nodes'][0]['html'][:140]}" for each in found]
    if page.locator("h1").count() != 1:
        wrong.append(f"{page.locator('h1').count()} h1")
    if page.locator("html").get_attribute("lang") not in {"de", "en"}:
        wrong.append("no lang")
    if " · " not in page.title():
        wrong.append(f"title {page.title()!r}")
    if (shift := page.evaluate(SHIFT)) > 0.02:
        wrong.append(f"shifts by {shift}")
    wrong += [f"small: {each}" for each in page.evaluate(SMALL)]
    amounts = AMOUNT.findall(page.locator("main").inner_text())
    wrong += [f"money {text!r}" for text in amounts if not MONEY.fullmatch(text)]
    page.keyboard.press("Tab")
    if "skip" not in (page.evaluate("document.activeElement.className") or ""):
        wrong.append("the first stop is not the skip link")
    page.set_viewport_size({"width": 320, "height": 640})
    wrong += _sideways(page, "320 px")
    page.set_viewport_size({"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wrong += _sideways(page, "640 px with text of 200 %")
    return wrong


def _sideways(page, name):
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return [f"scrolls sideways at {name}: {width}"] if width[0] > width[1] else []


@pytest.mark.parametrize(
    "kind", ["quote_consumer", "quote_business", "quote_gated", "order", "invoice", "feedback", "expired"]
)
def test_every_page_behind_a_link_is_fit_for_everybody(links, phone, looked_at, kind):
    wrong = {}
    for path in pages_behind(phone, links[kind]):
        if path in looked_at:
            continue
        looked_at.add(path)
        if complaints := complaints_about(phone, path):
            wrong[path] = complaints
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("kind", ["quote_consumer", "order", "invoice"])
def test_the_telephone_and_the_withdrawal_are_on_every_page(links, product, chromium, kind):
    """G9: also without script, at a desk."""
    person = Person(chromium, product.base_url, device=DESK, java_script_enabled=False)
    for path in pages_behind(person, links[kind])[:6]:
        person.page.goto(path)
        assert person.page.locator("header a[href^='tel:']").count() == 1, path
        assert person.page.locator("footer").get_by_text("Vertrag widerrufen").count() == 1, path
    person.context.close()
