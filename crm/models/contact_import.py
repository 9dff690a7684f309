from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class ContactImport(ScopedModel):
    """A file of contacts on its way in: read, mapped in a preview, then taken over whole or not at all."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("Vorschau")
        RUNNING = "running", _("läuft")
        DONE = "done", _("übernommen")
        FAILED = "failed", _("nicht übernommen")

    file = models.FileField(upload_to="imports", max_length=160)
    name = models.CharField(_("Dateiname"), max_length=160)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PREVIEW)
    columns = models.JSONField(default=list)  # headings as they stand in the file
    mapping = models.JSONField(default=dict)  # column index (as text) -> field of Customer
    row_count = models.PositiveIntegerField(default=0)
    imported_count = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)  # [{"row": 17, "field": "email", "message": "..."}], the first hundred
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["-created_at"]

    def __str__(self):
        return self.name
