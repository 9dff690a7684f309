from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class QuoteTemplate(ScopedModel):
    """A quote to begin with (Vorlage): what it says and its rows, for no customer yet."""

    name = models.CharField(_("Name der Vorlage"), max_length=120)
    fields = models.JSONField(default=dict)  # of billing.quotes.FIELDS, as JSON
    lines = models.JSONField(default=list)  # of billing.quotes.LINE_FIELDS, as JSON
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("Vorlage")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["business", "name"], name="quote_template_name_once")]

    def __str__(self):
        return self.name


class TextBlock(ScopedModel):
    """A text the business writes again and again (Textbaustein)."""

    class Place(models.TextChoices):
        INTRO = "intro", _("Einleitung")
        CLOSING = "closing", _("Schluss")
        ROW = "row", _("Text zwischen den Positionen")

    place = models.CharField(_("Wofür"), max_length=8, choices=Place.choices, default=Place.ROW)
    name = models.CharField(_("Name"), max_length=120)
    text = models.TextField(_("Text"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("Textbaustein")
        ordering = ["place", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["business", "place", "name"], name="text_block_name_once")]

    def __str__(self):
        return self.name
