from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class ApiToken(ScopedModel):
    """A key for the API. Shown once; only its SHA-256 is kept (256 random bits need no slow hash)."""

    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("Wofür"), max_length=80)
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    is_read_only = models.BooleanField(_("nur lesen"), default=False)
    expires_on = models.DateField(_("gültig bis"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        ordering = ["-created_at"]

    def __str__(self):
        return self.name
