"""Sending a quote on four ways to several people, and its links afterwards."""

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import quotes
from billing.models import Quote
from crm import access
from crm.models import AccessLink, ContactPerson, Mail
from tests import make
from tests.billing.views.costs import queries


def page_of(browser, url):
    return " ".join(browser.get(url).content.decode().replace("\xa0", " ").split())


def step(browser, name, quote, data=None, *more):
    return browser.post(reverse(f"billing:{name}", args=[quote.pk, *more]), data or {})


@pytest.fixture
def cafe(business):
    customer = make.make_company()
    ContactPerson.objects.create(customer=customer, name="Piet Flohr", email="piet@cafe.example")
    return customer


# --- sending ----------------------------------------------------------------------------------------------------------
def test_the_panel_knows_who_works_there_and_ticks_the_customer(office, cafe):
    page = page_of(office, f"{make.make_quote(cafe).get_absolute_url()}?senden=1")
    assert f'value="{cafe.email}" checked' in page
    assert 'value="piet@cafe.example">' in page and "Piet Flohr" in page
    assert 'value="mail" checked' in page


def test_without_any_address_the_link_is_suggested(office):
    page = page_of(office, f"{make.make_quote(make.make_customer(email='')).get_absolute_url()}?senden=1")
    assert 'value="link" checked' in page


def test_ticked_and_typed_recipients_get_a_mail_each(office, cafe):
    quote = make.make_quote(cafe)
    said = {"way": "mail", "recipients": [cafe.email, "piet@cafe.example"], "to": "a@b.example; Piet@cafe.example"}
    answer = step(office, "quote_send", quote, said)
    assert answer.url == quote.get_absolute_url()
    assert "Angebot gesendet an 3 Empfänger." in page_of(office, answer.url)
    assert set(Mail.objects.values_list("to", flat=True)) == {cafe.email, "piet@cafe.example", "a@b.example"}


def test_somebody_elses_address_is_typed_not_ticked(office, cafe):
    answer = step(office, "quote_send", make.make_quote(cafe), {"way": "mail", "recipients": ["fremd@b.example"]})
    assert (answer.status_code, Mail.objects.count()) == (422, 0)


