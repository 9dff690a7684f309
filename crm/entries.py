"""What may be done with a line of the timeline, whatever it is about. The line itself never changes."""

from crm import attachments, notes
from crm.models import Attachment, Note, TimelineEntry


def sharing(entry: TimelineEntry) -> bool | None:
    """Whether the customer sees what a line is about; None for what cannot be shown to customers here."""
    match entry.subject:
        case Note(deleted_at=None, shared_at=since):
            return since is not None
        case Attachment(deleted_at=None, message_id=None, is_shared=shared):
            return shared
    return None


def set_shared(entry: TimelineEntry, is_shared: bool, *, by=None) -> None:
    """Let the customer see what a line is about, with its photos and files, or no longer; other lines stay as they are."""
    if sharing(entry) is None:
        return
    if isinstance(entry.subject, Note):
        notes.set_shared(entry.subject, is_shared, by=by)
    else:
        attachments.set_shared(entry.subject, is_shared, by=by)
