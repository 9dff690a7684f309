"""What every page knows."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from accounts import counting, logos
from accounts import current as current_business


def current(request):
    """The business with its logo, the member, the member's rights, and what stands behind the entries of the menu."""
    business, member = getattr(request, "business", None), getattr(request, "member", None)
    return {
        "business": business,
        "logo_url": logos.url(business),
        "member": member,
        "rights": getattr(request, "rights", None),
        "nav_counts": SimpleLazyObject(lambda: nav_counts(member)),
    }


def nav_counts(member) -> dict[str, int]:
    """How many rows wait behind an entry of the menu, for this member: {"today": 11}; one query, when a page asks.

    settings.NAV_COUNTERS names for each entry a function that takes the member and returns selections; those the
    member may not see are not in it.
    """
    if member is None:
        return {}
    with current_business.working_for(member.business):
        waiting = {name: import_string(path)(member) for name, path in settings.NAV_COUNTERS.items()}
        numbers = iter(counting.ask(*(counting.Rows(each) for found in waiting.values() for each in found)))
        return {name: sum(next(numbers) for _each in found) for name, found in waiting.items()}
