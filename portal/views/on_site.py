"""The tablet at the customer's: a member opens the quote and hands it over. The customer chooses, reads, signs and presses
the button with its lawful label himself (R77); a contract concluded there is an off-premises one (R82).

Nothing of the inside stands on these pages, and the way back to the office is two deliberate steps.
"""

import json

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import choice_fields, choices, contract_texts, legal_texts, on_behalf, withdrawal_rights
from billing.models import Acceptance, Quote
from crm import limits
from portal import prices, summary
from portal.offer import Offer
from portal.on_site_forms import OnSiteForm

ON_SITE = Acceptance.Channel.ON_SITE


@require_safe
@never_cache
@staff(Right.ACCEPT_ON_SITE)
def acceptance_on_site(request, pk):
    """What is offered, and what there is to choose."""
    quote = _quote(request, pk)
    with _speaking(quote):
        try:
            offer = Offer(quote, request.GET.dict())
        except choices.NotAChoice:
            return redirect("portal:acceptance_on_site", pk)
        groups = choice_fields.groups(offer.sent, offer.choice, prices.main_amount)
        context = {"offer": offer, "document": offer.sent, "groups": groups, **_frame(request, quote)}
        return render(request, "portal/acceptance_on_site.html", context)


@require_safe
@never_cache
@staff(Right.ACCEPT_ON_SITE)
def acceptance_on_site_total(request, pk):
    """The sum of a choice as the customer thinks of it; 400 for one that is none."""
    quote = _quote(request, pk)
    document = quote.frozen_document
    with _speaking(quote):
        try:
            choice = choices.parse(document, request.GET.dict())
        except choices.NotAChoice:
            return JsonResponse({"error": "unknown choice"}, status=400)
        return JsonResponse(choice_fields.answer(document, choice, prices.main_amount))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(Right.ACCEPT_ON_SITE)
def acceptance_on_site_check(request, pk):
    """The last look: information, signature, and the summary directly above the one button (R78)."""
    if request.method == "POST" and (done := _done(request, pk)):
        return done
    quote = _quote(request, pk)
    with _speaking(quote):
        data = request.POST if request.method == "POST" else request.GET
        try:
            offer = Offer(quote, data.dict())
        except choices.NotAChoice:
            return redirect("portal:acceptance_on_site", pk)
        regime = withdrawal_rights.of_quote(quote, on=timezone.localdate(), channel=ON_SITE)
        statements = legal_texts.statements(regime, translation.get_language() or "de")
        if request.method != "POST":
            form = OnSiteForm(
                initial={"email": quote.customer.email, "seen_hash": quote.document_hash},
                customer=quote.customer, statements=statements,
            )  # fmt: skip
            return _check_page(request, offer, form, regime, statements)
        form = OnSiteForm(request.POST, customer=quote.customer, statements=statements)
        if form.is_valid():
            try:
                return _place(request, offer, form.cleaned_data)
            except Refusal as refusal:
                if done := _done(request, pk):
                    return done
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _check_page(request, offer, form, regime, statements, status=422)


@require_safe
@never_cache
@staff(Right.ACCEPT_ON_SITE)
def acceptance_on_site_done(request, pk):
    """Thanks, and the tablet goes back."""
    acceptance = get_object_or_404(
        Acceptance.objects.filter(**_of_member(request)).select_related(
            "quote__customer", "quote__order", "quote__amends", "by__user"
        ),
        quote_id=pk,
        channel=ON_SITE,
    )
    quote = acceptance.quote
    with _speaking(quote):
        regime = withdrawal_rights.of_acceptance(acceptance)
        context = {
            "acceptance": acceptance, "order": quote.placed_order,
            "on_paper": not acceptance.email or (regime.needs_paper and not _ticked(acceptance, "paperless")),
            **_frame(request, quote),
        }  # fmt: skip
        return render(request, "portal/acceptance_on_site_done.html", context)


def _place(request, offer, said):
    shown = summary.of(offer, language=translation.get_language() or "de")
    on_behalf.place_on_site(
        offer.quote, by=request.member, choice=offer.choice, label_id=shown.label.id, summary=shown.text,
        ip=limits.shortened(limits.client_address(request)), user_agent=request.headers.get("User-Agent", ""),
        feedback_notice=True, **said,
    )  # fmt: skip
    return redirect("portal:acceptance_on_site_done", offer.quote.pk)


def _quote(request, pk):
    """A quote this member may hand over (a worker: of customers he visits or works for)."""
    mine = on_behalf.on_site_quotes(request.member).values("pk")
    return get_object_or_404(Quote.objects.select_related("customer", "business").filter(pk__in=mine), pk=pk)


def _done(request, pk):
    """The thanks page when it is ordered already: pressed twice, it stays one order."""
    found = Acceptance.objects.filter(quote_id=pk, channel=ON_SITE, **_of_member(request))
    return redirect("portal:acceptance_on_site_done", pk) if found.exists() else None


def _of_member(request):
    return {} if Right.WRITE_DOCUMENTS in request.rights else {"by": request.member}


def _speaking(quote):
    """The customer reads in his language."""
    return translation.override(legal_texts.spoken(quote.customer.language))


def _ticked(acceptance, name):
    statements = json.loads(acceptance.record).get("statements") or {}
    return bool(statements.get(name, {}).get("ticked"))


def _frame(request, quote):
    """What every page of the tablet knows. The office sees the quote, a worker the contact."""
    back = quote if Right.SEE_MONEY in request.rights else quote.customer
    return {"quote": quote, "back_url": back.get_absolute_url()}


def _check_page(request, offer, form, regime, statements, *, status=200):
    quote, today = offer.quote, timezone.localdate()
    language = translation.get_language() or "de"
    shown = summary.of(offer, language=language)
    chosen = choices.only_chosen(offer.sent, offer.choice)
    context = {
        "offer": offer, "form": form, "summary": shown, "regime": regime,
        "statements": [
            {"name": name, "text": text.text, "is_ticked": bool(form[name].value())}
            for name, text in statements.items()
        ],
        "information": contract_texts.information_for(
            quote, chosen, regime=regime, on=today, language=language, label=shown.label.text
        ),
        "instruction": contract_texts.instruction_for(quote.business, regime=regime, on=today),
        "feedback_notice": legal_texts.FEEDBACK_NOTICE[language],
        **_frame(request, quote),
    }  # fmt: skip
    return render(request, "portal/acceptance_on_site_check.html", context, status=status)
