from django.db import models

from accounts.scoping import ScopedModel


class IdempotencyKey(ScopedModel):
    """What a POST of the API was answered with, under the key its sender chose: the same key is never worked off twice.

    Written in the transaction of the work itself; kept for 30 days.
    """

    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["business", "member", "key"], name="idempotency_key_once_per_member")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_by_age")]

    def __str__(self):
        return self.key
