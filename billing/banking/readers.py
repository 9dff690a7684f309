"""Which reader a bank's file needs: told by what it contains, never by its name."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from billing.banking import camt, csv, mt940
from billing.banking.statement import BIGGEST, Statement, refuse

READERS: dict[str, Callable[[bytes], Statement]] = {"camt": camt.read, "mt940": mt940.read, "csv": csv.read}


def read(content: bytes) -> tuple[str, Statement]:
    """(format, bookings) of a bank's file. Raises Refusal, in words that name the repair, and then nothing was read."""
    if not content.strip():
        raise refuse(_("Die Datei ist leer."))
    if len(content) > BIGGEST:
        raise refuse(_("Die Datei ist größer als 20 MB. Bitte wählen Sie einen kürzeren Zeitraum."))
    kind = kind_of(content)
    return kind, READERS[kind](content)


def kind_of(content: bytes) -> str:
    """ "camt", "mt940" or "csv". Raises Refusal for files that are plainly something else."""
    head = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"%PDF"):
        raise refuse(
            _("Das ist ein PDF. Bitte laden Sie die Umsätze bei der Bank als camt.053, MT940 oder CSV herunter.")
        )
    if head.startswith(b"PK\x03\x04") and b"xl/" not in content and b"[Content_Types]" not in content:
        raise refuse(_("Das ist eine ZIP-Datei. Bitte entpacken Sie sie und wählen Sie die Datei darin."))
    if head.startswith(b"<") or head.startswith((b"\xff\xfe<", b"\xfe\xff\x00<")):
        return "camt"
    return "mt940" if mt940.is_mt940(content) else "csv"
