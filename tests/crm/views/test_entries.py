"""The timeline's page: what may be done with a line, filters in the address, pages, corrections (ux.md KTK1 to KTK6)."""

import re

import pytest
from django.urls import reverse

from accounts.rights import Role
from crm import access, attachments, comments, notes, tags, timeline
from crm.models import Comment, EntryTag, Mail, Note, Pin, Tag
from tests import make


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


@pytest.fixture
def customer(business):
    return make.make_customer()


def url(name, row):
    return reverse(f"crm:{name}", args=[row.pk])


def show(browser, customer, **query):
    return browser.get(customer.get_absolute_url(), query)


def words(response):
    return [getattr(entry.subject, "text", entry.event) for entry in response.context["entries"]]


def newest(customer):
    return timeline.of(customer)[0]


# --- KTK ------------------------------------------------------------------------------------------------------------------
def test_ktk1_a_saved_note_is_on_top_and_the_composer_waits_for_the_next(office, customer):
    make.make_note(customer, "alt")
    response = office.post(url("note_add", customer), {"text": "neu"}, follow=True)
    assert words(response)[:2] == ["neu", "alt"]
    field = re.search(r'<textarea name="text"[^>]*>\s*</textarea>', response.content.decode())[0]
    assert "autofocus" in field  # without script too; test_contact_in_browser.py shows it with script


def test_ktk1_the_same_note_sent_twice_stands_there_once(office, customer):
    form = show(office, customer).context["composer"]["form"]
    data = {"text": "einmal", "client_id": str(form["client_id"].value())}
    for _ in range(2):
        office.post(url("note_add", customer), data)
    assert Note.objects.count() == 1


def test_ktk2_what_the_customer_does_appears_without_anybody_writing_it(office, owner):
    order = make.make_order(make.make_sent_quote(by=owner))
    access.mark_seen(access.links_to(order.quote).first())
    events = {entry.event for entry in show(office, order.customer).context["entries"]}
    assert {"billing.quote_sent", "crm.link_seen", "billing.order_placed"} <= events


def test_ktk3_deleting_asks_nothing_and_offers_the_way_back(office, customer, owner):
    note, comment = make.make_note(customer), comments.on_entry(newest(customer), "hm", by=owner)
    for name, row in (("note_delete", note), ("comment_delete", comment)):
        page = office.post(url(name, row), follow=True).content.decode()
        assert "Rückgängig" in page
        office.post(re.search(r'class="note ok undo" action="([^"]+)"', page)[1])
        row.refresh_from_db()
        assert row.deleted_at is None


def test_ktk4_what_was_released_says_so(office, customer):
    make.make_note(customer, "Fertig am Freitag")
    step = url("entry_share", newest(customer))
    page = office.post(step, {"is_shared": "1"}, follow=True).content.decode()
    assert page.count("Kunde sieht das") == 1 and "Kunden nicht mehr zeigen" in page
    assert "Kunde sieht das" not in office.post(step, {"is_shared": "0"}, follow=True).content.decode()


def test_ktk6_twenty_and_then_older_ones(office, customer):
    for number in range(22):
        make.make_note(customer, f"{number:02d}")
    first = show(office, customer)
    assert len(words(first)) == 20 and "Ältere zeigen" in first.content.decode()
    make.make_note(customer, "kam gerade")
    assert words(show(office, customer, vor=first.context["older_than"])) == ["01", "00", "crm.customer_created"]


