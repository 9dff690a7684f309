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
    match entry.subject:
        case Note() as note:
            notes.set_shared(note, is_shared, by=by)
        case Attachment() as attachment:
            attachments.set_shared(attachment, is_shared, by=by)
