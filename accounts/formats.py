"""How values read on screens, in mails and in PDFs: German or English, by the active language.

Nothing here knows a model or the database; times become local times of the active zone. `None` and "" become "".
The forms themselves are those of DIN 5008: points only in money, IBAN in fours, no brackets in telephone numbers.
"""

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

import phonenumbers
from django.utils import timezone
from django.utils.translation import get_language

NBSP, MINUS = "\u00a0", "\u2212"
REGION = "DE"

_DE_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_EN_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DE_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
_EN_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DE_SHORT = ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.")
_LEGAL_FORMS = {"gmbh", "ug", "kg", "ohg", "gbr", "ag", "e.k.", "ek", "co.", "co", "mbb", "partg", "se", "e.v.", "eg"}
_TITLES = {"dr.", "prof.", "dipl.-ing.", "ing.", "frau", "herr"}


def _english() -> bool:
    return (get_language() or "de").startswith("en")


def _number(value: Decimal, places: int) -> str:
    """Unsigned, grouped digits: at least `places` decimals, as many as the value carries, at most four."""
    value = abs(value)
    exponent = value.normalize().as_tuple().exponent
    shown = min(max(places, -exponent if isinstance(exponent, int) else 0), 4)
    text = f"{value.quantize(Decimal(1).scaleb(-shown), rounding=ROUND_HALF_UP):,f}"
    return text if _english() else text.translate(str.maketrans(",.", ".,"))


def _is_zero(text: str) -> bool:
    return not text.strip("0.,")


def _money(digits: str) -> str:
    return f"€{digits}" if _english() else f"{digits}{NBSP}€"


def _decimal(value) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))


def euro(amount) -> str:
    """Euros as "1.234,56 €" or "€1,234.56". Does not round to cents: a unit price of 0,125 € shows three decimals."""
    amount = _decimal(amount)
    if amount is None:
        return ""
    digits = _number(amount, 2)
    sign = MINUS if amount < 0 and not _is_zero(digits) else ""
    return sign + _money(digits)


def whole_euro(amount) -> str:
    """Euros without cents, for figures at a glance: "46.920 €"."""
    amount = _decimal(amount)
    if amount is None:
        return ""
    amount = amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return (MINUS if amount < 0 else "") + _money(_number(amount, 0))


def signed_euro(amount) -> str:
    """A difference: "+ 285,60 €", "− 333,20 €" (English "+€285.60"); zero has no sign."""
    amount = _decimal(amount)
    if amount is None:
        return ""
    digits = _number(amount, 2)
    if _is_zero(digits):
        return _money(digits)
    sign = MINUS if amount < 0 else "+"
    return sign + ("" if _english() else NBSP) + _money(digits)


def percent(value) -> str:
    """Percent as "19 %", "7,5 %" (English "19%")."""
    value = _decimal(value)
    if value is None:
        return ""
    digits = _number(value, 0)
    sign = MINUS if value < 0 and not _is_zero(digits) else ""
    return f"{sign}{digits}%" if _english() else f"{sign}{digits}{NBSP}%"


def quantity(value, unit: str = "") -> str:
    """A quantity without needless zeros, with its unit if given: "2,94 m", "12 Stk.", "1.500 kg"."""
    value = _decimal(value)
    if value is None:
        return ""
    digits = _number(value, 0)
    sign = MINUS if value < 0 and not _is_zero(digits) else ""
    return f"{sign}{digits}{NBSP}{unit}" if unit else sign + digits


def iban(value: str | None) -> str:
    """An IBAN in fours, whatever it was typed like."""
    letters = re.sub(r"[^0-9A-Za-z]", "", value or "").upper()
    return " ".join(letters[i : i + 4] for i in range(0, len(letters), 4))


@lru_cache(maxsize=1024)  # a row of a list asks for the number and for its link
def _parse_phone(value: str):
    try:
        return phonenumbers.parse(value, REGION)
    except phonenumbers.NumberParseException:
        return None


def phone(value: str | None) -> str:
    """A telephone number as printed: "040 66969-120". Keeps a typed hyphen before the extension, shows no brackets."""
    value = (value or "").strip()
    number = _parse_phone(value)
    if number is None:
        return value
    if number.country_code != phonenumbers.country_code_for_region(REGION):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    shown = re.sub(r"[()]", "", shown).replace("/", " ").replace("-", "")
    typed = re.search(r"\d-(\d{1,5})$", value)
    if typed and shown.endswith(typed[1]) and not shown[: -len(typed[1])].endswith(" "):
        return f"{shown[: -len(typed[1])]}-{typed[1]}"
    return shown


