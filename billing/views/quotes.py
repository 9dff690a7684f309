"""Quotes: list, page and sending. What comes after writing stands in quote_steps.py, the links in quote_links.py."""

from django.contrib import messages
from django.db.models import Count, F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from accounts.staff import staff
from billing import choices, conversations, drafting, estimates, quote_links, quotes
from billing.documents.model import LineKind
from billing.models import Quote
from billing.send_forms import LoseForm, SendForm, ShareForm
from billing.views import documents, shown_links
from billing.views.paging import page
from crm import access

REPLACED = "ersetzt"
CHIPS = [
    ("", gettext_lazy("Alle"), None),
    ("entwurf", gettext_lazy("Entwürfe"), [Quote.State.DRAFT]),
    ("offen", gettext_lazy("Offen"), [Quote.State.SENT]),
    ("angenommen", gettext_lazy("Angenommen"), [Quote.State.ACCEPTED]),
    ("abgelehnt", gettext_lazy("Abgelehnt"), [Quote.State.DECLINED]),
    ("abgelaufen", gettext_lazy("Abgelaufen"), [Quote.State.EXPIRED, Quote.State.RETRACTED]),
    (REPLACED, gettext_lazy("Frühere Fassungen"), [Quote.State.REPLACED]),
]


@require_safe
@staff(Right.SEE_MONEY)
def quote_list(request):
    """All quotes, newest first, by state and words; of each its newest version."""
    wanted = request.GET.get("stand", "")
    states = next((states for key, _label, states in CHIPS if key == wanted), None)
    search = request.GET.get("q", "").strip()
    found = documents.matching(
        Quote.objects.annotate(channel=F("acceptance__channel"))
        .select_related("customer", "revises")
        .defer("document", "revises__document"),
        search,
    )
    counts = dict(documents.matching(Quote.objects.all(), search).order_by().values_list("state").annotate(Count("pk")))
    shown = page(found.filter(state__in=states) if states else found.current(), request)
    seen = documents.views_of(Quote, [quote.pk for quote in shown.rows])
    for quote in shown.rows:
        quote.seen = seen.get(quote.pk)
    current = [state for state in counts if state != Quote.State.REPLACED]
    chips = [
        {"key": key, "label": label, "count": sum(counts.get(s, 0) for s in (states or current)), "on": key == wanted}
        for key, label, states in CHIPS
        if key != REPLACED or counts.get(Quote.State.REPLACED) or wanted == REPLACED
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
    quote = get_quote(pk)
    return detail_page(request, quote, is_sending="senden" in request.GET)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_send(request, pk):
    """The second click: number, freeze, and out on the chosen way."""
    quote = get_quote(pk)
    form = SendForm(request.POST, quote=quote)
    if not form.is_valid():
        return detail_page(request, quote, send_form=form, is_sending=True, status=422)
    said = form.cleaned_data
    try:
        link = quotes.send(
            quote, by=request.member, recipients=said["addresses"], way=said["way"], message=said["message"],
            version_note=said.get("version_note"),
        )  # fmt: skip
    except quotes.NotReady:
        return detail_page(request, get_quote(pk), send_form=form, is_sending=True, status=422)
    messages.success(request, _sent(said["way"], said["addresses"]))
    if said["way"] == quote_links.Way.QR:
        return redirect("billing:quote_link_qr", quote.pk, link.pk)
    return redirect(f"{quote.get_absolute_url()}#links" if said["way"] == quote_links.Way.LINK else quote)


def _sent(way, addresses):
    if way == quote_links.Way.MAIL and len(addresses) == 1:
        return _("Angebot gesendet an %(to)s.") % {"to": addresses[0]}
    if way == quote_links.Way.MAIL:
        words = ngettext("Angebot gesendet an %(n)s Empfänger.", "Angebot gesendet an %(n)s Empfänger.", len(addresses))
        return words % {"n": len(addresses)}
    if way == quote_links.Way.POST:
        return _("Angebot fertig. Bitte drucken Sie das PDF und schicken Sie es ab.")
    if way == quote_links.Way.QR:
        return _("Angebot fertig. Lassen Sie den Kunden diesen Code mit seinem Handy ansehen.")
    return _("Angebot fertig. Den Link geben Sie selbst weiter.")


@require_POST
@staff(Right.WRITE_CONTACTS)
def quote_answer(request, pk):
    """Answer the customer's question, whichever version he asked about."""
    quote = get_quote(pk)
    newest = Quote.objects.of_number(quote.number).last() if quote.state == Quote.State.REPLACED else quote
    response = documents.answer(request, newest)
    conversations.of_quote(quote).filter(by=None, read_at=None).update(read_at=timezone.now())
    return response


@require_safe
@staff(Right.SEE_MONEY)
def quote_pdf(request, pk):
    """The stored PDF of a sent quote."""
    quote = get_quote(pk)
    name = f"{quote.number}-{quote.version}.pdf" if quote.version > 1 else f"{quote.number}.pdf"
    return documents.stored_file(request, quote, quote.pdf, name)


@require_safe
@staff(Right.SEE_MONEY)
def acceptance_pdf(request, pk):
    """The stored protocol of how a quote was accepted."""
    quote = get_object_or_404(Quote.objects.select_related("acceptance"), pk=pk, acceptance__isnull=False)
    return documents.stored_file(request, quote, quote.acceptance.pdf, f"Annahmeprotokoll-{quote.number}.pdf")


def get_quote(pk):
    """A quote of the business with what its page needs, or 404."""
    related = ("customer", "business", "site", "by__user", "acceptance", "order", "amends", "revises", "revision")
    found = Quote.objects.select_related(*related).defer("revises__document", "revision__document")
    return get_object_or_404(found, pk=pk)


def _send_form(quote):
    if not quote.is_draft:
        return None
    words = {"greeting": quote.customer.greeting, "title": quote.title}
    if quote.revises:
        text = (
            _("%(greeting)s,\n\nwir haben unser Angebot „%(title)s“ überarbeitet. Hier ist die neue Fassung.") % words
        )
    else:
        text = (
            _(
                "%(greeting)s,\n\nhier ist unser Angebot „%(title)s“. Sie können es in Ruhe ansehen, Fragen stellen und "
                "beauftragen."
            )
            % words
        )
        if quote.amends:
            words |= {"order": quote.amends.number}
            text = (
                _(
                    "%(greeting)s,\n\nhier ist der Nachtrag „%(title)s“ zu Ihrem Auftrag %(order)s. Sie können ihn in Ruhe "
                    "ansehen, Fragen stellen und beauftragen."
                )
                % words
            )
        elif quote.kind == Quote.Kind.ESTIMATE:
            text = (
                _(
                    "%(greeting)s,\n\nhier ist unser Kostenvoranschlag „%(title)s“. Sie können ihn in Ruhe ansehen, Fragen "
                    "stellen und beauftragen."
                )
                % words
            )
    return SendForm(initial={"message": text}, quote=quote)


def detail_page(request, quote, *, send_form=None, share_form=None, lose_form=None, is_sending=False, status=200):
    """The page, also with a form that needs another look."""
    acceptance = getattr(quote, "acceptance", None)
    rows = list(quote.lines.all())
    document = drafting.of_quote(quote) if quote.is_draft else quote.frozen_document
    estimate = estimates.of_document(document, [row.purchase_price for row in rows])
    differences = choices.differences(document, choices.default(document)) if estimate.has_choices else {}
    links = shown_links.of(quote)
    bound = next((form for form in (send_form, share_form, lose_form) if form is not None), None)
    return render(
        request,
        "billing/quote_detail.html",
        {
            "quote": quote, "document": document, "estimate": estimate, "acceptance": acceptance,
            "order": quote.placed_order,
            "versions": _versions(quote), "newest": _newest(quote), "draft_revision": _draft_revision(quote),
            "rows": _rows(document, differences),
            "links": links,
            "open_url": next((shown.url for shown in links if shown.url), ""),
            **shown_links.looks(quote, links),
            "send_form": send_form or _send_form(quote), "is_sending": is_sending and quote.is_draft,
            "share_form": share_form or ShareForm(), "can_share": quote_links.can_be_shared(quote),
            "lose_form": lose_form or LoseForm(),
            "link_begins": access.url_begins() if quote.is_draft else "",
            "problems": quotes.problems(quote) if quote.is_draft else [],
            "form": bound,  # for the frame's title
            **documents.thread_of(request, quote, conversations.of_quote(quote)),
        },
        status=status,
    )  # fmt: skip


def _rows(document, differences):
    """Each with what it changes, and whether it comes and goes with its title."""
    rows, title = [], None
    for line in document.lines:
        if line.kind == LineKind.SECTION:
            title = line if line.can_be_chosen else None
        rows.append({"line": line, "difference": differences.get(line.position), "title": title})
    return rows


def _draft_revision(quote):
    """The next version while it is being written."""
    revision = getattr(quote, "revision", None)
    return revision if revision and revision.is_draft else None


def _versions(quote):
    """All versions sent under the number, where there are several; newest first."""
    if quote.is_draft or (quote.version == 1 and quote.state != Quote.State.REPLACED):
        return []
    return list(Quote.objects.of_number(quote.number).defer("document").reverse())


def _newest(quote):
    if quote.state != Quote.State.REPLACED:
        return None
    return Quote.objects.of_number(quote.number).defer("document").last()
