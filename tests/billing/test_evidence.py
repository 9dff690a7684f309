"""What an acceptance leaves behind: texts, record, protocol, confirmation (R79, R81, R87), and the law cases 22 and 23."""

import io
import json
from datetime import date, timedelta

import pypdf
import pytest
import time_machine
from django.utils import timezone

from accounts import businesses, terms
from accounts.models import TermsVersion
from accounts.refusals import Refusal
from billing import confirmations, journal, legal_texts, orders, rendering, tasks
from billing.documents import evidence, pdf
from billing.models import Acceptance, JournalEntry, Order
from crm import access, attachments, files, mail
from crm.models import Mail
from tests import make

pytestmark = pytest.mark.paper

DRAWN = "M 100 100 L 200 150 L 300 50"


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """Quotes and orders are drawn elsewhere; here texts and protocols are."""
    monkeypatch.setattr("billing.documents.pdf.render_pdf", lambda *args, **kwargs: b"%PDF drawn for a test")


def words(storage_name):
    pages = pypdf.PdfReader(io.BytesIO(files.read(storage_name))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# --- law case 22: late acceptance (R74) ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "orders_made"), [("2026-11-30 23:59:59+01:00", 1), ("2026-12-01 00:00:01+01:00", 0)]
)
def test_law_case_22_the_last_day_ends_at_midnight_in_berlin(business, moment, orders_made):
    with time_machine.travel("2026-11-20 10:00+01:00", tick=False):
        quote = make.make_sent_quote(valid_until=date(2026, 11, 30))
    with time_machine.travel(moment, tick=False):
        if orders_made:
            make.make_order(quote)
        else:
            with pytest.raises(Refusal, match="Das Angebot ist abgelaufen"):
                make.make_order(quote)
    assert Order.objects.count() == orders_made


# --- law case 23: the wrong label (R77) ---------------------------------------------------------------------------------
@pytest.mark.parametrize("label", ["", "order-business-de-1", "accept", "Angebot annehmen", "order-consumer-de-99"])
@pytest.mark.parametrize("channel", ["portal", "on_site"])
def test_law_case_23_a_consumer_orders_with_no_other_label(business, label, channel):
    quote = make.make_sent_quote()
    with pytest.raises(Refusal, match="nicht zugelassen"):
        make.make_order(quote, label_id=label, channel=channel)
    quote.refresh_from_db()
    assert (quote.state, Order.objects.count(), Acceptance.objects.count()) == ("sent", 0, 0)


def test_law_case_23_a_label_that_ended_is_none(business, monkeypatch):
    old = legal_texts.LegalText("order-consumer-de-0", "Kaufen", date(2014, 6, 13), date(2020, 1, 1))
    monkeypatch.setitem(legal_texts.ORDER_LABELS, ("consumer", "fr"), old)
    assert old.id in legal_texts.order_labels_for("consumer", on=date(2019, 1, 1))
    with pytest.raises(Refusal, match="nicht zugelassen"):
        make.make_order(make.make_sent_quote(), label_id=old.id)


# --- texts of the contract ----------------------------------------------------------------------------------------------
def test_the_contract_keeps_its_texts_whatever_the_business_changes_later(business, owner):
    businesses.change(business, by=owner, terms="Erste Fassung.")
    business.refresh_from_db()
    acceptance = make.make_order().quote.acceptance
    businesses.change(business, by=owner, terms="Zweite Fassung.", street="Neuer Weg 1")
    record = json.loads(acceptance.record)
    kept = {text.kind: text for text in acceptance.texts.all()}
    assert (kept["terms"].text, acceptance.terms.number) == ("Erste Fassung.", 1)
    assert record["terms"]["sha256"] == kept["terms"].sha256 == acceptance.terms.sha256
    assert record["information"] == {"id": "information-de-1", "sha256": kept["information"].sha256}
    assert "Werkhof 3" in kept["information"].text and "Werkhof 3" in kept["instruction"].text
    assert record["withdrawal"]["instruction_sha256"] == evidence.digest(kept["instruction"].text)
    assert [version.text for version in terms.versions()] == ["Zweite Fassung.", "Erste Fassung."]


