"""Check and order (PRU1 to PRU8, P16, P17, P29 to P32), and the confirmation (BES1 to BES5)."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import formats
from billing import legal_texts, quotes
from billing.models import Acceptance, Order
from crm.models import Customer, Mail
from portal import nonces
from tests import make

NBSP = "\u00a0"
SALBEI = "?wahl-3.1=3.2&wahl-5.1=1"


def check(visitor, link, query=SALBEI):
    return visitor.get(f"/k/{link.public_id}/pruefen/{query}").content.decode()


def hidden(page):
    """The fields the page brings along."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def order(visitor, link, page=None, **said):
    fields = hidden(page or check(visitor, link)) | {"name": "Sabine Brandt", "email": "sabine@brandt.example"} | said
    return visitor.post(f"/k/{link.public_id}/beauftragen/", fields)


# --- the page -----------------------------------------------------------------------------------------------------------
def test_the_one_submit_carries_the_lawful_label_directly_below_the_total(visitor, link):
    page = check(visitor, link)
    main = page[page.index("<main") : page.index("</main>")]
    assert re.findall(r"<button[^>]*>([^<]*)</button>", main) == ["Zahlungspflichtig bestellen"]
    card = main[main.index('<section class="card lift">') :]
    card = card[: card.index("</section>")]
    assert f"7.824,25{NBSP}€" in card
    assert re.search(r"</dl>\s*<button", card)


def test_a_business_orders_with_its_own_words_and_number(business):
    link = make.link_to(make.make_sent_quote(make.make_company()))
    visitor = make.let_in(link)
    page = check(visitor, link, "")
    assert re.findall(r'<button class="btn pri[^>]*>([^<]*)', page) == ["Verbindlich beauftragen"]
    assert "early_start" not in page
    order(visitor, link, page, buyer_reference="4711")
    assert Order.objects.get().buyer_reference == "4711"


def test_an_english_customer_orders_with_the_english_label(business):
    link = make.link_to(make.make_sent_quote(make.make_customer(language="en")))
    visitor = make.let_in(link)
    page = check(visitor, link, "")
    assert "Order with obligation to pay" in page
    assert legal_texts.EARLY_START["en"].text in page
    order(visitor, link, page, early_start="on")
    record = json.loads(Acceptance.objects.get().record)
    assert record["button"] == {"id": "order-consumer-en-1", "text": "Order with obligation to pay"}
    assert record["statements"]["early_start"] == {"ticked": True, "text": "early-start-en-1"}


def test_no_tick_is_set_and_none_is_required(visitor, link):
    page = check(visitor, link)
    assert re.findall(r'<input type="checkbox" name="(\w+)">', page) == ["early_start", "early_end"]
    assert legal_texts.EARLY_START["de"].text in page
    assert legal_texts.EARLY_END["de"].text in page
    assert order(visitor, link, page).status_code == 302


def test_the_name_is_only_filled_once_the_postcode_proved_who_is_there(visitor, link, gated):
    open_page, gated_page = check(visitor, link), check(make.let_in(gated), gated)
    assert re.search(r'name="name"[^>]*>', open_page)[0].count("value=") == 0
    assert 'name="name" value="Sabine Brandt"' in gated_page
    assert f'name="email" value="{link.customer.email}"' in open_page


def test_terms_and_the_right_to_object_are_named_before_the_button(visitor, link, business):
    business.terms = "Es gilt, was gilt."
    business.save()
    page = check(visitor, link)
    button = page.index("Zahlungspflichtig bestellen")
    assert page.index(f'href="/k/{link.public_id}/agb/"') < button
    assert page.index("Wir fragen Sie nach Abschluss einmal per E-Mail, wie es war.") < button
    assert "Es gilt, was gilt." in visitor.get(f"/k/{link.public_id}/agb/").content.decode()
    assert "binnen vierzehn Tagen" in visitor.get(f"/k/{link.public_id}/widerrufsbelehrung/").content.decode()


def test_what_was_chosen_can_be_changed_with_all_choices_kept(visitor, link):
    back = f'href="/k/{link.public_id}/angebot/?wahl-3.1=3.2&amp;wahl-5.1=1"'
    assert check(visitor, link).count(f'<a class="change" {back}>') == 2


@pytest.mark.parametrize("query", ["?wahl-3.1=7", "?wahl-1.1=1"])
def test_a_choice_that_is_none_goes_back_to_the_quote(visitor, link, query):
    assert visitor.get(f"/k/{link.public_id}/pruefen/{query}").headers["Location"] == f"/k/{link.public_id}/angebot/"


