from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel
from billing.models import fields


class CatalogueItem(ScopedModel):
    """Something the business sells again and again (Artikel, Leistung). Prices are net."""

    number = models.CharField(_("Artikelnummer"), max_length=40, blank=True)
    name = models.CharField(_("Bezeichnung"), max_length=200)
    description = models.TextField(_("Beschreibung"), blank=True)
    unit = models.CharField(_("Einheit"), max_length=3, choices=fields.Unit.choices, default=fields.Unit.PIECE)
    unit_price = fields.unit_price(_("Einzelpreis netto"))
    purchase_price = fields.unit_price(_("Einkaufspreis netto"), default=0)
    vat_rate = fields.vat_rate()
    cost_kind = models.CharField(_("Kostenart"), max_length=12, choices=fields.COST_KINDS, default="material")
    # parts of the price by cost kind, {"labour": "60.00"}; empty: all of it is of `cost_kind` (R18)
    cost_split = models.JSONField(_("Aufteilung"), default=dict, blank=True)
    archived_at = models.DateTimeField(null=True, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("Leistung")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["business", "name", "id"], name="catalogue_by_name")]

    def __str__(self):
        return self.name
