from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel

WORKDAY = [["08:00", "12:00"], ["13:00", "17:00"]]


def usual_hours():
    """Monday to Friday with a break at noon, until the business says otherwise."""
    return [WORKDAY] * 5 + [[], []]


class AppointmentRules(ScopedModel):
    """When a business can be visited or comes, and what customers may do with an appointment by themselves."""

    hours = models.JSONField(_("Zeiten"), default=usual_hours)  # of each weekday from Monday: [["08:00", "12:00"], …]
    step_minutes = models.PositiveSmallIntegerField(
        _("Freie Zeiten alle (Minuten)"), default=30, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    buffer_minutes = models.PositiveSmallIntegerField(
        _("Abstand zwischen zwei Terminen (Minuten)"), default=30, validators=[MaxValueValidator(240)]
    )
    lead_hours = models.PositiveSmallIntegerField(
        _("Vorlauf, frühestens in (Stunden)"), default=24, validators=[MaxValueValidator(720)]
    )
    window_days = models.PositiveSmallIntegerField(
        _("Wie weit voraus (Tage)"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    change_hours = models.PositiveSmallIntegerField(
        _("Kunden können verschieben und absagen bis (Stunden vorher)"), default=24, validators=[MaxValueValidator(720)]
    )
    reminds = models.BooleanField(_("Kunden zwei Tage und drei Stunden vorher an den Termin erinnern"), default=True)
    local_holidays = models.JSONField(
        _("Feiertage in Ihrem Ort"), default=list, blank=True
    )  # keys of crm.holidays.LOCAL

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["business"], name="appointment_rules_once")]

    def __str__(self):
        return str(self.business)

    def hours_on(self, weekday: int) -> list[tuple[time, time]]:
        """From when till when on a weekday, 0 for Monday."""
        return [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in self.hours[weekday]]


class DayOff(ScopedModel):
    """Days on which nobody comes, or one member does not: holidays of the firm, leave."""

    first_on = models.DateField(_("Von"))
    last_on = models.DateField(_("Bis"))
    member = models.ForeignKey(
        "accounts.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Wer")
    )
    reason = models.CharField(_("Grund"), max_length=80, blank=True)

    class Meta(ScopedModel.Meta):
        ordering = ["first_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="day_off_ends_after_start")]
        indexes = [models.Index(fields=["business", "last_on"], name="day_off_by_end")]

    def __str__(self):
        return self.reason or f"{self.first_on} – {self.last_on}"
