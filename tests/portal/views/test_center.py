"""The page of all documents (KUN1 to KUN4)."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from billing import quotes, sign_off_papers, sign_offs
from billing.models import Invoice, Order
from crm import attachments, center_links, comments, messages, notes, timeline
from crm.models import AccessLink, Attachment
from tests import make

EMPTY = "Hier finden Sie ab jetzt alles zu Ihren Aufträgen."


@pytest.fixture
def customer(business):
    return make.make_customer()


@pytest.fixture
def center(customer):
    """The page as this customer sees it."""
    browser, link = make.in_center(customer)

    def shown(query=""):
        answer = browser.get(f"/k/{link.public_id}/unterlagen/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    shown.browser, shown.link = browser, link
    return shown


def open_document(center, key):
    return center.browser.post(f"/k/{center.link.public_id}/oeffnen/", {"was": key})


def test_it_opens_only_after_the_code(customer):
    link = center_links.obtain(customer)
    browser = make.let_in(link)
    for path in ("unterlagen/", "meine-daten/", "meine-daten/daten.zip", "termine/1.ics", "dateien/1/", "bilder/1/"):
        answer = browser.get(f"/k/{link.public_id}/{path}")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/k/{link.public_id}/code/")
    assert browser.post(f"/k/{link.public_id}/oeffnen/", {"was": "order-1"}).status_code == 302


def test_empty_it_says_what_will_stand_there(center):
    assert EMPTY in center()
    assert "Gerade wichtig" not in center()


def test_it_lists_what_was_released_and_nothing_else(center, customer):
    make.make_quote(customer, title="Entwurf eines Angebots")
    sent = make.make_sent_quote(customer, title="Waschtisch im Gästebad")
    gone = make.make_sent_quote(customer, title="Zurückgezogenes Regal")
    quotes.retract(gone, by=None)
    order = make.make_completed_order(make.make_sent_quote(customer, title="Garderobe im Flur"))
    draft = make.make_draft_invoice(order)
    draft.title = "Rechnung im Entwurf"
    draft.save()
    make.make_sent_quote(make.make_customer("Fremd"), title="Fremde Treppe")
    make.make_appointment(make.make_customer("Fremd"), "Fremder Termin")
    text = center()
    for word in (sent.number, "Waschtisch im Gästebad", order.number, "Garderobe im Flur", "Fertig"):
        assert word in text, word
    for word in ("Entwurf", "Zurückgezogenes", "Fremde", "Fremder", EMPTY):
        assert word not in text, word


def test_what_matters_now_comes_in_its_order(center, customer):
    quote = make.make_sent_quote(customer, title="Offenes Angebot")
    assert urgent(center) == ("Offenes Angebot", f"quote-{quote.pk}")
    make.make_appointment(customer, "Aufmaß", starts_at=timezone.now() + timedelta(days=8))
    assert urgent(center)[0] == "Offenes Angebot"
    make.make_appointment(customer, "Lackmuster ansehen", starts_at=timezone.now() + timedelta(days=6))
    assert urgent(center) == ("Lackmuster ansehen", "")
    first = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)))
    assert urgent(center) == (f"Rechnung {first.number}", f"invoice-{first.pk}")
    late = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)))
    Invoice.objects.filter(pk=late.pk).update(paid=late.gross - 1)
    assert urgent(center)[1] == f"invoice-{first.pk}"


def urgent(center):
    """Title and document of what stands at the top."""
    answer = center.browser.get(f"/k/{center.link.public_id}/unterlagen/")
    found = answer.context["urgent"]
    return (found.title, found.key)


def test_an_overdue_invoice_comes_first_and_says_so(center, customer):
    from time_machine import travel

    invoice = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)))
    with travel(timezone.now() + timedelta(days=20)):
        browser, link = make.in_center(customer)
        text = browser.get(f"/k/{link.public_id}/unterlagen/").content.decode()
    assert "war zu zahlen bis" in text
    assert f'name="was" value="invoice-{invoice.pk}">Ansehen und zahlen' in text
    assert "überfällig" in text


def test_the_protocol_of_a_sign_off_is_handed_out_at_once_and_no_draft_or_stranger_s(center, customer, owner):
    decided = make.make_sign_off(make.make_completed_order(make.make_sent_quote(customer)), by=owner)
    address = f"/k/{center.link.public_id}/abnahmen/{decided.pk}.pdf"
    assert (address in center(), center.browser.get(address).status_code) == (False, 404)
    sign_offs.refuse(decided, reason="Tür 2 klemmt", customer_name="Ada", channel="on_site", by=owner)
    decided.refresh_from_db()
    sign_off_papers.close(decided)
    assert address in center().split(">Dokumente<")[1]
    assert center.browser.get(address).headers["Content-Type"] == "application/pdf"
    browser, link = make.in_center(make.make_customer("Fremd"))
    assert browser.get(f"/k/{link.public_id}/abnahmen/{decided.pk}.pdf").status_code == 404


@pytest.mark.parametrize("kind", ["quote", "order", "invoice"])
def test_a_document_opens_without_another_code(center, customer, kind):
    invoice = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer, title="Garderobe")))
    document = {"quote": invoice.order.quote, "order": invoice.order, "invoice": invoice}[kind]
    answer = open_document(center, f"{kind}-{document.pk}")
    assert answer.status_code == 302
    shown = center.browser.get(answer.headers["Location"], follow=True)
    assert (shown.status_code, "Garderobe" in shown.content.decode()) == (200, True)


def test_a_document_that_was_never_mailed_gets_a_link_the_office_is_not_shown(center, customer, owner):
    order = make.make_order(make.make_sent_quote(customer, title="Garderobe"))
    AccessLink.objects.filter(subject_id=order.pk, purpose="order").delete()
    for _again in range(2):
        answer = open_document(center, f"order-{order.pk}")
        assert center.browser.get(answer.headers["Location"]).status_code == 200
    link = AccessLink.objects.get(subject_id=order.pk, purpose="order")
    assert (link.way, link.sent_to, link.customer) == ("page", "", customer)
    quote = order.quote
    AccessLink.objects.filter(subject_id=quote.pk, purpose="quote").update(sent_to="wer@anders.example")
    assert open_document(center, f"quote-{quote.pk}").status_code == 302
    mine = AccessLink.objects.get(subject_id=quote.pk, purpose="quote", way="page")
    office = make.signed_in(owner).get(quote.get_absolute_url()).content.decode()
    assert "wer@anders.example" in office
    assert f"/links/{mine.pk}/" not in office


def test_the_link_of_somebody_else_is_not_used(center, customer):
    """What is seen and signed there would look like theirs."""
    quote = make.make_sent_quote(customer)
    theirs = make.link_to(quote)
    AccessLink.objects.filter(pk=theirs.pk).update(sent_to="architektin@buero.example")
    assert theirs.public_id not in open_document(center, f"quote-{quote.pk}").headers["Location"]


def test_nothing_of_others_opens_from_it(center, customer):
    other = make.make_customer("Fremd")
    invoice = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(other)))
    photo = attachments.add(other, make.upload(), is_shared=True)
    attachments.make_preview(photo.pk)
    pdf = attachments.add(other, make.upload(b"%PDF-1.7 x", "plan.pdf", "application/pdf"), is_shared=True)
    appointment = make.make_appointment(other)
    draft = make.make_quote(customer)
    before = AccessLink.objects.count()
    keys = [
        f"quote-{invoice.order.quote_id}", f"order-{invoice.order_id}", f"invoice-{invoice.pk}", f"quote-{draft.pk}",
        "order-0", "order-", "order-999999999999999999999", "customer-1", "", "order-١", "order-1 or 1=1",
    ]  # fmt: skip
    assert {open_document(center, key).status_code for key in keys} == {404}
    paths = [f"bilder/{photo.pk}/", f"bilder/{photo.pk}/640/", f"dateien/{pdf.pk}/", f"termine/{appointment.pk}.ics"]
    assert {center.browser.get(f"/k/{center.link.public_id}/{path}").status_code for path in paths} == {404}
    assert AccessLink.objects.count() == before


def test_the_pages_of_single_documents_are_not_its_own(center):
    """P27: the number of a customer is none of an order, an invoice or a quote."""
    Order.objects.filter(pk=center.link.subject_id).delete()
    paths = ("angebot/", "auftrag/", "rechnung/", "angebot.pdf", "auftrag.pdf", "rechnung.pdf", "widerruf/", "agb/")
    assert {center.browser.get(f"/k/{center.link.public_id}/{path}").status_code for path in paths} == {404}


def test_shared_photos_files_and_appointments(center, customer):
    photo = attachments.add(customer, make.upload(), is_shared=True)
    attachments.make_preview(photo.pk)
    pdf = attachments.add(customer, make.upload(b"%PDF-1.7 x", "Plan Flur.pdf", "application/pdf"), is_shared=True)
    hidden = attachments.add(customer, make.upload(b"%PDF-1.7 y", "Kalkulation.pdf", "application/pdf"))
    appointment = make.make_appointment(customer, "Aufmaß")
    text, at = center(), f"/k/{center.link.public_id}"
    assert "Plan Flur.pdf" in text
    assert "Kalkulation" not in text
    assert center.browser.get(f"{at}/bilder/{photo.pk}/640/").headers["Content-Type"] == "image/webp"
    answer = center.browser.get(f"{at}/dateien/{pdf.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
    answer.close()
    assert center.browser.get(f"{at}/dateien/{hidden.pk}/").status_code == 404
    assert b"SUMMARY:Aufma" in center.browser.get(f"{at}/termine/{appointment.pk}.ics").content
    Attachment.objects.filter(pk=pdf.pk).update(is_shared=False)
    assert center.browser.get(f"{at}/dateien/{pdf.pk}/").status_code == 404


def test_conversations_with_unread_answers_come_first(center, customer, owner):
    older, newer = make.make_sent_quote(customer, title="Regal"), make.make_sent_quote(customer, title="Treppe")
    messages.ask(make.link_to(older), "Wie tief?", author_name="Sabine Brandt")
    messages.answer(older, "40 cm", customer=customer, by=owner)
    messages.ask(make.link_to(newer), "Wie breit?", author_name="Sabine Brandt")
    found = center.browser.get(f"/k/{center.link.public_id}/unterlagen/").context["conversations"]
    assert [(each.key, each.count, each.unread) for each in found] == [
        (f"quote-{older.pk}", 2, 1),
        (f"quote-{newer.pk}", 1, 0),
    ]


def test_the_conversation_of_a_quote_goes_on_with_its_order(center, customer):
    quote = make.make_sent_quote(customer)
    messages.ask(make.link_to(quote), "Wann?", author_name="Sabine Brandt")
    order = make.make_order(quote)
    found = center.browser.get(f"/k/{center.link.public_id}/unterlagen/").context["conversations"]
    assert [each.key for each in found] == [f"order-{order.pk}"]
    assert open_document(center, f"order-{order.pk}#nachrichten").headers["Location"].endswith("/auftrag/#nachrichten")


def fill(customer, owner, count):
    for n in range(count):
        quote = make.make_sent_quote(customer, title=f"Offen {n}")
        messages.ask(make.link_to(quote), "Wann?", author_name="Ada")
        make.make_appointment(customer)
        attachments.make_preview(attachments.add(customer, make.upload(name=f"{n}.jpg"), is_shared=True).pk)
        attachments.add(customer, make.upload(b"%PDF-1.7", f"{n}.pdf", "application/pdf"), is_shared=True)
        make.make_order(make.make_sent_quote(customer))
        make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)))


def test_it_costs_the_same_with_many_rows(center, customer, owner):
    fill(customer, owner, 1)
    address = f"/k/{center.link.public_id}/unterlagen/"
    with_one = make.count_queries(center.browser, address)
    fill(customer, owner, 2)
    assert make.count_queries(center.browser, address) == with_one
    assert with_one <= 24


def test_long_lists_have_pages(center, customer, monkeypatch):
    monkeypatch.setattr("portal.center.PAGE", 2)
    titles = ["Bank", "Regal", "Treppe"]
    for title in titles:
        make.make_sent_quote(customer, title=title)

    def titles_on(number):
        rows = center.browser.get(f"/k/{center.link.public_id}/unterlagen/?seite={number}").context["documents"].rows
        return [row.note for row in rows]

    assert (titles_on(1), titles_on(2), titles_on(3)) == (["Treppe", "Regal"], ["Bank"], [])
    assert 'href="?seite=2#dokumente"' in center()
    assert titles_on("x") == titles_on(0) == titles_on(1)


def test_what_waits_is_shown_however_many_newer_documents_there_are(center, customer, monkeypatch):
    running = make.make_order(make.make_sent_quote(customer, title="Treppe"))
    invoice = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer, title="Bank")))
    waiting = make.make_sent_quote(customer, title="Regal")
    for title in ("Tür", "Tor"):
        newer = make.make_sent_quote(customer, title=title)
        quotes.retract(newer, by=None)
        make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer, title=title)))
    Invoice.objects.exclude(pk=invoice.pk).update(state=Invoice.State.PAID)

    def shown():
        context = center.browser.get(f"/k/{center.link.public_id}/unterlagen/").context
        return [row.key for row in context["running"]], [each.pk for each in context["invoices"]], context["urgent"].key

    expected = ([f"order-{running.pk}", f"quote-{waiting.pk}"], [invoice.pk], f"invoice-{invoice.pk}")
    assert shown() == expected
    monkeypatch.setattr("portal.center.PAGE", 1)
    assert shown() == expected


def test_closing_it_asks_for_everything_again(center):
    answer = center.browser.post(f"/k/{center.link.public_id}/verlassen/")
    assert answer.headers["Location"].startswith("/kundencenter/")
    assert center.browser.get(f"/k/{center.link.public_id}/unterlagen/").status_code == 404


def test_what_is_about_no_document_has_a_page_of_its_own(center, customer, owner):
    messages.ask(center.link, "Haben Sie im Mai Zeit?", author_name="Sabine Brandt")
    assert messages.open_link(customer, customer) == center.link
    text = center()
    assert "Ohne Bezug auf ein Dokument" in text
    assert f'href="/k/{center.link.public_id}/nachrichten/#nachrichten"' in text


def test_an_answer_is_mailed_with_a_link_that_lasts(center, customer, owner):
    """Whoever asked from the page of all documents used a link that lives for a day."""
    quote = make.make_sent_quote(customer)
    AccessLink.objects.filter(purpose="quote").update(sent_to="wer@anders.example", revoked_at=timezone.now())
    open_document(center, f"quote-{quote.pk}")
    own = AccessLink.objects.get(way="page")
    messages.ask(own, "Wie tief?", author_name="Sabine Brandt")
    assert messages.open_link(quote, customer) == center.link


def test_a_shared_note_is_read_with_its_photos_as_long_as_it_is_shared(center, customer, owner):
    note = make.make_note(customer, "Decke fällt 14 mm ab", by=owner, files=[make.upload()])
    internal = make.make_note(customer, "zahlt spät", by=owner)
    comments.on_entry(timeline.of(customer)[0], "Marge knapp", by=owner)
    photo = note.attachments.get()
    attachments.make_preview(photo.pk)
    picture = f"bilder/{photo.pk}/"
    assert "Decke fällt" not in center() and picture not in center()
    notes.set_shared(note, True, by=owner)
    notes.correct(note, "Decke fällt 12 mm ab", by=owner)
    page = center()
    assert "Decke fällt 12 mm ab" in page and "14 mm" not in page and page.count(f"{picture}640/") == 1
    assert internal.text not in page and "Marge knapp" not in page
    assert center.browser.get(f"/k/{center.link.public_id}/{picture}").status_code == 200
    for step in (partial(notes.set_shared, note, False, by=owner), partial(notes.delete, note)):
        notes.set_shared(note, True, by=owner)
        step()
        assert "Decke fällt" not in center()
        assert center.browser.get(f"/k/{center.link.public_id}/{picture}").status_code == 404