def test_by_mail_needs_somebody(office):
    quote = make.make_quote()
    answer = step(office, "quote_send", quote, {"way": "mail", "message": "Meine Worte"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Bitte wählen Sie einen Empfänger" in page and "Meine Worte" in page
    quote.refresh_from_db()
    assert quote.is_draft


@pytest.mark.parametrize("way", ["link", "qr", "post"])
def test_the_other_ways_mail_nothing_and_lead_on(office, way):
    quote = make.make_quote()
    answer = step(office, "quote_send", quote, {"way": way, "recipients": [quote.customer.email]})
    link = access.links_to(quote).get()
    assert (link.way, Mail.objects.count()) == (way, 0)
    assert (
        answer.url
        == {
            "link": f"{quote.get_absolute_url()}#links",
            "qr": reverse("billing:quote_link_qr", args=[quote.pk, link.pk]),
            "post": quote.get_absolute_url(),
        }[way]
    )


def test_the_code_carries_the_whole_link_and_the_page_shows_no_secret_of_the_firm(office):
    quote = make.make_sent_quote(internal_note="Zahlt langsam")
    link = access.links_to(quote).get()
    page = page_of(office, reverse("billing:quote_link_qr", args=[quote.pk, link.pk]))
    assert "<svg" in page and f'data-copy="{access.url(link)}"' in page and "Zahlt langsam" not in page
    access.close(link)
    assert office.get(reverse("billing:quote_link_qr", args=[quote.pk, link.pk])).status_code == 404


# --- the new version --------------------------------------------------------------------------------------------------
def test_the_next_version_is_written_and_sent_to_the_same_people(office):
    quote = make.make_sent_quote()
    draft = Quote.objects.get(pk=step(office, "quote_revise", quote).url.split("/")[-3])
    assert "gilt diese hier und kann angenommen werden" in page_of(office, quote.get_absolute_url())
    page = page_of(office, f"{draft.get_absolute_url()}?senden=1")
    assert f"Entwurf der Fassung 2 von {quote.number}" in page and "wir haben unser Angebot" in page
    step(
        office,
        "quote_send",
        draft,
        {"way": "mail", "recipients": [quote.customer.email], "version_note": "Neu: Sockel"},
    )
    quote.refresh_from_db()
    draft.refresh_from_db()
    assert (quote.state, draft.state, draft.version_note) == ("replaced", "sent", "Neu: Sockel")
    mail = Mail.objects.get(about_id=draft.pk)
    assert "Fassung 2" in mail.subject_line and "Was ist neu: Neu: Sockel" in mail.text
    new, old = page_of(office, draft.get_absolute_url()), page_of(office, quote.get_absolute_url())
    assert "Fassungen" in new and quote.get_absolute_url() in new
    assert "Ersetzt durch Fassung 2" in old and "Nachfassen" not in old


def test_a_thrown_away_version_leads_back_to_the_valid_one(office):
    quote = make.make_sent_quote()
    assert step(office, "quote_delete", quotes.revise(quote, by=None)).url == quote.get_absolute_url()


def test_the_list_shows_one_row_per_number_and_earlier_versions_on_request(office):
    quote = make.make_sent_quote(title="Alt")
    draft = quotes.revise(quote, by=None)
    quotes.change(draft, title="Neu")
    assert f'{quote.number}</a> <span class="badge">Fassung 2</span>' in page_of(office, reverse("billing:quote_list"))
    quotes.send(draft, by=None)
    page = page_of(office, reverse("billing:quote_list"))
    assert ">Neu</a>" in page and ">Alt</a>" not in page and "Frühere Fassungen" in page
    page = page_of(office, f"{reverse('billing:quote_list')}?stand=ersetzt")
    assert ">Alt</a>" in page and ">Neu</a>" not in page


def test_a_question_about_an_earlier_version_is_answered_on_the_newest(office):
    quote = make.make_sent_quote()
    link = access.links_to(quote).get()
    make.let_in(link).post(f"/k/{link.public_id}/nachricht/", {"text": "Auch in Buche?"})
    draft = quotes.revise(quote, by=None)
    quotes.send(draft, by=None)
    assert "Auch in Buche?" in page_of(office, draft.get_absolute_url())
    assert step(office, "quote_answer", quote, {"text": "Ja."}).url == f"{draft.get_absolute_url()}#fragen"
    page = page_of(office, draft.get_absolute_url())
    assert "Ja." in page and "1 neu" not in page
    assert Mail.objects.get(kind="crm/mail/answer_sent").link == link


# --- lost, open again, longer -----------------------------------------------------------------------------------------
def test_an_expired_quote_is_extended_with_one_click(office):
    quote = make.make_sent_quote()
    Quote._base_manager.filter(pk=quote.pk).update(state="expired")
    assert "Gültigkeit verlängern" in page_of(office, quote.get_absolute_url())
    version = Quote.objects.get(pk=step(office, "quote_extend", quote).url.split("/")[-2])
    assert (version.version, version.state) == (2, "sent")


def test_lost_with_a_reason_and_open_again(office):
    quote = make.make_sent_quote()
    answer = step(office, "quote_lose", quote, {"comment": "Am Telefon"})
    assert answer.status_code == 422 and "Bitte wählen Sie, woran es lag." in answer.content.decode()
    step(office, "quote_lose", quote, {"reason": "price", "comment": "Am Telefon"})
    page = page_of(office, quote.get_absolute_url())
    assert "Der Preis passt nicht." in page and "„Am Telefon“" in page and "Wieder öffnen" in page
    step(office, "quote_reopen", quote)
    quote.refresh_from_db()
    assert quote.state == Quote.State.SENT


# --- links ------------------------------------------------------------------------------------------------------------
def test_a_link_tells_what_became_of_its_mail(office):
    quote = make.make_sent_quote()
    assert "E-Mail geht raus" in page_of(office, quote.get_absolute_url())
    Mail.objects.update(state="sent", sent_at=timezone.now())
    assert "E-Mail gesendet" in page_of(office, quote.get_absolute_url())
    Mail.objects.update(state="failed", error="550 no such user")
    page = page_of(office, quote.get_absolute_url())
    assert "nicht zugestellt" in page and "550 no such user" in page


def test_looks_are_probable_and_counted_per_link(office):
    quote = make.make_sent_quote()
    assert "noch nicht angesehen" in page_of(office, quote.get_absolute_url())
    access.mark_seen(access.links_to(quote).get())
    assert "wahrscheinlich angesehen: 1×, zuletzt" in page_of(office, quote.get_absolute_url())


def test_one_more_recipient_gets_a_mail_or_is_told_otherwise(office):
    quote = make.make_sent_quote()
    step(office, "quote_link_create", quote, {"sent_to": "zweite@b.example"})
    step(office, "quote_link_create", quote, {"sent_to": ""})
    step(office, "quote_link_create", quote, {"sent_to": "", "way": "post"})
    qr = step(office, "quote_link_create", quote, {"sent_to": "", "way": "qr"})
    links = list(access.links_to(quote))
    assert [(link.way, link.sent_to) for link in links[:-1]] == [
        ("qr", ""), ("post", ""), ("link", ""), ("mail", "zweite@b.example"),
    ]  # fmt: skip
    assert qr.url == reverse("billing:quote_link_qr", args=[quote.pk, links[0].pk])
    assert Mail.objects.filter(to="zweite@b.example").count() == 1


def test_a_closed_link_is_opened_again_and_a_leaked_one_replaced(office):
    quote = make.make_sent_quote()
    link = access.links_to(quote).get()
    step(office, "quote_link_revoke", quote, None, link.pk)
    assert "Wieder öffnen" in page_of(office, quote.get_absolute_url())
    step(office, "quote_link_reopen", quote, None, link.pk)
    link.refresh_from_db()
    assert link.is_open
    step(office, "quote_link_renew", quote, None, link.pk)
    assert [each.is_open for each in access.links_to(quote)] == [True, False]
    assert Mail.objects.filter(to=quote.customer.email, kind="billing/mail/quote_sent").count() == 2


def test_an_expired_quote_is_extended_before_it_is_shared(office):
    quote = make.make_sent_quote()
    AccessLink.objects.update(expires_at=timezone.now())
    Quote._base_manager.filter(pk=quote.pk).update(state="expired")
    assert step(office, "quote_link_create", quote, {"sent_to": "a@b.example"}).status_code == 409


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_and_three_revised_quotes(office, count):
    for _ in range(count):
        quotes.send(quotes.revise(make.make_sent_quote(), by=None), by=None)
        quotes.revise(make.make_sent_quote(), by=None)
    assert queries(office, reverse("billing:quote_list")) <= 8
