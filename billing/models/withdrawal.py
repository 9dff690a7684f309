from django.db import models

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class Withdrawal(ScopedModel):
    """A consumer's withdrawal from the contract, as it arrived (§ 356a BGB, R85). Never changed."""

    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, related_name="withdrawals")
    # the change order that alone is withdrawn from: a contract of its own (R93); null: the contract of the order itself
    amendment = models.ForeignKey("billing.Quote", on_delete=models.PROTECT, null=True, related_name="withdrawals")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    declaration = models.TextField()
    part = models.TextField(blank=True)  # what alone is withdrawn from; empty: the whole contract
    is_late = models.BooleanField()  # after the period: kept and answered by a person
    received_at = models.DateTimeField()

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        ordering = ["-received_at"]

    def __str__(self):
        return f"{self.order} {self.received_at:%Y-%m-%d}"
