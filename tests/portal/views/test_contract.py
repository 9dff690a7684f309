"""What belongs to the contract: information, terms, instruction, signature, and where there is no right to withdraw."""

import json
import re

import pytest
from django.conf import settings

from accounts import businesses
from billing import orders
from billing.documents import evidence
from billing.models import Acceptance
from crm import attachments
from tests import make
from tests.portal.views.test_accept import check, order

DRAWN = "M 100 100 L 200 150 L 300 50"


def page(visitor, link, end):
    return visitor.get(f"/k/{link.public_id}/{end}").content.decode()


# --- texts --------------------------------------------------------------------------------------------------------------
def test_the_information_is_one_step_from_the_button_and_about_the_choice(visitor, link):
    address = re.search(r'href="(/k/[^"]+/informationen/[^"]*)"', check(visitor, link))[1].replace("&amp;", "&")
    shown = visitor.get(address).content.decode()
    assert "Salbei lackiert" in shown and "LED-Lichtleiste" in shown and "Eiche furniert" not in shown
    assert visitor.get(f"/k/{link.public_id}/informationen/?wahl-3.1=7").status_code == 404


def test_what_was_read_before_is_to_the_letter_what_was_agreed(visitor, link, business, owner):
    businesses.change(business, by=owner, terms="Wir liefern frei Haus.")
    before = {
        end: page(visitor, link, end + "?wahl-3.1=3.2&wahl-5.1=1")
        for end in ("informationen/", "agb/", "widerrufsbelehrung/")
    }
    order(visitor, link)
    businesses.change(business, by=owner, terms="Versand kostet.", phone="040 1")
    prose = re.compile(r'<div class="prose".*?</div>', re.S)
    for end, shown in before.items():
        assert prose.search(page(visitor, link, end))[0] == prose.search(shown)[0], end
    for text in Acceptance.objects.get().texts.all():
        assert text.sha256 in Acceptance.objects.get().record


def test_the_receipt_hands_out_every_text_as_it_was_agreed(visitor, link, business, owner):
    businesses.change(business, by=owner, terms="Wir liefern frei Haus.")
    thanks = visitor.get(order(visitor, link).headers["Location"]).content.decode()
    kinds = re.findall(rf'href="/k/{link.public_id}/unterlagen/(\w+)\.pdf"', thanks)
    assert kinds == ["information", "instruction", "terms"]
    assert visitor.get(f"/k/{link.public_id}/unterlagen/terms.pdf").status_code == 503  # still being made
    orders.confirm(Acceptance.objects.get().quote.order)
    for kind in kinds:
        answer = visitor.get(f"/k/{link.public_id}/unterlagen/{kind}.pdf")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert visitor.get(f"/k/{link.public_id}/angebot.pdf").status_code == 200


def test_a_firm_gets_information_and_terms_but_no_instruction(business):
    link = make.link_to(make.make_sent_quote(make.make_company()))
    visitor = make.let_in(link)
    assert "Vertragssprache ist Deutsch" in page(visitor, link, "informationen/")
    assert visitor.get(f"/k/{link.public_id}/widerrufsbelehrung/").status_code == 404


# --- the matrix on the pages --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("negotiation", "may"), [("", True), ("remote", True), ("visit", False), ("goods", False)])
def test_pages_speak_of_withdrawal_only_where_there_is_the_right(business, negotiation, may):
    link = make.link_to(make.make_sent_quote(negotiation=negotiation))
    visitor = make.let_in(link)
    looked = [page(visitor, link, end) for end in ("angebot/", "pruefen/")]
    order(visitor, link, looked[1])
    looked += [page(visitor, link, end) for end in ("beauftragt/", "auftrag/")]
    for shown in looked:
        assert (f'href="/k/{link.public_id}/widerruf/"' in shown) is may
    assert ("Sie können 14 Tage lang widerrufen" in looked[1]) is may
    assert ("early_start" in looked[1]) is may
    assert visitor.get(f"/k/{link.public_id}/widerrufsbelehrung/").status_code == (200 if may else 404)
    # whoever declares it all the same is heard
    assert "Widerruf bestätigen" in page(visitor, link, "widerruf/")


