"""What customers would order instead, in the office: a new version of it, or done in another way."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rights import Right
from accounts.staff import staff
from billing import change_requests
from billing.models import ChangeRequest


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def change_request_revise(request, pk):
    """A new version without what the customer does not want, to be finished in the editor."""
    wish = _wish(pk)
    has_begun = change_requests.has_begun(wish.quote)
    draft = change_requests.revise(wish, by=request.member)
    if has_begun:
        messages.info(
            request, _("Es gibt schon einen Entwurf der nächsten Fassung. Bitte arbeiten Sie den Wunsch dort ein.")
        )
    else:
        messages.success(request, _("Neue Fassung nach dem Wunsch des Kunden. Bitte prüfen und senden."))
    return redirect("billing:quote_edit", draft.pk)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def change_request_close(request, pk):
    """The wish needs no new version."""
    wish = _wish(pk)
    change_requests.close(wish)
    messages.success(request, _("Kundenwunsch erledigt."))
    return redirect(wish.quote)


def _wish(pk):
    return get_object_or_404(ChangeRequest.objects.select_related("quote", "customer"), pk=pk)
