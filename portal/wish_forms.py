"""What a customer would order instead, and another day."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import NameField


class WishForm(forms.Form):
    """Positions to leave out, free words, a name."""

    unwanted = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": _("Das Angebot wurde inzwischen geändert. Bitte prüfen Sie es noch einmal.")},
    )
    text = forms.CharField(
        label=_("Was hätten Sie gern anders?"),
        help_text=_("Zum Beispiel ein anderes Holz, eine andere Menge oder etwas, das noch fehlt."),
        required=False,
        max_length=2000,
        error_messages={"max_length": _("Bitte kürzen Sie Ihren Text auf höchstens 2.000 Zeichen.")},
        widget=forms.Textarea(attrs={"rows": 4, "data-keep": "", "maxlength": False}),
    )
    name = NameField(label=_("Ihr Name"))

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["unwanted"]).choices = [
            (line.position, line.text) for line in lines
        ]


class OtherDayForm(forms.Form):
    """Another day instead of a no."""

    day = forms.CharField(
        label=_("Wann würde es Ihnen passen?"),
        help_text=_("Zum Beispiel: ab Mitte März, oder nur donnerstags."),
        max_length=500,
        error_messages={
            "required": _("Bitte schreiben Sie, wann es Ihnen passen würde."),
            "max_length": _("Bitte kürzen Sie Ihren Text auf höchstens 500 Zeichen."),
        },
        widget=forms.Textarea(attrs={"rows": 2, "data-keep": "", "maxlength": False, "form": "anderer-termin"}),
    )
