"""What is typed, ticked and drawn at a sign-off, by the customer on his page and by both on a tablet.

One form for the whole page: each button posts all of it, so nothing typed gets lost between them. The verbs say what is
missing for which step.
"""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models import SignOff

YES_OR_NO = [("ja", _("Ja, vorbehalten")), ("nein", _("Nein, kein Vorbehalt"))]


def _day(**kwargs):
    wrong = {"invalid": _("Bitte wählen Sie einen Tag, zum Beispiel 04.12.2026.")}
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=False, widget=widget, error_messages=wrong, **kwargs)


def _reservation(label):
    return forms.TypedChoiceField(
        label=label, choices=YES_OR_NO, required=False, empty_value=None, coerce=lambda answer: answer == "ja",
        widget=forms.RadioSelect,
    )  # fmt: skip


class DecisionForm(forms.Form):
    """A defect to add, the two questions, a refusal, and who signs."""

    text = forms.CharField(
        label=_("Welcher Mangel?"), required=False, max_length=300,
        error_messages={"max_length": _("Bitte beschreiben Sie den Mangel in höchstens 300 Zeichen.")},
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    photo = forms.FileField(
        label=_("Foto dazu (freiwillig)"),
        required=False,
        error_messages={"empty": _("Die Datei ist leer. Bitte wählen Sie sie noch einmal.")},
        widget=forms.FileInput({"accept": "image/*,.heic"}),
    )
    reserves_defects = _reservation(_("Rechte wegen der Mängel vorbehalten?"))
    reserves_penalty = _reservation(_("Vertragsstrafe vorbehalten?"))
    refusal_reason = forms.CharField(
        label=_("Warum wird die Abnahme verweigert?"), required=False, max_length=4000,
        error_messages={"max_length": _("Bitte kürzen Sie Ihren Text auf höchstens 4.000 Zeichen.")},
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    customer_name = forms.CharField(
        label=_("Ihr Name"), required=False, max_length=120, widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("Der getippte Name gilt als Unterschrift."),
    )  # fmt: skip
    customer_signature = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def names_a_defect(self) -> bool:
        """Whether a defect stands in the form that is not in the list yet."""
        return bool(self.cleaned_data.get("text", "").strip() or self.cleaned_data.get("photo"))

    def said(self) -> dict:
        """Who decides and signs, as the verbs take it."""
        data = self.cleaned_data
        return {
            "customer_name": data["customer_name"],
            "signature": data["customer_signature"],
            "seen": data["seen"],
        }

    def note(self, refusal) -> None:
        """Show a refusal at its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class OnSiteForm(DecisionForm):
    """The protocol as both fill it in; facts only while it is a draft."""

    scope = forms.CharField(label=_("Was wird abgenommen?"), required=False, widget=forms.Textarea({"rows": 5}))
    is_part = forms.BooleanField(label=_("Nur ein Teil der Leistung"), required=False)
    place = forms.CharField(label=_("Ort"), required=False, max_length=200)
    present = forms.CharField(label=_("Wer ist dabei?"), required=False, max_length=300)
    handed_over = forms.CharField(
        label=_("Was wird übergeben?"), required=False, help_text=_("Zum Beispiel Schlüssel, Unterlagen, Zählerstände."),
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    warranty = forms.ChoiceField(
        label=_("Gewährleistung"), choices=SignOff.Warranty.choices, required=False, widget=forms.RadioSelect
    )
    has_penalty = forms.BooleanField(label=_("Eine Vertragsstrafe ist vereinbart"), required=False)
    mend_by = _day(label=_("Zu beheben bis (freiwillig)"))
    business_name = forms.CharField(label=_("Name für den Betrieb"), required=False, max_length=120)
    business_signature = forms.CharField(required=False, widget=forms.HiddenInput)
    deadline = _day(
        label=_("Frist (freiwillig)"),
        help_text=_(
            "Nennt der Kunde bis dahin keinen Mangel, gilt die Leistung als abgenommen. Frühestens in 14 Tagen."
        ),
    )
    field_order = ("scope", "is_part", "warranty", "has_penalty", "place", "present", "handed_over", "text", "mend_by",
                   "photo")  # fmt: skip

    FACTS = ("scope", "is_part", "place", "present", "handed_over", "warranty", "has_penalty")

    def __init__(self, data=None, files=None, *, sign_off):
        names = (*self.FACTS, "customer_name", "business_name")
        known = {name: getattr(sign_off, name) for name in names}
        super().__init__(data, files, initial=known)
        self.fields["customer_name"].label = _("Name des Kunden")
        self.fields["photo"].widget.attrs["capture"] = "environment"
        self.fields["mend_by"].widget.attrs["min"] = timezone.localdate().isoformat()
        if sign_off.order.customer.is_consumer:
            self.fields["warranty"].help_text = _(
                "Bei Privatkunden gilt die kürzere Frist der VOB/B nur, wenn sie einzeln ausgehandelt wurde."
            )

    def facts(self) -> dict:
        """What the draft is to say."""
        return {name: self.cleaned_data[name] for name in (*self.FACTS, "customer_name", "business_name")}

    def said(self) -> dict:
        data = self.cleaned_data
        return super().said() | {
            "business_name": data["business_name"], "business_signature": data["business_signature"],
        }  # fmt: skip
