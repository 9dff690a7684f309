"""Two contacts that are one: everything that hangs on the one goes to the other, and can go back.

The contact that goes stays as a row that is put away and names the one it lives on in (`merged_into`), so that old
addresses find it and nothing is lost. What is issued keeps every word it was issued with; only where it is filed follows,
along this one step, and the database refuses any other (accounts.guards.Frozen.follows).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.text import camel_case_to_spaces
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import current, formats
from accounts.refusals import Refusal
from accounts.scoping import ScopedModel
from crm import folding, timeline
from crm.models import ContactMerge, ContactPerson, Customer, DuplicatePair, Site

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BATCH = 500
# What names contacts without hanging on them, and why it does not move.
STAYS = {
    Customer: "names the contact it lives on in",
    ContactMerge: "is the record of the step itself",
    DuplicatePair: "is about the two as two",
}


@dataclass(frozen=True)
class Part:
    """What is chosen as one when two contacts become one: an address is not put together from two."""

    name: str
    label: "StrOrPromise"
    fields: tuple[str, ...]


PARTS = (
    Part("kind", gettext_lazy("Art"), ("kind",)),
    Part("company", gettext_lazy("Firma"), ("company_name",)),
    Part("person", gettext_lazy("Name"), ("salutation", "first_name", "last_name")),
    Part("email", gettext_lazy("E-Mail-Adresse"), ("email",)),
    Part("phone", gettext_lazy("Telefon"), ("phone",)),
    Part("mobile", gettext_lazy("Mobil"), ("mobile",)),
    Part("address", gettext_lazy("Adresse"), ("street", "postcode", "city", "country")),
    Part("vat_id", gettext_lazy("USt-IdNr."), ("vat_id",)),
    Part("registration", gettext_lazy("Registernummer"), ("registration_number",)),
    Part("leitweg", gettext_lazy("Leitweg-ID"), ("leitweg_id",)),
    Part("certificate", gettext_lazy("Nachweis USt 1 TG"), ("builder_certificate", "builder_from", "builder_until")),
    Part("language", gettext_lazy("Sprache"), ("language",)),
    Part("reached", gettext_lazy("Am liebsten"), ("contact_by", "contact_note")),
    Part("invoices", gettext_lazy("Rechnungen"), ("invoice_by",)),
    Part("dunning", gettext_lazy("Nicht mahnen, weil"), ("dunning_stop",)),
    Part("source", gettext_lazy("Herkunft"), ("source",)),
    Part("follow_up", gettext_lazy("Wiedervorlage"), ("follow_up_on",)),
)
_REACHED = ("email", "phone", "mobile")


@dataclass(frozen=True)
class Choice:
    """A part in which two contacts differ, as people read it."""

    part: Part
    mine: str
    other: str

    @property
    def proposed(self) -> str:
        """Which of the two stays unless somebody says otherwise: "mine", or "other" where mine says nothing."""
        return "mine" if self.mine else "other"


def choices(survivor: Customer, absorbed: Customer) -> list[Choice]:
    """Where the two differ."""
    found = []
    for part in PARTS:
        if [getattr(survivor, name) for name in part.fields] != [getattr(absorbed, name) for name in part.fields]:
            found.append(Choice(part, _shown(survivor, part), _shown(absorbed, part)))
    return found


def kept_besides(survivor: Customer, absorbed: Customer) -> bool:
    """Whether there is a second way to reach them or a second address, which could be kept beside the first."""
    differ = {each.part.name for each in choices(survivor, absorbed) if each.mine and each.other}
    return bool(differ & {*_REACHED, "address"})


def what_moves(absorbed: Customer) -> tuple[int, list[tuple[str, int]]]:
    """How much hangs on a contact: all of it, and (name, number) of what has a name of its own."""
    total, named = 0, []
    for model, field in hanging():
        if count := model.objects.filter(**{field: absorbed}).count():
            total += count
            if model._meta.verbose_name_raw != camel_case_to_spaces(model.__name__):
                named.append((str(model._meta.verbose_name), count))
    return total, named


def hanging() -> Iterator[tuple[type[ScopedModel], str]]:
    """(model, field) of every foreign key to a contact that follows a merge."""
    for model in apps.get_models():
        if not issubclass(model, ScopedModel) or model in STAYS:
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Customer:
                yield model, field.name


def pointing() -> Iterator[tuple[type[ScopedModel], GenericForeignKey]]:
    """(model, key) of every generic key that may point at a contact and may change; what is frozen keeps its own."""
    for model in apps.get_models():
        if issubclass(model, ScopedModel) and not getattr(model, "frozen", None):
            for field in model._meta.private_fields:
                if isinstance(field, GenericForeignKey):
                    yield model, field


@transaction.atomic
def merge(
    survivor: Customer, absorbed: Customer, *, by, take: Collection[str] = (), keeps_others: bool = True
) -> ContactMerge:
    """Let `absorbed` live on in `survivor`. `take` names the PARTS whose value comes from the one that goes; with
    `keeps_others` a second address, mail address or telephone number becomes a place or a person of the contact.

    Raises Refusal for one and the same, for one that lives on in another already, and for a survivor that is put away.
    """
    survivor, absorbed = _locked(survivor, absorbed)
    now = timezone.now()
    before = {side: _reached(side) for side in (survivor, absorbed)}
    changed = _apply(survivor, absorbed, take)
    archived_before = absorbed.archived_at
    absorbed.archived_at, absorbed.merged_into = absorbed.archived_at or now, survivor
    with current.acting_as(by or current.member()):
        absorbed.save()
        survivor.save()
    merge = ContactMerge.objects.create(
        survivor=survivor, absorbed=absorbed, changed=changed, archived_before=archived_before, by=by, at=now
    )
    merge.moved = _move(absorbed, survivor)
    merge.added = _keep(survivor, before, keeps_others) if keeps_others else {}
    left = list(Site.objects.filter(customer=absorbed))  # a second address for invoices or goods becomes a place
    merge.added.setdefault("crm.Site", []).extend(_copied(site, survivor).pk for site in left)
    merge.save(update_fields=["moved", "added"])
    DuplicatePair.objects.filter(first__in=[survivor, absorbed], second__in=[survivor, absorbed]).delete()
    timeline.record(
        timeline.Event.CUSTOMER_MERGED, customer=survivor, subject=merge, by=by, number=absorbed.number,
        rows=sum(len(ids) for ids in merge.moved.values()),
    )  # fmt: skip
    return merge


@transaction.atomic
def undo(merge: ContactMerge, *, by) -> Customer:
    """Make two of them again: what moved goes back, what came since stays with the survivor. Returns the one that is back.

    Raises Refusal when it is undone already, and while the survivor itself lives on in another.
    """
    merge = ContactMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        raise Refusal(_("Diese Kontakte sind schon wieder getrennt."))
    survivor = Customer.objects.select_for_update(of=("self",)).get(pk=merge.survivor_id)
    absorbed = Customer.objects.select_for_update(of=("self",)).get(pk=merge.absorbed_id)
    if survivor.merged_into_id:
        raise Refusal(
            _("„%(name)s“ ist inzwischen selbst zusammengeführt. Bitte machen Sie zuerst das rückgängig.")
            % {"name": survivor}
        )
    _move_back(merge)
    for name, (old, new) in merge.changed.items():
        if _plain(getattr(survivor, name)) == new:  # what somebody changed since stays
            setattr(survivor, name, _field(name).to_python(old))
    absorbed.archived_at, absorbed.merged_into = merge.archived_before, None
    with current.acting_as(by or current.member()):
        survivor.save()
        absorbed.save()
    for label, ids in merge.added.items():
        for row in apps.get_model(label).objects.filter(pk__in=ids):
            try:
                with transaction.atomic():
                    row.delete()
            except ProtectedError:  # a document names the place by now
                pass
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    timeline.record(timeline.Event.CUSTOMER_UNMERGED, customer=survivor, subject=merge, by=by, number=absorbed.number)
    return absorbed


def _locked(survivor, absorbed):
    if survivor.pk == absorbed.pk:
        raise Refusal(_("Das ist derselbe Kontakt. Bitte wählen Sie einen anderen."), field="other")
    rows = Customer.objects.select_for_update(of=("self",)).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[survivor.pk, absorbed.pk])}
    survivor, absorbed = found[survivor.pk], found[absorbed.pk]
    for side in (survivor, absorbed):
        if side.merged_into_id:
            raise Refusal(_("„%(name)s“ ist schon zusammengeführt. Bitte laden Sie die Seite neu.") % {"name": side})
    if survivor.archived_at:
        raise Refusal(
            _("„%(name)s“ ist archiviert. Bitte holen Sie den Kontakt zurück, oder behalten Sie den anderen.")
            % {"name": survivor}
        )
    return survivor, absorbed


def _apply(survivor, absorbed, take):
    """Give the survivor what is taken from the other, and what must not be forgotten; {field: [before, after]}."""
    wanted = {name: getattr(absorbed, name) for part in PARTS if part.name in take for name in part.fields}
    wanted["is_prospect"] = survivor.is_prospect and absorbed.is_prospect
    # who objected to feedback mails objected, whichever address stays (R98); the notice was given with an address
    objected = [side.feedback_opt_out_at for side in (survivor, absorbed) if side.feedback_opt_out_at]
    wanted["feedback_opt_out_at"] = min(objected, default=None)
    if "email" in take:
        wanted["feedback_notice_at"] = absorbed.feedback_notice_at
    changed = {}
    for name, value in wanted.items():
        if getattr(survivor, name) != value:
            changed[name] = [_plain(getattr(survivor, name)), _plain(value)]
            setattr(survivor, name, value)
    if not (survivor.company_name or survivor.person_name):
        raise Refusal(_("Bitte behalten Sie einen Namen."), field="person")
    return changed


def _move(absorbed, survivor):
    """Every row that hangs on the one, to the other; {"app.Model.field": ids}. What the survivor has already (a tag) stays."""
    moved: dict[str, list[int]] = {}
    for model, field in hanging():
        rows = model.objects.filter(**{field: absorbed})
        twice = _there_already(model, field, rows, model.objects.filter(**{field: survivor}))
        if ids := [pk for pk in rows.order_by("pk").values_list("pk", flat=True) if pk not in twice]:
            _refile(model, ids, **{field: survivor})
            moved[f"{model._meta.label}.{field}"] = ids
    for model, key in pointing():
        rows, same = (_pointing_at(model, key, side) for side in (absorbed, survivor))
        twice = _there_already(model, key.fk_field, rows, same)
        if ids := [pk for pk in rows.order_by("pk").values_list("pk", flat=True) if pk not in twice]:
            _refile(model, ids, **{key.fk_field: survivor.pk})
            moved[f"{model._meta.label}.{key.fk_field}"] = ids
    return moved


def _move_back(merge):
    for name, ids in merge.moved.items():
        label, _dot, field = name.rpartition(".")
        model = apps.get_model(label)
        is_key = model._meta.get_field(field).is_relation
        to, now = (merge.absorbed, merge.survivor) if is_key else (merge.absorbed_id, merge.survivor_id)
        for start in range(0, len(ids), BATCH):
            rows = model.objects.filter(**{"pk__in": ids[start : start + BATCH], field: now})
            twice = _there_already(model, field, rows, model.objects.filter(**{field: to}))
            rows.exclude(pk__in=twice).update(**{field: to})


def _refile(model, ids, **where):
    for start in range(0, len(ids), BATCH):
        model.objects.filter(pk__in=ids[start : start + BATCH]).update(**where)


def _pointing_at(model, key, customer):
    kind = ContentType.objects.get_for_model(Customer)
    return model.objects.filter(**{key.ct_field: kind, key.fk_field: customer.pk})


def _there_already(model, field, rows, others):
    """Ids of `rows` that the database would not have twice beside `others`."""
    found: set[int] = set()
    rules: list[tuple[tuple[str, ...], models.Q]] = [
        (tuple(constraint.fields), constraint.condition or models.Q())
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and field in constraint.fields
    ]
    if model._meta.get_field(field).unique:
        rules.append(((field,), models.Q()))
    for fields, condition in rules:
        rest = [name for name in fields if name not in {field, "business"}]
        there = (
            set(others.filter(condition).values_list(*rest)) if rest else {()} if others.filter(condition) else set()
        )
        for pk, *values in rows.filter(condition).values_list("pk", *rest):
            if tuple(values) in there and None not in values:
                found.add(pk)
    return found


def _reached(side):
    return {
        "name": side.person_name or side.name, "values": {name: getattr(side, name) for name in _REACHED},
        "address": [side.street, side.postcode, side.city, side.country], "number": side.number,
    }  # fmt: skip


def _keep(survivor, before, keeps_others):
    """What was said besides and is not the survivor's now: a person with the second number, a place for the address."""
    added: dict[str, list[int]] = {}
    known = {_folded(getattr(survivor, name)) for name in _REACHED}
    for person in survivor.contact_persons.all():
        known |= {_folded(value) for value in (person.email, person.phone, person.mobile)}
    places = {folding.fold(survivor.street, survivor.postcode)}
    places |= {folding.fold(site.street, site.postcode) for site in survivor.sites.all()}
    for said in before.values():
        values = {name: value for name, value in said["values"].items() if value and _folded(value) not in known}
        if values:
            person = ContactPerson.objects.create(customer=survivor, name=said["name"][:120], **values)
            added.setdefault("crm.ContactPerson", []).append(person.pk)
        street, postcode, city, country = said["address"]
        if street and postcode and city and folding.fold(street, postcode) not in places:
            site = Site.objects.create(
                customer=survivor, label=_("Weitere Adresse"), street=street, postcode=postcode, city=city,
                country=country,
            )  # fmt: skip
            added.setdefault("crm.Site", []).append(site.pk)
    return added


def _copied(site, survivor):
    return Site.objects.create(
        customer=survivor, label=site.label, addressee=site.addressee, street=site.street, postcode=site.postcode,
        city=site.city, country=site.country,
    )  # fmt: skip


def _folded(value):
    return folding.fold_phones(value) if any(c.isdecimal() for c in value) and "@" not in value else value.casefold()


def _shown(customer, part):
    """A part as one line; its choices in words."""
    words = []
    for name in part.fields:
        value = getattr(customer, name)
        if value and _field(name).choices:
            value = dict(_field(name).flatchoices).get(value, value)
        if isinstance(value, date):
            value = formats.day_short(value)
        if value:
            words.append(str(value))
    if part.name == "address":
        town = f"{customer.postcode} {customer.city}".strip()
        return ", ".join(filter(None, [customer.street, town, customer.country if customer.country != "DE" else ""]))
    return (", " if part.name in {"certificate", "reached"} else " ").join(words)


def _field(name) -> models.Field:
    return cast(models.Field, Customer._meta.get_field(name))


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value
