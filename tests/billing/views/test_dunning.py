"""The pages about reminding: who and why not, the letter before it goes out (IND4), what went out, stops and instalments."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Business
from accounts.rights import Role
from billing import dunning, payments
from billing.models import DunningLetter, Instalment, Invoice
from crm.models import Mail
from tests import make
from tests.billing.views.costs import queries

TODAY = timezone.localdate()


@pytest.fixture
def office(business):
    return make.signed_in(make.make_member(Role.OWNER))


def overdue(customer=None, *, days=40):
    quote = make.make_sent_quote(customer) if customer else None
    with make.days_ago(days):
        return make.make_open_invoice(make.make_completed_order(quote) if quote else None, rendered=True)


def text_of(browser, name, *args, **query):
    response = browser.get(reverse(f"billing:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def preview(browser, invoice, **query):
    return text_of(browser, "dunning_letter_create", invoice.customer_id, **query)


def send(browser, invoice, page, **changes):
    """Post what the page's form would."""
    form = page.split('<form class="in stack g3" method="post" novalidate>')[1].split("</form>")[0]
    fields = re.findall(r'<input type="(?:hidden|email)" name="(\w+)" value="([^"]*)"', form)
    data = {name: value for name, value in fields if name != "csrfmiddlewaretoken"} | changes
    return browser.post(reverse("billing:dunning_letter_create", args=[invoice.customer_id]), data)


def test_the_list_proposes_and_says_why_not(office):
    invoice, stopped = overdue(), overdue()
    dunning.stop(stopped, reason="Mangel wird noch behoben", by=None)
    ready, held = text_of(office, "dunning").split('id="gehalten"')
    assert (invoice.number in ready, stopped.number in ready) == (True, False)
    assert 'nächster Schritt: <span class="b">Zahlungserinnerung</span>' in ready
    assert stopped.number in held and "Mahnstopp: Mangel wird noch behoben" in held


def test_an_empty_list_says_so(office):
    assert "Nichts überfällig." in text_of(office, "dunning")
    assert "Noch kein Schreiben gesendet." in text_of(office, "dunning", zeige="gesendet")
    assert "Nichts verjährt in den nächsten 90 Tagen." in text_of(office, "dunning", zeige="verjaehrung")


@pytest.mark.parametrize("tab", ["vorschlaege", "gesendet"])
def test_the_list_costs_the_same_for_any_number(office, tab):
    def one_more():
        invoice = overdue()
        proposal = dunning.proposal_for(invoice.customer, on=TODAY)
        if tab == "gesendet":
            dunning.send(invoice.customer, dunning.wish_for(proposal), by=None, to="a@kunde.example")

    url = f"{reverse('billing:dunning')}?zeige={tab}"
    one_more()
    cost = queries(office, url)
    one_more()
    one_more()
    assert queries(office, url) == cost <= 14


def test_claims_that_will_be_barred_cost_the_same_for_any_number(business):
    url = f"{reverse('billing:dunning')}?zeige=verjaehrung"
    first = overdue()
    with time_machine.travel(datetime(first.due_on.year + 3, 12, 1, 10)):
        office = make.signed_in(make.make_member(Role.OWNER))
        assert f"verjährt nach dem 31. Dezember {first.due_on.year + 3}" in text_of(
            office, "dunning", zeige="verjaehrung"
        )
        cost = queries(office, url)
    overdue()
    overdue()
    with time_machine.travel(datetime(first.due_on.year + 3, 12, 1, 10)):
        assert queries(office, url) == cost <= 9


def test_the_list_comes_in_pages(office, monkeypatch):
    monkeypatch.setattr("billing.views.dunning_letters.SIZE", 1)
    first, second = overdue(days=50), overdue(days=40)
    page = text_of(office, "dunning")
    assert first.number in page and second.number not in page
    page = text_of(office, "dunning", nach=first.customer_id)
    assert second.number in page and first.number not in page


def test_what_is_shown_is_what_is_sent(office):
    """IND4: to the cent and to the word."""
    invoice = overdue()
    page = preview(office, invoice)
    shown = re.findall(r'<p class="say">(.*?)</p>', page)
    assert DunningLetter.objects.count() == 0
    letter_url = send(office, invoice, page).url
    letter = DunningLetter.objects.get()
    assert letter_url == letter.get_absolute_url()
    sent = text_of(office, "dunning_letter", letter.pk)
    assert re.findall(r'<p class="say">(.*?)</p>', sent) == shown
    assert (letter.level, letter.total, letter.send_to) == (0, invoice.gross, invoice.customer.email)
    assert "7.871,85 €" in sent


def test_a_payment_in_between_stops_the_letter(office):
    invoice = overdue()
    page = preview(office, invoice)
    payments.record(invoice, amount=Decimal("71.85"), received_on=TODAY, by=None)
    response = send(office, invoice, page)
    assert response.status_code == 409
    assert "Seit der Vorschau hat sich etwas geändert" in response.content.decode()
    assert DunningLetter.objects.count() == 0
    assert "7.800,00 €" in preview(office, invoice)


