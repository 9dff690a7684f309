from django.db import models

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class Withdrawal(ScopedModel):
    """A consumer's withdrawal from the contract, as it arrived (§ 356a BGB, R85). Never changed."""

    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, related_name="withdrawals")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    declaration = models.TextField()
    is_late = models.BooleanField()  # after the period: kept and answered by a person
    received_at = models.DateTimeField()

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        ordering = ["-received_at"]

    def __str__(self):
        return f"{self.order} {self.received_at:%Y-%m-%d}"
