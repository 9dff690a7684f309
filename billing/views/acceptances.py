"""Taking down what a customer said on the phone, in a letter, in a mail or at the counter."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import choice_fields, choices, on_behalf
from billing.acceptance_forms import OnBehalfForm
from billing.models import Quote
from crm.states import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def acceptance_create(request, pk):
    """Who said yes, how and when, to which choices; the order follows at once."""
    quote = _quote(pk)
    if not on_behalf.can_be_taken_down(quote):
        raise NotAllowed(quote)
    if request.method == "POST" and "calculate" not in request.POST:
        return _place(request, quote)
    choice, _problem = _choice(quote, request.POST if request.method == "POST" else request.GET)
    customer = quote.customer
    known = {
        "name": customer.person_name or customer.name, "email": customer.email, "seen_hash": quote.document_hash,
        "arrived_at": timezone.localtime().replace(second=0, microsecond=0),
    }  # fmt: skip
    typed = {name: request.POST[name] for name in OnBehalfForm.base_fields if name in request.POST}
    return _page(request, quote, choice, OnBehalfForm(initial=known | typed, customer=customer))


@require_safe
@staff(Right.WRITE_DOCUMENTS)
def acceptance_total(request, pk):
    """The sum of a choice; 400 for one that is none."""
    quote = _quote(pk)
    if quote.is_draft:
        raise NotAllowed(quote)
    choice, problem = _choice(quote, request.GET)
    if problem:
        return JsonResponse({"error": "unknown choice"}, status=400)
    return JsonResponse(choice_fields.answer(quote.frozen_document, choice))


def _place(request, quote):
    form = OnBehalfForm(request.POST, request.FILES, customer=quote.customer)
    choice, problem = _choice(quote, request.POST)
    if problem:
        form.add_error(None, problem)
    if not form.is_valid():
        return _page(request, quote, choice, form, status=422)
    try:
        order = on_behalf.place(quote, by=request.member, choice=choice, **form.cleaned_data)
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, quote, choice, form, status=422)
    words = (
        _("Der Nachtrag gehört jetzt zum Auftrag %(order)s.") if quote.amends_id else _("Auftrag %(order)s angelegt.")
    )
    messages.success(request, words % {"order": order})
    if not form.cleaned_data["email"]:
        messages.warning(
            request,
            _(
                "Ohne E-Mail-Adresse geht keine Bestätigung hinaus. Bitte geben Sie dem Kunden die Unterlagen auf Papier."
            ),
        )
    return redirect(order)


def _quote(pk):
    return get_object_or_404(Quote.objects.select_related("customer", "business", "acceptance"), pk=pk)


def _choice(quote, data):
    """The choice in a form, and what to say when it is none; then the preselected one stands in."""
    document = quote.frozen_document
    try:
        return choices.parse(document, data.dict()), ""
    except choices.NotAChoice:
        return choices.default(document), _("Diese Auswahl gibt es in dem Angebot nicht. Bitte wählen Sie noch einmal.")


def _page(request, quote, choice, form, *, status=200):
    document = quote.frozen_document
    context = {
        "quote": quote, "form": form, "groups": choice_fields.groups(document, choice),
        "total": choice_fields.gross(choices.applied(document, choice)),
    }  # fmt: skip
    return render(request, "billing/acceptance_create.html", context, status=status)
