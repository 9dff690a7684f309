"""Keys for the API."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import tokens
from accounts.forms import TokenForm
from accounts.models import ApiToken
from accounts.rights import Right
from accounts.staff import staff


@staff(Right.MANAGE_BUSINESS)
@require_safe
def settings_tokens(request):
    """The keys there are, and the form for a new one."""
    return _tokens(request, TokenForm())


@staff(Right.MANAGE_BUSINESS)
@require_POST
@reauthentication_required
def token_create(request):
    """A new key, shown on this answer and never again."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _tokens(request, form, status=422)
    token, raw = tokens.create(request.member, **form.cleaned_data)
    return _tokens(request, TokenForm(), fresh=token, raw=raw)


@staff(Right.MANAGE_BUSINESS)
@require_POST
@reauthentication_required
def token_revoke(request, pk):
    """End a key at once."""
    token = get_object_or_404(ApiToken.objects.all(), pk=pk)
    tokens.revoke(token, by=request.member)
    messages.success(request, _("Der Schlüssel „%(name)s“ ist gesperrt.") % {"name": token.name})
    return redirect("accounts:settings_tokens")


def _tokens(request, form, status=200, **context):
    context |= {
        "form": form,
        "tokens": ApiToken.objects.filter(revoked_at=None).select_related("member__user"),
        "today": timezone.localdate(),
    }
    return render(request, "accounts/settings_tokens.html", context, status=status)
