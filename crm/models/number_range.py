from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class NumberRange(ScopedModel):
    """A series of numbers (Nummernkreis). Its row is the lock under which a number is taken (R6, R7)."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("Kundennummern")
        QUOTE = "quote", _("Angebote")
        ORDER = "order", _("Aufträge")
        INVOICE = "invoice", _("Rechnungen")
        DELIVERY = "delivery", _("Lieferscheine")

    kind = models.CharField(_("Belegart"), max_length=10, choices=Kind.choices)
    year = models.PositiveSmallIntegerField(_("Jahr"), default=0)  # 0: runs on without a yearly start
    prefix = models.CharField(
        _("Anfang"),
        max_length=12,
        blank=True,
        # what DATEV takes in its field for numbers of documents (R116)
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9$&%*+\-/]*$", _("Bitte nehmen Sie nur Buchstaben ohne Umlaute, Ziffern und $ & * + - /.")
            )
        ],
    )
    last = models.PositiveBigIntegerField(_("zuletzt vergeben"), default=0)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["business", "kind", "year"], name="number_range_once_per_year")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.year or ''}".strip()
