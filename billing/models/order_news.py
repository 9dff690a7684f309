from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class OrderNews(ScopedModel):
    """Something about an order that its customer is to know: told once, with what else waits (bundled), by their way."""

    class Kind(models.TextChoices):
        MILESTONE = "milestone", _("Neuer Stand")
        PLANNED = "planned", _("Termin geplant")
        DELAY = "delay", _("Termin verschoben")
        ON_THE_WAY = "on_the_way", _("Wir sind unterwegs")
        SHIPPED = "shipped", _("Ware unterwegs")
        PHOTOS = "photos", _("Neue Fotos")
        SIGN_OFF = "sign_off", _("Bitte um Abnahme")

    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, related_name="news")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=200, blank=True)  # a milestone's own words, a parcel's carrier and number
    state = models.CharField(max_length=10, blank=True)  # the state of the order it tells of, where that is the news
    day = models.DateField(null=True)  # the new day
    before = models.DateField(null=True)  # the day it was planned for until now
    starts_at = models.DateTimeField(null=True)  # window of the arrival
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(_("Grund für den Kunden"), max_length=300, blank=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True)  # null: still to be told
    is_silent = models.BooleanField(default=False)  # only on the page, by the office's wish

    class Meta(ScopedModel.Meta):
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["order", "told_at"], name="order_news_untold"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.label}".strip()
