from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel
from billing.models import fields


class Payment(ScopedModel):
    """Money that came in for an invoice. Never changed: a mistake is taken back by a reversing row."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("Überweisung")
        CASH = "cash", _("bar, quittiert")
        CARD = "card", _("Karte")
        ONLINE = "online", _("online")
        OTHER = "other", _("anders")

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="payments")
    amount = fields.euros(_("Betrag"))
    received_on = models.DateField(_("eingegangen am"))
    method = models.CharField(_("Zahlungsart"), max_length=10, choices=Method.choices, default=Method.TRANSFER)
    note = models.CharField(_("Notiz"), max_length=140, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="payment_has_an_amount",
            )
        ]

    def __str__(self):
        return f"{self.invoice} {self.amount}"
