from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel
from billing.models import fields


class Provider(models.TextChoices):
    """Whose hosted page a customer may pay on."""

    STRIPE = "stripe", "Stripe"
    PAYPAL = "paypal", "PayPal"


class PaymentAccount(ScopedModel):
    """A business's account with a payment provider; off until the business switches it on."""

    provider = models.CharField(max_length=8, choices=Provider.choices)
    is_on = models.BooleanField(_("Kunden können damit bezahlen"), default=False)
    # the provider's keys, encrypted with a key derived from the secret key (billing.online.secrets); never shown again
    credentials = models.TextField(blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)  # the provider took the keys

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["business", "provider"], name="payment_account_once")]

    def __str__(self):
        return self.get_provider_display()

    def get_absolute_url(self):
        return reverse("billing:online_settings")


class OnlinePayment(ScopedModel):
    """One try to pay an invoice on a provider's page. What counts is the provider's word, never the customer's return."""

    class State(models.TextChoices):
        OPEN = "open", _("begonnen")
        PAID = "paid", _("bezahlt")
        FAILED = "failed", _("nicht bezahlt")

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="online_payments")
    provider = models.CharField(max_length=8, choices=Provider.choices)
    amount = fields.euros(_("Betrag"))  # asked for
    received = fields.euros(
        _("eingegangen"), null=True
    )  # the provider says so; what `payment` did not take is to go back
    external_id = models.CharField(max_length=120)
    page_url = models.TextField()  # Stripe's are long
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    payment = models.OneToOneField("billing.Payment", on_delete=models.PROTECT, null=True, related_name="online")
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["provider", "external_id"], name="online_payment_once")]

    def __str__(self):
        return f"{self.get_provider_display()} {self.external_id}"
