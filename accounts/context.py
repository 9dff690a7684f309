"""What every page knows."""

from django.conf import settings

from accounts import logos

NAV_COUNTERS = getattr(settings, "NAV_COUNTERS", {})


def current(request):
    """The business with its logo, the member and the member's rights."""
    business = getattr(request, "business", None)
    return {
        "business": business,
        "logo_url": logos.url(business),
        "member": getattr(request, "member", None),
        "rights": getattr(request, "rights", None),
    }
