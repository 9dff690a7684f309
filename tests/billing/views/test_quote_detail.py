"""What became of a quote: trail, questions, links, and the steps from here."""

from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from billing import quote_links, quotes
from billing.models import Quote
from crm import access, messages
from crm.models import AccessLink
from tests import make
from tests.billing.views.costs import queries


def page_of(browser, quote, **query):
    return browser.get(quote.get_absolute_url(), query).content.decode().replace("\xa0", " ")


def step(browser, name, quote, data=None, *more):
    return browser.post(reverse(f"billing:{name}", args=[quote.pk, *more]), data or {})


def test_a_draft_says_what_is_missing_with_the_way_to_it(office):
    quote = make.make_quote(lines=[])
    page = page_of(office, quote)
    assert f'href="{reverse("billing:quote_edit", args=[quote.pk])}#zeilen"' in page
    assert "Das Angebot hat noch keine Position." in page


def test_the_trail_follows_the_customer(office):
    quote = make.make_sent_quote()
    assert "angesehen</li>" in page_of(office, quote)
    access.mark_seen(access.links_to(quote).first())
    assert ">1×, <time" in page_of(office, quote)
    make.make_order(quote)
    page = page_of(office, quote)
    assert "Zum Auftrag" in page and "Annahmeprotokoll (PDF)" in page and "Widerruf möglich bis" in page


def test_choices_are_shown_with_what_they_change(office):
    page = page_of(office, make.make_sent_quote())
    assert "− 333,20 € brutto" in page and "+ 285,60 € brutto" in page
    assert "7.300,65 € – 8.290,73 €" in page


def test_the_acceptance_shows_what_was_chosen(office):
    order = make.make_order(taken={"wahl-3.1": "3.2", "wahl-5.1": "1"}, early_start=True)
    page = page_of(office, order.quote)
    assert (
        "<dt>Fronten</dt><dd>Salbei lackiert</dd>" in page and "<dt>dazu gewählt</dt><dd>LED-Lichtleiste</dd>" in page
    )
    assert "Ich verlange ausdrücklich, dass Sie vor Ablauf der Widerrufsfrist mit der Arbeit beginnen." in page


def test_a_decline_is_told_with_its_reason(office):
    quote = make.make_sent_quote()
    quotes.decline(quote, reason="price", comment="Leider <b>zu teuer</b>")
    page = page_of(office, quote)
    assert "Der Preis passt nicht." in page and "Leider &lt;b&gt;zu teuer&lt;/b&gt;" in page


# --- send -------------------------------------------------------------------------------------------------------------
def test_the_panel_is_filled_with_address_and_words(office):
    quote = make.make_quote()
    page = page_of(office, quote, senden=1)
    assert f'value="{quote.customer.email}"' in page and "Guten Tag Frau Brandt,\n\nhier ist unser Angebot" in page


def test_the_second_click_sends(office, owner):
    quote = make.make_quote()
    response = step(office, "quote_send", quote, {"to": "neu@kunde.example", "message": "Wie besprochen"})
    quote.refresh_from_db()
    assert (response.url, quote.state) == (quote.get_absolute_url(), Quote.State.SENT)
    assert (access.links_to(quote).get().sent_to, access.links_to(quote).get().mails.get().to) == (
        "neu@kunde.example",
    ) * 2


def test_without_an_address_only_a_link_is_made(office):
    quote = make.make_quote()
    step(office, "quote_send", quote, {"to": "", "message": ""})
    assert access.links_to(quote).get().mails.count() == 0


def test_what_is_missing_keeps_it_from_being_sent(office):
    quote = make.make_quote(lines=[])
    response = step(office, "quote_send", quote, {"to": "neu@kunde.example", "message": "Meine Worte"})
    page = response.content.decode()
    assert response.status_code == 422 and "Das fehlt noch:" in page and "Meine Worte" in page
    assert Quote.objects.get().number is None


def test_a_wrong_address_is_said_at_its_field(office):
    response = step(office, "quote_send", make.make_quote(), {"to": "neu@", "message": ""})
    assert response.status_code == 422
    assert response.content.decode().count("Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de.") == 2


def test_sending_twice_is_refused(office):
    assert step(office, "quote_send", make.make_sent_quote(), {"to": "a@b.example"}).status_code == 409


# --- other steps ------------------------------------------------------------------------------------------------------
def test_a_retracted_quote_closes_its_links(office):
    quote = make.make_sent_quote()
    step(office, "quote_retract", quote)
    quote.refresh_from_db()
    assert (quote.state, access.links_to(quote).get().is_open) == (Quote.State.RETRACTED, False)
    assert step(office, "quote_retract", quote).status_code == 409


