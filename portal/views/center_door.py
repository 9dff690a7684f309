"""The ways to all documents: from any of a customer's pages, and from the address on the business's own website (KUN1)."""

from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import salted_hmac

from accounts import current
from accounts.models import Business
from crm import access_codes, center_links, limits, link_pages, mail
from crm.link_pages import customer_page
from crm.models import Customer, Mail
from portal import codes
from portal.center_forms import AddressForm

MOST, WINDOW = 20, 3600  # tries of one client in an hour
MOST_TO_ONE, WINDOW_OF_ONE = 4, 900  # mails to one address
MOST_CONTACTS = 5  # one address may stand with several contacts: a household, a house of several firms


@customer_page(methods=("GET", "POST"))
def center_door(request):
    """Say that a code is mailed, and mail it. Who has come in before on this browser goes on without one."""
    link = request.link
    if center_links.is_one(link):
        return redirect("portal:home", link.public_id)
    if opened := link_pages.center_of(request):
        return redirect(link_pages.page_of(opened))
    if request.method != "POST":
        to = center_links.address_for(link.customer, link.sent_to)
        # whoever was handed this link learns no address he does not know from its mail
        own = to if link.sent_to and to.lower() == link.sent_to.lower() else ""
        return link_pages.render(request, "portal/center_door.html", {"own_address": own})
    center = center_links.obtain(link.customer, wanted=link.sent_to)
    _send(center)
    return link_pages.come_in(redirect("portal:code", center.public_id), center)


def center_public(request, slug):
    """Without a link: the address is typed, and the answer is the same whether we know it or not."""
    business = get_object_or_404(Business, slug=slug)
    request.business, request.member = business, None
    with current.working_for(business):
        form = AddressForm(request.POST if request.method == "POST" else None)
        if not form.is_bound:
            return render(request, "portal/center_public.html", {"form": form})
        if limits.hits(f"center:{limits.client_address(request)}", seconds=WINDOW) > MOST:
            return link_pages.too_many(limits.seconds_left(WINDOW))
        if not form.is_valid():
            return render(request, "portal/center_public.html", {"form": form}, status=422)
        _send_to(form.cleaned_data["email"])
        return render(request, "portal/center_sent.html")


def _send_to(address):
    """A link and a code to each contact with exactly this address. For an unknown one as much is written and thrown away:
    how long the answer takes must not tell (P41).
    """
    mark = salted_hmac("portal.center_door", address.lower()).hexdigest()[:32]
    if limits.hits(f"center-to:{current.business().pk}:{mark}", seconds=WINDOW_OF_ONE) > MOST_TO_ONE:
        return
    found = list(Customer.objects.active().filter(email__iexact=address).order_by("-pk")[:MOST_CONTACTS])
    for customer in found:
        _send(center_links.obtain(customer))
    if not found:
        nobody = Customer(last_name="Muster", language="de")
        mail.words("portal/mail/center_code", customer=nobody, code_mark=Mail.CODE_MARK, link_url=Mail.LINK_MARK)


def _send(center):
    try:
        with transaction.atomic():
            codes.send(center)
    except access_codes.TooSoon:
        pass  # the last code is on its way; the page for it says when there may be another
