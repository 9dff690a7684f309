"""Customers' questions, answered; and mails that did not arrive."""

from django.contrib import messages as flash
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rights import Right
from accounts.staff import staff
from crm import mail, messages
from crm.forms import AnswerForm
from crm.models import Mail, Message
from crm.wakeup import kick

MAILS = 50


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def message_answer(request, pk):
    """The conversation about a document, and an answer to it."""
    message = get_object_or_404(Message.objects.select_related("customer").prefetch_related("subject"), pk=pk)
    if message.subject is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        subject, customer = message.subject, message.customer
        messages.answer(subject, form.cleaned_data["text"], customer=customer, by=request.member)
        if messages.open_link(subject, customer):
            flash.success(request, _("Die Antwort ist unterwegs."))
        else:
            flash.warning(request, _("Die Antwort ist gespeichert, aber nicht gemailt: Es gibt keinen offenen Link."))
        return redirect(message.customer)
    context = {
        "form": form,
        "customer": message.customer,
        "subject": message.subject,
        "thread": messages.thread(message.subject),
        "message": message,
    }
    return render(request, "crm/message_answer.html", context, status=422 if form.errors else 200)


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
    failed = Mail.objects.filter(state=Mail.State.FAILED).select_related("customer").order_by("-pk")
    latest = Mail.objects.exclude(state=Mail.State.FAILED).select_related("customer").order_by("-pk")
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
