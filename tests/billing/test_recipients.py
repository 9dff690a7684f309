"""Where documents go: addresses of a kind, the right person, and what somebody types instead, which changes no master data."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Refusal
from billing import (
    corrections,
    delivery_notes,
    dunning,
    invoices,
    quote_links,
    quotes,
    standing_invoices,
)
from billing.documents import model as documents
from billing.send_forms import SendForm
from crm import customers, letters, mail, recipients
from crm.models import ContactPerson, Customer, Mail, Site, TimelineEntry
from tests import make

ELSEWHERE = "nur-heute@anderswo.example"


def person(customer, name="Petra Zahl", **fields):
    return ContactPerson.objects.create(customer=customer, name=name, **fields)


def place(customer, kind, **fields):
    values = {"label": "Verwaltung", "street": "Kontorhof 1", "postcode": "20095", "city": "Hamburg"}
    return Site.objects.create(customer=customer, kind=kind, **{**values, **fields})


def overdue(**customer):
    with make.days_ago(40):
        quote = make.make_sent_quote(make.make_customer(**customer))
        return make.make_open_invoice(make.make_completed_order(quote), rendered=True)


# --- addresses --------------------------------------------------------------------------------------------------------
def test_new_invoices_go_to_the_billing_address_and_issued_ones_stay(business, owner):
    customer = make.make_company(vat_id="", email="info@morgenrot.example")
    old = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)))
    before = old.document
    place(customer, "billing", addressee="Buchhaltung")
    person(customer, email="rechnung@morgenrot.example", gets_invoices=True)

    new = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(Customer.objects.get())), rendered=True)

    old.refresh_from_db()
    assert old.document == before
    buyer = new.frozen_document.buyer
    assert (buyer.name, buyer.contact_name) == ("Café Morgenrot GmbH", "Buchhaltung")
    assert (buyer.street, buyer.postcode, buyer.email) == ("Kontorhof 1", "20095", "rechnung@morgenrot.example")
    # the quote is the contract with the customer at his own address
    assert new.order.quote.frozen_document.buyer.street == "Rotdornweg 8"
    assert [proposal.to for proposal in dunning.proposals(on=timezone.localdate() + timedelta(days=90))] == [
        "rechnung@morgenrot.example"
    ]


def test_the_structured_invoice_names_the_billing_address(business, owner):
    from billing.documents import einvoice
    from crm import files

    customer = make.make_company()
    place(customer, "billing", street="Kontorhof 1")
    invoice = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)), rendered=True)
    xml = files.read(invoice.xml).decode()
    assert "Kontorhof 1" in xml and "Rotdornweg 8" not in xml
    assert einvoice.syntax_for(invoice.frozen_document)


def test_goods_go_to_the_delivery_address(business, owner):
    customer = make.make_customer()
    place(customer, "delivery", label="Lager", street="Kai 7")
    order = make.make_order(make.make_sent_quote(customer))
    note = delivery_notes.write(
        order, quantities={row.pk: left for row, left in delivery_notes.rows_of(order)},
        delivered_on=timezone.localdate(), by=owner,
    )  # fmt: skip
    assert documents.from_json(note.document).buyer.street == "Kai 7"


# --- persons ----------------------------------------------------------------------------------------------------------
def test_who_gets_quotes_and_invoices_is_proposed(business):
    customer = make.make_company(email="info@morgenrot.example")
    assert (recipients.for_quotes(customer), recipients.for_invoices(customer)) == (
        ["info@morgenrot.example"], "info@morgenrot.example",
    )  # fmt: skip
    person(customer, "Bernd Plan", email="plan@morgenrot.example", gets_quotes=True)
    person(customer, email="zahl@morgenrot.example", gets_invoices=True)
    person(customer, "Ohne Adresse", gets_quotes=True, gets_invoices=True)
    customer = Customer.objects.get()
    assert recipients.for_quotes(customer) == ["plan@morgenrot.example"]
    assert recipients.for_invoices(customer) == "zahl@morgenrot.example"
    form = SendForm(quote=make.make_quote(customer))
    assert form["recipients"].value() == ["plan@morgenrot.example"]
    assert len(form.known) == 3


def test_a_person_is_greeted_by_name(business, owner):
    customer = make.make_company(last_name="Morgenrot", salutation="ms", email="info@morgenrot.example")
    person(customer, email="zahl@morgenrot.example", gets_invoices=True)
    invoice = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)), rendered=True)
    for to in ("zahl@morgenrot.example", "info@morgenrot.example", ELSEWHERE):
        invoices.send(invoice, to=to, by=owner)
        invoice.refresh_from_db()
        invoices.deliver(invoice)
    words = dict(Mail.objects.filter(kind="billing/mail/invoice_sent").values_list("to", "text"))
    greetings = {to: text.split(",")[0] for to, text in words.items()}
    assert greetings == {
        "zahl@morgenrot.example": "Guten Tag Petra Zahl", "info@morgenrot.example": "Guten Tag Frau Morgenrot",
        ELSEWHERE: "Guten Tag Frau Morgenrot",
    }  # fmt: skip


# --- what is typed while sending ----------------------------------------------------------------------------------------
def send_quote(by):
    quotes.send(make.make_quote(), by=by, to=ELSEWHERE)


def send_next_version(by):
    quote = make.make_sent_quote()
    quotes.send(quotes.revise(quote, by=by), by=by, to=ELSEWHERE)


def share_quote(by):
    quote_links.share(make.make_sent_quote(), by=by, to=ELSEWHERE)


def write_after_quote(by):
    url = reverse("billing:quote_follow_up", args=[make.make_sent_quote().pk])
    make.signed_in(by).post(url, {"to": ELSEWHERE, "message": "Wie sieht es aus?"})


def issue_invoice(by):
    invoice = invoices.issue(make.make_draft_invoice(), by=by, send_to=ELSEWHERE)
    invoices.deliver(invoice)


def send_invoice_again(by):
    invoice = make.make_open_invoice(rendered=True)
    invoices.send(invoice, to=ELSEWHERE, by=by)
    invoice.refresh_from_db()
    invoices.deliver(invoice)


def remind_of_invoice(by):
    invoices.remind(overdue(), by=by, to=ELSEWHERE)


def send_dunning_letter(by):
    invoice = overdue()
    proposal = dunning.proposal_for(invoice.customer, on=timezone.localdate())
    dunning.deliver(dunning.send(invoice.customer, dunning.wish_for(proposal), by=by, to=ELSEWHERE))


def cancel_invoice(by):
    invoices.deliver(invoices.cancel(make.make_open_invoice(), by=by, reason="Doppelt", send_to=ELSEWHERE))


def reduce_invoice(by):
    invoice = make.make_open_invoice()
    invoices.deliver(corrections.reduce(invoice, amount=Decimal(10), reason="Kratzer", by=by, send_to=ELSEWHERE))


def write_letter(by):
    letters.send(make.make_customer(), to=ELSEWHERE, subject_line="Lackmuster", text="Sie sind da.", by=by)


@pytest.mark.parametrize(
    "send",
    [
        send_quote, send_next_version, share_quote, write_after_quote, issue_invoice, send_invoice_again,
        remind_of_invoice, send_dunning_letter, cancel_invoice, reduce_invoice, write_letter,
    ],
    ids=lambda send: send.__name__,
)  # fmt: skip
def test_an_address_typed_while_sending_changes_no_master_data(business, owner, send):
    kept = []
    real = customers.create
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(customers, "create", lambda **said: kept.append(said) or real(**said))
        send(owner)
    customer, row = Customer.objects.get(), Mail.objects.get(to=ELSEWHERE)
    assert {name: getattr(customer, name) for name in kept[0] if name not in {"by", "tags"}} == {
        name: value for name, value in kept[0].items() if name not in {"by", "tags"}
    }
    assert ContactPerson.objects.count() == 0
    # the timeline tells where it really went
    mail.deliver(row.pk)
    told = TimelineEntry.objects.filter(
        event__in=["crm.mail_sent", "crm.mail_written"], customer=customer, subject_id=row.pk
    )
    page = make.signed_in(owner).get(customer.get_absolute_url()).content.decode()
    assert told.exists() and ELSEWHERE in page


# --- put away ---------------------------------------------------------------------------------------------------------
def test_who_is_put_away_gets_no_new_documents(business, owner):
    customer = make.make_customer()
    order = make.make_completed_order(make.make_sent_quote(customer))
    customers.archive(customer)
    for row in (customer, order):
        row.refresh_from_db()
    order = type(order).objects.get(pk=order.pk)
    for step in (
        lambda: quotes.create(customer, by=owner, title="Regal"),
        lambda: invoices.create(customer, by=owner, title="Regal"),
        lambda: invoices.draft_from_order(order, by=owner),
        lambda: standing_invoices.create(customer, by=owner, title="Wartung", starts_on=timezone.localdate()),
    ):
        with pytest.raises(Refusal, match=r"„Sabine Brandt“ ist archiviert\. Holen Sie den Kontakt"):
            step()
    customers.unarchive(customer)
    assert invoices.draft_from_order(type(order).objects.get(pk=order.pk), by=owner).is_draft


def test_nobody_builds_in_an_accounts_department(business, owner):
    customer = make.make_customer()
    there = place(customer, "site")
    place(customer, "billing")
    shown = make.signed_in(owner).get(reverse("billing:quote_edit", args=[make.make_quote(customer).pk]))
    assert list(shown.context["form"].fields["site"].queryset) == [there]
