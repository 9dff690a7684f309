"""The settings of the business. One form per page, one button; what touches money asks who is there once more."""

import copy
from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, businesses, logos, terms
from accounts.forms import (
    BankForm,
    BusinessForm,
    CustomerPageForm,
    DocumentsForm,
    FollowUpForm,
    LookForm,
    PeriodFormSet,
    TaxForm,
)
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff

PAGE = 50
MOST_VERSIONS = 20  # of the terms, on the page
form_page = require_http_methods(["GET", "HEAD", "POST"])


@staff(Right.MANAGE_BUSINESS)
@form_page
def settings(request):
    """Who the business is, and what is still missing (SET4)."""
    missing = {
        "missing_for_invoices": businesses.missing_for_invoices(request.business),
        "missing_for_quotes": businesses.missing_for_quotes(request.business),
    }
    return _page(request, BusinessForm, "accounts/settings.html", **missing)


@staff(Right.MANAGE_BUSINESS)
@form_page
def settings_tax(request):
    """Tax numbers, and since when the business is a Kleinunternehmer."""
    posted = request.POST if request.method == "POST" else None
    stored = list(request.business.small_business_periods.values("valid_from", "valid_until"))
    periods = PeriodFormSet(posted, initial=stored, prefix="zeit")
    form = TaxForm(posted, instance=copy.copy(request.business))
    if posted is not None and all([form.is_valid(), periods.is_valid()]):
        try:
            waived_from = form.cleaned_data["small_business_waived_from"]
            businesses.set_small_business(
                request.business, _periods(periods), by=request.member, waived_from=waived_from
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return _saved(request, form)
    is_wrong = posted is not None
    context = {"periods": periods, "is_small_business": businesses.is_small_business_today(request.business)}
    return _render(request, "accounts/settings_tax.html", form, status=422 if is_wrong else 200, **context)


@staff(Right.MANAGE_BUSINESS)
@form_page
@reauthentication_required(allow_get=True)
def settings_bank(request):
    """Where customers pay to. All owners are told of a change (R125)."""
    return _page(request, BankForm, "accounts/settings_bank.html")


@staff(Right.MANAGE_BUSINESS)
@form_page
def settings_look(request):
    """Colour and logo, with a preview."""
    form = LookForm(
        request.POST if request.method == "POST" else None, request.FILES or None, instance=copy.copy(request.business)
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data.pop("logo")
        try:
            if file:
                logos.change(request.business, file, by=request.member)
        except Refusal as refusal:
            form.add_error("logo", refusal.message)
        else:
            return _saved(request, form)
    return _render(request, "accounts/settings_look.html", form, status=422 if form.errors else 200)


@staff(Right.MANAGE_BUSINESS)
@require_POST
def logo_remove(request):
    """Go back to the first letter."""
    logos.remove(request.business, by=request.member)
    messages.success(request, _("Das Logo ist entfernt."))
    return redirect("accounts:settings_look")


@staff(Right.MANAGE_BUSINESS)
@form_page
def settings_documents(request):
    """Periods and texts, with the days they lead to."""
    today, business = timezone.localdate(), request.business
    example = {
        "valid_until": today + timedelta(days=business.quote_days),
        "due_on": today + timedelta(days=business.payment_days),
        "asked_on": today + timedelta(days=business.feedback_days),
    }
    context = {"example": example, "terms_versions": terms.versions()[:MOST_VERSIONS]}
    return _page(request, DocumentsForm, "accounts/settings_documents.html", **context)


@staff(Right.MANAGE_BUSINESS)
@require_safe
def settings_terms_version(request, pk):
    """One wording of the terms, as customers agreed to it."""
    version = get_object_or_404(terms.versions(), pk=pk)
    return render(request, "accounts/settings_terms_version.html", {"version": version})


@staff(Right.MANAGE_BUSINESS)
@form_page
def settings_follow_up(request):
    """When customers and the office are reminded of quotes."""
    return _page(request, FollowUpForm, "accounts/settings_follow_up.html")


@staff(Right.MANAGE_BUSINESS)
@form_page
def settings_customer_page(request):
    """How customers come in."""
    return _page(request, CustomerPageForm, "accounts/settings_customer_page.html")


@staff(Right.MANAGE_BUSINESS)
@require_safe
def settings_log(request):
    """Who changed what matters."""
    found = AuditEntry.objects.select_related("by__user")
    before = request.GET.get("vor", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.order_by("-pk")[: PAGE + 1])
    older_url = f"?vor={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    entries = [(entry, audit.said(entry)) for entry in rows[:PAGE]]
    return render(request, "accounts/settings_log.html", {"entries": entries, "older_url": older_url})


def _page(request, form_class, template, **context):
    """Show a form about the business, or save it."""
    form = form_class(request.POST if request.method == "POST" else None, instance=copy.copy(request.business))
    if request.method == "POST" and form.is_valid():
        return _saved(request, form)
    return _render(request, template, form, status=422 if form.errors else 200, **context)


def _saved(request, form):
    businesses.change(request.business, by=request.member, **form.cleaned_data)
    messages.success(request, _("Gespeichert."))
    return redirect(request.path)


def _render(request, template, form, *, status, **context):
    context |= {"form": form, "bank_change": audit.recent_bank_change()}
    return render(request, template, context, status=status)


def _periods(formset):
    return [
        (form.cleaned_data["valid_from"], form.cleaned_data["valid_until"])
        for form in formset
        if form.cleaned_data.get("valid_from") and not form.cleaned_data.get("DELETE")
    ]
