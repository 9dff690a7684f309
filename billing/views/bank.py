"""Bank statements: taking files in, and their entries with what each may be."""

from decimal import Decimal

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import bank_entries, bank_statements
from billing.bank_forms import AssignForm, StatementForm
from billing.models import BankEntry, BankStatement, Invoice, Payment
from billing.views import documents
from billing.views.paging import page

State = BankEntry.State
CHIPS = [
    ("offen", gettext_lazy("Offen"), Q(state=State.OPEN)),
    ("verbucht", gettext_lazy("Verbucht"), Q(state=State.BOOKED)),
    ("andere", gettext_lazy("Nicht von Kunden"), Q(state=State.IGNORED)),
    ("alle", gettext_lazy("Alle"), Q()),
]
SIZE = 25  # entries on a page: each is looked up among all open invoices
MOST = 12  # invoices to choose from


@require_safe
@staff(Right.SEE_MONEY)
def bank(request):
    """Entries with what they may be, newest first, and the field for the next file."""
    return _bank(request)


@require_POST
@staff(Right.ISSUE_INVOICES)
def bank_upload(request):
    """Take a file in: all of it or nothing."""
    form = StatementForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            statement = bank_statements.take_in(form.cleaned_data["file"], by=request.member)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return redirect("billing:bank_statement", statement.pk)
    return _bank(request, form=form, status=422)


@require_safe
@staff(Right.SEE_MONEY)
def bank_statement(request, pk):
    """What a file brought, and how far booking it is."""
    statement = get_object_or_404(_statements(), pk=pk)
    return render(request, "billing/bank_statement.html", {"statement": statement})


@require_safe
@staff(Right.SEE_MONEY)
def bank_statement_file(request, pk):
    """The bank's file as it came (§ 147 AO)."""
    statement = get_object_or_404(BankStatement, pk=pk)
    return documents.stored_file(request, statement, statement.file, statement.name, "application/octet-stream")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.ISSUE_INVOICES)
def bank_entry(request, pk):
    """Share an entry out over invoices by hand."""
    entry = get_object_or_404(_entries(), pk=pk)
    rest = bank_entries.rest_of(entry)
    search = request.GET.get("q", "").strip()
    found = _invoices_for(entry, rest, search)
    is_sent = request.method == "POST"
    first = found[0] if found else None
    initial = {"amount": max(rest, Decimal(0)), "invoice": first.pk if first else None}
    form = AssignForm(request.POST, invoices=found) if is_sent else AssignForm(initial=initial, invoices=found)
    if is_sent and form.is_valid():
        try:
            bank_statements.assign(entry, by=request.member, **form.cleaned_data)
        except Refusal as refusal:
            if refusal.field not in form.fields:
                raise
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Auf %(number)s gebucht.") % {"number": form.cleaned_data["invoice"]})
            entry.refresh_from_db()
            return redirect("billing:bank_entry", pk) if entry.state == State.OPEN else redirect("billing:bank")
    context = {
        "entry": entry, "rest": rest, "form": form, "search": search, "booked": _booked(entry),
        "can_assign": entry.state == State.OPEN and rest > 0,
    }  # fmt: skip
    return render(request, "billing/bank_entry.html", context, status=422 if form.errors else 200)


@require_POST
@staff(Right.ISSUE_INVOICES)
def bank_entry_book(request, pk):
    """Book what the page proposed, if it is still the same."""
    entry = get_object_or_404(_entries(), pk=pk)
    proposed = bank_entries.Finder([entry]).suggestions(entry, bank_entries.rest_of(entry))
    wanted = next((each for each in proposed if each.key == request.POST.get("vorschlag", "")), None)
    if entry.state != State.OPEN or wanted is None:
        raise Refusal(_("Dieser Vorschlag passt nicht mehr. Bitte laden Sie die Seite neu."))
    bank_statements.book(entry, wanted.proposal, by=request.member)
    messages.success(request, _("Gebucht."))
    return redirect("billing:bank")


