"""What colleagues write about a line of the timeline, or about a photo or PDF: never for the customer."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm.models import Attachment, Comment, TimelineEntry

LONGEST = 2000


def on_entry(entry: TimelineEntry, text: str, *, by) -> Comment:
    """Write about a line of the timeline. Raises Refusal for no words or too many."""
    return Comment.objects.create(customer_id=entry.customer_id, entry=entry, text=_checked(text), by=by)


def on_file(
    attachment: Attachment, text: str, *, by, page: int = 1, x: Decimal | None = None, y: Decimal | None = None
) -> Comment:
    """Write about a photo or a page of a PDF, perhaps at one place: shares of width and height, 0 to 1.

    Raises Refusal for no words or too many, for half a place, one outside, and for a page that is not there.
    """
    if (x is None) != (y is None) or any(share is not None and not 0 <= share <= 1 for share in (x, y)):
        raise Refusal(
            _("Bitte geben Sie die Stelle im Bild an, von links und von oben, je 0 bis 100 Prozent."), field="x"
        )
    if not 1 <= page <= max(1, attachment.page_count or 1):
        raise Refusal(_("Diese Seite gibt es in der Datei nicht."), field="page")
    return Comment.objects.create(
        customer_id=attachment.customer_id, attachment=attachment, text=_checked(text), by=by, page=page, x=x, y=y
    )


def delete(comment: Comment) -> None:
    """Take a comment out of sight; `restore` brings it back."""
    Comment.objects.filter(pk=comment.pk).update(deleted_at=timezone.now())


def restore(comment: Comment) -> None:
    """Undo `delete`."""
    Comment.objects.filter(pk=comment.pk).update(deleted_at=None)


def of_file(attachment: Attachment) -> list[Comment]:
    """Comments on a file, oldest first; those with a place have a `number` that stays when another one is deleted."""
    found, number = [], 0
    for comment in attachment.comments.select_related("by__user"):
        if comment.has_place:
            number += 1
            comment.number = number
        if comment.deleted_at is None:
            found.append(comment)
    return found


def _checked(text):
    text = text.strip()
    if not text:
        raise Refusal(_("Bitte schreiben Sie Ihren Kommentar."), field="text")
    if len(text) > LONGEST:
        raise Refusal(_("Bitte kürzen Sie Ihren Kommentar auf höchstens 2.000 Zeichen."), field="text")
    return text
