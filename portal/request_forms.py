"""What somebody types who asks for work, and how a business takes that on its website."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Business
from crm import work_requests
from crm.forms import FilesField, FilesInput
from portal.forms import EmailField, NameField


class PhotosField(FilesField):
    """Up to eight photos; the verb looks at each before anything is kept."""

    widget = FilesInput

    def clean(self, data, initial=None):
        photos = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(photos) > work_requests.MOST_PHOTOS:
            raise forms.ValidationError(_("Bitte wählen Sie höchstens acht Fotos."))
        return photos


def _line(label, length, autocomplete="", **attrs):
    """One line that may stay empty."""
    attrs |= {"autocomplete": autocomplete} if autocomplete else {}
    return forms.CharField(
        label=label, max_length=length, required=False, widget=forms.TextInput(attrs=attrs),
        error_messages={"max_length": gettext_lazy("Bitte kürzen Sie Ihre Angabe.")},
    )  # fmt: skip


class RequestForm(forms.Form):
    """A customer we know asks for work."""

    text = forms.CharField(
        label=gettext_lazy("Worum geht es?"),
        max_length=work_requests.LONGEST,
        error_messages={
            "required": gettext_lazy("Bitte schreiben Sie, worum es geht."),
            "max_length": gettext_lazy("Bitte kürzen Sie Ihren Text auf höchstens 5.000 Zeichen."),
        },
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": False}),
    )
    wanted_when = _line(gettext_lazy("Wann passt es? (freiwillig)"), 120)
    photos = PhotosField(
        label=gettext_lazy("Fotos (freiwillig)"),
        help_text=gettext_lazy("Bis zu acht. Angaben zum Ort der Aufnahme entfernen wir."),
        required=False,
        widget=FilesInput({"accept": "image/*,.heic"}),
    )


class OpenRequestForm(RequestForm):
    """The same for somebody we may not know."""

    name = NameField(label=gettext_lazy("Ihr Name"))
    email = EmailField(label=gettext_lazy("E-Mail-Adresse"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("Telefon"), max_length=40, required=False,
        error_messages={"max_length": gettext_lazy("Bitte prüfen Sie die Telefonnummer.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    street = _line(gettext_lazy("Straße und Hausnummer"), 120, "street-address")
    postcode = _line(gettext_lazy("Postleitzahl"), 10, "postal-code", inputmode="numeric")
    city = _line(gettext_lazy("Ort"), 80, "address-level2")

    def clean(self):
        super().clean()
        found = self.cleaned_data
        if not found.get("email") and not found.get("phone") and not {"email", "phone"} & set(self.errors):
            self.add_error("email", _("Bitte tragen Sie Ihre E-Mail-Adresse oder Telefonnummer ein."))
        return found


class WebsiteForm(forms.ModelForm):
    """Whether a business takes requests over the public form, and what stands above it."""

    class Meta:
        model = Business
        fields = ["takes_requests", "request_intro"]
        help_texts = {
            "takes_requests": gettext_lazy("Sie bekommen sie per E-Mail und finden sie unter „Anfragen“."),
            "request_intro": gettext_lazy("Zum Beispiel, was Sie machen und wie schnell Sie sich melden."),
        }
        widgets = {"request_intro": forms.Textarea(attrs={"rows": 3})}

    def clean_request_intro(self):
        text = self.cleaned_data["request_intro"].strip()
        if len(text) > 2000:
            raise forms.ValidationError(_("Bitte kürzen Sie Ihren Text auf höchstens 2.000 Zeichen."))
        return text

    def clean(self):
        super().clean()
        found = self.cleaned_data
        if found.get("takes_requests") and (missing := self.instance.needs_imprint):
            names = ", ".join(missing)
            self.add_error(
                "takes_requests",
                _("Die Seite braucht ein Impressum. Bitte ergänzen Sie unter „Betrieb“: %(names)s.") % {"names": names},
            )
        return found
