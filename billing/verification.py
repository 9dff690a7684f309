"""Whether everything that must never change is still what it was (R53, R87): hashes worked out anew, nothing rendered.

For one business: the journal's chain, each sent document, each acceptance with its texts, and every stored file. What is
found first is named; the rows themselves are frozen in the database, so something found here was done around it.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from accounts.models import TermsVersion
from billing import journal, master_data, privacy
from billing.documents import evidence
from billing.documents import model as documents
from billing.events import Event
from billing.journal_events import JournalEvent
from billing.models import (
    Acceptance,
    ContractText,
    DatevExport,
    DeliveryNote,
    DunningLetter,
    EinvoiceCheck,
    IncomingInvoice,
    Invoice,
    InvoiceAttachment,
    JournalEntry,
    Order,
    Payment,
    PeriodLock,
    ProcedureVersion,
    Quote,
    SignOff,
)
from crm import files
from crm.models import MailAttachment


@dataclass
class Report:
    """What was looked at, and what does not hold."""

    counts: Counter = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def run() -> Report:
    """Verify the current business."""
    report = Report()
    for what, problems in _checks():
        for problem in problems:
            report.counts[what] += 1
            if problem:
                report.broken.append(problem)
    return report


def _checks() -> Iterator[tuple[str, Iterator[str]]]:
    """(what, a sentence or "" for each row of it)."""
    yield "journal entries", _journal()
    yield "quotes", _documents(Quote.objects.exclude(state=Quote.State.DRAFT), Event.QUOTE_SENT)
    yield "invoices", _documents(Invoice.objects.exclude(state=Invoice.State.DRAFT), None)
    yield "orders", _documents(Order.objects.exclude(document=""), Event.ORDER_PLACED)
    yield "acceptances", _acceptances()
    yield "contract texts", _texts(ContractText.objects.select_related("acceptance__quote"))
    yield "sign-offs", _sign_offs()
    yield "terms", _texts(TermsVersion.objects.all())
    yield "master data", master_data.first_broken()
    yield "payments", _payments()
    yield "closed periods", _locks()
    yield "reminders", _contents(DunningLetter.objects, "content", "content_hash")
    yield "delivery notes", _contents(DeliveryNote.objects, "document", "document_hash")
    yield "e-invoice checks", _contents(EinvoiceCheck.objects.select_related("invoice"), "report", "report_sha256")
    yield "procedures", _contents(ProcedureVersion.objects, "text", "sha256")
    for model, names in ((Quote, ["pdf"]), (Order, ["pdf"]), (Invoice, ["pdf", "xml"]), (Acceptance, ["pdf"]),
                         (ContractText, ["pdf"]), (SignOff, ["letter", "pdf"]), (DunningLetter, ["pdf"]),
                         (DeliveryNote, ["pdf"])):  # fmt: skip
        for name in names:
            yield "files", _files(model, name)
    yield "files", _attachments()
    yield "files", _files(InvoiceAttachment, "stored", "sha256")
    yield "files", _files(IncomingInvoice, "file", "sha256")
    yield "files", _files(DatevExport, "file", "sha256")


def _journal():
    broken = journal.first_broken()
    for sequence in JournalEntry.objects.order_by("sequence").values_list("sequence", flat=True):
        if broken is not None and sequence == broken.sequence:
            yield f"Journal entry {broken.sequence} ({broken.event} {broken.number}) does not hold"
        else:
            yield ""


def _documents(rows, event):
    """The frozen content against the hash beside it, and against what the journal said when it was issued."""
    said = {}
    if event:
        for subject, content_hash in JournalEntry.objects.filter(event=event).values_list("subject", "content_hash"):
            said[subject] = content_hash
    for row in rows.order_by("pk").iterator(chunk_size=500):
        name = f"{row._meta.object_name} {row.number}"
        try:
            found = documents.content_hash(documents.from_json(row.document))
        except (ValueError, TypeError, KeyError):
            yield f"{name}: the document cannot be read"
            continue
        if hashlib.sha256(row.document.encode()).hexdigest() != found:
            yield f"{name}: the document is not as it was written"
        elif getattr(row, "document_hash", found) != found:
            yield f"{name}: the document does not match its hash"
        elif said.get(f"{row._meta.label} {row.pk}", found) != found:
            yield f"{name}: the document does not match the journal"
        else:
            yield ""


def _acceptances():
    said = dict(JournalEntry.objects.filter(event=Event.QUOTE_ACCEPTED).values_list("subject", "content_hash"))
    rows = Acceptance.objects.select_related("quote", "terms").prefetch_related("texts").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        name = f"Acceptance of {row.quote.number}"
        if evidence.digest(row.record) != row.record_hash:
            yield f"{name}: the record does not match its hash"
        elif said.get(f"{Quote._meta.label} {row.quote_id}") != row.record_hash:
            yield f"{name}: the record does not match the journal"
        else:
            yield next((f"{name}: {problem}" for problem in _against_record(row, json.loads(row.record))), "")


def _against_record(row, record):
    """What the record names must be what is kept beside it."""
    if record["document_sha256"] != row.quote.document_hash:
        yield "the quote is not the one that was accepted"
    if record["pdf_sha256"] != row.quote.pdf_sha256:
        yield "the PDF is not the one that was accepted"
    if Decimal(record["totals"]["gross"]) != documents.from_json(row.document).totals.gross:
        yield "the chosen document costs something else"
    if record.get("signature_sha256", None) != (evidence.digest(row.signature) if row.signature else None):
        yield "the signature is not the one that was drawn"
    if (record.get("terms") or {}).get("sha256") != (row.terms.sha256 if row.terms else None):
        yield "the terms are not those that were agreed"
    withdrawal = record.get("withdrawal") or {}
    if withdrawal.get("until") != (row.withdrawal_until.isoformat() if row.withdrawal_until else None):
        yield "the last day to withdraw is another one"
    kept = {text.kind: text.sha256 for text in row.texts.all()}
    named = {"information": (record.get("information") or {}).get("sha256")}
    if row.regime:  # before there was the matrix, texts were not kept
        named |= {
            "instruction": withdrawal.get("instruction_sha256"),
            "terms": (record.get("terms") or {}).get("sha256"),
        }
        for kind, sha256 in named.items():
            if kept.get(kind) != sha256:
                yield f"the text “{kind}” is not the one that was handed over"


def _sign_off_rows():
    return SignOff.objects.exclude(record="").select_related("order").order_by("pk").iterator()


def _sign_offs():
    """Each record against its hash, the journal, and what is kept beside it."""
    events = [Event.SIGN_OFF_ACCEPTED, Event.SIGN_OFF_REFUSED, Event.SIGN_OFF_DEEMED]
    said = dict(JournalEntry.objects.filter(event__in=events).values_list("subject", "content_hash"))
    for row in _sign_off_rows():
        name = f"Sign-off {row.number} of {row.order}"
        if evidence.digest(row.record) != row.record_hash:
            yield f"{name}: the record does not match its hash"
        elif said.get(f"{SignOff._meta.label} {row.pk}") != row.record_hash:
            yield f"{name}: the record does not match the journal"
        else:
            yield next((f"{name}: {problem}" for problem in _beside_record(row, json.loads(row.record))), "")


def _beside_record(row, record):
    for side in ("customer", "business"):
        drawn = getattr(row, f"{side}_signature")
        if record["signatures"][f"{side}_sha256"] != (evidence.digest(drawn) if drawn else None):
            yield f"the signature of the {side} is not the one that was drawn"
    if record["warranty"].get("until") != (row.warranty_until.isoformat() if row.warranty_until else None):
        yield "the warranty ends on another day"
    if record["sign_off"]["state"] != row.state:
        yield "the decision is another one"


def _texts(rows):
    for row in rows.order_by("pk").iterator(chunk_size=500):
        yield (
            "" if evidence.digest(row.text) == row.sha256 else f"{row._meta.object_name} {row.pk}: the text was changed"
        )


def _contents(rows, name, hash_name):
    """What was written once, against the hash beside it and the one in the journal."""
    said = _first_hashes(rows.model)
    for row in rows.order_by("pk").iterator(chunk_size=500):
        found = evidence.digest(getattr(row, name))
        if found != getattr(row, hash_name):
            yield f"{row._meta.object_name} {row}: the {name} does not match its hash"
        elif said.get(row.pk, found) != found:
            yield f"{row._meta.object_name} {row}: the {name} does not match the journal"
        else:
            yield ""


def _told_of(model, *events):
    """The journal's own entries about rows of a model, in order."""
    rows = JournalEntry.objects.filter(subject__startswith=f"{model._meta.label} ", origin_business=None)
    return (rows.filter(event__in=events) if events else rows).order_by("sequence")


