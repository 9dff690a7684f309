"""Bank pages: a file in, proposals booked with one click, the rest shared out by hand."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from billing import bank_statements
from billing.models import BankEntry, BankStatement, Invoice, Payment
from tests import make
from tests.billing.banking import samples
from tests.billing.views.costs import queries

TODAY = timezone.localdate()
BANK = reverse("billing:bank")


@pytest.fixture
def invoice(business):
    return make.make_open_invoice()  # 7,871.85 of Sabine Brandt


def booking(amount="7871.85", way="CRDT", **more):
    return samples.camt_entry(amount, way, day=f"{TODAY}", **more)


def entry_of(*bookings):
    return make.make_bank_statement(*bookings).entries.get()


def text_of(response):
    return response.content.decode().replace("\xa0", " ")


def page(browser, url=BANK):
    return text_of(browser.get(url))


def step(browser, name, row, **data):
    return browser.post(reverse(f"billing:{name}", args=[row.pk]), data)


def key_in(html):
    return html.split('name="vorschlag" value="')[1].split('"')[0]


def test_a_file_comes_in_and_its_page_says_how_far_it_is(office, invoice):
    content = samples.camt(entries=[booking(purpose=invoice.number)], closing="8871.85")
    answer = office.post(reverse("billing:bank_upload"), {"file": make.upload(content, "umsatz.xml", "text/xml")})
    statement = BankStatement.objects.get()
    assert answer.url == reverse("billing:bank_statement", args=[statement.pk])
    assert "1 neue Buchung wird zugeordnet, 0 gebucht." in page(office, answer.url)
    assert 'data-reload="3"' in page(office, answer.url)
    bank_statements.match(statement)
    done = page(office, answer.url)
    assert "Alles zugeordnet." in done and "data-reload" not in done
    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.PAID


def test_the_banks_file_is_handed_out_as_it_came(office):
    content = samples.camt()
    office.post(reverse("billing:bank_upload"), {"file": make.upload(content, "umsatz.xml", "text/xml")})
    answer = office.get(reverse("billing:bank_statement_file", args=[BankStatement.objects.get().pk]))
    assert b"".join(answer.streaming_content) == content
    assert "umsatz.xml" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "Bitte wählen Sie die Datei Ihrer Bank."),
        (b"", "Die Datei ist leer."),
        (samples.camt(closing="1.00"), "Anfangssaldo, Buchungen und Endsaldo passen nicht zusammen"),
        (b"%PDF-1.7", "Das ist ein PDF."),
    ],
)
def test_a_wrong_file_is_said_at_its_field(office, content, sentence):
    data = {} if content is None else {"file": make.upload(content, "a.xml", "text/xml")}
    answer = office.post(reverse("billing:bank_upload"), data)
    assert answer.status_code == 422 and sentence in text_of(answer)
    assert not BankStatement.objects.exists()


def test_a_proposal_is_booked_with_one_click(office, owner, invoice):
    entry = entry_of(booking(party="Sabine Brandt"))
    html = page(office)
    assert f"{invoice.number}" in html and "Betrag stimmt, Name passt" in html and "wahrscheinlich" in html
    assert step(office, "bank_entry_book", entry, vorschlag=key_in(html)).url == BANK
    entry.refresh_from_db()
    payment = Payment.objects.get()
    assert (entry.state, payment.invoice, payment.by) == (BankEntry.State.BOOKED, invoice, owner)
    assert step(office, "bank_entry_book", entry, vorschlag=key_in(html)).status_code == 409
    assert step(office, "bank_entry_book", entry, vorschlag="payment:1=1").status_code == 409


def test_an_entry_is_shared_out_by_hand(office, invoice):
    entry = entry_of(booking("8000.00", party="Unbekannt"))
    url = reverse("billing:bank_entry", args=[entry.pk])
    assert f'value="{invoice.pk}"' in page(office, url)
    wrong = office.post(url, {"invoice": invoice.pk, "amount": "8000"})
    assert wrong.status_code == 422 and "Offen sind nur 7.871,85 €." in text_of(wrong)
    assert office.post(url, {"invoice": invoice.pk, "amount": "7871,85"}).url == url
    assert "Noch 128,15 € zu verteilen" in page(office, url)
    assert office.post(url, {"invoice": invoice.pk, "amount": "128,15", "may_exceed": "on"}).url == BANK
    entry.refresh_from_db(), invoice.refresh_from_db()
    assert (entry.state, invoice.paid) == (BankEntry.State.BOOKED, Decimal("8000.00"))


def test_an_invoice_is_found_by_number_and_customer(office, invoice):
    other = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(make.make_customer("Noll"))))
    entry = entry_of(booking("1.00"))
    url = reverse("billing:bank_entry", args=[entry.pk])
    assert f'value="{other.pk}"' in page(office, f"{url}?q=noll") and f'value="{invoice.pk}"' not in page(
        office, f"{url}?q=noll"
    )
    assert "Keine offene Rechnung gefunden" in page(office, f"{url}?q=gibtsnicht")


def test_what_is_not_from_customers_is_put_aside_and_taken_back(office, invoice):
    entry = entry_of(booking("12.00", party="Finanzamt"))
    step(office, "bank_entry_ignore", entry)
    assert "Finanzamt" not in page(office) and "Finanzamt" in page(office, f"{BANK}?stand=andere")
    step(office, "bank_entry_undo", entry)
    assert "Finanzamt" in page(office)


def test_booked_entries_name_their_invoice_and_can_be_undone(office, invoice):
    entry = entry_of(booking(purpose=invoice.number))
    assert invoice.number in page(office, f"{BANK}?stand=verbucht") and "Alles zugeordnet." in page(office)
    step(office, "bank_entry_undo", entry)
    invoice.refresh_from_db()
    assert invoice.open_amount == Decimal("7871.85")


def test_words_of_strangers_stay_words(office, invoice):
    entry_of(booking("3.00", party="&lt;script&gt;alert(1)&lt;/script&gt;"))
    assert "<script>alert(1)" not in page(office) and "&lt;script&gt;alert(1)" in page(office)


def test_searching_finds_party_and_purpose(office, business):
    make.make_bank_statement(booking("1.00", party="Anna"), booking("2.00", purpose="Zaunbau"))
    assert "Anna" not in page(office, f"{BANK}?q=zaunbau") and "Zaunbau" in page(office, f"{BANK}?q=zaunbau")


def test_who_may_only_look_sees_no_buttons(business, invoice):
    entry_of(booking(party="Sabine Brandt"))
    html = page(make.signed_in_as(Role.TAX_ADVISER))
    assert "Betrag stimmt" in html and "/buchen/" not in html and "bank/einlesen" not in html


def test_the_page_costs_the_same_for_any_number_of_entries(office, invoice):
    make.make_bank_statement(booking(party="Sabine Brandt"))
    cost = queries(office, BANK)
    make.make_bank_statement(*(booking(str(n), party="Sabine Brandt") for n in range(1, 4)))
    make.make_open_invoice()
    assert queries(office, BANK) == cost <= 14
