"""The wall between businesses, on every address there is (security.md 4.1, P01 to P13, P16, P34, P46, P50).

The addresses come from the resolver (tests/routes.py), so a new one is in here before anybody thinks of it.
"""

import copy
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.api_views import BusinessViewSet
from accounts.models import AuditEntry, Member
from accounts.rights import RIGHTS, Right, Role
from tests import make, routes

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Programs of mail providers send these without a page before them (RFC 8058); the token is what they need. Requests for
# work come from websites of others and without a cookie; tests/portal/views/test_requests.py says what they may not do.
WITHOUT_CSRF = {
    "feedback:unsubscribe", "portal:stop_reminders", "portal:request_form", "portal:request_check", "portal:payment_message",
}  # fmt: skip


@pytest.fixture(scope="module")
def worlds(module_db):
    """Two businesses, made once: thousands of requests look at them, none may change them."""
    return module_db, routes.World("Haselbach"), routes.World("Schulz")


@pytest.fixture(autouse=True)
def files(worlds, settings):
    settings.MEDIA_ROOT = worlds[0]


@pytest.fixture
def a(worlds, db):
    return copy.deepcopy(worlds[1])


@pytest.fixture
def b(worlds, db):
    return copy.deepcopy(worlds[2])


def send(browser, method, url, headers=None, content_type=None):
    """One request as a form or, below /api/, as JSON. The answer's `body` is its content, also of a file."""
    data = {}
    if url.startswith("/api/"):
        data = {"data": "{}", "content_type": content_type or "application/json"}
    elif method in UNSAFE:
        data = {"data": "x=1", "content_type": content_type or "application/x-www-form-urlencoded"}
    answer = browser.generic(method, url, **data, headers=headers or {})
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for close in answer._resource_closers:  # a file that nobody read; close() would close the test's database too
        close()
    return answer


def failed(answer):
    """An error of ours; a file that is still being made is none, its page says so and looks again."""
    return answer.status_code >= 500 and not (answer.status_code == 503 and "Retry-After" in answer.headers)


def key_of(world):
    return {"Authorization": f"Bearer {world.raw}"}


