import secrets

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


def new_public_id():
    """Names a link in addresses after the token was exchanged; gives no access by itself."""
    return secrets.token_urlsafe(9)


class AccessLink(ScopedModel):
    """A customer's key to one document (Zugangslink): no account, no login (security.md 4.3).

    The token is never stored, only its SHA-256; crm.access can compute it again from the secret key, so that mails
    are written when they leave and the office can copy the link.
    """

    class Purpose(models.TextChoices):
        QUOTE = "quote", _("Angebot")
        ORDER = "order", _("Auftrag")
        INVOICE = "invoice", _("Rechnung")
        FEEDBACK = "feedback", _("Feedback")
        DATE = "date", _("Termin")
        CENTER = "center", _("Alle Unterlagen")  # its subject is the customer; opens with a code by mail only

    class Way(models.TextChoices):
        """How it reached the customer."""

        MAIL = "mail", _("per E-Mail")
        LINK = "link", _("als Link")
        QR = "qr", _("als QR-Code")
        POST = "post", _("per Post")
        PAGE = "page", _("aus „Ihre Unterlagen“")

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="access_links")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    sent_to = models.EmailField(_("gesendet an"), blank=True)
    way = models.CharField(max_length=4, choices=Way.choices, default=Way.MAIL, editable=False)
    asks_postcode = models.BooleanField(_("fragt nach der Postleitzahl"), default=False)
    wrong_answers = models.PositiveSmallIntegerField(default=0)  # in the life of the link
    recent_wrong_answers = models.PositiveSmallIntegerField(default=0)  # since the last pause
    paused_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(_("gilt bis"))
    revoked_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)  # opened for the first time, perhaps by a machine
    seen_count = models.PositiveIntegerField(default=0)
    last_seen_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="access_link_by_subject")]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.prefetch_related("subject")

    def __str__(self):
        return f"{self.get_purpose_display()} {self.public_id}"

    @property
    def is_open(self):
        """Neither expired nor revoked."""
        return self.revoked_at is None and self.expires_at > timezone.now()
