"""Customers agree on their page, confirm in the mail, and take back as easily."""

import re

import pytest
from django.urls import reverse

from crm import consents
from crm.models import Consent, Mail
from tests import make


@pytest.fixture
def inside(business):
    """A browser on the page of all data, and the contact."""
    customer = make.make_customer("Brandt", email="sabine@brandt.example")
    return *make.in_center(customer), customer


def page(browser, link):
    return browser.get(reverse("portal:center_data", args=[link.public_id])).content.decode()


def choose(browser, link, *purposes):
    return browser.post(reverse("portal:center_consents", args=[link.public_id]), {"purpose": purposes})


def test_no_box_is_ticked_beforehand(inside):
    browser, link, _customer = inside
    assert not re.search(r'name="purpose"[^>]*checked', page(browser, link))


def test_photos_are_agreed_to_and_taken_back_on_the_page(inside):
    browser, link, customer = inside
    choose(browser, link, "photos")
    assert consents.allows(customer, "photos") and 'value="photos" checked' in page(browser, link)
    choose(browser, link)
    assert not consents.allows(customer, "photos")
    assert [line.source for line in Consent.objects.all()] == ["portal", "portal"]


def test_advertising_waits_for_the_click_in_the_mail(inside):
    browser, link, customer = inside
    assert "bestaetigen" in choose(browser, link, "marketing").url
    assert not consents.allows(customer, "marketing")
    mail = Mail.objects.get(kind="portal/mail/consent_confirm")
    url = re.search(r"(/einwilligung/\S+)", mail.text)[1]
    stranger = make.Browser()
    shown = stranger.get(url)
    assert "Angebote und Neuigkeiten" in shown.content.decode() and not consents.allows(customer, "marketing")
    assert "Bestätigt, vielen Dank." in stranger.post(url).content.decode()
    assert consents.allows(customer, "marketing")
    assert stranger.get("/einwilligung/unfug/").status_code == 404


def test_a_click_after_it_was_taken_back_changes_nothing(inside):
    browser, link, customer = inside
    choose(browser, link, "marketing")
    url = re.search(r"(/einwilligung/\S+)", Mail.objects.get(kind="portal/mail/consent_confirm").text)[1]
    choose(browser, link)
    assert make.Browser().post(url).status_code == 409
    assert not consents.allows(customer, "marketing")
