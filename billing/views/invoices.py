"""Invoices: list, page and the steps after issuing (before: billing/views/invoice_editor.py)."""

from datetime import timedelta
from decimal import Decimal

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Count, F, Q, Sum
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import claims, corrections, einvoice_checks, einvoice_duty, invoices, payments
from billing.documents.model import sections
from billing.documents.preflight import preflight
from billing.forms import CancelForm, ToForm
from billing.models import Invoice, InvoiceAttachment, Payment
from billing.payment_forms import OffsetForm, PaymentForm, RefundForm
from billing.views import documents
from billing.views.paging import page
from crm import mail, recipients

State = Invoice.State
SOON = timedelta(days=3)
CANCELLED = (*Invoice.DEMANDS, Invoice.Kind.REDUCTION)  # what a Stornorechnung can take back

# key, words, selection, order
CHIPS = [
    ("offen", gettext_lazy("Offen"), Q(state=State.OPEN), "due_on"),
    ("ueberfaellig", gettext_lazy("Überfällig"), None, "due_on"),
    ("entwuerfe", gettext_lazy("Entwürfe"), Q(state=State.DRAFT), "-created_at"),
    ("bezahlt", gettext_lazy("Bezahlt"), Q(state=State.PAID), "-paid_on"),
    ("alle", gettext_lazy("Alle"), Q(), "-created_at"),
]


@require_safe
@staff(Right.SEE_MONEY)
def invoice_list(request):
    """Invoices by state, overdue ones worst first; the sums are those of the selection that is shown."""
    today = timezone.localdate()
    chips = {key: (label, which if which is not None else _overdue(today), by) for key, label, which, by in CHIPS}
    wanted = request.GET.get("stand", "")
    wanted = wanted if wanted in chips else "offen"
    search = request.GET.get("q", "").strip()
    found = documents.matching(Invoice.objects.all(), search)
    counted = found.order_by().aggregate(
        **{f"n_{key}": Count("pk", filter=which or Q(pk__gt=0)) for key, (_label, which, _by) in chips.items()},
        open=Sum(F("gross") - F("paid"), filter=Q(state=State.OPEN)),
        overdue=Sum(F("gross") - F("paid"), filter=_overdue(today)),
    )
    _label, which, by = chips[wanted]
    shown = page(found.filter(which).select_related("customer").defer("document"), request, by=by)
    seen = documents.views_of(Invoice, [invoice.pk for invoice in shown.rows])
    for invoice in shown.rows:
        invoice.seen = seen.get(invoice.pk)
        invoice.days_left = (invoice.due_on - today).days if invoice.due_on else None
    return render(
        request,
        "billing/invoice_list.html",
        {
            "page": shown, "search": search, "wanted": wanted, "soon": SOON.days,
            "chips": [
                {"key": key, "label": label, "count": counted[f"n_{key}"], "on": key == wanted}
                for key, (label, _which, _by) in chips.items()
            ],
            "open": counted["open"] or Decimal(0), "overdue": counted["overdue"] or Decimal(0),
            "is_empty": not counted["n_alle"] and not search,
        },
    )  # fmt: skip


@require_safe
@staff(Right.SEE_MONEY)
def invoice_detail(request, pk):
    """An issued invoice: what it says, what was paid, what to do next. Drafts have a page of their own."""
    invoice = _invoice(pk)
    if invoice.is_draft:
        return redirect("billing:invoice_edit", invoice.pk)
    return _page(request, invoice)


@require_POST
@staff(Right.ISSUE_INVOICES)
def payment_record(request, pk):
    """Book money that came in."""
    invoice = _invoice(pk)
    form = PaymentForm(request.POST, invoice=invoice)
    if form.is_valid():
        try:
            payments.record(invoice, by=request.member, **form.cleaned_data)
        except Refusal as refusal:
            if refusal.field not in form.fields:
                raise
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Zahlung gebucht."))
            return redirect(invoice)
    return _page(request, invoice, payment_form=form, status=422)


@require_POST
@staff(Right.ISSUE_INVOICES)
def payment_reverse(request, pk):
    """Take a booking back; both rows stay."""
    payment = get_object_or_404(Payment.objects.select_related("invoice"), pk=pk)
    payments.reverse(payment, by=request.member)
    messages.success(request, _("Zahlung zurückgenommen."))
    return redirect(payment.invoice)