# --- one line -------------------------------------------------------------------------------------------------------------
def test_a_line_is_commented_on_tagged_and_pinned_on_a_page_of_its_own(office, customer, owner):
    make.make_note(customer, "Tür klemmt")
    line = newest(customer)
    office.post(url("entry_comment", line), {"text": "Band nachstellen"})
    office.post(url("entry_tag", line), {"names": "Reklamation, Tür"})
    back = office.post(url("entry_pin", line), {"is_pinned": "1", "next": url("entry", line)})
    assert back.url == url("entry", line)
    for page in (office.get(url("entry", line)), show(office, customer)):
        text = page.content.decode()
        assert "Band nachstellen" in text and "Reklamation" in text and "angeheftet" in text
    assert (Comment.objects.get().by, Pin.objects.get().by) == (owner, owner)
    assert words(show(office, customer)) == ["crm.customer_created"]  # it stands above
    office.post(url("entry_untag", line), {"tag": Tag.objects.get(name="Tür").pk})
    office.post(url("entry_pin", line), {"is_pinned": "0", "next": "https://evil.example"})
    assert not Pin.objects.exists() and [each.tag.name for each in EntryTag.objects.all()] == ["Reklamation"]


@pytest.mark.parametrize(("name", "data"), [("entry_comment", {"text": " "}), ("entry_tag", {"names": " , "})])
def test_nothing_typed_is_said(office, customer, name, data):
    answer = office.post(url(name, newest(customer)), data)
    assert answer.status_code == 422 and "Bitte füllen Sie" in answer.content.decode()


def test_what_cannot_be_shown_to_customers_is_not_offered(office, customer):
    line = newest(customer)
    assert "Dem Kunden zeigen" not in office.get(url("entry", line)).content.decode()
    assert office.post(url("entry_share", line), {"is_shared": "1"}).status_code == 302


def test_typed_markup_in_comments_and_tags_is_text(office, customer, owner):
    nasty = "<script>alert(1)</script>"
    comments.on_entry(newest(customer), nasty, by=owner)
    tags.add_to_entry(newest(customer), [nasty])
    photo = attachments.add(customer, make.upload(), by=owner)
    attachments.make_preview(photo.pk)
    comments.on_file(photo, nasty, by=owner, x=0, y=1)
    line = url("entry", newest(customer))
    for page in (customer.get_absolute_url(), line, url("attachment_detail", photo), reverse("crm:tag_list")):
        assert nasty not in office.get(page).content.decode()


# --- filters --------------------------------------------------------------------------------------------------------------
def test_filters_combine_and_stay_in_the_address(office, owner, customer):
    lotte = make.make_member(name="Lotte")
    for number in range(21):
        make.make_note(customer, f"Tür {number}", by=lotte)
    make.make_note(customer, "Tür 99", by=owner)
    notes.add_call(customer, "Tür?", by=lotte, direction="in")
    query = {"was": "crm.note", "wer": lotte.pk, "text": "tuer"}
    page = show(office, customer, **query)
    assert words(page) == [f"Tür {number}" for number in range(20, 0, -1)]
    text = page.content.decode()
    older = re.search(r'href="(\?[^"]+)" rel="next"', text)[1].replace("&amp;", "&")
    assert all(f"{name}={value}" in older for name, value in query.items())
    assert words(office.get(customer.get_absolute_url() + older)) == ["Tür 0"]
    assert 'value="tuer"' in text and "Filter zurücksetzen" in text and f'value="{lotte.pk}" selected' in text
    assert words(show(office, customer, tag="x", wer="y", text="\x00", vor="z")) != []


def test_workers_do_not_find_amounts_by_searching(business, customer):
    row = make.make_failed_mail(customer)
    Mail.objects.filter(pk=row.pk).update(subject_line="Rechnung über 521,22 €")
    timeline.record(timeline.Event.MAIL_SENT, customer=customer, subject=row)
    for role, count in ((Role.OFFICE, 1), (Role.FIELD_WORKER, 0)):
        assert len(words(show(make.signed_in_as(role), customer, text="521,22"))) == count


