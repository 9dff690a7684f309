"""Cases P15 to P40 of the security catalogue on every customer page there is.

The addresses come from the resolver (tests/routes.py), so a new page is in here before anybody thinks of it.
"""

import copy
import io
import logging
import re
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pypdf
import pytest
from django.core import mail as django_mail
from django.db import connection
from django.utils import timezone

from accounts import current
from billing import orders, quotes, sign_offs
from billing.documents import pdf
from billing.models import Acceptance, Quote
from config.logs import HideTokens
from crm import access, access_codes, center_links, mail
from crm.models import AccessLink, Mail
from feedback.models import FeedbackRequest
from portal import codes, nonces
from tests import make, routes

RENDER = pdf.render_pdf  # the real one; tests/portal/conftest.py puts another in its place
EVIL = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
PRIVATE = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.fixture(scope="module")
def made(module_db):
    """The folder of its files, and a business with a row of everything, made once."""
    return module_db, routes.World("Haselbach")


@pytest.fixture(autouse=True)
def files(made, settings):
    settings.MEDIA_ROOT = made[0]


@pytest.fixture
def world(made, db):
    return copy.deepcopy(made[1])


def links_of(world):
    """An open link of each purpose; `let_in` opens that to everything with the code from the mail."""
    rows = world.rows
    with current.working_for(world.business):
        asked = FeedbackRequest.objects.first()
        found = [world.link]
        for purpose, subject in (("order", rows["order"]), ("invoice", rows["invoice"]), ("feedback", asked)):
            found.append(
                make.link_to(subject)
                or access.mint(
                    subject, purpose=purpose, customer=subject.customer, sent_to="ada@kunde.example",
                    expires_at=timezone.now() + timedelta(days=30),
                )
            )  # fmt: skip
        found.append(center_links.obtain(rows["customer"]))
    assert [link.purpose for link in found] == ["quote", "order", "invoice", "feedback", "center"]
    return found


def let_in(link, browser=None):
    """A customer's browser behind every door of a link."""
    browser = make.let_in(link, browser)
    if link.purpose == AccessLink.Purpose.CENTER:
        with current.working_for(link.business):
            digits = access_codes.digits(access_codes.newest(link) or codes.send(link))
        address = f"/k/{link.public_id}/code/"
        browser.post(address, {"code": digits, "csrfmiddlewaretoken": token_on(browser.get(address))})
    return browser


def token_on(answer):
    """What a form of that page sends along to say where it comes from."""
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())[1]


def pages(world, link):
    """(name, methods, address) of every customer page, for one link."""
    for route in routes.of_kind("link"):
        yield route.name, route.view.link_methods, route.url(world, public_id=link.public_id)


