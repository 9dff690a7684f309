"""Forgetting a contact (Art. 17 GDPR): what the law demands stays, restricted, until its day (R106); all else goes at once.

What has to stay is said by the apps above (settings.RETENTION_SOURCES); where nothing has to, the contact itself goes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts import guards
from accounts.refusals import Refusal
from crm import attachments, consents, dossiers, due, timeline
from crm.dossiers import Dossier
from crm.models import Attachment, Customer, DueAction, PrivacyRequest, Restriction, TimelineEntry, Todo

FINISH = "crm.erase_rest"
A_DAY = timedelta(days=1)
# what of a contact stays beside papers that are kept: no name, no way to reach anybody
EMPTIED = (
    "company_name", "salutation", "first_name", "email", "phone", "mobile", "street", "postcode", "city", "vat_id",
    "registration_number", "leitweg_id", "contact_note", "builder_certificate", "dunning_stop", "source",
)  # fmt: skip
# rows that are the proof that it was done, or how it is gone on with
PROOF = (PrivacyRequest, Restriction)


@dataclass(frozen=True)
class Kept:
    """A kind of paper that must stay until the end of a day, and by which law; its rows by model."""

    what: str
    count: int
    until: date
    law: str
    rows: Dossier = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Plan:
    """What erasing a contact would do: what stays and why, what goes (what, how many)."""

    kept: tuple[Kept, ...]
    goes: tuple[tuple[str, int], ...]
    files: int

    @property
    def until(self) -> date | None:
        """The last day something must stay; None when all may go."""
        return max((each.until for each in self.kept), default=None)


def look(customer: Customer) -> Plan:
    """What would happen; nothing is changed."""
    dossier = dossiers.of(customer)
    kept = _kept(customer)
    gone = _gone(dossier, kept)
    return Plan(tuple(kept), tuple(_counted(gone)), len(dossiers.files_of(gone)))


@transaction.atomic
def erase(customer: Customer, request: PrivacyRequest, *, by) -> Plan:
    """Forget a contact as far as the law allows, and note it in the request. Raises Refusal for one that is restricted."""
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if Restriction.objects.filter(customer=customer).exists():
        raise Refusal(_("Dieser Kontakt ist schon gelöscht, soweit es geht."))
    plan, kept = look(customer), _kept(customer)
    dossier = dossiers.of(customer)
    consents.suppress_all_of(customer)
    outcome = {
        "erased": [[what, count] for what, count in plan.goes],
        "kept": [{"what": each.what, "count": each.count, "until": str(each.until), "law": each.law} for each in kept],
    }
    mine = PrivacyRequest.objects.filter(customer__in=dossier[Customer])
    copies = set(mine.exclude(file="").values_list("file", flat=True))
    _delete_files(copies)
    mine.update(todo=None, file="", **({} if kept else {"customer": None}))
    PrivacyRequest.objects.filter(pk=request.pk).update(
        kind=PrivacyRequest.Kind.ERASURE, answered_on=timezone.localdate(), outcome=outcome
    )
    _forget(_gone(dossier, kept))
    if kept:
        _restrict(customer, dossier, plan, outcome["kept"], by=by)
    return plan


def finish(restriction: Restriction) -> None:
    """Due handler: the last day has passed, so the rest goes too. Raises Later where something was added that must stay."""
    kept = _kept(restriction.customer)
    if kept:
        until = max(each.until for each in kept)
        Restriction.objects.filter(pk=restriction.pk).update(until=until)
        raise due.Later(due.morning_of(until + A_DAY))
    dossier = dossiers.of(restriction.customer)
    for name in settings.BEFORE_ERASING:
        import_string(name)(restriction.customer, dossier)
    PrivacyRequest.objects.filter(customer__in=dossier[Customer]).update(customer=None, todo=None)
    # the row that is being worked off goes with the contact: its handler is done
    _forget({model: ids for model, ids in dossier.items() if model is not PrivacyRequest})


def _kept(customer) -> list[Kept]:
    """What must stay today, by every source."""
    today = timezone.localdate()
    found = [each for name in settings.RETENTION_SOURCES for each in import_string(name)(customer, on=today)]
    return [each for each in found if each.until >= today]


def _gone(dossier: Dossier, kept: Iterable[Kept]) -> Dossier:
    """What of a dossier goes beside what stays."""
    stays: Dossier = {}
    for each in kept:
        for model, ids in each.rows.items():
            stays[model] = stays.get(model, set()) | (ids & dossier.get(model, set()))
    stays = dossiers.needed_by(stays, dossier)
    if stays and TimelineEntry in dossier:  # lines about papers that stay hold references and amounts only
        stays[TimelineEntry] = _lines_about(stays, dossier[TimelineEntry])
    return {model: ids for model, ids in dossiers.less(dossier, stays).items() if model not in PROOF}


def _lines_about(stays, ids):
    found: set[int] = set()
    for model, subjects in stays.items():
        if model is Customer:
            continue
        kind = ContentType.objects.get_for_model(model)
        rows = TimelineEntry.objects.filter(pk__in=ids, subject_type=kind, subject_id__in=subjects)
        found |= set(rows.values_list("pk", flat=True))
    return found


def _counted(gone):
    return sorted(
        (str(model._meta.verbose_name_plural), len(ids))
        for model, ids in gone.items()
        if model not in (Customer, DueAction)
    )


def _forget(rows: Dossier) -> None:
    """Delete rows and their files, the files once it is certain."""
    names = dossiers.files_of(rows)
    pictures = {
        name
        for attachment in Attachment.objects.filter(pk__in=rows.get(Attachment, set()))
        for name in attachments.stored_beside(attachment)
    }
    Todo.objects.filter(follows__in=rows.get(Todo, set())).exclude(pk__in=rows.get(Todo, set())).update(follows=None)
    with guards.erasing(rows):
        for model, ids in rows.items():
            found = model._base_manager.filter(pk__in=ids)
            found._raw_delete(found.db)
    names = dossiers.unused(names) | pictures
    _delete_files(names)


def _delete_files(names):
    """Once the rows are certainly gone."""
    for name in sorted(names):
        transaction.on_commit(partial(default_storage.delete, name))


def _restrict(customer, dossier, plan, reasons, *, by):
    """Leave nothing of the contact but its number and what papers point at; out of lists and search."""
    now = timezone.now()
    for each in Customer.objects.filter(pk__in=dossier[Customer]):
        for name in EMPTIED:
            setattr(each, name, "")
        each.last_name = _("Gelöschter Kontakt %(number)s") % {"number": each.number}
        each.builder_from = each.builder_until = each.follow_up_on = None
        each.feedback_notice_at = None
        each.save()
        Customer.objects.filter(pk=each.pk).update(search_text="", search_name="", archived_at=each.archived_at or now)
    restriction = Restriction.objects.create(customer=customer, until=plan.until, reasons=reasons)
    due.plan(FINISH, restriction, at=due.morning_of(plan.until + A_DAY))
    timeline.record(timeline.Event.CONTACT_RESTRICTED, customer=customer, subject=restriction, by=by, until=plan.until)
