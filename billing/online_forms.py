"""Where the keys of a provider are typed. One form per provider; an empty field keeps what is stored."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Provider


def key(label, hint=""):
    """A field for a key: what is typed is not shown back, and no browser keeps it."""
    # not a password field: browsers would offer to store it, and a copied key should be seen once
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=300, widget=widget)


class StripeForm(forms.Form):
    """What Stripe gives a business."""

    secret_key = key(
        _("Geheimschlüssel"), _("Bei Stripe unter Entwickler, API-Schlüssel. Er beginnt mit „sk_“ oder „rk_“.")
    )
    webhook_secret = key(
        _("Signaturschlüssel der Meldungen"), _("Beginnt mit „whsec_“. Ohne ihn fragen wir alle paar Minuten nach.")
    )


class PayPalForm(forms.Form):
    """What PayPal gives a business."""

    client_id = key(_("Client-ID"), _("Bei PayPal Developer unter Apps & Credentials, „Live“."))
    client_secret = key(_("Secret"), _("Steht daneben."))
    webhook_id = key(_("Webhook-ID"), _("Ohne sie fragen wir alle paar Minuten nach."))


FORMS = {Provider.STRIPE: StripeForm, Provider.PAYPAL: PayPalForm}