def body(answer):
    """What was answered, also of a file."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.close()
    return content.decode("utf-8", "replace")


# --- P15: methods -------------------------------------------------------------------------------------------------------
def test_every_page_takes_its_own_methods_and_says_which(world):
    visitor, before, wrong, walked = make.let_in(world.link), world.state(), [], 0
    for name, methods, url in pages(world, world.link):
        others = {"PUT", "PATCH", "DELETE"} | (set() if "GET" in methods else {"GET", "HEAD", "OPTIONS"})
        for method in sorted(others):
            answer = visitor.generic(method, url)
            walked += 1
            if answer.status_code not in {405, 404} or (
                answer.status_code == 405 and answer.headers["Allow"] != ", ".join(methods)
            ):
                wrong.append((name, method, answer.status_code, answer.headers.get("Allow")))
    assert wrong == []
    assert walked > 90
    assert world.state() == before


# --- P16: where a form comes from ---------------------------------------------------------------------------------------
def test_no_form_acts_without_its_token_or_from_elsewhere(world):
    wrong, walked = [], 0
    for link in links_of(world):
        strict = let_in(link, make.Browser(enforce_csrf_checks=True))
        token = token_on(strict.get(f"/k/{link.public_id}/", follow=True))
        before = world.state()
        for name, methods, url in pages(world, link):
            if "POST" not in methods:
                continue
            for fields, headers in (({}, {}), ({"csrfmiddlewaretoken": token}, EVIL)):
                answer = strict.post(url, fields, headers=headers)
                walked += 1
                if answer.status_code != 403 or "noch einmal senden" not in answer.content.decode():
                    wrong.append((name, headers, answer.status_code))
        assert world.state() == before
    assert wrong == []
    assert walked > 60


# --- P18: unknown tokens ------------------------------------------------------------------------------------------------
def test_broken_tokens_are_answered_quickly_and_without_asking_for_more_than_one_row(
    world, client, django_assert_max_num_queries
):
    token = access.token(world.link)
    for broken in (token[:-1], token[::-1], token.upper(), token + "%00", "x" * 10_000):
        started = timezone.now()
        with django_assert_max_num_queries(5):
            assert client.get(f"/l/{broken}/").status_code == 404
        assert timezone.now() - started < timedelta(seconds=2)  # 200 ms on a machine that does nothing else


# --- P20, P23, P40: nothing keeps the token, the postcode or a code -------------------------------------------------------
def test_a_whole_visit_leaves_no_token_code_or_postcode_behind(gated, woken):
    """In no table, no log, no wake-up and no header of a mail; links stand in the body of mails, where they belong."""
    log, quote = io.StringIO(), gated.subject
    handler = logging.StreamHandler(log)
    handler.addFilter(HideTokens())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        visitor = make.Browser(raise_request_exception=False)
        k = f"/k/{gated.public_id}"
        visitor.get(f"/l/{access.token(gated)}/")
        visitor.put(f"/l/{access.token(gated)}/")
        visitor.get(f"/l/{access.token(gated)}/gibt-es-nicht/")
        visitor.post(f"{k}/plz/", {"plz": "99111"})
        visitor.post(f"{k}/code/neu/")
        code = access_codes.digits(access_codes.newest(gated))
        visitor.post(f"{k}/code/", {"code": code})
        visitor.post(f"{k}/gesehen/")
        visitor.post(f"{k}/nachricht/", {"text": "Geht das auch in Messing?"})
        fields = {
            "nonce": nonces.make(gated, quote.document_hash),
            "name": "Sabine Brandt",
            "email": "s@brandt.example",
        }
        assert visitor.post(f"{k}/beauftragen/", fields).status_code == 302
        for row in Mail.objects.all():
            mail.deliver(row.pk)
        logging.getLogger("django.request").error("Internal Server Error: %s", f"/l/{access.token(gated)}/")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    secrets = [access.token(link) for link in AccessLink.objects.all()] + [code, code.replace(" ", "")]
    assert len(secrets) > 3
    logged = re.sub(r"\(0\.\d+\)", "", log.getvalue())  # how long queries took
    assert "/l/[link]/" in logged
    assert [each for each in [*secrets, "99111"] if re.search(rf"(?<!\d){re.escape(each)}(?!\d)", logged)] == []
    tables = dump()
    assert [(each, table) for each in secrets for table, rows in tables.items() if f"'{each}" in rows] == []
    assert [each for each in secrets if each in str(woken)] == []
    sent = django_mail.outbox
    assert {"portal/mail/access_code", "billing/mail/quote_sent"} <= {row.kind for row in Mail.objects.all()}
    for message in sent:
        headers = [f"{name}: {value}" for name, value in message.message().items() if name != "List-Unsubscribe"]
        assert [each for each in secrets if each in "\n".join(headers)] == []
    assert code in next(message.body for message in sent if "Code" in message.subject)


def test_a_link_is_found_by_its_hash_alone(gated):
    field = AccessLink._meta.get_field("token_hash")
    assert (field.unique, field.max_length, re.fullmatch("[0-9a-f]{64}", gated.token_hash) is None) == (True, 64, False)
    assert len(access.token(gated)) == 43  # 256 bits


def dump():
    """{table: all its rows as text}, also of sessions."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of tables
            found[table] = str(cursor.fetchall())
        return found


