from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel
from crm.models.folded import folded


class Message(ScopedModel):
    """A question or an answer on a document, between the customer and the business. Files are its `attachments`."""

    class Channel(models.TextChoices):
        PAGE = "page", _("auf der Seite")
        MAIL = "mail", _("per E-Mail")

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="messages")
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    text = models.TextField(_("Nachricht"))
    # what it is about within the document, as the customer read it there; empty: the whole of it
    position = models.CharField(max_length=20, blank=True)
    position_text = models.CharField(max_length=300, blank=True)
    # null: written by the customer
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=120)
    # through which link the customer wrote: the answer is mailed with it, whatever document it leads to by then
    link = models.ForeignKey("crm.AccessLink", on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=4, choices=Channel.choices, default=Channel.PAGE)
    sent_from = models.EmailField(blank=True)  # a mail's sender who is not the one we wrote to
    external_id = models.CharField(max_length=200, blank=True)  # Message-ID of the mail it came by: taken in once
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)  # by whom it was written to: the office, or the customer
    folded = folded("text")

    class Meta(ScopedModel.Meta):
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "created_at"], name="message_by_subject"),
            models.Index(fields=["business", "read_at"], name="message_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["business", "external_id"], condition=~models.Q(external_id=""), name="message_mail_once"
            )
        ]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.prefetch_related("subject", "attachments")

    def __str__(self):
        return self.text[:60]

    @property
    def is_from_customer(self):
        return self.by_id is None

    @property
    def about(self):
        """The row it is about, as it stands in the document: "2.1 Eiche furniert"."""
        return f"{self.position} {self.position_text}".strip()
