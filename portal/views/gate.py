"""The postcode before the page: a brake against strangers, never the only lock (security.md 4.3 no. 14)."""

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import access, link_pages
from crm.link_pages import customer_page
from portal.forms import GateForm


@customer_page(methods=("GET", "POST"), gate=False, counts=False)
def gate(request):
    """Ask for the postcode. Before it is right the page says nothing about whom or what it is."""
    if request.gate_passed:
        return redirect("portal:home", request.link.public_id)
    form = GateForm(request.POST or None)
    try:
        if form.is_valid():
            return _answered(request, form)
    except access.GatePaused as pause:
        return _page(request, pause=pause, status=429)
    pause = _pause_of(request.link)
    return _page(request, form=form, pause=pause, status=429 if pause else 200)


def _answered(request, form):
    link, answer = request.link, form.cleaned_data["plz"]
    if access.answer_postcode(link, answer):
        return link_pages.pass_gate(redirect("portal:home", link.public_id), link)
    if len(access.postcode_digits(answer)) == 5:
        form.add_error("plz", _("Das passt nicht zu diesem Link. Bitte prüfen Sie die fünf Ziffern."))
    else:
        form.add_error("plz", _("Bitte geben Sie fünf Ziffern ein."))
    link.refresh_from_db()
    left = min(access.TRIES_BEFORE_PAUSE - link.recent_wrong_answers, access.TRIES_IN_ALL - link.wrong_answers)
    tries = ngettext("Noch %(n)s Versuch.", "Noch %(n)s Versuche.", left) % {"n": left}
    return _page(request, form=form, tries=tries, pause=_pause_of(link))


def _pause_of(link):
    if link.wrong_answers >= access.TRIES_IN_ALL:
        return access.GatePaused(None)
    wait = link.paused_until - timezone.now() if link.paused_until else None
    return access.GatePaused(-(-int(wait.total_seconds()) // 60)) if wait and wait.total_seconds() > 0 else None


def _page(request, *, status=200, pause=None, **context):
    page = link_pages.render(request, "portal/gate.html", {"pause": pause, **context}, status=status)
    if status == 429 and pause.minutes:
        page.headers["Retry-After"] = str(pause.minutes * 60)
    return page