# --- P21: headers of every answer ---------------------------------------------------------------------------------------
def test_every_answer_of_every_customer_page_is_private(world):
    """Whatever it is: page, redirect, file, refusal, unknown, wrong method, too many, closed."""
    seen, wrong = {}, []

    def look(answer, what):
        answer.close()
        seen.setdefault(answer.status_code, what)
        headers = answer.headers
        policy = headers.get("Content-Security-Policy", "")
        if (
            {name: headers.get(name) for name in PRIVATE} != PRIVATE
            or "frame-ancestors 'none'" not in policy
            or "unsafe" in policy
            or {"X-Powered-By", "Server"} & set(headers)
        ):
            wrong.append((what, answer.status_code))

    links = links_of(world)
    for link in links:
        visitor = let_in(link)
        for name, methods, url in pages(world, link):
            for method in ("GET", "HEAD", "PUT") + (
                ("POST",) if "POST" in methods and name != "portal:decline" else ()
            ):
                look(visitor.generic(method, url), (name, method))
    quote_link, visitor = links[0], make.let_in(links[0])
    k = f"/k/{quote_link.public_id}/"
    look(
        visitor.post(
            k + "beauftragen/", {"nonce": nonces.make(quote_link, "0" * 64), "name": "x", "email": "x@y.example"}
        ),
        "a bent hash",
    )
    look(visitor.post(k + "ablehnen/", {"reason": "hacked"}), "a bent form")
    for _ in range(61):
        answer = make.Browser().get("/l/unbekannt/")
    look(answer, "too many")
    look(visitor.get(k + "gibt/es/nicht/"), "no such page")
    AccessLink.unscoped.filter(pk=quote_link.pk).update(revoked_at=timezone.now())
    for name, _methods, url in pages(world, quote_link):
        look(visitor.get(url), (name, "closed"))
    assert wrong == []
    assert set(seen) >= {200, 302, 403, 404, 405, 409, 410, 422, 429}


# --- P22: what pages load and where they lead -----------------------------------------------------------------------------
class Addresses(HTMLParser):
    """What a page loads, where its forms go, and its ways out."""

    def __init__(self, text):
        super().__init__()
        self.loaded, self.ways_out = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "a":
            if re.match(r"(?i)\s*(https?:)?//", said.get("href") or ""):
                self.ways_out.append((said["href"], said.get("rel") or ""))
        else:
            self.loaded += [
                said[name] or "" for name in ("src", "href", "action", "data", "poster", "formaction") if name in said
            ]
            self.loaded += [part.split()[0] for part in (said.get("srcset") or "").split(",") if part.strip()]


def test_pages_load_nothing_from_elsewhere_and_say_nothing_on_the_way_out(world):
    type(world.business).objects.filter(pk=world.business.pk).update(
        website="https://haselbach.example/", review_url="https://bewertung.example/"
    )
    foreign, talkative, walked = [], [], 0
    for link in links_of(world):
        visitor = let_in(link)
        for name, methods, url in pages(world, link):
            if "GET" not in methods:
                continue
            answer = visitor.get(url)
            if "text/html" in answer.headers.get("Content-Type", "") and answer.status_code in {200, 410, 503}:
                walked += 1
                text = body(answer)
                found = Addresses(text)
                foreign += [(name, each) for each in found.loaded if not re.match(r"(/(?!/)|#|data:|\?|$)", each)]
                talkative += [
                    (name, way) for way, rel in found.ways_out if "noreferrer" not in rel or "noopener" not in rel
                ]
                assert access.token(link) not in text
            else:
                answer.close()
    assert (foreign, talkative) == ([], [])
    assert walked > 15


# --- P24, P25: closed links ---------------------------------------------------------------------------------------------
ALWAYS = {"portal:renew", "portal:no_reminders", "portal:center_leave", "feedback:opt_out"}  # also for closed links


