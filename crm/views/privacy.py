"""A contact's privacy: consents, requests for information, being forgotten."""

from django.contrib import messages as flash
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from crm import consents, disclosures, erasure, privacy
from crm.models import Consent, Customer, PrivacyRequest, Restriction
from crm.privacy_forms import ConsentForm, EraseForm, PrivacyRequestForm


@require_safe
@staff(Right.WRITE_CONTACTS)
def privacy_page(request, pk):
    """The ledger of consents, requests and what erasing would do."""
    return _page(request, get_object_or_404(Customer, pk=pk))


@require_POST
@staff(Right.WRITE_CONTACTS)
def privacy_ask(request, pk):
    """Note a request; an information is put together at once."""
    customer = get_object_or_404(Customer, pk=pk)
    form = PrivacyRequestForm(request.POST)
    if form.is_valid():
        try:
            privacy.receive(customer, by=request.member, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return redirect("crm:privacy_page", pk)
    return _page(request, customer, asking=form)


@require_POST
@staff(Right.WRITE_CONTACTS)
def consent_note(request, pk):
    """Note what a customer said, signed or wrote about a purpose."""
    customer = get_object_or_404(Customer, pk=pk)
    form = ConsentForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        verb = consents.give if data["step"] == Consent.Step.GIVEN else consents.withdraw
        try:
            verb(customer, data["purpose"], source=data["source"], note=data["note"], by=request.member)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return redirect("crm:privacy_page", pk)
    return _page(request, customer, consent=form)


@require_POST
@staff(Right.WRITE_CONTACTS)
def privacy_erase(request, pk):
    """Forget the contact as far as the law allows; for a request that was noted."""
    customer = get_object_or_404(Customer, pk=pk)
    form = EraseForm(request.POST, customer=customer)
    asked = _open_erasure(customer)
    if asked is None:
        form.add_error(None, _("Bitte halten Sie zuerst die Anfrage fest: wer sie wann gestellt hat."))
    if form.is_valid() and asked is not None:
        try:
            plan = erasure.erase(customer, asked, by=request.member)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            if plan.until is None:
                flash.success(request, _("Der Kontakt ist gelöscht."))
                return redirect("crm:customer_list")
            return redirect("crm:privacy_page", pk)
    return _page(request, customer, erasing=form)


@require_POST
@staff(Right.WRITE_CONTACTS)
def privacy_answer(request, pk):
    """The answer has left the house."""
    asked = get_object_or_404(PrivacyRequest.objects.select_related("customer", "todo"), pk=pk)
    privacy.answer(asked, by=request.member)
    return redirect("crm:privacy_page", asked.customer_id) if asked.customer_id else redirect("crm:customer_list")


@require_POST
@staff(Right.WRITE_CONTACTS)
def privacy_renew(request, pk):
    """Put the information together anew, as of now."""
    asked = get_object_or_404(PrivacyRequest, pk=pk, kind=PrivacyRequest.Kind.INFORMATION, customer__isnull=False)
    disclosures.order(asked)
    return redirect("crm:privacy_page", asked.customer_id)


@require_safe
@staff(Right.WRITE_CONTACTS)
def privacy_file(request, pk):
    """The ZIP with everything, while it is there."""
    asked = get_object_or_404(PrivacyRequest, pk=pk)
    if not asked.is_ready or not default_storage.exists(asked.file):
        raise Http404
    name = f"{_('auskunft')}-{asked.customer_number}-{timezone.localdate(asked.ready_at).isoformat()}.zip"
    return FileResponse(
        default_storage.open(asked.file), as_attachment=True, filename=name, content_type="application/zip"
    )


def _open_erasure(customer):
    return PrivacyRequest.objects.filter(
        customer=customer, kind=PrivacyRequest.Kind.ERASURE, answered_on=None
    ).first()  # fmt: skip


def _page(request, customer, *, asking=None, consent=None, erasing=None):
    bound = asking or consent or erasing
    newest = consents.newest(customer)
    restriction = Restriction.objects.filter(customer=customer).first()
    context = {
        "customer": customer,
        "form": bound,
        "lines": list(Consent.objects.filter(customer=customer).select_related("by__user")),
        "newest": [
            {
                "label": label,
                "line": newest.get(purpose),
                "is_allowed": consents.allows(customer, purpose),
                "text": consents.text(purpose),
            }
            for purpose, label in Consent.Purpose.choices
        ],
        "requests": PrivacyRequest.objects.filter(customer=customer).select_related("by__user"),
        "today": timezone.localdate(),
        "restriction": restriction,
        "asking": asking or PrivacyRequestForm(),
        "consent": consent or ConsentForm(),
        "erasing": erasing or EraseForm(customer=customer),
    }
    if restriction is None and (erasing or _open_erasure(customer)):
        context["plan"] = erasure.look(customer)
    return render(request, "crm/privacy_page.html", context, status=422 if bound and bound.errors else 200)
