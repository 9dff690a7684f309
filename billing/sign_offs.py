"""What can be done with a sign-off (Abnahme, §§ 640, 341 (3), 650g BGB, R92): draft, ask, accept, refuse, take back.

The contractor's claim to payment, the passing of the risk, the warranty and the burden of proof hang on it, so a decision is
kept as a frozen record with its hash. What follows from one stands in `billing.sign_off_results`.
"""

from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.wakeup import kick
from billing import (
    deadlines,
    journal,
    legal_texts,
    on_behalf,
    sign_off_records,
    sign_off_results,
    sign_off_texts,
    signatures,
    warranties,
)
from billing.documents import evidence
from billing.events import Event
from billing.models import Defect, Order, Quote, SignOff
from crm import access, attachments, due, states, timeline
from crm.models import Appointment, Attachment, Mail

State, Channel = SignOff.State, SignOff.Channel

DEADLINE = "billing.sign_off_deadline"
SHORTEST = timedelta(days=14)  # a reasonable period for a customer who has a job: § 640 (2) BGB names no number
MOST_DEFECTS = 60
UNFIT = (Order.State.CANCELLED, Order.State.WITHDRAWN)
FINISHED = (Order.State.COMPLETED, Order.State.INVOICED)


# --- which ones ---------------------------------------------------------------------------------------------------------
def of(order: Order):
    """All sign-offs of an order, newest first, with their defects."""
    return SignOff.objects.filter(order=order).prefetch_related("defects__photo").order_by("-pk")


def open_for(order: Order) -> SignOff | None:
    """The one the customer is asked for now."""
    return SignOff.objects.filter(order=order, state=State.REQUESTED).order_by("-pk").first()


def decided(order: Order):
    """The sign-offs of an order that have a protocol, newest first."""
    found = SignOff.objects.filter(order=order, decided_at__isnull=False)
    return found.select_related("order").defer("record", "order__document").order_by("-decided_at", "-pk")


def told(order: Order):
    """The sign-offs of an order that its customer knows of: what he is asked for first, then those decided, newest first."""
    known = SignOff.objects.filter(Q(state=State.REQUESTED) | Q(decided_at__isnull=False), order=order)
    return known.order_by(F("decided_at").desc(nulls_first=True), "-pk")


def shown_to_customer(order: Order) -> SignOff | None:
    """What the customer sees: what he is asked for, else the last decision."""
    return told(order).first()


def accepted_on(order: Order) -> date | None:
    """The day the whole work was accepted or counts as accepted; payment falls due from then on (§ 641 BGB, R39e)."""
    whole = of(order).filter(state__in=[State.ACCEPTED, State.DEEMED], is_part=False).first()
    return whole.accepted_on if whole else None


def orders_for(member):
    """Orders whose work a member may have accepted: the office all, a worker his own and those of customers he visits."""
    found = Order.objects.all()
    if Right.WRITE_DOCUMENTS in member.rights:
        return found
    now = timezone.now()
    visits = Appointment.objects.filter(
        assignee=member, cancelled_at=None, starts_at__lte=now + on_behalf.AROUND_A_VISIT,
        ends_at__gte=now - on_behalf.AROUND_A_VISIT,
    )  # fmt: skip
    return found.filter(Q(assignee=member) | Q(customer__in=visits.values("customer")))


# --- before the decision ------------------------------------------------------------------------------------------------
@transaction.atomic
def start(order: Order, by) -> SignOff:
    """A protocol to fill in on site, with what the order knows. One that is not decided is gone on with.

    Defects that were named before and are not mended stand in it again. Raises Refusal for an order that was called off.
    """
    order = (
        Order.objects.select_for_update(of=("self",))
        .select_related("customer", "business", "site", "quote")
        .get(pk=order.pk)
    )
    _refuse_unfit(order)
    undecided = SignOff.objects.filter(order=order, state__in=[State.DRAFT, State.REQUESTED]).first()
    if undecided:
        return undecided
    last = SignOff.objects.filter(order=order, is_part=False).first()
    is_again = last is not None and not last.is_signed_off
    customer, quote = order.customer, order.quote
    is_construction = quote is not None and quote.kind == Quote.Kind.CONSTRUCTION
    number = (SignOff.objects.filter(order=order).aggregate(most=Max("number"))["most"] or 0) + 1
    sign_off = SignOff.objects.create(
        order=order,
        number=number,
        scope=last.scope if last and is_again else _scope(order),
        place=_place(order),
        present=", ".join(filter(None, (customer.person_name or customer.name, str(by) if by else ""))),
        warranty=last.warranty if last else SignOff.Warranty.BUILDING if is_construction else "",
        has_penalty=last.has_penalty if last else False,
        customer_name=customer.person_name or customer.name,
        business_name=str(by) if by else "",
        by=by,
    )
    if last and is_again:
        for defect in last.defects.filter(mended_on=None):
            defect.pk, defect.sign_off, defect.is_frozen = None, sign_off, False
            defect.save(force_insert=True)
    return sign_off


