"""One's own name, language and businesses; password, second factor and devices are pages of django-allauth."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import members
from accounts.forms import ProfileForm
from accounts.middleware import SESSION_KEY
from accounts.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """Change name and language, and see for which businesses one works."""
    user = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        User.objects.filter(pk=user.pk).update(**form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Gespeichert."))
        response = redirect("accounts:profile")
        # the switch's cookie would win over the choice that was just made
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], samesite="Lax")
        return response
    memberships = request.user.memberships.filter(is_active=True).select_related("business").order_by("business__name")
    context = {"form": form, "memberships": memberships}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
@reauthentication_required
def business_leave(request):
    """Give up one's own part in the business. The last owner cannot."""
    if request.member is not None:
        members.deactivate(request.member, by=request.member)
        request.session.pop(SESSION_KEY, None)
        messages.success(request, _("Sie gehören nicht mehr zu %(name)s.") % {"name": request.business.name})
    return redirect("accounts:profile")
