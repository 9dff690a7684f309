"""All that is stored about a contact, in whatever table of whatever app: found by following what points at it.

A table that is added tomorrow and points at a contact, or at something of one, is in here without anybody thinking of it:
what is told (crm/disclosures.py) and what is erased (crm/erasure.py) both begin here.
"""

from collections import defaultdict
from collections.abc import Iterator

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from accounts import guards
from accounts.scoping import ScopedModel
from crm.models import Customer

Dossier = dict[type[models.Model], set[int]]

STORED = frozenset(
    {"pdf", "xml", "file", "letter", "storage_name", "stored"}
)  # text fields that name a file in the storage


def of(customer: Customer) -> Dossier:
    """The ids of every row about a contact, those it was merged with included, by model."""
    found: defaultdict[type[models.Model], set[int]] = defaultdict(set, {Customer: {customer.pk}})
    news: Dossier = {Customer: {customer.pk}}
    while news:
        next_news: defaultdict[type[models.Model], set[int]] = defaultdict(set)
        for model, rows in _pointing_at(news):
            fresh = set(rows.values_list("pk", flat=True)) - found[model]
            if fresh:
                found[model] |= fresh
                next_news[model] |= fresh
        news = dict(next_news)
    return {model: ids for model, ids in found.items() if ids}


def needed_by(rows: Dossier, within: Dossier) -> Dossier:
    """The rows, and all within a dossier that they point at by a foreign key: what they cannot stay without."""
    found: defaultdict[type[models.Model], set[int]] = defaultdict(set)
    news: Dossier = {model: set(ids) for model, ids in rows.items() if ids}
    while news:
        next_news: defaultdict[type[models.Model], set[int]] = defaultdict(set)
        for model, ids in news.items():
            found[model] |= ids
            for field in model._meta.concrete_fields:
                if field.is_relation and field.related_model in within:
                    named = model._base_manager.filter(pk__in=ids).exclude(**{field.name: None})
                    next_news[field.related_model] |= set(named.values_list(field.attname, flat=True))
        news = {model: fresh for model, ids in next_news.items() if (fresh := (ids & within[model]) - found[model])}
    return {model: ids for model, ids in found.items() if ids}


def less(dossier: Dossier, kept: Dossier) -> Dossier:
    """A dossier without some rows."""
    left = {model: ids - kept.get(model, set()) for model, ids in dossier.items()}
    return {model: ids for model, ids in left.items() if ids}


def files_of(rows: Dossier) -> set[str]:
    """The storage names of all files that rows name."""
    return {
        name
        for model, ids in rows.items()
        for field in stored_fields(model)
        for name in model._base_manager.filter(pk__in=ids).values_list(field, flat=True)
        if name
    }


def unused(names: set[str]) -> set[str]:
    """Those stored files that no row names (any more): the same bytes are stored once for several rows."""
    for model in guards.business_models():
        for field in stored_fields(model):
            if names:
                names = names - set(model._base_manager.filter(**{f"{field}__in": names}).values_list(field, flat=True))
    return names


def stored_fields(model: type[models.Model]) -> list[str]:
    """The fields of a model that name a file in the storage."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField) or (isinstance(field, models.CharField) and field.name in STORED)
    ]


def _pointing_at(rows: Dossier) -> Iterator[tuple[type[models.Model], models.QuerySet]]:
    kinds = {model: ContentType.objects.get_for_model(model).pk for model in rows}
    for model in guards.business_models():
        if not issubclass(model, ScopedModel):
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model in rows:
                yield model, model.objects.filter(**{f"{field.name}__in": rows[field.related_model]})
        for field in model._meta.private_fields:
            if isinstance(field, GenericForeignKey):
                for parent, kind in kinds.items():
                    named = {f"{field.ct_field}_id": kind, f"{field.fk_field}__in": rows[parent]}
                    yield model, model.objects.filter(**named)