def test_a_wording_is_a_version_once(business, owner):
    for text in ("A", "A", "B", "", "A"):
        businesses.change(business, by=owner, terms=text)
        business.refresh_from_db()
        terms.keep(business)
    assert [version.text for version in TermsVersion.objects.order_by("number")] == ["A", "B", "", "A"]
    businesses.change(business, by=owner, terms="")
    business.refresh_from_db()
    assert terms.keep(business) is None


def test_the_information_says_what_the_law_lists(business):
    quote = make.make_sent_quote(payment_terms="14 Tage netto")
    text = make.make_order(quote, taken={"wahl-3.1": "3.2"}).quote.acceptance.texts.get(kind="information").text
    for part in (
        "Salbei lackiert",
        "Tischlerei Haselbach, Inh. Jana Haselbach",
        "Telefon 040 66969120",
        "Gesamtpreis 7.538,65\u00a0€ einschließlich 1.203,65\u00a0€ Umsatzsteuer. Weitere Kosten kommen nicht hinzu.",
        "14 Tage netto",
        "Es gelten die gesetzlichen Mängelrechte.",
        "Sie können den Vertrag binnen 14 Tagen widerrufen.",
        "so zahlen Sie den Anteil der bis dahin erbrachten Leistung",
        "„Zahlungspflichtig bestellen“",
        "Wir speichern den Vertragstext.",
    ):
        assert part in text, part
    assert "Eiche furniert" not in text


def test_the_information_follows_kind_regime_and_language(business):
    goods = (
        make.make_order(make.make_sent_quote(negotiation="goods")).quote.acceptance.texts.get(kind="information").text
    )
    assert "anfertigen, besteht kein Widerrufsrecht" in goods and "binnen 14 Tagen widerrufen" not in goods
    firm = (
        make.make_order(make.make_sent_quote(make.make_company())).quote.acceptance.texts.get(kind="information").text
    )
    assert "Netto 6.615,00\u00a0€, Umsatzsteuer 1.256,85\u00a0€" in firm and "Widerruf" not in firm
    english = make.make_order(make.make_sent_quote(make.make_customer(language="en"))).quote.acceptance
    assert english.texts.get(kind="information").text.startswith("Information about the contract")
    assert english.texts.get(kind="instruction").language == "de"
    estimate = (
        make.make_order(make.make_sent_quote(kind="estimate")).quote.acceptance.texts.get(kind="information").text
    )
    assert "(§ 649 BGB)" in estimate


# --- the record and its protocol ----------------------------------------------------------------------------------------
def test_the_protocol_is_the_same_bytes_each_time_and_says_everything_in_words(business):
    quote = make.make_sent_quote(negotiation="remote")
    make.make_order(quote, signature=DRAWN, early_start=True, ip="203.0.113.0", user_agent="Mozilla/5.0")
    acceptance = Acceptance.objects.get()
    rendering.acceptance(acceptance)
    record = json.loads(acceptance.record)
    assert pdf.render_protocol_pdf(record, signature=DRAWN) == files.read(acceptance.pdf)
    text = words(acceptance.pdf)
    for part in (
        "auf der Kundenseite",
        "Zahlungspflichtig bestellen",
        "„Ich verlange ausdrücklich, dass Sie vor Ablauf der Widerrufsfrist mit der Arbeit beginnen.“ (early-start-de-1)",
        "nur aus der Ferne",
        "Fernabsatz",
        "Unterschrift, wie gezeichnet",
        "Uhr des Servers",
        f"{quote.customer.email}: wartet (<",
        acceptance.record_hash[:40],
    ):
        assert part in text, part
    assert record["signature_sha256"] == evidence.digest(DRAWN)
    assert "portal" not in text and "distance_online" not in text


