"""Sign-offs: the protocol that is filled in with the customer, on a phone or tablet, and what became of it."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import legal_texts, sign_off_records, sign_off_results, sign_off_texts, sign_offs
from billing.models import Defect, SignOff
from billing.sign_off_forms import OnSiteForm
from billing.views import documents
from crm import limits
from crm.states import NotAllowed

State = SignOff.State


@require_POST
@staff(Right.ACCEPT_ON_SITE)
def sign_off_start(request, pk):
    """Begin the protocol of an order, or go on with it."""
    order = get_object_or_404(sign_offs.orders_for(request.member), pk=pk)
    return redirect(sign_offs.start(order, request.member))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(Right.ACCEPT_ON_SITE)
def sign_off(request, pk):
    """The protocol: facts, defects, reservations, signatures on one page. Each button saves what is typed."""
    found = _sign_off(request, pk)
    if request.method != "POST":
        return _page(request, found, OnSiteForm(sign_off=found))
    if found.state not in (State.DRAFT, State.REQUESTED):
        raise NotAllowed(found)
    form = OnSiteForm(request.POST, request.FILES, sign_off=found)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    do = request.POST.get("tun", "")
    try:
        answer = _done(request, found, form, do)
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.note(refusal)
        return _page(request, _sign_off(request, pk), form, status=422)
    return answer or redirect(found)


@require_safe
@staff(Right.ACCEPT_ON_SITE)
def sign_off_pdf(request, pk):
    """The stored protocol."""
    found = _sign_off(request, pk)
    name = f"{_('Abnahmeprotokoll')} {found.order.number}.pdf"
    return documents.stored_file(request, found, found.pdf, name)


@require_POST
@staff(Right.ACCEPT_ON_SITE)
def defect_mend(request, pk):
    """A defect is mended today."""
    mine = sign_offs.orders_for(request.member).values("pk")
    defects = Defect.objects.select_related("sign_off__order__customer").filter(sign_off__order__in=mine)
    defect = get_object_or_404(defects, pk=pk)
    sign_offs.mend(defect, by=request.member)
    messages.success(request, _("Mangel behoben: %(text)s") % {"text": defect})
    return redirect(defect.sign_off)


def _done(request, found, form, do):
    """What the button says. Facts are saved and a typed defect is added first, whichever it was."""
    if found.state == State.DRAFT and do != "verwerfen":
        sign_offs.fill(found, **form.facts())
    if do == "verwerfen" or do == "zurueckziehen":
        return _retract(request, found)
    if do == "mangel" or form.names_a_defect:
        data = form.cleaned_data
        sign_offs.add_defect(
            found, text=data["text"], mend_by=data["mend_by"], photo=data["photo"] or None, by=request.member,
            is_from_customer=found.state == State.REQUESTED,
        )  # fmt: skip
        form.data = _without_defect(form.data)
        form.files = {}
    if do == "mangel":
        return redirect(f"{found.get_absolute_url()}#maengel")
    if do.startswith("entfernen-") and do[10:].isdecimal() and len(do) < 29:
        defect = get_object_or_404(found.defects, pk=do[10:])
        sign_offs.remove_defect(defect, is_from_customer=found.state == State.REQUESTED)
        return redirect(f"{found.get_absolute_url()}#maengel")
    if do in ("abnehmen", "verweigern"):
        return _decide(request, found, form, do)
    if do == "erbitten":
        _refuse_workers(request)
        sign_offs.request(found, form.cleaned_data["deadline"], request.member)
        messages.success(request, _("Die Bitte um Abnahme geht per E-Mail an den Kunden."))
        return redirect(found.order)
    messages.success(request, _("Gesichert."))
    return redirect(found)


def _decide(request, found, form, do):
    data = form.cleaned_data
    said = form.said() | {
        "channel": SignOff.Channel.ON_SITE, "by": request.member, "ip": limits.shortened(limits.client_address(request)),
        "user_agent": request.headers.get("User-Agent", ""),
    }  # fmt: skip
    # the member sees the list that he has just written; what the customer named in between shows up as a change
    if form.names_a_defect or found.state == State.DRAFT:
        said["seen"] = ""
    if do == "verweigern":
        sign_offs.refuse(found, reason=data["refusal_reason"], **said)
        messages.warning(request, _("Festgehalten: Die Abnahme ist verweigert."))
    else:
        sign_offs.accept(
            found, reserves_defects=data["reserves_defects"], reserves_penalty=data["reserves_penalty"], **said
        )
        messages.success(request, _("Abgenommen. Das Protokoll geht an beide Seiten."))
    return redirect(found)


def _retract(request, found):
    """A draft is thrown away by whoever may write it, a request taken back by the office."""
    if found.state == State.REQUESTED:
        _refuse_workers(request)
    sign_offs.retract(found, request.member)
    messages.success(request, _("Zurückgezogen."))
    return redirect(found.order)


def _refuse_workers(request):
    if Right.WRITE_DOCUMENTS not in request.rights:
        raise PermissionDenied(_("Darum bittet das Büro. Fragen Sie dort nach."))


def _sign_off(request, pk):
    mine = sign_offs.orders_for(request.member).values("pk")
    found = SignOff.objects.filter(order__in=mine).select_related(
        "order__customer", "order__business", "order__quote", "business", "by__user"
    )
    return get_object_or_404(found, pk=pk)


def _without_defect(data):
    data = data.copy()
    for name in ("text", "mend_by"):
        data[name] = ""
    return data


def _page(request, found, form, *, status=200):
    language = legal_texts.spoken(translation.get_language() or "de")
    defects = list(found.defects.select_related("photo"))
    if found.state not in (State.DRAFT, State.REQUESTED):
        context = {
            "sign_off": found, "order": found.order, "defects": defects,
            "finding": sign_off_texts.joint_finding(language).text
            if found.state == State.REFUSED and sign_off_results.is_building(found)
            else "",
        }  # fmt: skip
        return render(request, "billing/sign_off_done.html", context, status=status)
    if not form.is_bound and found.order.state in sign_offs.FINISHED and not found.is_part:
        form.initial["deadline"] = timezone.localdate() + sign_offs.SHORTEST + timedelta(days=1)
    context = {
        "sign_off": found, "order": found.order, "form": form, "defects": defects, "is_draft": found.state == State.DRAFT,
        "is_construction": found.order.quote is not None and found.order.quote.kind == "construction",
        "asks_defects": bool(defects), "asks_penalty": found.has_penalty,
        "reserve_defects": sign_off_texts.reserve_defects(language).text,
        "reserve_penalty": sign_off_texts.reserve_penalty(language).text,
        "seen": sign_off_records.shown(found),
    }  # fmt: skip
    return render(request, "billing/sign_off.html", context, status=status)
