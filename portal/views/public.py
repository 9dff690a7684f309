"""What a business must say about itself, without any link (R94, R105, R114), and the texts that belong to a contract."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Business
from billing import legal_texts
from crm import link_pages
from crm.link_pages import customer_page


@require_safe
def imprint(request, slug):
    """Who is behind the page (DDG § 5, DL-InfoV § 2)."""
    return _page(request, slug, "portal/imprint.html")


@require_safe
def privacy(request, slug):
    """What happens with data of customers (GDPR Art. 13)."""
    return _page(request, slug, "portal/privacy.html")


@require_safe
def accessibility(request, slug):
    """How the pages meet BFSG § 14 and Annex 3."""
    return _page(request, slug, "portal/accessibility.html")


@customer_page()
def terms(request):
    """The terms of the business, before the button and storable (R79, R89)."""
    if not request.business.terms:
        raise Http404
    return link_pages.render(request, "portal/terms.html")


@customer_page()
def instruction(request):
    """The withdrawal instruction as it is in force today (EGBGB Art. 246a Annex 1)."""
    if not request.link.customer.is_consumer:
        raise Http404
    text = legal_texts.withdrawal_instruction(request.business, on=timezone.localdate()).text
    heading, *parts = text.strip().split("\n\n")
    context = {"heading": heading, "parts": [part.partition("\n")[::2] for part in parts]}
    return link_pages.render(request, "portal/instruction.html", context)


def _page(request, slug, template):
    request.business, request.member = get_object_or_404(Business, slug=slug), None
    return render(request, template)
