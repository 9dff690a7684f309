"""Following up by hand in two clicks, holding the rules, and the customer's way out of reminders."""

import pytest
from django.core import mail as sent
from django.urls import reverse

from accounts.rights import Role
from billing import follow_ups, quotes
from billing.models import Quote
from crm import access, mail
from crm.models import Mail, TimelineEntry
from tests import make


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


@pytest.fixture
def quote(owner):
    return make.make_sent_quote(by=owner)


def address(quote, name="quote_follow_up"):
    return reverse(f"billing:{name}", args=[quote.pk])


def test_the_words_are_ready_and_two_clicks_send_them(office, quote):
    page = office.get(reverse("billing:quote_detail", args=[quote.pk])).content.decode()
    assert address(quote) in page
    form = office.get(address(quote)).context["form"]
    assert form["to"].value() == quote.customer.email and "bei Ihnen angekommen" in form["message"].value()
    assert office.post(address(quote), {name: form[name].value() for name in ("to", "message")}).url == page_of(quote)
    row = Mail.objects.get(kind="billing/mail/quote_follow_up")
    mail.deliver(row.pk)
    assert sent.outbox[-1].to == [quote.customer.email] and access.url(make.link_to(quote)) in sent.outbox[-1].body
    assert "Jana Haselbach" in sent.outbox[-1].body
    assert TimelineEntry.objects.get(event="billing.quote_followed_up").facts["way"] == "mail"


def page_of(quote):
    return quote.get_absolute_url()


def test_words_in_the_customers_language(office, owner):
    quote = make.make_sent_quote(make.make_customer(language="en"), by=owner)
    message = office.get(address(quote)).context["form"]["message"].value()
    assert "did our quote" in message and "Angebot" not in message


def test_another_address_gets_a_link_of_its_own(office, quote):
    office.post(address(quote), {"to": "chef@brandt.example", "message": "Hallo"})
    row = Mail.objects.get(kind="billing/mail/quote_follow_up")
    assert (row.to, row.link.sent_to) == ("chef@brandt.example", "chef@brandt.example")


@pytest.mark.parametrize(
    ("values", "field"), [({"to": "x", "message": "Hallo"}, "to"), ({"to": "a@b.example"}, "message")]
)
def test_what_is_missing_is_named(office, quote, values, field):
    response = office.post(address(quote), values)
    assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    assert not Mail.objects.filter(kind="billing/mail/quote_follow_up").exists()


def test_a_decided_quote_is_not_followed_up(office, quote):
    quotes.decline(quote)
    assert office.get(address(quote)).url == page_of(quote)
    assert office.post(address(quote, "quote_called")).status_code == 409


def test_pausing_and_going_on_show_on_the_page(office, quote):
    def panel():
        return office.get(page_of(quote)).content.decode()

    assert "E-Mail an den Kunden, dass das Angebot abläuft" in panel()
    office.post(address(quote, "quote_follow_up_pause"))
    assert "Ausgesetzt." in panel() and "Fortsetzen" in panel()
    office.post(address(quote, "quote_follow_up_go_on"))
    assert "E-Mail an den Kunden, dass das Angebot abläuft" in panel()
    office.post(address(quote, "quote_called"))
    assert "Sie haben selbst nachgefasst." in panel() and "Angerufen" in panel()
    assert "Aufgabe für Sie, dass das Angebot abläuft" in panel()


def test_refused_mails_say_why_on_the_page(office, quote):
    follow_ups.send(quote, link=make.link_to(quote), message="Hallo", by=None)
    Mail.objects.filter(kind="billing/mail/quote_follow_up").update(state="bounced", error="550 5.1.1 unknown")
    assert "Diese Adresse gibt es nicht." in office.get(page_of(quote)).content.decode()


@pytest.mark.parametrize("name", ["quote_follow_up", "quote_called", "quote_follow_up_pause", "quote_follow_up_go_on"])
def test_who_may_not_write_documents_is_refused(quote, name):
    assert make.signed_in_as(Role.FIELD_WORKER).post(address(quote, name)).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_much_was_written(office, quote, count, django_assert_num_queries):
    for _ in range(count):
        follow_ups.send(quote, link=make.link_to(quote), message="Hallo", by=None)
        follow_ups.called(quote, by=None)
    one = make.count_queries(office, page_of(quote))
    follow_ups.send(quote, link=make.link_to(quote), message="Hallo", by=None)
    assert make.count_queries(office, page_of(quote)) == one


def test_looking_at_the_way_out_changes_nothing_the_button_does(quote):
    link = make.link_to(quote)
    browser = make.Browser()
    first = browser.get(f"/l/{access.token(link)}/nicht-erinnern/")
    assert first.url == reverse("portal:no_reminders", args=[link.public_id])
    assert "Nicht mehr an dieses Angebot erinnern?" in browser.get(first.url).content.decode()
    quote.refresh_from_db()
    assert not quote.is_follow_up_paused
    browser.post(first.url)
    assert "Wir erinnern Sie nicht mehr." in browser.get(first.url).content.decode()
    quote.refresh_from_db()
    link.refresh_from_db()
    assert quote.is_follow_up_paused and link.last_seen_at is None  # that is no look at the quote


def test_one_click_of_a_mail_program_is_enough(quote):
    token = access.token(make.link_to(quote))
    assert make.Browser(enforce_csrf_checks=True).post(f"/l/{token}/nicht-erinnern/").status_code == 204
    assert Quote.objects.get(pk=quote.pk).is_follow_up_paused
    assert make.Browser().post("/l/falsch/nicht-erinnern/").status_code == 404


def test_the_days_are_set_and_left_out_in_the_settings(office, business):
    url = reverse("accounts:settings_follow_up")
    values = {
        "unseen_mail_days": "4",
        "unseen_task_days": "",
        "silent_task_days": "1",
        "silent_mail_days": "",
        "expiring_mail_days": "5",
    }
    assert office.get(url).status_code == 200
    assert office.post(url, values).status_code == 302
    business.refresh_from_db()
    assert (business.unseen_mail_days, business.unseen_task_days, business.silent_mail_days) == (4, None, None)
    assert office.post(url, values | {"unseen_mail_days": "0"}).status_code == 422
