"""Every change of what documents are made of stands in the journal: legal, tax and bank data of the business, number
formats, names, addresses and tax numbers of customers, prices (R53).

It hangs on the models themselves (signals), not on forms or verbs: whatever saves a row, page, API, task or a command
written later, writes the journal in the same transaction, or the row is not saved. What gets round `save()` (an UPDATE
by SQL or by a queryset) is found by `manage.py verify`: the last entry of a field must say what the field says now.

A contact of whom nothing was ever ordered is no customer yet and keeps the right to be forgotten: his data are in no
entry, which nobody could ever take out again (Art. 17 GDPR). What documents say is frozen in them either way.
"""

import json
from collections.abc import Iterator
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models.signals import post_delete, post_save, pre_save

from accounts import current
from accounts.models import Business, SmallBusinessPeriod
from billing import journal, privacy
from billing.events import Event
from billing.journal_events import JournalEvent
from billing.models import CatalogueItem, DatevAccount, JournalEntry
from crm.models import Customer, NumberRange

WATCHED: dict[type[models.Model], tuple[str, ...]] = {
    Business: (
        "name", "legal_name", "legal_form", "owner_name", "street", "postcode", "city", "country", "register_court",
        "register_number", "tax_number", "vat_id", "small_business_vat_id", "economic_id", "taxation",
        "taxation_from",
        "prior_year_turnover", "small_business_waived_from", "takes_cash", "account_holder", "iban", "bic",
        "exemption_certificate", "exemption_valid_from",
        "exemption_valid_until", "payment_days", "skonto_percent", "skonto_days", "dunning_costs",
        "dunning_is_automatic", "datev_consultant", "datev_client", "datev_chart", "datev_account_length",
        "fiscal_year_month", "books_held_until",
    ),
    Customer: (
        "kind", "company_name", "first_name", "last_name", "street", "postcode", "city", "country", "vat_id",
        "registration_number", "leitweg_id", "invoice_by", "builder_certificate", "builder_from", "builder_until",
        "merged_into_id",
    ),
    NumberRange: ("prefix",),
    CatalogueItem: ("number", "name", "unit", "unit_price", "vat_rate"),
    DatevAccount: ("key", "account", "valid_from"),
    SmallBusinessPeriod: ("valid_from", "valid_until"),
}  # fmt: skip
# These are settings by being there: making and deleting one is a change too.
WHOLE_ROWS = (DatevAccount, SmallBusinessPeriod)


def connect() -> None:
    """Listen to the models; called once, when the app is ready."""
    for model in WATCHED:
        pre_save.connect(_compare, sender=model, dispatch_uid=f"master_data.compare.{model.__name__}")
        post_save.connect(_tell, sender=model, dispatch_uid=f"master_data.tell.{model.__name__}")
    for model in WHOLE_ROWS:
        post_delete.connect(_tell_gone, sender=model, dispatch_uid=f"master_data.gone.{model.__name__}")


def first_broken() -> Iterator[str]:
    """For each entry and each row told of: "" when it holds, or what does not (for `manage.py verify`).

    An entry's "before" must be what the last one said "after"; what was said last must be what the row says now.
    """
    said: dict[str, dict[str, str]] = {}
    rows = JournalEntry.objects.filter(event=JournalEvent.MASTER_DATA_CHANGED, origin_business=None).order_by(
        "sequence"
    )
    for sequence, subject, facts in rows.values_list("sequence", "subject", "facts").iterator(chunk_size=2000):
        found = json.loads(facts)
        before, after = json.loads(found["before"]), json.loads(found["after"])
        known = said.setdefault(subject, {})
        wrong = sorted(name for name in before if known.get(name, before[name]) != before[name])
        known.update(after)
        yield f"{subject}: {wrong[0]} was changed before journal entry {sequence} without one" if wrong else ""
    for model, names in WATCHED.items():
        yield from _against_rows(model, names, said)


def said(entry: JournalEntry) -> str:
    """What an entry was about, in words, for the pages of the books."""
    facts = json.loads(entry.facts)
    if entry.event != JournalEvent.MASTER_DATA_CHANGED:
        return ", ".join(f"{name}: {value}" for name, value in facts.items() if value)
    before, after = json.loads(facts["before"]), json.loads(facts["after"])
    return "; ".join(f"{_label(entry, name)}: {before[name] or '–'} → {after[name] or '–'}" for name in sorted(after))


def event_of(entry: JournalEntry) -> str:
    """The word for an entry's event."""
    for events in (Event, JournalEvent):
        if entry.event in events.values:
            return str(events(entry.event).label)
    return entry.event


def _label(entry, name):
    model = next((each for each in WATCHED if entry.subject.startswith(f"{each._meta.label} ")), None)
    return str(model._meta.get_field(name).verbose_name) if model else name  # type: ignore[union-attr]


def _against_rows(model, names, said):
    label = f"{model._meta.label} "
    told = {int(subject.removeprefix(label)): values for subject, values in said.items() if subject.startswith(label)}
    pks = sorted(told.keys() - privacy.ended().get(model._meta.label, set()))
    for start in range(0, len(pks), 500):
        rows = {row.pk: row for row in _own(model).filter(pk__in=pks[start : start + 500])}
        for pk in pks[start : start + 500]:
            row = rows.get(pk)
            now = {name: _text(row, name) if row else "" for name in names}
            wrong = sorted(name for name, value in told[pk].items() if name in now and now[name] != value)
            yield f"{label}{pk}: {wrong[0]} is not what the journal said last" if wrong else ""


def _own(model):
    """Rows of the current business; these three models are not scoped by their manager."""
    business = current.business().pk
    if model is Business:
        return Business.objects.filter(pk=business)
    return model._base_manager.filter(business_id=business)


def _compare(sender, instance, raw=False, update_fields=None, **kwargs):
    """What is about to change, compared with what is stored: one query, and none for a save of other fields."""
    instance._told = None
    names = [name for name in WATCHED[sender] if update_fields is None or name in update_fields]
    if raw or not names:
        return
    old = sender._base_manager.filter(pk=instance.pk).first() if instance.pk else None
    if old is None:
        if sender in WHOLE_ROWS:
            instance._told = dict.fromkeys(names, ""), {name: _text(instance, name) for name in names}
            _with_the_change()
        return
    if sender is Customer and old.is_prospect:
        return
    changed = [name for name in names if _text(old, name) != _text(instance, name)]
    if changed:
        instance._told = (
            {name: _text(old, name) for name in changed},
            {name: _text(instance, name) for name in changed},
        )
        _with_the_change()


def _tell(sender, instance, raw=False, **kwargs):
    if told := getattr(instance, "_told", None):
        instance._told = None
        _write(instance, *told)


def _tell_gone(sender, instance, **kwargs):
    names = WATCHED[sender]
    _write(instance, {name: _text(instance, name) for name in names}, dict.fromkeys(names, ""))


def _write(instance, before, after):
    business = instance if isinstance(instance, Business) else instance.business
    with current.working_for(business):
        journal.write(
            JournalEvent.MASTER_DATA_CHANGED, instance, by=_member(business), channel=current.channel(),
            before=_json(before), after=_json(after),
        )  # fmt: skip


def _member(business):
    """Who is at work, if they belong to this business."""
    member = current.member()
    return member if member is not None and member.business_id == business.pk else None


def _with_the_change():
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Master data change in the transaction that writes the journal.")


def _json(values):
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _text(row, name):
    """A value as text, the same before it is stored and after."""
    field = row._meta.get_field(name)
    value = field.to_python(getattr(row, name))
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.{field.decimal_places}f}"
    return str(value)
