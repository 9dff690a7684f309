"""The customer's page of one appointment: take a time, move it, call it off, put it into the calendar."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import appointment_news, arrangements, calendar_files, link_pages, scheduling
from crm.link_pages import customer_page
from crm.models import AccessLink, Arrangement
from portal import nonces
from portal.arrangement_forms import SlotForm, WishForm, WordsForm

DATE = AccessLink.Purpose.DATE
DAYS = 5  # with free times on one page
State = Arrangement.State


@customer_page(DATE)
def arrangement(request):
    """How it stands."""
    return _show(request, _of(request.link))


@customer_page(DATE, methods=("POST",))
def arrangement_take(request):
    """One of the times is taken; sent twice it is taken once."""
    found = _of(request.link)
    return _choose(request, found, arrangements.take, _show)


@customer_page(DATE, methods=("POST",))
def arrangement_refuse(request):
    """None of the times fits."""
    found = _of(request.link)
    wish = WishForm(request.POST)
    if not wish.is_valid() or not _is_fresh(request, found):
        return _show(request, found, wish=wish, status=422)
    arrangements.refuse(found, words=wish.cleaned_data["words"])
    return redirect("portal:arrangement", request.link.public_id)


@customer_page(DATE, methods=("GET", "POST"))
def arrangement_move(request):
    """Another free time for an appointment that was agreed."""
    found = _of(request.link)
    if not arrangements.may_change(found):
        return redirect("portal:arrangement", request.link.public_id)
    if request.method == "POST":
        return _choose(request, found, arrangements.move, _show_move)
    return _show_move(request, found)


@customer_page(DATE, methods=("GET", "POST"))
def arrangement_cancel(request):
    """Call it off, with a reason if one likes."""
    found = _of(request.link)
    if not arrangements.may_change(found):
        return redirect("portal:arrangement", request.link.public_id)
    form = WordsForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _is_fresh(request, found):
        arrangements.cancel(found, words=form.cleaned_data["words"])
        return redirect("portal:arrangement", request.link.public_id)
    context = {"arrangement": found, "form": form, "nonce": _nonce(request, found)}
    return link_pages.render(request, "portal/arrangement_cancel.html", context, status=422 if form.is_bound else 200)


@customer_page(DATE)
def arrangement_file(request):
    """The appointment for the customer's calendar."""
    found = _of(request.link)
    date = found.appointment
    if date is None:
        raise Http404
    text = calendar_files.event(
        f"appointment-{date.pk}@handschlag", f"{date.title}, {request.business.name}", stamp=date.changed_at,
        start=date.starts_at, end=date.ends_at, place=date.place, version=date.version,
        is_cancelled=date.cancelled_at is not None,
    )  # fmt: skip
    disposition = f'attachment; filename="{_("Termin")}.ics"'
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": disposition})


def _of(link) -> Arrangement:
    related = ("assignee__user", "appointment__assignee__user")
    found = Arrangement.objects.select_related(*related).filter(pk=link.subject_id, customer=link.customer_id).first()
    if found is None:
        raise Http404
    found.business, found.customer = link.business, link.customer
    return found


def _choose(request, found, step, show):
    """Take the step with the chosen time, or show the page again with what is wrong. Sent twice, it was done already."""
    if found.state == State.BOOKED and found.appointment.starts_at.isoformat() == request.POST.get("starts_at"):
        return redirect("portal:arrangement", request.link.public_id)
    form = SlotForm(request.POST, starts=_every_start(found))
    if form.is_valid() and _is_fresh(request, found):
        try:
            step(found, form.cleaned_data["starts_at"])
        except arrangements.Taken as refusal:
            form = SlotForm(request.POST, starts=_every_start(found))
            form.add_error("starts_at", refusal.message)
        else:
            return redirect("portal:arrangement", request.link.public_id)
    return show(request, _of(request.link), form=form, status=422)


def _show(request, found, *, form=None, wish=None, status=200):
    context = {"arrangement": found, "nonce": _nonce(request, found), "counts_looks": True}
    if found.state in (State.OPEN, State.REFUSED):
        context |= _choices(request, found, form)
        context["wish"] = wish or WishForm()
        context["form"] = form or (wish if wish and wish.errors else None)
        return link_pages.render(request, "portal/arrangement.html", context, status=status)
    context |= {"may_change": arrangements.may_change(found), "change_hours": scheduling.rules().change_hours}
    return link_pages.render(request, "portal/arrangement_agreed.html", context, status=status)


def _show_move(request, found, *, form=None, status=200):
    context = {"arrangement": found, "nonce": _nonce(request, found), **_choices(request, found, form), "form": form}
    return link_pages.render(request, "portal/arrangement_move.html", context, status=status)


def _choices(request, found, form):
    """The times of a page: all the office proposed, or those of the next days that have any."""
    if _is_proposed(found):
        starts = [each.starts_at for each in arrangements.proposed(found)]
        return {"slots": _bound(form, starts), "is_proposed": True}
    starts = arrangements.free(found, first=_from(request))
    shown, days = [], set()
    following = None
    for start in starts:
        day = timezone.localdate(start)
        if day not in days and len(days) == DAYS:
            following = day
            break
        days.add(day)
        shown.append(start)
    return {"slots": _bound(form, shown), "following": following, "is_later": _from(request) is not None}


def _bound(form, starts):
    chosen = form.data.get("starts_at") if form is not None else None
    return SlotForm(starts=starts, initial={"starts_at": chosen})


def _every_start(found):
    if _is_proposed(found):
        return [each.starts_at for each in arrangements.proposed(found)]
    return arrangements.free(found)


def _is_proposed(found):
    return found.kind == Arrangement.Kind.TIMES and found.state != State.BOOKED


def _from(request):
    try:
        return date.fromisoformat(request.GET.get("ab", ""))
    except ValueError:
        return None


def _nonce(request, found):
    return nonces.make(request.link, appointment_news.state_of(found))


def _is_fresh(request, found):
    """Whether the form comes from a page of ours that showed how it stands (or just stood: a form sent twice)."""
    try:
        nonces.seen_hash(request.link, request.POST.get("nonce", ""))
    except nonces.Stale:
        raise Refusal(_("Die Seite war zu lange offen. Bitte laden Sie sie neu und senden Sie noch einmal.")) from None
    return True
