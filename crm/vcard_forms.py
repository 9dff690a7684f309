"""What the page of visiting cards asks."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import vcards
from crm.forms import FilesInput, Friendly

MOST_FILES = 50


class CardFilesField(forms.FileField):
    """One or several files."""

    widget = FilesInput({"accept": ".vcf,.vcard,text/vcard,text/x-vcard"})

    def clean(self, data, initial=None):
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            raise forms.ValidationError(_("Bitte wählen Sie eine Datei."), code="required")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Bitte höchstens %(n)s Dateien auf einmal.") % {"n": MOST_FILES})
        return files


class VcardForm(Friendly, forms.Form):
    """Files of visiting cards."""

    file = CardFilesField(
        label=gettext_lazy("Visitenkarten (.vcf)"),
        help_text=gettext_lazy("Eine oder mehrere Dateien, zusammen bis 2 MB und 500 Karten."),
    )

    @property
    def raw(self) -> bytes:
        """All files behind each other, no more of each than is looked at."""
        return b"\r\n".join(file.read(vcards.BIGGEST + 1) for file in self.cleaned_data["file"])