@require_POST
@staff(Right.ISSUE_INVOICES)
def bank_entry_ignore(request, pk):
    """Put an entry aside that is not about an invoice."""
    bank_statements.ignore(get_object_or_404(BankEntry, pk=pk))
    messages.success(request, _("Beiseitegelegt."))
    return redirect("billing:bank")


@require_POST
@staff(Right.ISSUE_INVOICES)
def bank_entry_undo(request, pk):
    """Make an entry open again; what was booked from it is taken back."""
    bank_statements.undo(get_object_or_404(BankEntry, pk=pk), by=request.member)
    messages.success(request, _("Wieder offen."))
    return redirect("billing:bank_entry", pk)


def _bank(request, *, form=None, status=200):
    chips = {key: (label, which) for key, label, which in CHIPS}
    wanted = request.GET.get("stand", "")
    wanted = wanted if wanted in chips else "offen"
    search = request.GET.get("q", "").strip()
    found = BankEntry.objects.all()
    for word in search.split()[:6]:
        found = found.filter(Q(party__icontains=word) | Q(purpose__icontains=word) | Q(reference__icontains=word))
    counted = found.aggregate(
        **{f"n_{key}": Count("pk", filter=which) for key, (_label, which) in chips.items() if which}
    )
    counted["n_alle"] = sum(counted.values())
    shown = page(_entries(found.filter(chips[wanted][1])), request, by="-booked_on", size=SIZE)
    open_ones = [entry for entry in shown.rows if entry.state == State.OPEN]
    finder = bank_entries.Finder(open_ones) if open_ones else None
    for entry in shown.rows:
        entry.rest = entry.amount - sum(
            row.amount + row.interest + row.costs
            for row in entry.payments.all()
            if row.method not in {Payment.Method.SKONTO, Payment.Method.WITHHELD}
        )
        is_open = finder and entry.state == State.OPEN
        entry.suggestions = finder.suggestions(entry, entry.rest) if is_open else []
    return render(
        request,
        "billing/bank.html",
        {
            "page": shown, "wanted": wanted, "search": search, "form": form or StatementForm(),
            "chips": [
                {"key": key, "label": label, "count": counted[f"n_{key}"], "on": key == wanted}
                for key, (label, _which) in chips.items()
            ],
            "is_empty": not counted["n_alle"] and not search, "statements": _statements()[:5],
        },
        status=status,
    )  # fmt: skip


def _entries(found=None):
    """Entries with the payments that stand of them."""
    standing = Payment.objects.filter(reversed_by=None).select_related("invoice__customer").defer("invoice__document")
    found = BankEntry.objects.all() if found is None else found
    return found.select_related("statement").prefetch_related(Prefetch("payments", queryset=standing))


def _statements():
    """Statements, newest first, with how many of their entries are in which state."""
    counts = {name: Count("entries", filter=Q(entries__state=state)) for name, state in (
        ("n_open", State.OPEN), ("n_booked", State.BOOKED), ("n_ignored", State.IGNORED),
    )}  # fmt: skip
    return BankStatement.objects.annotate(n_new=Count("entries"), **counts).select_related("by__user").order_by("-pk")


def _booked(entry):
    return [row for row in entry.payments.all() if row.entry_id == entry.pk]


def _invoices_for(entry, rest, search):
    """Invoices to choose from: those searched for, else the proposed ones and then the oldest that are open."""
    issued = Invoice.objects.filter(kind__in=Invoice.DEMANDS).select_related("customer").defer("document")
    if search:
        found = documents.matching(issued.filter(state__in=[Invoice.State.OPEN, Invoice.State.PAID]), search)
        return list(found.order_by("state", "due_on", "pk")[:MOST])
    proposed = [
        invoice for each in bank_entries.Finder([entry]).suggestions(entry, rest) for invoice, _sum in each.parts
    ]
    oldest = issued.filter(state=Invoice.State.OPEN).order_by("due_on", "pk")[:MOST]
    return list(dict.fromkeys([*proposed, *oldest]))[:MOST]
