"""What contacts are selected by that billing knows: revenue, margin, open quotes, new or existing (settings.SEGMENT_CRITERIA)."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django import forms
from django.db.models import Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.rights import Right
from billing import customer_figures
from billing.forms import NumberField
from billing.models import Quote
from crm.segments import Criterion


class AmountForm(forms.Form):
    """An amount within limits, in a period."""

    least = NumberField(label=gettext_lazy("mindestens (Euro netto)"), required=False)
    most = NumberField(label=gettext_lazy("höchstens (Euro netto)"), required=False)
    since = forms.DateField(
        label=gettext_lazy("von"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("bis"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self):
        said = self.cleaned_data
        for first, last in (("least", "most"), ("since", "until")):
            if said.get(first) is not None and said.get(last) is not None and said[first] > said[last]:
                self.add_error(last, _("Das liegt vor dem Anfang. Bitte prüfen Sie die beiden Angaben."))
        if (said.get("since") or said.get("until")) and said.get("least") is None and said.get("most") is None:
            self.add_error("least", _("Bitte geben Sie einen Betrag an."))
        return said


class Amount(Criterion):
    """Limits of an amount in euros over a period."""

    right = Right.SEE_MONEY
    Form = AmountForm

    def values(self, cleaned):
        said = super().values(cleaned)
        return {name: str(value) for name, value in said.items()} if said else None

    def answers(self, values):
        return {
            name: Decimal(value) if name in ("least", "most") else date.fromisoformat(value)
            for name, value in values.items()
        }

    def said(self, values):
        known = self.answers(values)
        parts = []
        if "least" in known:
            parts.append(_("mindestens %(amount)s") % {"amount": formats.euro(known["least"])})
        if "most" in known:
            parts.append(_("höchstens %(amount)s") % {"amount": formats.euro(known["most"])})
        if "since" in known:
            parts.append(_("seit %(day)s") % {"day": formats.day(known["since"])})
        if "until" in known:
            parts.append(_("bis %(day)s") % {"day": formats.day(known["until"])})
        return ", ".join(parts)


class Revenue(Amount):
    """Net revenue in a period; who was invoiced nothing has none."""

    name = "revenue"
    label = gettext_lazy("Umsatz")

    def condition(self, values):
        known = self.answers(values)
        invoices = customer_figures.invoiced(since=known.get("since"), until=known.get("until"))
        sums, condition = invoices.values("customer").annotate(sum=Sum(customer_figures.NET)), Q()
        if "least" in known and known["least"] > 0:
            condition &= Q(pk__in=sums.filter(sum__gte=known["least"]).values("customer"))
        elif "least" in known:
            condition &= ~Q(pk__in=sums.filter(sum__lt=known["least"]).values("customer"))
        if "most" in known:
            condition &= ~Q(pk__in=sums.filter(sum__gt=known["most"]).values("customer"))
        return condition


class Margin(Amount):
    """Margin in a period, of what was calculated (customer_figures)."""

    name = "margin"
    label = gettext_lazy("Deckungsbeitrag")

    def condition(self, values):
        known = self.answers(values)
        margins: defaultdict[int, Decimal] = defaultdict(Decimal)
        for sale in customer_figures.sales(since=known.get("since"), until=known.get("until")):
            if sale.cost is not None:
                margins[sale.customer] += sale.net - sale.cost
        least, most = known.get("least"), known.get("most")
        fitting = [
            customer
            for customer, margin in margins.items()
            if (least is None or margin >= least) and (most is None or margin <= most)
        ]
        return Q(pk__in=fitting)


class Standing(Criterion):
    """Prospects, new customers (first invoice within a year) and existing ones."""

    name = "standing"
    label = gettext_lazy("Neu oder Bestand")
    right = Right.SEE_MONEY
    CHOICES = [
        ("prospect", gettext_lazy("Interessent, noch nichts berechnet")),
        ("new", gettext_lazy("Neukunde, erste Rechnung vor höchstens einem Jahr")),
        ("existing", gettext_lazy("Bestandskunde, erste Rechnung vor mehr als einem Jahr")),
    ]

    class Form(forms.Form):
        standing = forms.ChoiceField(label=gettext_lazy("Neu oder Bestand"), required=False)

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["standing"].choices = [("", _("egal")), *Standing.CHOICES]

    def condition(self, values):
        issued = customer_figures.invoiced()
        if values["standing"] == "prospect":
            return ~Q(pk__in=issued.values("customer"))
        first, year = (
            issued.values("customer").annotate(first=Min("issued_on")),
            customer_figures.a_year_before(timezone.localdate()),
        )
        wanted = first.filter(first__gt=year) if values["standing"] == "new" else first.filter(first__lte=year)
        return Q(pk__in=wanted.values("customer"))

    def said(self, values):
        return str(dict(self.CHOICES)[values["standing"]])


class OpenQuote(Criterion):
    """Whether a quote waits for an answer."""

    name = "open_quote"
    label = gettext_lazy("Offenes Angebot")
    right = Right.SEE_MONEY

    class Form(forms.Form):
        open = forms.ChoiceField(
            label=gettext_lazy("Offenes Angebot"),
            required=False,
            choices=[("", gettext_lazy("egal")), ("yes", gettext_lazy("ja")), ("no", gettext_lazy("nein"))],
        )

    def condition(self, values):
        waiting = Q(pk__in=Quote.objects.open().order_by().values("customer"))
        return waiting if values["open"] == "yes" else ~waiting

    def said(self, values):
        return _("ja") if values["open"] == "yes" else _("nein")
