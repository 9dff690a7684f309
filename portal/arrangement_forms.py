"""What customers fill in about their appointment."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.formats import clock, day_long
from crm import arrangements


class SlotForm(forms.Form):
    """One of the times that are to be had."""

    starts_at = forms.ChoiceField(label=gettext_lazy("Wann passt es Ihnen?"), widget=forms.RadioSelect)

    def __init__(self, *args, starts, **kwargs):
        super().__init__(*args, **kwargs)
        self.starts = starts
        field = self.fields["starts_at"]
        field.choices = [(each.isoformat(), f"{day_long(each)}, {clock(each)}") for each in starts]
        field.error_messages = {
            "required": _("Bitte wählen Sie eine Zeit."),
            "invalid_choice": arrangements.Taken().message,
        }

    def clean_starts_at(self):
        return datetime.fromisoformat(self.cleaned_data["starts_at"])

    @property
    def days(self) -> list[dict]:
        """The times by day, as the template writes their radio buttons: Django's own widgets take a millisecond each."""
        found: list[dict] = []
        chosen = self["starts_at"].value()
        for number, start in enumerate(self.starts):
            day, value = timezone.localdate(start), start.isoformat()
            if not found or found[-1]["day"] != day:
                found.append({"day": day, "slots": []})
            row = {"start": start, "value": value, "id": f"id_starts_at_{number}", "is_chosen": value == chosen}
            found[-1]["slots"].append(row)
        return found


class WordsForm(forms.Form):
    """A few words, if the customer likes."""

    words = forms.CharField(
        required=False, max_length=arrangements.LONGEST_WORDS, widget=forms.Textarea({"rows": 3}),
        label=gettext_lazy("Möchten Sie uns sagen, warum? (freiwillig)"),
    )  # fmt: skip
    is_sure = forms.BooleanField(
        label=gettext_lazy("Ja, bitte sagen Sie den Termin ab"),
        error_messages={"required": gettext_lazy("Bitte setzen Sie den Haken, wenn der Termin entfallen soll.")},
    )


class WishForm(forms.Form):
    """When it would fit instead."""

    words = forms.CharField(
        label=gettext_lazy("Wann würde es Ihnen passen?"), max_length=arrangements.LONGEST_WORDS,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Bitte schreiben Sie kurz, wann es Ihnen passt.")},
    )  # fmt: skip
