from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class DeliveryNote(ScopedModel):
    """What was handed over for an order, without prices (Lieferschein). Written once."""

    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, related_name="delivery_notes")
    number = models.CharField(_("Lieferscheinnummer"), max_length=24)
    delivered_on = models.DateField(_("geliefert am"))
    document = models.TextField()
    document_hash = models.CharField(max_length=64)
    pdf = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    received_by = models.CharField(_("angenommen von"), max_length=120, blank=True)
    signature = models.TextField(blank=True)  # path data of a drawn signature
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen(free=("pdf", "pdf_sha256"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("Lieferschein")
        constraints = [models.UniqueConstraint(fields=["business", "number"], name="delivery_note_number_once")]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.select_related("order")

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return f"{self.order.get_absolute_url()}#lieferscheine"
