"""Numbers and days as people and programs in Germany write them into cells. Pure."""

import re
from datetime import date, datetime
from decimal import Decimal

DAYS = ("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S")


def number(text: str) -> Decimal | None:
    """ "1.234,56 €", "1234.56", "-12,5 %" as a number; None of nothing. Raises ValueError for anything else.

    One point with three digits behind it parts thousands: "1.250" is 1250.
    """
    text = re.sub(r"[\s€%']|EUR", "", text).replace("−", "-")
    if not text:
        return None
    if "," in text and "." in text:
        thousands = "." if text.rindex(",") > text.rindex(".") else ","
        text = text.replace(thousands, "")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3})+", text):
        text = text.replace(".", "")
    text = text.replace(",", ".")
    if not re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", text, re.ASCII):
        raise ValueError(text)
    return Decimal(text)


def day(text: str) -> date | None:
    """ "31.12.2026", "31.12.26" or "2026-12-31" as a day; None of nothing. Raises ValueError for anything else."""
    text = text.strip()
    if not text:
        return None
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(text)
