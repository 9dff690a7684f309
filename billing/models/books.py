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


class AuditExport(ScopedModel):
    """The data of one year for the tax office (Z3, § 147 (6) AO), asked for on a page and made by a task."""

    class State(models.TextChoices):
        WAITING = "waiting", _("wird erstellt")
        READY = "ready", _("fertig")
        FAILED = "failed", _("nicht gelungen")

    year = models.PositiveSmallIntegerField(_("Jahr"))
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    done = models.PositiveIntegerField(default=0)  # files that are packed, of so many
    total = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)  # somebody is at it until then
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("Datenüberlassung (Z3)")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"Z3 {self.year}"
