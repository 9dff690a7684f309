"""Change orders: begun on the order's page, written in the editor of quotes."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rights import Right
from accounts.staff import staff
from billing import amendments
from billing.models import Order


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def amendment_create(request, pk):
    """The draft of the order's next change order, to be written and sent."""
    order = get_object_or_404(Order, pk=pk)
    draft = amendments.start(order, by=request.member)
    messages.success(request, _("Nachtrag angelegt. Er gilt, sobald der Kunde ihn angenommen hat."))
    return redirect("billing:quote_edit", draft.pk)