# --- ordering -----------------------------------------------------------------------------------------------------------
def test_an_order_holds_exactly_what_was_shown(visitor, link, quote):
    visitor.defaults |= {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "Mozilla/5.0 (iPhone)"}
    answer = order(visitor, link, early_start="on")
    assert answer.headers["Location"] == f"/k/{link.public_id}/beauftragt/"
    acceptance = Acceptance.objects.get(quote=quote)
    record = json.loads(acceptance.record)
    assert (acceptance.name, acceptance.email, str(acceptance.gross)) == (
        "Sabine Brandt",
        "sabine@brandt.example",
        "7824.25",
    )
    assert record["client"] == {"ip": "203.0.113.0", "user_agent": "Mozilla/5.0 (iPhone)"}
    assert record["button"] == {"id": "order-consumer-de-1", "text": "Zahlungspflichtig bestellen"}
    assert record["link"]["public_id"] == link.public_id
    assert {name: each["ticked"] for name, each in record["statements"].items()} == {
        "early_start": True,
        "early_end": False,
    }
    assert record["summary"] == "\n".join(
        [
            "Ihr Auftrag",
            f"Einbauschrank im Flur · Angebot {quote.number}",
            "Fronten: 4\u00a0Stk. Salbei lackiert",
            "Extras: LED-Lichtleiste",
            f"Enthalten: Aufmaß vor Ort und Werkplanung · 4{NBSP}Stk. Schrankkorpus Birke-Multiplex · Nische mit Sitzbank · "
            f"12{NBSP}Stk. Einlegeböden · 16{NBSP}Stk. Montage durch zwei Personen · Anfahrt · Sockel- und Wandanschlüsse",
            "Ausführung: Rotdornweg 8, 22397 Hamburg",
            "Zahlung: per Rechnung",
            f"Gesamtpreis inkl. MwSt.: 7.824,25{NBSP}€",
            f"darin 19{NBSP}% MwSt.: 1.249,25{NBSP}€",
            "[Zahlungspflichtig bestellen]",
        ]
    )
    assert [line.text for line in Order.objects.get().lines.filter(alternative_set="Fronten")] == ["Salbei lackiert"]


def test_every_word_of_the_kept_summary_stood_on_the_page(visitor, link):
    page = check(visitor, link)
    order(visitor, link, page)
    for line in json.loads(Acceptance.objects.get().record)["summary"].splitlines():
        for words in line.strip("[]").split(": ", 1):
            assert words in page


def test_ordering_gives_the_notice_for_the_one_feedback_mail(visitor, link):
    order(visitor, link)
    assert Customer.objects.get(pk=link.customer_id).feedback_notice_at is not None


def test_a_long_quote_is_summed_up_by_its_groups(business):
    lines = [
        {"kind": "section", "text": "Türen"},
        *(make.line(f"Tür {n}") for n in range(14)),
        {"kind": "section", "text": "Einbau"},
        make.line("Einbau"),
    ]
    link = make.link_to(make.make_sent_quote(lines=lines))
    assert "Türen (14 Positionen) · Einbau (1 Position)" in check(make.let_in(link), link, "")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "  "}, "Bitte tragen Sie Ihren Namen ein."),
        ({"email": ""}, "Bitte tragen Sie Ihre E-Mail-Adresse ein."),
        ({"email": "sabine.brandt"}, "In der E-Mail-Adresse fehlt das @-Zeichen."),
        ({"email": "sabine@"}, "Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de."),
    ],
)
def test_what_is_missing_is_named_on_the_same_page_and_nothing_is_ordered(visitor, link, said, sentence):
    answer = order(visitor, link, early_end="on", **said)
    page = answer.content.decode()
    assert (answer.status_code, page.count(sentence)) == (422, 2)
    assert "<title>Fehler: Prüfen und beauftragen" in page
    assert "Salbei lackiert" in page  # the choice is kept
    assert 'name="early_end" checked' in page
    assert not Order.objects.exists()


@pytest.mark.parametrize("nonce", ["", "x", "WzEsImFiYyJd:abc:def"])
def test_without_a_mark_of_ours_nothing_is_ordered(visitor, link, nonce):
    assert order(visitor, link, nonce=nonce).status_code == 403
    assert not Order.objects.exists()


