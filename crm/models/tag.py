from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class Tag(ScopedModel):
    """A word to sort contacts and lines of their timelines by."""

    class Colour(models.TextChoices):
        """Each readable on light and dark ground (static/css/tags.css; a test measures the contrast)."""

        GREY = "grey", _("Grau")
        RED = "red", _("Rot")
        ORANGE = "orange", _("Orange")
        YELLOW = "yellow", _("Gelb")
        GREEN = "green", _("Grün")
        TEAL = "teal", _("Türkis")
        BLUE = "blue", _("Blau")
        VIOLET = "violet", _("Violett")
        PINK = "pink", _("Rosa")

    name = models.CharField(_("Tag"), max_length=40)
    colour = models.CharField(_("Farbe"), max_length=6, choices=Colour.choices, default=Colour.GREY)

    class Meta(ScopedModel.Meta):
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["business", "name"], name="tag_once")]

    def __str__(self):
        return self.name


class CustomerTag(ScopedModel):
    """A tag on a contact."""

    customer = models.ForeignKey("crm.Customer", on_delete=models.CASCADE, related_name="customer_tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="customer_tags")

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["customer", "tag"], name="customer_tag_once")]

    def __str__(self):
        return str(self.tag)


class EntryTag(ScopedModel):
    """A tag on one line of a timeline."""

    entry = models.ForeignKey("crm.TimelineEntry", on_delete=models.CASCADE, related_name="entry_tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="entry_tags")

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["entry", "tag"], name="entry_tag_once")]

    def __str__(self):
        return str(self.tag)
