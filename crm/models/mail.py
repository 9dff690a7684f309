from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel
from crm import delivery_words


class Mail(ScopedModel):
    """A mail to send or sent: the outbox and the archive in one (R57).

    Written in the transaction of the verb that wants it; Celery only wakes it up. The body holds a mark where the
    customer's link goes: the link is put in when the mail leaves, so that no token is stored.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("wartet")
        SENDING = "sending", _("wird gesendet")
        SENT = "sent", _("gesendet")
        FAILED = "failed", _("nicht zugestellt")
        BOUNCED = "bounced", _("Adresse weist ab")  # for good, at once or later by a delivery status notification

    LINK_MARK = "[[Zugangslink]]"
    CODE_MARK = "[[Code]]"
    BY_HAND = "crm/mail/letter"  # the kind of mails that somebody wrote

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, null=True, related_name="mails")
    kind = models.CharField(max_length=40)  # name of its templates: "billing/mail/quote_sent"
    to = models.EmailField(_("an"))
    sender_name = models.CharField(max_length=160)
    reply_to = models.EmailField(blank=True)
    subject_line = models.CharField(_("Betreff"), max_length=200)
    text = models.TextField()
    html = models.TextField()
    link = models.ForeignKey("crm.AccessLink", on_delete=models.PROTECT, null=True, related_name="mails")
    unsubscribe_url = models.CharField(max_length=300, blank=True)
    about_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True)
    about_id = models.PositiveBigIntegerField(null=True)
    about = GenericForeignKey("about_type", "about_id")
    # sent by a rule, not because somebody did something: held back by crm.mail_limits
    is_automatic = models.BooleanField(default=False)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["state", "next_try_at"], name="mail_outbox"),
            models.Index(fields=["about_type", "about_id"], name="mail_by_subject"),
            models.Index(fields=["customer", "created_at"], condition=Q(is_automatic=True), name="mail_automatic"),
            models.Index(fields=["business", "to"], condition=Q(state="bounced"), name="mail_refused"),
        ]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.prefetch_related("attachments")

    def __str__(self):
        return self.subject_line

    @property
    def letter(self):
        """What was written, without the business's data below it; the link stands nowhere but in the mail itself."""
        return self.text.partition("\n--\n")[0].replace(self.LINK_MARK, "[Link]").strip()

    @property
    def reason(self):
        """Why it was not delivered, in words; empty while nothing went wrong."""
        return delivery_words.of(self.error) if self.error else ""


class MailAttachment(ScopedModel):
    """A file that travels with a mail, by reference to where it is stored once."""

    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    storage_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)

    class Meta(ScopedModel.Meta):
        ordering = ["pk"]

    def __str__(self):
        return self.name
