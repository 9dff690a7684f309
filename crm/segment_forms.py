"""What the page of a segment asks: its name, and one small form for each criterion the member may know."""

from collections.abc import Iterator

from django import forms
from django.utils.translation import gettext_lazy

from crm import segments
from crm.forms import Friendly
from crm.models import Segment


class SegmentForm(Friendly, forms.Form):
    """A name; the criteria are `parts`."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, data=None, *, rights, segment: Segment | None = None, asks_name: bool = True):
        super().__init__(data, initial={"name": segment.name} if segment else None)
        self.fields["name"].required = asks_name
        kept = segment.criteria if segment else {}
        self.parts: list[tuple[segments.Criterion, forms.Form]] = [
            (
                each,
                each.Form(data, prefix=each.name, initial=each.answers(kept[each.name]) if each.name in kept else None),
            )
            for each in segments.criteria().values()
            if each.right in rights
        ]

    @property
    def all_forms(self) -> Iterator[forms.Form]:
        """This one and those of the criteria."""
        yield self
        for _criterion, form in self.parts:
            yield form

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong anywhere; asks all of them, so that each says what is."""
        return not [form for form in self.all_forms if not form.is_valid()]

    @property
    def wanted(self) -> dict[str, dict]:
        """What was said, as it is kept."""
        said = {criterion.name: criterion.values(form.cleaned_data) for criterion, form in self.parts}
        return {name: values for name, values in said.items() if values}

    @property
    def first_wrong(self) -> forms.Form:
        """The form whose errors are summed up above the heading."""
        return next((form for form in self.all_forms if form.errors), self)