def text_of(answer, url):
    """The body without what differs by design: the address itself and one-time tokens."""
    text = answer.body.decode("utf-8", "replace").replace(url, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


# --- every address has a class ------------------------------------------------------------------------------------------
def test_every_address_is_guarded_in_a_known_way():
    unknown = [f"{route.pattern} ({route.name})" for route in routes.all_routes() if route.kind is None]
    assert unknown == []


def test_every_id_in_an_address_is_of_a_known_kind(a):
    for route in routes.of_kind("staff", "link", "api", "public"):
        assert route.url(a)


def test_every_public_address_still_exists():
    there = {route.name for route in routes.all_routes()} | {"metrics"}
    assert there >= routes.PUBLIC | routes.SIGNED_IN


def test_every_api_action_names_its_right():
    for route in routes.of_kind("api"):
        cls = route.view.cls
        if issubclass(cls, BusinessViewSet):
            assert set(route.view.actions.values()) - {"head"} <= set(cls.rights), route.name


# --- strangers ----------------------------------------------------------------------------------------------------------
def test_strangers_get_nowhere(a):
    before, wrong = a.state(), []
    for route in routes.of_kind("staff", "signed in", "api"):
        url = route.url(a)
        for method in METHODS:
            answer = send(make.Browser(), method, url)
            to_login = answer.headers.get("Location", "").startswith(reverse("account_login"))
            fine = answer.status_code == 401 if route.kind == "api" else to_login or answer.status_code == 405
            if not fine:
                wrong.append((route.name, method, answer.status_code))
    assert wrong == []
    assert a.state() == before


def test_customers_get_no_further_than_their_link(a):
    """P34: the cookie of a link opens neither staff pages nor the API."""
    browser, wrong = make.let_in(a.link), []
    for route in routes.of_kind("staff", "signed in", "api"):
        answer = send(browser, "GET", route.url(a))
        if answer.status_code not in {302, 401, 405}:
            wrong.append((route.name, answer.status_code))
    assert wrong == []


def test_customers_links_open_only_their_own(a, b):
    """A customer of A knows the address of a customer's page of B; and A's link with B's ids."""
    before, browser, wrong = b.state(), make.let_in(a.link), []
    assert browser.get(f"/k/{a.link.public_id}/angebot/").status_code == 200
    for route in routes.of_kind("link"):
        inner = {name: b[key] for name, key in route.params if key != "public_id"}
        urls = [route.url(b)] + ([route.url(a, **inner)] if inner else [])
        for url in urls:
            for method in ("GET", "HEAD", "POST"):
                answer = send(browser, method, url)
                if answer.status_code not in {404, 405}:
                    wrong.append((route.name, method, answer.status_code, url))
    assert wrong == []
    assert b.state() == before


def test_without_its_cookie_a_customers_page_is_unknown(a):
    wrong = []
    for route in routes.of_kind("link"):
        for method in ("GET", "POST"):
            answer = send(make.Browser(), method, route.url(a))
            if answer.status_code not in {404, 405}:
                wrong.append((route.name, method, answer.status_code))
    assert wrong == []


# --- other businesses ---------------------------------------------------------------------------------------------------
def test_rows_of_another_business_are_as_unknown_as_rows_that_never_were(a, b):
    """P01, P05, P06: every address with an id, every method, an id of B and one that does not exist."""
    before, browser, wrong = (a.state(), b.state()), a.browser(), []
    log = before[0].pop("accounts.AuditEntry")
    for route in routes.of_kind("staff", "api"):
        for name, key in route.params:
            headers = key_of(a) if route.kind == "api" else None
            never = route.url(a, **{name: routes.UNKNOWN})
            for method in METHODS:
                unknown = send(browser, method, never, headers)
                if unknown.status_code not in {404, 405}:
                    wrong.append((route.name, method, "unknown", unknown.status_code))
                for foreign_id in b.ids(key):
                    url = route.url(a, **{name: foreign_id})
                    foreign = send(browser, method, url, headers)
                    same = text_of(foreign, url) == text_of(unknown, never)
                    if foreign.status_code != unknown.status_code or not same:
                        wrong.append((route.name, method, "foreign", foreign.status_code))
    assert wrong == []
    after = a.state()
    assert after.pop("accounts.AuditEntry") != log
    assert (after, b.state()) == before
    # however much was tried, one line an hour says so
    assert noted(a, "unknown_id") == [a.owner]


def noted(world, event):
    """Who tried it, as the log of the business tells."""
    return [entry.by for entry in AuditEntry.unscoped.filter(business=world.business, event=event)]


def test_the_log_names_who_tried_and_where_and_again_after_an_hour(a, b):
    url = f"/kontakte/{b['customer']}/"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for minutes in (0, 59, 2):
            clock.shift(timedelta(minutes=minutes))
            assert a.browser().get(url).status_code == 404
    entries = AuditEntry.unscoped.filter(event="unknown_id")
    assert [(entry.business, entry.by, entry.facts) for entry in entries] == [
        (a.business, a.owner, {"page": "crm:customer_detail", "method": "GET"})
    ] * 2
    assert (
        "Unbekannte oder fremde Nummer aufgerufen" in a.browser().get(reverse("accounts:settings_log")).content.decode()
    )


def test_lists_and_pages_of_one_business_name_nobody_of_another(a, b):
    """P03, P09, P10: whatever is asked for, words of B do not appear for A."""
    secrets = ["Schulz", b.link.public_id, str(b.rows["quote"].customer.email), b.raw]
    query = f"?q=Schulz&search=Schulz&business={b.business.pk}&tenant={b.business.pk}&customer={b['customer']}"
    query += f"&contact={b['customer']}&kunde={b['customer']}&page=9999&page_size=1000000000&order={b['order']}"
    headers = {"X-Tenant": str(b.business.pk), "X-Business": b.business.slug}
    browser, wrong = a.browser(), []
    for route in routes.of_kind("staff", "api", "signed in"):
        answer = browser.get(
            route.url(a) + query, headers=headers | (key_of(a) if route.kind == "api" else {}), follow=False
        )
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        page = (
            body.decode("utf-8", "replace").replace("Schulz&", "").replace('value="Schulz"', "").replace("=Schulz", "")
        )
        if failed(answer) or any(secret in page.replace("„Schulz“", "") for secret in secrets):
            wrong.append((route.name, answer.status_code))
    assert wrong == []


def test_a_session_cannot_pick_a_business_it_does_not_belong_to(a, b):
    browser = a.browser()
    session = browser.session
    session["business"] = b.business.pk
    session.save()
    assert browser.get(reverse("accounts:settings")).context["business"] == a.business


# --- roles --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.OFFICE, Role.FIELD_WORKER, Role.TAX_ADVISER, Role.AUDITOR])
def test_no_role_does_what_it_has_no_right_to(a, role):
    """P12: with ids of the own business, so that only the right can be what stops it."""
    browser, wrong, walked = a.browser(role), [], 0
    before = a.state()
    before.pop("accounts.AuditEntry")
    for route in routes.of_kind("staff"):
        if route.view.right in RIGHTS[role]:
            continue
        answers = {method: send(browser, method, route.url(a)).status_code for method in ("GET", "POST", "PUT")}
        walked += 1
        if not set(answers.values()) <= {403, 405} or 403 not in answers.values():
            wrong.append((route.name, answers))
    for route in routes.of_kind("api"):
        for method, action in list(getattr(route.view, "actions", {}).items()):
            if action in route.view.cls.rights and route.view.cls.rights[action] not in RIGHTS[role]:
                walked += 1
                answer = send(browser, method.upper(), route.url(a))
                if answer.status_code != 403:
                    wrong.append((route.name, method, answer.status_code))
    assert wrong == []
    assert walked > 15
    after = a.state()
    after.pop("accounts.AuditEntry")
    assert after == before
    assert [member.role for member in noted(a, "right_missing")] == [role]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_opens_what_it_has_a_right_to(a, role):
    browser, wrong = a.browser(role), []
    for route in routes.of_kind("staff"):
        if route.view.right in RIGHTS[role]:
            answer = send(browser, "GET", route.url(a))
            if answer.status_code == 403 or failed(answer):
                wrong.append((route.name, answer.status_code))
    assert wrong == []


WRITING = {
    Right.WRITE_NOTES, Right.WRITE_CONTACTS, Right.WRITE_DOCUMENTS, Right.ISSUE_INVOICES, Right.MANAGE_BUSINESS,
    Right.ACCEPT_ON_SITE,
}  # fmt: skip
# What is worth a second look, written down once more: whoever loosens a right changes it here too.
ASKS_FOR = {
    "billing:books_lock": Right.MANAGE_BUSINESS, "billing:audit_export_create": Right.MANAGE_BUSINESS,
    "billing:audit_books": Right.AUDIT_BOOKS, "billing:audit_export_file": Right.AUDIT_BOOKS,
    "billing:invoice_issue": Right.ISSUE_INVOICES, "billing:invoice_cancel": Right.ISSUE_INVOICES,
    "billing:acceptance_create": Right.WRITE_DOCUMENTS, "portal:acceptance_on_site_check": Right.ACCEPT_ON_SITE,
    "billing:payment_record": Right.ISSUE_INVOICES, "billing:payment_reverse": Right.ISSUE_INVOICES,
    "billing:invoice_list": Right.SEE_MONEY, "billing:invoice_detail": Right.SEE_MONEY,
    "billing:quote_list": Right.SEE_MONEY, "billing:quote_detail": Right.SEE_MONEY, "billing:quote_pdf": Right.SEE_MONEY,
    "billing:order_pdf": Right.SEE_MONEY, "billing:invoice_pdf": Right.SEE_MONEY, "billing:invoice_xml": Right.SEE_MONEY,
    "billing:catalogue_list": Right.SEE_MONEY, "billing:order_list": Right.SEE_ORDERS,
    "crm:export_csv": Right.EXPORT_DATA, "crm:export_xlsx": Right.EXPORT_DATA,
    "crm:attachment_download": Right.SEE_NOTES, "crm:attachment_preview": Right.SEE_NOTES,
    "crm:entry_share": Right.WRITE_NOTES, "crm:letter_send": Right.WRITE_CONTACTS, "crm:tag_merge": Right.WRITE_CONTACTS,
    "feedback:overview": Right.SEE_NOTES,
}  # fmt: skip
API_ASKS_FOR = {
    "billing:books_lock": Right.MANAGE_BUSINESS, "billing:audit_export_create": Right.MANAGE_BUSINESS,
    "billing:audit_books": Right.AUDIT_BOOKS, "billing:audit_export_file": Right.AUDIT_BOOKS,
    "issue": Right.ISSUE_INVOICES, "cancel": Right.ISSUE_INVOICES, "record_payment": Right.ISSUE_INVOICES,
    "reverse_payment": Right.ISSUE_INVOICES, "links": Right.WRITE_DOCUMENTS, "xml": Right.SEE_MONEY, "pdf": Right.SEE_MONEY,
}  # fmt: skip


# A page with a form on it asks for one right; here whoever sees also writes.
SEES_AND_WRITES = {
    "crm:todo_list": (Right.SEE_NOTES, Right.WRITE_NOTES),
    "crm:appointment_edit": (Right.SEE_NOTES, Right.WRITE_NOTES),
    # what was handed to the tax adviser is noted, so it goes out once; who may export may have it noted
    "billing:datev_export": (Right.EXPORT_DATA, Right.EXPORT_DATA),
    "billing:datev_retry": (Right.EXPORT_DATA, Right.EXPORT_DATA),
}


def test_what_changes_something_asks_for_a_right_to_change(a):
    """Whatever answers a POST of the owner with anything but 405, and every writing action of the API."""
    browser, wrong = a.browser(), []
    assert all(
        writes in rights for sees, writes in SEES_AND_WRITES.values() for rights in RIGHTS.values() if sees in rights
    )
    for route in routes.of_kind("staff"):
        url = route.url(a, **{name: routes.UNKNOWN for name, _key in route.params})
        if route.name in SEES_AND_WRITES:
            continue
        if send(browser, "POST", url).status_code != 405 and route.view.right not in WRITING:
            wrong.append((route.name, route.view.right))
    for route in routes.of_kind("api"):
        for method, action in list(getattr(route.view, "actions", {}).items()):
            if method not in {"get", "head"} and route.view.cls.rights[action] not in WRITING:
                wrong.append((route.name, action))
    assert wrong == []


def test_the_settings_are_the_owners():
    rights = {route.view.right for route in routes.of_kind("staff") if route.name.startswith("accounts:")}
    assert rights == {Right.MANAGE_BUSINESS}


def test_what_is_worth_a_second_look_asks_for_what_is_written_here():
    views = {route.name: route.view.right for route in routes.of_kind("staff")}
    assert {name: views[name] for name in ASKS_FOR} == ASKS_FOR
    for route in routes.of_kind("api"):
        for action in set(getattr(route.view, "actions", {}).values()) & set(API_ASKS_FOR):
            assert route.view.cls.rights[action] == API_ASKS_FOR[action], route.name


def test_who_left_is_out_at_the_next_click(a):
    make.make_member(Role.OWNER, business=a.business)
    browser = a.browser()
    Member.objects.filter(pk=a.owner.pk).update(is_active=False)
    wrong = []
    for route in routes.of_kind("staff", "api"):
        for headers in (None, key_of(a)) if route.kind == "api" else (None,):
            answer = send(browser, "GET", route.url(a), headers)
            if answer.status_code not in {302, 401, 403, 405}:
                wrong.append((route.name, answer.status_code))
    assert wrong == []


# --- forms and safe methods ---------------------------------------------------------------------------------------------
def test_nothing_is_changed_without_the_token_of_a_form(a):
    """P16, P46: every POST of a browser needs the CSRF token; JSON sent as text does not get round it."""
    before, wrong = a.state(), []
    mine = make.Browser(enforce_csrf_checks=True)
    mine.force_login(a.owner.user, backend="django.contrib.auth.backends.ModelBackend")
    make.reauthenticated(mine)
    customer = make.let_in(a.link, make.Browser(enforce_csrf_checks=True))
    for route in routes.all_routes():
        if route.name in WITHOUT_CSRF:
            continue
        browser = customer if route.kind == "link" else mine
        url = route.url(a) if route.kind != "account" else None
        if url is None:
            continue
        for content_type in ("application/x-www-form-urlencoded", "text/plain", "application/json"):
            answer = send(browser, "POST", url, content_type=content_type)
            if answer.status_code not in {403, 405, 415}:
                wrong.append((route.name, content_type, answer.status_code))
    assert wrong == []
    assert a.state() == before


def test_looking_changes_nothing(a):
    """Invariant 6: GET, HEAD and OPTIONS on every address leave every row as it was."""
    browser, customer, wrong = a.browser(), make.let_in(a.link), []
    before = a.state()
    walked = routes.of_kind("staff", "signed in", "link", "api", "public")
    for route in walked:
        for method in ("GET", "HEAD", "OPTIONS"):
            headers = key_of(a) if route.kind == "api" else {}
            answer = send(customer if route.kind == "link" else browser, method, route.url(a), headers)
            if failed(answer):
                wrong.append((route.name, method, answer.status_code))
    after = a.state()
    assert wrong == []
    # the log of who asked for what is not there grows, nothing else
    assert [name for name in after if after[name] != before[name]] in ([], ["accounts.AuditEntry"])


def test_no_shared_cache_keeps_a_page_of_a_business(a):
    """P13."""
    browser, customer, wrong = a.browser(), make.let_in(a.link), []
    for route in routes.of_kind("staff", "signed in", "link", "api"):
        answer = send(customer if route.kind == "link" else browser, "GET", route.url(a))
        said = answer.headers["Cache-Control"]
        if "private" not in said or "no-store" not in said:
            wrong.append((route.name, said))
    assert wrong == []
