"""Accepting a quote (Annahme): by the customer on his page, or taken down by the office when it was said elsewhere."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import terms
from accounts.refusals import Refusal
from accounts.wakeup import kick
from billing import (
    choices,
    construction,
    contract_texts,
    deadlines,
    follow_ups,
    journal,
    legal_texts,
    rendering,
    withdrawal_rights,
)
from billing.documents import evidence
from billing.documents import model as documents
from billing.events import Event
from billing.models import Acceptance, Quote
from crm import states, timeline
from crm.models import AccessLink

Channel = Acceptance.Channel
ON_SCREEN = {Channel.PORTAL, Channel.ON_SITE}  # the customer presses a button himself: it needs its lawful label (R77)


@transaction.atomic
def accept(
    quote: Quote,
    *,
    choice: choices.Choice,
    seen_hash: str,
    name: str,
    email: str = "",
    label_id: str = "",
    summary: str = "",
    channel: str = Channel.PORTAL,
    arrived_at: datetime | None = None,
    by=None,
    note: str = "",
    proof=None,
    signature: str = "",
    link: AccessLink | None = None,
    ip: str = "",
    user_agent: str = "",
    buyer_reference: str = "",
    early_start: bool = False,
    early_end: bool = False,
    paperless: bool = False,
) -> Acceptance:
    """Freeze an acceptance as evidence (R87). The order is placed by `orders.place`, which calls this.

    `seen_hash` is the hash of the document the customer looked at; `label_id` the id of the button's legal label (R77);
    `summary` the text that stood directly above the button (R78). What was said elsewhere (`channel` phone, letter …)
    needs no button but the member who took it down (`by`), and `arrived_at` says when it came: that moment counts.
    `early_start`, `early_end` (R84) and `paperless` (§ 312f (1) BGB) were ticked, where `legal_texts.statements` has them.
    Raises Refusal for a quote changed meanwhile, expired or decided, and for a label that is not lawful.
    """
    quote = Quote.objects.select_for_update(of=("self",)).select_related("customer", "business").get(pk=quote.pk)
    now = timezone.now()
    at = arrived_at or now
    # what came on the last day is in time, also when it is taken down after it
    may_have_expired = {Quote.State.EXPIRED} if arrived_at else set()
    if quote.state not in {Quote.State.SENT, Quote.State.DECLINED} | may_have_expired:
        raise states.NotAllowed(quote)
    if timezone.localdate(at) > quote.valid_until:
        raise Refusal(_("Das Angebot ist abgelaufen. Wir machen Ihnen gern ein neues."))
    if seen_hash != quote.document_hash:
        raise Refusal(_("Das Angebot wurde inzwischen geändert. Bitte prüfen Sie es noch einmal."))
    if channel in ON_SCREEN and label_id not in legal_texts.order_labels_for(
        quote.customer.kind, on=timezone.localdate(at)
    ):
        raise Refusal(_("Diese Schaltfläche ist für eine Bestellung nicht zugelassen."), field="label")
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Bitte tragen Sie Ihren Namen ein."), field="name")
    if found := construction.problems(quote):
        raise Refusal(found[0][1])
    rendering.quote(quote)  # the evidence names the hash of the PDF
    today = timezone.localdate(at)
    states.move(quote, Quote.State.ACCEPTED, decided_at=at, updated_at=now)
    sent = quote.frozen_document
    chosen = choices.only_chosen(sent, choice)
    regime = withdrawal_rights.of_quote(quote, on=today, channel=channel)
    # never before the instruction is handed over (§ 356 (3) BGB, R83), and that goes out now, whenever the yes came in
    instructed_on = timezone.localdate(now)
    until = deadlines.withdrawal_until(instructed_on, quote.business.state) if regime.has_withdrawal else None
    language = legal_texts.spoken(quote.customer.language)
    label = legal_texts.by_id(label_id) if label_id else None
    texts = contract_texts.for_contract(
        quote, chosen, regime=regime, on=today, language=language, label=label.text if label else ""
    )
    version = terms.keep(quote.business)
    ticked = {"early_start": early_start, "early_end": early_end, "paperless": paperless}
    record = {
        **evidence.of_quote(quote),
        "accepted_by": {"name": name, "email": email},
        "channel": channel,
        **evidence.of_link(link, link.mails.all() if link else []),
        **evidence.of_time(at, local=timezone.localtime(at), noted_at=now),
        "client": {"ip": ip, "user_agent": user_agent[:300]},
        "button": {"id": label.id, "text": label.text} if label else None,
        "summary": summary,
        **evidence.of_choice(choices.as_record(choice), choices.words(sent, choice), chosen),
        **evidence.of_law(
            regime, negotiation=quote.negotiation, until=until, texts=texts, ticked=ticked, terms=version,
            statements=legal_texts.statements(regime, language),
        ),
        **evidence.of_office(by, note, proof),
        **evidence.of_signature(signature),
        "buyer_reference": buyer_reference,
    }  # fmt: skip
    text = evidence.canonical(record)
    acceptance = Acceptance.objects.create(
        quote=quote, customer=quote.customer, accepted_at=at, name=name, email=email, gross=chosen.totals.gross,
        channel=channel, by=by, note=note, proof=proof, signature=signature, regime=regime.id, terms=version,
        record=text, record_hash=evidence.digest(text), document=documents.to_json(chosen), withdrawal_until=until,
    )  # fmt: skip
    contract_texts.keep(acceptance, texts)
    follow_ups.stop(quote)
    kick("billing.tasks.render_acceptance", acceptance.pk)
    journal.write(Event.QUOTE_ACCEPTED, quote, by=by, content_hash=acceptance.record_hash, gross=acceptance.gross)
    timeline.record(
        Event.QUOTE_ACCEPTED, customer=quote.customer, subject=quote, by=by, number=quote.number, gross=acceptance.gross,
        channel=channel,
    )  # fmt: skip
    return acceptance