def tel_href(value: str | None) -> str:
    """The address behind a telephone number: "tel:+494066969120"; "" without digits."""
    value = (value or "").strip()
    number = _parse_phone(value)
    if number is not None:
        return "tel:" + phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    digits = re.sub(r"[^\d+]", "", value)
    return f"tel:{digits}" if digits else ""


def _date(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def day(value: date | datetime | None) -> str:
    """A date in running text, always with its year: "26. Januar 2027", "26 January 2027"."""
    if not value:
        return ""
    value = _date(value)
    if _english():
        return f"{value.day} {_EN_MONTHS[value.month - 1]} {value.year}"
    return f"{value.day}. {_DE_MONTHS[value.month - 1]} {value.year}"


def day_long(value: date | datetime | None) -> str:
    """A date with its weekday: "Dienstag, 26. Januar 2027", "Tuesday 26 January 2027"."""
    if not value:
        return ""
    weekday = _date(value).weekday()
    return f"{_EN_WEEKDAYS[weekday]} {day(value)}" if _english() else f"{_DE_WEEKDAYS[weekday]}, {day(value)}"


def day_short(value: date | datetime | None, *, today: date | None = None) -> str:
    """A date in tables: "26. Jan.", with the year if it is not this one: "26. Jan. 2025"."""
    if not value:
        return ""
    value = _date(value)
    text = (
        f"{value.day} {_EN_MONTHS[value.month - 1][:3]}" if _english() else f"{value.day}. {_DE_SHORT[value.month - 1]}"
    )
    return text if value.year == (today or timezone.localdate()).year else f"{text} {value.year}"


def _time(value: time | datetime) -> time:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).time()
    return value


def clock(value: time | datetime | None) -> str:
    """A time in running text: "8:00 Uhr", English "8:00"."""
    if value is None or value == "":
        return ""
    value = _time(value)
    return f"{value.hour}:{value.minute:02d}" + ("" if _english() else f"{NBSP}Uhr")


def clock_short(value: time | datetime | None) -> str:
    """A time in tables: "08:00"."""
    return f"{_time(value):%H:%M}" if value is not None and value != "" else ""


def moment(value: datetime | None, *, now: datetime | None = None) -> str:
    """An instant as people say it: "heute, 7:12 Uhr", "gestern, 16:20 Uhr", "Fr., 16:40 Uhr", after 6 days its date."""
    if not value:
        return ""
    today = _date(now or timezone.now())
    then = _date(value)
    ago = (today - then).days
    if ago in (-1, 0, 1):
        words = {-1: ("morgen", "tomorrow"), 0: ("heute", "today"), 1: ("gestern", "yesterday")}
        name = words[ago][_english()]
    elif 1 < ago <= 6:
        name = _EN_WEEKDAYS[then.weekday()][:3] if _english() else f"{_DE_WEEKDAYS[then.weekday()][:2]}."
    else:
        name = day_short(then, today=today)
    return f"{name}, {clock(value)}"


def moment_long(value: datetime | None) -> str:
    """An instant for the record: "23. November 2026 um 18:04 Uhr", "23 November 2026 at 18:04"."""
    if not value:
        return ""
    return f"{day(value)} {'at' if _english() else 'um'} {clock(value)}"


def span(first: date | None, last: date | None) -> str:
    """A range of days with an en dash; what both ends share is said once: "26.–28. Januar 2027"."""
    if not first or not last or first == last:
        return day(first or last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{'' if _english() else '.'}–{day(last)}"
    start = day(first)
    if first.year == last.year:
        start = start.removesuffix(f" {first.year}")
    return f"{start} – {day(last)}"


def days(count: int) -> str:
    """A number of days in words of the language: "1 Tag", "16 Tage"."""
    if _english():
        return f"{count}{NBSP}day" + ("" if abs(count) == 1 else "s")
    return f"{count}{NBSP}Tag" + ("" if abs(count) == 1 else "e")


def initials(name: str | None) -> str:
    """Two letters for a person or firm: "JH", "FN" for Dr. Friederike Noll; titles and legal forms do not count."""
    words = [w for w in re.split(r"\s+", (name or "").strip()) if w]
    words = [w for w in words if w.lower() not in _TITLES | _LEGAL_FORMS and w[0].isalnum()] or words
    if not words:
        return "?"
    picked = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0].upper() for word in picked)


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def device(user_agent: str | None) -> str:
    """Browser and system of a User-Agent header in words: "Firefox, Windows"; what is unknown is left out."""
    text = user_agent or ""
    names = [next((name for mark, name in known if mark in text), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, names))


def ink(colour: str) -> str:
    """Black or white, whichever reads better on "#rrggbb" (WCAG contrast); for mails, where CSS cannot decide."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000000"
