"""Checks of numbers that have check digits; the messages say what to do."""

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
    """Leitweg-ID with its check digits (R48)."""
    if not leitweg.is_valid(value):
        raise ValidationError(
            _("Diese Leitweg-ID stimmt nicht. Bitte fragen Sie Ihren Auftraggeber."), code="leitweg_id"
        )
