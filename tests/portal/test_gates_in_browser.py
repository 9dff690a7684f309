"""What stands before a customer's documents, in Chromium: postcode (PLZ1 to PLZ5), code by mail (COD1 to COD3), links that
open nothing any more (LNK1 to LNK3).
"""

import re
import time
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone
from playwright.sync_api import expect

from accounts import current
from crm import access, access_codes, attachments, mail
from crm.models import AccessCode, AccessLink, Mail
from tests import make
from tests.journeys.product import PHONE

pytestmark = pytest.mark.journey

PAUSED = "Bitte warten Sie 15 Minuten oder lassen Sie sich einen Code schicken."
EXPIRED = "Der Code ist abgelaufen. Wir haben Ihnen einen neuen geschickt."
# name, town, amount, kind and subject of the document, pictures
SECRETS = re.compile(r"Sabine|Brandt|22926|Ahrensburg|\d,\d\d|€|Angebot|Auftrag|Rechnung|Terrasse|AN-2026|/bild/|\.pdf")


@pytest.fixture
def link(transactional_db):
    """A quote with a picture, of a customer in another town than the business, behind the postcode 22926."""
    with current.working_for(make.make_business(asks_postcode=True)):
        customer = make.make_customer(postcode="22926", city="Ahrensburg")
        picture = attachments.add(customer, make.upload(make.picture((90, 60))), is_told=False)
        attachments.make_preview(picture.pk)
        yield make.link_to(make.make_sent_quote(customer, title="Terrasse", lines=make.terrace_lines(picture)))


@pytest.fixture
def phone(open_page):
    """A customer's phone that may paste."""
    return open_page(**PHONE, permissions=["clipboard-read", "clipboard-write"])


def door(link):
    return f"/l/{access.token(link)}/"


def send(page, button="Öffnen"):
    """Press the button; returns the answer."""
    with page.expect_navigation() as answer:
        page.get_by_role("button", name=button, exact=True).click()
    return answer.value


def in_error(page, field, sentence):
    """The sentence stands in the summary, which has the focus, and at the field (G5)."""
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(field).to_have_accessible_description(re.compile(re.escape(sentence)))
    expect(field).to_have_attribute("aria-invalid", "true")
    assert page.title().startswith("Fehler: ")


