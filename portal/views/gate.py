"""The postcode before the page, and the code by mail for whom it does not help (PLZ1 to PLZ5, COD1 to COD3)."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import access, access_codes, center_links, gates, link_pages
from crm.access_codes import Answer
from crm.link_pages import customer_page
from portal import codes
from portal.forms import CodeForm, GateForm


@customer_page(methods=("GET", "POST"), gate=False, counts=False)
def gate(request):
    """Ask for the postcode. Before it is right the page says nothing about whom or what it is."""
    if request.gate_passed:
        return redirect("portal:home", request.link.public_id)
    if center_links.is_one(request.link):  # no postcode opens all documents
        return redirect("portal:code", request.link.public_id)
    form = GateForm(request.POST or None)
    try:
        if form.is_valid():
            return _answered(request, form)
    except gates.GatePaused as pause:
        return _gate(request, pause=pause, status=429)
    pause = gates.pause_of(request.link)
    return _gate(request, form=form, pause=pause, status=429 if pause else 200)


@customer_page(methods=("POST",), gate=False, counts=False)
def code_send(request):
    """Send a code to the stored address. What is said is the same whether there is one or not."""
    if request.gate_passed:
        return redirect("portal:home", request.link.public_id)
    try:
        codes.send(request.link)
    except access_codes.TooSoon as refusal:
        return _code(request, CodeForm(), refusal=refusal)
    return redirect("portal:code", request.link.public_id)


@customer_page(methods=("GET", "POST"), gate=False, counts=False)
def code(request):
    """Ask for the code that was mailed; the right one opens as the postcode does."""
    if request.gate_passed:
        return redirect("portal:home", request.link.public_id)
    if access_codes.newest(request.link) is None:
        if center_links.is_one(request.link):
            return link_pages.render(request, "portal/center_code_first.html")
        return redirect("portal:gate", request.link.public_id)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        return _tried(request, form)
    return _code(request, form, status=422 if form.errors else 200)


def _answered(request, form):
    link, answer = request.link, form.cleaned_data["plz"]
    if gates.answer_postcode(link, answer):
        return link_pages.pass_gate(redirect("portal:home", link.public_id), link)
    link.refresh_from_db()
    pause = gates.pause_of(link)
    form.add_error(
        None if pause else "plz",  # with a pause the field is gone
        _("Das passt nicht zu diesem Link. Bitte prüfen Sie die fünf Ziffern.")
        if len(access.postcode_digits(answer)) == 5
        else _("Bitte geben Sie fünf Ziffern ein."),
    )
    left = gates.tries_left(link)
    tries = "" if pause else ngettext("Noch %(n)s Versuch.", "Noch %(n)s Versuche.", left) % {"n": left}
    return _gate(request, form=form, tries=tries, pause=pause)


def _tried(request, form):
    link = request.link
    answer = access_codes.answer(link, form.cleaned_data["code"])
    if answer == Answer.RIGHT:
        return link_pages.pass_code(redirect("portal:home", link.public_id), link)
    if answer == Answer.WRONG:
        form.add_error("code", _("Der Code stimmt nicht. Bitte prüfen Sie die sechs Ziffern der neuesten E-Mail."))
    elif answer == Answer.TRIED_OUT:
        form.add_error(
            "code", _("Dieser Code wurde zu oft falsch eingegeben. Bitte lassen Sie sich einen neuen schicken.")
        )
    else:
        try:
            codes.send(link)
        except access_codes.TooSoon as refusal:
            return _code(request, form, refusal=refusal)
        form.add_error("code", _("Der Code ist abgelaufen. Wir haben Ihnen einen neuen geschickt."))
    return _code(request, form, status=429 if answer == Answer.TRIED_OUT else 422)


def _gate(request, *, status=200, pause=None, **context):
    page = link_pages.render(request, "portal/gate.html", {"pause": pause, **context}, status=status)
    if status == 429 and pause.minutes:
        page.headers["Retry-After"] = str(pause.minutes * 60)
    return page


def _code(request, form, *, refusal=None, status=200):
    status = refusal.status if refusal else status
    page = link_pages.render(request, "portal/code.html", {"form": form, "refusal": refusal}, status=status)
    if refusal:
        page.headers["Retry-After"] = str(refusal.seconds)
    return page