def test_texts_of_a_contract_are_the_same_bytes_each_time(business):
    acceptance = make.make_order().quote.acceptance
    text = acceptance.texts.get(kind="instruction")
    rendering.contract_text(text)
    first = text.pdf_sha256
    type(text).objects.filter(pk=text.pk).update(pdf="", pdf_sha256="")
    text.refresh_from_db()
    rendering.contract_text(text)
    assert text.pdf_sha256 == first
    assert "Muster-Widerrufsformular" in words(text.pdf)


def test_what_was_taken_down_names_member_note_and_proof(business, owner):
    customer = make.make_customer()
    proof = attachments.add(customer, make.upload(), by=owner)
    quote = make.make_sent_quote(customer)
    arrived = timezone.now() - timedelta(hours=1)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        make.make_order(
            quote, label_id="", channel="letter", by=owner, note="Kam mit der Post", proof=proof,
            arrived_at=arrived + timedelta(hours=2), link=None,
        )  # fmt: skip
    record = json.loads(Acceptance.objects.get().record)
    assert record["button"] is None
    assert record["taken_down"]["note"] == "Kam mit der Post"
    assert record["taken_down"]["proof"]["sha256"] == proof.sha256
    assert record["clock"] == "typed by the member"
    assert record["noted_at_utc"] is not None


# --- the confirmation ---------------------------------------------------------------------------------------------------
def test_the_confirmation_is_queued_at_once_and_its_fate_is_a_link_of_the_chain(business):
    order = make.make_order()
    tasks.confirm_order(order.pk)
    acceptance = Acceptance.objects.get()
    row = acceptance.confirmation
    assert row.next_try_at - acceptance.accepted_at < timedelta(seconds=60)
    assert confirmations.note() == 0  # it has not left yet
    assert mail.deliver(row.pk)
    assert (confirmations.note(), confirmations.note()) == (1, 0)
    entry = JournalEntry.objects.get(event=confirmations.EVENT)
    facts = json.loads(entry.facts)
    assert (facts["message_id"], facts["state"], entry.content_hash) == (row.message_id, "sent", acceptance.record_hash)
    assert acceptance.texts.get(kind="instruction").pdf_sha256 in facts["attachments"]
    Mail.objects.filter(pk=row.pk).update(state=Mail.State.FAILED)  # it came back
    tasks.note_confirmations()
    assert JournalEntry.objects.filter(event=confirmations.EVENT).count() == 2
    assert journal.first_broken() is None


# --- construction contracts (R91) ---------------------------------------------------------------------------------------
def test_a_construction_contract_needs_description_and_completion(business, owner):
    customer = make.make_customer()
    quote = make.make_quote(customer, kind="construction")
    fields = [name for name, _sentence in orders.quotes.problems(quote)]
    assert fields == ["building_description", "completion"]
    with pytest.raises(orders.quotes.NotReady):
        orders.quotes.send(quote, by=owner, to=customer.email)
    plan = attachments.add(customer, make.upload(), by=owner)
    orders.quotes.change(quote, building_description=plan, completion="31.03.2027")
    quote.refresh_from_db()
    orders.quotes.send(quote, by=owner, to=customer.email)
    acceptance = make.make_order(quote, link=access.links_to(quote).first()).quote.acceptance
    record = json.loads(acceptance.record)
    assert (acceptance.regime, record["building_description"]["sha256"]) == ("construction", plan.sha256)
    assert record["withdrawal"]["instruction"] == "withdrawal-instruction-construction-de-1"
    assert record["statements"] is None
    assert "Fertigstellung: 31.03.2027" in acceptance.texts.get(kind="information").text


def test_a_firm_builds_without_those_rules(business):
    assert orders.quotes.problems(make.make_quote(make.make_company(), kind="construction")) == []
