"""The acceptance of work on the customer's page (Abnahme, § 640 BGB, R92): look, name defects, accept or refuse."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import legal_texts, sign_off_records, sign_off_results, sign_off_texts, sign_offs
from billing.models import SignOff
from billing.sign_off_forms import DecisionForm
from crm import attachments, limits, link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink
from crm.states import NotAllowed
from portal import center
from portal.subjects import order_of
from portal.views.files import as_stored, stored_document

ORDER_LINKS = (AccessLink.Purpose.ORDER, AccessLink.Purpose.QUOTE)
State = SignOff.State


@customer_page(*ORDER_LINKS, methods=("GET", "POST"))
def sign_off(request):
    """What the customer is asked to accept; afterwards what was decided."""
    order = order_of(request.link)
    found = sign_offs.shown_to_customer(order)
    if request.method == "POST":
        return _posted(request, order, found)
    if found is None:
        raise Http404
    name = order.customer.person_name or order.customer.name
    return _page(request, order, found, DecisionForm(initial={"customer_name": name}))


@customer_page(*ORDER_LINKS, AccessLink.Purpose.CENTER)
def sign_off_pdf(request, pk):
    """A protocol, as both sides got it: of the link's order, or from all documents of the customer."""
    is_center = request.link.purpose == AccessLink.Purpose.CENTER
    known = center.sign_offs_of(request.link.customer) if is_center else sign_offs.decided(order_of(request.link))
    found = get_object_or_404(known, pk=pk)
    return stored_document(request, found.pdf, f"{_('Abnahmeprotokoll')} {found.order.number}.pdf")


@customer_page(*ORDER_LINKS)
def sign_off_picture(request, pk):
    """The photo of a defect of the sign-off shown, re-encoded."""
    found = sign_offs.shown_to_customer(order_of(request.link))
    defect = found.defects.filter(photo=pk).select_related("photo").first() if found else None
    photo = defect.photo if defect else None
    if photo is None or not attachments.is_shown(photo):
        raise Http404
    return as_stored(photo.preview.name, content_type="image/webp")


def _posted(request, order, found):
    """A post about another sign-off than the one open now, or after the decision, changes nothing (P29)."""
    if found is None or found.state != State.REQUESTED or request.POST.get("abnahme") != str(found.pk):
        return _late(request, order, found)
    form = DecisionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, order, found, form, status=422)
    try:
        _do(request, found, form)
    except NotAllowed:  # decided or taken back in this very moment
        return _late(request, order, sign_offs.shown_to_customer(order))
    except Refusal as refusal:
        form.note(refusal)
        return _page(request, order, sign_offs.open_for(order) or found, form, status=422)
    if not request.POST.get("tun"):  # Enter in a field
        return _page(request, order, found, form)
    place = "#maengel" if request.POST.get("tun", "").startswith(("mangel", "entfernen-")) else ""
    return redirect(redirect("portal:sign_off", request.link.public_id).url + place)


def _do(request, found, form):
    """What the button says; a defect that was typed is added first, whichever it was."""
    do, data, said = request.POST.get("tun", ""), form.cleaned_data, form.said()
    if do.startswith("entfernen-") and do[10:].isdecimal() and len(do) < 29:
        sign_offs.remove_defect(get_object_or_404(found.defects, pk=do[10:]), is_from_customer=True)
        return
    if do == "mangel" or form.names_a_defect:
        is_current = said["seen"] == sign_off_records.shown(found)
        sign_offs.add_defect(found, text=data["text"], photo=data["photo"] or None, is_from_customer=True)
        form.data = form.data.copy()
        form.data["text"] = ""
        if is_current:
            said["seen"] = sign_off_records.shown(found)
    said |= {
        "channel": SignOff.Channel.PORTAL, "link": request.link,
        "ip": limits.shortened(limits.client_address(request)), "user_agent": request.headers.get("User-Agent", ""),
    }  # fmt: skip
    if do == "abnehmen":
        sign_offs.accept(
            found, reserves_defects=data["reserves_defects"], reserves_penalty=data["reserves_penalty"], **said
        )
    elif do == "verweigern":
        sign_offs.refuse(found, reason=data["refusal_reason"], **said)


def _late(request, order, found):
    """Friendly: what is the case now, and that nothing was changed."""
    context = {"order": order, "sign_off": found}
    return link_pages.render(request, "portal/sign_off_late.html", context, status=409)


def _page(request, order, found, form, *, status=200):
    language = legal_texts.spoken(translation.get_language() or "de")
    defects = list(found.defects.select_related("photo"))
    context = {
        "order": order, "sign_off": found, "form": form, "defects": defects,
        "is_open": found.state == State.REQUESTED,
    }  # fmt: skip
    if found.state == State.REQUESTED:
        context |= {
            "seen": sign_off_records.shown(found),
            "reserve_defects": sign_off_texts.reserve_defects(language).text,
            "reserve_penalty": sign_off_texts.reserve_penalty(language).text,
        }
    elif found.state == State.REFUSED and sign_off_results.is_building(found):
        context["finding"] = sign_off_texts.joint_finding(language).text
    return link_pages.render(request, "portal/sign_off.html", context, status=status)
