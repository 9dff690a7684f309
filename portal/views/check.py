"""Check, order, and the page that says thank you."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import choices, construction, legal_texts, orders, withdrawal_rights
from billing.documents import model as documents
from billing.models import Quote
from crm import limits, link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal import late, nonces, summary
from portal.forms import OrderForm
from portal.offer import Offer
from portal.subjects import contract_of, order_of, quote_of

QUOTE = AccessLink.Purpose.QUOTE


@customer_page(QUOTE)
def check(request):
    """The last look: everything filled in, the summary directly above the one button (R77, R78)."""
    link = request.link
    found = quote_of(link)
    try:
        offer = Offer(found, request.GET.dict(), public_id=link.public_id)
    except choices.NotAChoice:
        return redirect("portal:quote", link.public_id)
    if not found.can_be_accepted:
        return redirect("portal:quote", link.public_id)
    return _page(request, offer, _form(offer, initial=_known(request)))


@customer_page(QUOTE, methods=("POST",))
def accept(request):
    """Order. Who orders twice, or at the same moment, gets the confirmation of the first time (P31, P32)."""
    link = request.link
    found = quote_of(link)
    if found.state == Quote.State.ACCEPTED:
        amendment = found if found.amends_id else None
        if found.placed_order.withdrawals.filter(amendment=amendment).exists():
            raise Refusal(_("Sie haben diesen Auftrag widerrufen. Wir machen Ihnen gern ein neues Angebot."))
        return redirect("portal:accepted", link.public_id)
    if found.has_expired:
        raise Refusal(_("Das Angebot ist abgelaufen. Wir machen Ihnen gern ein neues."))
    try:
        seen_hash = nonces.seen_hash(link, request.POST.get("nonce", ""))
    except nonces.Stale:
        return render(request, "403_csrf.html", status=403)
    late.refuse(request, found, seen_hash=seen_hash)
    try:
        offer = Offer(found, request.POST.dict(), public_id=link.public_id)
    except choices.NotAChoice:
        raise Refusal(_("Das Angebot wurde inzwischen geändert. Bitte prüfen Sie es noch einmal.")) from None
    form = _form(offer, request.POST)
    if not form.is_valid():
        return _page(request, offer, form, status=422)
    shown = summary.of(offer, language=get_language())
    try:
        _place(request, found, offer, seen_hash, shown, form.cleaned_data)
    except Refusal:
        found.refresh_from_db()
        late.refuse_replaced(found)
        if found.state != Quote.State.ACCEPTED:
            raise
    return redirect("portal:accepted", link.public_id)


def _place(request, found, offer, seen_hash, shown, said):
    orders.place(
        found,
        choice=offer.choice,
        seen_hash=seen_hash,
        name=said["name"],
        email=said["email"],
        buyer_reference=said.get("buyer_reference", ""),
        early_start=said.get("early_start", False),
        early_end=said.get("early_end", False),
        signature=said.get("signature", ""),
        label_id=shown.label.id,
        summary=shown.text,
        link=request.link,
        ip=limits.shortened(limits.client_address(request)),
        user_agent=request.headers.get("User-Agent", ""),
        feedback_notice=True,
    )


@customer_page(QUOTE)
def accepted(request):
    """What was ordered and when, and what happens next. Looking at it again orders nothing (BES2)."""
    order, contract = order_of(request.link), contract_of(request.link)
    if contract is None:
        raise Http404
    acceptance = contract.acceptance
    context = {
        "order": order, "contract": contract, "acceptance": acceptance, "texts": acceptance.texts.all(),
        "document": documents.from_json(acceptance.document),
    }  # fmt: skip
    return link_pages.render(request, "portal/accepted.html", context)


def _known(request):
    """What the customer need not type. The name only once the postcode proved who is there (security.md no. 15)."""
    customer = request.link.customer
    known = {"email": request.link.sent_to or customer.email}
    if request.link.asks_postcode:
        known["name"] = customer.person_name or customer.name
    return known


def _form(offer, *args, **kwargs):
    quote = offer.quote
    names = legal_texts.statements(_regime(quote), "de")
    return OrderForm(
        *args, customer=quote.customer, statements=names, asks_signature=quote.business.asks_signature, **kwargs
    )


def _regime(quote):
    return withdrawal_rights.of_quote(quote, on=timezone.localdate())


def _page(request, offer, form, *, status=200):
    quote, regime = offer.quote, _regime(offer.quote)
    # the evidence names these in the language we write to the customer in
    spoken = legal_texts.spoken(quote.customer.language)
    context = {
        "quote": quote,
        "offer": offer,
        "form": form,
        "summary": summary.of(offer, language=get_language()),
        "nonce": nonces.make(request.link, quote.document_hash),
        "regime": regime,
        "statements": [(form[name], text) for name, text in legal_texts.statements(regime, spoken).items()],
        "is_construction": construction.is_construction(quote),
        "feedback_notice": legal_texts.FEEDBACK_NOTICE[spoken],
    }
    return link_pages.render(request, "portal/check.html", context, status=status)
