"""What members type when a customer accepted elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import on_behalf
from billing.models import Acceptance


class OnBehalfForm(forms.Form):
    """Who said so, how and when, and what proves it. The choices are fields of their own (billing/choice_fields.py)."""

    channel = forms.ChoiceField(
        label=_("Wie hat der Kunde zugesagt?"),
        choices=[(each.value, each.label) for each in Acceptance.Channel if each in on_behalf.SAID],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, auf welchem Weg der Kunde zugesagt hat.")},
    )
    name = forms.CharField(
        label=_("Wer hat zugesagt?"),
        max_length=120,
        error_messages={"required": _("Bitte tragen Sie ein, wer zugesagt hat.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    arrived_at = forms.DateTimeField(
        label=_("Wann?"),
        help_text=_("Wann die Zusage bei Ihnen ankam, nicht wann Sie sie eintragen."),
        error_messages={
            "required": _("Bitte tragen Sie ein, wann der Kunde zugesagt hat."),
            "invalid": _("Bitte tragen Sie Tag und Uhrzeit ein, zum Beispiel 21.11.2026 10:30."),
        },
        input_formats=["%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    proof = forms.FileField(
        label=_("Beleg"),
        help_text=_("Brief als Foto oder Scan, E-Mail als gespeicherte Datei (.eml) oder PDF. Am Telefon freiwillig."),
        required=False,
        error_messages={"empty": _("Die Datei ist leer. Bitte wählen Sie sie noch einmal.")},
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf,.eml,message/rfc822"}),
    )
    note = forms.CharField(
        label=_("Notiz zur Zusage"),
        help_text=_("Zum Beispiel, was besprochen wurde. Nur intern und im Annahmeprotokoll."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    email = forms.EmailField(
        label=_("Bestätigung an"),
        help_text=_("Der Kunde bekommt alles schriftlich und kann widersprechen, wenn etwas nicht stimmt."),
        required=False,
    )
    buyer_reference = forms.CharField(label=_("Bestellnummer des Kunden"), max_length=80, required=False)
    seen_hash = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, customer, **kwargs):
        super().__init__(*args, **kwargs)
        if customer.is_consumer:
            del self.fields["buyer_reference"]