def test_a_construction_contract_shows_its_description_and_instruction(business, owner):
    customer = make.make_customer()
    plan = attachments.add(customer, make.upload(), by=owner)
    quote = make.make_sent_quote(customer, kind="construction", building_description=plan, completion="31.03.2027")
    link = make.link_to(quote)
    visitor = make.let_in(link)
    shown = check(visitor, link, "")
    assert "Fertigstellung: 31.03.2027" in shown and "early_start" not in shown
    assert visitor.get(f"/k/{link.public_id}/baubeschreibung/").headers["Content-Disposition"].startswith("attachment")
    assert "Baumaterialien" in page(visitor, link, "widerrufsbelehrung/")
    other = make.link_to(make.make_sent_quote())
    assert make.let_in(other).get(f"/k/{other.public_id}/baubeschreibung/").status_code == 404


# --- the signature ------------------------------------------------------------------------------------------------------
def test_a_signature_is_offered_only_where_the_business_wants_it(visitor, link, business, owner):
    assert "data-signature" not in check(visitor, link)
    order(visitor, link, signature=DRAWN)  # nobody asked for it
    assert Acceptance.objects.get().signature == ""


def test_a_drawn_signature_is_kept_beside_the_record(business, owner):
    businesses.change(business, by=owner, asks_signature=True)
    link = make.link_to(make.make_sent_quote())
    visitor = make.let_in(link)
    shown = check(visitor, link)
    assert "data-signature hidden" in shown and "js/signature.js" in shown
    assert (
        len(re.findall(r"<button(?![^>]*type=\"button\")", shown[shown.index("<main") : shown.index("</main>")])) == 1
    )
    assert order(visitor, link, shown, signature=DRAWN).status_code == 302
    acceptance = Acceptance.objects.get()
    assert acceptance.signature == DRAWN
    assert json.loads(acceptance.record)["signature_sha256"] == evidence.digest(DRAWN)


@pytest.mark.parametrize("bad", ["<script>", "M 1 1", "M 999 1 L 2 2", "M 1 1 L 2 2" * 9000, "M 1 1 L 2 2 Z"])
def test_what_is_no_drawing_is_refused_in_words(business, owner, bad):
    businesses.change(business, by=owner, asks_signature=True)
    link = make.link_to(make.make_sent_quote())
    visitor = make.let_in(link)
    answer = order(visitor, link, signature=bad)
    assert answer.status_code == 422
    assert "Bitte unterschreiben Sie noch einmal." in answer.content.decode()
    assert not Acceptance.objects.exists()


# --- words that must not stand anywhere ---------------------------------------------------------------------------------
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def test_nobody_is_made_to_confirm_facts_by_a_tick():
    """§ 309 no. 12 b BGB (R88): ticks declare a will, they never confirm that something was received or read."""
    confirming = re.compile(
        r"(habe|haben|hat)[^.<]{0,80}(gelesen|erhalten|zur Kenntnis genommen|verstanden|belehrt)|"
        r"bestätige[^.<]{0,60}(gelesen|erhalten|Kenntnis)|I have (read|received|understood)",
        re.I,
    )
    found = []
    for template in TEMPLATES:
        text = template.read_text()
        for match in re.finditer(
            r'<label[^>]*class="check"[^>]*>.*?</label>|<input[^>]*type="checkbox"[^>]*>[^<]*<[^>]*>[^<]*', text, re.S
        ):
            if confirming.search(match[0]):
                found.append((template.name, match[0][:120]))
    assert found == []
    from billing import legal_texts

    assert [text.id for text in legal_texts.known() if confirming.search(text.text)] == []


def test_a_drawing_is_never_called_more_than_it_is():
    """R90."""
    words = re.compile(
        r"rechtssicher|qualifizierte?\s+(elektronische\s+)?(Signatur|Unterschrift)|rechtsgültige?\s+Unterschrift", re.I
    )
    sources = [
        *TEMPLATES,
        *(settings.BASE_DIR / "locale").rglob("*.po"),
        *(settings.BASE_DIR / "static/js").glob("*.js"),
    ]
    assert [path.name for path in sources if words.search(path.read_text())] == []
