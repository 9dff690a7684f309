"""Quotes: list, page, and the steps after writing (billing/views/quote_editor.py)."""

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from accounts.staff import staff
from billing import choices, drafting, estimates, quotes
from billing.forms import LinkForm, SendForm
from billing.models import Quote
from billing.views import documents
from billing.views.paging import page
from crm import access
from crm.models import DueAction

CHIPS = [
    ("", gettext_lazy("Alle"), None),
    ("entwurf", gettext_lazy("Entwürfe"), [Quote.State.DRAFT]),
    ("offen", gettext_lazy("Offen"), [Quote.State.SENT]),
    ("angenommen", gettext_lazy("Angenommen"), [Quote.State.ACCEPTED]),
    ("abgelehnt", gettext_lazy("Abgelehnt"), [Quote.State.DECLINED]),
    ("abgelaufen", gettext_lazy("Abgelaufen"), [Quote.State.EXPIRED, Quote.State.RETRACTED]),
]


@require_safe
@staff(Right.SEE_MONEY)
def quote_list(request):
    """All quotes, newest first, by state and words."""
    wanted = request.GET.get("stand", "")
    states = next((states for key, _label, states in CHIPS if key == wanted), None)
    search = request.GET.get("q", "").strip()
    found = documents.matching(Quote.objects.select_related("customer").defer("document"), search)
    counts = dict(documents.matching(Quote.objects.all(), search).order_by().values_list("state").annotate(Count("pk")))
    shown = page(found.filter(state__in=states) if states else found, request)
    seen = documents.views_of(Quote, [quote.pk for quote in shown.rows])
    for quote in shown.rows:
        quote.seen = seen.get(quote.pk)
    chips = [
        {"key": key, "label": label, "count": sum(counts.get(s, 0) for s in (states or counts)), "on": key == wanted}
        for key, label, states in CHIPS
    ]
    return render(
        request,
        "billing/quote_list.html",
        {"page": shown, "chips": chips, "search": search, "wanted": wanted, "is_empty": not counts and not search},
    )


@require_safe
@staff(Right.SEE_MONEY)
def quote_detail(request, pk):
    """What became of a quote: trail, questions, rows with what may be chosen, links."""
    quote = _quote(pk)
    return _page(request, quote, _send_form(quote), is_sending="senden" in request.GET)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_send(request, pk):
    """The second click: number, freeze, mail."""
    quote = _quote(pk)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _page(request, quote, form, is_sending=True, status=422)
    try:
        quotes.send(quote, by=request.member, to=form.cleaned_data["to"], message=form.cleaned_data["message"])
    except quotes.NotReady:
        quote.refresh_from_db()
        return _page(request, quote, form, is_sending=True, status=422)
    if form.cleaned_data["to"]:
        messages.success(request, _("Angebot gesendet an %(to)s.") % {"to": form.cleaned_data["to"]})
    else:
        messages.success(request, _("Angebot fertig. Den Link geben Sie selbst weiter."))
    return redirect(quote)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_retract(request, pk):
    """Take a sent quote back."""
    quote = _quote(pk)
    quotes.retract(quote, by=request.member)
    messages.success(request, _("Angebot zurückgezogen. Der Link des Kunden ist geschlossen."))
    return redirect(quote)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_duplicate(request, pk):
    """A new draft with the same rows, for the same customer."""
    copy = quotes.duplicate(_quote(pk), by=request.member)
    messages.success(request, _("Neuer Entwurf mit denselben Positionen."))
    return redirect("billing:quote_edit", copy.pk)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_delete(request, pk):
    """Throw a draft away."""
    quotes.delete_draft(_quote(pk))
    messages.success(request, _("Entwurf gelöscht."))
    return redirect("billing:quote_list")


@require_POST
@staff(Right.WRITE_CONTACTS)
def quote_answer(request, pk):
    """Answer the customer's question."""
    return documents.answer(request, _quote(pk))


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_link_create(request, pk):
    """One more link to a sent quote."""
    quote = _quote(pk)
    form = LinkForm(request.POST)
    if quote.is_draft or not form.is_valid():
        return _page(request, quote, _send_form(quote), link_form=form, status=422)
    quotes.mint_link(quote, to=form.cleaned_data["sent_to"], by=request.member)
    messages.success(request, _("Neuer Link erstellt."))
    return redirect(f"{quote.get_absolute_url()}#links")


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_link_revoke(request, pk, link_pk):
    """Close one link."""
    quote = _quote(pk)
    access.close(get_object_or_404(access.links_to(quote), pk=link_pk))
    messages.success(request, _("Link gesperrt."))
    return redirect(f"{quote.get_absolute_url()}#links")


@require_safe
@staff(Right.SEE_MONEY)
def quote_pdf(request, pk):
    """The stored PDF of a sent quote."""
    quote = _quote(pk)
    return documents.stored_file(request, quote, quote.pdf, f"{quote.number}.pdf")


@require_safe
@staff(Right.SEE_MONEY)
def acceptance_pdf(request, pk):
    """The stored protocol of how a quote was accepted."""
    quote = get_object_or_404(Quote.objects.select_related("acceptance"), pk=pk, acceptance__isnull=False)
    return documents.stored_file(request, quote, quote.acceptance.pdf, f"Annahmeprotokoll-{quote.number}.pdf")


def _quote(pk):
    return get_object_or_404(
        Quote.objects.select_related("customer", "business", "site", "by__user", "acceptance", "order"), pk=pk
    )


def _send_form(quote):
    if not quote.is_draft:
        return None
    text = _(
        "%(greeting)s,\n\nhier ist unser Angebot „%(title)s“. Sie können es in Ruhe ansehen, Fragen stellen und beauftragen."
    ) % {"greeting": quote.customer.greeting, "title": quote.title}
    return SendForm(initial={"to": quote.customer.email, "message": text})


def _page(request, quote, send_form, *, is_sending=False, link_form=None, status=200):
    acceptance = getattr(quote, "acceptance", None)
    rows = list(quote.lines.all())
    document = drafting.of_quote(quote) if quote.is_draft else quote.frozen_document
    estimate = estimates.of_document(document, [row.purchase_price for row in rows])
    differences = choices.differences(document, choices.default(document)) if estimate.has_choices else {}
    links = documents.links_of(quote)
    return render(
        request,
        "billing/quote_detail.html",
        {
            "quote": quote, "document": document, "estimate": estimate, "acceptance": acceptance,
            "order": getattr(quote, "order", None),
            "rows": [{"line": line, "difference": differences.get(line.position)} for line in document.lines],
            "links": links,
            "open_url": next((shown.url for shown in links if shown.url), ""),
            **documents.looks(links),
            "send_form": send_form, "is_sending": is_sending and quote.is_draft,
            "link_form": link_form or LinkForm(initial={"sent_to": quote.customer.email}),
            "problems": quotes.problems(quote) if quote.is_draft else [],
            "reminder": _reminder(quote),
            # for the frame's title
            "form": send_form if send_form and send_form.is_bound else link_form,
            **documents.thread_of(request, quote),
        },
        status=status,
    )  # fmt: skip


def _reminder(quote):
    """The day on which the customer will be reminded by himself, if so."""
    if quote.state != Quote.State.SENT:
        return None
    kind = ContentType.objects.get_for_model(Quote)
    planned = DueAction.objects.filter(kind=quotes.EXPIRING, state=DueAction.State.OPEN)
    return planned.filter(subject_type=kind, subject_id=quote.pk).first()
