from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import Rights, Role


class Member(models.Model):
    """A user's part in one business."""

    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("Rolle"), max_length=20, choices=Role.choices)
    # the years an auditor may see (R58); empty for everybody else
    audits_from = models.PositiveSmallIntegerField(_("Prüfungsjahre von"), null=True, blank=True)
    audits_until = models.PositiveSmallIntegerField(_("Prüfungsjahre bis"), null=True, blank=True)
    is_active = models.BooleanField(_("aktiv"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Mitglied")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["business", "user"], name="member_once_per_business"),
            models.CheckConstraint(
                condition=Q(role=Role.AUDITOR, audits_from__isnull=False, audits_until__gte=models.F("audits_from"))
                | ~Q(role=Role.AUDITOR) & Q(audits_from=None, audits_until=None),
                name="auditor_has_years",
            ),
        ]

    def __str__(self):
        return str(self.user)

    @property
    def rights(self) -> Rights:
        """What this member may do; nothing once they left."""
        return Rights(self.role if self.is_active else None)


class Invitation(models.Model):
    """An open door for one address: a mailed link, kept as a hash, good once and for a week."""

    business = models.ForeignKey("accounts.Business", on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("E-Mail-Adresse"))
    role = models.CharField(_("Rolle"), max_length=20, choices=Role.choices, default=Role.OFFICE)
    audits_from = models.PositiveSmallIntegerField(_("Prüfungsjahre von"), null=True, blank=True)
    audits_until = models.PositiveSmallIntegerField(_("Prüfungsjahre bis"), null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # empty: the mail still has to leave (accounts.tasks)
    accepted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["business", "email"], condition=Q(accepted_at=None), name="invitation_open_once"
            )
        ]

    def __str__(self):
        return self.email

    @property
    def is_open(self):
        return self.accepted_at is None and self.expires_at > timezone.now()
