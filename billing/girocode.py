"""The GiroCode: a QR code banking apps read to fill in a transfer (EPC069-12, R122), and creditor references (R123).

Pure: no framework, no database, no clock.
"""

import io
import re
import unicodedata
from decimal import Decimal

import segno
from stdnum import iban as iban_number
from stdnum import iso11649
from stdnum.exceptions import ValidationError

NAME_LENGTH, TEXT_LENGTH, BYTES = 70, 140, 331
SMALLEST, LARGEST = Decimal("0.01"), Decimal("999999999.99")

# What every SEPA bank must accept (EPC217-08); German banks also take the umlauts and a few signs more
_SEPA = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ ÄÖÜäöüß&*$%")
_SPELT = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "„": "'",
        "“": "'",
        "”": "'",
        "’": "'",
        '"': "'",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "ı": "i",
        "æ": "ae",
        "Æ": "Ae",
        "€": "EUR",
    }
)


def payload(
    account_holder: str, iban: str, amount: Decimal, text: str = "", *, bic: str = "", reference: str = ""
) -> str:
    """The text of the code: version 002, UTF-8, nothing after the last element.

    `account_holder` is the name the bank knows (R124), `text` the purpose (at most 140 signs are kept); `reference` is a
    structured one (`reference()`) in its place, never both. Raises ValueError for an IBAN whose check digits do not hold, a
    missing name, an amount that no transfer can have, or a reference that is none.
    """
    try:
        iban = iban_number.validate(iban)
    except ValidationError as error:
        raise ValueError(f"not an IBAN: {iban}") from error
    if not SMALLEST <= amount <= LARGEST:
        raise ValueError(f"no transfer of {amount} euros")
    name = sepa_text(account_holder)[:NAME_LENGTH].rstrip()
    if not name:
        raise ValueError("a transfer needs the name of an account holder")
    if reference and (text or not iso11649.is_valid(reference)):
        raise ValueError(f"no structured reference: {reference}")
    purpose = sepa_text(text)[:TEXT_LENGTH].rstrip()
    lines = ["BCD", "002", "1", "SCT", re.sub(r"\s", "", bic), name, iban, f"EUR{amount:.2f}", "", reference, purpose]
    found = "\n".join(lines).rstrip("\n")
    if len(found.encode()) > BYTES:
        raise ValueError("too long for a GiroCode")
    return found


def svg(payload: str, *, scale: int | None = None, dark: str = "#000") -> str:
    """The code as inline SVG with its quiet zone (error level M), without size unless `scale` gives one.

    Carries no inline style and no script, so a strict content security policy allows it.
    """
    out = io.BytesIO()
    code = segno.make_qr(payload, error="m", encoding="utf-8", boost_error=False)
    code.save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        nl=False,
        border=4,
        dark=dark,
        omitsize=scale is None,
        scale=scale or 1,
    )
    return out.getvalue().decode()


def png(payload: str) -> bytes:
    """The code as a picture that a banking app can take from the gallery of the phone it runs on."""
    out = io.BytesIO()
    code = segno.make_qr(payload, error="m", encoding="utf-8", boost_error=False)
    code.save(out, kind="png", border=4, scale=12)
    return out.getvalue()


def reference(number: str) -> str:
    """The ISO 11649 creditor reference of a number: RF, two check digits, up to 21 signs.

    Raises ValueError when the number has none or too many signs that count (A to Z and 0 to 9).
    """
    body = re.sub(r"[^0-9A-Z]", "", number.upper())
    if not 1 <= len(body) <= 21:
        raise ValueError(f"no reference for {number!r}")
    rest = int("".join(str(int(sign, 36)) for sign in f"{body}RF00")) % 97
    return f"RF{98 - rest:02}{body}"


def sepa_text(text: str) -> str:
    """The text with the characters SEPA knows: accents dropped, anything else a blank, blanks joined."""
    text = text.translate(_SPELT)
    plain = (sign if sign in _SEPA else unicodedata.normalize("NFKD", sign)[0] for sign in text)
    return " ".join("".join(sign if sign in _SEPA else " " for sign in plain).split())