@require_POST
@staff(Right.ISSUE_INVOICES)
def payment_refund(request, pk):
    """Book that the customer got back what was paid too much."""
    invoice = _invoice(pk)
    form = RefundForm(request.POST, prefix="erstatten")
    if form.is_valid():
        try:
            payments.refund(invoice, by=request.member, **form.cleaned_data)
        except Refusal as refusal:
            if refusal.field not in form.fields:
                raise
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Erstattung gebucht."))
            return redirect(invoice)
    return _page(request, invoice, refund_form=form, status=422)


@require_POST
@staff(Right.ISSUE_INVOICES)
def payment_offset(request, pk):
    """Pay another invoice of the customer with what was paid too much."""
    invoice = _invoice(pk)
    form = OffsetForm(request.POST, invoice=invoice, prefix="verrechnen")
    if not form.is_valid():
        return _page(request, invoice, offset_form=form, status=422)
    other = form.cleaned_data["on"]
    payments.offset(invoice, on=other, by=request.member)
    messages.success(request, _("Mit %(number)s verrechnet.") % {"number": other.number})
    return redirect(invoice)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def invoice_send(request, pk):
    """Mail the stored files once more."""
    invoice = _invoice(pk)
    form = ToForm(request.POST, prefix="senden")
    if not form.is_valid():
        return _page(request, invoice, send_form=form, status=422)
    invoices.send(invoice, to=form.cleaned_data["to"], by=request.member)
    messages.success(request, _("Rechnung geht an %(to)s.") % form.cleaned_data)
    return redirect(invoice)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def invoice_remind(request, pk):
    """Send the friendly reminder that the page showed."""
    invoice = _invoice(pk)
    form = ToForm(request.POST, prefix="erinnern")
    if not form.is_valid():
        return _page(request, invoice, remind_form=form, status=422)
    invoices.remind(invoice, by=request.member, to=form.cleaned_data["to"])
    messages.success(request, _("Zahlungserinnerung gesendet an %(to)s.") % form.cleaned_data)
    return redirect(invoice)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.ISSUE_INVOICES)
def invoice_cancel(request, pk):
    """Cancel by a Stornorechnung; the page says what follows before it happens."""
    invoice = _invoice(pk)
    form = CancelForm(
        request.POST or None, initial={"send_to": invoice.send_to or recipients.for_invoices(invoice.customer)}
    )
    why_not = _why_not_cancelled(invoice)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        if data.pop("anew"):
            draft = corrections.rewrite(invoice, by=request.member, **data)
            messages.success(
                request, _("%(number)s ist storniert. Hier ist der neue Entwurf.") % {"number": invoice.number}
            )
            return redirect(draft)
        cancellation = invoices.cancel(invoice, by=request.member, **data)
        messages.success(
            request,
            _("%(number)s ist storniert. Stornorechnung: %(new)s.")
            % {"number": invoice.number, "new": cancellation.number},
        )
        return redirect(invoice)
    return render(
        request,
        "billing/invoice_cancel.html",
        {"invoice": invoice, "form": form, "why_not": why_not},
        status=422 if form.errors else 200,
    )


def _why_not_cancelled(invoice):
    """Why an issued document is not cancelled, in a sentence; empty when it can be."""
    if invoice.state == State.CANCELLED:
        words = {"number": invoice, "state": invoice.get_state_display()}
        return _("%(number)s ist bereits: %(state)s. Stornieren ist nicht möglich.") % words
    return invoices.why_not_cancelled(invoice)


@require_POST
@staff(Right.WRITE_CONTACTS)
def invoice_answer(request, pk):
    """Answer the customer's question."""
    return documents.answer(request, _invoice(pk))


@require_safe
@staff(Right.SEE_MONEY)
def invoice_pdf(request, pk):
    """The stored PDF: always the same bytes (R24)."""
    invoice = _issued(pk)
    return documents.stored_file(request, invoice, invoice.pdf, f"{invoice.number}.pdf")


@require_safe
@staff(Right.SEE_MONEY)
def invoice_xml(request, pk):
    """The stored structured invoice."""
    invoice = _issued(pk)
    return documents.stored_file(request, invoice, invoice.xml, f"{invoice.number}.xml", "application/xml")


@require_safe
@staff(Right.SEE_MONEY)
def invoice_attachment(request, pk, file_pk):
    """A file that goes along with an invoice, as it is stored; only ever saved."""
    found = get_object_or_404(InvoiceAttachment, pk=file_pk, invoice=pk)
    file = default_storage.open(found.stored)
    return FileResponse(file, as_attachment=True, filename=found.name, content_type=found.content_type)


