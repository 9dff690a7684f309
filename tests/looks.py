"""What a page is looked at for in a browser: whether everybody can read it, and whether it fits."""

from axe_playwright_python.sync_playwright import Axe

WCAG = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
OPEN_FOLDS = "for (const fold of document.querySelectorAll('details')) fold.open = true"
NOTHING_GLIDES = "document.getAnimations().forEach((each) => each.finish())"  # no colour half way to another
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"


def violations(page, *, rules=WCAG, context=None) -> list[tuple[str, str]]:
    """(rule, where) of everything that keeps somebody out. `rules` None asks for good practice too.

    Only what is wrong is described: to name each element that is right as well takes axe half as long again.
    """
    options: dict = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [(each["id"], node["html"]) for each in found for node in each["nodes"][:3]]


def in_every_light(page, address, lights, *, height=900) -> None:
    """Open a page with all its folds, and look at it in each (width, colour scheme): everybody can read it, and nothing is
    wider than the window. The page comes once; only what its style sheets make of it differs.
    """
    page.set_viewport_size({"width": lights[0][0], "height": height})
    page.goto(address)
    page.evaluate(OPEN_FOLDS)
    for width, scheme in lights:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(NOTHING_GLIDES)
        where = (address, width, scheme)
        assert violations(page) == [], where
        content, window = page.evaluate(WIDTHS)
        assert content == window, (*where, f"{content} in {window}")
