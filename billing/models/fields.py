"""Fields that mean the same in every document."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.money import CostKind, PriceMode

LARGEST = Decimal("9999999.99")

PRICE_MODES = [(PriceMode.NET.value, _("Nettopreise")), (PriceMode.GROSS.value, _("Bruttopreise"))]
COST_KINDS = [
    (CostKind.LABOUR.value, _("Arbeit")),
    (CostKind.MATERIAL.value, _("Material")),
    (CostKind.MACHINE.value, _("Maschine")),
    (CostKind.TRAVEL.value, _("Fahrt")),
    (CostKind.CONSUMABLES.value, _("Verbrauchsmittel")),
    (CostKind.DISPOSAL.value, _("Entsorgung")),
]


class Unit(models.TextChoices):
    """Units with their UN/ECE Recommendation 20 codes, as the e-invoice wants them ("STK" would mean a cigarette)."""

    PIECE = "H87", _("Stk.")
    HOUR = "HUR", _("Std.")
    LUMP_SUM = "LS", _("psch.")
    METRE = "MTR", _("m")
    SQUARE_METRE = "MTK", _("m²")
    CUBIC_METRE = "MTQ", _("m³")
    KILOMETRE = "KMT", _("km")
    KILOGRAM = "KGM", _("kg")
    LITRE = "LTR", _("l")
    DAY = "DAY", _("Tag")
    MONTH = "MON", _("Monat")
    KILOWATT_HOUR = "KWH", _("kWh")
    PACK = "XPP", _("Paket")


def euros(label, **options):
    """An amount in euros and cents."""
    return models.DecimalField(label, max_digits=12, decimal_places=2, **options)


def unit_price(label=_("Einzelpreis"), **options):
    """A price per unit with up to four decimals, not negative."""
    return models.DecimalField(
        label, max_digits=12, decimal_places=4, validators=[MinValueValidator(0), MaxValueValidator(LARGEST)], **options
    )


def quantity(label=_("Menge"), **options):
    """A quantity with up to three decimals."""
    return models.DecimalField(
        label,
        max_digits=12,
        decimal_places=3,
        validators=[MinValueValidator(Decimal("0.001")), MaxValueValidator(LARGEST)],
        **options,
    )


def adjustment(label, **options):
    """A discount in percent with two decimals, 100 at most; negative for a surcharge."""
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(-100), MaxValueValidator(100)],
        **options,
    )


def vat_category():
    """EN 16931 category code: S, Z, E, AE."""
    return models.CharField(max_length=2, default="S")


def vat_rate():
    """VAT rate in percent."""
    return models.DecimalField(_("MwSt."), max_digits=5, decimal_places=2, default=19)
