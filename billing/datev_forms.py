"""Forms of the page for the tax adviser."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Business
from billing.datev import words


class DatevForm(forms.ModelForm):
    """What the adviser says once."""

    class Meta:
        model = Business
        fields = ["datev_consultant", "datev_client", "datev_chart", "datev_account_length", "fiscal_year_month"]
        help_texts = {
            "datev_consultant": _("Nennt Ihnen Ihre Steuerberatung."),
            "datev_client": _("Nennt Ihnen Ihre Steuerberatung."),
        }
        widgets = {
            "datev_consultant": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "datev_client": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        }


class AccountForm(forms.Form):
    """Another account for a case."""

    key = forms.ChoiceField(label=_("Fall"))
    account = forms.IntegerField(
        label=_("Konto"),
        min_value=1,
        max_value=99_999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    valid_from = forms.DateField(label=_("gilt ab"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [(key, words.key_words(key)) for key in words.KEYS]  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """Which accounts the adviser confirmed, and who it was."""

    keys = forms.MultipleChoiceField(
        label=_("Konten"), error_messages={"required": _("Bitte wählen Sie die Konten, die bestätigt sind.")}
    )
    said_by = forms.CharField(
        label=_("Bestätigt von"), max_length=120, help_text=_("Name und Kanzlei, zum Beispiel „Frau Brook, Kanzlei Brook“."),
        error_messages={"required": _("Bitte tragen Sie ein, wer die Konten bestätigt hat.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keys"].choices = [(key, words.key_words(key)) for key in words.KEYS]  # type: ignore[attr-defined]


class MonthForm(forms.Form):
    """The month that is handed over, by its first day."""

    month = forms.DateField()
    again = forms.BooleanField(required=False)
