"""Wishes of customers who would order something else (Kundenwunsch): never an order, answered with a new version (R74)."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import choices, quotes
from billing.documents.model import Document, DocumentLine, LineKind, calculated
from billing.models import ChangeRequest, Quote
from billing.quotes import LINE_FIELDS
from crm import messages, states
from crm.models import Message

LONGEST = 2000
WISHABLE = {Quote.State.SENT, Quote.State.DECLINED, Quote.State.EXPIRED}


@dataclass(frozen=True)
class Effect:
    """What a wish would do to the gross total of what was chosen."""

    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


# --- pure: what a wish is about -----------------------------------------------------------------------------------------
def droppable(document: Document) -> list[DocumentLine]:
    """The positions a customer may wish away: those he does not decide about anyway."""
    return [line for line in document.lines if line.is_item and not line.can_be_chosen]


def without(document: Document, unwanted) -> Document:
    """The document without these positions, headings that stand over nothing gone with them, totals worked out anew."""
    kept = [line for line in document.lines if not (line.is_item and line.position in unwanted)]
    lines = [
        line
        for index, line in enumerate(kept)
        if line.kind != LineKind.SECTION or (index + 1 < len(kept) and kept[index + 1].kind != LineKind.SECTION)
    ]
    return calculated(replace(document, lines=tuple(lines)))


def effect(request: ChangeRequest) -> Effect:
    """The total as chosen, and as it would be without the unwanted positions."""
    chosen = choices.applied(request.quote.frozen_document, _choice(request))
    return Effect(chosen.totals.gross, without(chosen, set(request.unwanted)).totals.gross)


def unwanted_lines(request: ChangeRequest) -> list[DocumentLine]:
    """The positions that are to go, in the order of the document."""
    return [line for line in request.quote.frozen_document.lines if line.position in request.unwanted]


def chosen_words(request: ChangeRequest) -> list[tuple[str, str]]:
    """What was chosen besides, in words."""
    return choices.words(request.quote.frozen_document, _choice(request))


# --- verbs --------------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask(
    quote: Quote, *, link, unwanted, choice: choices.Choice, text: str, name: str, email: str = ""
) -> ChangeRequest:
    """The customer says what he would order instead. The quote stays open, the business is told by mail.

    Raises Refusal for a wish that says nothing (except after the last day: then it asks for the quote anew).
    """
    quote = Quote.objects.select_for_update(of=("self",)).select_related("customer").get(pk=quote.pk)
    if quote.state not in WISHABLE:
        raise states.NotAllowed(quote)
    document, text, name = quote.frozen_document, text.strip()[:LONGEST], " ".join(name.split())
    known = {line.position for line in droppable(document)}
    unwanted = [line.position for line in document.lines if line.position in set(unwanted) & known]
    if not unwanted and not text and not quote.has_expired:
        raise Refusal(_("Bitte sagen Sie uns, was Sie gern anders hätten."), field="text")
    if not name:
        raise Refusal(_("Bitte tragen Sie Ihren Namen ein."), field="name")
    request = ChangeRequest.objects.create(
        quote=quote, customer=quote.customer, name=name, email=email or link.sent_to, unwanted=unwanted,
        choice=choices.as_record(choice), text=text,
    )  # fmt: skip
    message = messages.ask(link, _words(request), author_name=name)
    # it waits as a wish, not also as a question
    Message.objects.filter(pk=message.pk).update(read_at=timezone.now())
    return request


def open_ones():
    """Wishes nobody answered yet, longest waiting first."""
    found = ChangeRequest.objects.filter(answered_at=None).select_related("customer", "quote").defer("quote__document")
    return found.order_by("created_at", "pk")


@transaction.atomic
def revise(request: ChangeRequest, *, by) -> Quote:
    """A new version of the quote without the unwanted positions, with what was chosen preselected. It is a draft: the
    office writes the rest. The wish is answered when the version is sent.

    A version that is begun already is returned as it is: nobody's work is overwritten.
    """
    quote = Quote.objects.get(pk=request.quote_id)
    if has_begun(quote):
        return quotes.revise(quote, by=by)
    unwanted, chosen = set(request.unwanted), _choice(request).positions()
    draft = quotes.revise(quote, by=by)
    rows = []
    for line, row in zip(quote.frozen_document.lines, draft.lines.all(), strict=True):
        if line.is_item and line.position in unwanted:
            continue
        values = {name: getattr(row, name) for name in LINE_FIELDS}
        if line.alternative_set:
            values["is_default"] = line.position in chosen
        rows.append(values)
    return quotes.change(draft, by=by, lines=rows)


def has_begun(quote: Quote) -> bool:
    """Whether somebody is writing the next version already."""
    return Quote.objects.filter(revises=quote, state=Quote.State.DRAFT).exists()


def close(request: ChangeRequest) -> None:
    """The wish was answered in another way."""
    ChangeRequest.objects.filter(pk=request.pk, answered_at=None).update(answered_at=timezone.now())


def _choice(request):
    return choices.from_record(request.choice)


def _words(request):
    """The wish as a message of the customer."""
    words = [_("Ich hätte es gern anders:")]
    if gone := unwanted_lines(request):
        words.append(_("Bitte weglassen:"))
        words += [f"– {line.position} {line.text}" for line in gone]
    if request.text:
        words.append(request.text)
    if len(words) == 1:
        words = [_("Bitte machen Sie mir dieses Angebot noch einmal.")]
    return "\n".join(words)
