"""What billing has to say about somebody's data: what must be kept and until when, who received it, what the books tell."""

import json
from datetime import date

from django.utils.translation import gettext as _

from accounts import current
from accounts.models import Member
from accounts.rights import Role
from billing import journal
from billing.journal_events import JournalEvent
from billing.models import (
    Acceptance,
    BankEntry,
    ContractText,
    DatevItem,
    Defect,
    DeliveryNote,
    DunningItem,
    DunningLetter,
    EinvoiceCheck,
    Invoice,
    InvoiceAttachment,
    InvoiceLine,
    JournalEntry,
    Milestone,
    OnlinePayment,
    Order,
    OrderLine,
    Payment,
    Quote,
    QuoteLine,
    SignOff,
    Withdrawal,
)
from billing.retention import LETTER, VOUCHER, period, retain_until
from crm.dossiers import Dossier
from crm.erasure import Kept
from crm.models import Customer

# what belongs to a paper and stays with it: (model, field that names it)
WITH_INVOICE = ((InvoiceLine, "invoice"), (InvoiceAttachment, "invoice"), (EinvoiceCheck, "invoice"), (Payment, "invoice"),
                (OnlinePayment, "invoice"), (DatevItem, "invoice"))  # fmt: skip
WITH_ORDER = ((OrderLine, "order"), (Milestone, "order"), (SignOff, "order"), (Defect, "sign_off__order"),
              (DeliveryNote, "order"), (Withdrawal, "order"))  # fmt: skip
WITH_QUOTE = ((QuoteLine, "quote"), (Acceptance, "quote"), (ContractText, "acceptance__quote"))
WITH_LETTER = ((DunningItem, "letter"),)


def kept_of(customer: Customer, *, on: date) -> list[Kept]:
    """What of a contact must stay by tax and commercial law, as the law is on a day (R56); each kind until its last day."""
    found = []
    mine = {"customer__in": _and_merged(customer)}
    invoices = Invoice.objects.filter(**mine).exclude(state=Invoice.State.DRAFT)
    paid = Payment.objects.filter(invoice__in=invoices)
    days = [*invoices.values_list("issued_on", flat=True), *paid.values_list("received_on", flat=True)]
    found += _kept(_("Rechnungen und Zahlungen"), VOUCHER, Invoice, invoices, WITH_INVOICE, days, on)
    placed = Order.objects.filter(**mine)
    days = [at.date() for at in placed.values_list("placed_at", flat=True) if at]
    found += _kept(_("Aufträge und Abnahmen"), LETTER, Order, placed, WITH_ORDER, days, on)
    agreed = Quote.objects.filter(**mine, state=Quote.State.ACCEPTED)
    days = [at.date() for at in agreed.values_list("decided_at", flat=True) if at]
    found += _kept(_("Angenommene Angebote"), LETTER, Quote, agreed, WITH_QUOTE, days, on)
    letters = DunningLetter.objects.filter(**mine)
    days = list(letters.values_list("issued_on", flat=True))
    return found + _kept(_("Mahnschreiben"), LETTER, DunningLetter, letters, WITH_LETTER, days, on)


def _kept(what, kind, model, rows, beside, days, on):
    ids = set(rows.values_list("pk", flat=True))
    if not ids or not days:
        return []
    stays: Dossier = {model: ids}
    for other, field in beside:
        stays[other] = set(other.objects.filter(**{f"{field}__in": ids}).values_list("pk", flat=True))
    until = retain_until(kind, max(days), on=on, held_until=current.business().books_held_until)
    return [Kept(str(what), len(ids), until, period(kind, on=on).law, stays)]


def _and_merged(customer) -> list[int]:
    found, news = [], [customer.pk]
    while news:
        found += news
        news = list(Customer.objects.filter(merged_into__in=news).values_list("pk", flat=True))
    return found


def told(customer: Customer, dossier: Dossier) -> dict:
    """Who received data of a contact from the books, and what the journal and the bank say of him."""
    labels = [f"{model._meta.label} {pk}" for model, ids in dossier.items() for pk in ids]
    rows = JournalEntry.objects.none()
    for start in range(0, len(labels), 500):
        rows = rows | JournalEntry.objects.filter(subject__in=labels[start : start + 500])
    entries = list(rows.order_by("sequence").values("sequence", "event", "number", "at", "facts"))
    bank = BankEntry.objects.filter(payments__in=dossier.get(Payment, set())).distinct().order_by("pk")
    fields = [field.attname for field in BankEntry._meta.concrete_fields if field.name != "business"]
    return {
        "recipients": list(_recipients(dossier)),
        "records": {_("Journal der Bücher"): entries, _("Buchungen der Bank"): list(bank.values(*fields))},
    }


def _recipients(dossier):
    advisers = Member.objects.filter(business=current.business(), role=Role.TAX_ADVISER, is_active=True)
    if advisers.exists() or dossier.get(DatevItem):
        yield _("Steuerberatung: Rechnungen, Zahlungen, Anschrift")
    for provider in sorted(
        set(OnlinePayment.objects.filter(pk__in=dossier.get(OnlinePayment, ())).values_list("provider", flat=True))
    ):
        yield _("%(provider)s: Rechnungsnummer und Betrag für die Bezahlung") % {"provider": provider.capitalize()}
    if dossier.get(Invoice):
        yield _("Finanzverwaltung: im Fall einer Prüfung die Bücher")


def note_end(customer: Customer, dossier: Dossier) -> None:
    """The last day has passed: the journal says which papers go, so that nobody takes them for lost (verification.py)."""
    gone = {
        model._meta.label: sorted(dossier[model])
        for model in (Customer, Payment, Invoice, Order, Quote, DunningLetter, DeliveryNote, SignOff)
        if dossier.get(model)
    }
    journal.write(JournalEvent.RETENTION_ENDED, customer, gone=json.dumps(gone))


def ended() -> dict[str, set[int]]:
    """{model: ids} of what went because its time had passed."""
    found: dict[str, set[int]] = {}
    facts = JournalEntry.objects.filter(event=JournalEvent.RETENTION_ENDED, origin_business=None)
    for text in facts.values_list("facts", flat=True):
        for label, ids in json.loads(json.loads(text)["gone"]).items():
            found.setdefault(label, set()).update(ids)
    return found
