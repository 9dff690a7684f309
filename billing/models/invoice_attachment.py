from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class InvoiceAttachment(ScopedModel):
    """A file that goes along with an invoice, inside the structured part (BG-24): a copy of its own, whatever becomes of the
    file it was taken from. Frozen with the invoice.
    """

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.CASCADE, related_name="attachments")
    sort = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("Dateiname"), max_length=120)  # BT-125-2, one of a kind within the invoice
    description = models.CharField(_("Bezeichnung"), max_length=100, blank=True)  # BT-123
    content_type = models.CharField(max_length=100)  # BT-125-1
    size = models.PositiveIntegerField()
    stored = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    # the list of part payments an Endrechnung must have inside (R39d); made when it is issued
    is_payment_list = models.BooleanField(default=False)
    is_frozen = models.BooleanField(default=False)

    frozen = Frozen(when="{old}.is_frozen")

    class Meta(ScopedModel.Meta):
        ordering = ["sort", "pk"]
        constraints = [models.UniqueConstraint(fields=["invoice", "name"], name="invoice_attachment_name_once")]

    def __str__(self):
        return self.description or self.name
