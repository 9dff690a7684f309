"""Conversations with customers, and mails that did not arrive."""

from django.contrib import messages as flash
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from accounts.wakeup import kick
from crm import answer_figures, mail, messages, threads
from crm.forms import AnswerForm
from crm.models import Mail, Message

MAILS = 50


@require_safe
@staff(Right.WRITE_CONTACTS)
def message_list(request):
    """Every conversation: what nobody has answered first (FRA2), then by the last word; and how fast we answer."""
    waiting = threads.waiting()
    before = request.GET.get("vor", "")
    before = int(before) if before.isdecimal() and len(before) < 19 else None
    latest = threads.latest(but=waiting, before=before, most=threads.SHOWN + 1)
    context = {
        "waiting": [] if before else waiting,
        "latest": latest[: threads.SHOWN],
        "older_than": latest[threads.SHOWN - 1].newest.pk if len(latest) > threads.SHOWN else None,
        "figures": answer_figures.lately(),
    }
    return render(request, "crm/message_list.html", context)


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def message_answer(request, pk):
    """The conversation about a document, and an answer to it."""
    message = get_object_or_404(Message.objects.select_related("customer").prefetch_related("subject"), pk=pk)
    if message.subject is None:
        raise Http404
    subject, customer, status = message.subject, message.customer, 200
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm()
    if request.method == "POST" and form.is_valid():
        try:
            messages.answer(subject, customer=customer, by=request.member, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            status = refusal.status
    if request.method == "POST" and not form.errors:
        if messages.open_link(subject, customer):
            flash.success(request, _("Die Antwort ist unterwegs."))
        else:
            flash.warning(request, _("Die Antwort ist gespeichert, aber nicht gemailt: Es gibt keinen offenen Link."))
        return redirect(customer)
    thread = list(messages.thread(subject))
    context = {
        "form": form,
        "customer": customer,
        "subject": subject,
        "thread": thread,
        "waits": any(each.is_from_customer and each.read_at is None for each in thread),
        "message": message,
    }
    if form.errors and status == 200:
        status = 422
    return render(request, "crm/message_answer.html", context, status=status)


@require_POST
@staff(Right.WRITE_CONTACTS)
def message_read(request, pk):
    """The question needs no written answer: somebody called, or it was a thank-you."""
    message = get_object_or_404(Message.objects.prefetch_related("subject"), pk=pk)
    messages.mark_read(message.subject)
    return redirect(message.customer)


@require_safe
@staff(Right.WRITE_CONTACTS)
def mail_list(request):
    """The outbox: what could not be delivered first, then the latest."""
    lost = [Mail.State.FAILED, Mail.State.BOUNCED]
    failed = Mail.objects.filter(state__in=lost).select_related("customer").order_by("-pk")
    latest = Mail.objects.exclude(state__in=lost).select_related("customer").order_by("-pk")
    before = request.GET.get("vor", "")
    if before.isdecimal():
        latest = latest.filter(pk__lt=before[:18])
    page = list(latest[: MAILS + 1])
    context = {
        "failed": [] if before else failed[:200],
        "mails": page[:MAILS],
        "older_than": page[MAILS - 1].pk if len(page) > MAILS else None,
    }
    return render(request, "crm/mail_list.html", context)


@require_POST
@staff(Right.WRITE_CONTACTS)
def mail_retry(request, pk):
    """Send a failed mail once more."""
    row = get_object_or_404(Mail, pk=pk)
    mail.retry(row)
    kick("crm.tasks.deliver", row.pk)
    flash.success(request, _("Die E-Mail an %(to)s geht noch einmal raus.") % {"to": row.to})
    return redirect("crm:mail_list")
