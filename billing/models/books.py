"""What keeps the books in order: periods that are closed, and how it is all done (GoBD)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class PeriodLock(ScopedModel):
    """Up to this day nothing is booked any more (R52). Locks only move forward, by a new row."""

    until = models.DateField(_("abgeschlossen bis"))
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["business", "until"], name="period_lock_once")]

    def __str__(self):
        return str(self.until)


class ProcedureVersion(ScopedModel):
    """The procedure documentation (Verfahrensdokumentation) as it was on a day (R55); kept for ten years."""

    version = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["business", "version"], name="procedure_version_once")]

    def __str__(self):
        return f"Version {self.version}"