def test_plz_1_2_4_5_nothing_is_told_until_the_postcode_is_right_and_then_it_is_not_asked_again(phone, link):
    """PLZ1, PLZ2, PLZ4, PLZ5."""
    postcode = phone.get_by_label("Postleitzahl")
    # PLZ1
    answer = phone.goto(door(link))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Ihre Unterlagen liegen bereit.")
    assert SECRETS.search(answer.text()) is None
    assert phone.locator("main img").count() == 0
    # PLZ2
    postcode.fill("22927")
    answer = send(phone)
    assert (answer.status, phone.url.endswith("/plz/")) == (200, True)
    in_error(phone, postcode, "Das passt nicht zu diesem Link. Bitte prüfen Sie die fünf Ziffern.")
    assert postcode.input_value() == "22927"
    assert SECRETS.search(answer.text().replace('value="22927"', "")) is None
    # PLZ5
    postcode.fill(" D-22 926 ")
    send(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Terrasse")
    assert SECRETS.search(phone.content())  # what was kept back is there now
    # PLZ4
    phone.get_by_role("link", name="Angebot ablehnen").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Schade. Woran liegt es?")
    phone.goto(door(link))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Terrasse")
    (passed,) = (cookie for cookie in phone.context.cookies() if cookie["name"] == f"gate-{link.public_id}")
    assert passed["expires"] - time.time() == pytest.approx(12 * 60 * 60, abs=60)


def test_plz3_cod_1_2_3_after_five_wrong_postcodes_a_code_by_mail_opens(phone, link):
    """PLZ3, COD1, COD2, COD3."""
    postcode, code = phone.get_by_label("Postleitzahl"), phone.get_by_label("Code aus der E-Mail")
    AccessLink.objects.filter(pk=link.pk).update(recent_wrong_answers=3, wrong_answers=3)
    phone.goto(door(link))
    for _ in range(2):
        expect(postcode).to_be_visible()
        postcode.fill("22927")
        send(phone)
    # PLZ3
    expect(phone.locator("main")).to_contain_text(PAUSED)
    expect(phone.locator("main").get_by_role("textbox")).to_have_count(0)
    expect(phone.locator("main").get_by_role("button")).to_have_text(["Code per E-Mail schicken"])
    # COD1
    send(phone, "Code per E-Mail schicken")
    expect(phone.get_by_text("Wir haben einen Code an Ihre E-Mail-Adresse geschickt.")).to_be_visible()
    expect(phone.locator("main").get_by_role("textbox")).to_have_count(1)
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    expect(code).to_have_attribute("inputmode", "numeric")
    # COD3: ten minutes later
    old = AccessCode.objects.get()
    ago = timezone.now() - timedelta(minutes=11)
    AccessCode.objects.filter(pk=old.pk).update(created_at=ago, expires_at=ago + access_codes.LIVES)
    code.fill(access_codes.digits(old))
    answer = send(phone)
    in_error(phone, code, EXPIRED)
    assert SECRETS.search(answer.text()) is None
    # COD2: out of the mail, with the gap it has there
    new = Mail.objects.filter(kind="portal/mail/access_code").latest("pk")
    assert (new.to, new.about != old) == (link.sent_to, True)
    digits = re.search(r"^\d{3} \d{3}$", delivered(new).body, re.M)[0]
    phone.evaluate("(text) => navigator.clipboard.writeText(text)", digits)
    code.fill("")
    code.press("Control+V")
    expect(code).to_have_value(digits)
    send(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Terrasse")


def delivered(row):
    """A mail as it leaves."""
    assert mail.deliver(row.pk)
    return outbox.outbox[-1]


def test_lnk_1_2_3_a_link_that_ran_out_sends_a_new_one_to_the_stored_address_alone(
    open_page, transactional_db, settings
):
    """LNK1, LNK2, LNK3. The page of an unknown link names no business: it would say that there is one (P18). Of a known
    one it is the same whatever the link was for and why it was closed.
    """
    page = open_page(**PHONE)
    settings.PUBLIC_BASE_URL = ""
    with current.working_for(make.make_business()):
        quote, invoice = make.make_sent_quote(), make.make_open_invoice()
        link, other = make.link_to(quote), make.link_to(invoice)
        AccessLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(days=1))
        access.revoke(invoice)

        # LNK1
        said = {}
        for name, address in {"unknown": "/l/unbekannt/", "revoked": door(other), "expired": door(link)}.items():
            answer = page.goto(address)
            said[name] = (answer.status, page.locator("h1").inner_text(), page.get_by_role("button").count())
            said[f"body of {name}"] = page.locator("body").inner_text()
        assert said["unknown"] == (404, "Diese Seite gibt es nicht oder der Link gilt nicht mehr.", 0)
        assert said["expired"][:2] == said["revoked"][:2] == (410, "Dieser Link gilt nicht mehr.")
        assert said["body of expired"] == said["body of revoked"]
        for text in (said["body of unknown"], said["body of expired"]):
            assert not re.search(r"Brandt|kunde\.example|7\.871,85|Einbauschrank|AN-2026|RE-2026", text)
        expect(page.locator("main").get_by_role("button")).to_have_text(["Neuen Link schicken"])
        expect(page.locator("main").get_by_role("link")).to_have_attribute("href", "tel:+494066969120")

        # LNK2
        answer = send(page, "Neuen Link schicken")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sehen Sie in Ihr Postfach.")
        user, _, domain = link.sent_to.partition("@")
        assert not re.search(f"{user}|{domain}|@kunde", answer.text())
        assert [row.to for row in Mail.objects.filter(kind="portal/mail/link_renewed")] == [link.sent_to]

        # LNK3
        assert page.goto(door(link)).status == 410
        body = delivered(Mail.objects.get(kind="portal/mail/link_renewed")).body
        page.goto(re.search(r"^/l/[\w-]+/$", body, re.M)[0])
        expect(page.get_by_role("heading", level=1)).to_have_text("Einbauschrank im Flur")
        assert page.goto(door(link)).status == 410
