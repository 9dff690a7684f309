from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class Message(ScopedModel):
    """A question or an answer on a document, between the customer and the business."""

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="messages")
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    text = models.TextField(_("Nachricht"))
    # null: written by the customer
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "created_at"], name="message_by_subject"),
            models.Index(fields=["business", "read_at"], name="message_unread"),
        ]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.prefetch_related("subject")

    def __str__(self):
        return self.text[:60]

    @property
    def is_from_customer(self):
        return self.by_id is None
