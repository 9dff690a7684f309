from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel
from billing.models import fields


class Payment(ScopedModel):
    """Money that came in for an invoice, or what counts like it. Never changed: a mistake is taken back by a reversing row.

    `amount` is what it pays of the invoice itself; what went for interest and costs of a reminder stands beside it
    (§ 367 BGB). Only a refund is negative without reversing anything.
    """

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("Überweisung")
        CASH = "cash", _("bar, quittiert")
        CARD = "card", _("Karte")
        ONLINE = "online", _("online")
        SKONTO = "skonto", _("Skonto")
        WITHHELD = "withheld", _("Bauabzugsteuer, vom Kunden abgeführt")  # § 48 EStG (R19)
        REDUCTION = "reduction", _("Preisnachlass")  # no money: its own document says so (§ 17 UStG, R16)
        REFUND = "refund", _("Erstattung")
        OTHER = "other", _("anders")

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="payments")
    amount = fields.euros(_("Betrag"))
    received_on = models.DateField(_("eingegangen am"))
    method = models.CharField(_("Zahlungsart"), max_length=10, choices=Method.choices, default=Method.TRANSFER)
    interest = fields.euros(_("davon Zinsen"), default=0)
    costs = fields.euros(_("davon Kosten"), default=0)
    note = models.CharField(_("Notiz"), max_length=140, blank=True)
    entry = models.ForeignKey("billing.BankEntry", on_delete=models.PROTECT, null=True, related_name="payments")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0)
                | Q(reverses=None, amount=0, interest__gt=0)
                | Q(reverses=None, amount=0, costs__gt=0)
                | Q(reverses=None, amount__lt=0, method="refund")
                | Q(reverses__isnull=False),
                name="payment_has_an_amount",
            )
        ]

    def __str__(self):
        return f"{self.invoice} {self.amount}"
