"""Spelling folded away, so that mueller finds Müller and 0171/23 45 finds +49 171 2345. Pure functions."""

import re
import unicodedata

import phonenumbers

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def fold(*texts: str) -> str:
    """One lower-case line without accents, umlauts written out, words separated by single blanks, framed by blanks."""
    line = " ".join(text for text in texts if text).casefold().translate(_UMLAUTS)
    line = unicodedata.normalize("NFKD", line)
    line = "".join(c for c in line if not unicodedata.combining(c))
    return f" {' '.join(line.split())} "


def fold_phones(*numbers: str) -> str:
    """Each number as its national digits without the leading zero: what all spellings have in common."""
    return "".join(f"{digits} " for number in numbers if (digits := _national(number)))


def words(text: str) -> list[str]:
    """The folded words of a search; a text that looks like a telephone number is one word of digits."""
    text = text.replace("\x00", "")
    if re.fullmatch(r"[+()\d/ .-]{4,}", text.strip()) and (digits := _national(text)):
        return [digits]
    return fold(text).split()


def _national(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    try:
        parsed = phonenumbers.parse(number, "DE")
    except phonenumbers.NumberParseException:
        return digits.lstrip("0")
    return str(parsed.national_number)
