"""Coming into a business: start one, be invited, change between several."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import businesses, members
from accounts.forms import BusinessCreateForm
from accounts.middleware import SESSION_KEY

INVITATION = "invitation"  # session key: the token of the link that was opened


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def business_create(request):
    """Start a business and become its owner. Who came by an invitation is asked about that first."""
    if request.member is None and members.find_invitation(request.session.get(INVITATION, "")):
        return redirect("accounts:invitation_accept")
    if request.method == "POST":
        form = BusinessCreateForm(request.POST)
        if form.is_valid():
            business = businesses.create(request.user, **form.cleaned_data)
            request.session[SESSION_KEY] = business.pk
            messages.success(request, _("Willkommen! Ihr Betrieb ist angelegt."))
            return redirect("accounts:settings")
    else:
        form = BusinessCreateForm(initial={"owner_name": request.user.name, "email": request.user.email})
    return render(request, "accounts/business_create.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def business_switch(request):
    """Work for another of one's businesses from now on."""
    wanted = request.POST.get("business", "")
    member = get_object_or_404(
        request.user.memberships.select_related("business"),
        is_active=True,
        business_id=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0,
    )
    request.session[SESSION_KEY] = member.business_id
    messages.success(request, _("Sie arbeiten jetzt für %(name)s.") % {"name": member.business.name})
    return redirect("/")


@require_safe
def invitation(request, token):
    """The mailed link: put the token into the session and go on without it in the address."""
    found = members.find_invitation(token)
    if found is None or not found.is_open:
        raise members.InvitationClosed
    request.session[INVITATION] = token
    return redirect("accounts:invitation_accept")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request):
    """Say who invites to what; join by a click, after signing in or up with the invited address."""
    found = members.find_invitation(request.session.get(INVITATION, ""))
    if found is None or not found.is_open:
        raise members.InvitationClosed
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect("accounts:invitation_accept")
        member = members.accept(found, user=request.user)
        del request.session[INVITATION]
        request.session[SESSION_KEY] = member.business_id
        messages.success(request, _("Willkommen bei %(name)s.") % {"name": member.business.name})
        return redirect("/")
    return render(request, "accounts/invitation_accept.html", {"invitation": found})