@transaction.atomic
def fill(
    sign_off: SignOff, *, scope: str, is_part: bool, place: str, present: str, handed_over: str, warranty: str,
    has_penalty: bool, customer_name: str = "", business_name: str = "",
) -> SignOff:  # fmt: skip
    """Write into a draft. Raises NotAllowed once the customer was asked: he decides about what he was shown."""
    sign_off = _locked(sign_off)
    if sign_off.state != State.DRAFT:
        raise states.NotAllowed(sign_off)
    sign_off.scope, sign_off.place, sign_off.present = scope.strip(), " ".join(place.split()), " ".join(present.split())
    sign_off.handed_over, sign_off.warranty = handed_over.strip(), warranty
    sign_off.is_part, sign_off.has_penalty = is_part, has_penalty
    sign_off.customer_name = " ".join(customer_name.split())[:120] or sign_off.customer_name
    sign_off.business_name = " ".join(business_name.split())[:120] or sign_off.business_name
    sign_off.save()
    return sign_off


@transaction.atomic
def add_defect(
    sign_off: SignOff, *, text: str, mend_by: date | None = None, photo=None, by=None, is_from_customer: bool = False
) -> Defect:
    """Name a defect, perhaps with a photo (an uploaded file): the business in its draft, the customer while he is asked.

    Raises Refusal (fields "text", "mend_by", "photo"), NotAllowed after the decision.
    """
    sign_off = _locked(sign_off)
    if sign_off.state != (State.REQUESTED if is_from_customer else State.DRAFT):
        raise states.NotAllowed(sign_off)
    text = " ".join(text.split())
    if not text:
        raise Refusal(_("Bitte beschreiben Sie den Mangel in ein paar Worten."), field="text")
    if len(text) > 300:
        raise Refusal(_("Bitte beschreiben Sie den Mangel in höchstens 300 Zeichen."), field="text")
    if mend_by and mend_by < timezone.localdate():
        raise Refusal(_("Die Frist liegt in der Vergangenheit. Bitte wählen Sie einen späteren Tag."), field="mend_by")
    count = sign_off.defects.count()
    if count >= MOST_DEFECTS:
        raise Refusal(_("Mehr als 60 Mängel passen nicht in ein Protokoll. Bitte fassen Sie zusammen."), field="text")
    return Defect.objects.create(
        sign_off=sign_off, sort=count, text=text, mend_by=mend_by, photo=_photo(sign_off, photo, by=by),
        is_from_customer=is_from_customer,
    )  # fmt: skip


@transaction.atomic
def remove_defect(defect: Defect, *, is_from_customer: bool = False) -> None:
    """Take a defect out again before the decision; each side those it named itself."""
    sign_off = _locked(defect.sign_off)
    if (
        sign_off.state != (State.REQUESTED if is_from_customer else State.DRAFT)
        or defect.is_from_customer != is_from_customer
    ):
        raise states.NotAllowed(sign_off)
    Defect.objects.filter(pk=defect.pk).delete()


