"""What sign-up asks beside address and password (a module of its own: allauth loads it while its forms are made)."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(forms.Form):
    """What sign-up asks beside address and password."""

    name = forms.CharField(
        label=_("Ihr Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Bitte tragen Sie Ihren Namen ein.")},
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request, user):
        """Keep the name (called by allauth after the user is saved)."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
