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


def name_words(*texts: str) -> set[str]:
    """The words of names and towns worth remembering: of four letters and more, without digits."""
    return {word for word in re.split(r"[^a-z]+", fold(*texts)) if 4 <= len(word) <= 20}


def spellings(word: str) -> set[str]:
    """The word, and what is left of it when any one letter is left out."""
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def is_near(one: str, other: str) -> bool:
    """Whether two words differ by one letter (too many, missing, wrong) or by two neighbours swapped."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[place:] == other[place + 1 :]
    swapped = one[place : place + 2] == other[place : place + 2][::-1]
    return one[place + 1 :] == other[place + 1 :] or (swapped and one[place + 2 :] == other[place + 2 :])


def _national(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    try:
        parsed = phonenumbers.parse(number, "DE")
    except phonenumbers.NumberParseException:
        return digits.lstrip("0")
    return str(parsed.national_number)
