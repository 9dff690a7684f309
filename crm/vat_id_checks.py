"""What became of asking about a customer's VAT ID (qualified confirmation of the BZSt, § 18e UStG, R35, R36)."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.eu import vat

from accounts.refusals import Refusal
from crm import timeline
from crm.models import Customer, VatIdCheck


@transaction.atomic
def record(customer: Customer, *, result: str, checked_on: date, by, request_id: str = "") -> VatIdCheck:
    """Keep an answer for the VAT ID the customer has now; rows never change, a new answer is a new row.

    Raises Refusal without a VAT ID, for one whose check digits say that no answer "valid" can be right, and for days to come.
    """
    number = "".join(customer.vat_id.split()).upper()
    if not number:
        raise Refusal(_("Für diesen Kontakt fehlt die USt-IdNr. Bitte tragen Sie sie zuerst ein."), field="vat_id")
    if result == VatIdCheck.Result.VALID and not vat.is_valid(number):
        raise Refusal(_("Diese USt-IdNr. kann nicht gültig sein, ihre Prüfziffer stimmt nicht."), field="result")
    if checked_on > timezone.localdate():
        raise Refusal(_("Der Tag der Prüfung liegt in der Zukunft."), field="checked_on")
    now = timezone.localtime()
    is_today = checked_on == now.date()
    checked_at = now if is_today else timezone.make_aware(datetime.combine(checked_on, time(12)))
    check = VatIdCheck.objects.create(
        customer=customer, vat_id=number, result=result, request_id=request_id.strip(), checked_at=checked_at, by=by
    )
    timeline.record(timeline.Event.VAT_ID_CHECKED, customer=customer, by=by, vat_id=number, result=result)
    return check


def latest(customer: Customer) -> VatIdCheck | None:
    """The last answer for the VAT ID the customer has now."""
    return VatIdCheck.objects.filter(customer=customer, vat_id="".join(customer.vat_id.split()).upper()).first()
