from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class CalendarFeed(ScopedModel):
    """A member's tasks and appointments for a calendar program, at a secret address.

    The address is shown once; only the SHA-256 of its 256 random bits is kept.
    """

    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("Wofür"), max_length=80)
    is_of_all = models.BooleanField(_("Termine und Aufgaben von allen"), default=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_fetched_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]
        indexes = [models.Index(fields=["member", "revoked_at"], name="calendar_feed_by_member")]

    def __str__(self):
        return self.name
