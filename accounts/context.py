"""What every page knows."""

from django.conf import settings

NAV_COUNTERS = getattr(settings, "NAV_COUNTERS", {})


def current(request):
    """The business, the member and the member's rights."""
    return {
        "business": getattr(request, "business", None),
        "member": getattr(request, "member", None),
        "rights": getattr(request, "rights", None),
    }