def test_a_new_version_is_a_draft_with_the_same_rows(office):
    quote = make.make_sent_quote()
    response = step(office, "quote_duplicate", quote)
    copy = Quote.objects.get(state=Quote.State.DRAFT)
    assert (response.url, copy.gross) == (reverse("billing:quote_edit", args=[copy.pk]), quote.gross)


def test_only_drafts_are_deleted(office):
    step(office, "quote_delete", make.make_quote())
    assert not Quote.objects.exists()
    assert step(office, "quote_delete", make.make_sent_quote()).status_code == 409


def test_links_are_made_copied_and_closed_one_by_one(office):
    quote = make.make_sent_quote()
    step(office, "quote_link_create", quote, {"sent_to": "zweiter@kunde.example"})
    second, first = access.links_to(quote)
    assert f'data-copy="{access.url(second)}"' in page_of(office, quote)
    step(office, "quote_link_revoke", quote, None, first.pk)
    assert [link.is_open for link in access.links_to(quote)] == [True, False]
    assert access.url(first) not in page_of(office, quote)


def test_a_link_of_another_quote_is_not_closed_here(office):
    quote, other = make.make_sent_quote(), make.make_sent_quote()
    link = access.links_to(other).get()
    assert step(office, "quote_link_revoke", quote, None, link.pk).status_code == 404
    assert AccessLink.objects.get(pk=link.pk).is_open


def test_a_draft_has_no_link_to_give_away(office):
    quote = make.make_quote()
    assert step(office, "quote_link_create", quote, {"sent_to": ""}).status_code == 422
    assert not access.links_to(quote)


def test_a_question_is_answered_on_the_page(office):
    quote = make.make_sent_quote()
    messages.ask(access.links_to(quote).get(), "Auch in Messing?", author_name="Sabine Brandt")
    assert "Auch in Messing?" in page_of(office, quote) and "1 neu" in page_of(office, quote)
    assert step(office, "quote_answer", quote, {"text": "Ja, gern."}).url.endswith("#fragen")
    assert "Ja, gern." in page_of(office, quote) and "1 neu" not in page_of(office, quote)
    assert step(office, "quote_answer", quote, {"text": " "}).status_code == 409


def test_the_tax_adviser_reads_neither_questions_nor_links(business):
    quote = make.make_sent_quote(internal_note="Kunde zahlt langsam")
    messages.ask(access.links_to(quote).get(), "Auch in Messing?", author_name="Sabine Brandt")
    page = page_of(make.signed_in_as(Role.TAX_ADVISER), quote)
    assert "7.871,85 €" in page
    for secret in ("Auch in Messing?", "Kunde zahlt langsam", access.token(access.links_to(quote).get())):
        assert secret not in page


def test_the_page_costs_the_same_for_any_number_of_rows_and_links(office):
    costs = []
    for count in (1, 3):
        quote = make.make_sent_quote(lines=[make.line(f"Zeile {n}") for n in range(count)])
        for n in range(count):
            quote_links.mint(quote, to=f"a{n}@b.example")
            messages.ask(access.links_to(quote).first(), "Frage", author_name="S")
        costs.append(queries(office, quote.get_absolute_url()))
    assert costs[0] == costs[1] <= 18


def test_stored_files_are_handed_out_as_they_are(office):
    order = make.make_order()
    quote = order.quote
    response = office.get(reverse("billing:quote_pdf", args=[quote.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="{quote.number}.pdf"'
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    shown = office.get(reverse("billing:quote_pdf", args=[quote.pk]), {"anzeigen": 1})
    assert shown["Content-Disposition"] == f'inline; filename="{quote.number}.pdf"'
    shown.close()
    # the worker has not made it yet
    waiting = office.get(reverse("billing:acceptance_pdf", args=[quote.pk]))
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (503, "3")
    assert '<meta http-equiv="refresh" content="3">' in waiting.content.decode()
    assert "Die Datei wird gerade erstellt." in waiting.content.decode()


def test_a_draft_is_previewed_as_pdf(office):
    response = office.get(reverse("billing:quote_preview", args=[make.make_quote().pk]))
    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
    sent = make.make_sent_quote()
    assert office.get(reverse("billing:quote_preview", args=[sent.pk])).url == reverse(
        "billing:quote_pdf", args=[sent.pk]
    )


def test_an_expired_link_is_named_so(office):
    quote = make.make_sent_quote()
    AccessLink.objects.update(expires_at=timezone.now())
    assert "abgelaufen" in page_of(office, quote)
