"""What contacts are selected by that crm itself knows: kind, tags, region, last contact (settings.SEGMENT_CRITERIA)."""

import re
from datetime import timedelta

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import Right
from crm.models import Customer, CustomerTag, Tag, TimelineEntry
from crm.segments import Criterion
from crm.timeline import Event

# lines of the timeline that are no contact with anybody
NOT_A_CONTACT = [
    Event.CUSTOMER_CREATED, Event.CUSTOMER_CHANGED, Event.TODO_ADDED, Event.TODO_DONE, Event.MAIL_FAILED,
    Event.MAIL_BOUNCED, Event.VAT_ID_CHECKED, Event.CUSTOMER_MERGED, Event.CUSTOMER_UNMERGED,
]  # fmt: skip
BEHIND = "~"  # sorts behind digits


class Kind(Criterion):
    """Private people, companies, public bodies."""

    name = "kind"
    label = gettext_lazy("Art")

    class Form(forms.Form):
        kinds = forms.MultipleChoiceField(
            label=gettext_lazy("Art"),
            choices=Customer.Kind.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def condition(self, values):
        return Q(kind__in=values["kinds"])

    def said(self, values):
        return ", ".join(str(Customer.Kind(kind).label) for kind in values["kinds"])


class Tags(Criterion):
    """Contacts that carry one of some tags, or all of them."""

    name = "tags"
    label = gettext_lazy("Tags")

    class Form(forms.Form):
        tags = forms.MultipleChoiceField(
            label=gettext_lazy("Tags"), required=False, widget=forms.CheckboxSelectMultiple
        )
        all = forms.BooleanField(label=gettext_lazy("alle davon, nicht nur einer"), required=False)

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["tags"].choices = list(Tag.objects.values_list("pk", "name"))

    def values(self, cleaned):
        if not cleaned["tags"]:
            return None
        return {"tags": sorted(int(pk) for pk in cleaned["tags"]), "all": cleaned["all"]}

    def answers(self, values):
        return {"tags": [str(pk) for pk in values["tags"]], "all": values["all"]}

    def condition(self, values):
        if not values["all"]:
            return Q(pk__in=CustomerTag.objects.filter(tag__in=values["tags"]).values("customer"))
        condition = Q()
        for pk in values["tags"]:
            condition &= Q(pk__in=CustomerTag.objects.filter(tag=pk).values("customer"))
        return condition

    def said(self, values):
        names = Tag.objects.filter(pk__in=values["tags"]).values_list("name", flat=True)
        return (_(" und ") if values["all"] else _(" oder ")).join(names)


def postcodes(text: str) -> list[list[str]]:
    """[[first, last], …] of „22, 25335, 80331-81929“: beginnings of postcodes and ranges of them. Raises ValueError."""
    found = []
    for part in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", text.strip()))):
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part)
        if not match or (match[2] and (len(match[1]) != len(match[2]) or match[1] > match[2])):
            raise ValueError(part)
        found.append([match[1], match[2] or match[1]])
    return found


class Region(Criterion):
    """Where contacts live, by postcode."""

    name = "region"
    label = gettext_lazy("Region")

    class Form(forms.Form):
        postcodes = forms.CharField(
            label=gettext_lazy("Postleitzahlen"),
            required=False,
            max_length=300,
            help_text=gettext_lazy("Anfänge oder Bereiche, mit Komma getrennt: 22, 25335, 80331-81929"),
        )

        def clean_postcodes(self):
            try:
                return postcodes(self.cleaned_data["postcodes"])
            except ValueError as error:
                raise forms.ValidationError(
                    _(
                        "„%(part)s“ ist keine Postleitzahl und kein Bereich. Schreiben Sie zum Beispiel 22 oder 80331-81929."
                    )
                    % {"part": error}
                ) from None

    def answers(self, values):
        return {
            "postcodes": ", ".join(first if first == last else f"{first}-{last}" for first, last in values["postcodes"])
        }

    def condition(self, values):
        condition = Q()
        for first, last in values["postcodes"]:
            condition |= Q(postcode__gte=first, postcode__lt=last + BEHIND)
        return condition & Q(country="DE")

    def said(self, values):
        return self.answers(values)["postcodes"]


class LastContact(Criterion):
    """When somebody last had to do with a contact: notes, mails, documents, appointments."""

    name = "last_contact"
    label = gettext_lazy("Letzter Kontakt")
    right = Right.SEE_NOTES

    class Form(forms.Form):
        way = forms.ChoiceField(
            label=gettext_lazy("Letzter Kontakt"),
            required=False,
            choices=[
                ("", gettext_lazy("egal")),
                ("before", gettext_lazy("vor mehr als … Tagen, oder nie")),
                ("since", gettext_lazy("in den letzten … Tagen")),
            ],
        )
        days = forms.IntegerField(label=gettext_lazy("Tage"), required=False, min_value=1, max_value=3650)

        def clean(self):
            if (
                bool(self.cleaned_data.get("way"))
                and self.cleaned_data.get("days") is None
                and "days" not in self.errors
            ):
                self.add_error("days", _("Bitte geben Sie die Zahl der Tage an."))
            return self.cleaned_data

    def values(self, cleaned):
        return {"way": cleaned["way"], "days": cleaned["days"]} if cleaned["way"] else None

    def condition(self, values):
        since = timezone.now() - timedelta(days=values["days"])
        contacts = TimelineEntry.objects.filter(at__gte=since).exclude(event__in=NOT_A_CONTACT)
        recent = Exists(contacts.filter(customer=OuterRef("pk")).order_by())
        return Q(recent) if values["way"] == "since" else ~Q(recent)

    def said(self, values):
        text = _("in den letzten %(n)s Tagen") if values["way"] == "since" else _("vor mehr als %(n)s Tagen, oder nie")
        return text % {"n": values["days"]}
