"""What became of the mails that confirm orders: noted in the journal, because the acceptance itself is frozen (R79, R87)."""

from django.db import transaction
from django.db.models import F

from accounts import current
from billing import journal
from billing.models import Acceptance
from crm.models import Mail

EVENT = "billing.order_confirmed"
UNDER_WAY = (Mail.State.WAITING, Mail.State.SENDING)
AT_ONCE = 500


def unnoted():
    """Acceptances whose confirmation left, failed or came back since the journal last spoke of it; of every business."""
    return (
        Acceptance.unscoped.filter(confirmation__isnull=False)
        .exclude(confirmation__state__in=UNDER_WAY)
        .exclude(confirmation_noted=F("confirmation__state"))
        .order_by("pk")
    )


def note() -> int:
    """Write the state of confirmations into the journals of their businesses. Returns how many were new."""
    found = list(unnoted().select_related("business", "confirmation", "quote")[:AT_ONCE])
    return sum(_note(acceptance) for acceptance in found)


@transaction.atomic
def _note(acceptance) -> bool:
    mail = acceptance.confirmation
    with current.working_for(acceptance.business):
        mine = Acceptance.objects.filter(pk=acceptance.pk, confirmation_noted=acceptance.confirmation_noted)
        if not mine.update(confirmation_noted=mail.state):
            return False
        journal.write(
            EVENT, acceptance.quote, content_hash=acceptance.record_hash, message_id=mail.message_id, to=mail.to,
            state=mail.state, sent_at=mail.sent_at.isoformat() if mail.sent_at else "",
            attachments=" ".join(mail.attachments.values_list("sha256", flat=True)),
        )  # fmt: skip
    return True