@pytest.mark.parametrize("how", ["revoked_at", "expires_at"])
def test_a_link_that_is_closed_while_its_page_is_open_does_nothing_any_more(world, how):
    wrong = []
    for link in links_of(world):
        visitor = let_in(link)
        AccessLink.unscoped.filter(pk=link.pk).update(**{how: timezone.now() - timedelta(seconds=1)})
        before = world.state()
        for name, methods, url in pages(world, link):
            if name in ALWAYS:
                continue
            for method in set(methods) & {"GET", "POST"}:
                answer = visitor.generic(method, url)
                text = body(answer)
                # of another purpose's pages there is nothing to say but "unknown"
                if answer.status_code not in {410, 404} or "AN-2026" in text or "Haus" in text:
                    wrong.append((link.purpose, name, method, answer.status_code))
        assert visitor.get(f"/k/{link.public_id}/").status_code == 410
        assert make.Browser().get(f"/l/{access.token(link)}/").status_code == 410
        assert world.state() == before
    assert wrong == []


def test_a_link_closed_on_purpose_brings_no_new_one(link):
    """Perhaps it went to the wrong address: then the new one would too. The page says what it always says."""
    visitor = make.let_in(link)
    AccessLink.objects.filter(pk=link.pk).update(revoked_at=timezone.now())
    page = visitor.post(f"/k/{link.public_id}/neuer-link/").content.decode()
    assert "Sehen Sie in Ihr Postfach." in page
    assert not Mail.objects.filter(kind="portal/mail/link_renewed").exists()


# --- P27: what a link is about ------------------------------------------------------------------------------------------
def test_a_link_opens_nothing_of_other_customers_of_the_same_business(world):
    with current.working_for(world.business):
        other = make.make_customer("Nebenan")
        note = make.make_note(other, files=[make.upload()], is_shared=True)
        theirs = {
            "picture": note.attachments.get().pk, "attachment": note.attachments.get().pk,
            "appointment": make.make_appointment(other).pk,
            "sign_off": refused_sign_off(other, by=world.owner).pk,
        }  # fmt: skip
    wrong, walked = [], 0
    for link in links_of(world):
        visitor = let_in(link)
        for route in routes.of_kind("link"):
            inner = {name: theirs[key] for name, key in route.params if key in theirs}
            if inner:
                walked += 1
                answer = visitor.get(route.url(world, public_id=link.public_id, **inner))
                answer.close()
                if answer.status_code != 404:
                    wrong.append((link.purpose, route.name, answer.status_code))
    assert wrong == []
    assert walked > 12


def refused_sign_off(customer, *, by):
    """A protocol both sides got."""
    order = make.make_completed_order(make.make_sent_quote(customer))
    return sign_offs.refuse(
        make.make_sign_off(order, by=by), reason="Tür 2 klemmt", customer_name="Ada", channel="on_site", by=by
    )


# --- P28: what stays inside ---------------------------------------------------------------------------------------------
INSIDE = ["GEHEIM", "Uschi", "333.77", "333,77", "777.99", "777,99", "Einkauf", "Deckungsbeitrag", "Marge"]
NAMES = [
    "purchase_price", "purchasePrice", "margin", "internal_note", "negotiation", "cost_split", "changed_by",
    "is_follow_up_paused", "alert_note", "lead_source", "wrong_answers", "token_hash",
]  # fmt: skip


def test_no_page_file_or_answer_shows_what_is_the_businesss_own(business):
    worker, other = make.make_member("office", name="Ada Senderin"), make.make_member("office", name="Uschi Schreibt")
    customer = make.make_customer(by=worker, tags=["GEHEIM-TAG"])
    make.make_note(customer, "GEHEIM Notiz", by=other)
    lines = [
        make.line("Schrank", "2", "500", purchase_price=Decimal("333.77"), cost_split={"labour": "300.00", "material": "200.00"}),
        make.line("Eiche", "1", "100", alternative_set="Front", is_default=True, purchase_price=Decimal("777.99")),
        make.line("Buche", "1", "90", alternative_set="Front"),
        make.line("Licht", "1", "50", is_optional=True, max_quantity=4),
    ]  # fmt: skip
    quote = make.make_quote(customer, by=worker, lines=lines, internal_note="GEHEIM Kalkulation")
    Quote.objects.filter(pk=quote.pk).update(changed_by=other, is_follow_up_paused=True)
    quote.refresh_from_db()
    quotes.send(quote, by=worker, to=customer.email)
    order = make.make_completed_order(make.make_sent_quote(customer, by=worker, lines=lines, internal_note="GEHEIM 2"))
    invoice = make.make_open_invoice(order, by=worker, rendered=True)
    walked, shown = 0, []
    kept = [str(each.document) for each in (quote, order, invoice)]
    texts = [
        "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(RENDER(quote.frozen_document))).pages)
    ]
    assert "Schrank" in texts[-1]
    for subject in (quote, order, invoice):
        link = make.link_to(subject)
        visitor = make.let_in(link)
        for name, methods, url in customer_pages(link):
            if "GET" in methods:
                answer = visitor.get(url)
                walked += answer.status_code == 200
                texts.append(f"{name}\n{body(answer)}")
    for text in [*kept, *texts]:
        shown += [(word, text[:60]) for word in INSIDE if word in text]
    for text in texts:
        shown += [(word, text[:60]) for word in NAMES if re.search(rf"\b{word}\b", text)]
    assert shown == []
    assert walked > 15


