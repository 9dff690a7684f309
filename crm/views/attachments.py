"""Photos and files: handed out only here, to members of their business (security.md 4.5); looked at and written about."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from accounts.staff import staff
from crm import attachments, comments
from crm.composer_forms import MarkForm
from crm.models import Attachment
from crm.views import undo

SANDBOX = "sandbox; default-src 'none'"


@require_safe
@staff(Right.SEE_NOTES)
def attachment_detail(request, pk):
    """A photo, or one page of a PDF (`seite`), with what was written about it and where."""
    return _show(request, get_object_or_404(Attachment.objects.select_related("customer", "by__user"), pk=pk))


@require_safe
@staff(Right.SEE_NOTES)
def attachment_download(request, pk):
    """The file as it was sent, never shown by the browser."""
    attachment = get_object_or_404(Attachment, pk=pk)
    return hand_out(attachment.file, attachment.content_type, name=attachment.name)


@require_safe
@staff(Right.SEE_NOTES)
def attachment_preview(request, pk, edge=None):
    """A photo re-encoded without place data, or the first page of a PDF, shown in the page; also in a smaller size."""
    if edge not in (None, attachments.SMALL, attachments.THUMB):
        raise Http404
    attachment = get_object_or_404(Attachment, pk=pk)
    if not attachment.preview:
        raise Http404
    name = attachments.smaller(attachment, edge) if edge else str(attachment.preview.name)
    if edge and not default_storage.exists(name):  # made before there were smaller ones
        name = str(attachment.preview.name)
    return _picture(name)


@require_safe
@staff(Right.SEE_NOTES)
def attachment_page(request, pk, page):
    """The picture of one page of a PDF."""
    attachment = get_object_or_404(Attachment, pk=pk)
    if not 1 <= page <= (attachment.page_count or 0):
        raise Http404
    return _picture(attachments.page_name(attachment, page))


@require_POST
@staff(Right.WRITE_NOTES)
def attachment_comment(request, pk):
    """Write about the file, perhaps at one place of the picture."""
    attachment = get_object_or_404(Attachment.objects.select_related("customer", "by__user"), pk=pk)
    form = MarkForm(request.POST)
    if not form.is_valid():
        return _show(request, attachment, form=form)
    page, (x, y) = form.cleaned_data["page"], form.position
    comments.on_file(attachment, form.cleaned_data["text"], by=request.member, page=page, x=x, y=y)
    return redirect(f"{reverse('crm:attachment_detail', args=[pk])}?seite={page}#kommentare")


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


def _picture(name):
    try:
        opened = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, content_type="image/webp")
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=86400"  # a preview never changes
    return response


def _show(request, attachment, *, form=None):
    asked = str(form["page"].value()) if form else request.GET.get("seite", "")
    pages = attachment.page_count or 1
    page = min(int(asked), pages) if asked.isdecimal() and len(asked) < 5 and int(asked) else 1
    written = comments.of_file(attachment)
    for comment in written:
        if comment.x is not None and comment.y is not None:
            comment.left, comment.top = f"{comment.x * 100:.2f}%", f"{comment.y * 100:.2f}%"
    context = {
        "attachment": attachment,
        "customer": attachment.customer,
        "page": page,
        "pages": range(1, pages + 1),
        "before": page - 1,
        "after": page + 1 if page < pages else 0,
        "comments": written,
        "marks": [comment for comment in written if comment.has_place and comment.page == page],
        "mark_form": form or MarkForm(initial={"page": page, "place": ""}),
        "form": form,  # its errors are summed up above
    }
    return render(request, "crm/attachment_detail.html", context, status=422 if form else 200)
