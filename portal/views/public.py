"""What a business must say about itself, without any link (R94, R105, R114)."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import current
from accounts.models import Business
from billing.online import payments


@require_safe
def imprint(request, slug):
    """Who is behind the page (DDG § 5, DL-InfoV § 2)."""
    return _page(request, slug, "portal/imprint.html")


@require_safe
def privacy(request, slug):
    """What happens with data of customers (GDPR Art. 13)."""
    return _page(request, slug, "portal/privacy.html", payments=payments.providers)


@require_safe
def accessibility(request, slug):
    """How the pages meet BFSG § 14 and Annex 3."""
    return _page(request, slug, "portal/accessibility.html")


def _page(request, slug, template, **asked):
    request.business, request.member = get_object_or_404(Business, slug=slug), None
    with current.working_for(request.business):
        return render(request, template, {name: ask() for name, ask in asked.items()})
