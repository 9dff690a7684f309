"""Sending a quote: on which way, to whom, with which words; further recipients; and why nothing came of it."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from billing import quote_links
from billing.models import Quote
from crm import recipients as crm_recipients

Way = quote_links.Way
WRONG_ADDRESS = _("Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de.")
MOST = 20  # recipients of one sending


class Addresses(forms.CharField):
    """Mail addresses with commas, semicolons, blanks or line ends between them."""

    def to_python(self, value):
        return [part for part in re.split(r"[,;\s]+", super().to_python(value) or "") if part]

    def validate(self, value):
        super().validate(value)
        for address in value:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(WRONG_ADDRESS, code="invalid") from None

    def run_validators(self, value):
        """Each address was looked at."""


class SendForm(forms.Form):
    """On which way a quote goes, to whom and with which words."""

    way = forms.ChoiceField(label=_("Auf welchem Weg?"), choices=Way.choices, required=False)
    recipients = forms.MultipleChoiceField(label=_("An"), required=False)
    to = Addresses(
        label=_("Weitere E-Mail-Adressen"), required=False, max_length=2000, help_text=_("Mehrere mit Komma trennen."),
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )  # fmt: skip
    version_note = forms.CharField(
        label=_("Was ist neu?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Der Kunde liest es in der E-Mail und über dem Angebot."),
    )  # fmt: skip
    message = forms.CharField(
        label=_("Persönlicher Text"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args, quote: Quote, **kwargs):
        super().__init__(*args, **kwargs)
        known = quote_links.known_addresses(quote.customer)
        had = quote_links.recipients(quote.revises) if quote.revises else []
        names = {address.lower() for address, _name in known}
        self.known = [*known, *((address, "") for address in had if address.lower() not in names)]
        self.fields["recipients"].choices = [
            (address, f"{name} · {address}" if name else address) for address, name in self.known
        ]
        if not quote.revises:
            del self.fields["version_note"]
        first = had or crm_recipients.for_quotes(quote.customer)
        self.initial = {
            "recipients": first, "way": Way.MAIL if first else Way.LINK, "version_note": quote.version_note, **self.initial,
        }  # fmt: skip

    @property
    def shown_way(self):
        """The way that is ticked."""
        return self["way"].value() or Way.MAIL

    @property
    def ticked(self):
        """The known recipients, each with whether he is to get it: (address, name, is ticked)."""
        chosen = set(self["recipients"].value() or [])
        return [(address, name, address in chosen) for address, name in self.known]

    def clean(self):
        said = super().clean() or {}
        addresses = quote_links.unique([*said.get("recipients", []), *said.get("to", [])])
        way = said.get("way") or (Way.MAIL if addresses else Way.LINK)
        if way == Way.MAIL and not addresses and "to" not in self.errors:
            self.add_error("to", _("Bitte wählen Sie einen Empfänger oder tragen Sie eine E-Mail-Adresse ein."))
        if len(addresses) > MOST:
            self.add_error("to", _("Bitte höchstens %(n)s Empfänger auf einmal.") % {"n": MOST})
        return {**said, "way": way, "addresses": addresses if way == Way.MAIL else []}


class ShareForm(forms.Form):
    """One more recipient of a sent quote."""

    sent_to = forms.EmailField(
        label=_("E-Mail-Adresse"), required=False, error_messages={"invalid": WRONG_ADDRESS},
        help_text=_("Leer: nur ein Link, den Sie selbst weitergeben."),
    )  # fmt: skip


class LoseForm(forms.Form):
    """Why nothing came of a quote, as the office learnt it."""

    reason = forms.ChoiceField(
        label=_("Woran lag es?"), choices=[("", _("Bitte wählen")), *Quote.Reason.choices],
        error_messages={"required": _("Bitte wählen Sie, woran es lag.")},
    )  # fmt: skip
    comment = forms.CharField(
        label=_("Anmerkung"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class FollowUpForm(forms.Form):
    """What somebody writes about an open quote, and to whom."""

    to = forms.EmailField(
        label=_("An"),
        error_messages={"required": _("Bitte geben Sie eine E-Mail-Adresse ein."), "invalid": WRONG_ADDRESS},
    )
    message = forms.CharField(
        label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={"required": _("Bitte schreiben Sie ein paar Worte.")},
    )  # fmt: skip
