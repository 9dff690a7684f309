"""The customers' links to a quote: one more, closed, open again, made anew, shown as a QR code."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from accounts.staff import staff
from billing import girocode, quote_links
from billing.send_forms import ShareForm
from billing.views.quotes import detail_page, get_quote
from crm import access

Way = quote_links.Way


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_link_create(request, pk):
    """One more recipient: by mail, or with a link that is handed over (the button says as what)."""
    quote = get_quote(pk)
    form = ShareForm(request.POST)
    if quote.is_draft or not form.is_valid():
        return detail_page(request, quote, share_form=form, status=422)
    to, way = form.cleaned_data["sent_to"], request.POST.get("way", "")
    link = quote_links.share(quote, by=request.member, to=to, way=way if way in Way.values else "")
    if link.way == Way.MAIL:
        messages.success(request, _("Angebot gesendet an %(to)s.") % {"to": link.sent_to})
    elif link.way == Way.QR:
        return redirect("billing:quote_link_qr", quote.pk, link.pk)
    elif link.way == Way.POST:
        messages.success(request, _("Vermerkt: heute per Post gesendet."))
    else:
        messages.success(request, _("Neuer Link erstellt."))
    return _to_links(quote)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_link_revoke(request, pk, link_pk):
    """Close one link; the list offers to open it again."""
    quote = get_quote(pk)
    access.close(_link(quote, link_pk))
    messages.success(request, _("Link gesperrt. Ein Versehen? Unten in der Liste öffnen Sie ihn wieder."))
    return _to_links(quote)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_link_reopen(request, pk, link_pk):
    """It was closed by mistake."""
    quote = get_quote(pk)
    quote_links.reopen(quote, _link(quote, link_pk))
    messages.success(request, _("Der Link gilt wieder."))
    return _to_links(quote)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_link_renew(request, pk, link_pk):
    """Close one and make another for the same recipient, who gets it by mail."""
    quote = get_quote(pk)
    link = quote_links.renew(quote, _link(quote, link_pk), by=request.member)
    if link.way == Way.MAIL:
        messages.success(request, _("Der alte Link ist zu, der neue geht an %(to)s.") % {"to": link.sent_to})
    else:
        messages.success(request, _("Der alte Link ist zu, der neue steht oben in der Liste."))
    return _to_links(quote)


@require_safe
@staff(Right.WRITE_DOCUMENTS)
def quote_link_qr(request, pk, link_pk):
    """The link as a large code: for the customer's own phone to look at, or on paper beside the quote."""
    quote = get_quote(pk)
    link = _link(quote, link_pk)
    try:
        url = access.url(link) if link.is_open else ""
    except LookupError:
        url = ""
    if not url:
        raise Http404
    code = mark_safe(girocode.svg(url))  # noqa: S308 - drawn here, of our own address
    return render(request, "billing/quote_qr.html", {"quote": quote, "link": link, "url": url, "code": code})


def _link(quote, pk):
    return get_object_or_404(access.links_to(quote), pk=pk)


def _to_links(quote):
    return redirect(f"{quote.get_absolute_url()}#links")
