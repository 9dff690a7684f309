"""Checks of numbers that have check digits; the messages say what to do."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import iban
from stdnum.de import leitweg, stnr
from stdnum.eu import vat


def validate_iban(value: str) -> None:
    """ISO 13616 with its mod-97 check digits."""
    if not iban.is_valid(value):
        raise ValidationError(_("Diese IBAN stimmt nicht. Bitte prüfen Sie die Ziffern."), code="iban")


def validate_vat_id(value: str) -> None:
    """A VAT ID of a member state, check digits included."""
    if not vat.is_valid(value):
        raise ValidationError(
            _("Diese USt-IdNr. stimmt nicht. Sie beginnt mit dem Länderkürzel, zum Beispiel DE136695976."),
            code="vat_id",
        )


def validate_tax_number(value: str) -> None:
    """A German tax number in the spelling of a Land or of the federation."""
    if not stnr.is_valid(value):
        raise ValidationError(
            _("Diese Steuernummer stimmt nicht. Sie steht auf Ihrem letzten Steuerbescheid."), code="tax_number"
        )


def validate_leitweg_id(value: str) -> None:
    """Leitweg-ID with its check digits (R48); the message says which part is wrong."""
    if problem := problem_with_leitweg_id(value):
        raise ValidationError(problem, code="leitweg_id")


def problem_with_leitweg_id(value: str) -> str:
    """What is wrong with a Leitweg-ID, in words; empty if nothing is.

    Coarse part of 2 to 12 digits, perhaps a fine one of up to 30 letters and digits, two check digits (ISO 7064, MOD 97-10).
    """
    parts = "".join(value.split()).upper().split("-")
    if len(parts) not in (2, 3):
        return _("Eine Leitweg-ID hat zwei oder drei Teile mit Bindestrich, zum Beispiel 04011000-1234512345-06.")
    coarse, fine, check = parts[0], "-".join(parts[1:-1]), parts[-1]
    if not re.fullmatch(r"[0-9]{2,12}", coarse):
        return _("Der erste Teil der Leitweg-ID hat 2 bis 12 Ziffern, hier steht „%(part)s“.") % {"part": coarse}
    if len(parts) == 3 and not re.fullmatch(r"[0-9A-Z]{1,30}", fine):
        return _("Der mittlere Teil der Leitweg-ID hat bis zu 30 Ziffern und Buchstaben, hier steht „%(part)s“.") % {
            "part": fine
        }
    if not re.fullmatch(r"[0-9]{2}", check):
        return _("Am Ende der Leitweg-ID stehen zwei Prüfziffern, hier steht „%(part)s“.") % {"part": check}
    if not leitweg.is_valid(value):
        return _(
            "Die Prüfziffern am Ende der Leitweg-ID passen nicht zu den Ziffern davor. Meist ist eine Ziffer vertauscht: "
            "Vergleichen Sie mit dem Auftrag."
        )
    return ""
