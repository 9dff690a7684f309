"""Segments: selections of contacts under a name. What they are made of are criteria, checked values kept as data.

settings.SEGMENT_CRITERIA names the criteria, also those of the apps above, which know invoices and feedback. Each says
with a form how it is asked for, keeps what was said as JSON, and turns that into a condition on contacts.
"""

from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from accounts.rights import Right, Rights
from crm.models import Customer, Segment, Tag

COUNTED = 10_000  # of more than that nobody counts the rest: "über 10.000"


class Criterion:
    """One kind of question. Subclasses: a `Form` whose empty answer means that it is not asked."""

    name: str
    label: Any
    right: str = Right.SEE_CONTACTS
    Form: type[forms.Form]

    def values(self, cleaned: dict) -> dict | None:
        """What is kept of the answers of a valid form, as JSON; None where nothing was said."""
        said = {name: value for name, value in cleaned.items() if value not in (None, "", [])}
        return said or None

    def answers(self, values: dict) -> dict:
        """The other way round: what the form shows of kept values."""
        return values

    def condition(self, values: dict) -> Q:
        """Which contacts fulfil it."""
        raise NotImplementedError

    def said(self, values: dict) -> str:
        """In words, for the page of the segment."""
        raise NotImplementedError


@cache
def criteria() -> dict[str, Criterion]:
    """All criteria by name, in the order of the settings."""
    found = [import_string(path)() for path in settings.SEGMENT_CRITERIA]
    return {each.name: each for each in found}


def selected(wanted: dict[str, dict]) -> QuerySet:
    """The contacts that fulfil all of it, without those put away; nobody, where a criterion is not known any more."""
    found = Customer.objects.active()
    for name, values in wanted.items():
        found = found.filter(criteria()[name].condition(values)) if name in criteria() else found.none()
    return found


def members(segment: Segment) -> QuerySet:
    """Who is in it now."""
    return selected(segment.criteria)


def count(found: QuerySet, *, most: int = 0) -> tuple[int, bool]:
    """How many there are, counted up to `most`, and whether there are more."""
    most = most or COUNTED
    number = found.order_by().values("pk")[: most + 1].count()
    return min(number, most), number > most


def may_see(segment: Segment, rights: Rights) -> bool:
    """Whether all that it is made of may be known: who has much revenue says something about money."""
    return all(name in criteria() and criteria()[name].right in rights for name in segment.criteria)


def said(wanted: dict[str, dict]) -> list[tuple[str, str]]:
    """(criterion, in words) of what a segment is made of."""
    return [
        (str(criteria()[name].label), criteria()[name].said(values))
        for name, values in wanted.items()
        if name in criteria()
    ]


# --- verbs ---------------------------------------------------------------------------------------------------------------
def create(name: str, wanted: dict[str, dict], *, by=None) -> Segment:
    """Keep a selection under a name. Raises Refusal for one without a criterion, and for a name that is taken."""
    return _kept(Segment(by=by), name, wanted)


def change(segment: Segment, name: str, wanted: dict[str, dict]) -> Segment:
    """Give it another name, or select others. Raises Refusal as `create` does."""
    return _kept(segment, name, wanted)


def delete(segment: Segment) -> None:
    """Take it away; `restore` brings it back. No contact is touched."""
    Segment.objects.filter(pk=segment.pk).update(deleted_at=timezone.now())


def restore(segment: Segment) -> None:
    """Undo `delete`. Raises Refusal when another one took its name meanwhile."""
    if Segment.objects.filter(name=segment.name, deleted_at=None).exclude(pk=segment.pk).exists():
        raise _taken(segment.name)
    Segment.objects.filter(pk=segment.pk).update(deleted_at=None)


def follow_tags(merged: Tag, into: Tag) -> None:
    """Two tags became one: segments ask for the one that is left (settings.WHEN_TAGS_MERGE)."""
    for segment in Segment.objects.select_for_update().filter(criteria__has_key="tags"):
        tags = segment.criteria["tags"]["tags"]
        if merged.pk in tags:
            segment.criteria["tags"]["tags"] = sorted({into.pk if pk == merged.pk else pk for pk in tags})
            segment.save(update_fields=["criteria"])


def _kept(segment, name, wanted):
    if not wanted:
        raise Refusal(_("Bitte wählen Sie mindestens ein Merkmal: sonst wären es alle Kontakte."))
    segment.name, segment.criteria = " ".join(name.split()), wanted
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError:
        raise _taken(segment.name) from None
    return segment


def _taken(name):
    return Refusal(
        _("Ein Segment „%(name)s“ gibt es schon. Bitte wählen Sie einen anderen Namen.") % {"name": name}, field="name"
    )