def customer_pages(link):
    """The pages of one link that need no further id."""
    for route in routes.of_kind("link"):
        if [key for _name, key in route.params] == ["public_id"]:
            yield route.name, route.view.link_methods, "/" + route.pattern.replace("<str:public_id>", link.public_id)


# --- P31: ordering again ------------------------------------------------------------------------------------------------
def test_what_was_withdrawn_is_not_ordered_again(visitor, link, quote):
    orders.withdraw(make.make_order(quote), name="Sabine Brandt", email="s@brandt.example")
    mails = Mail.objects.count()
    fields = {"nonce": nonces.make(link, quote.document_hash), "name": "Sabine Brandt", "email": "s@brandt.example"}
    answer = visitor.post(f"/k/{link.public_id}/beauftragen/", fields)
    assert answer.status_code == 409
    assert (Acceptance.objects.count(), Mail.objects.count()) == (1, mails)


# --- P35, P39: before the postcode --------------------------------------------------------------------------------------
def test_before_the_postcode_no_page_gives_away_a_byte(world):
    wrong, walked = [], 0
    secrets = ["Sabine", "AN-20", "AU-20", "RE-20", "Einbauschrank", "22397", "Rotdornweg", "kunde.example", "€", "og:"]
    for link in links_of(world):
        AccessLink.unscoped.filter(pk=link.pk).update(asks_postcode=True)
        visitor = make.Browser()
        visitor.get(f"/l/{access.token(link)}/")
        before = world.state()
        for name, methods, url in pages(world, link):
            # the way to a code, and what customers may do without one: only looked at
            acts = name in ALWAYS | {"portal:code_send"}
            for method in set(methods) & ({"GET"} if acts else {"GET", "POST"}):
                answer = visitor.generic(method, url)
                text = body(answer)
                walked += 1
                gate = "code" if link.purpose == AccessLink.Purpose.CENTER else "plz"
                to_gate = answer.headers.get("Location", "").startswith(f"/k/{link.public_id}/{gate}/") and text == ""
                harmless = acts or name in {"portal:home", "portal:gate", "portal:code"} or answer.status_code == 404
                if not (to_gate or harmless) or [each for each in secrets if each in text]:
                    wrong.append((link.purpose, name, method, answer.status_code))
        assert world.state() == before
    assert wrong == []
    assert walked > 80


@pytest.mark.parametrize(
    ("typed", "opens"),
    [("01067", True), (" 01067 ", True), ("D-01067", True), ("０１０６７", True), ("1067", False), ("%", False),
     ("01067' or 1=1", False)],
)  # fmt: skip
def test_a_postcode_keeps_its_leading_zero(business, typed, opens):
    type(business).objects.filter(pk=business.pk).update(asks_postcode=True)
    business.refresh_from_db()
    link = make.link_to(make.make_sent_quote(make.make_customer(postcode="01067", city="Dresden")))
    visitor = make.Browser()
    visitor.get(f"/l/{access.token(link)}/")
    assert (visitor.post(f"/k/{link.public_id}/plz/", {"plz": typed}).status_code == 302) is opens
    link.refresh_from_db()
    assert link.wrong_answers == (0 if opens else 1)
