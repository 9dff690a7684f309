"""Paying online: off to the provider's page, back again, and what the provider tells us by itself."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import current, wakeup
from accounts.models import Business
from billing.models import OnlinePayment
from billing.online import interface, payments
from crm import limits, link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal.subjects import invoice_of

Purpose = AccessLink.Purpose
PAUSE = 3  # seconds in which looking again asks nobody anew
LONGEST_MESSAGE = 256 * 1024


@customer_page(Purpose.INVOICE, methods=("POST",))
def pay(request):
    """Off to the page of the provider whose button was pressed; nothing of it is asked for before."""
    found, public_id = invoice_of(request.link), request.link.public_id
    provider = request.POST.get("provider", "")
    online = payments.start(
        found,
        provider,
        return_url=settings.PUBLIC_BASE_URL + reverse("portal:paid", args=[public_id]),
        cancel_url=settings.PUBLIC_BASE_URL + reverse("portal:invoice", args=[public_id]),
        language=get_language() or "de",
    )
    if not payments.may_open(online.page_url, settings.ONLINE_PAYMENT[provider]["pages"]):
        # an address of the business's own at the provider: forms may not lead there, links may
        return link_pages.render(request, "portal/pay_elsewhere.html", {"online": online})
    answer = redirect(online.page_url)
    answer.status_code = 303
    return answer


@customer_page(Purpose.INVOICE, methods=("GET", "POST"))
def paid(request):
    """Back from the provider. Looking wakes the question up and changes nothing; the button asks at once."""
    found, public_id = invoice_of(request.link), request.link.public_id
    online = found.online_payments.first()
    if online is None or online.state == OnlinePayment.State.PAID:
        return redirect("portal:invoice", public_id)
    if request.method == "POST":
        return _asked(request, online)
    is_open = online.state == OnlinePayment.State.OPEN
    if is_open and limits.hits(f"asked:{online.pk}", seconds=PAUSE) == 1:
        wakeup.send("billing.tasks.settle_online_payment", online.pk)
    context = {"online": online, "invoice": found, "is_open": is_open}
    return link_pages.render(request, "portal/paid.html", context)


def _asked(request, online):
    try:
        payments.settle(online)
    except (interface.Unreachable, interface.Declined):
        raise payments.NotNow(
            _("%(provider)s antwortet gerade nicht. Wir fragen weiter nach, Sie müssen nichts tun.")
            % {"provider": online.get_provider_display()}
        ) from None
    answer = redirect("portal:paid", request.link.public_id)
    answer.status_code = 303
    return answer


@csrf_exempt  # the signature is the key
@require_POST
def payment_message(request, slug, provider):
    """A provider tells that something happened. Believed only with its signature, and then only as a reason to ask."""
    business = get_object_or_404(Business, slug=slug)
    if limits.hits(f"payment-messages:{business.pk}", seconds=60) > payments.MOST_MESSAGES:
        return link_pages.too_many(limits.seconds_left(60))
    body = request.read(LONGEST_MESSAGE + 1)
    if len(body) > LONGEST_MESSAGE:
        return HttpResponse(status=413)
    with current.working_for(business):
        try:
            payments.hear(provider, body, request.headers)
        except interface.Forged:
            return HttpResponse(status=403)
        except (interface.Unreachable, interface.Declined):
            return HttpResponse(status=503)  # told again later; the due row asks in the meantime
    return HttpResponse(status=204)