def test_another_level_brings_its_own_suggestions(office):
    """Interest and, without consumers, the lump sum come with the last letter."""
    invoice = overdue(make.make_company(), days=60)
    page = preview(office, invoice, level=2, shown_level=0)
    assert "Letzte Mahnung" in page and "Pauschale (§ 288 Abs. 5 BGB)" in page and "Zinsrechnung" in page
    without = preview(office, invoice, level=2, shown_level=2, invoices=invoice.pk)
    assert invoice.customer.email in without
    assert "Pauschale (§ 288 Abs. 5 BGB)" not in without and "Zinsrechnung" not in without
    send(office, invoice, page)
    letter = DunningLetter.objects.get()
    assert (letter.level, letter.items.get().lump_sum, letter.items.get().interest > 0) == (2, 40, True)


def test_consumers_are_never_asked_for_the_lump_sum(office):
    invoice = overdue(days=60)
    page = preview(office, invoice, level=2, shown_level=0)
    assert "asks_lump_sum" not in page
    send(office, invoice, page, asks_lump_sum="on")
    assert DunningLetter.objects.get().items.get().lump_sum == 0


def test_costs_above_one_euro_are_doubted_for_consumers(office, business):
    Business.objects.filter(pk=business.pk).update(dunning_costs=Decimal("2.50"))
    assert "BGH VIII ZR 95/18" in preview(office, overdue())
    assert "BGH VIII ZR 95/18" not in preview(office, overdue(make.make_company()))


def test_a_letter_on_paper_is_not_mailed(office):
    invoice = overdue()
    page = preview(office, invoice, level=1, shown_level=1, invoices=invoice.pk, by_post="on")
    send(office, invoice, page)
    letter = DunningLetter.objects.get()
    dunning.deliver(letter)
    assert (letter.send_to, Mail.objects.filter(kind="billing/mail/dunning_letter").count()) == ("", 0)
    pdf = office.get(reverse("billing:dunning_letter_pdf", args=[letter.pk]))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_a_wrong_address_is_refused(office):
    invoice = overdue()
    assert send(office, invoice, preview(office, invoice), to="neu").status_code == 422
    assert send(office, invoice, preview(office, invoice), to="").status_code == 422
    assert DunningLetter.objects.count() == 0


def test_the_paper_can_be_looked_at_before(office):
    invoice = overdue()
    response = office.get(reverse("billing:dunning_letter_preview", args=[invoice.customer_id]), {"level": "1"})
    assert (response["Content-Type"], response.content[:4]) == ("application/pdf", b"%PDF")


def test_nothing_to_remind_of_says_so(office):
    assert "Für diesen Kontakt ist gerade nichts zu mahnen." in preview(office, make.make_open_invoice())


def test_a_customer_is_stopped_and_let_go_on_the_page(office):
    invoice = overdue()
    url = reverse("billing:dunning_customer_stop", args=[invoice.customer_id])
    office.post(url, {"reason": "Kunde ist insolvent"})
    assert "Kunde wird nicht gemahnt: Kunde ist insolvent" in preview(office, invoice)
    office.post(url, {"reason": ""})
    assert "So geht es raus" in preview(office, invoice)


def test_an_invoice_is_stopped_and_let_go_on_its_page(office):
    invoice = overdue()
    url = reverse("billing:invoice_dunning_stop", args=[invoice.pk])
    assert office.post(url, {"reason": " "}).status_code == 409
    office.post(url, {"reason": "Anders vereinbart"})
    page = text_of(office, "invoice_detail", invoice.pk)
    assert ("Anders vereinbart</p>" in page, 'class="mailtext"' in page) == (True, False)
    office.post(url, {"aufheben": ""})
    assert Invoice.objects.get(pk=invoice.pk).dunning_stop == ""


def test_instalments_are_agreed_and_ended(office):
    invoice = overdue()
    url = reverse("billing:invoice_plan", args=[invoice.pk])
    first_on = TODAY + timedelta(days=10)
    assert office.post(url, {"count": "0", "first_on": f"{first_on:%Y-%m-%d}"}).status_code == 409
    office.post(url, {"count": "3", "first_on": f"{first_on:%Y-%m-%d}"})
    assert [rate.amount for rate in Instalment.objects.all()] == [Decimal("2623.95")] * 3
    assert "2.623,95 €" in text_of(office, "invoice_detail", invoice.pk)
    office.post(reverse("billing:invoice_plan_end", args=[invoice.pk]))
    assert Instalment.objects.count() == 0


def test_who_only_reads_sees_no_way_to_send(business):
    overdue()
    reader = make.signed_in(make.make_member(Role.TAX_ADVISER))
    assert "Ansehen</a>" not in text_of(reader, "dunning")
