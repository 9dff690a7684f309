"""What the pages of appointments ask: proposals, hours, days off, calendar feeds."""

import re
from datetime import time
from itertools import pairwise

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import holidays
from crm.forms import Friendly, day_field, instant_field, members
from crm.models import AppointmentRules, Arrangement, DayOff

SPAN = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|bis|to)\s*(\d{1,2})(?:[:.](\d{2}))?$", re.I)
MOST_SPANS = 6
TIMES = ("first", "second", "third")


class HoursField(forms.CharField):
    """The hours of a weekday as people write them: "8–12, 13–17 Uhr"; as [["08:00", "12:00"], …]."""

    def prepare_value(self, value):
        if isinstance(value, list):
            return ", ".join(f"{opens.lstrip('0') or '0'}–{closes.lstrip('0')}" for opens, closes in value)
        return value

    def clean(self, value):
        spans = []
        for part in filter(None, (part.strip() for part in super().clean(value).replace("Uhr", "").split(","))):
            spans.append(self._span(part))
        spans.sort()
        if len(spans) > MOST_SPANS or any(one[1] > other[0] for one, other in pairwise(spans)):
            raise forms.ValidationError(_("Diese Zeiten überschneiden sich. Bitte prüfen Sie sie."))
        return spans

    def _span(self, part):
        found = SPAN.match(part)
        try:
            opens, closes = (time(int(found[n]), int(found[n + 1] or 0)) for n in (1, 3))
        except (TypeError, ValueError):
            raise forms.ValidationError(_("Bitte schreiben Sie die Zeiten so: 8:00–12:00, 13:00–17:00")) from None
        if closes <= opens:
            raise forms.ValidationError(_("Das Ende muss nach dem Beginn liegen."))
        return [f"{opens:%H:%M}", f"{closes:%H:%M}"]


class RulesForm(Friendly, forms.ModelForm):
    """Business hours and what customers may do."""

    class Meta:
        model = AppointmentRules
        fields = ("step_minutes", "buffer_minutes", "lead_hours", "window_days", "change_hours", "reminds")

    def __init__(self, *args, land, **kwargs):
        super().__init__(*args, **kwargs)
        for number, label in WEEKDAYS.items():
            self.fields[f"day_{number}"] = HoursField(
                label=label, required=False, max_length=120, initial=self.instance.hours[number],
                widget=forms.TextInput({"autocomplete": "off"}),
            )  # fmt: skip
        local = holidays.local_of(land)
        if local:
            self.fields["local_holidays"] = forms.MultipleChoiceField(
                label=_("Feiertage in Ihrem Ort"), required=False, initial=self.instance.local_holidays,
                choices=[(key, each.label) for key, each in local.items()], widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    @property
    def days(self):
        """The fields of the week."""
        return [self[f"day_{number}"] for number in WEEKDAYS]

    @property
    def values(self) -> dict:
        """As scheduling.change_rules takes them."""
        hours = [self.cleaned_data[f"day_{number}"] for number in WEEKDAYS]
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return fields | {"hours": hours, "local_holidays": self.cleaned_data.get("local_holidays", [])}


class DayOffForm(Friendly, forms.ModelForm):
    """Days on which nobody comes, or one member does not."""

    first_on = day_field(label=gettext_lazy("Von"))
    last_on = day_field(label=gettext_lazy("Bis"), required=False)

    class Meta:
        model = DayOff
        fields = ("first_on", "last_on", "member", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members()
        self.fields["member"].empty_label = _("alle (Betriebsferien)")

    def clean(self):
        data = super().clean()
        data["last_on"] = data.get("last_on") or data.get("first_on")
        if data.get("first_on") and data["last_on"] < data["first_on"]:
            self.add_error("last_on", _("Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Tage."))
        return data


class ArrangementForm(Friendly, forms.ModelForm):
    """Ask a customer for a time: up to three proposed ones, or whatever is free between two days."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Wie?"), widget=forms.RadioSelect, initial=Arrangement.Kind.SLOTS,
        choices=[each for each in Arrangement.Kind.choices if each[0] != Arrangement.Kind.BOOKED],
    )  # fmt: skip
    first_on = day_field(label=gettext_lazy("Frühestens am"), required=False)
    last_on = day_field(label=gettext_lazy("Spätestens am"), required=False)
    first = instant_field(label=gettext_lazy("1. Vorschlag"), required=False)
    second = instant_field(label=gettext_lazy("2. Vorschlag"), required=False)
    third = instant_field(label=gettext_lazy("3. Vorschlag"), required=False)

    class Meta:
        model = Arrangement
        fields = ("title", "minutes", "place", "assignee", "kind", "first_on", "last_on")

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = members()
        self.fields["assignee"].required = True
        self.fields["assignee"].empty_label = None
        self.fields["assignee"].initial = member.pk

    def clean(self):
        data = super().clean()
        is_without = data.get("kind") == Arrangement.Kind.TIMES and not any(data.get(name) for name in TIMES)
        if is_without and not set(TIMES) & set(self.errors):
            self.add_error("first", _("Bitte schlagen Sie mindestens eine Zeit vor."))
        if data.get("first_on") and data.get("last_on") and data["last_on"] < data["first_on"]:
            self.add_error("last_on", _("Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Tage."))
        return data

    @property
    def values(self) -> dict:
        """As arrangements.propose takes them."""
        data = self.cleaned_data
        found = {name: data[name] for name in ("title", "minutes", "place", "assignee")}
        if data["kind"] == Arrangement.Kind.TIMES:
            return found | {"times": [data[name] for name in TIMES if data[name]]}
        return found | {"first_on": data["first_on"], "last_on": data["last_on"]}


class FeedForm(Friendly, forms.Form):
    """A new calendar feed."""

    name = forms.CharField(
        label=gettext_lazy("Wofür"), max_length=80, help_text=gettext_lazy("zum Beispiel: mein Handy")
    )
    is_of_all = forms.BooleanField(
        label=gettext_lazy("Termine und Aufgaben von allen, nicht nur meine"), required=False
    )

    def __init__(self, *args, sees_all, **kwargs):
        super().__init__(*args, **kwargs)
        if not sees_all:
            del self.fields["is_of_all"]
