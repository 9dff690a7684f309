"""Kinds of work (Arten der Arbeit): the business shapes the way its orders take, and what of it customers see.

The milestones of an order are copied from its kind; changing a kind later changes no order. Without a kind an order takes
the plain way: one milestone for each of its states.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.refusals import Refusal
from billing.models import Milestone, Order, SignOff, Step, WorkKind, WorkStep

MOST_SHOWN = 7  # more is a wall, not a way (ux.md, anchors)
MOST_STEPS = 12
LONGEST_LABEL, LONGEST_NAME = 60, 80
# in which order an order comes to what it reaches by itself
FLOW = (Step.PLACED, Step.SCHEDULED, Step.STARTED, Step.COMPLETED, Step.SIGNED_OFF, Step.INVOICED)


@dataclass(frozen=True)
class StepInput:
    """A milestone as it is typed: what the customer reads, and what brings an order there by itself."""

    label: str | Promise  # templates' own words follow the language
    step: str = Step.BY_HAND
    is_shown: bool = True


@dataclass(frozen=True)
class Template:
    """A kind of work to start from."""

    key: str
    name: str | Promise
    steps: tuple[StepInput, ...]


TEMPLATES = (
    Template(
        "furniture", gettext_lazy("Möbel und Einbau"),
        (
            StepInput(gettext_lazy("Beauftragt"), Step.PLACED),
            StepInput(gettext_lazy("Aufmaß"), is_shown=False),
            StepInput(gettext_lazy("Material bestellt")),
            StepInput(gettext_lazy("In der Werkstatt")),
            StepInput(gettext_lazy("Termin steht"), Step.SCHEDULED),
            StepInput(gettext_lazy("Bei Ihnen vor Ort"), Step.STARTED),
            StepInput(gettext_lazy("Fertig"), Step.COMPLETED),
            StepInput(gettext_lazy("Von Ihnen abgenommen"), Step.SIGNED_OFF),
            StepInput(gettext_lazy("Abgerechnet"), Step.INVOICED, is_shown=False),
        ),
    ),
    Template(
        "repair", gettext_lazy("Reparatur"),
        (
            StepInput(gettext_lazy("Beauftragt"), Step.PLACED),
            StepInput(gettext_lazy("Ersatzteil bestellt")),
            StepInput(gettext_lazy("Termin steht"), Step.SCHEDULED),
            StepInput(gettext_lazy("Bei Ihnen vor Ort"), Step.STARTED),
            StepInput(gettext_lazy("Fertig"), Step.COMPLETED),
            StepInput(gettext_lazy("Abgerechnet"), Step.INVOICED),
        ),
    ),
    Template(
        "delivery", gettext_lazy("Lieferung"),
        (
            StepInput(gettext_lazy("Bestellt"), Step.PLACED),
            StepInput(gettext_lazy("In der Fertigung"), Step.STARTED),
            StepInput(gettext_lazy("Verpackt")),
            StepInput(gettext_lazy("Unterwegs zu Ihnen")),
            StepInput(gettext_lazy("Geliefert"), Step.COMPLETED),
            StepInput(gettext_lazy("Abgerechnet"), Step.INVOICED),
        ),
    ),
)  # fmt: skip
PLAIN = tuple(StepInput("", step) for step in FLOW if step != Step.SIGNED_OFF)


# --- shaping a kind -----------------------------------------------------------------------------------------------------
@transaction.atomic
def create(name: str, steps: Iterable[StepInput]) -> WorkKind:
    """A new kind of work. Refuses as `save` does."""
    kind = WorkKind(name=_name(name))
    steps = checked(steps)
    kind.save()
    _store(kind, steps)
    return kind


def create_from_template(key: str, name: str = "") -> WorkKind:
    """A new kind of work from one of TEMPLATES, under its name or another. Raises Refusal for a name there is already."""
    template = next((each for each in TEMPLATES if each.key == key), None)
    if template is None:
        raise Refusal(_("Diese Vorlage gibt es nicht. Bitte wählen Sie eine aus der Liste."), field="template")
    return create(name or str(template.name), template.steps)


@transaction.atomic
def save(kind: WorkKind, *, name: str, steps: Iterable[StepInput]) -> None:
    """Change name and milestones. Orders keep those they have.

    Raises Refusal (field "name" or "steps") for a name there is already, a milestone without words, two of the same step,
    steps an order cannot reach in that sequence, and more than a customer can survey.
    """
    kind.name = _name(name, besides=kind)
    steps = checked(steps)
    kind.save(update_fields=["name"])
    kind.steps.all().delete()
    _store(kind, steps)


@transaction.atomic
def make_default(kind: WorkKind | None) -> None:
    """New orders take this way from now on; with None the plain one. Raises Refusal for one that is archived."""
    if kind is not None and kind.archived_at:
        raise Refusal(_("Diese Art ist archiviert. Bitte holen Sie sie zuerst zurück."))
    WorkKind.objects.filter(is_default=True).update(is_default=False)
    if kind is not None:
        WorkKind.objects.filter(pk=kind.pk).update(is_default=True)


def archive(kind: WorkKind) -> None:
    """Offer it no more; orders that have it go on. A default is none any more."""
    WorkKind.objects.filter(pk=kind.pk).update(archived_at=timezone.now(), is_default=False)


def unarchive(kind: WorkKind) -> None:
    """Offer it again."""
    WorkKind.objects.filter(pk=kind.pk).update(archived_at=None)


def active():
    """The kinds on offer, by name."""
    return WorkKind.objects.filter(archived_at=None)


def default() -> WorkKind | None:
    """What new orders get; None: the plain way."""
    return active().filter(is_default=True).first()


def steps_of(kind: WorkKind | None) -> tuple[StepInput, ...]:
    """The milestones of a kind, or of the plain way, in their order."""
    if kind is None:
        return PLAIN
    return tuple(StepInput(row.label, row.step, row.is_shown) for row in kind.steps.all())


def checked(steps: Iterable[StepInput]) -> list[StepInput]:
    """Milestones as they may be kept, or Refusal (field "steps") with what to change."""
    clean = [StepInput(" ".join(str(each.label).split()), each.step, each.is_shown) for each in steps]
    if not any(each.is_shown for each in clean):
        raise _refuse(_("Bitte lassen Sie den Kunden mindestens einen Meilenstein sehen."))
    if len(clean) > MOST_STEPS:
        raise _refuse(
            _("Mehr als %(n)s Meilensteine sind zu viele. Bitte fassen Sie welche zusammen.") % {"n": MOST_STEPS}
        )
    shown = sum(each.is_shown for each in clean)
    if shown > MOST_SHOWN:
        raise _refuse(
            _("Der Kunde sieht höchstens %(n)s Meilensteine, jetzt wären es %(shown)s. Bitte blenden Sie welche aus.")
            % {"n": MOST_SHOWN, "shown": shown}
        )
    for place, each in enumerate(clean, 1):
        if not each.label:
            raise _refuse(_("Meilenstein %(n)s hat noch keinen Namen. Bitte tragen Sie ihn ein.") % {"n": place})
        if len(str(each.label)) > LONGEST_LABEL:
            raise _refuse(
                _("„%(label)s“ ist zu lang. Bitte kürzen Sie auf höchstens %(n)s Zeichen.")
                % {"label": f"{str(each.label)[:30]}…", "n": LONGEST_LABEL}
            )
        if each.step not in Step:
            raise _refuse(_("Bitte wählen Sie bei „%(label)s“, wann er erreicht wird.") % {"label": each.label})
    _check_labels(clean)
    _check_flow(clean)
    return clean


# --- giving it to an order ----------------------------------------------------------------------------------------------
@transaction.atomic
def apply(order: Order, kind: WorkKind | None) -> None:
    """Give an order the milestones of a kind (None: the plain way), keeping what was reached, planned or noted.

    A milestone is the same by its step, one that is ticked by hand by its words. What the new way does not know stays where
    it was if there is something to keep, and goes otherwise. The caller holds the order.
    """
    old = list(order.milestones.all())
    by_step = {each.step: each for each in old if each.step}
    by_label = {each.label: each for each in old if not each.step}
    way: list[Milestone] = []
    for each in steps_of(kind):
        known = by_step.get(each.step) if each.step else by_label.get(str(each.label))
        milestone = known or Milestone(order=order, step=each.step, **_facts(order, each.step))
        milestone.label, milestone.is_shown = str(each.label), each.is_shown
        way.append(milestone)
    before: Milestone | None = None
    for milestone in old:
        if milestone not in way:
            if not (milestone.reached_at or milestone.planned_on or milestone.note or milestone.photos.exists()):
                milestone.delete()
                continue
            way.insert(way.index(before) + 1 if before else 0, milestone)
        before = milestone
    for sort, milestone in enumerate(way):
        milestone.sort = sort
    Milestone.objects.bulk_create([each for each in way if each.pk is None])
    Milestone.objects.bulk_update([each for each in way if each in old], ["sort", "label", "is_shown"])
    order.work_kind = kind
    Order.objects.filter(pk=order.pk).update(work_kind=kind)


# --- inside -------------------------------------------------------------------------------------------------------------
def _facts(order, step):
    """What is known of a step that the order had no milestone for until now."""
    State = Order.State
    done = order.state in {State.COMPLETED, State.INVOICED}
    match step:
        case Step.PLACED:
            return {"reached_at": order.placed_at}
        case Step.SCHEDULED if order.planned_on:
            is_reached = done or order.state in {State.SCHEDULED, State.STARTED}
            return {"planned_on": order.planned_on, "reached_at": order.changed_at if is_reached else None}
        case Step.STARTED if order.state == State.STARTED:
            return {"reached_at": order.changed_at}
        case Step.COMPLETED if done and order.completed_on:
            return {"reached_at": timezone.make_aware(datetime.combine(order.completed_on, time(12)))}
        case Step.INVOICED if order.state == State.INVOICED:
            return {"reached_at": order.changed_at}
        case Step.SIGNED_OFF:
            return {"reached_at": _signed_off_at(order)}
    return {}


def _signed_off_at(order):
    decided = [SignOff.State.ACCEPTED, SignOff.State.DEEMED]
    return SignOff.objects.filter(order=order.pk, state__in=decided).values_list("decided_at", flat=True).first()


def _store(kind, steps):
    WorkStep.objects.bulk_create(
        [
            WorkStep(work_kind=kind, sort=sort, label=each.label, step=each.step, is_shown=each.is_shown)
            for sort, each in enumerate(steps)
        ]
    )


def _name(name, *, besides=None):
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Bitte geben Sie der Art der Arbeit einen Namen."), field="name")
    if len(name) > LONGEST_NAME:
        raise Refusal(
            _("Der Name ist zu lang. Bitte kürzen Sie auf höchstens %(n)s Zeichen.") % {"n": LONGEST_NAME}, field="name"
        )
    others = WorkKind.objects.exclude(pk=besides.pk) if besides else WorkKind.objects.all()
    if others.filter(name=name).exists():
        raise Refusal(
            _("Die Art „%(name)s“ gibt es schon. Bitte wählen Sie einen anderen Namen.") % {"name": name}, field="name"
        )
    return name


def _check_labels(steps):
    """Words name a milestone that is ticked by hand, so they stand once."""
    seen = set()
    for each in steps:
        if each.label in seen:
            raise _refuse(
                _("„%(label)s“ steht zweimal da. Bitte ändern oder entfernen Sie einen.") % {"label": each.label}
            )
        seen.add(each.label)


def _check_flow(steps):
    by_itself = [each for each in steps if each.step]
    for first, second in pairwise(by_itself):
        before, after = FLOW.index(Step(first.step)), FLOW.index(Step(second.step))
        if before > after:
            raise _refuse(
                _("„%(second)s“ kommt bei jedem Auftrag vor „%(first)s“. Bitte tauschen Sie die beiden.")
                % {"first": first.label, "second": second.label}
            )
    steps_used = [each.step for each in by_itself]
    for each in by_itself:
        if steps_used.count(each.step) > 1:
            raise _refuse(
                _("„%(step)s“ erreicht ein Auftrag nur einmal. Bitte lassen Sie einen der beiden von Hand abhaken.")
                % {"step": Step(each.step).label}
            )


def _refuse(message):
    return Refusal(message, field="steps")
