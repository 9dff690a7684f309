"""Following up on a quote by hand, and holding its rules."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rights import Right
from accounts.staff import staff
from billing import follow_ups, quote_links
from billing.models import Quote
from billing.send_forms import FollowUpForm
from crm import access
from crm.models import AccessLink


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def quote_follow_up(request, pk):
    """The words are ready: read, change, send."""
    quote = _quote(pk)
    if quote.state != Quote.State.SENT or quote.has_expired:
        return redirect(quote)
    form = FollowUpForm(request.POST if request.method == "POST" else None, initial=_initial(quote))
    if form.is_valid():
        to = form.cleaned_data["to"]
        link = _link_to(quote, to) or quote_links.mint(quote, to=to, way=AccessLink.Way.MAIL, by=request.member)
        follow_ups.send(quote, link=link, message=form.cleaned_data["message"], by=request.member)
        messages.success(request, _("Nachgefasst bei %(to)s.") % {"to": to})
        return redirect(quote)
    context = {"quote": quote, "form": form, "customer": quote.customer}
    return render(request, "billing/quote_follow_up_mail.html", context, status=422 if form.errors else 200)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_called(request, pk):
    """Somebody called the customer."""
    quote = _quote(pk)
    follow_ups.called(quote, by=request.member)
    messages.success(request, _("Vermerkt. Automatisch wird jetzt nicht mehr nachgefragt."))
    return redirect(quote)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_follow_up_pause(request, pk):
    """No more reminders for now."""
    quote = _quote(pk)
    follow_ups.pause(quote, by=request.member)
    messages.success(request, _("Nachfassen ausgesetzt."))
    return redirect(f"{quote.get_absolute_url()}#nachfassen")


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_follow_up_go_on(request, pk):
    """End the pause."""
    quote = _quote(pk)
    follow_ups.go_on(quote, by=request.member)
    messages.success(request, _("Nachfassen läuft weiter."))
    return redirect(f"{quote.get_absolute_url()}#nachfassen")


def _initial(quote):
    link = follow_ups.recipient(quote)
    with translation.override(quote.customer.language):
        return {"to": link.sent_to if link else quote.customer.email, "message": follow_ups.suggestion(quote)}


def _link_to(quote, to):
    return next((link for link in access.links_to(quote) if link.is_open and link.sent_to == to), None)


def _quote(pk):
    sent = Quote.objects.exclude(state=Quote.State.DRAFT).select_related("customer", "business", "by__user")
    return get_object_or_404(sent.defer("document"), pk=pk)
