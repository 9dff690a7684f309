from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class Shipment(ScopedModel):
    """Goods of an order on their way with a carrier (Sendung)."""

    class Carrier(models.TextChoices):
        DHL = "dhl", "DHL"
        DPD = "dpd", "DPD"
        GLS = "gls", "GLS"
        HERMES = "hermes", "Hermes"
        UPS = "ups", "UPS"
        OTHER = "other", _("Spedition oder anderer Dienst")

    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, related_name="shipments")
    carrier = models.CharField(_("Versand mit"), max_length=6, choices=Carrier.choices)
    carrier_name = models.CharField(_("Name des Dienstes"), max_length=80, blank=True)
    tracking_number = models.CharField(_("Sendungsnummer"), max_length=60, blank=True)
    tracking_url = models.URLField(_("Adresse der Sendungsverfolgung"), blank=True)
    contents = models.CharField(_("Was ist darin?"), max_length=160, blank=True)
    shipped_on = models.DateField(_("versandt am"))
    expected_on = models.DateField(_("kommt voraussichtlich am"), null=True, blank=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        ordering = ["shipped_on", "pk"]

    def __str__(self):
        return f"{self.carrier_name or self.get_carrier_display()} {self.tracking_number}".strip()
