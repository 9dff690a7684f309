"""The ways in to all documents (KUN1, COD1 to COD3), and who does not get in (P24, P25, P27, P34, P40)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import current
from crm import access, access_codes, center_links, customers
from crm.models import AccessCode, AccessLink, ContactPerson, Mail
from tests import make

CENTER = AccessLink.Purpose.CENTER


@pytest.fixture
def quote(business):
    return make.make_sent_quote(make.make_customer(email="sabine@kunde.example"))


def knock(visitor, link):
    """Ask for a code on the way from one document; the link to all of them."""
    answer = visitor.post(f"/k/{link.public_id}/alle-unterlagen/")
    center = AccessLink.objects.filter(purpose=CENTER).latest("pk")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/k/{center.public_id}/code/")
    return center


def sent_digits():
    """The code as it leaves with the newest mail, and to whom."""
    row = Mail.objects.filter(kind="portal/mail/center_code").latest("pk")
    assert Mail.CODE_MARK in row.text
    assert Mail.LINK_MARK in row.text
    return access_codes.digits(row.about), row.to


def type_code(visitor, center, digits):
    return visitor.post(f"/k/{center.public_id}/code/", {"code": digits})


# --- from a document ----------------------------------------------------------------------------------------------------
def test_every_page_leads_to_the_door(visitor, link):
    page = visitor.get(f"/k/{link.public_id}/angebot/").content.decode()
    assert f'href="/k/{link.public_id}/alle-unterlagen/">Ihre Unterlagen</a>' in page


def test_looking_sends_nothing(visitor, link):
    before = Mail.objects.count()
    page = visitor.get(f"/k/{link.public_id}/alle-unterlagen/").content.decode()
    assert link.sent_to in page
    assert (Mail.objects.count(), AccessLink.objects.filter(purpose=CENTER).count()) == (before, 0)


def test_the_code_from_the_mail_opens_all(visitor, link):
    center = knock(visitor, link)
    digits, to = sent_digits()
    assert (to, center.customer, center.subject) == (link.customer.email, link.customer, link.customer)
    assert type_code(visitor, center, "000000").status_code == 422
    assert visitor.get(f"/k/{center.public_id}/unterlagen/").status_code == 302
    answer = type_code(visitor, center, digits)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/k/{center.public_id}/")
    assert visitor.get(f"/k/{center.public_id}/unterlagen/").status_code == 200


def test_knocking_again_is_the_same_link_and_no_second_mail_at_once(visitor, link):
    assert knock(visitor, link) == knock(visitor, link)
    assert Mail.objects.filter(kind="portal/mail/center_code").count() == 1


def test_the_way_back_needs_no_other_code(visitor, link):
    center = knock(visitor, link)
    type_code(visitor, center, sent_digits()[0])
    answer = visitor.get(f"/k/{link.public_id}/alle-unterlagen/")
    assert answer.headers["Location"] == f"/k/{center.public_id}/unterlagen/"
    later = make.link_to(make.make_sent_quote(link.customer))  # opened afterwards from its own mail
    make.let_in(later, visitor)
    answer = visitor.get(f"/k/{later.public_id}/alle-unterlagen/", follow=True)
    assert (answer.status_code, "Laufende Vorgänge" in answer.content.decode()) == (200, True)


def test_its_cookies_are_signed_hidden_from_scripts_and_for_its_pages(visitor, link):
    center = knock(visitor, link)
    answer = type_code(visitor, center, sent_digits()[0])
    code, pointer = answer.cookies[f"code-{center.public_id}"], answer.cookies[f"center-{center.public_id}"]
    assert (code["path"], pointer["path"]) == (f"/k/{center.public_id}/", "/k/")
    for cookie in (code, pointer):
        assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 12 * 60 * 60)
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1)):
        assert visitor.get(f"/k/{center.public_id}/unterlagen/").status_code == 404


# --- to stored addresses only -------------------------------------------------------------------------------------------
def test_a_stranger_with_the_link_neither_reads_nor_gets_anything(quote):
    """A link that was sent on: the code goes to the customer, and the page does not say where that is."""
    AccessLink.objects.filter(subject_id=quote.pk).update(sent_to="neugierig@fremd.example")
    link = make.link_to(quote)
    visitor = make.let_in(link)
    page = visitor.get(f"/k/{link.public_id}/alle-unterlagen/").content.decode()
    assert "kunde.example" not in page
    assert "fremd.example" not in page
    center = knock(visitor, link)
    assert (sent_digits()[1], center.sent_to) == ("sabine@kunde.example", "sabine@kunde.example")


def test_who_works_there_gets_it_at_their_own_stored_address(quote):
    ContactPerson.objects.create(customer=quote.customer, name="Ada", email="Ada@kunde.example")
    AccessLink.objects.filter(subject_id=quote.pk).update(sent_to="ada@kunde.example")
    link = make.link_to(quote)
    knock(make.let_in(link), link)
    assert sent_digits()[1] == "Ada@kunde.example"


def test_when_the_address_changes_the_old_one_opens_nothing_any_more(quote):
    visitor, center = make.in_center(quote.customer)
    customers.change(quote.customer, email="neu@kunde.example")
    address = f"/k/{center.public_id}/unterlagen/"
    assert visitor.get(address).status_code == 410
    assert "Angebot" not in visitor.get(address).content.decode()
    assert visitor.post(f"/k/{center.public_id}/neuer-link/").status_code == 200
    assert Mail.objects.latest("pk").to == "neu@kunde.example"


def test_without_an_address_all_looks_the_same(business):
    quote = make.make_sent_quote(make.make_customer())
    customers.change(quote.customer, email="")
    AccessLink.objects.filter(subject_id=quote.pk).update(sent_to="")
    link = make.link_to(quote)
    center = knock(make.let_in(link), link)
    assert not Mail.objects.filter(kind="portal/mail/center_code").exists()
    assert AccessCode.objects.filter(link=center).count() == 1


# --- no other key fits --------------------------------------------------------------------------------------------------
def test_no_postcode_opens_it(quote):
    center = center_links.obtain(quote.customer)
    visitor = make.let_in(center)
    answer = visitor.post(f"/k/{center.public_id}/plz/", {"plz": quote.customer.postcode})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/k/{center.public_id}/code/")
    assert visitor.get(f"/k/{center.public_id}/unterlagen/").status_code == 302
    page = visitor.get(f"/k/{center.public_id}/code/").content.decode()
    assert "schicken wir einen Code" in page
    assert "Brandt" not in page


def test_the_code_of_another_link_does_not_fit(quote, link):
    center = center_links.obtain(quote.customer)
    visitor = make.let_in(center)
    foreign = [access_codes.issue(link), access_codes.issue(center_links.obtain(make.make_customer("Fremd")))]
    access_codes.issue(center)
    for code in foreign:
        assert type_code(visitor, center, access_codes.digits(code)).status_code == 422
    assert visitor.get(f"/k/{center.public_id}/unterlagen/").status_code == 302


def test_the_cookies_of_one_center_open_no_other(quote):
    visitor, mine = make.in_center(quote.customer)
    other = center_links.obtain(make.make_customer("Fremd"))
    for kind in ("link", "code", "center"):
        visitor.cookies[f"{kind}-{other.public_id}"] = visitor.cookies[f"{kind}-{mine.public_id}"].value
    assert visitor.get(f"/k/{other.public_id}/unterlagen/").status_code == 404


def test_one_browser_two_businesses_nothing_mixes(quote):
    """P34"""
    visitor, mine = make.in_center(quote.customer)
    with current.working_for(make.make_business("Malerei Winter")):
        theirs = make.make_sent_quote(make.make_customer("Winter", email="sabine@kunde.example"))
        link = make.link_to(theirs)
        make.let_in(link, visitor)
        answer = visitor.get(f"/k/{link.public_id}/alle-unterlagen/")
        assert (answer.status_code, "Malerei Winter" in answer.content.decode()) == (200, True)
        _visitor, second = make.in_center(theirs.customer, visitor)
    page = visitor.get(f"/k/{mine.public_id}/unterlagen/").content.decode()
    assert (quote.number in page, "Malerei Winter" in page) == (True, False)
    page = visitor.get(f"/k/{second.public_id}/unterlagen/").content.decode()
    assert "Malerei Winter" in page
    assert visitor.post(f"/k/{second.public_id}/oeffnen/", {"was": f"quote-{quote.pk}"}).status_code == 404


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_revoked_or_expired_while_it_is_open(quote, end):
    """P24, P25: at once, for everything, with no word of what lies behind it."""
    visitor, center = make.in_center(quote.customer)
    at = f"/k/{center.public_id}"
    changed = {"revoked_at": timezone.now()} if end == "revoked" else {"expires_at": timezone.now()}
    AccessLink.objects.filter(pk=center.pk).update(**changed)
    for path in ("unterlagen/", "meine-daten/", "meine-daten/daten.zip", "dateien/1/"):
        answer = visitor.get(f"{at}/{path}")
        assert (answer.status_code, quote.title in answer.content.decode()) == (410, False)
    for path in ("oeffnen/", "meine-daten/", "meine-daten/erreichen/", "meine-daten/herunterladen/"):
        assert visitor.post(f"{at}/{path}", {"was": f"quote-{quote.pk}"}).status_code == 410
    assert not AccessLink.objects.filter(way="page").exists()
    new = visitor.post(f"/k/{make.link_to(quote).public_id}/alle-unterlagen/")
    assert new.status_code == 404  # that link was never opened here


# --- without a link -----------------------------------------------------------------------------------------------------
def ask(business, address, browser=None):
    return (browser or make.Browser()).post(f"/kundencenter/{business.slug}/", {"email": address})


def without_token(answer):
    import re

    return re.sub(r'value="[^"]{64}"', "", answer.content.decode())


def test_the_answer_is_the_same_whether_the_address_is_known(quote, business):
    known, unknown = ask(business, "Sabine@kunde.example"), ask(business, "niemand@kunde.example")
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert without_token(known) == without_token(unknown)
    assert [mail.to for mail in Mail.objects.filter(kind="portal/mail/center_code")] == ["sabine@kunde.example"]
    assert known.cookies.keys() - {"csrftoken"} == unknown.cookies.keys() - {"csrftoken"} == set()


def test_link_and_code_of_the_mail_let_in(quote, business):
    ask(business, "sabine@kunde.example")
    row = Mail.objects.get(kind="portal/mail/center_code")
    visitor = make.Browser()
    visitor.get(f"/l/{access.token(row.link)}/")
    type_code(visitor, row.link, sent_digits()[0])
    assert visitor.get(f"/k/{row.link.public_id}/unterlagen/").status_code == 200


def test_each_contact_with_that_address_gets_a_mail_of_its_own(quote, business):
    firm = make.make_company(email="sabine@kunde.example")
    put_away = make.make_customer(email="sabine@kunde.example")
    customers.archive(put_away)
    with current.working_for(make.make_business("Malerei Winter")):
        make.make_customer(email="sabine@kunde.example")
    ask(business, "sabine@kunde.example")
    rows = Mail.objects.filter(kind="portal/mail/center_code")
    assert {row.customer for row in rows} == {quote.customer, firm}
    assert all(row.customer.name in row.text for row in rows)


def test_codes_for_one_address_are_rationed_silently_and_clients_openly(quote, business):
    for _again in range(6):
        assert ask(business, "sabine@kunde.example").status_code == 200
    assert Mail.objects.filter(kind="portal/mail/center_code").count() == 1
    statuses = [ask(business, f"a{n}@kunde.example").status_code for n in range(15)]
    assert statuses == [200] * 14 + [429]


@pytest.mark.parametrize(
    "typed", ["", "sabine", "sabine@", "a" * 300 + "@kunde.example", "a@b.example\nBcc: c@d.example"]
)
def test_what_is_no_address_is_said(business, typed):
    assert ask(business, typed).status_code == 422
    assert not Mail.objects.exists()


def test_it_is_there_for_each_business_alone(client, business):
    assert client.get(f"/kundencenter/{business.slug}/").status_code == 200
    assert client.get("/kundencenter/gibt-es-nicht/").status_code == 404
