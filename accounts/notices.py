"""Mails of the accounts themselves: invitations, and the notice of new bank details.

crm's outbox lies above and cannot be used here. The rule is the same: the row is the job. `sent_at` of an invitation and
`told_at` of an audit entry are empty until their mail has left; a task sends it right after the commit, and a sweep every
few minutes sends what was not sent (broker or mail server away), for a day.
"""

import logging
from datetime import timedelta
from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts import members
from accounts.models import AuditEntry, Invitation
from accounts.rights import Role

logger = logging.getLogger(__name__)

TRIED_FOR = timedelta(days=1)


def send_invitation(invitation_id: int) -> bool:
    """Mail the link of an open invitation, once."""
    invitation = Invitation.objects.select_related("business", "invited_by__user").filter(pk=invitation_id).first()
    if invitation is None or not invitation.is_open:
        return False
    rows = Invitation.objects.filter(pk=invitation_id, expires_at=invitation.expires_at)
    return _once(rows, "sent_at", lambda: _send_invitation(invitation))


def send_bank_notice(entry_id: int) -> bool:
    """Tell all owners that the bank details were changed, once (R125)."""
    entry = AuditEntry.unscoped.select_related("business", "by__user").filter(pk=entry_id).first()
    if entry is None:
        return False
    return _once(AuditEntry.unscoped.filter(pk=entry_id), "told_at", lambda: _send_bank_notice(entry))


def sweep() -> None:
    """Send what should have left and did not."""
    since = timezone.now() - TRIED_FOR
    waiting = Invitation.objects.filter(sent_at=None, accepted_at=None, expires_at__gt=since + members.INVITATION_LIVES)
    for pk in waiting.values_list("pk", flat=True)[:200]:
        _quietly(send_invitation, pk)
    untold = AuditEntry.unscoped.filter(told_at=None, event=AuditEntry.Event.BANK_CHANGED, at__gt=since)
    for pk in untold.values_list("pk", flat=True)[:200]:
        _quietly(send_bank_notice, pk)


def _once(rows, mark, send):
    """Set the mark, send, and take the mark away again when that fails. Only the run that sets it sends."""
    if not rows.filter(**{mark: None}).update(**{mark: timezone.now()}):
        return False
    try:
        send()
    except Exception:
        rows.update(**{mark: None})
        raise
    return True


def _quietly(work, pk):
    try:
        work(pk)
    except Exception:  # one that cannot be sent must not stop the others
        logger.warning("%s(%s) failed, tried again later", work.__name__, pk, exc_info=True)


def _send_invitation(invitation):
    url = settings.PUBLIC_BASE_URL + reverse("accounts:invitation", args=[members.token(invitation)])
    _mail(
        "accounts/mail/invitation",
        to=invitation.email,
        business=invitation.business,
        reply_to=invitation.invited_by.user.email,
        invitation=invitation,
        invited_by=invitation.invited_by,
        url=url,
    )


def _send_bank_notice(entry):
    owners = entry.business.members.filter(role=Role.OWNER, is_active=True).select_related("user")
    url = settings.PUBLIC_BASE_URL + reverse("accounts:settings_bank")
    for owner in owners:
        _mail(
            "accounts/mail/bank_changed",
            to=owner.user.email,
            business=entry.business,
            language=owner.user.language,
            entry=entry,
            url=url,
        )


def _mail(kind, *, to, business, language="", reply_to="", **context):
    """One mail from the templates of `kind`; the first line of the text is the subject."""
    with translation.override(language or settings.LANGUAGE_CODE):
        context |= {"business": business, "base_url": settings.PUBLIC_BASE_URL}
        subject, _rest, text = render_to_string(f"{kind}.txt", context).strip().partition("\n")
        subject = " ".join(subject.split())[:200]
        html = render_to_string(f"{kind}.html", {**context, "subject_line": subject})
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    message = EmailMultiAlternatives(
        subject=subject,
        body=text.strip() + "\n",
        from_email=str(Address(display_name=" ".join(business.name.split()), addr_spec=sender)),
        to=[to],
        reply_to=[reply_to] if reply_to else [],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    message.send()