@require_safe
@staff(Right.SEE_MONEY)
def invoice_check(request, pk):
    """The report on the structured invoice, as it was kept."""
    invoice = _issued(pk)
    check = einvoice_checks.latest(invoice)
    if check is None:
        raise Http404
    name = content_disposition_header(True, f"{invoice.number}-Pruefbericht.json")
    return HttpResponse(check.report, content_type="application/json", headers={"Content-Disposition": name})


def _overdue(today):
    return Q(state=State.OPEN, due_on__lt=today, gross__gt=F("paid"))


def _invoice(pk):
    return get_object_or_404(
        Invoice.objects.select_related(
            "customer", "business", "order__quote", "cancels", "cancelled_by", "corrects", "issued_by__user"
        ),
        pk=pk,
    )


def _issued(pk):
    return get_object_or_404(Invoice.objects.exclude(state=State.DRAFT), pk=pk)


def _page(
    request,
    invoice,
    *,
    payment_form=None,
    refund_form=None,
    offset_form=None,
    send_form=None,
    remind_form=None,
    status=200,
):
    if invoice.is_draft:
        return redirect("billing:invoice_edit", invoice.pk)
    document = invoice.frozen_document
    check = einvoice_checks.latest(invoice)
    report = einvoice_checks.read(check) if check else None
    links = documents.links_of(invoice)
    to = invoice.send_to or recipients.for_invoices(invoice.customer)
    return render(
        request,
        "billing/invoice_detail.html",
        {
            "invoice": invoice, "document": document, "sections": sections(document),
            "payments": invoice.payments.select_related("by__user", "reversed_by") if invoice.is_demand else [],
            "open_url": next((shown.url for shown in links if shown.url), ""),
            **documents.looks(links),
            "must_be_einvoice": einvoice_duty.is_owed(
                document, prior_year_turnover=request.business.prior_year_turnover
            ),
            "check": check, "report": report, "attached": list(invoice.attachments.all()),
            "faults": report.faults if report else [each for each in preflight(document) if not each.is_warning],
            "form": payment_form or refund_form or offset_form or send_form or remind_form,
            **_money_forms(invoice, payment_form, refund_form, offset_form),
            "send_form": send_form or ToForm(initial={"to": to}, prefix="senden"),
            "remind_form": (remind_form or ToForm(initial={"to": to}, prefix="erinnern")) if invoice.is_overdue else None,
            "reminder": _reminder_text(invoice) if invoice.is_overdue else "",
            "can_be_cancelled": invoice.kind in CANCELLED and invoice.state != State.CANCELLED,
            "can_be_corrected": invoice.is_demand and invoice.state in corrections.STANDING,
            "can_be_reduced": invoice.is_demand and invoice.kind != Invoice.Kind.PART_PAYMENT and invoice.gross > 0
            and invoice.state in (State.OPEN, State.PAID),
            "about": list(invoice.corrected_by.exclude(state=State.DRAFT)) if invoice.is_demand else [],
            "why_not_due": claims.why_not_due(invoice) if invoice.state == State.OPEN else "",
            "final": claims.last_invoice(invoice.order) if invoice.state == State.REPLACED else None,
            **documents.thread_of(request, invoice),
        },
        status=status,
    )  # fmt: skip


def _money_forms(invoice, payment_form, refund_form, offset_form):
    """What can be booked: money while something is open, its way back while there is a credit."""
    today, open_amount, credit = timezone.localdate(), invoice.open_amount, payments.credit_of(invoice)
    money = {"amount": open_amount, "received_on": today, "method": Payment.Method.TRANSFER}
    back = {"amount": credit, "paid_on": today}
    if payment_form is None and open_amount > 0:
        payment_form = PaymentForm(initial=money, invoice=invoice)
    if credit > 0:
        refund_form = refund_form or RefundForm(initial=back, prefix="erstatten")
        offset_form = offset_form or OffsetForm(invoice=invoice, prefix="verrechnen")
    return {
        "payment_form": payment_form,
        "refund_form": refund_form,
        "offset_form": offset_form if offset_form and offset_form.fields["on"].queryset.exists() else None,
        "credit": credit,
        "skonto": payments.skonto_terms(invoice) if open_amount > 0 else None,
    }


def _reminder_text(invoice):
    """The reminder as it would go out (IND4), with a word where the customer's link stands."""
    subject_line, text, _html = mail.words(
        "billing/mail/invoice_reminder", language=invoice.customer.language, invoice=invoice, customer=invoice.customer,
        link_url=_("(Link zur Rechnung)"),
    )  # fmt: skip
    return f"{subject_line}\n\n{text}".strip()
