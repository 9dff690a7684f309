"""What customers want to be changed about their contact data, decided by the office."""

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rights import Right
from accounts.staff import staff
from crm import contact_proposals
from crm.models import ContactProposal


@require_POST
@staff(Right.WRITE_CONTACTS)
def proposal_decide(request, pk):
    """Take the values over, or leave the contact as it is."""
    proposal = get_object_or_404(ContactProposal.objects.select_related("customer"), pk=pk)
    is_taken = "uebernehmen" in request.POST
    contact_proposals.decide(proposal, is_taken, by=request.member)
    if is_taken:
        flash.success(request, _("Die Änderung ist übernommen."))
    else:
        flash.success(request, _("Die Änderung ist nicht übernommen, die Kontaktdaten bleiben."))
    return redirect(proposal.customer)
