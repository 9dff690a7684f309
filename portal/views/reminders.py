"""No more reminders of a quote: looking changes nothing, the button does (R99, R100)."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.csrf import csrf_exempt

from billing import follow_ups
from billing.models import Quote
from crm import link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal.subjects import quote_of

QUOTE = AccessLink.Purpose.QUOTE


@customer_page(QUOTE, methods=("GET", "POST"), gate=False, only_open=False, counts=False)
def no_reminders(request):
    """Also after the link has run out, and before the postcode: whoever has the mail may say no."""
    quote = quote_of(request.link)
    if request.method == "POST":
        follow_ups.object_to(quote)
        return redirect("portal:no_reminders", request.link.public_id)
    context = {"is_out": follow_ups.is_objected(quote)}
    return link_pages.render(request, "portal/no_reminders.html", context)


@csrf_exempt  # RFC 8058: mail programs post here without ever having seen a page; the token is the key
def stop_reminders(request, token):
    """The address in the mail."""
    return link_pages.one_click(request, token, purpose=QUOTE, page="portal:no_reminders", stop=_stop)


def _stop(link):
    follow_ups.object_to(get_object_or_404(Quote.objects.select_related("customer"), pk=link.subject_id))


stop_reminders.link_methods = ("GET", "POST")
