"""Who works for a business: invite, accept, change roles, leave."""

import base64
import hashlib
import hmac
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, tokens
from accounts.models import Business, Invitation, Member, User
from accounts.refusals import Refusal
from accounts.rights import Role
from accounts.wakeup import kick

INVITATION_LIVES = timedelta(days=7)


class InvitationClosed(Refusal):
    """Used up, expired or withdrawn (P49)."""

    status = 410

    def __init__(self):
        super().__init__(
            _("Diese Einladung gilt nicht mehr. Bitte lassen Sie sich von Ihrem Betrieb eine neue schicken.")
        )


@transaction.atomic
def invite(
    business: Business,
    *,
    email: str,
    role: str,
    by: Member,
    audits_from: int | None = None,
    audits_until: int | None = None,
) -> Invitation:
    """Open the door for one address for seven days; the link goes there by mail. Auditors are told which years they see.

    Inviting an address again replaces the link: the old one is dead. Raises ValidationError for an address that is
    none, Refusal for somebody who is a member already and for an auditor without years.
    """
    email = email.strip().lower()
    validate_email(email)
    role = Role(role)
    audits_from, audits_until = _years(role, audits_from, audits_until)
    if business.members.filter(user__email=email, is_active=True).exists():
        raise Refusal(_("Diese Person gehört schon zu Ihrem Betrieb."), field="email")
    # microseconds: the same address invited twice in a row gets two different links
    expires_at = timezone.now() + INVITATION_LIVES
    invitation, _created = Invitation.objects.update_or_create(
        business=business,
        email=email,
        accepted_at=None,
        defaults={
            "role": role,
            "audits_from": audits_from,
            "audits_until": audits_until,
            "invited_by": by,
            "expires_at": expires_at,
            "sent_at": None,
            "token_hash": _hash(_derive(business.pk, email, expires_at, settings.SECRET_KEY)),
        },
    )
    audit.record(business, audit.Event.MEMBER_INVITED, by=by, email=email, role=role)
    kick("accounts.tasks.send_invitation", invitation.pk)
    return invitation


def token(invitation: Invitation) -> str:
    """The secret of the mailed link: 256 bits computed from the secret key, stored nowhere, so no queue and no dump
    holds it. Raises LookupError after a lost key.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        candidate = _derive(invitation.business_id, invitation.email, invitation.expires_at, key)
        if _hash(candidate) == invitation.token_hash:
            return candidate
    raise LookupError("The key this invitation was made with is gone; invite again.")


def find_invitation(raw: str) -> Invitation | None:
    """The invitation of a link, open or not; None for unknown ones."""
    return (
        Invitation.objects.select_related("business", "invited_by__user").filter(token_hash=_hash(raw)).first()
        if raw
        else None
    )


@transaction.atomic
def accept(invitation: Invitation, *, user: User) -> Member:
    """Become a member. Good once, for a user who has confirmed that the invited address is theirs.

    Raises InvitationClosed, and Refusal for somebody else's invitation. Who comes back gets their old part again.
    """
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("business").get(pk=invitation.pk)
    if not invitation.is_open:
        raise InvitationClosed
    if not EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True).exists():
        raise Refusal(
            _(
                "Diese Einladung ging an eine andere E-Mail-Adresse. Bitte melden Sie sich mit der eingeladenen Adresse an."
            )
        )
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
    known = Member.objects.select_for_update().filter(business=invitation.business, user=user).first()
    if known and known.is_active:
        return known
    member = known or Member(business=invitation.business, user=user)
    member.role, member.is_active = invitation.role, True
    member.audits_from, member.audits_until = invitation.audits_from, invitation.audits_until
    member.save()
    audit.record(invitation.business, audit.Event.MEMBER_JOINED, by=member, name=member, role=member.role)
    return member


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Member) -> None:
    """Close the door again; the mailed link is dead at once."""
    gone, _rows = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()
    if gone:
        audit.record(invitation.business, audit.Event.INVITATION_WITHDRAWN, by=by, email=invitation.email)


@transaction.atomic
def change_role(member: Member, role: str, *, by: Member) -> Member:
    """Give a member another role, from their next click on. The last owner stays owner.

    Raises Refusal for the role of an auditor: that is an invitation of its own, which says for which years.
    """
    role = Role(role)
    member = _locked(member)
    if role == member.role:
        return member
    if role == Role.AUDITOR:
        raise Refusal(
            _("Zur Betriebsprüfung laden Sie bitte unten ein: Dort geben Sie an, welche Jahre geprüft werden."),
            field="role",
        )
    if role != Role.OWNER:
        _keep_an_owner(member)
    before, member.role = member.role, role
    member.audits_from = member.audits_until = None
    member.save(update_fields=["role", "audits_from", "audits_until"])
    audit.record(member.business, audit.Event.ROLE_CHANGED, by=by, name=member, before=before, after=role)
    return member


@transaction.atomic
def deactivate(member: Member, *, by: Member) -> Member:
    """Take somebody's access away at once, with their API keys. What they did keeps their name. `invite` brings them back."""
    member = _locked(member)
    if not member.is_active:
        return member
    _keep_an_owner(member)
    member.is_active = False
    member.save(update_fields=["is_active"])
    tokens.revoke_all(member, by=by)
    left = member.pk == by.pk
    audit.record(
        member.business,
        audit.Event.MEMBER_LEFT if left else audit.Event.MEMBER_DEACTIVATED,
        by=by,
        name=member,
        role=member.role,
    )
    return member


def _years(role, first, last):
    """The years an auditor sees; nobody else has any."""
    if role != Role.AUDITOR:
        return None, None
    if first is None or last is None:
        raise Refusal(_("Bitte geben Sie an, welche Jahre geprüft werden."), field="audits_from")
    if last < first:
        raise Refusal(_("Das letzte Prüfungsjahr liegt vor dem ersten."), field="audits_until")
    return first, last


def _locked(member):
    """The member as it is now. The business's row is the lock: of two owners who leave at once, one is the last."""
    Business.objects.select_for_update().get(pk=member.business_id)
    return Member.objects.select_related("business", "user").get(pk=member.pk)


def _keep_an_owner(member):
    owners = Member.objects.filter(business=member.business, role=Role.OWNER, is_active=True)
    if member.role == Role.OWNER and member.is_active and not owners.exclude(pk=member.pk).exists():
        raise Refusal(
            _("Ein Betrieb braucht eine Inhaberin oder einen Inhaber. Bitte machen Sie zuerst jemand anderen dazu.")
        )


def _derive(business_id, email, expires_at, key):
    words = f"invitation {business_id} {email} {expires_at.timestamp():.6f}"
    raw = hmac.digest(key.encode(), words.encode(), "sha256")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _hash(raw):
    return hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()
