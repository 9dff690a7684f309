"""Pages where the whole house meets."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import context as counts
from accounts import counting
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
    found = _waiting(member, day)
    # what the menu counted says which sections are empty: those are not read (HEU5)
    numbers = dict(zip(found, counts.waiting(request)["today"], strict=True))
    context = {"today": day, "numbers": numbers, "sees_all": agenda.sees_all(member)}
    if request.rights.see_notes:
        context |= {name: found[name] if numbers[name] else [] for name in _matters(member, day)}
    context |= _of_the_day(request, day)
    return render(request, "today.html", context)


def waiting_today(member) -> list[QuerySet]:
    """Every row that waits on "Heute" for this member: the number in the menu and in the head (HEU1)."""
    return list(_waiting(member, timezone.localdate()).values())


def _waiting(member, day) -> dict[str, QuerySet]:
    found = _matters(member, day) if Right.SEE_NOTES in member.rights else {}
    found |= waiting.matters(member, on=day)
    answers = figures.fresh_answers(member)
    return found | ({"answers": answers[0]} if answers else {})


def _of_the_day(request, day):
    """Appointments, orders and first steps, counted in one query; what there is none of is not read."""
    member, everybodys = request.member, agenda.sees_all(request.member)
    appointments = agenda.appointments(member, on=day)
    orders = waiting.orders_of_the_day(member, on=day, everybodys=everybodys)
    asks = [Quote.objects.exclude(state=Quote.State.DRAFT), CatalogueItem.objects.all(), Customer.objects.all()]
    meets, works, *there = counting.ask(*(counting.Rows(each.order_by()[:1]) for each in (appointments, orders, *asks)))
    shown: dict[str, Any] = {"has_orders": bool(works)}
    if request.rights.see_notes:
        shown["appointments"] = appointments if meets else []
    shown["steps"] = first_steps(request.business, *map(bool, there)) if request.rights.manage_business else []
    return shown


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


def first_steps(business: Business, has_sent: bool, has_items: bool, has_contacts: bool) -> list[Step]:
    """The five steps of the first day (ux.md 8); none once a quote has left the house."""
    if has_sent:
        return []
    return [
        Step(_("Betrieb eintragen"), "accounts:settings", not business.needs_imprint),
        Step(_("Logo und Farbe wählen"), "accounts:settings_look", _has_own_look(business)),
        Step(_("Erste Leistung anlegen"), "billing:catalogue_create", has_items),
        Step(_("Ersten Kontakt anlegen"), "crm:customer_create", has_contacts),
        Step(_("Probeangebot an sich selbst senden"), "billing:quote_create", False),
    ]


def _has_own_look(business):
    return bool(business.logo) or business.brand != Business._meta.get_field("brand").default
