"""What customers agree to: on their page of all data, and the click in the mail that confirms it."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from accounts import current
from crm import consents as ledger
from crm import link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink, Consent
from portal import consents


@customer_page(AccessLink.Purpose.CENTER, methods=("POST",))
def center_consents(request):
    """Tick and untick; a purpose that was taken away counts at once."""
    wanted = set(request.POST.getlist("purpose")) & set(Consent.Purpose.values)
    waiting = consents.choose(request.link.customer, wanted)
    mark = "bestaetigen" if waiting else "uebernommen"
    return redirect(f"{reverse('portal:center_data', args=[request.link.public_id])}?{mark}#einwilligungen")


@require_http_methods(["GET", "HEAD", "POST"])
def consent_confirm(request, token):
    """The link in the mail: looking changes nothing, the button does (mail programs open links by themselves)."""
    line = ledger.find(token)
    if line is None:
        return link_pages.unknown()
    request.business, request.member = line.business, None
    with current.working_for(line.business), translation.override(line.customer.language):
        context = {"line": line, "customer": line.customer}
        if request.method == "POST":
            context["is_done"] = ledger.confirm(line)
            context["is_too_late"] = not context["is_done"]
        return render(
            request, "portal/consent_confirm.html", context, status=409 if context.get("is_too_late") else 200
        )
