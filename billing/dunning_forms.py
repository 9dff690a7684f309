"""What staff says about a letter of reminder, a stop, and instalments."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.dunning import MOST_INSTALMENTS, Proposal, Wish
from billing.forms import DAY, NumberField
from billing.models import DunningLetter
from billing.money import ZERO

REASONS = (
    _("Kunde bestreitet die Forderung"), _("Mangel wird noch behoben"), _("Anders vereinbart"), _("Kunde ist insolvent"),
)  # fmt: skip


class LetterForm(forms.Form):
    """How a letter is to be; what the law does not allow is not offered (R67, R68)."""

    level = forms.TypedChoiceField(label=_("Stufe"), choices=DunningLetter.Level.choices, coerce=int)
    invoices = forms.TypedMultipleChoiceField(
        label=_("Rechnungen"), coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens eine Rechnung.")},
    )  # fmt: skip
    asks_interest = forms.BooleanField(label=_("Verzugszinsen fordern"), required=False)
    asks_lump_sum = forms.BooleanField(label=_("Pauschale von 40 € fordern"), required=False)
    by_post = forms.BooleanField(
        label=_("Auf Papier per Post statt per E-Mail"), required=False,
        help_text=_("Die PDF drucken Sie nach dem Erstellen aus."),
    )  # fmt: skip
    collection = NumberField(
        label=_("Kosten für Anwalt, Gericht oder Inkasso (€)"), places=2, shown=2, min_value=0, max_value=99_999, required=False,
        help_text=_("Nur bei der Übergabe. Die Pauschale von 40 € wird darauf angerechnet (§ 288 Abs. 5 BGB)."),
    )  # fmt: skip
    to = forms.EmailField(
        label=_("An"), required=False,
        error_messages={"invalid": _("Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de.")},
    )  # fmt: skip

    def __init__(self, data, *, proposal: Proposal, wish: Wish):
        super().__init__(data, initial={**wish.__dict__, "invoices": sorted(wish.invoices), "to": proposal.to})
        ready = [(each.invoice.pk, f"{each.invoice.number} {each.invoice.title}") for each in proposal.ready]
        self.fields["invoices"].choices = ready  # type: ignore[attr-defined]
        if proposal.customer.is_consumer:
            del self.fields["asks_lump_sum"]

    def wish(self) -> Wish:
        """What was chosen, once it is valid."""
        said = self.cleaned_data
        return Wish(
            level=said["level"],
            invoices=frozenset(said["invoices"]),
            asks_interest=said["asks_interest"],
            asks_lump_sum=said.get("asks_lump_sum", False),
            by_post=said["by_post"],
            collection=said["collection"] or ZERO,
        )


class StopForm(forms.Form):
    """Why nobody is to be reminded."""

    reason = forms.CharField(
        label=_("Nicht mahnen, weil"), max_length=200, widget=forms.TextInput(attrs={"list": "gruende"}),
        error_messages={"required": _("Bitte nennen Sie den Grund, zum Beispiel „Kunde bestreitet die Forderung“.")},
    )  # fmt: skip


class PlanForm(forms.Form):
    """Equal monthly instalments."""

    count = forms.IntegerField(label=_("Zahl der Raten"), min_value=1, max_value=MOST_INSTALMENTS, initial=3)
    first_on = forms.DateField(label=_("Erste Rate fällig am"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    def __init__(self, data=None):
        super().__init__(data, initial={"first_on": timezone.localdate() + timedelta(days=14)})
