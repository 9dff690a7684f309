"""Versions of a quote: what the newest one changes, and the earlier ones to read. Only the newest can be accepted (R74)."""

from django.http import Http404
from django.shortcuts import redirect

from billing import choices
from billing.models import Quote
from crm import link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal import changes, prices
from portal.subjects import quote_of
from portal.views.files import stored_document

QUOTE = AccessLink.Purpose.QUOTE


@customer_page(QUOTE)
def quote_changes(request):
    """What is different from the version before, or from the one that is asked for."""
    found, earlier = _versions(request)
    if found.state == Quote.State.RETRACTED:
        return link_pages.closed(request)
    wanted = request.GET.get("seit", "")
    before = next((each for each in earlier if str(each.version) == wanted), earlier[-1] if earlier else None)
    if before is None:
        return redirect("portal:quote", request.link.public_id)
    context = {
        "quote": found, "before": before, "earlier": earlier[::-1], "is_open": found.can_be_accepted,
        "changes": changes.between(before.frozen_document, found.frozen_document),
    }  # fmt: skip
    return link_pages.render(request, "portal/changes.html", context)


@customer_page(QUOTE)
def quote_version(request, version):
    """An earlier version, to read."""
    found, earlier = _versions(request)
    if found.state == Quote.State.RETRACTED:
        return link_pages.closed(request)
    if version == found.version:
        return redirect("portal:quote", request.link.public_id)
    old = _of(earlier, version)
    sent = old.frozen_document
    differences = prices.differences(sent, choices.default(sent))
    context = {
        "quote": found, "old": old, "document": sent,
        "groups": prices.groups(sent), "sums": prices.sums(sent),
        "sets": [
            (name, [(line, differences[line.position]) for line in lines])
            for name, lines in choices.sets(sent).items()
        ],
        "options": [(line, differences[line.position]) for line in choices.options(sent)],
    }  # fmt: skip
    return link_pages.render(request, "portal/version.html", context)


@customer_page(QUOTE)
def quote_version_pdf(request, version):
    """An earlier version as it was sent."""
    found, earlier = _versions(request)
    if found.state == Quote.State.RETRACTED:
        return link_pages.closed(request)
    old = _of([*earlier, found], version)
    return stored_document(request, old.pdf, f"{old.number}-{old.version}.pdf")


def _versions(request):
    """The newest version, and those before it, oldest first."""
    found = quote_of(request.link)
    if found.version == 1:
        return found, []
    return found, list(Quote.objects.of_number(found.number).filter(version__lt=found.version))


def _of(versions, version):
    for each in versions:
        if each.version == version:
            return each
    raise Http404
