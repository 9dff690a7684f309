from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedManager, ScopedModel, ScopedQuerySet
from crm.models.attachment import Attachment
from crm.models.folded import folded


class NoteQuerySet(ScopedQuerySet):
    """Named selections of notes."""

    def shared(self):
        """Not deleted, and the customer may read them."""
        return self.filter(deleted_at=None, shared_at__isnull=False)


class Note(ScopedModel):
    """What somebody wrote down about a contact, in the office or on site; also what was said in a call."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Notiz")
        CALL = "call", _("Anruf")

    class Direction(models.TextChoices):
        IN = "in", _("Anruf erhalten")
        OUT = "out", _("Angerufen")
        MISSED = "missed", _("Nicht erreicht")

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.NOTE)
    text = models.TextField(_("Notiz"), blank=True)
    direction = models.CharField(_("Anruf"), max_length=6, choices=Direction.choices, blank=True)  # of a call
    phone = models.CharField(_("Telefonnummer"), max_length=40, blank=True)  # of a call
    is_from_site = models.BooleanField(default=False)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    # The sender's own key: the same note sent twice (a retry after a lost answer) exists once.
    client_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    corrected_at = models.DateTimeField(null=True, editable=False)  # what it said before: versions
    corrected_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    shared_at = models.DateTimeField(null=True, editable=False)  # since when the customer may read it
    deleted_at = models.DateTimeField(null=True, editable=False)
    folded = folded("text", phones=("phone",))

    objects: ClassVar = ScopedManager.from_queryset(NoteQuerySet)()

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["business", "client_id"], name="note_sent_once"),
            models.CheckConstraint(
                condition=models.Q(kind="note", direction="", phone="")
                | models.Q(kind="call") & ~models.Q(direction=""),
                name="note_of_a_call_says_which_way",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "-shared_at"], condition=models.Q(shared_at__isnull=False), name="note_shared"
            )
        ]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.select_related("corrected_by__user").prefetch_related(
            models.Prefetch("attachments", Attachment.for_timeline())
        )

    def __str__(self):
        return self.text[:60]

    @property
    def is_call(self):
        return self.kind == self.Kind.CALL


class NoteVersion(ScopedModel):
    """What a note said before it was corrected."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField()
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")  # who wrote it so
    written_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]

    def __str__(self):
        return self.text[:60]
