from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class TableImport(ScopedModel):
    """A table on its way in: read, mapped in a preview, tried, then taken over whole or not at all, and perhaps taken back.

    What its rows become is said by its kind (settings.TABLE_IMPORTS).
    """

    class State(models.TextChoices):
        PREVIEW = "preview", _("Vorschau")
        CHECKING = "checking", _("wird geprüft")
        RUNNING = "running", _("läuft")
        DONE = "done", _("übernommen")
        FAILED = "failed", _("nicht übernommen")
        UNDOING = "undoing", _("wird zurückgenommen")
        UNDONE = "undone", _("zurückgenommen")

    # what a task is working at: it is begun again when it stood still
    AT_WORK = (State.CHECKING, State.RUNNING, State.UNDOING)

    kind = models.CharField(max_length=20, default="contacts")
    file = models.FileField(upload_to="imports", max_length=160)
    name = models.CharField(_("Dateiname"), max_length=160)
    program = models.CharField(max_length=40, blank=True)  # where it comes from, if its headings say so
    state = models.CharField(max_length=8, choices=State.choices, default=State.PREVIEW)
    columns = models.JSONField(default=list)  # headings as they stand in the file
    mapping = models.JSONField(
        default=dict
    )  # column index (as text) -> field of the kind; besides the options of the kind
    row_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)  # rows a task has looked at
    imported_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    wrong_count = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)  # [{"row": 17, "field": "email", "message": "..."}], the first hundred
    # storage name of the whole list as XLSX: what a try found, or why nothing was taken over
    report = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(null=True)  # when a task last came on
    finished_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)  # tried with this mapping, nothing written
    undone_at = models.DateTimeField(null=True)
    undone_count = models.PositiveIntegerField(default=0)
    kept = models.JSONField(default=list)  # names of what has been used since and stayed, the first hundred
    kept_count = models.PositiveIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["business", "-created_at"], name="table_import_newest")]

    def __str__(self):
        return self.name

    @property
    def is_at_work(self):
        return self.state in self.AT_WORK

    @property
    def percent(self):
        """How much of the file a task has looked at."""
        return min(100, self.done_count * 100 // self.row_count) if self.row_count else 0


class ImportedRow(ScopedModel):
    """What an import made, so that it can be taken back."""

    source = models.ForeignKey(TableImport, on_delete=models.CASCADE, related_name="rows")
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="imported_row_by_subject")]

    def __str__(self):
        return f"{self.subject_type_id} {self.subject_id}"
