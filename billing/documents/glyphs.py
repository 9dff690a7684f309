"""What our fonts can print. A sign without a glyph would make the archive invalid, and look different on every server."""

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

# Signs people paste that Inter does not have, in signs it has
SPELT = {
    "→": "->", "←": "<-", "⇒": "=>", "≤": "<=", "≥": ">=", "≈": "~", "≠": "!=", "‰": "o/oo",
    "●": "•", "■": "•", "▪": "•", "◦": "•", "‣": "•", "∅": "Ø", "⌀": "Ø",
    "☐": "[ ]", "☑": "[x]", "☒": "[x]", "✓": "[x]", "✔": "[x]",
    "‐": "-", "‑": "-", "\u202f": "\u00a0", "\u00ad": "",
}  # fmt: skip
KEPT = frozenset("\t\n\r")


def printable(text: str, folder: Path) -> str:
    """The text in signs the fonts of the folder have: others spelt, letters as "?", emoji and the like left out."""
    known = _known(folder)
    return "".join(sign if sign in known else _spelt(sign, known) for sign in unicodedata.normalize("NFC", text))


def _spelt(sign, known):
    found = SPELT.get(sign) or unicodedata.normalize("NFKC", sign)
    if found != sign and all(each in known for each in found):
        return found
    plain = unicodedata.normalize("NFKD", sign)[0]
    if plain in known:
        return plain
    return "?" if unicodedata.category(sign).startswith("L") else ""


@cache
def _known(folder):
    """The signs of all regular fonts; the semibold ones have the same."""
    found = set(KEPT)
    for path in folder.glob("*-400-normal.woff2"):
        with TTFont(path) as font:
            found |= {chr(code) for code in font.getBestCmap() if code > 31}
    return frozenset(found)
