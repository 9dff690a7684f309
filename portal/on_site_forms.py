"""What a customer types and ticks on a member's tablet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import EmailField, OrderForm


class OnSiteForm(OrderForm):
    """The same on a member's tablet: who has no address for mails gets paper, and agrees to do without it (§ 312f BGB).
    The signature is drawn or, like everywhere, the typed name (R90).
    """

    email = EmailField(
        label=_("Ihre E-Mail-Adresse"), help_text=_("Dorthin schicken wir die Bestätigung."), required=False
    )
    paperless = forms.BooleanField(required=False)
    seen_hash = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        super().clean()
        found = self.cleaned_data
        if found.get("paperless") and not found.get("email") and "email" not in self.errors:
            self.add_error("email", _("Für die Unterlagen per E-Mail brauchen wir Ihre E-Mail-Adresse."))
        return found
