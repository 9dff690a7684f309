"""What can be done with a quote (Angebot)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import formats
from accounts.refusals import Refusal
from accounts.wakeup import kick
from billing import (
    construction,
    drafting,
    follow_ups,
    journal,
    quote_links,
    quote_values,
    rendering,
    tax_checks,
    tax_decisions,
)
from billing.documents import model as documents
from billing.events import Event
from billing.models import Quote, QuoteLine
from crm import access, customers, mail, numbering, states, timeline
from crm.models import AccessLink, NumberRange

FIELDS = (
    "title", "intro", "closing", "mode", "discount_percent", "valid_until", "site", "payment_terms", "internal_note",
    "kind", "negotiation", "version_note", "building_description", "completion", "tax_case", "tax_decision",
)  # fmt: skip
LINE_FIELDS = (
    "kind", "text", "description", "quantity", "unit", "unit_price", "discount_percent", "vat_rate", "cost_kind",
    "cost_split", "alternative_set", "is_default", "is_optional", "option_group", "max_quantity", "purchase_price",
    "picture",
)  # fmt: skip


class NotReady(Refusal):
    """Something must be filled in first; `problems` are (field, sentence)."""

    status = 422

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__(" ".join(sentence for _, sentence in self.problems))
        self.field = self.problems[0][0]


class ChangedMeanwhile(Refusal):
    """Somebody else saved the draft since it was read; the sentence says who, and when."""

    def __init__(self, quote):
        moment = {"name": quote.changed_by, "time": formats.clock_short(quote.updated_at)}
        super().__init__(
            _("%(name)s hat dieses Angebot um %(time)s geändert.") % moment
            if quote.changed_by
            else _("Dieses Angebot wurde um %(time)s an anderer Stelle geändert.") % moment
        )


@transaction.atomic
def create(customer, *, by, title, lines=(), **fields) -> Quote:
    """A new draft. `fields` are those of FIELDS, `lines` dictionaries of LINE_FIELDS. Raises Refusal for a contact that is
    put away.
    """
    customers.refuse_archived(customer)
    business = customer.business
    fields.setdefault("valid_until", timezone.localdate() + timedelta(days=business.quote_days))
    fields.setdefault("intro", f"{customer.greeting},")
    quote = Quote.objects.create(customer=customer, title=title, by=by, **fields)
    set_lines(quote, lines)
    timeline.record(Event.QUOTE_CREATED, customer=customer, subject=quote, by=by, title=title)
    return quote


@transaction.atomic
def change(quote: Quote, *, by=None, lines=None, seen_at=None, **fields) -> Quote:
    """Change a draft; `lines` replaces all rows. Raises NotAllowed for a sent quote: revise a copy instead.

    `seen_at` is the `updated_at` the editor was loaded with: another save in between raises ChangedMeanwhile, nothing is
    lost (P87).
    """
    locked = Quote.objects.select_for_update(of=("self",)).select_related("changed_by__user").get(pk=quote.pk)
    if not locked.is_draft:
        raise states.NotAllowed(locked)
    if seen_at is not None and seen_at != locked.updated_at:
        raise ChangedMeanwhile(locked)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.changed_by = by
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
    values = quote_values.of(document)
    for name, value in values.items():
        setattr(quote, name, value)
    quote.save(update_fields=[*values, "updated_at"])


def rows_of(lines, *, quote: Quote | None = None) -> list[QuoteLine]:
    """The rows that dictionaries of LINE_FIELDS make, not stored: the editor shows the same sums as after saving."""
    rows = []
    for sort, fields in enumerate(lines):
        row = QuoteLine(quote=quote, sort=sort, **fields)
        row.vat_category = "S" if row.vat_rate else "Z"
        if row.kind == documents.LineKind.TEXT:
            row.alternative_set, row.is_optional = "", False
        if not row.is_optional:
            row.option_group, row.max_quantity = "", None
        if not row.is_item:
            row.max_quantity = None
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
    for row in rows:
        if row.alternative_set:
            sets.setdefault(row.alternative_set, []).append(row)
    for name, members in sets.items():
        if len(members) < 2:
            found.append(
                ("lines", _("„%(name)s“ hat nur eine Ausführung. Bitte fügen Sie eine zweite hinzu.") % {"name": name})
            )
    found += _problems_of_titles(rows)
    document = drafting.of_quote(quote, rows=rows)
    if items and not document.items:
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
    found += construction.problems(quote)
    found += [(problem.field, problem.message) for problem in tax_checks.of_quote(quote, document)]
    return found + _problems_with_the_order(quote)


def _problems_with_the_order(quote):
    """A change order counts like the order it is added to: one invoice holds both."""
    order = quote.amends
    if order is None:
        return []
    found = [("amends", order.why_final)] if order.why_final else []
    if quote.mode != order.mode:
        sentence = _("Der Auftrag rechnet mit %(prices)sn. Bitte stellen Sie den Nachtrag genauso ein.")
        found.append(("mode", sentence % {"prices": order.get_mode_display()}))
    if quote.discount_percent != order.discount_percent:
        sentence = _(
            "Für den Nachtrag gilt der Rabatt auf alles aus dem Auftrag: %(percent)s. Bitte stellen Sie ihn ein."
        )
        found.append(("discount_percent", sentence % {"percent": formats.percent(order.discount_percent)}))
    if order.quote and quote.tax_case != order.quote.tax_case:
        found.append(
            ("tax_case", _("Der Nachtrag wird wie der Auftrag versteuert. Bitte wählen Sie denselben Steuerfall."))
        )
    return found


def _problems_of_titles(rows):
    """Titles that can be chosen: something is below them, and nothing below can be chosen by itself."""
    found = []
    titles: list[tuple[QuoteLine, list[QuoteLine]]] = []
    for row in rows:
        if row.kind == documents.LineKind.SECTION:
            titles.append((row, []))
        elif titles:
            titles[-1][1].append(row)
    for title, members in titles:
        if not title.can_be_chosen:
            continue
        name = {"name": title.text}
        if not any(row.is_item for row in members):
            found.append(("lines", _("Unter „%(name)s“ steht noch keine Position. Bitte fügen Sie eine hinzu.") % name))
        if any(row.can_be_chosen for row in members):
            sentence = _("„%(name)s“ kann der Kunde als Ganzes wählen. Bitte machen Sie die Positionen darunter fest.")
            found.append(("lines", sentence % name))
    return found


@transaction.atomic
def send(quote: Quote, *, by, to="", recipients=(), way="", message="", version_note=None) -> AccessLink:
    """Number and freeze a draft, mint a link for each recipient and write the mails. Returns the first link.

    Without an address one link is made that is handed over on that `way` (AccessLink.Way); a new version goes to those
    who had the old one when nothing else is said. It takes the old one's number and its place in the same transaction.
    Raises NotReady with what is missing, NotAllowed when it was sent already, Refusal when the old version was accepted
    meanwhile; no number is used then.
    """
    quote.refresh_from_db(from_queryset=Quote.objects.select_for_update(of=("self",)))
    if version_note is not None and quote.is_draft:
        quote.version_note = version_note.strip()
    if quote.is_draft and (found := problems(quote)):
        raise NotReady(found)
    old = _version_to_replace(quote)
    if old:
        quote.number, quote.version = old.number, old.version + 1
    elif quote.is_draft:
        quote.number = numbering.take(NumberRange.Kind.QUOTE, year=timezone.localdate().year)
    document = drafting.of_quote(quote, contact_name=str(by) if by else "")
    now = timezone.now()
    states.move(
        quote,
        Quote.State.SENT,
        number=quote.number,
        version=quote.version,
        version_note=quote.version_note,
        document=documents.to_json(document),
        document_hash=documents.content_hash(document),
        **quote_values.of(document),
        tax_decision=tax_checks.noted_of_quote(quote, document),
        sent_at=now,
        updated_at=now,
    )
    quote.lines.update(is_frozen=True)
    journal.write(Event.QUOTE_SENT, quote, content_hash=quote.document_hash, by=by, gross=quote.gross)
    addresses = quote_links.unique([to, *recipients])
    if old:
        _replace(old, quote, by=by)
        if not addresses and not way:
            addresses = quote_links.recipients(quote)
    way = way or (AccessLink.Way.MAIL if addresses else AccessLink.Way.LINK)
    timeline.record(
        Event.QUOTE_SENT, customer=quote.customer, subject=quote, by=by,
        number=quote.number, gross=quote.gross, version=quote.version, way=way,
    )  # fmt: skip
    follow_ups.plan(quote)
    link = quote_links.hand_out(quote, document, addresses=addresses, way=way, message=message, by=by)
    _render_soon(quote, document)
    return link


def _version_to_replace(quote):
    """The version a draft takes the place of, locked: of a customer who accepts and an office that sends one wins."""
    if quote.revises_id is None:
        return None
    old = Quote.objects.select_for_update(of=("self",)).get(pk=quote.revises_id)
    if old.state == Quote.State.ACCEPTED:
        raise Refusal(
            _(
                "Der Kunde hat die bisherige Fassung am %(day)s angenommen. Diese hier kann nicht mehr gesendet werden. "
                "Was dazukommt, schreiben Sie bitte als neues Angebot."
            )
            % {"day": formats.day(old.decided_at)}
        )
    return old


def _replace(old, quote, *, by):
    """A later version was sent: from here on the old one is only to be read (R74)."""
    states.move(old, Quote.State.REPLACED, updated_at=timezone.now())
    follow_ups.stop(old)
    old.change_requests.filter(answered_at=None).update(answered_at=timezone.now())  # this version is the answer
    quote_links.hand_on(old, quote)
    journal.write(
        Event.QUOTE_REPLACED, old, content_hash=old.document_hash, by=by, version=old.version, by_version=quote.version
    )


@transaction.atomic
def revise(quote: Quote, *, by) -> Quote:
    """The draft of the next version, with the same rows and words and a new last day; the one that is begun already.

    Until it is sent the old version stays what it is, and can be accepted. Raises Refusal for an accepted quote, and
    where a later version was sent.
    """
    old = Quote.objects.select_for_update(of=("self",)).select_related("customer", "business").get(pk=quote.pk)
    found = Quote.objects.filter(revises=old).first()
    if found and found.is_draft:
        return found
    if found:
        sentence = _("Von diesem Angebot gibt es schon Fassung %(version)s. Bitte überarbeiten Sie diese.")
        raise Refusal(sentence % {"version": found.version})
    if old.state == Quote.State.ACCEPTED:
        raise Refusal(
            _(
                "Der Kunde hat dieses Angebot angenommen, es ist jetzt Vertrag. Was dazukommt, schreiben Sie bitte als "
                "neues Angebot: „Als Vorlage verwenden“."
            )
        )
    if old.is_draft:
        raise states.NotAllowed(old)
    same = {"amends": old.amends, "amendment_number": old.amendment_number}
    return _copy(old, old.customer, by=by, without={"valid_until", "version_note"}, revises=old, **same)


@transaction.atomic
def extend(quote: Quote, *, by, valid_until=None) -> Quote:
    """The same quote with a new last day, sent at once to those who had it: a new version with the same rows.

    Raises Refusal when a new version is being written: that one is to be sent.
    """
    if Quote.objects.filter(revises=quote, state=Quote.State.DRAFT).exists():
        raise Refusal(_("Es gibt schon einen Entwurf der nächsten Fassung. Bitte senden Sie diesen."))
    version = revise(quote, by=by)
    with translation.override(version.customer.language):
        note = str(_("Die Leistungen sind dieselben, das Angebot gilt länger."))
    if valid_until:
        change(version, by=by, valid_until=valid_until)
    send(version, by=by, version_note=note)
    return version


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
    follow_ups.stop(quote)
    journal.write(Event.QUOTE_DECLINED, quote, content_hash=quote.document_hash)
    timeline.record(Event.QUOTE_DECLINED, customer=quote.customer, subject=quote, number=quote.number)
    tell_office("billing/mail/quote_declined", quote)


@transaction.atomic
def lose(quote: Quote, *, by, reason: str, comment: str = "") -> None:
    """The office learnt that nothing comes of it: declined on the customer's behalf. Of one that is over already, by
    itself or by the customer, only why is kept.
    """
    if reason not in Quote.Reason.values:
        raise Refusal(_("Bitte wählen Sie, woran es lag."), field="reason")
    now = timezone.now()
    why = {"decline_reason": reason, "decline_comment": comment.strip()[:2000], "updated_at": now}
    if quote.state in {Quote.State.EXPIRED, Quote.State.DECLINED}:
        Quote.objects.filter(pk=quote.pk, state=quote.state).update(**why)
        quote.refresh_from_db()
    else:
        states.move(quote, Quote.State.DECLINED, decided_at=now, **why)
        follow_ups.stop(quote)
        journal.write(Event.QUOTE_DECLINED, quote, content_hash=quote.document_hash, by=by)
    timeline.record(Event.QUOTE_LOST, customer=quote.customer, subject=quote, by=by, number=quote.number, reason=reason)


@transaction.atomic
def reopen(quote: Quote, *, by) -> None:
    """A declined quote is talked about again: open until its last day, as if nobody had said no."""
    if quote.has_expired:
        raise Refusal(_("Der letzte Tag dieses Angebots ist vorbei. Bitte verlängern Sie die Gültigkeit."))
    states.move(
        quote, Quote.State.SENT, decided_at=None, decline_reason="", decline_comment="", updated_at=timezone.now()
    )
    follow_ups.reopen(quote)
    journal.write(Event.QUOTE_REOPENED, quote, content_hash=quote.document_hash, by=by)
    timeline.record(Event.QUOTE_REOPENED, customer=quote.customer, subject=quote, by=by, number=quote.number)


@transaction.atomic
def retract(quote: Quote, *, by) -> None:
    """Take a sent quote back: its links close at once, nothing can be ordered from it."""
    now = timezone.now()
    states.move(quote, Quote.State.RETRACTED, decided_at=now, updated_at=now)
    access.revoke(quote, at=now)  # the same instant: a new version knows by it which links to open again
    follow_ups.stop(quote)
    journal.write(Event.QUOTE_RETRACTED, quote, content_hash=quote.document_hash, by=by)
    timeline.record(Event.QUOTE_RETRACTED, customer=quote.customer, subject=quote, by=by, number=quote.number)


def duplicate(quote: Quote, *, by, customer=None) -> Quote:
    """A new draft with the same rows, for the same or another customer, who gets nothing of what is the first one's."""
    same = customer is None or customer == quote.customer
    own = {
        "site",
        "intro",
        "building_description",
        "completion",
        "negotiation",
        "internal_note",
        "tax_case",
        "tax_decision",
    }
    without = {"valid_until", "version_note"} | (set() if same else own)
    if customer and not customer.is_consumer and quote.kind == Quote.Kind.CONSTRUCTION:
        without.add("kind")
    return _copy(quote, customer or quote.customer, by=by, without=without)


def _copy(quote, customer, *, by, without, **more):
    # pictures are kept with a customer, and may show where he lives
    names = [name for name in LINE_FIELDS if name != "picture" or customer == quote.customer]
    lines = [{name: getattr(row, name) for name in names} for row in quote.lines.all()]
    fields = {name: getattr(quote, name) for name in FIELDS if name not in without | {"title"}}
    if "tax_decision" in fields:  # what was noted when it was sent is about that one
        fields["tax_decision"] = tax_decisions.answers_in(quote.tax_decision)
    return create(customer, by=by, title=quote.title, lines=lines, **fields, **more)


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


def tell_office(kind: str, quote: Quote, **context) -> None:
    """A mail to the business's own address, where there is one."""
    if quote.business.email:
        mail.queue(kind, to=quote.business.email, about=quote, quote=quote, contact=quote.customer, **context)


def _render_soon(quote, document):
    if rendering.is_long(document):
        kick("billing.tasks.render_quote", quote.pk)
    else:
        rendering.quote(quote)
