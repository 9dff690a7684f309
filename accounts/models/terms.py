from django.db import models

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class TermsVersion(ScopedModel):
    """The business's terms (AGB) as they read from a moment on. A contract names the version it was concluded under.

    An empty text says that from then on there were none.
    """

    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateTimeField()
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["business", "number"], name="terms_version_once")]

    def __str__(self):
        return f"{self.number} ({self.valid_from:%Y-%m-%d})"