@transaction.atomic
def request(sign_off: SignOff, deadline: date | None, by) -> SignOff:
    """Ask the customer to accept the work on his page. With a deadline the letter goes along that makes silence an
    acceptance (§ 640 (2) BGB): only for whole, finished work, and not before 14 days.

    A deadline on a Saturday, Sunday or holiday moves to the next working day (§ 193 BGB). Letter and mail leave by the
    worker. Raises Refusal (fields "deadline", "scope", "warranty", "email").
    """
    sign_off = _locked(sign_off)
    order = sign_off.order
    _refuse_unfit(order)
    _refuse_incomplete(sign_off)
    if address(order) == "":
        raise Refusal(
            _("Für diesen Kunden fehlt die E-Mail-Adresse. Bitte tragen Sie sie beim Kontakt ein oder lassen Sie vor Ort "
              "abnehmen."),
            field="deadline",
        )  # fmt: skip
    notice = ""
    if deadline is not None:
        _refuse_deadline(sign_off, deadline)
        deadline = deadlines.next_working_day(deadline, order.business.state)
        language = legal_texts.spoken(order.customer.language)
        notice = sign_off_texts.notice(language).text.format(deadline=formats.day(deadline))
    now = timezone.now()
    states.move(
        sign_off, State.REQUESTED, requested_at=now, deadline=deadline, notice=notice, by=by,
        business_name=sign_off.business_name or (str(by) if by else ""),
    )  # fmt: skip
    if deadline is not None:
        due.plan(DEADLINE, sign_off, at=due.morning_of(deadline + timedelta(days=1)))
    facts = {"number": order.number, **({"deadline": deadline} if deadline else {})}
    journal.write(
        Event.SIGN_OFF_REQUESTED, sign_off, by=by, content_hash=evidence.digest(notice) if notice else "", **facts
    )
    timeline.record(Event.SIGN_OFF_REQUESTED, customer=order.customer, subject=sign_off, by=by, **facts)
    kick("billing.tasks.ask_for_sign_off", sign_off.pk)
    return sign_off


@transaction.atomic
def retract(sign_off: SignOff, by) -> SignOff:
    """Take a draft or a request back; the customer's page no longer asks."""
    sign_off = _locked(sign_off)
    states.move(sign_off, State.RETRACTED)
    due.drop(DEADLINE, sign_off)
    if sign_off.requested_at:
        order = sign_off.order
        journal.write(Event.SIGN_OFF_RETRACTED, sign_off, by=by, number=order.number)
        timeline.record(Event.SIGN_OFF_RETRACTED, customer=order.customer, subject=sign_off, by=by, number=order.number)
    return sign_off


# --- the decision -------------------------------------------------------------------------------------------------------
@transaction.atomic
def accept(
    sign_off: SignOff, *, reserves_defects: bool | None, reserves_penalty: bool | None, customer_name: str, channel: str,
    signature: str = "", business_name: str = "", business_signature: str = "", by=None, seen: str = "", **evidence_of,
) -> SignOff:  # fmt: skip
    """The customer accepts the work, in person or on his page. `seen` is `sign_off_records.shown` of what he looked at;
    `evidence_of` are link, ip and user_agent.

    Whether he reserves his rights must have been answered where defects are named (§ 640 (3) BGB) and where a penalty is
    agreed (§ 341 (3) BGB). Raises Refusal with its field, NotAllowed when it is decided already.
    """
    sign_off = _open(sign_off, channel)
    _refuse_incomplete(sign_off)
    _refuse_unseen(sign_off, seen)
    has_defects = sign_off.defects.exists()
    if has_defects and reserves_defects is None:
        raise Refusal(
            _("Bitte beantworten Sie, ob Rechte wegen der genannten Mängel vorbehalten werden."),
            field="reserves_defects",
        )
    if sign_off.has_penalty and reserves_penalty is None:
        raise Refusal(_("Bitte beantworten Sie, ob die Vertragsstrafe vorbehalten wird."), field="reserves_penalty")
    said = _signed(customer_name, signature, business_name or sign_off.business_name, business_signature)
    said |= {
        "reserves_defects": reserves_defects if has_defects else None,
        "reserves_penalty": reserves_penalty if sign_off.has_penalty else None,
    }
    return _decide(sign_off, State.ACCEPTED, channel=channel, by=by, said=said, evidence_of=evidence_of)


