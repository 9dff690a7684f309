"""What became of asking about a customer's VAT ID (qualified confirmation of the BZSt, § 18e UStG, R35, R36): noted by hand,
or asked by the program where the business wants that.
"""

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.eu import vat

from accounts import current, wakeup
from accounts.refusals import Refusal
from crm import due, timeline, vat_office
from crm.models import Customer, VatIdCheck, VatIdQuestion

ASKING = "crm.vat_id_question"  # settings.DUE_HANDLERS: `ask_again`
TRIES = 4
PAUSE = timedelta(minutes=15)  # the office asks not to be asked again at once

State, Reason = VatIdQuestion.State, VatIdQuestion.Reason


@transaction.atomic
def record(customer: Customer, *, result: str, checked_on: date, by, request_id: str = "") -> VatIdCheck:
    """Keep an answer for the VAT ID the customer has now; rows never change, a new answer is a new row.

    Raises Refusal without a VAT ID, for one whose check digits say that no answer "valid" can be right, and for days to come.
    """
    number = _number(customer)
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
    return VatIdCheck.objects.filter(customer=customer, vat_id=_number(customer)).first()


def question(customer: Customer) -> VatIdQuestion | None:
    """The last question about the VAT ID the customer has now, where there is no answer to it."""
    last = VatIdQuestion.objects.filter(customer=customer, vat_id=_number(customer)).first()
    return last if last and last.state != State.ANSWERED else None


def why_not_asked(customer: Customer) -> str:
    """What keeps the program from asking the office about a customer; empty when it may."""
    business = customer.business
    if not business.asks_vat_office:
        return _("Die Abfrage ist ausgeschaltet. Inhaber schalten sie unter „Steuern“ ein.")
    if not business.vat_id.startswith("DE"):
        return _("Für die Abfrage braucht Ihr Betrieb eine deutsche USt-IdNr. Tragen Sie sie unter „Steuern“ ein.")
    number = _number(customer)
    if not number or number.startswith("DE"):
        return _("Abgefragt werden USt-IdNrn. aus anderen EU-Ländern.")
    if not customer.name or not customer.city:
        return _("Für die Abfrage fehlen Name oder Ort des Kunden.")
    return ""


@transaction.atomic
def ask(customer: Customer, *, by) -> VatIdQuestion:
    """Have the office asked about the VAT ID the customer has now; the answer comes by itself. The question that is on its way
    is returned. Raises Refusal where it cannot be asked.
    """
    if why := why_not_asked(customer):
        raise Refusal(why, field="vat_id")
    try:
        with transaction.atomic():
            asked = VatIdQuestion.objects.create(customer=customer, vat_id=_number(customer), by=by)
    except IntegrityError:
        return VatIdQuestion.objects.get(customer=customer, state=State.OPEN)
    due.plan(ASKING, asked, at=timezone.now() + PAUSE)
    wakeup.kick("crm.tasks.ask_vat_office", asked.pk)
    return asked


def ask_again(asked: VatIdQuestion) -> None:
    """Due handler: a question whose wake-up got lost, or to which nobody answered, is asked once more."""
    if asked.state == State.OPEN:
        # a due row is worked off in a transaction, and nobody is asked in one
        wakeup.send("crm.tasks.ask_vat_office", asked.pk)
        raise due.Later(timezone.now() + PAUSE)


def put_by_id(pk: int) -> None:
    """`put` for a task, in the context of the question's business."""
    asked = VatIdQuestion.unscoped.select_related("business").filter(pk=pk).first()
    if asked is not None:
        with current.working_for(asked.business):
            put(asked)


def put(asked: VatIdQuestion) -> None:
    """Ask the office and keep what it says; after some tries without an answer the office here is told."""
    rows = VatIdQuestion.objects.filter(pk=asked.pk, state=State.OPEN)
    asked = VatIdQuestion.objects.select_related("customer", "business", "by").get(pk=asked.pk)
    # of two who ask at once only one does
    if not rows.filter(tries=asked.tries).update(tries=asked.tries + 1):
        return
    customer = asked.customer
    if not vat.is_valid(asked.vat_id):
        rows.update(state=State.FAILED, reason=Reason.IMPOSSIBLE)
        return
    what = vat_office.Question(
        own=_plain(asked.business.vat_id), vat_id=asked.vat_id, name=customer.name, street=customer.street,
        postcode=customer.postcode, city=customer.city,
    )  # fmt: skip
    try:
        answer = vat_office.ask(what)
    except vat_office.Unreachable:
        rows.update(reason=Reason.UNREACHABLE, **({"state": State.FAILED} if asked.tries + 1 >= TRIES else {}))
    except vat_office.NotAllowed:
        rows.update(state=State.FAILED, reason=Reason.OURS)
    except vat_office.Incomplete:
        rows.update(state=State.FAILED, reason=Reason.INCOMPLETE)
    else:
        _keep(asked, what, answer)


@transaction.atomic
def _keep(asked, what, answer):
    if not VatIdQuestion.objects.filter(pk=asked.pk, state=State.OPEN).update(state=State.ANSWERED, reason=""):
        return
    result = VatIdCheck.Result.VALID if answer.is_valid else VatIdCheck.Result.INVALID
    compared = ("name", "street", "postcode", "city")
    VatIdCheck.objects.create(
        customer=asked.customer, vat_id=asked.vat_id, own_vat_id=what.own, result=result, status=answer.status,
        request_id=answer.request_id, checked_at=timezone.now(), by=asked.by, valid_from=answer.valid_from,
        valid_until=answer.valid_until, **{f"asked_{name}": getattr(what, name) for name in compared},
        **{f"{name}_match": getattr(answer, name) for name in compared},
    )  # fmt: skip
    facts = {"vat_id": asked.vat_id, "result": result.value}
    timeline.record(timeline.Event.VAT_ID_CHECKED, customer=asked.customer, by=asked.by, **facts)


def _number(customer):
    return _plain(customer.vat_id)


def _plain(number):
    return "".join(number.split()).upper()
