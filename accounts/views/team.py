"""Who works here: members, their roles, open invitations. Every change asks who is there once more."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import members
from accounts.forms import InviteForm
from accounts.refusals import Refusal
from accounts.rights import Right, Role
from accounts.staff import staff


@staff(Right.MANAGE_BUSINESS)
@require_safe
def settings_team(request):
    """Members, open invitations, and the form to invite somebody."""
    return _team(request, InviteForm())


@staff(Right.MANAGE_BUSINESS)
@require_POST
@reauthentication_required
def member_invite(request):
    """Send somebody a link."""
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invitation = members.invite(request.business, by=request.member, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Die Einladung an %(email)s ist unterwegs.") % {"email": invitation.email})
            return redirect("accounts:settings_team")
    return _team(request, form, status=422)


@staff(Right.MANAGE_BUSINESS)
@require_POST
@reauthentication_required
def invitation_resend(request, pk):
    """A new link for the same address; the old one is dead."""
    invitation = get_object_or_404(request.business.invitations, pk=pk, accepted_at=None)
    members.invite(
        request.business, email=invitation.email, role=invitation.role, by=request.member,
        audits_from=invitation.audits_from, audits_until=invitation.audits_until,
    )  # fmt: skip
    messages.success(request, _("Die Einladung an %(email)s ist unterwegs.") % {"email": invitation.email})
    return redirect("accounts:settings_team")


@staff(Right.MANAGE_BUSINESS)
@require_POST
@reauthentication_required
def invitation_withdraw(request, pk):
    """Close the door again."""
    invitation = get_object_or_404(request.business.invitations, pk=pk, accepted_at=None)
    members.withdraw_invitation(invitation, by=request.member)
    messages.success(request, _("Die Einladung ist zurückgezogen."))
    return redirect("accounts:settings_team")


@staff(Right.MANAGE_BUSINESS)
@require_POST
@reauthentication_required
def member_change_role(request, pk):
    """Another role, from the member's next click on."""
    member = get_object_or_404(request.business.members, pk=pk, is_active=True)
    role = request.POST.get("role", "")
    if role not in Role.values:
        raise Refusal(_("Diese Rolle gibt es nicht. Bitte wählen Sie eine aus."), field="role")
    members.change_role(member, role, by=request.member)
    messages.success(request, _("Die Rolle ist geändert."))
    return redirect("accounts:settings_team")


@staff(Right.MANAGE_BUSINESS)
@require_POST
@reauthentication_required
def member_deactivate(request, pk):
    """Take somebody's access away."""
    member = get_object_or_404(request.business.members, pk=pk)
    members.deactivate(member, by=request.member)
    messages.success(request, _("%(name)s hat keinen Zugang mehr.") % {"name": member})
    return redirect("accounts:settings_team")


def _team(request, form, status=200):
    context = {
        "form": form,
        "members": request.business.members.filter(is_active=True).select_related("user").order_by("created_at", "pk"),
        "invitations": request.business.invitations.filter(accepted_at=None).select_related("invited_by__user"),
        "roles": Role.choices,
    }
    return render(request, "accounts/settings_team.html", context, status=status)