def _first_hashes(model):
    """{id: what the journal said of the content when it was written}."""
    found: dict[int, str] = {}
    for subject, content_hash in _told_of(model).exclude(content_hash="").values_list("subject", "content_hash"):
        found.setdefault(int(subject.rpartition(" ")[2]), content_hash)
    return found


def _payments():
    """Each payment the journal tells of must be there, with the amount it was booked with, while it has to be kept."""
    events = [Event.PAYMENT_RECORDED, Event.PAYMENT_REVERSED, Event.PAYMENT_REFUNDED]
    told = _told_of(Payment, *events).values_list("sequence", "subject", "facts").iterator(chunk_size=500)
    expired = privacy.ended().get(Payment._meta.label, set())
    while portion := list(islice(told, 500)):
        said = {int(subject.rpartition(" ")[2]): (sequence, json.loads(facts)) for sequence, subject, facts in portion}
        amounts = dict(Payment.objects.filter(pk__in=said).values_list("pk", "amount"))
        for pk, (sequence, facts) in said.items():
            if pk in expired and pk not in amounts:
                yield ""
            elif pk not in amounts:
                yield f"Payment {pk} of journal entry {sequence} ({facts['invoice']}) is gone"
            elif abs(amounts[pk]) != abs(Decimal(facts["amount"])):
                yield f"Payment {pk} of {facts['invoice']} is not what journal entry {sequence} says"
            else:
                yield ""


def _locks():
    """A period that was closed is closed."""
    there = {str(until) for until in PeriodLock.objects.values_list("until", flat=True)}
    for sequence, facts in _told_of(PeriodLock, JournalEvent.PERIOD_LOCKED).values_list("sequence", "facts"):
        until = json.loads(facts)["until"]
        yield "" if until in there else f"The period until {until} (journal entry {sequence}) is open again"


def _files(model, name, hash_name=""):
    for row in model.objects.exclude(**{name: ""}).order_by("pk").iterator(chunk_size=500):
        yield _stored(getattr(row, name), getattr(row, hash_name or f"{name}_sha256"))


def _attachments():
    stored = MailAttachment.objects.order_by("storage_name").values_list("storage_name", "sha256").distinct()
    for name, sha256 in stored:
        yield _stored(name, sha256)


def _stored(name, sha256):
    try:
        content = files.read(name)
    except FileNotFoundError:
        return f"File {name} is gone"
    return "" if hashlib.sha256(content).hexdigest() == sha256 else f"File {name} was changed"
