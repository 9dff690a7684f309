from django.db import models

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class ChangeRequest(ScopedModel):
    """What a customer would order instead (Kundenwunsch): an acceptance with changes declines and offers anew, § 150 (2)
    BGB (R74). Never an order; the business answers it with a new version of the quote.
    """

    quote = models.ForeignKey("billing.Quote", on_delete=models.PROTECT, related_name="change_requests")
    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="change_requests")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    unwanted = models.JSONField(default=list)  # positions that are to go
    choice = models.JSONField(default=dict)  # what was chosen besides, as in the evidence of an acceptance
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)

    frozen = Frozen(free=("answered_at",), follows=("customer",))

    class Meta(ScopedModel.Meta):
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["business", "answered_at"], name="change_request_open")]

    def __str__(self):
        return f"{self.quote} {self.name}"
