"""What the composer and the pages around the timeline ask: calls, mails, comments, tags."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import comments, letters, tags
from crm.forms import FilesField, Friendly
from crm.models import Note, Tag

NINTHS = [Decimal(1) / 6, Decimal(1) / 2, Decimal(5) / 6]  # the middles of a grid of three by three
PLACES = [
    ("", gettext_lazy("ohne Stelle")),
    ("00", gettext_lazy("oben links")), ("10", gettext_lazy("oben Mitte")), ("20", gettext_lazy("oben rechts")),
    ("01", gettext_lazy("Mitte links")), ("11", gettext_lazy("Mitte")), ("21", gettext_lazy("Mitte rechts")),
    ("02", gettext_lazy("unten links")), ("12", gettext_lazy("unten Mitte")), ("22", gettext_lazy("unten rechts")),
]  # fmt: skip


class CallForm(Friendly, forms.Form):
    """A call: who called whom, and what it was about."""

    direction = forms.ChoiceField(
        label=gettext_lazy("Anruf"), choices=Note.Direction.choices, widget=forms.RadioSelect, initial=Note.Direction.IN
    )
    phone = forms.CharField(label=gettext_lazy("Nummer"), max_length=40, required=False)
    text = forms.CharField(
        label=gettext_lazy("Worum ging es?"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args, customer, **kwargs):
        numbers = [number for number in (customer.mobile, customer.phone) if number]
        super().__init__(*args, **{"initial": {"phone": numbers[0] if numbers else ""}, **kwargs})
        self.numbers = numbers + [person.phone for person in customer.contact_persons.all() if person.phone]
        self.fields["phone"].widget.attrs |= {"list": "nummern", "inputmode": "tel", "autocomplete": "off"}


class NoteEditForm(Friendly, forms.Form):
    """What a note shall say from now on. `seen` is what it said when the page was opened."""

    text = forms.CharField(
        label=gettext_lazy("Notiz"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 6})
    )
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


class LetterForm(Friendly, forms.Form):
    """A mail to the customer, or about one to somebody else."""

    to = forms.EmailField(label=gettext_lazy("An"))
    subject_line = forms.CharField(label=gettext_lazy("Betreff"), max_length=letters.LONGEST_SUBJECT)
    text = forms.CharField(label=gettext_lazy("Text"), max_length=5000, widget=forms.Textarea({"rows": 6}))
    files = FilesField(label=gettext_lazy("Fotos und Dateien"), required=False)

    def __init__(self, *args, customer, **kwargs):
        self.addresses = letters.addresses(customer)
        first = self.addresses[0][0] if self.addresses else ""
        super().__init__(*args, **{"initial": {"to": first, "text": f"{customer.greeting},\n\n"}, **kwargs})
        self.fields["to"].widget.attrs |= {"list": "adressen"}


class CommentForm(Friendly, forms.Form):
    """A comment on a line of the timeline."""

    text = forms.CharField(
        label=gettext_lazy("Kommentar"), max_length=comments.LONGEST, widget=forms.Textarea({"rows": 2})
    )


class MarkForm(CommentForm):
    """A comment on a photo or a page of a PDF. The place is one of nine, or as exact as a finger points (percent)."""

    page = forms.IntegerField(min_value=1, initial=1, widget=forms.HiddenInput)
    place = forms.ChoiceField(label=gettext_lazy("Wo?"), choices=PLACES, required=False, widget=forms.RadioSelect)
    x = forms.DecimalField(label=gettext_lazy("von links (%)"), min_value=0, max_value=100, required=False)
    y = forms.DecimalField(label=gettext_lazy("von oben (%)"), min_value=0, max_value=100, required=False)

    def clean(self):
        data = super().clean()
        if (data.get("x") is None) != (data.get("y") is None):
            self.add_error("x", _("Bitte geben Sie beides an, von links und von oben, oder keines von beiden."))
        return data

    @property
    def position(self) -> tuple[Decimal | None, Decimal | None]:
        """Shares of width and height; the exact place counts before the rough one."""
        data = self.cleaned_data
        if data["x"] is not None:
            return round(data["x"] / 100, 4), round(data["y"] / 100, 4)
        if place := data["place"]:
            return round(NINTHS[int(place[0])], 4), round(NINTHS[int(place[1])], 4)
        return None, None


class TagForm(Friendly, forms.ModelForm):
    """Name and colour of a tag."""

    class Meta:
        model = Tag
        fields = ("name", "colour")
        widgets = {"colour": forms.RadioSelect}


class TagNamesForm(Friendly, forms.Form):
    """Tags as words."""

    names = forms.CharField(label=gettext_lazy("Tag"), max_length=400)

    def clean_names(self):
        names = [name for name in map(tags.clean, self.cleaned_data["names"].split(",")) if name]
        if not names:
            raise forms.ValidationError(_("Bitte füllen Sie „%(label)s“ aus.") % {"label": self["names"].label})
        return names
