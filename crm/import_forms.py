"""What the pages of imports ask."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.refusals import Refusal
from crm import imports
from crm.forms import Friendly


class ImportUploadForm(Friendly, forms.Form):
    """A table, and what its rows become."""

    file = forms.FileField(
        label=gettext_lazy("CSV- oder Excel-Datei"),
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx,text/csv"}),
        allow_empty_file=True,
        help_text=gettext_lazy("bis 20 MB und 100.000 Zeilen, die erste Zeile mit Überschriften"),
    )

    def __init__(self, *args, rights, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [(name, kind.title) for name, kind in imports.kinds().items() if kind.right in rights]
        self.fields["kind"] = forms.ChoiceField(
            label=_("Was steht darin?"), choices=kinds, widget=forms.RadioSelect, initial="contacts"
        )
        self.order_fields(["kind", "file"])
        self.fields["file"].error_messages["required"] = _("Bitte wählen Sie eine Datei.")


class ImportMappingForm(forms.Form):
    """Which column of a file becomes which field; one choice per column."""

    duplicates = forms.ChoiceField(
        choices=[("skip", gettext_lazy("auslassen")), ("keep", gettext_lazy("noch einmal anlegen"))],
        widget=forms.RadioSelect,
        initial="skip",
    )

    def __init__(self, *args, table_import, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = imports.kind_of(table_import)
        if self.kind.can_keep_doubles:
            self.fields["duplicates"].label = self.kind.what_is_the_same
            self.fields["duplicates"].initial = table_import.mapping.get(imports.DUPLICATES, "skip")
        else:
            del self.fields["duplicates"]
        choices = [("", _("nicht übernehmen"))]
        choices += [(column.field, str(column.heading)) for column in self.kind.columns]
        for index, heading in enumerate(table_import.columns):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=heading or _("Spalte %(n)s") % {"n": index + 1},
                choices=choices,
                required=False,
                initial=table_import.mapping.get(str(index), ""),
            )

    def clean(self):
        data = super().clean()
        if not self.errors:
            try:
                imports.check_mapping(self.kind, self.mapping)
            except Refusal as refusal:
                raise forms.ValidationError(refusal.message) from None
        return data

    @property
    def mapping(self) -> dict:
        """As imports.start takes it."""
        columns = {
            name.removeprefix("column_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("column_") and value
        }
        return columns | {imports.DUPLICATES: self.cleaned_data.get("duplicates", "skip")}

    @property
    def columns(self):
        """The bound fields of the columns, in their order."""
        return [self[name] for name in self.fields if name.startswith("column_")]
