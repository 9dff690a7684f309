"""The settings page of online payment: keys of the business, whether they are good, on and off."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing.models import PaymentAccount, Provider
from billing.online import keys
from billing.online_forms import FORMS

PAGE = "billing:online_settings"


@staff(Right.MANAGE_BUSINESS)
@require_safe
def online_settings(request):
    """Both providers, what is entered, and what customers see of it."""
    return _page(request)


@staff(Right.MANAGE_BUSINESS)
@require_POST
@reauthentication_required
def online_keys(request):
    """Store keys; they are never shown again."""
    provider = _provider(request)
    form = FORMS[provider](request.POST, prefix=provider)
    if form.is_valid():
        try:
            account = keys.keep(provider, form.cleaned_data, by=request.member)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Die Schlüssel für %(provider)s sind gespeichert.") % {"provider": account})
            return redirect(PAGE)
    return _page(request, form, status=422)


@staff(Right.MANAGE_BUSINESS)
@require_POST
def online_check(request):
    """Ask the provider whether it takes the keys."""
    account = keys.check(_account(request))
    messages.success(request, _("%(provider)s nimmt die Schlüssel an.") % {"provider": account})
    return redirect(PAGE)


@staff(Right.MANAGE_BUSINESS)
@require_POST
@reauthentication_required
def online_switch(request):
    """Let customers pay with it, or no longer."""
    account = keys.switch(_account(request), is_on=request.POST.get("on") == "1", by=request.member)
    if account.is_on:
        messages.success(request, _("Kunden können jetzt über %(provider)s bezahlen.") % {"provider": account})
    else:
        messages.success(request, _("%(provider)s ist ausgeschaltet.") % {"provider": account})
    return redirect(PAGE)


@staff(Right.MANAGE_BUSINESS)
@require_POST
@reauthentication_required
def online_forget(request):
    """Throw the keys away."""
    account = _account(request)
    keys.forget(account, by=request.member)
    messages.success(request, _("Die Schlüssel für %(provider)s sind entfernt.") % {"provider": account})
    return redirect(PAGE)


def _page(request, bound=None, status=200):
    stored = {account.provider: account for account in PaymentAccount.objects.exclude(credentials="")}
    cards = [
        {
            "provider": provider,
            "account": stored.get(provider),
            "is_test": provider in stored and keys.is_test(stored[provider]),
            "has_messages": provider in stored and keys.has_messages(stored[provider]),
            "form": bound if bound and bound.prefix == provider else FORMS[provider](prefix=provider),
            "is_open": bool(bound and bound.prefix == provider),
            "address": settings.PUBLIC_BASE_URL
            + reverse(settings.PAYMENT_MESSAGES, args=[request.business.slug, provider]),
        }
        for provider in Provider
    ]
    context = {
        "cards": cards,
        "form": bound,
        "on": [card for card in cards if card["account"] and card["account"].is_on],
    }
    return render(request, "billing/online_settings.html", context, status=status)


def _provider(request):
    provider = request.POST.get("provider", "")
    if provider not in Provider.values:
        raise Http404
    return provider


def _account(request):
    account = keys.account_of(_provider(request))
    if account is None:
        raise Refusal(_("Für diesen Anbieter sind keine Schlüssel gespeichert."))
    return account
