from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class AuditEntry(ScopedModel):
    """Something that decides who may do what, or where money goes. Written by the verb that did it, never changed.

    `told_at` is the mark of the mail that some events cause: empty means it still has to leave (accounts.tasks).
    """

    class Event(models.TextChoices):
        BUSINESS_CREATED = "business_created", _("Betrieb angelegt")
        BUSINESS_CHANGED = "business_changed", _("Angaben zum Betrieb geändert")
        BANK_CHANGED = "bank_changed", _("Bankverbindung geändert")
        PAYMENTS_CHANGED = "payments_changed", _("Online bezahlen geändert")
        MEMBER_INVITED = "member_invited", _("Mitglied eingeladen")
        INVITATION_WITHDRAWN = "invitation_withdrawn", _("Einladung zurückgezogen")
        MEMBER_JOINED = "member_joined", _("Mitglied beigetreten")
        ROLE_CHANGED = "role_changed", _("Rolle geändert")
        MEMBER_DEACTIVATED = "member_deactivated", _("Mitglied abgemeldet")
        MEMBER_LEFT = "member_left", _("Mitglied ausgetreten")
        TOKEN_CREATED = "token_created", _("API-Schlüssel angelegt")
        TOKEN_REVOKED = "token_revoked", _("API-Schlüssel gesperrt")
        ADDRESS_CHANGED = "address_changed", _("E-Mail-Adresse eines Kunden auf dessen Wunsch geändert")
        PERIOD_LOCKED = "period_locked", _("Zeitraum abgeschlossen")
        BOOKS_READ = "books_read", _("Zur Prüfung eingesehen")
        UNKNOWN_ID = "unknown_id", _("Unbekannte oder fremde Nummer aufgerufen")
        RIGHT_MISSING = "right_missing", _("Ohne das Recht dazu versucht")

    event = models.CharField(max_length=40, choices=Event.choices)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)  # what it was about, in short texts; numbers of accounts only by their end
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    frozen = Frozen(free=("told_at",))

    class Meta(ScopedModel.Meta):
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["business", "-at", "-id"], name="audit_newest_first")]

    def __str__(self):
        return self.get_event_display()
