"""The page of a contact: composer, timeline, what is open."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from crm import (
    access,
    appointments,
    arrangements,
    attachments,
    bounces,
    consents,
    contact_proposals,
    customers,
    gates,
    letters,
    mail,
    merging,
    messages,
    notes,
    privacy,
    timeline,
    work_requests,
)
from crm.models import AccessLink, Appointment, DataExport, Mail, Note, Restriction, Todo
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


def test_a_saved_note_is_on_top_and_the_composer_is_empty(office, customer):
    make.make_note(customer, "alte Notiz")
    response = office.post(url("note_add", customer), {"text": "Flur 2,94 m", "files": [make.upload()]}, follow=True)
    page = response.content.decode()
    assert page.index("Flur 2,94 m") < page.index("alte Notiz")
    assert response.context["composer"]["form"]["text"].value() is None
    assert Note.objects.order_by("-pk")[0].attachments.count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": "  "}, "Bitte schreiben Sie etwas oder fügen Sie ein Foto hinzu."),
        (
            {"text": "Flur", "files": [make.upload(b"<svg/>", "a.svg")]},
            "Wir können JPG, PNG, HEIC und PDF annehmen.",
        ),
    ],
)
def test_a_refused_note_keeps_its_text(office, customer, data, sentence):
    response = office.post(url("note_add", customer), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count(sentence) == 2 and "Fehler: " in page
    if data["text"].strip():
        assert ">\nFlur</textarea>" in page
    assert not Note.objects.exists()


def test_deleting_a_note_asks_nothing_and_offers_the_way_back(office, customer):
    note = make.make_note(customer, "Geheimnis")
    page = office.post(url("note_delete", note), follow=True).content.decode()
    assert "Die Notiz ist gelöscht." in page and "Geheimnis" not in page
    assert page.count(url("note_restore", note)) == 2  # above, and where the note stood
    assert "Geheimnis" in office.post(url("note_restore", note), follow=True).content.decode()


def test_a_task_and_an_appointment_are_written_in_the_composer(office, owner, customer):
    assert show(office, customer, neu="aufgabe").context["composer"]["kind"] == "aufgabe"
    office.post(url("todo_add", customer), {"text": "Anrufen", "due_on": "2026-11-24", "assignee": owner.pk})
    todo = Todo.objects.get()
    assert (todo.customer, todo.assignee, str(todo.due_on)) == (customer, owner, "2026-11-24")
    place = show(office, customer, neu="termin").context["composer"]["form"].initial["place"]
    assert place == "Rotdornweg 8, 22397 Hamburg"
    data = {"title": "Aufmaß", "day": "2026-11-24", "starts": "09:00", "ends": "10:30", "place": place}
    office.post(url("appointment_add", customer), data)
    appointment = Appointment.objects.get()
    assert timezone.localtime(appointment.starts_at).strftime("%d.%m. %H:%M") == "24.11. 09:00"


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("todo_add", {"text": ""}, "Bitte füllen Sie „Aufgabe“ aus."),
        (
            "appointment_add",
            {"title": "A", "day": "2026-11-24", "starts": "10:00", "ends": "10:00"},
            "Das Ende muss nach dem Beginn liegen.",
        ),
        ("appointment_add", {"title": "A", "day": "morgen", "starts": "10:00", "ends": "11:00"}, "Tag"),
    ],
)
def test_what_is_wrong_is_said_in_the_composer(office, customer, name, data, sentence):
    response = office.post(url(name, customer), data)
    assert response.status_code == 422 and sentence in response.content.decode()
    assert not Todo.objects.exists() and not Appointment.objects.exists()


def test_a_member_of_another_business_cannot_be_given_a_task(office, customer):
    stranger = make.make_member(business=make.make_business("Andere"))
    assert office.post(url("todo_add", customer), {"text": "x", "assignee": stranger.pk}).status_code == 422


def test_ticking_a_task_leads_back_to_where_it_was_ticked(office, owner, customer):
    todo = make.make_todo("Anrufen", by=owner, customer=customer)
    response = office.post(url("todo_finish", todo), {"next": "/aufgaben/"}, follow=True)
    assert response.redirect_chain == [("/aufgaben/", 302)]
    assert "Erledigt: Anrufen" in response.content.decode()
    assert office.post(url("todo_reopen", todo), {"next": "//boese.example/"}).url == customer.get_absolute_url()
    assert Todo.objects.open().get() == todo


def test_a_cancelled_appointment_can_be_restored(office, customer):
    appointment = make.make_appointment(customer)
    page = office.post(url("appointment_cancel", appointment), follow=True).content.decode()
    assert "Abgesagt: Aufmaß" in page and "abgesagt" in page
    office.post(url("appointment_restore", appointment))
    appointment.refresh_from_db()
    assert appointment.cancelled_at is None


def test_twenty_entries_then_the_older_ones(office, customer):
    for number in range(25):
        make.make_note(customer, f"Notiz {number:02d}")
    first = show(office, customer)
    assert len(first.context["entries"]) == 20 and "Ältere zeigen" in first.content.decode()
    rest = show(office, customer, vor=first.context["older_than"])
    assert len(rest.context["entries"]) == 6 and "Ältere zeigen" not in rest.content.decode()
    assert not {e.pk for e in first.context["entries"]} & {e.pk for e in rest.context["entries"]}


def test_the_timeline_can_be_filtered(office, customer):
    make.make_note(customer, "nur Text")
    make.make_note(customer, "mit Foto", files=[make.upload()])
    assert [entry.event for entry in show(office, customer, was="crm.file").context["entries"]] == ["crm.note_added"]
    assert show(office, customer, was="' OR 1=1").status_code == 200
    assert "Nichts davon bisher." in show(office, customer, was="billing.quote").content.decode()


def test_entries_are_grouped_by_month(office, customer):
    import time_machine

    with time_machine.travel("2026-09-30T22:30:00+00:00"):  # the first of October in Berlin
        make.make_note(customer, "spät")
    with time_machine.travel("2026-11-23T09:00:00+00:00"):
        make.make_note(customer, "jetzt")
        page = show(make.signed_in_as(), customer).content.decode()
    assert "November 2026" in page and "Oktober 2026" in page and "September 2026" not in page


def test_what_the_customer_sees_says_so(office, customer):
    photo = attachments.add(customer, make.upload())
    assert "Kunde sieht das" not in show(office, customer).content.decode()
    assert office.post(url("attachment_share", photo), {"is_shared": "1"}).status_code == 302
    assert show(office, customer).content.decode().count("Kunde sieht das") == 2  # timeline and list of files
    office.post(url("attachment_share", photo), {"is_shared": "0"})
    photo.refresh_from_db()
    assert photo.is_shared is False


def test_a_deleted_file_is_gone_from_the_page(office, customer):
    photo = attachments.add(customer, make.upload(name="geheim.jpg"))
    page = office.post(url("attachment_delete", photo), follow=True).content.decode()
    assert f'"{url("attachment_download", photo)}"' not in page and "„geheim.jpg“ ist gelöscht." in page
    assert (
        url("attachment_download", photo) in office.post(url("attachment_restore", photo), follow=True).content.decode()
    )


def test_the_tax_adviser_sees_no_notes(business, customer):
    make.make_note(customer, "vertraulich")
    page = show(make.signed_in_as(Role.TAX_ADVISER), customer).content.decode()
    assert "vertraulich" not in page and "Notizen und Verlauf sieht nur der Betrieb selbst." in page
    assert customer.email in page


def test_amounts_in_subjects_are_not_for_workers(business, customer):
    row = make.make_failed_mail(customer)
    Mail.objects.filter(pk=row.pk).update(subject_line="Rechnung über 521,22 €")
    timeline.record(timeline.Event.MAIL_SENT, customer=customer, subject=row)
    assert "521,22" in show(make.signed_in_as(Role.OFFICE), customer).content.decode()
    assert "521,22" not in show(make.signed_in_as(Role.FIELD_WORKER), customer).content.decode()


def test_an_archived_contact_has_no_composer(office, customer):
    customers.archive(customer)
    response = show(office, customer)
    assert response.context["composer"] is None and "Dieser Kontakt ist archiviert." in response.content.decode()


def test_typed_markup_is_shown_as_text(office):
    nasty = "<script>alert(1)</script>"
    customer = make.make_company(nasty, city=nasty, tags=[nasty], street='"><img src=x onerror=alert(1)>')
    make.make_note(customer, nasty, files=[make.upload(name='"><img onerror=1>.jpg')])
    make.make_todo(nasty, by=make.make_member(name=nasty), customer=customer)
    make.make_appointment(customer, nasty)
    page = show(office, customer).content.decode()
    assert nasty not in page and "<img onerror" not in page and "<img src=x" not in page


def test_every_event_of_contacts_can_be_shown(office, customer, owner, monkeypatch):
    """All templates with real subjects."""
    monkeypatch.setattr("crm.views.entries.PAGE", 60)
    link = access.mint(customer, purpose="quote", customer=customer, expires_at=timezone.now() + timedelta(days=1))
    make.make_note(customer, files=[make.upload()])
    attachments.add(customer, make.upload(b"%PDF-1.7", "a.pdf"))
    todo = make.make_todo(by=owner, customer=customer)
    office.post(url("todo_finish", todo))
    make.make_appointment(customer, by=owner, assignee=owner)
    asked = [make.make_arrangement(customer, by=owner, assignee=owner) for _ in range(2)]
    appointment = arrangements.take(asked[0], arrangements.free(asked[0])[0])
    later = appointment.starts_at + timedelta(minutes=30)
    appointments.change(appointment, by=owner, starts_at=later, ends_at=later + timedelta(hours=1))
    appointments.cancel(appointment, by=owner)
    arrangements.refuse(asked[1], words="Im Januar")
    notes.add_call(customer, by=owner, direction="missed", phone="0171 3920011")
    letters.send(customer, to=customer.email, subject_line="Muster", text="Liegen bereit.", by=owner)
    messages.ask(link, "Geht das?", author_name="")
    messages.answer(customer, "Ja.", customer=customer, by=owner)
    access.note_fetched(link.pk)
    access.mark_seen(link)
    for _ in range(10):
        AccessLink.objects.update(paused_until=None)
        gates.answer_postcode(link, "0")
    customers.change(customer, by=owner, phone="040 1")
    for is_taken in (True, False):
        contact_proposals.decide(contact_proposals.propose(customer, {"street": f"Weg {is_taken}"}), is_taken, by=owner)
    contact_proposals.choose_way(customer, "phone", "nach 17 Uhr")
    export = DataExport.objects.create(customer=customer)
    timeline.record(timeline.Event.DATA_ASKED, customer=customer, subject=export)
    merging.undo(merging.merge(customer, make.make_customer("Brand"), by=owner), by=owner)
    timeline.record(timeline.Event.VAT_ID_CHECKED, customer=customer, vat_id="ATU13585627", result="valid")
    work_requests.receive(source="center", text="Ein Regal", name="Ada", email="ada@kunde.example", customer=customer)
    consents.ask(customer, "marketing")
    consents.give(customer, "photos", source="paper", by=owner)
    consents.withdraw(customer, "photos", source="phone", by=owner)
    today = timezone.localdate()
    privacy.answer(privacy.receive(customer, kind="erasure", received_on=today, identity="known", by=owner), by=owner)
    restriction = Restriction.objects.create(customer=customer, until=today, reasons=[])
    timeline.record(timeline.Event.CONTACT_RESTRICTED, customer=customer, subject=restriction, until=today)
    for row in Mail.objects.all():
        mail.deliver(row.pk)
    failed = make.make_failed_mail(customer)
    timeline.record(timeline.Event.MAIL_FAILED, customer=customer, subject=failed)
    bounces.refuse(make.make_failed_mail(customer), "550 5.1.1 unknown")
    response = show(office, customer)
    assert {entry.event for entry in response.context["entries"]} == set(timeline.Event.values)
    page = response.content.decode()
    for part in (
        "Notiz",
        "Aufgabe erledigt",
        "Geht das?",
        "Ja.",
        "Angebot angesehen",
        "Adresse ändern",
        "a.pdf",
    ):
        assert part in page


def test_the_page_costs_the_same_for_any_number(office, owner, customer):
    def cost(rows):
        for _ in range(rows):
            make.make_note(customer, files=[make.upload()])
            make.make_todo(by=owner, customer=customer, assignee=owner)
            make.make_appointment(customer, by=owner, assignee=owner)
            make.make_failed_mail(customer)
        return make.count_queries(office, customer.get_absolute_url())

    assert cost(1) == cost(2)
