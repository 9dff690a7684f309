"""Settings of the business: what its own website can lead to here."""

import copy

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import businesses
from accounts.rights import Right
from accounts.staff import staff
from portal.request_forms import WebsiteForm


@staff(Right.MANAGE_BUSINESS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_website(request):
    """The switch for requests, and what is pasted into the business's own website."""
    form = WebsiteForm(request.POST if request.method == "POST" else None, instance=copy.copy(request.business))
    if form.is_valid():
        businesses.change(request.business, by=request.member, **form.cleaned_data)
        messages.success(request, _("Gespeichert."))
        return redirect("portal:settings_website")
    context = {"form": form, **_snippets(request.business)}
    return render(request, "portal/settings_website.html", context, status=422 if form.errors else 200)


def _snippets(business):
    """Addresses and HTML in German, the language of the website."""
    addresses = {
        f"{name}_address": settings.PUBLIC_BASE_URL + reverse(f"portal:{view}", args=[business.slug])
        for name, view in (("form", "request_form"), ("post", "request_check"), ("center", "center_public"))
    }
    context = addresses | {"business": business}
    with translation.override(settings.LANGUAGE_CODE):
        return addresses | {
            "form_html": render_to_string("portal/website_form.html", context).strip(),
            "links_html": render_to_string("portal/website_links.html", context).strip(),
        }
