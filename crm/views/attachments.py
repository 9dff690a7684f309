"""Photos and files: handed out only here, to members of their business (security.md 4.5)."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from accounts.staff import staff
from crm import attachments
from crm.models import Attachment
from crm.views import undo

SANDBOX = "sandbox; default-src 'none'"


@require_safe
@staff(Right.SEE_NOTES)
def attachment_download(request, pk):
    """The file as it was sent, never shown by the browser."""
    attachment = get_object_or_404(Attachment, pk=pk)
    return hand_out(attachment.file, attachment.content_type, name=attachment.name)


@require_safe
@staff(Right.SEE_NOTES)
def attachment_preview(request, pk):
    """A photo re-encoded without place data, shown in the page."""
    attachment = get_object_or_404(Attachment, pk=pk)
    if not attachment.preview:
        raise Http404
    response = hand_out(attachment.preview, "image/webp")
    response["Cache-Control"] = "private, max-age=86400"  # a preview never changes
    return response


@require_POST
@staff(Right.WRITE_NOTES)
def attachment_share(request, pk):
    """Let the customer see it, or no longer: `is_shared` says which."""
    attachment = get_object_or_404(Attachment, pk=pk)
    attachments.set_shared(attachment, request.POST.get("is_shared") == "1", by=request.member)
    return redirect(attachment.customer)


@require_POST
@staff(Right.WRITE_NOTES)
def attachment_delete(request, pk):
    attachment = get_object_or_404(Attachment, pk=pk)
    attachments.delete(attachment)
    text = _("„%(name)s“ ist gelöscht.") % {"name": attachment.name}
    return undo.offer(redirect(attachment.customer), text, reverse("crm:attachment_restore", args=[pk]))


@require_POST
@staff(Right.WRITE_NOTES)
def attachment_restore(request, pk):
    attachment = get_object_or_404(Attachment, pk=pk)
    attachments.restore(attachment)
    return undo.taken(redirect(attachment.customer))


def hand_out(file, content_type, *, name="") -> FileResponse:
    """A stored file as an answer that cannot run anything; with a `name` as a download (RFC 6266)."""
    try:
        opened = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, as_attachment=bool(name), filename=name, content_type=content_type)
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response
