"""The door: a link's token is exchanged for a short cookie, so that no later address carries it (P26)."""

from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts import current, wakeup
from crm import access, link_pages
from portal import renewals


@require_safe
def enter(request, token):
    """Open a link. Says the same for every token that is none, and counts them per client address."""
    with link_pages.read_only():
        link = access.resolve(token)
        if link is None:
            return link_pages.stranger(request)
        if link.is_open:
            return _let_in(request, link)
        link_pages.enter_as(request, link)
        with current.working_for(link.business), link_pages.speaking(request, link):
            # the cookie opens nothing but the button that sends a new link
            return link_pages.come_in(link_pages.closed(request), link)


def _let_in(request, link):
    is_preview = request.member is not None and request.member.business_id == link.business_id
    if link.fetched_at is None and not is_preview:
        wakeup.send("crm.tasks.note_fetched", link.pk)
    # from the confirmation mail straight to the withdrawal function (R85)
    page = "portal:withdraw" if "widerruf" in request.GET else "portal:home"
    return link_pages.come_in(redirect(page, link.public_id), link)


@link_pages.customer_page(gate=False)
def home(request):
    """The page the link is for."""
    return redirect(link_pages.page_of(request.link))


@link_pages.customer_page(methods=("POST",), gate=False, only_open=False, counts=False)
def renew(request):
    """Send a new link to the stored address; the answer is the same whether there is one or not (LNK2)."""
    renewals.renew(request.link)
    return link_pages.render(request, "portal/link_renewed.html")


@link_pages.customer_page(methods=("POST",), counts=False)
def seen(request):
    """The page was looked at for two seconds; its script says so. Machines that announce themselves do not count."""
    if not link_pages.is_machine(request):
        link_pages.looked(request)
    return link_pages.done()
