"""Reminding of money in a real browser: on a phone and at a desk, without JavaScript, for screen readers (IND4)."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from billing import dunning
from billing.models import DunningLetter
from tests import make
from tests.looks import in_every_light

pytestmark = pytest.mark.journey
LIGHTS = [(320, "dark"), (1280, "light")]


@pytest.fixture
def jana(transactional_db):
    with current.working_for(make.make_business()):
        yield make.make_member(name="Jana")


def overdue(customer, **fields):
    with make.days_ago(60):
        return make.make_open_invoice(
            make.make_completed_order(make.make_sent_quote(customer, **fields)), rendered=True
        )


def test_every_page_fits_and_reads_well(jana, open_page):
    company = make.make_company("Grundstücksverwaltungsgesellschaft Alsterdorf-Winterhude mbH")
    invoice = overdue(company)
    dunning.stop(overdue(make.make_customer()), reason="Kunde bestreitet die Forderung", by=None)
    other = overdue(make.make_customer("Kaya"))
    proposal = dunning.proposal_for(other.customer, on=timezone.localdate())
    letter = dunning.send(other.customer, dunning.wish_for(proposal), by=jana, to="a@kunde.example")
    page = open_page(jana)
    listed = reverse("billing:dunning")
    written = reverse("billing:dunning_letter_create", args=[company.pk])
    addresses = (
        listed, f"{listed}?zeige=gesendet", f"{listed}?zeige=verjaehrung", f"{written}?level=2", letter.get_absolute_url(),
        invoice.get_absolute_url(),
    )  # fmt: skip
    for address in addresses:
        in_every_light(page, address, LIGHTS)


def test_a_letter_is_chosen_looked_at_and_sent_without_javascript(jana, open_page):
    invoice = overdue(make.make_company())
    page = open_page(jana, java_script_enabled=False)
    page.goto(reverse("billing:dunning"))
    page.get_by_role("link", name="Schreiben an Café Morgenrot GmbH ansehen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zahlungserinnerung")
    page.get_by_label("Stufe", exact=True).select_option(label="Letzte Mahnung")
    page.get_by_role("button", name="Vorschau aktualisieren").click()
    expect(page.get_by_text("Pauschale (§ 288 Abs. 5 BGB)")).to_be_visible()
    page.get_by_role("checkbox", name="Pauschale von 40 € fordern").uncheck()
    page.get_by_role("button", name="Vorschau aktualisieren").click()
    expect(page.get_by_text("Pauschale (§ 288 Abs. 5 BGB)")).to_have_count(0)
    page.get_by_role("button", name="Senden").click()
    expect(page.get_by_text("Letzte Mahnung geht an")).to_be_visible()
    letter = DunningLetter.objects.get()
    assert (letter.level, letter.items.get().invoice, letter.items.get().lump_sum) == (2, invoice, 0)
