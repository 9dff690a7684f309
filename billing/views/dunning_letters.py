"""Reminding of money: proposals, the letter before it goes out (IND4), letters sent, claims that will be barred."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import default_dates, dunning_letters, rendering
from billing import dunning as verbs
from billing.documents import model as documents
from billing.dunning_forms import REASONS, LetterForm, PlanForm, StopForm
from billing.models import DunningLetter, Invoice
from billing.views import documents as files
from billing.views.paging import PARAMETER, SIZE, page
from crm.models import Customer

CHIPS = [
    ("vorschlaege", gettext_lazy("Vorschläge")),
    ("gesendet", gettext_lazy("Gesendet")),
    ("verjaehrung", gettext_lazy("Verjährung")),
]
HIGH_COSTS = 1  # euros; what courts still took for print and postage against consumers lay below (R68)


@dataclass(frozen=True)
class Shown:
    """A letter that could go out: the frozen content to be, its words, its hash."""

    letter: dunning_letters.Letter
    words: dict
    seen: str


@require_safe
@staff(Right.SEE_MONEY)
def dunning(request):
    """Whom to remind and whom not, and why; letters that went out; what will be barred."""
    wanted = request.GET.get("zeige", "")
    wanted = wanted if wanted in dict(CHIPS) else "vorschlaege"
    counts = {"verjaehrung": verbs.barred_soon(on=timezone.localdate()).count()}
    chips = [{"key": key, "label": label, "on": key == wanted, "count": counts.get(key)} for key, label in CHIPS]
    context = {"chips": chips, "wanted": wanted}
    return render(request, "billing/dunning.html", context | SECTIONS[wanted](request))


def _proposals(request):
    found = verbs.proposals(on=timezone.localdate())
    after = request.GET.get(PARAMETER, "")
    start = next((n for n, each in enumerate(found, 1) if str(each.customer.pk) == after), 0)
    rows = found[start : start + SIZE]
    has_more = len(found) > start + SIZE
    return {
        "ready": [each for each in rows if each.ready],
        "held": [each for each in rows if not each.ready],
        "next_query": f"?{PARAMETER}={rows[-1].customer.pk}" if has_more else "",
        "sum": sum(each.due for each in found),
    }


def _letters(request):
    rows = DunningLetter.objects.select_related("customer", "by__user").defer("content")
    return {"page": page(rows, request)}


def _barred(request):
    shown = page(verbs.barred_soon(on=timezone.localdate()), request, by="due_on")
    return {"page": shown, "rows": [(row, default_dates.limitation_on(row.due_on)) for row in shown.rows]}


SECTIONS = {"vorschlaege": _proposals, "gesendet": _letters, "verjaehrung": _barred}


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.ISSUE_INVOICES)
def dunning_letter_create(request, pk):
    """The letter as it would go out. Looking with other choices is a GET, sending what was shown a POST."""
    proposal = verbs.proposal_for(_customer(pk), on=timezone.localdate())
    if not proposal.ready:
        return render(request, "billing/dunning_letter_create.html", {"proposal": proposal, **_stopping(proposal)})
    form = _form(request, proposal)
    shown, refusal = _shown(request, proposal, form)
    if request.method == "POST" and shown:
        try:
            letter = verbs.send(
                proposal.customer, form.wish(), by=request.member, to=form.cleaned_data["to"],
                seen=request.POST.get("seen", ""),
            )  # fmt: skip
        except Refusal as found:
            refusal = found
            if found.field in form.fields:
                form.add_error(found.field, found.message)
        else:
            messages.success(request, _said(letter))
            return redirect(letter)
    business = proposal.customer.business
    context = {
        "proposal": proposal, "form": form, "shown": shown, "refusal": refusal, **_stopping(proposal),
        "query": request.GET.urlencode(),
        "has_high_costs": proposal.customer.is_consumer and business.dunning_costs > HIGH_COSTS,
    }  # fmt: skip
    is_wrong = request.method == "POST"
    status = 422 if is_wrong and form.errors else 409 if is_wrong else 200
    return render(request, "billing/dunning_letter_create.html", context, status=status)


def _form(request, proposal):
    """The posted choices, those of the address, or what is suggested; a new level brings its own suggestions."""
    data = request.POST if request.method == "POST" else request.GET.copy()
    if request.method != "POST":
        data.setdefault("to", proposal.to)  # asked for beside the button that sends, not here
    level = data.get("level", "")
    chosen = int(level) if level in {str(value) for value in DunningLetter.Level.values} else None
    wish = verbs.wish_for(proposal, level=chosen)
    is_new_level = chosen is None or data.get("shown_level") != level
    return LetterForm(
        None if request.method != "POST" and is_new_level else data, proposal=proposal, wish=wish
    )  # fmt: skip


def _shown(request, proposal, form):
    """What the form leads to, and why it leads to nothing."""
    if form.is_bound and not form.is_valid():
        return None, None
    wish = form.wish() if form.is_bound else _initial(form)
    try:
        letter, _invoices = verbs.draft(proposal, wish, on=timezone.localdate(), by=request.member)
    except Refusal as refusal:
        return None, refusal
    return Shown(letter, dunning_letters.context(letter), documents.content_hash(letter)), None


def _initial(form):
    names = verbs.Wish.__dataclass_fields__
    values = {name: form.initial[name] for name in names}
    return verbs.Wish(**{**values, "invoices": frozenset(values["invoices"])})


def _said(letter):
    if letter.level == DunningLetter.Level.HANDOVER:
        return _("Forderungsaufstellung erstellt.")
    if letter.send_to:
        return _("%(letter)s geht an %(to)s.") % {"letter": letter.get_level_display(), "to": letter.send_to}
    return _("%(letter)s erstellt. Bitte drucken und per Post senden.") % {"letter": letter.get_level_display()}


def _stopping(proposal):
    return {"stop_form": StopForm(initial={"reason": proposal.customer.dunning_stop}), "reasons": REASONS}


@require_safe
@staff(Right.ISSUE_INVOICES)
def dunning_letter_preview(request, pk):
    """The paper of the letter with the choices of the address, drawn now and not kept."""
    proposal = verbs.proposal_for(_customer(pk), on=timezone.localdate())
    if not proposal.ready:
        return redirect("billing:dunning_letter_create", pk)
    shown, refusal = _shown(request, proposal, _form(request, proposal))
    if refusal:
        raise refusal
    if shown is None:
        return redirect("billing:dunning_letter_create", pk)
    pdf = rendering.dunning_preview(shown.letter, proposal.customer.business)
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": "inline"})


@require_safe
@staff(Right.SEE_MONEY)
def dunning_letter(request, pk):
    """A letter that went out, as it was."""
    row = _letter(pk)
    words = dunning_letters.context(dunning_letters.read(row))
    return render(request, "billing/dunning_letter.html", {"row": row, "words": words})


@require_safe
@staff(Right.SEE_MONEY)
def dunning_letter_pdf(request, pk):
    """Its stored file."""
    row = _letter(pk)
    return files.stored_file(request, row, row.pdf, f"{dunning_letters.title(row.level)} {row.issued_on}.pdf")


@require_POST
@staff(Right.ISSUE_INVOICES)
def dunning_customer_stop(request, pk):
    """Remind a customer of nothing any more, or again."""
    customer = _customer(pk)
    reason = request.POST.get("reason", "")[:200]
    verbs.stop_customer(customer, reason=reason, by=request.member)
    messages.success(
        request, _("Dieser Kunde wird nicht mehr gemahnt.") if reason.strip() else _("Mahnstopp aufgehoben.")
    )
    return redirect("billing:dunning_letter_create", pk)


@require_POST
@staff(Right.ISSUE_INVOICES)
def invoice_dunning_stop(request, pk):
    """Remind of an invoice no more; without a reason: again."""
    invoice = _invoice(pk)
    if "aufheben" in request.POST:
        verbs.resume(invoice, by=request.member)
        messages.success(request, _("Mahnstopp aufgehoben."))
    else:
        verbs.stop(invoice, reason=request.POST.get("reason", "")[:200], by=request.member)
        messages.success(request, _("Diese Rechnung wird nicht mehr gemahnt."))
    return redirect(f"{invoice.get_absolute_url()}#mahnen")


@require_POST
@staff(Right.ISSUE_INVOICES)
def invoice_plan(request, pk):
    """Agree on equal monthly instalments."""
    invoice = _invoice(pk)
    form = PlanForm(request.POST)
    if not form.is_valid():
        raise Refusal(str(next(iter(form.errors.values()))[0]), field="count")
    rates = verbs.even_instalments(invoice.open_amount, **form.cleaned_data)
    verbs.agree_plan(invoice, rates, by=request.member)
    messages.success(request, _("Ratenzahlung vereinbart."))
    return redirect(f"{invoice.get_absolute_url()}#mahnen")


@require_POST
@staff(Right.ISSUE_INVOICES)
def invoice_plan_end(request, pk):
    """The instalments no longer count."""
    invoice = _invoice(pk)
    verbs.end_plan(invoice, by=request.member)
    messages.success(request, _("Ratenzahlung beendet."))
    return redirect(f"{invoice.get_absolute_url()}#mahnen")


def _customer(pk):
    return get_object_or_404(Customer.objects.select_related("business"), pk=pk)


def _letter(pk):
    return get_object_or_404(DunningLetter.objects.select_related("customer", "by__user"), pk=pk)


def _invoice(pk):
    issued = Invoice.objects.exclude(state=Invoice.State.DRAFT).select_related("customer", "business")
    return get_object_or_404(issued, pk=pk)
