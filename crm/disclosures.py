"""Information about everything stored of a contact (Art. 15 GDPR): one ZIP, put together off the request.

`daten.json` for machines, `auskunft.html` for people, and every file. What is in it follows from crm/dossiers.py, so a new
table is in it by itself; who received data and what the books say comes from the apps above (settings.DISCLOSURE_SOURCES).
"""

import json
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts import current
from accounts.wakeup import kick
from crm import dossiers, due, files
from crm.models import AccessCode, Customer, DueAction, DuplicatePair, ImportedRow, PrivacyRequest

BUILD = "crm.disclosure"
FORGET = "crm.disclosure_gone"
LIVES = timedelta(days=30)
IN_MEMORY = 4 * 1024 * 1024  # bytes; what is more is written to a temporary file
# how we work, not what is known of somebody; pairs of contacts name a second person
LEFT_OUT = {DueAction, ImportedRow, DuplicatePair, AccessCode}
# secrets, and what is there twice
HIDDEN = {
    "token_hash", "public_id", "client_id", "code_hash", "search_text", "search_name", "folded", "html", "message_id",
    "business", "external_id",
}  # fmt: skip


@transaction.atomic
def order(request: PrivacyRequest) -> None:
    """Have the file put together; one that is there is made anew, as of now."""
    PrivacyRequest.objects.filter(pk=request.pk).update(ready_at=None, expires_at=None)
    DueAction.objects.filter(kind=BUILD, subject_id=request.pk).delete()
    due.plan(BUILD, request, at=timezone.now())
    kick("crm.tasks.work_due")


def build(request: PrivacyRequest) -> None:
    """Due handler: put the file together. Safe to run twice."""
    if request.ready_at or request.customer is None:
        return
    with (
        tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as target,
        translation.override(request.customer.language),
    ):
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            _fill(archive, request.customer)
        size = target.tell()
        target.seek(0)
        name = default_storage.save(f"exports/{request.business_id}/{uuid.uuid4().hex}.zip", File(target))
    forget(request)
    now = timezone.now()
    PrivacyRequest.objects.filter(pk=request.pk).update(file=name, size=size, ready_at=now, expires_at=now + LIVES)
    due.plan(FORGET, request, at=now + LIVES)


def forget(request: PrivacyRequest) -> None:
    """Due handler: delete the file; the record of the request stays."""
    if request.file:
        default_storage.delete(request.file)
        PrivacyRequest.objects.filter(pk=request.pk).update(file="")


def _fill(archive, customer):
    dossier = {model: ids for model, ids in dossiers.of(customer).items() if model not in LEFT_OUT}
    sources = [import_string(name)(customer, dossier) for name in settings.DISCLOSURE_SOURCES]
    recipients = [each for source in sources for each in source["recipients"]]
    records: dict[str, list[dict]] = {model._meta.label: list(_rows(model, dossier[model])) for model in dossier}
    for source in sources:
        records |= source["records"]
    names = _paths(dossier)
    for stored, path in names.items():
        try:
            archive.writestr(path, files.read(stored))
        except FileNotFoundError:  # still being made, or gone
            continue
    told = {
        "as_of": timezone.now(),
        "controller": _controller(),
        "recipients": recipients,
        "records": records,
        "files": names,
    }
    text = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, default=str)
    archive.writestr("daten.json", text)
    context = {
        "customer": customer,
        "business": current.business(),
        "as_of": timezone.now(),
        "recipients": recipients,
        "tables": [_table(model, records[model._meta.label]) for model in sorted(dossier, key=_place)],
        "others": [(name, rows) for source in sources for name, rows in source["records"].items() if rows],
        "files": sorted(names.values()),
    }
    archive.writestr("auskunft.html", render_to_string("crm/disclosure.html", context))


def _rows(model, ids) -> Iterator[dict[str, Any]]:
    names = [field.attname for field in model._meta.concrete_fields if field.name not in HIDDEN]
    yield from model._base_manager.filter(pk__in=ids).order_by("pk").values(*names)


def _table(model, rows):
    """A model's rows for people: (title, how many, [[(what, text)]]), without what is empty and without our own ids."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    shown = []
    for row in rows:
        pairs = [(fields[name].verbose_name, _text(fields[name], value)) for name, value in row.items()]
        shown.append(
            [
                (str(what), text)
                for (what, text), name in zip(pairs, row, strict=True)
                if text and not _is_ours(fields[name])
            ]
        )
    return str(model._meta.verbose_name_plural), len(rows), [pairs for pairs in shown if pairs]


def _is_ours(field):
    return field.primary_key or field.is_relation or field.name.endswith(("_id", "_hash", "sha256"))


def _text(field, value):
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return f"{timezone.localtime(value):%d.%m.%Y %H:%M}"
    if isinstance(field, models.DateField):
        return f"{value:%d.%m.%Y}"
    return str(value)


def _paths(dossier) -> dict[str, str]:
    """{storage name: name in the archive}."""
    found: dict[str, str] = {}
    for model in sorted(dossier, key=_place):
        for field in dossiers.stored_fields(model):
            if field == "preview":  # of a photo that is in the archive as it came
                continue
            rows = model._base_manager.filter(pk__in=dossier[model]).exclude(**{field: ""}).order_by("pk")
            for pk, stored in rows.values_list("pk", field):
                suffix = PurePosixPath(stored).suffix
                found.setdefault(stored, f"dateien/{model._meta.model_name}-{pk}-{field}{suffix}")
    return found


def _place(model):
    return model is not Customer, model._meta.label


def _controller():
    business = current.business()
    return {
        name: getattr(business, name)
        for name in ("name", "legal_name", "owner_name", "street", "postcode", "city", "phone", "email")
    }
