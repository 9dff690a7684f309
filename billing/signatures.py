"""A drawn signature: the data of an SVG path in a box of 600 by 200, absolute moves and lines only (R90). Pure."""

import re

WIDTH, HEIGHT = 600, 200
LONGEST = 60_000  # characters; a slow, ornate signature has about 8,000
_POINT = r"\d{1,3} \d{1,3}"
_PATH = re.compile(rf"(?:M {_POINT}(?: L {_POINT})+)(?: M {_POINT}(?: L {_POINT})+)*")


def clean(text: str) -> str:
    """What was drawn, or "" for nothing. Raises ValueError for anything that is not a drawing of ours."""
    text = " ".join(text.split())
    if not text:
        return ""
    if len(text) > LONGEST or not _PATH.fullmatch(text):
        raise ValueError("not a drawn signature")
    if any(int(x) > WIDTH or int(y) > HEIGHT for x, y in re.findall(r"(\d{1,3}) (\d{1,3})", text)):
        raise ValueError("drawn outside the box")
    return text
