"""What becomes of a quote after it was written: a new version, longer, lost, open again, taken back."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import formats
from accounts.rights import Right
from accounts.staff import staff
from billing import quotes
from billing.send_forms import LoseForm
from billing.views.quotes import detail_page, get_quote


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_revise(request, pk):
    """The draft of the next version, to be changed and sent."""
    draft = quotes.revise(get_quote(pk), by=request.member)
    messages.success(request, _("Neue Fassung als Entwurf. Bis Sie sie senden, gilt die bisherige."))
    return redirect("billing:quote_edit", draft.pk)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_extend(request, pk):
    """The same with a new last day, sent at once to those who had it."""
    version = quotes.extend(get_quote(pk), by=request.member)
    day = formats.day(version.valid_until)
    messages.success(request, _("Das Angebot gilt jetzt bis %(day)s. Der Kunde weiß Bescheid.") % {"day": day})
    return redirect(version)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_lose(request, pk):
    """Nothing comes of it, and why."""
    quote = get_quote(pk)
    form = LoseForm(request.POST)
    if not form.is_valid():
        return detail_page(request, quote, lose_form=form, status=422)
    quotes.lose(quote, by=request.member, **form.cleaned_data)
    messages.success(request, _("Vermerkt, woran es lag."))
    return redirect(quote)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_reopen(request, pk):
    """A declined quote is talked about again."""
    quote = get_quote(pk)
    quotes.reopen(quote, by=request.member)
    messages.success(request, _("Das Angebot ist wieder offen."))
    return redirect(quote)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_retract(request, pk):
    """Take a sent quote back."""
    quote = get_quote(pk)
    quotes.retract(quote, by=request.member)
    messages.success(request, _("Angebot zurückgezogen. Der Link des Kunden ist geschlossen."))
    return redirect(quote)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_duplicate(request, pk):
    """A new draft with the same rows, for the same customer."""
    copy = quotes.duplicate(get_quote(pk), by=request.member)
    messages.success(request, _("Neuer Entwurf mit denselben Positionen."))
    return redirect("billing:quote_edit", copy.pk)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_delete(request, pk):
    """Throw a draft away. That of a new version leaves the sent one as it was, that of a change order its order."""
    quote = get_quote(pk)
    quotes.delete_draft(quote)
    messages.success(request, _("Entwurf gelöscht."))
    return redirect(quote.revises or quote.amends or "billing:quote_list")
