"""Settings: what the business's own website leads to."""

import html
import re

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Business
from accounts.rights import Role
from tests import make

PAGE = reverse("portal:settings_website")


@pytest.fixture
def browser(owner):
    return make.signed_in(owner)


def test_only_the_owner(business):
    assert make.signed_in_as(Role.OFFICE).get(PAGE).status_code == 403


def test_requests_are_switched_on_and_it_is_written_down(browser, business):
    answer = browser.post(PAGE, {"takes_requests": "on", "request_intro": "Wir bauen Türen."})
    assert answer.url == PAGE
    business.refresh_from_db()
    assert (business.takes_requests, business.request_intro) == (True, "Wir bauen Türen.")
    assert AuditEntry.objects.get().facts["fields"] == "request_intro, takes_requests"


def test_without_an_imprint_the_page_may_not_be_public(browser, business):
    Business.objects.filter(pk=business.pk).update(phone="")
    answer = browser.post(PAGE, {"takes_requests": "on"})
    assert answer.status_code == 422 and "Impressum" in answer.content.decode() and "Telefon" in answer.content.decode()


def test_too_long_an_intro_is_refused(browser):
    assert browser.post(PAGE, {"request_intro": "x" * 2001}).status_code == 422


def code(page, name):
    return html.unescape(re.search(rf'<textarea id="code-{name}"[^>]*>(.*?)</textarea>', page, re.S)[1])


def test_what_is_pasted_leads_here_and_needs_nothing_else(browser, business, settings):
    settings.PUBLIC_BASE_URL = "https://handschlag.example"
    off = browser.get(PAGE).content.decode()
    assert 'id="code-form"' not in off and "/anfrage/" not in code(off, "links")
    Business.objects.filter(pk=business.pk).update(takes_requests=True)
    page = browser.get(PAGE).content.decode()
    form, links = code(page, "form"), code(page, "links")
    assert f'action="https://handschlag.example/anfrage/{business.slug}/senden/"' in form
    assert f'href="https://handschlag.example/kundencenter/{business.slug}/"' in links
    assert f'href="https://handschlag.example/anfrage/{business.slug}/"' in links
    for text in (form, links):
        assert re.findall(r"<script|<iframe|style=|\son\w+=|csrf|class=", text) == []
    names = re.findall(r'name="(\w+)"', form)
    assert names == ["name", "email", "phone", "text", "wanted_when", "homepage"]
