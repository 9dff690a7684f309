"""A customer's page in the hands of somebody who has a keyboard only."""

import re

from playwright.sync_api import expect

# What has the focus, and whether it is seen: outlined (itself or the card around it) and not wholly under something else.
FOCUS = """() => {
  const here = document.activeElement;
  const box = here.getBoundingClientRect();
  const ring = (each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  };
  const around = [];
  for (let each = here; each; each = each.parentElement) around.push(each);
  const shares = [0.1, 0.5, 0.9];
  const hits = shares.flatMap((x) => shares.map((y) =>
    document.elementFromPoint(box.x + box.width * x, box.y + box.height * y)));
  return {
    what: here.outerHTML.slice(0, 100),
    isLost: here === document.body,
    isOutlined: here.tabIndex < 0 || here.matches(':focus-visible') && around.some(ring), // a headline does nothing
    isInView: hits.some((hit) => hit && (here.contains(hit) || hit.contains(here))),
  };
}"""
# Links within the page whose target takes no focus: the next Tab would begin at the top again in some browsers.
DEAD_ENDS = """() => [...document.querySelectorAll('a[href^="#"]')].filter((each) =>
  !document.getElementById(each.hash.slice(1))?.matches('[tabindex], input, select, textarea')).map((each) => each.outerHTML)"""
HAS_FOCUS = "(each) => each === document.activeElement"


class Keys:
    """Presses keys on a page. At every stop the focus must be somewhere, outlined and in view (WCAG 2.4.7, 2.4.11)."""

    def __init__(self, page):
        self.page = page

    def press(self, *names: str) -> None:
        """Press keys, one after the other; the page stays the same one."""
        for name in names:
            self.page.keyboard.press(name)
        self.look()

    def look(self) -> None:
        """Fail when the focus is lost, not shown or covered by a bar (G6)."""
        seen = self.page.evaluate(FOCUS)
        assert not seen["isLost"], self.page.url
        assert seen["isOutlined"], seen["what"]
        assert seen["isInView"], seen["what"]

    def skip(self) -> None:
        """The first stop is the link that skips the header; it leads into the content (G4), as every link within the page
        leads to something that takes the focus.
        """
        assert self.page.evaluate(DEAD_ENDS) == []
        self.press("Tab")
        skip = self.page.get_by_role("link", name="Zum Inhalt springen")
        expect(skip).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("main")).to_be_focused()

    def to(self, goal, *, most: int = 60) -> None:
        """Tab until the goal has the focus."""
        for _ in range(most):
            self.press("Tab")
            if goal.evaluate(HAS_FOCUS):
                return
        raise AssertionError(f"{goal} is not reached with Tab")

    def go(self, goal, address: str) -> None:
        """Tab to a link or button, press Enter, and be on the page with that end of its address."""
        self.to(goal)
        with self.page.expect_navigation(url=re.compile(address)):
            self.page.keyboard.press("Enter")
