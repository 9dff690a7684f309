from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel
from billing.documents.model import LineKind
from billing.models import fields
from billing.money import Line, Vat


class DocumentRow(ScopedModel):
    """One row of a quote, order or invoice: a heading, a text or a priced position."""

    KINDS = [
        (LineKind.ITEM.value, _("Position")),
        (LineKind.SECTION.value, _("Titel")),
        (LineKind.TEXT.value, _("Text")),
    ]

    sort = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=KINDS, default=LineKind.ITEM.value)
    text = models.CharField(_("Leistung"), max_length=300, blank=True)
    description = models.TextField(_("Beschreibung"), blank=True)
    quantity = fields.quantity(default=1)
    unit = models.CharField(_("Einheit"), max_length=3, choices=fields.Unit.choices, default=fields.Unit.PIECE)
    unit_price = fields.unit_price(default=0)
    discount_percent = fields.adjustment(_("Rabatt %"))  # negative: a surcharge
    vat_category = fields.vat_category()
    vat_rate = fields.vat_rate()
    cost_kind = models.CharField(_("Kostenart"), max_length=12, choices=fields.COST_KINDS, default="material")
    # parts of the unit price by cost kind, {"labour": "60.00"}; empty: all of it is of `cost_kind` (R18)
    cost_split = models.JSONField(_("Aufteilung"), default=dict, blank=True)
    is_frozen = models.BooleanField(default=False, editable=False)

    frozen: ClassVar[Frozen | None] = Frozen(when="{old}.is_frozen")

    class Meta(ScopedModel.Meta):
        abstract = True
        ordering = ["sort", "pk"]

    def __str__(self):
        return self.text

    @property
    def is_item(self):
        return self.kind == LineKind.ITEM

    @property
    def vat(self) -> Vat:
        return Vat(self.vat_category, self.vat_rate)

    @property
    def priced(self) -> Line:
        """The row as the arithmetic knows it."""
        return Line(self.quantity, self.unit_price, self.vat, self.discount_percent)


ROW_VALUES = (
    "kind", "text", "description", "quantity", "unit", "unit_price", "discount_percent", "vat_category", "vat_rate",
    "cost_kind", "cost_split",
)  # fmt: skip


def row_values(row: DocumentRow) -> dict:
    """What a row says, to copy it from quote to order to invoice."""
    return {name: getattr(row, name) for name in ROW_VALUES}