# --- corrections ----------------------------------------------------------------------------------------------------------
def test_a_note_is_corrected_and_its_history_shown_when_asked(office, customer, owner):
    note = make.make_note(customer, "2,94 m", by=owner)
    page = office.get(url("note_edit", note)).content.decode()
    assert "2,94 m" in page
    office.post(url("note_edit", note), {"text": "2,95 m", "seen": "2,94 m"})
    text = show(office, customer).content.decode()
    assert "2,95 m" in text and "2,94 m" not in text and url("note_versions", note) in text
    assert "2,94 m" in office.get(url("note_versions", note)).content.decode()
    late = office.post(url("note_edit", note), {"text": "3 m", "seen": "2,94 m"})
    assert late.status_code == 422 and "inzwischen" in late.content.decode()


# --- composer -------------------------------------------------------------------------------------------------------------
def test_calls_and_mails_are_written_in_the_composer(office, customer):
    for kind in ("anruf", "mail"):
        assert "autofocus" in show(office, customer, neu=kind).content.decode()
    office.post(url("call_add", customer), {"direction": "out", "phone": "0171 3920011", "text": "Termin vereinbart"})
    refused = office.post(url("call_add", customer), {"direction": "sideways", "text": "hm"})
    assert refused.status_code == 422
    office.post(url("letter_send", customer), {"to": customer.email, "subject_line": "Muster", "text": "Liegen bereit"})
    refused = office.post(url("letter_send", customer), {"to": "keine", "subject_line": "", "text": ""})
    assert refused.status_code == 422 and Mail.objects.filter(kind=Mail.BY_HAND).count() == 1
    text = show(office, customer).content.decode()
    assert "Angerufen" in text and "Termin vereinbart" in text and "Liegen bereit" in text and "wartet" in text


def test_workers_write_calls_but_no_mails(business, customer):
    worker = make.signed_in_as(Role.FIELD_WORKER)
    assert show(worker, customer, neu="mail").context["composer"]["kind"] == "notiz"
    assert "neu=mail" not in show(worker, customer).content.decode()


# --- tags of a contact ----------------------------------------------------------------------------------------------------
def test_a_tag_is_typed_with_suggestions_and_taken_away(office, customer):
    make.make_customer(tags=["Altbau"])
    assert '<option value="Altbau">' in show(office, customer).content.decode()
    office.post(url("customer_tag_add", customer), {"names": "altbau, Küche"})
    office.post(url("customer_tag_add", customer), {"names": ""})
    assert sorted(each.tag.name for each in customer.customer_tags.all()) == ["Altbau", "Küche"]
    office.post(url("customer_tag_remove", customer), {"tag": Tag.objects.get(name="Küche").pk})
    assert [each.tag.name for each in customer.customer_tags.all()] == ["Altbau"]


# --- weight ---------------------------------------------------------------------------------------------------------------
def test_the_page_costs_the_same_queries_with_one_and_with_three_of_everything(office, owner, customer):
    def fill(rows):
        for number in range(rows):
            note = make.make_note(customer, files=[make.upload()], by=owner)
            notes.correct(note, f"neu {number}", by=owner)
            notes.set_shared(note, True)
            line = newest(customer)
            comments.on_entry(line, "hm", by=owner)
            tags.add_to_entry(line, [f"Tag {number}", "Altbau"])
            notes.add_call(customer, "hm", by=owner, direction="in")
            timeline.pin(newest(customer), by=owner)
            attachments.add(customer, make.upload(b"%PDF-1.7", "a.pdf"))
            tags.add_to_customer(customer, [f"Tag {number}"])

    fill(1)
    first = make.count_queries(office, customer.get_absolute_url())
    one = make.count_queries(office, url("entry", newest(customer)))
    fill(2)
    assert make.count_queries(office, customer.get_absolute_url()) == first
    assert make.count_queries(office, url("entry", newest(customer))) == one
    assert make.count_queries(office, reverse("crm:tag_list")) < 12


def test_a_full_page_stays_light(office, owner, customer):
    for number in range(21):
        make.make_note(customer, f"{number} Höhe links 2,51, rechts 2,50", by=owner)
    assert len(show(office, customer).content) < 70_000
