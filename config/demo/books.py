"""What the books of Haselbach show: a part payment that the bank brought in, a reminder that went out, a standing invoice, a
supplier's e-invoice.
"""

from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import current
from billing import (
    bank_statements,
    drafting,
    dunning,
    incoming_invoices,
    invoice_runs,
    invoices,
    part_payments,
    standing_invoices,
)
from billing.documents import einvoice
from billing.documents import model as documents
from billing.models import Order
from billing.money import VAT_19
from config.demo.clock import days_ago


def fill(contacts, member) -> None:
    """All of it, through the verbs that the office uses."""
    paid = _part_payment(contacts["elbwinkel"], member["lotte"])
    _bank(paid, member["lotte"])
    _reminded(contacts["sanders"], member["lotte"])
    _standing(contacts["praxis"], member["lotte"])
    incoming_invoices.take_in(_supplier(), "Holz-Peters-HP-20417.xml", by=member["lotte"])


def _part_payment(customer, by):
    order = Order.objects.get(title="Treppengeländer Treppenhaus 3")
    with days_ago(10):
        draft = part_payments.draft(
            order, by=by, basis=part_payments.Basis.PERCENT, value=Decimal(40),
            statement="Aufmaß genommen, Handlauf und Stäbe sind bestellt.",
        )  # fmt: skip
        invoices.issue(draft, by=by, send_to=customer.email)
        invoices.deliver(draft)
    draft.refresh_from_db()
    return draft


def _bank(invoice, by):
    """A list as a bank's website hands it out: one payment that is certain, one that is to be guessed, one that is none."""
    day = f"{timezone.localdate() - timedelta(days=3):%d.%m.%Y}"
    amount = f"{invoice.gross:.2f}".replace(".", ",")
    rows = [
        "Buchungstag;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;Verwendungszweck;Betrag",
        f"{day};Hausverwaltung Elbwinkel KG;DE02120300000000202051;{invoice.number} Treppenhaus 3;{amount}",
        f"{day};Sabine Brandt;DE02500105170137075030;Rest Fensterbank Kueche;100,00",
        f"{day};Stadtwerke Hamburg;DE02100500000054540402;Abschlag Strom;-184,00",
    ]
    file = SimpleUploadedFile("umsaetze.csv", "\n".join(rows).encode(), content_type="text/csv")
    statement = bank_statements.take_in(file, by=by)
    bank_statements.match(statement)


def _reminded(customer, by):
    """An invoice that nobody paid, and the letter about it."""
    with days_ago(38):
        invoice = invoices.create(
            customer, by=by, title="Regalböden im Archiv", service_from=timezone.localdate(),
            lines=[{"text": "Regalboden Birke, 80 × 30 cm", "quantity": Decimal(6), "unit_price": Decimal("48.50")},
                   {"text": "Zuschnitt und Einbau", "quantity": Decimal(2), "unit": "HUR", "unit_price": Decimal(62),
                    "cost_kind": "labour"}],
        )  # fmt: skip
        invoices.issue(invoice, by=by, send_to=customer.email)
        invoices.deliver(invoice)
    with days_ago(12):
        proposal = dunning.proposal_for(customer, on=timezone.localdate())
        dunning.deliver(dunning.send(customer, dunning.wish_for(proposal), by=by, to=proposal.to))


def _standing(customer, by):
    today = timezone.localdate()
    standing_invoices.create(
        customer, by=by, title="Wartung der Schiebetüren", every=12, starts_on=today, in_advance=True, sends=True,
        lines=[{"text": "Jährliche Wartung: Laufschienen reinigen, Rollen einstellen", "unit": "LS",
                "unit_price": Decimal(180), "cost_kind": "labour"}],
    )  # fmt: skip
    invoice_runs.work(invoice_runs.start(until=today, by=by))
    for invoice in customer.invoices.exclude(standing=None):
        invoices.deliver(invoice)


def _supplier() -> bytes:
    """The XML of an invoice that the timber merchant sent to us."""
    firm, today = current.business(), timezone.localdate()
    us = documents.Buyer(
        name=firm.legal_name, kind=documents.BuyerKind.BUSINESS, street=firm.street, postcode=firm.postcode, city=firm.city,
        vat_id=firm.vat_id, email=firm.email, customer_number="30817",
    )  # fmt: skip
    merchant = documents.Seller(
        name="Holz Peters GmbH", street="Billhorner Deich 94", postcode="20539", city="Hamburg", phone="040 7812200",
        email="rechnung@holz-peters.example", contact_name="Karin Peters", vat_id="DE129273398", tax_number="46/736/01234",
        account_holder="Holz Peters GmbH", iban="DE02500105170137075030",
    )  # fmt: skip
    rows = (("Eiche massiv, 27 mm, besäumt", "MTK", "6.4", "89.50"), ("Anlieferung", "LS", "1", "45"))
    lines = tuple(
        documents.DocumentLine(
            str(place), documents.LineKind.ITEM, text, quantity=Decimal(quantity), unit=str(drafting.Unit(unit).label),
            unit_code=unit, unit_price=Decimal(price), vat=VAT_19,
        )
        for place, (text, unit, quantity, price) in enumerate(rows, 1)
    )  # fmt: skip
    return einvoice.build(
        documents.calculated(
            documents.Document(
                kind=documents.Kind.INVOICE, seller=merchant, buyer=us, number="HP-20417", issued_on=today - timedelta(days=4),
                service_from=today - timedelta(days=6), due_on=today + timedelta(days=10), lines=lines,
                payment_terms="Zahlbar innerhalb von 14 Tagen ohne Abzug.", buyer_reference="30817",
            )
        )
    )  # fmt: skip
