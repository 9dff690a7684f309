import secrets

from django.db import models
from django.utils import timezone

from accounts.scoping import ScopedModel


def new_nonce():
    """What makes this code another one than the last."""
    return secrets.token_urlsafe(16)


class AccessCode(ScopedModel):
    """A code of six digits on its way to the address a link was sent to (COD1 to COD3): proves more than a postcode.

    The digits are stored nowhere, not even hashed (a million hashes are tried in a second): crm.access_codes computes
    them from the secret key when the mail leaves and when an answer comes.
    """

    link = models.ForeignKey("crm.AccessLink", on_delete=models.PROTECT, related_name="codes")
    nonce = models.CharField(max_length=22, default=new_nonce, editable=False)
    wrong_answers = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]

    def __str__(self):
        return str(self.link)
