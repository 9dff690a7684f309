"""The texts that belong to a contract: as they would hold before the order, as they were agreed after it (R79, R81)."""

from django.http import Http404
from django.utils import timezone

from billing import choices, contract_texts, legal_texts, withdrawal_rights
from billing.documents import texts
from billing.models import ContractText, Quote
from crm import link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink
from portal.offer import Offer
from portal.subjects import order_of, quote_of
from portal.views.files import as_stored, stored_document

Purpose = AccessLink.Purpose
Kind = ContractText.Kind


@customer_page(Purpose.QUOTE, Purpose.ORDER, Purpose.INVOICE, Purpose.FEEDBACK)
def terms(request):
    """The terms of the business: today's before the order, those that were agreed after it (R79, R89)."""
    agreed = _agreed(request, Kind.TERMS)
    text = agreed.text if agreed else "" if _acceptance(request) else request.business.terms
    if not text:
        raise Http404
    return link_pages.render(request, "portal/terms.html", {"text": text, "agreed": agreed})


@customer_page(Purpose.QUOTE, Purpose.ORDER, Purpose.INVOICE, Purpose.FEEDBACK)
def instruction(request):
    """The withdrawal instruction (EGBGB Art. 246a Annex 1, Art. 249 Annex 10), where there is such a right."""
    agreed = _agreed(request, Kind.INSTRUCTION)
    if agreed is None and request.link.customer.is_consumer and not _acceptance(request):
        agreed = contract_texts.instruction_for(request.business, regime=_regime(request), on=timezone.localdate())
    return _page(request, agreed)


@customer_page(Purpose.QUOTE, Purpose.ORDER)
def information(request):
    """What the law wants the customer to know before he orders (R81), about his choice."""
    agreed = _agreed(request, Kind.INFORMATION)
    if agreed is None and request.link.purpose == Purpose.QUOTE and not _acceptance(request):
        try:
            offer = Offer(quote_of(request.link), request.GET.dict(), public_id=request.link.public_id)
        except choices.NotAChoice:
            raise Http404 from None
        language = legal_texts.spoken(request.link.customer.language)
        label = legal_texts.order_label(request.link.customer.kind, language).text
        facts = {"regime": _regime(request), "on": timezone.localdate(), "language": language, "label": label}
        chosen = choices.only_chosen(offer.sent, offer.choice)
        agreed = contract_texts.information_for(offer.quote, chosen, **facts)
    return _page(request, agreed)


@customer_page(Purpose.QUOTE, Purpose.ORDER)
def contract_pdf(request, kind):
    """One of the texts as it was agreed, to keep."""
    agreed = _agreed(request, kind)
    if agreed is None:
        raise Http404
    return stored_document(request, agreed.pdf, f"{agreed.get_kind_display()}.pdf")


@customer_page(Purpose.QUOTE)
def building_description(request):
    """The building description of a consumer's construction contract (§ 650j BGB)."""
    found = quote_of(request.link).building_description
    if found is None:
        raise Http404
    return as_stored(found.file.name, content_type=found.content_type, filename=found.name)


def _acceptance(request):
    """The acceptance behind the link, None before the order and where the link is about no contract."""
    link = request.link
    if not hasattr(request, "_acceptance"):
        try:
            request._acceptance = _acceptance_of(link)
        except Http404:
            request._acceptance = None
    return request._acceptance


def _acceptance_of(link):
    if link.purpose == Purpose.QUOTE:
        found = quote_of(link)
        return found.acceptance if found.state == Quote.State.ACCEPTED else None
    order = order_of(link) if link.purpose == Purpose.ORDER else getattr(link.subject, "order", None)
    return getattr(order.quote, "acceptance", None) if order and order.quote else None


def _agreed(request, kind):
    acceptance = _acceptance(request)
    return acceptance.texts.filter(kind=kind).select_related("acceptance").first() if acceptance else None


def _regime(request):
    if request.link.purpose == Purpose.QUOTE:
        return withdrawal_rights.of_quote(quote_of(request.link), on=timezone.localdate())
    return withdrawal_rights.DOUBT_ONLINE


def _page(request, text):
    if text is None:
        raise Http404
    heading, parts = texts.parts(text.text)
    context = {"heading": heading, "parts": parts, "text": text, "agreed": text if hasattr(text, "pk") else None}
    return link_pages.render(request, "portal/instruction.html", context)
