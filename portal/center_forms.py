"""What customers type on the page of all documents and before it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm import contact_proposals
from crm.models import Customer
from portal.forms import EmailField

AUTOCOMPLETE = {
    "company_name": "organization", "first_name": "given-name", "last_name": "family-name", "phone": "tel",
    "mobile": "tel", "street": "street-address", "postcode": "postal-code", "city": "address-level2",
}  # fmt: skip


class AddressForm(forms.Form):
    """The way in without a link."""

    email = EmailField(
        label=_("Ihre E-Mail-Adresse"), help_text=_("Die Adresse, an die wir Ihnen schreiben."), max_length=254
    )


class ContactForm(forms.Form):
    """Contact data as they should be; what is typed is proposed, not stored."""

    comment = forms.CharField(
        label=_("Bemerkung (freiwillig)"),
        required=False,
        max_length=contact_proposals.LONGEST,
        error_messages={"max_length": _("Bitte kürzen Sie die Bemerkung auf höchstens 1.000 Zeichen.")},
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": False}),
    )

    def __init__(self, data=None, *, customer, proposal=None):
        wanted = {name: getattr(customer, name) for name in contact_proposals.FIELDS}
        if proposal:
            wanted |= proposal.values | {"comment": proposal.comment}
        super().__init__(data, initial=wanted)
        for name in contact_proposals.FIELDS:
            self.fields[name] = self._field(name)
        if customer.is_consumer:
            del self.fields["company_name"]
        self.order_fields(contact_proposals.FIELDS)

    @property
    def values(self) -> dict:
        """The cleaned fields of a contact."""
        return {name: value for name, value in self.cleaned_data.items() if name != "comment"}

    @staticmethod
    def _field(name):
        if name == "email":
            return EmailField(label=_("E-Mail-Adresse"), required=False, max_length=254)
        model_field = contact_proposals.field_of(name)
        if name == "salutation":
            return forms.ChoiceField(
                label=model_field.verbose_name, choices=Customer.Salutation.choices, required=False
            )
        field = model_field.formfield(required=False)
        if field is None:
            raise LookupError(f"{name} cannot be typed")
        field.widget.attrs["autocomplete"] = AUTOCOMPLETE[name]
        if name in ("phone", "mobile"):
            field.widget.input_type = "tel"
        return field


class WayForm(forms.Form):
    """How somebody wants to be reached; holds at once."""

    contact_by = forms.ChoiceField(
        label=_("Wie erreichen wir Sie am liebsten?"), choices=Customer.ContactBy.choices, widget=forms.RadioSelect
    )
    contact_note = forms.CharField(
        label=_("Wann am besten? (freiwillig)"),
        help_text=_("Zum Beispiel: werktags nach 17 Uhr"),
        required=False,
        max_length=120,
        error_messages={"max_length": _("Bitte kürzen Sie Ihren Text auf höchstens 120 Zeichen.")},
    )
