import uuid
from pathlib import PurePosixPath
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedManager, ScopedModel, ScopedQuerySet
from crm.models.folded import folded


def storage_key(attachment, filename):
    """A name of our own; the sender's name is only text (P54)."""
    suffix = PurePosixPath(filename).suffix.lower()
    return f"attachments/{attachment.business_id}/{uuid.uuid4().hex}{suffix if len(suffix) <= 6 else ''}"


class AttachmentQuerySet(ScopedQuerySet):
    """Named selections of photos and files."""

    def present(self):
        """Neither deleted nor part of a deleted note."""
        return self.filter(deleted_at=None).filter(models.Q(note=None) | models.Q(note__deleted_at=None))

    def shared(self):
        """Present, and the customer may see them."""
        return self.present().filter(is_shared=True)


class Attachment(ScopedModel):
    """A photo or file of a contact."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Foto")
        PDF = "pdf", _("PDF")
        OFFICE = "office", _("Office-Datei")
        MAIL = "mail", _("E-Mail")  # the file of one, as proof of what was written

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="attachments")
    note = models.ForeignKey("crm.Note", on_delete=models.PROTECT, null=True, related_name="attachments")
    # sent with a message: whoever may read that may see it
    message = models.ForeignKey("crm.Message", on_delete=models.PROTECT, null=True, related_name="attachments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(_("Dateiname"), max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=storage_key, max_length=160)
    # Photos: re-encoded without place data, the only form anybody is shown in the browser. PDFs: a picture of the first page.
    preview = models.FileField(upload_to=storage_key, max_length=160, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    page_count = models.PositiveSmallIntegerField(null=True)  # PDFs: of how many pages there are pictures
    is_shared = models.BooleanField(_("Kunde darf sehen"), default=False)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    client_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    folded = folded("name")

    objects: ClassVar = ScopedManager.from_queryset(AttachmentQuerySet)()

    class Meta(ScopedModel.Meta):
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["business", "client_id"], name="attachment_sent_once")]

    @classmethod
    def for_timeline(cls):
        n_comments = models.Count("comments", filter=models.Q(comments__deleted_at=None))
        return cls.unscoped.annotate(comment_count=n_comments).order_by("created_at", "pk")

    def __str__(self):
        return self.name

    @property
    def is_photo(self):
        return self.kind == self.Kind.PHOTO

    @property
    def has_pictures(self):
        """Whether it is of a kind that people look at: a photo, or the pages of a PDF."""
        return self.kind in (self.Kind.PHOTO, self.Kind.PDF)
