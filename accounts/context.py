"""What every page knows."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from accounts import counting, logos
from accounts import current as current_business

MANY = 1000  # nobody counts further for a menu: it says "999+"


def current(request):
    """The business with its logo, the member, the member's rights, and what stands behind the entries of the menu."""
    business, member = getattr(request, "business", None), getattr(request, "member", None)
    return {
        "business": business,
        "logo_url": logos.url(business),
        "member": member,
        "rights": getattr(request, "rights", None),
        "nav_counts": SimpleLazyObject(lambda: {name: sum(each) for name, each in waiting(request).items()}),
    }


def waiting(request) -> dict[str, list[int]]:
    """The numbers behind the entries of the menu, selection by selection; asked for once, however often a page needs them."""
    if not hasattr(request, "_waiting"):
        request._waiting = _counted(getattr(request, "member", None))
    return request._waiting


def nav_counts(member) -> dict[str, int]:
    """How many rows wait behind an entry of the menu, for this member: {"today": 11}; one query.

    settings.NAV_COUNTERS names for each entry a function that takes the member and returns selections; those the
    member may not see are not in it.
    """
    return {name: sum(each) for name, each in _counted(member).items()}


def _counted(member) -> dict[str, list[int]]:
    if member is None:
        return {}
    with current_business.working_for(member.business):
        found = {name: import_string(path)(member) for name, path in settings.NAV_COUNTERS.items()}
        selections = [each for selections in found.values() for each in selections]
        cut = (each if each.query.is_sliced else each.order_by()[:MANY] for each in selections)
        numbers = iter(counting.ask(*map(counting.Rows, cut)))
        return {name: [next(numbers) for _each in selections] for name, selections in found.items()}
