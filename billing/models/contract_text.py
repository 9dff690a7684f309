from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class ContractText(ScopedModel):
    """A text a contract was concluded with, word for word: the customer can read it later as it was (R79, R81, R87)."""

    class Kind(models.TextChoices):
        INFORMATION = "information", _("Informationen zum Vertrag")
        INSTRUCTION = "instruction", _("Widerrufsbelehrung")
        TERMS = "terms", _("Allgemeine Geschäftsbedingungen")

    acceptance = models.ForeignKey("billing.Acceptance", on_delete=models.PROTECT, related_name="texts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text_id = models.CharField(max_length=60)  # of billing.legal_texts, or the number of the terms
    language = models.CharField(max_length=2)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    pdf = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    frozen = Frozen(free=("pdf", "pdf_sha256"))

    class Meta(ScopedModel.Meta):
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["acceptance", "kind"], name="contract_text_once")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.text_id}"
