from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class Note(ScopedModel):
    """What somebody wrote down about a contact, in the office or on site."""

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("Notiz"), blank=True)
    is_from_site = models.BooleanField(default=False)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    # The sender's own key: the same note sent twice (a retry after a lost answer) exists once.
    client_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["business", "client_id"], name="note_sent_once")]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.prefetch_related("attachments")

    def __str__(self):
        return self.text[:60]
