"""Pages where the whole house meets."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Business
from accounts.rights import Right
from accounts.staff import staff
from billing import waiting
from billing.models import CatalogueItem, Quote
from crm import agenda
from crm.models import Customer
from feedback import figures

SHOWN = 20  # of each kind; the rest stands on its own list


@require_safe
@staff(Right.SEE_CONTACTS)
def today(request):
    """What waits for the signed-in person; sections without rows are absent (HEU3)."""
    member, day = request.member, timezone.localdate()
    context = {"today": day, "steps": first_steps(request.business) if request.rights.manage_business else []}
    if request.rights.see_notes:
        context |= _matters(member, day)
        context |= {"appointments": agenda.appointments(member, on=day), "sees_all": agenda.sees_all(member)}
    return render(request, "today.html", context)


def waiting_today(member) -> list[QuerySet]:
    """Every row that waits on "Heute" for this member: the number in the menu and in the head (HEU1)."""
    day, found = timezone.localdate(), []
    if Right.SEE_NOTES in member.rights:
        found += _matters(member, day).values()
    return [*found, *waiting.matters(member, on=day).values(), *figures.fresh_answers(member)]


def _matters(member, day):
    return {
        "questions": agenda.questions(member)[:SHOWN],
        "proposals": agenda.proposals(member)[:SHOWN],
        "work_requests": agenda.work_requests(member)[:SHOWN],
        "todos": agenda.todos(member, on=day)[:SHOWN],
        "follow_ups": agenda.follow_ups(member, on=day)[:SHOWN],
        "appointment_answers": agenda.appointment_answers(member)[:SHOWN],
        "failed_mails": agenda.failed_mails(member)[:SHOWN],
    }


@dataclass(frozen=True)
class Step:
    """One thing to do on the first day; ticked by doing it."""

    text: str
    view: str
    is_done: bool


def first_steps(business: Business) -> list[Step]:
    """The five steps of the first day (ux.md 8); none once all are done or a quote has left the house."""
    if Quote.objects.exclude(state=Quote.State.DRAFT).exists():
        return []
    steps = [
        Step(_("Betrieb eintragen"), "accounts:settings", not business.needs_imprint),
        Step(_("Logo und Farbe wählen"), "accounts:settings_look", _has_own_look(business)),
        Step(_("Erste Leistung anlegen"), "billing:catalogue_create", CatalogueItem.objects.exists()),
        Step(_("Ersten Kontakt anlegen"), "crm:customer_create", Customer.objects.exists()),
        Step(_("Probeangebot an sich selbst senden"), "billing:quote_create", False),
    ]
    return steps


def _has_own_look(business):
    return bool(business.logo) or business.brand != Business._meta.get_field("brand").default