@transaction.atomic
def refuse(
    sign_off: SignOff, *, reason: str, customer_name: str, channel: str, signature: str = "", business_name: str = "",
    business_signature: str = "", by=None, seen: str = "", **evidence_of,
) -> SignOff:  # fmt: skip
    """The customer does not accept the work. At least one defect or a reason must be named: a refusal without one would
    not keep the work from being deemed accepted (§ 640 (2) BGB).
    """
    sign_off = _open(sign_off, channel)
    _refuse_unseen(sign_off, seen)
    reason = reason.strip()[:4000]
    if not reason and not sign_off.defects.exists():
        raise Refusal(
            _("Bitte nennen Sie mindestens einen Mangel oder den Grund, aus dem Sie nicht abnehmen."),
            field="refusal_reason",
        )
    said = _signed(customer_name, signature, business_name or sign_off.business_name, business_signature)
    said |= {"refusal_reason": reason}
    return _decide(sign_off, State.REFUSED, channel=channel, by=by, said=said, evidence_of=evidence_of)


@transaction.atomic
def deem(sign_off: SignOff) -> SignOff:
    """The period passed in silence: the work counts as accepted (§ 640 (2) BGB). Nothing is reserved and nothing is lost:
    § 640 (3) BGB speaks of acceptances that were declared.

    Raises Refusal while the period runs, where a defect was named, and where the notice did not reach the customer.
    """
    sign_off = _locked(sign_off)
    if sign_off.state != State.REQUESTED or sign_off.deadline is None:
        raise states.NotAllowed(sign_off)
    if problem := why_not_deemed(sign_off):
        raise Refusal(problem)
    said = {"customer_name": "", "business_name": sign_off.business_name}
    return _decide(sign_off, State.DEEMED, channel=Channel.PERIOD, by=None, said=said, evidence_of={})


def why_not_deemed(sign_off: SignOff) -> str:
    """What keeps silence from being an acceptance, in words; "" for nothing."""
    if sign_off.deadline is None or timezone.localdate() <= sign_off.deadline:
        return _("Die Frist läuft noch.")
    if sign_off.defects.filter(is_from_customer=True).exists():
        return _("Der Kunde hat innerhalb der Frist Mängel genannt.")
    if not sign_off.notice:
        return _("Der Hinweis auf die Folgen des Schweigens fehlt.")
    if not asked(sign_off).filter(state=Mail.State.SENT).exists():
        return _("Die Aufforderung mit dem Hinweis ist beim Kunden nicht angekommen.")
    return ""


def asked(sign_off: SignOff):
    """The mails that asked for this sign-off."""
    kind = ContentType.objects.get_for_model(SignOff)
    return Mail.objects.filter(about_type=kind, about_id=sign_off.pk, kind="billing/mail/sign_off_requested")


@transaction.atomic
def mend(defect: Defect, *, by, on: date | None = None) -> Defect:
    """A defect is mended; its tasks are done. Raises Refusal for a day to come and before the protocol is closed."""
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise Refusal(_("Das liegt in der Zukunft. Bitte tragen Sie ein, wann der Mangel behoben wurde."), field="on")
    if not defect.is_frozen:
        raise states.NotAllowed(defect.sign_off)
    if Defect.objects.filter(pk=defect.pk, mended_on=None).update(mended_on=day):
        sign_off_results.note_mended(defect, by=by, on=day)
    defect.refresh_from_db()
    return defect


def address(order: Order) -> str:
    """Where mails about the work go; "" when nobody can be written to."""
    link = next((link for link in access.links_to(order) if link.is_open and link.sent_to), None)
    return link.sent_to if link else order.customer.email


# --- inside -------------------------------------------------------------------------------------------------------------
def _decide(sign_off, to, *, channel, by, said, evidence_of):
    """Freeze the decision: one UPDATE, the record and its hash, and what follows from it."""
    now = timezone.now()
    local = timezone.localtime(now)
    day = None
    if to != State.REFUSED:
        day = sign_off.deadline if to == State.DEEMED else local.date()
    until = warranties.ends_on(sign_off.warranty, accepted_on=day) if day else None
    mails = list(asked(sign_off).select_related("link")) if sign_off.requested_at else []
    text = evidence.canonical(
        sign_off_records.of(
            sign_off, at=now, local=local, accepted_on=day, warranty_until=until,
            said={"state": to, "channel": channel, "by": by, "mails": mails, **said, **evidence_of},
        )
    )  # fmt: skip
    states.move(
        sign_off, to, **said, channel=channel, decided_at=now, warranty_until=until, record=text,
        record_hash=evidence.digest(text), **({"by": by} if by else {}),
    )  # fmt: skip
    Defect.objects.filter(sign_off=sign_off).update(is_frozen=True)
    due.drop(DEADLINE, sign_off)
    sign_off_results.follow(sign_off, by=by)
    kick("billing.tasks.close_sign_off", sign_off.pk)
    return sign_off


