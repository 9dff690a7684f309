"""What the pages of contacts ask. A form says what is wrong with this field and how to repair it (ux.md 7)."""

from datetime import datetime

from django import forms
from django.db.models import ProtectedError, Q
from django.forms import inlineformset_factory
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import current
from accounts.models import Member
from accounts.refusals import Refusal
from crm import attachments, contact_columns, customers
from crm.models import ContactPerson, Customer, Site, Todo, VatIdCheck


class Friendly:
    """Empty required fields and wrong addresses are named in words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("Bitte füllen Sie „%(label)s“ aus.") % {"label": field.label}
            if isinstance(field, forms.EmailField):
                field.validators = [_check_email]
                field.widget.attrs.setdefault("autocomplete", "off")


def _check_email(value):
    if problem := contact_columns.problem_with_email(value):
        raise forms.ValidationError(problem)


def day_field(**kwargs):
    return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _clock(**kwargs):
    return forms.TimeField(widget=forms.TimeInput({"type": "time"}, format="%H:%M"), **kwargs)


def instant_field(**kwargs):
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, input_formats=["%Y-%m-%dT%H:%M"], **kwargs)


def members():
    return Member.objects.filter(business=current.business(), is_active=True).select_related("user")


def country_code(typed: str) -> str:
    """A country by its two letters, in capitals. Raises ValidationError for anything else."""
    country = typed.strip().upper()
    if len(country) != 2 or not (country.isascii() and country.isalpha()):
        raise forms.ValidationError(_("Bitte geben Sie das Land als Kürzel an, zum Beispiel DE oder AT."))
    return country


class CustomerForm(Friendly, forms.ModelForm):
    """Master data of a contact, its tags as words."""

    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("mit Komma getrennt, zum Beispiel Einbauschrank, Duvenstedt"),
    )
    follow_up_on = day_field(label=gettext_lazy("Wiedervorlage"), required=False)
    has_feedback_notice = forms.BooleanField(
        label=gettext_lazy("Weiß, dass wir per E-Mail nach Feedback fragen und dass man dem widersprechen kann"),
        required=False,
    )

    class Meta:
        model = Customer
        fields = (
            "kind", "company_name", "salutation", "first_name", "last_name", "email", "phone", "mobile", "street",
            "postcode", "city", "country", "vat_id", "registration_number", "leitweg_id", "language", "source", "invoice_by",
            "contact_by", "contact_note", "builder_certificate", "builder_from", "builder_until", "dunning_stop",
        )  # fmt: skip
        help_texts = {
            "invoice_by": gettext_lazy("Wo das Gesetz eine E-Rechnung verlangt, wird es in jedem Fall eine."),
            "builder_certificate": gettext_lazy("Damit schuldet der Kunde bei Bauleistungen die Steuer (§ 13b UStG)."),
            "dunning_stop": gettext_lazy("Steht hier ein Grund, wird der Kunde nicht gemahnt."),
            "contact_note": gettext_lazy("zum Beispiel: vormittags, erst ab 17 Uhr"),
            "leitweg_id": gettext_lazy("Steht im Auftrag der Behörde, zum Beispiel 04011000-1234512345-06."),
        }
        labels = {
            "contact_by": gettext_lazy("Möchte erreicht werden"),
            "contact_note": gettext_lazy("Wann am besten?"),
        }
        widgets = {
            "builder_from": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "builder_until": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "kind": forms.RadioSelect,
            "phone": forms.TextInput({"type": "tel", "autocomplete": "off"}),
            "mobile": forms.TextInput({"type": "tel", "autocomplete": "off"}),
            "postcode": forms.TextInput({"autocomplete": "off"}),
            "country": forms.TextInput({"size": 2}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Customer.Kind.choices  # no empty choice
        self.fields["salutation"].choices = Customer.Salutation.choices
        self.fields["source"].choices = Customer.Source.choices
        for name in ("invoice_by", "contact_by"):
            self.fields[name].required = False  # as it was where it is not asked
        customer = self.instance
        if customer.pk:
            self.fields["tags"].initial = ", ".join(str(tag) for tag in customer.customer_tags.select_related("tag"))
            self.fields["follow_up_on"].initial = customer.follow_up_on
            self.fields["has_feedback_notice"].initial = customer.feedback_notice_at is not None

    def clean_country(self):
        return country_code(self.cleaned_data["country"])

    def clean_vat_id(self):
        return "".join(self.cleaned_data["vat_id"].split()).upper()

    def clean_invoice_by(self):
        return self.cleaned_data["invoice_by"] or self.instance.invoice_by

    def clean_contact_by(self):
        return self.cleaned_data["contact_by"] or self.instance.contact_by

    def clean_leitweg_id(self):
        return "".join(self.cleaned_data["leitweg_id"].split()).upper()

    def clean_tags(self):
        return [tag.strip() for tag in self.cleaned_data["tags"].split(",") if tag.strip()]

    def clean(self):
        data = super().clean()
        if not any(data.get(name) for name in ("company_name", "last_name", "first_name")):
            if data.get("kind") == Customer.Kind.CONSUMER:
                self.add_error("last_name", _("Bitte tragen Sie den Namen ein."))
            else:
                self.add_error("company_name", _("Bitte tragen Sie den Namen der Firma ein."))
        self._clean_certificate(data)
        return data

    def _clean_certificate(self, data):
        """A certificate without its days proves nothing (§ 13b UStG asks for the day of supply)."""
        start, end = data.get("builder_from"), data.get("builder_until")
        if data.get("builder_certificate") and not {"builder_from", "builder_until"} & set(self.errors):
            for name, day in (("builder_from", start), ("builder_until", end)):
                if day is None:
                    self.add_error(name, _("Bitte tragen Sie ein, von wann bis wann der Nachweis gilt."))
        if start and end and end < start:
            self.add_error("builder_until", _("Der Nachweis endet, bevor er beginnt. Bitte prüfen Sie beide Tage."))

    @property
    def master_data(self) -> dict:
        """The cleaned fields of Customer alone."""
        own = {"tags", "has_feedback_notice"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


class ContactPersonForm(Friendly, forms.ModelForm):
    class Meta:
        model = ContactPerson
        fields = ("name", "role", "email", "phone", "mobile", "gets_quotes", "gets_invoices", "is_on_site")
        widgets = {"phone": forms.TextInput({"type": "tel"}), "mobile": forms.TextInput({"type": "tel"})}
        help_texts = {"role": gettext_lazy("zum Beispiel Buchhaltung, Hausmeister, Bauleiterin")}

    def clean(self):
        data = super().clean()
        for name, label in (("gets_quotes", _("Angebote")), ("gets_invoices", _("Rechnungen"))):
            if data.get(name) and not data.get("email") and "email" not in self.errors:
                self.add_error("email", _("Bitte tragen Sie ein, wohin wir %(what)s senden.") % {"what": label})
                break
        return data


class SiteForm(Friendly, forms.ModelForm):
    class Meta:
        model = Site
        fields = ("kind", "label", "addressee", "street", "postcode", "city", "country")
        widgets = {"country": forms.TextInput({"size": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].required = self.fields["kind"].required = False

    def clean_kind(self):
        return self.cleaned_data["kind"] or Site.Kind.SITE

    def clean_country(self):
        return country_code(self.cleaned_data["country"] or "DE")


class SitesFormSet(forms.BaseInlineFormSet):
    """The addresses of a contact: one at most for invoices, one for deliveries."""

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            kind = (getattr(form, "cleaned_data", None) or {}).get("kind")
            if (not form.has_changed() and not form.instance.pk) or self._should_delete_form(form):
                continue
            if kind in {Site.Kind.BILLING, Site.Kind.DELIVERY}:
                if kind in seen:
                    label = Site.Kind(kind).label
                    form.add_error(
                        "kind", _("Es gibt schon eine: %(kind)s. Bitte behalten Sie nur eine.") % {"kind": label}
                    )
                seen.add(kind)

    def save_existing_objects(self, commit=True):
        """Two may swap what they are for: the database allows one of a kind at any moment."""
        if commit:
            swapped = [form.instance.pk for form in self.initial_forms if "kind" in form.changed_data]
            Site.objects.filter(pk__in=swapped).update(kind=Site.Kind.SITE)
        return super().save_existing_objects(commit)

    def delete_existing(self, obj, commit=True):
        """Raises Refusal for a place that quotes or orders name."""
        try:
            super().delete_existing(obj, commit)
        except ProtectedError:
            raise Refusal(
                _("„%(place)s“ steht in Angeboten oder Aufträgen und bleibt deshalb.") % {"place": obj.label}
            ) from None


ContactPersons = inlineformset_factory(Customer, ContactPerson, ContactPersonForm, extra=1)
Sites = inlineformset_factory(Customer, Site, SiteForm, formset=SitesFormSet, extra=1)


class VatIdCheckForm(Friendly, forms.Form):
    """What came back when a VAT ID was asked about."""

    result = forms.ChoiceField(
        label=gettext_lazy("Ergebnis"), choices=VatIdCheck.Result.choices, widget=forms.RadioSelect
    )
    checked_on = day_field(label=gettext_lazy("Geprüft am"))
    request_id = forms.CharField(
        label=gettext_lazy("Vorgangsnummer"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Steht in der Antwort des Bundeszentralamts für Steuern."),
    )


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def __init__(self, attrs=None):
        super().__init__({"multiple": True, **(attrs or {})})


class FilesField(forms.FileField):
    """Photos and files, each looked at before anything is kept."""

    widget = FilesInput
    most = 30

    def clean(self, data, initial=None):
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > self.most:
            raise forms.ValidationError(_("Bitte senden Sie höchstens 30 Dateien auf einmal."))
        for file in files:
            try:
                attachments.check(file)
            except Refusal as refusal:
                raise forms.ValidationError(
                    f"{file.name}: {refusal.message}" if len(files) > 1 else refusal.message
                ) from None
        return files


class MessageFilesField(FilesField):
    """Files of a message. crm.messages looks at them: too many are refused with a status of their own."""

    widget = FilesInput({"accept": "image/*,.heic,.pdf,.docx,.xlsx,.odt,.ods"})

    def clean(self, data, initial=None):
        return [file for file in (data if isinstance(data, list | tuple) else [data]) if file]


class NoteForm(Friendly, forms.Form):
    """A note: text, photos or files, or both."""

    text = forms.CharField(
        label=gettext_lazy("Notiz"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 2, "placeholder": gettext_lazy("Was ist passiert?")}),
    )
    files = FilesField(label=gettext_lazy("Fotos und Dateien"), required=False)
    is_shared = forms.BooleanField(label=gettext_lazy("Kunde darf Text und Fotos sehen"), required=False)
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("text") and not data.get("files"):
            self.add_error("text", _("Bitte schreiben Sie etwas oder fügen Sie ein Foto hinzu."))
        return data


class SiteNoteForm(NoteForm):
    """A note on site, for the contact shown."""

    files = FilesField(
        label=gettext_lazy("Foto"),
        required=False,
        widget=FilesInput({"accept": "image/*,.heic", "capture": "environment"}),
    )
    is_shared = forms.BooleanField(label=gettext_lazy("Kunde darf sehen"), required=False)
    customer = forms.ModelChoiceField(None, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # a note that waited for the net may be for a contact that lives on in another by now
        merged = Q(merged_into__isnull=False)
        self.fields["customer"].queryset = Customer.objects.filter(Q(archived_at=None) | merged)
        self.fields["customer"].error_messages["required"] = _("Bitte wählen Sie, zu wem die Notiz gehört.")

    def clean_customer(self):
        return customers.living(self.cleaned_data["customer"])


class TodoForm(Friendly, forms.Form):
    """A task, for a contact or for none."""

    text = forms.CharField(label=gettext_lazy("Aufgabe"), max_length=200)
    due_on = day_field(label=gettext_lazy("Fällig am"), required=False)
    assignee = forms.ModelChoiceField(None, label=gettext_lazy("Wer"), required=False, empty_label=None)
    remind_at = instant_field(
        label=gettext_lazy("Erinnern am"),
        required=False,
        help_text=gettext_lazy("sonst um 8 Uhr am Tag, an dem sie fällig ist"),
    )
    every = forms.IntegerField(
        label=gettext_lazy("Wiederholen alle"), required=False, min_value=1, max_value=365,
        help_text=gettext_lazy("leer: nur einmal"),
    )  # fmt: skip
    unit = forms.ChoiceField(
        label=gettext_lazy("Tage, Wochen, Monate, Jahre"), required=False, choices=Todo.Unit.choices,
        initial=Todo.Unit.MONTH,
    )  # fmt: skip
    is_counted_from_done = forms.BooleanField(
        label=gettext_lazy("Ab dem Tag zählen, an dem sie erledigt ist"), required=False
    )

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = members()
        self.fields["assignee"].initial = member.pk

    def clean_unit(self):
        return self.cleaned_data["unit"] or Todo.Unit.MONTH

    def clean(self):
        data = super().clean()
        if data.get("every") and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Bitte tragen Sie ein, wann die Aufgabe das erste Mal fällig ist."))
        return data

    @property
    def has_more(self) -> bool:
        """Whether reminder or repetition are filled in, so that they are shown unfolded."""
        names = ("remind_at", "every")
        return any(self[name].value() for name in names) or bool(set(names) & set(self.errors))


class AppointmentForm(Friendly, forms.Form):
    """A date with a contact, on one day."""

    title = forms.CharField(label=gettext_lazy("Was"), max_length=120)
    day = day_field(label=gettext_lazy("Tag"))
    starts = _clock(label=gettext_lazy("Von"))
    ends = _clock(label=gettext_lazy("Bis"))
    place = forms.CharField(label=gettext_lazy("Ort"), max_length=200, required=False)
    assignee = forms.ModelChoiceField(None, label=gettext_lazy("Wer"), required=False, empty_label=None)
    is_told = forms.BooleanField(label=gettext_lazy("Kunden informieren und erinnern"), required=False)

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = members()
        self.fields["assignee"].initial = member.pk

    def clean(self):
        data = super().clean()
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error("ends", _("Das Ende muss nach dem Beginn liegen."))
        return data

    def moment(self, name) -> datetime:
        """Beginning or end as an instant."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data[name]))


class AnswerForm(Friendly, forms.Form):
    """An answer to a customer's question."""

    text = forms.CharField(
        label=gettext_lazy("Ihre Antwort"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
    )
    files = MessageFilesField(label=gettext_lazy("Fotos und Dateien"), required=False)

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("text") and not data.get("files"):
            self.add_error("text", _("Bitte schreiben Sie Ihre Antwort."))
        return data
