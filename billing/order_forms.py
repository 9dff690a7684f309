"""What staff type about the way of an order: milestones, the day, the window of arrival, parcels, photos."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models import Milestone, Shipment, Step

DAY = {"type": "date"}
LONGEST = 300
LAST_QUARTER = time(23, 45)


def _day(label, **options):
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"invalid": _("Bitte prüfen Sie das Datum.")}, **options,
    )  # fmt: skip


def _words(label, **options):
    rows = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=rows, **options)


class MilestoneForm(forms.Form):
    """A milestone's day, its sentence for the customer, and whether the customer sees it."""

    planned_on = _day(_("geplant am"))
    reason = forms.CharField(label=_("Grund, wenn es später wird"), required=False, max_length=LONGEST)
    tell = forms.BooleanField(label=_("Kunde über den neuen Tag informieren"), required=False, initial=True)
    note = _words(_("Hinweis für den Kunden"))
    is_shown = forms.BooleanField(label=_("Kunde sieht das"), required=False)

    def __init__(self, data=None, *, milestone: Milestone):
        initial = {"planned_on": milestone.planned_on, "note": milestone.note, "is_shown": milestone.is_shown}
        super().__init__(data, initial=initial, auto_id=f"stein{milestone.pk}-%s")
        if not can_be_planned(milestone):
            for name in ("planned_on", "reason", "tell"):
                del self.fields[name]


def can_be_planned(milestone: Milestone) -> bool:
    """Whether its day is set at the milestone itself: that of the work is the order's, a day behind us is none to plan."""
    return not milestone.reached_at and milestone.step not in (Step.PLACED, Step.SCHEDULED)


class RescheduleForm(forms.Form):
    """A new day for the work, and why: what the customer is told of a delay."""

    planned_on = _day(_("Neuer Termin"))
    reason = _words(_("Grund für den Kunden"), help_text=_("Zum Beispiel: „Die Beschläge kommen eine Woche später.“"))
    tell = forms.BooleanField(label=_("Kunde informieren"), required=False, initial=True)


class WindowForm(forms.Form):
    """Somebody is on the way: between which times of today."""

    starts = forms.TimeField(label=_("von"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("bis"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, data=None, *, now: datetime | None = None):
        starts, ends = window_from(now or timezone.now())
        super().__init__(data, initial={"starts": starts, "ends": ends}, auto_id="fenster-%s")
        for field in self.fields.values():
            field.error_messages = {"required": _("Bitte tragen Sie die Uhrzeit ein."),
                                    "invalid": _("Bitte prüfen Sie die Uhrzeit, zum Beispiel 8:15.")}  # fmt: skip

    def instants(self) -> dict:
        """The window as instants of today, for `orders.on_the_way`."""
        today = timezone.localdate()
        return {
            "starts_at": timezone.make_aware(datetime.combine(today, self.cleaned_data["starts"])),
            "ends_at": timezone.make_aware(datetime.combine(today, self.cleaned_data["ends"])),
        }


def window_from(now: datetime) -> tuple[time, time]:
    """From the next quarter of an hour on, an hour long, and within the day: at 8:07 that is 8:15 to 9:15."""
    local = timezone.localtime(now)
    starts = local.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=15 * (local.minute // 15 + 1))
    if starts.date() != local.date():
        return LAST_QUARTER, time(23, 59)
    ends = starts + timedelta(hours=1)
    return starts.time(), ends.time() if ends.date() == local.date() else time(23, 59)


class ShipmentForm(forms.Form):
    """Goods that left the house with a carrier."""

    carrier = forms.ChoiceField(label=_("Versand mit"), choices=Shipment.Carrier.choices)
    tracking_number = forms.CharField(label=_("Sendungsnummer"), required=False, max_length=60)
    carrier_name = forms.CharField(label=_("Name des Dienstes"), required=False, max_length=80)
    tracking_url = forms.CharField(
        label=_("Adresse der Sendungsverfolgung"), required=False, max_length=200, help_text=_("Beginnt mit https://")
    )
    contents = forms.CharField(label=_("Was ist darin?"), required=False, max_length=160)
    shipped_on = _day(_("versandt am"))
    expected_on = _day(_("kommt voraussichtlich am"))
    tell = forms.BooleanField(label=_("Kunde informieren"), required=False, initial=True)

    def __init__(self, data=None, *, today: date):
        super().__init__(data, initial={"shipped_on": today, "tell": True}, auto_id="sendung-%s")
        self.fields["carrier"].error_messages["invalid_choice"] = _("Bitte wählen Sie, mit wem Sie versenden.")


class PhotoForm(forms.Form):
    """A photo for the customer: one of the timeline or a new one, where it belongs and what is to be seen."""

    # "files" is what crm.attachments calls it when it refuses one
    files = forms.FileField(  # type: ignore[assignment]
        label=_("oder neues Foto"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    description = forms.CharField(
        label=_("Was ist zu sehen?"), required=False, max_length=160,
        help_text=_("Für alle, die das Foto nicht sehen können. Ohne Text steht dort der Meilenstein."),
    )  # fmt: skip
    tell = forms.BooleanField(label=_("Kunde informieren"), required=False, initial=True)

    def __init__(self, data=None, files=None, *, attachments, milestones):
        super().__init__(data, files, auto_id="foto-%s")
        self.fields["attachment"] = forms.ModelChoiceField(
            attachments, required=False, label=_("Foto aus dem Verlauf"),
            error_messages={"invalid_choice": _("Bitte wählen Sie ein Foto dieses Kunden.")},
        )  # fmt: skip
        self.fields["milestone"] = forms.ModelChoiceField(
            milestones, required=False, label=_("Zeigen bei"), empty_label=_("ganzer Auftrag"),
            error_messages={"invalid_choice": _("Bitte wählen Sie einen Meilenstein des Auftrags.")},
        )  # fmt: skip

    def clean(self):
        values = super().clean() or self.cleaned_data
        if not self.errors and not values.get("attachment") and not values.get("files"):
            self.add_error("files", _("Bitte wählen Sie ein Foto aus dem Verlauf oder ein neues."))
        return values