def test_the_mark_of_another_link_is_none_of_ours(visitor, link, business):
    other = make.make_sent_quote()
    assert order(visitor, link, nonce=nonces.make(make.link_to(other), other.document_hash)).status_code == 403


def test_a_page_left_open_for_half_a_day_orders_nothing(visitor, link):
    page = check(visitor, link)
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1)):
        assert order(make.let_in(link), link, page).status_code == 403


def test_without_csrf_token_and_from_elsewhere_nothing_is_ordered(link):
    strict = make.let_in(link, make.Browser(enforce_csrf_checks=True))
    page = check(strict, link)
    assert order(strict, link, page, csrfmiddlewaretoken="").status_code == 403
    evil = strict.post(
        f"/k/{link.public_id}/beauftragen/", hidden(page) | {"name": "x"}, headers={"Origin": "https://evil.example"}
    )
    assert evil.status_code == 403
    assert order(strict, link, page).status_code == 302


def test_a_quote_changed_meanwhile_is_not_ordered(visitor, link):
    answer = order(visitor, link, nonce=nonces.make(link, "0" * 64))
    assert answer.status_code == 409
    assert "Das Angebot wurde inzwischen geändert. Bitte prüfen Sie es noch einmal." in answer.content.decode()
    assert f'href="/k/{link.public_id}/"' in answer.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize(("moment", "status"), [("23:59:59", 302), ("00:00:01", 409)])
def test_a_quote_can_be_ordered_until_midnight_in_berlin(business, moment, status):
    today = timezone.localdate()
    quote = make.make_sent_quote(valid_until=today)
    day = today if status == 302 else today + timedelta(days=1)
    with time_machine.travel(
        timezone.datetime.fromisoformat(f"{day}T{moment}").replace(tzinfo=timezone.get_current_timezone())
    ):
        link = make.link_to(quote)
        visitor = make.let_in(link)
        nonce = nonces.make(link, quote.document_hash)
        answer = visitor.post(
            f"/k/{link.public_id}/beauftragen/", {"nonce": nonce, "name": "S", "email": "s@b.example"}
        )
    assert answer.status_code == status
    if status == 409:
        assert "Das Angebot ist abgelaufen." in answer.content.decode()


def test_a_declined_quote_is_ordered_after_all(visitor, link, quote):
    quotes.decline(quote)
    assert order(visitor, link).status_code == 302


# --- once only ----------------------------------------------------------------------------------------------------------
def test_ordering_again_shows_the_first_time_and_sends_nothing(visitor, link):
    page = check(visitor, link)
    order(visitor, link, page)
    mails = Mail.objects.count()
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        again = visitor.post(
            f"/k/{link.public_id}/beauftragen/", hidden(page) | {"name": "X", "email": "x@y.example"}, follow=True
        )
    first = Acceptance.objects.get()
    assert formats.moment_long(first.accepted_at) in again.content.decode()
    assert (Order.objects.count(), Mail.objects.count()) == (1, mails)


def test_the_check_page_of_an_ordered_quote_leads_to_the_quote(visitor, link, quote):
    make.make_order(quote)
    assert visitor.get(f"/k/{link.public_id}/pruefen/").headers["Location"] == f"/k/{link.public_id}/angebot/"


# --- confirmation -------------------------------------------------------------------------------------------------------
def test_the_confirmation_says_what_was_kept(visitor, link):
    page = visitor.get(order(visitor, link).headers["Location"]).content.decode()
    acceptance, placed = Acceptance.objects.get(), Order.objects.get()
    assert '<h1 tabindex="-1" autofocus>Danke, Sabine Brandt. Wir freuen uns.</h1>' in page
    assert placed.number in page
    assert formats.moment_long(acceptance.accepted_at) in page
    assert "sabine@brandt.example" in page
    assert f"bis zum {formats.day(acceptance.withdrawal_until)} widerrufen" in page
    assert f'href="/k/{link.public_id}/auftrag/"' in page
    assert f'href="/k/{link.public_id}/auftrag.pdf"' in page


def test_looking_at_the_confirmation_again_orders_nothing(visitor, link):
    order(visitor, link)
    for _ in range(3):
        visitor.get(f"/k/{link.public_id}/beauftragt/")
    assert Order.objects.count() == 1


def test_before_the_order_there_is_no_confirmation(visitor, link):
    assert visitor.get(f"/k/{link.public_id}/beauftragt/").status_code == 404
