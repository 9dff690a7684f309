"""What makes a business's pages its own: its colour and its logo. Public, kept by browsers for ever."""

import re

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts import logos
from accounts.models import Business

FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def brand_css(request, slug, colour):
    """The colour as a stylesheet of one rule. The colour stands in the address, so nothing is looked up."""
    if not re.fullmatch(r"[0-9a-fA-F]{6}", colour):
        raise Http404
    return _kept(request, HttpResponse(f":root{{--brand:#{colour.lower()}}}\n", content_type="text/css; charset=utf-8"))


@require_safe
def business_logo(request, slug, key):
    """The logo under the name of its content; an older one is gone."""
    business = Business.objects.filter(slug=slug).exclude(logo="").first()
    if business is None or logos.key(business) != key:
        raise Http404
    try:
        with business.logo.open() as file:
            response = HttpResponse(file.read(), content_type="image/png")
    except FileNotFoundError:
        raise Http404 from None
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _kept(request, response)


def _kept(request, response):
    """The same for everybody: caches need not ask who is there (the language middleware has looked at the session)."""
    response.headers["Cache-Control"] = FOR_EVER
    request.session.accessed = False
    return response