def _locked(sign_off) -> SignOff:
    return (
        SignOff.objects.select_for_update(of=("self",))
        .select_related("order__customer", "order__business", "order__quote")
        .get(pk=sign_off.pk)
    )


def _open(sign_off, channel):
    """The row, if it may be decided that way: a draft only while both stand before it."""
    sign_off = _locked(sign_off)
    if sign_off.state != State.REQUESTED and (sign_off.state != State.DRAFT or channel != Channel.ON_SITE):
        raise states.NotAllowed(sign_off)
    _refuse_unfit(sign_off.order)
    return sign_off


def _refuse_unfit(order):
    if order.state in UNFIT:
        raise Refusal(
            _("Der Auftrag %(order)s ist: %(state)s. Dafür gibt es keine Abnahme.")
            % {"order": order, "state": order.get_state_display()}
        )


def _refuse_incomplete(sign_off):
    if not sign_off.scope:
        raise Refusal(_("Bitte beschreiben Sie, was abgenommen wird."), field="scope")
    if not sign_off.warranty:
        raise Refusal(_("Bitte wählen Sie, welche Gewährleistung gilt."), field="warranty")


def _refuse_unseen(sign_off, seen):
    if seen and seen != sign_off_records.shown(sign_off):
        raise Refusal(_("Das Protokoll wurde inzwischen ergänzt. Bitte sehen Sie es noch einmal an."))


def _refuse_deadline(sign_off, deadline):
    """A period begins after the work is finished, and is for the whole of it (§ 640 (2) BGB)."""
    if sign_off.is_part:
        raise Refusal(
            _("Für einen Teil der Leistung lässt sich keine Frist setzen. Bitten Sie ohne Frist um Abnahme."),
            field="deadline",
        )
    if sign_off.order.state not in FINISHED:
        raise Refusal(
            _("Eine Frist setzen Sie erst nach der Fertigstellung. Bitte melden Sie den Auftrag zuerst als fertig."),
            field="deadline",
        )
    if deadline < (earliest := timezone.localdate() + SHORTEST):
        raise Refusal(
            _("Die Frist muss angemessen sein. Bitte wählen Sie den %(day)s oder später.")
            % {"day": formats.day(earliest)},
            field="deadline",
        )


def _signed(customer_name, signature, business_name, business_signature):
    """Names and signatures: a name is enough (R90)."""
    name = " ".join(customer_name.split())
    if not name:
        raise Refusal(_("Bitte tragen Sie den Namen ein. Er gilt als Unterschrift."), field="customer_name")
    drawn = {}
    for field, text in (("customer_signature", signature), ("business_signature", business_signature)):
        try:
            drawn[field] = signatures.clean(text)
        except ValueError:
            sentence = _("Die Unterschrift ist nicht angekommen. Bitte unterschreiben Sie noch einmal.")
            raise Refusal(sentence, field=field) from None
    return {"customer_name": name[:120], "business_name": " ".join(business_name.split())[:120], **drawn}


def _photo(sign_off, photo, *, by):
    if photo is None:
        return None
    try:
        if attachments.TYPES[attachments.check(photo)][0] != Attachment.Kind.PHOTO:
            raise Refusal(_("Bitte wählen Sie ein Foto (JPG, PNG oder HEIC)."))
        return attachments.add(sign_off.order.customer, photo, by=by, is_told=False)
    except Refusal as refusal:
        raise Refusal(refusal.message, field="photo") from refusal


def _scope(order) -> str:
    """What was ordered, one line each."""
    rows = [
        f"– {row.text}" + (f" ({formats.quantity(row.quantity, row.get_unit_display())})" if row.quantity != 1 else "")
        for row in order.lines.all()
        if row.is_item
    ]
    return "\n".join([order.title, *rows])


def _place(order) -> str:
    where = order.site or order.customer
    return ", ".join(filter(None, (where.street, f"{where.postcode} {where.city}".strip())))
