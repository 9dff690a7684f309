"""What can be done with a quote (Angebot)."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import choices, deadlines, drafting, journal, legal_texts, rendering
from billing.documents import model as documents
from billing.events import Event
from billing.models import Acceptance, Quote, QuoteLine
from crm import access, due, mail, numbering, states, timeline
from crm.models import AccessLink, NumberRange
from crm.wakeup import kick

EXPIRING = "billing.quote_expiring"
LINK_LIVES_ON = timedelta(days=30)  # after the last day: the page then says that the quote has expired

FIELDS = (
    "title", "intro", "closing", "mode", "discount_percent", "valid_until", "site", "payment_terms", "internal_note",
)  # fmt: skip
LINE_FIELDS = (
    "kind", "text", "description", "quantity", "unit", "unit_price", "discount_percent", "vat_rate", "cost_kind",
    "alternative_set", "is_default", "is_optional", "purchase_price", "picture",
)  # fmt: skip


class NotReady(Refusal):
    """Something must be filled in first; `problems` are (field, sentence)."""

    status = 422

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__(" ".join(sentence for _, sentence in self.problems))
        self.field = self.problems[0][0]


@transaction.atomic
def create(customer, *, by, title, lines=(), **fields) -> Quote:
    """A new draft. `fields` are those of FIELDS, `lines` dictionaries of LINE_FIELDS."""
    business = customer.business
    fields.setdefault("valid_until", timezone.localdate() + timedelta(days=business.quote_days))
    fields.setdefault("intro", f"{customer.greeting},")
    quote = Quote.objects.create(customer=customer, title=title, by=by, **fields)
    set_lines(quote, lines)
    timeline.record(Event.QUOTE_CREATED, customer=customer, subject=quote, by=by, title=title)
    return quote


@transaction.atomic
def change(quote: Quote, *, lines=None, seen_at=None, **fields) -> Quote:
    """Change a draft; `lines` replaces all rows. Raises NotAllowed for a sent quote: revise a copy instead.

    `seen_at` is the `updated_at` the editor was loaded with: another save in between is refused, nothing is lost (P87).
    """
    locked = Quote.objects.select_for_update().get(pk=quote.pk)
    if not locked.is_draft:
        raise states.NotAllowed(locked)
    if seen_at is not None and seen_at != locked.updated_at:
        raise Refusal(_("Dieses Angebot wurde inzwischen an anderer Stelle geändert. Bitte laden Sie die Seite neu."))
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.save()
    if lines is not None:
        set_lines(locked, lines)
    return locked


def set_lines(quote: Quote, lines) -> None:
    """Replace the rows of a draft and keep the list total. The first row of a set without a default becomes it."""
    quote.lines.all().delete()
    QuoteLine.objects.bulk_create(rows_of(lines, quote=quote))
    document = drafting.of_quote(quote)
    drafting.refuse_too_large(document)
    quote.gross = document.totals.gross
    quote.save(update_fields=["gross", "updated_at"])


def rows_of(lines, *, quote: Quote | None = None) -> list[QuoteLine]:
    """The rows that dictionaries of LINE_FIELDS make, not stored: the editor shows the same sums as after saving."""
    rows = []
    for sort, fields in enumerate(lines):
        row = QuoteLine(quote=quote, sort=sort, **fields)
        row.vat_category = "S" if row.vat_rate else "Z"
        if row.kind != documents.LineKind.ITEM:
            row.alternative_set, row.is_optional = "", False
        row.is_default = row.is_default and bool(row.alternative_set)
        rows.append(row)
    for name in {row.alternative_set for row in rows} - {""}:
        members = [row for row in rows if row.alternative_set == name]
        wanted = next((row for row in members if row.is_default), members[0])
        for row in members:
            row.is_default = row is wanted
    return rows


def problems(quote: Quote) -> list[tuple[str, str]]:
    """What must be mended before a quote can be sent: (field, sentence that says what to do)."""
    rows = list(quote.lines.all())
    items = [row for row in rows if row.is_item]
    found = []
    if not items:
        found.append(("lines", _("Das Angebot hat noch keine Position. Bitte fügen Sie mindestens eine hinzu.")))
    if any(not row.text.strip() for row in rows):
        found.append(("lines", _("Eine Zeile hat keinen Text. Bitte beschreiben Sie die Leistung.")))
    sets: dict[str, list[QuoteLine]] = {}
    for row in items:
        if row.alternative_set:
            sets.setdefault(row.alternative_set, []).append(row)
    for name, members in sets.items():
        if len(members) < 2:
            found.append(
                ("lines", _("„%(name)s“ hat nur eine Ausführung. Bitte fügen Sie eine zweite hinzu.") % {"name": name})
            )
    if items and not any(row.is_counted for row in items):
        found.append(("lines", _("Alle Positionen sind optional. Bitte machen Sie mindestens eine fest.")))
    if quote.has_expired:
        found.append(("valid_until", _("Das Datum muss heute oder später sein.")))
    missing = quote.business.needs_imprint
    if missing:
        found.append(
            (
                "business",
                _("In den Angaben zum Betrieb fehlt noch: %(fields)s.") % {"fields": ", ".join(map(str, missing))},
            )
        )
    return found


@transaction.atomic
def send(quote: Quote, *, by, to: str, message: str = "") -> AccessLink:
    """Number and freeze a draft, mint the recipient's link and write the mail. Returns the link.

    `to` may be empty: then nothing is mailed, the link is handed over in another way.
    Raises NotReady with what is missing, NotAllowed when it was sent already; no number is used then.
    """
    if found := problems(quote):
        raise NotReady(found)
    number = numbering.take(NumberRange.Kind.QUOTE, year=timezone.localdate().year)
    quote.number = number
    document = drafting.of_quote(quote, contact_name=str(by) if by else "")
    now = timezone.now()
    states.move(
        quote,
        Quote.State.SENT,
        number=number,
        document=documents.to_json(document),
        document_hash=documents.content_hash(document),
        gross=document.totals.gross,
        sent_at=now,
        updated_at=now,
    )
    quote.lines.update(is_frozen=True)
    journal.write(Event.QUOTE_SENT, quote, content_hash=quote.document_hash, by=by, gross=quote.gross)
    timeline.record(Event.QUOTE_SENT, customer=quote.customer, subject=quote, by=by, number=number, gross=quote.gross)
    due.plan(
        EXPIRING,
        quote,
        at=due.morning_of(max(quote.valid_until - timedelta(days=3), timezone.localdate() + timedelta(days=1))),
    )
    link = mint_link(quote, to=to, by=by)
    if to:
        mail.queue(
            "billing/mail/quote_sent", to=to, customer=quote.customer, link=link, about=quote,
            language=quote.customer.language, quote=quote, document=document, message=message,
        )  # fmt: skip
    _render_soon(quote, document)
    return link


def mint_link(quote: Quote, *, to="", by=None) -> AccessLink:
    """One more link to a sent quote, for one recipient."""
    return access.mint(
        quote,
        purpose=AccessLink.Purpose.QUOTE,
        customer=quote.customer,
        sent_to=to,
        asks_postcode=quote.business.asks_postcode,
        expires_at=end_of(quote.valid_until) + LINK_LIVES_ON,
        by=by,
    )


@transaction.atomic
def accept(
    quote: Quote,
    *,
    choice: choices.Choice,
    seen_hash: str,
    name: str,
    email: str,
    label_id: str,
    summary: str,
    channel: str = "portal",
    link: AccessLink | None = None,
    ip: str = "",
    user_agent: str = "",
    buyer_reference: str = "",
    early_start: bool = False,
    early_end: bool = False,
) -> Acceptance:
    """Freeze the customer's acceptance as evidence (R87). The order is placed by `orders.place`, which calls this.

    `seen_hash` is the hash of the document the customer looked at; `label_id` the id of the button's legal label (R77);
    `summary` the text that stood directly above the button (R78).
    Raises Refusal for a quote changed meanwhile, expired or decided, and for a label that is not lawful.
    """
    quote = Quote.objects.select_for_update(of=("self",)).select_related("customer", "business").get(pk=quote.pk)
    if quote.state not in {Quote.State.SENT, Quote.State.DECLINED}:
        raise states.NotAllowed(quote)
    if quote.has_expired:
        raise Refusal(_("Das Angebot ist abgelaufen. Wir machen Ihnen gern ein neues."))
    if seen_hash != quote.document_hash:
        raise Refusal(_("Das Angebot wurde inzwischen geändert. Bitte prüfen Sie es noch einmal."))
    if label_id not in legal_texts.order_labels_for(quote.customer.kind):
        raise Refusal(_("Diese Schaltfläche ist für eine Bestellung nicht zugelassen."), field="label")
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Bitte tragen Sie Ihren Namen ein."), field="name")
    rendering.quote(quote)  # the evidence names the hash of the PDF
    now = timezone.now()
    today = timezone.localdate(now)
    states.move(quote, Quote.State.ACCEPTED, decided_at=now, updated_at=now)
    sent = quote.frozen_document
    chosen = choices.only_chosen(sent, choice)
    is_consumer = quote.customer.is_consumer
    # R82: on doubt instruct; a consumer who accepts through the page may withdraw
    until = deadlines.withdrawal_until(today, quote.business.state) if is_consumer else None
    instruction = legal_texts.withdrawal_instruction(quote.business, on=today) if is_consumer else None
    language = quote.customer.language if quote.customer.language in legal_texts.EARLY_START else "de"
    record = {
        "quote": {"id": quote.pk, "number": quote.number, "version": quote.version, "title": quote.title},
        "document_sha256": quote.document_hash,
        "pdf_sha256": quote.pdf_sha256,
        "business": {"name": quote.business.legal_name, "slug": quote.business.slug},
        "customer": {"number": quote.customer.number, "name": quote.customer.name, "kind": quote.customer.kind},
        "accepted_by": {"name": name, "email": email},
        "channel": channel,
        "link": {"public_id": link.public_id, "sent_to": link.sent_to, "postcode_asked": link.asks_postcode} if link else None,
        "sending": [
            {"to": sent_mail.to, "message_id": sent_mail.message_id, "state": sent_mail.state,
             "sent_at": sent_mail.sent_at.isoformat() if sent_mail.sent_at else None}
            for sent_mail in (link.mails.all() if link else [])
        ],
        "accepted_at_utc": now.isoformat(),
        "accepted_at_local": timezone.localtime(now).isoformat(),
        "clock": "server",
        "client": {"ip": ip, "user_agent": user_agent[:300]},
        "button": {"id": label_id},
        "summary": summary,
        "choice": {"alternatives": dict(choice.alternatives), "options": sorted(choice.options)},
        "chosen": [{"set": set_name, "text": text} for set_name, text in choices.words(sent, choice)],
        "totals": {"net": str(chosen.totals.net), "tax": str(chosen.totals.tax), "gross": str(chosen.totals.gross)},
        "statements": {
            "early_start": {"ticked": early_start, "text": asdict(legal_texts.EARLY_START[language])["id"]},
            "early_end": {"ticked": early_end, "text": asdict(legal_texts.EARLY_END[language])["id"]},
        } if is_consumer else None,
        "withdrawal": {
            "instruction": instruction.id,
            "instruction_sha256": hashlib.sha256(instruction.text.encode()).hexdigest(),
            "until": until.isoformat(),
        } if instruction and until else None,
        "terms_sha256": hashlib.sha256(quote.business.terms.encode()).hexdigest() if quote.business.terms else None,
        "buyer_reference": buyer_reference,
    }  # fmt: skip
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    acceptance = Acceptance.objects.create(
        quote=quote, customer=quote.customer, accepted_at=now, name=name, email=email, gross=chosen.totals.gross,
        record=text, record_hash=hashlib.sha256(text.encode()).hexdigest(), document=documents.to_json(chosen),
        withdrawal_until=until,
    )  # fmt: skip
    due.drop(EXPIRING, quote)
    kick("billing.tasks.render_acceptance", acceptance.pk)
    journal.write(Event.QUOTE_ACCEPTED, quote, content_hash=acceptance.record_hash, gross=acceptance.gross)
    timeline.record(
        Event.QUOTE_ACCEPTED, customer=quote.customer, subject=quote, number=quote.number, gross=acceptance.gross
    )
    return acceptance


@transaction.atomic
def decline(quote: Quote, *, reason: str = "", comment: str = "") -> None:
    """The customer says no, with a reason or without (ABL1). The business is told."""
    if quote.has_expired:
        raise Refusal(_("Das Angebot ist abgelaufen. Wir machen Ihnen gern ein neues."))
    now = timezone.now()
    states.move(
        quote,
        Quote.State.DECLINED,
        decided_at=now,
        updated_at=now,
        decline_reason=reason if reason in Quote.Reason.values else "",
        decline_comment=comment.strip()[:2000],
    )
    due.drop(EXPIRING, quote)
    journal.write(Event.QUOTE_DECLINED, quote, content_hash=quote.document_hash)
    timeline.record(Event.QUOTE_DECLINED, customer=quote.customer, subject=quote, number=quote.number)
    tell_office("billing/mail/quote_declined", quote)


@transaction.atomic
def retract(quote: Quote, *, by) -> None:
    """Take a sent quote back: its links close at once, nothing can be ordered from it."""
    states.move(quote, Quote.State.RETRACTED, updated_at=timezone.now())
    access.revoke(quote)
    due.drop(EXPIRING, quote)
    journal.write(Event.QUOTE_RETRACTED, quote, content_hash=quote.document_hash, by=by)
    timeline.record(Event.QUOTE_RETRACTED, customer=quote.customer, subject=quote, by=by, number=quote.number)


@transaction.atomic
def duplicate(quote: Quote, *, by, customer=None) -> Quote:
    """A new draft with the same rows, for the same or another customer."""
    lines = [{name: getattr(row, name) for name in LINE_FIELDS} for row in quote.lines.all()]
    same = customer is None or customer == quote.customer
    fields = {name: getattr(quote, name) for name in FIELDS if name not in {"valid_until", "title", "site", "intro"}}
    if same:
        fields |= {"site": quote.site, "intro": quote.intro}
    return create(customer or quote.customer, by=by, title=quote.title, lines=lines, **fields)


@transaction.atomic
def delete_draft(quote: Quote) -> None:
    """Throw a draft away. A sent quote cannot be deleted, the database refuses."""
    if not quote.is_draft:
        raise states.NotAllowed(quote)
    quote.lines.all().delete()
    quote.delete()


def expire(quote: Quote) -> bool:
    """Mark a quote whose last day is over (24:00 Europe/Berlin, R74). Returns whether it was this call that did."""
    if not quote.has_expired or quote.state not in {Quote.State.SENT, Quote.State.DECLINED}:
        return False
    with transaction.atomic():
        was_open = quote.state == Quote.State.SENT
        states.move(quote, Quote.State.EXPIRED, updated_at=timezone.now())
        if was_open:
            timeline.record(Event.QUOTE_EXPIRED, customer=quote.customer, subject=quote, number=quote.number)
    return True


def remind_of_expiry(quote: Quote) -> None:
    """Due handler: tell the customer, once, that an open quote is about to expire."""
    link = next((link for link in access.links_to(quote) if link.is_open and link.sent_to), None)
    if quote.state != Quote.State.SENT or quote.has_expired or link is None:
        return
    mail.queue(
        "billing/mail/quote_expiring", to=link.sent_to, customer=quote.customer, link=link, about=quote,
        language=quote.customer.language, quote=quote,
    )  # fmt: skip
    timeline.record(Event.QUOTE_REMINDED, customer=quote.customer, subject=quote, number=quote.number)


def tell_office(kind: str, quote: Quote, **context) -> None:
    """A mail to the business's own address, where there is one."""
    if quote.business.email:
        mail.queue(kind, to=quote.business.email, about=quote, quote=quote, contact=quote.customer, **context)


def end_of(day) -> datetime:
    """24:00 of a day in Europe/Berlin as an instant."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _render_soon(quote, document):
    if rendering.is_long(document):
        kick("billing.tasks.render_quote", quote.pk)
    else:
        rendering.quote(quote)
