"""Acceptances taken down for a customer: said on the phone, written, given at the counter, or signed on our tablet.

What was said or written is individual communication: it needs no order button (§ 312j (5) BGB, R80), but the member who
took it down, the moment it came, and for what was written the writing itself. It is kept apart from what a customer did
on his own page everywhere: `Acceptance.channel` and `.by`.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from accounts.refusals import Refusal
from accounts.rights import Right
from billing import choices, orders, signatures
from billing.models import Acceptance, Order, Quote
from crm import attachments, states
from crm.models import Appointment, Attachment

Channel = Acceptance.Channel
SAID = (Channel.PHONE, Channel.LETTER, Channel.EMAIL, Channel.PREMISES)
WRITTEN = frozenset({Channel.LETTER, Channel.EMAIL})  # the writing is the evidence (R80)
AROUND_A_VISIT = timedelta(days=1)


@transaction.atomic
def place(
    quote: Quote,
    *,
    by,
    channel: str,
    name: str,
    arrived_at: datetime,
    choice: choices.Choice,
    seen_hash: str,
    email: str = "",
    note: str = "",
    proof=None,
    buyer_reference: str = "",
) -> Order:
    """Take down what a customer said elsewhere, and make the order of it.

    `arrived_at` is when it reached the business; `proof` an uploaded file (scan, PDF, saved mail), kept with the
    contact, or one that is kept there already. Raises Refusal with its field for a moment that cannot be, and for a
    letter or mail without its file.
    """
    if channel not in SAID:
        raise Refusal(_("Bitte wählen Sie, auf welchem Weg der Kunde zugesagt hat."), field="channel")
    if not can_be_taken_down(quote):
        raise states.NotAllowed(quote)
    refuse_moment(quote, arrived_at)
    if proof is None and channel in WRITTEN:
        raise Refusal(
            _("Bitte legen Sie den Brief als Foto oder Scan bei.")
            if channel == Channel.LETTER
            else _("Bitte legen Sie die E-Mail bei, als gespeicherte Datei (.eml), PDF oder Foto."),
            field="proof",
        )
    kept = _kept(quote, proof, by=by)
    return orders.place(
        quote, choice=choice, seen_hash=seen_hash, name=name, email=email, channel=channel, by=by,
        arrived_at=arrived_at, note=note.strip(), proof=kept, buyer_reference=buyer_reference,
    )  # fmt: skip


def _kept(quote, proof, *, by):
    """The proof as a file of the contact."""
    if isinstance(proof, Attachment):
        if proof.customer_id != quote.customer_id:
            raise Refusal(
                _("Diese Datei gehört zu einem anderen Kontakt. Bitte wählen Sie eine andere."), field="proof"
            )
        return proof
    if proof is None:
        return None
    try:
        return attachments.add(quote.customer, proof, by=by)
    except Refusal as refusal:
        raise Refusal(refusal.message, field="proof") from refusal


def place_on_site(quote: Quote, *, by, signature: str, **said) -> Order:
    """The customer orders on the tablet of a member who visits him. `said` is what `orders.place` takes from a page of
    the customer's own; here, too, he reads the lawful label and presses the button himself.
    """
    try:
        drawn = signatures.clean(signature)
    except ValueError:
        sentence = _("Die Unterschrift ist nicht angekommen. Bitte unterschreiben Sie noch einmal.")
        raise Refusal(sentence, field="signature") from None
    return orders.place(quote, channel=Channel.ON_SITE, by=by, signature=drawn, **said)


def refuse_moment(quote: Quote, arrived_at: datetime) -> None:
    """An acceptance comes after the quote and on its last day at the latest (§ 148 BGB, R74)."""
    field = "arrived_at"
    if arrived_at > timezone.now():
        raise Refusal(_("Das liegt in der Zukunft. Bitte tragen Sie ein, wann der Kunde zugesagt hat."), field=field)
    if quote.sent_at is None or arrived_at < quote.sent_at.replace(second=0, microsecond=0):
        sent = formats.moment_long(quote.sent_at) if quote.sent_at else ""
        sentence = _("Das war vor dem Angebot: Es ging am %(moment)s hinaus. Bitte prüfen Sie Tag und Uhrzeit.")
        raise Refusal(sentence % {"moment": sent}, field=field)
    if timezone.localdate(arrived_at) > quote.valid_until:
        sentence = _(
            "Das Angebot galt bis %(day)s. Was danach kommt, ist ein neues Angebot des Kunden an Sie. Bitte schreiben Sie "
            "eine neue Fassung mit neuem Datum und lassen Sie den Kunden diese annehmen."
        )
        raise Refusal(sentence % {"day": formats.day(quote.valid_until)}, field=field)


def can_be_taken_down(quote: Quote) -> bool:
    """Whether there is something to accept; after the last day for what had come by then (R74)."""
    return quote.state in {Quote.State.SENT, Quote.State.DECLINED, Quote.State.EXPIRED}


def on_site_quotes(member):
    """The open quotes a member may have accepted on the tablet: the office all, a worker those he wrote and those of
    customers he visits these days or works for.
    """
    open_ones = Quote.objects.filter(
        state__in=[Quote.State.SENT, Quote.State.DECLINED], valid_until__gte=timezone.localdate()
    )
    if Right.WRITE_DOCUMENTS in member.rights:
        return open_ones
    now = timezone.now()
    visits = Appointment.objects.filter(
        assignee=member, cancelled_at=None, starts_at__lte=now + AROUND_A_VISIT, ends_at__gte=now - AROUND_A_VISIT
    )
    works = Order.objects.running().filter(assignee=member)
    return open_ones.filter(
        Q(by=member) | Q(customer__in=visits.values("customer")) | Q(customer__in=works.values("customer"))
    )
