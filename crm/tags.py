"""Tags: words to sort contacts and lines of timelines by, each with a colour."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm.models import Customer, CustomerTag, EntryTag, Tag, TimelineEntry

LONGEST = 40
MOST_OF_ONE = 30  # tags of one contact or line
COLOURS = [colour for colour in Tag.Colour if colour != Tag.Colour.GREY]


# --- words become tags --------------------------------------------------------------------------------------------------
def clean(name: str) -> str:
    """A word as it is kept."""
    return " ".join(name.replace(",", " ").split())[:LONGEST].strip()


@transaction.atomic
def named(names: Iterable[str]) -> list[Tag]:
    """The tags of these words, whatever their capitals; new words become tags, each in the next colour."""
    wanted: dict[str, str] = {}
    for name in filter(None, map(clean, names)):
        wanted.setdefault(name.casefold(), name)
    if not wanted:
        return []
    there = {tag.name.casefold(): tag for tag in Tag.objects.all()}
    for key, name in wanted.items():
        if key not in there:
            there[key] = Tag.objects.create(name=name, colour=COLOURS[len(there) % len(COLOURS)])
    return [there[key] for key in wanted]


@transaction.atomic
def add_to_customer(customer: Customer, names: Iterable[str]) -> None:
    """Let a contact carry these tags too."""
    for tag in named(names):
        CustomerTag.objects.get_or_create(customer=customer, tag=tag)


def take_from_customer(customer: Customer, tag: Tag) -> None:
    """Take one tag from a contact."""
    CustomerTag.objects.filter(customer=customer, tag=tag).delete()


@transaction.atomic
def add_to_entry(entry: TimelineEntry, names: Iterable[str]) -> None:
    """Let a line of the timeline carry these tags too. Raises Refusal for too many."""
    found = named(names)
    if EntryTag.objects.filter(entry=entry).exclude(tag__in=found).count() + len(found) > MOST_OF_ONE:
        raise Refusal(
            _("Das sind zu viele Tags. Bitte nehmen Sie höchstens %(n)s.") % {"n": MOST_OF_ONE}, field="names"
        )
    for tag in found:
        EntryTag.objects.get_or_create(entry=entry, tag=tag)


def take_from_entry(entry: TimelineEntry, tag: Tag) -> None:
    """Take one tag from a line."""
    EntryTag.objects.filter(entry=entry, tag=tag).delete()


# --- tags themselves ----------------------------------------------------------------------------------------------------
@transaction.atomic
def change(tag: Tag, *, name: str, colour: str) -> Tag:
    """Give a tag another name or colour, wherever it stands. Raises Refusal for no name, or that of another tag."""
    name = clean(name)
    if not name:
        raise Refusal(_("Bitte geben Sie dem Tag einen Namen."), field="name")
    if any(other.name.casefold() == name.casefold() for other in Tag.objects.exclude(pk=tag.pk)):
        raise Refusal(
            _("Den Tag „%(name)s“ gibt es schon. Führen Sie die beiden zusammen, oder nehmen Sie einen anderen Namen.")
            % {"name": name},
            field="name",
        )
    if colour not in Tag.Colour.values:
        raise Refusal(_("Bitte wählen Sie eine der Farben."), field="colour")
    tag.name, tag.colour = name, colour
    tag.save()
    return tag


@transaction.atomic
def merge(tag: Tag, into: Tag) -> None:
    """Let everything that carries `tag` carry `into`; the first is gone then. What else names tags is told
    (settings.WHEN_TAGS_MERGE). Raises Refusal for one and the same.
    """
    if tag.pk == into.pk:
        raise Refusal(_("Bitte wählen Sie einen anderen Tag."), field="into")
    for model, owner in ((CustomerTag, "customer"), (EntryTag, "entry")):
        both = model.objects.filter(tag=into).values(owner)
        model.objects.filter(tag=tag, **{f"{owner}__in": both}).delete()
        model.objects.filter(tag=tag).update(tag=into)
    for name in settings.WHEN_TAGS_MERGE:
        import_string(name)(tag, into)
    tag.delete()


def delete(tag: Tag) -> None:
    """Take a tag from everything and away."""
    tag.delete()


# --- selections ---------------------------------------------------------------------------------------------------------
def with_counts():
    """All tags with how many contacts and lines carry them; one query."""

    def count(model):
        rows = model.objects.filter(tag=OuterRef("pk")).order_by().values("tag").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(rows), 0)

    return Tag.objects.annotate(on_customers=count(CustomerTag), on_entries=count(EntryTag)).order_by("name")
