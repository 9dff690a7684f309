"""What time does with sign-offs: the period of a request passes, a warranty nears its end (settings.DUE_HANDLERS)."""

from django.utils.translation import gettext as _

from accounts import formats
from accounts.refusals import Refusal
from billing import sign_off_results, sign_offs
from billing.models import SignOff

State = SignOff.State


def pass_deadline(sign_off: SignOff) -> None:
    """The period is over: the work is deemed accepted, or somebody is told why it is not."""
    if sign_off.state != State.REQUESTED:
        return
    if problem := sign_offs.why_not_deemed(sign_off):
        text = _("Frist zur Abnahme abgelaufen, keine Abnahme: %(order)s. %(why)s")
        sign_off_results.ask_office(sign_off, text % {"order": sign_off.order, "why": problem})
        return
    try:
        sign_offs.deem(sign_off)
    except Refusal:  # decided in this very moment
        return


def remind_of_warranty(sign_off: SignOff) -> None:
    """The warranty ends soon: time to look at the work once more."""
    if sign_off.is_signed_off and sign_off.warranty_until:
        text = _("Gewährleistung endet am %(day)s: %(order)s, %(title)s")
        order = sign_off.order
        facts = {"day": formats.day(sign_off.warranty_until), "order": order, "title": order.title}
        sign_off_results.ask_office(sign_off, text % facts)
