"""The same questions to every page of contacts: who may, what of another business, which methods."""

from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import current
from accounts.rights import RIGHTS, Right, Role
from crm import (
    access,
    attachments,
    comments,
    contact_proposals,
    disclosures,
    imports,
    merging,
    messages,
    privacy,
    segments,
    tags,
    timeline,
    urls,
)
from crm.models import CalendarFeed, DayOff, DuplicatePair, TableImport
from tests import make


def customer():
    return make.make_customer().pk


def note():
    return make.make_note().pk


def todo():
    return make.make_todo(by=make.make_member()).pk


def entry():
    return timeline.of(make.make_note().customer, timeline.Wanted(only=("crm.note",))).get().pk


def comment():
    note = make.make_note()
    line = timeline.of(note.customer, timeline.Wanted(only=("crm.note",))).get()
    return comments.on_entry(line, "Nachmessen", by=None).pk


def segment():
    return segments.create("Privat", {"kind": {"kinds": ["consumer"]}}).pk


def deleted_segment():
    made = segments.create("Privat", {"kind": {"kinds": ["consumer"]}})
    segments.delete(made)
    return made.pk


def tag():
    return tags.named(["Altbau"])[0].pk


def appointment():
    return make.make_appointment().pk


def arrangement():
    return make.make_arrangement().pk


def day_off():
    return DayOff.objects.create(first_on="2026-12-24", last_on="2026-12-31").pk


def feed():
    return CalendarFeed.objects.create(member=make.make_member(), name="Handy", digest=uuid4().hex).pk


def attachment():
    photo = attachments.add(make.make_customer(), make.upload())
    attachments.make_preview(photo.pk)
    return photo.pk


def page_of_pdf():
    """The first page of a PDF that somebody drew."""
    found = attachments.add(make.make_customer(), make.upload(b"%PDF-1.7", "a.pdf"))
    found.preview.save("a.webp", ContentFile(make.picture(form="WEBP")), save=False)
    found.page_count = 1
    found.save()
    return found.pk, 1


def question():
    one = make.make_customer()
    link = access.mint(one, purpose="quote", customer=one, expires_at=timezone.now() + timezone.timedelta(days=1))
    return messages.ask(link, "Geht das?", author_name="").pk


def failed_mail():
    return make.make_failed_mail().pk


def table_import():
    return imports.upload(make.upload(b"Nachname\nBrandt\n", "a.csv", "text/csv"), by=None).pk


def tried_import():
    pk = table_import()
    found = TableImport.objects.get(pk=pk)
    imports.try_out(found, found.mapping)
    imports.run(pk)
    return pk


def privacy_request():
    today = timezone.localdate()
    asked = privacy.receive(make.make_customer(), kind="information", received_on=today, identity="known")
    disclosures.build(asked)
    return asked.pk


def work_request():
    return make.make_work_request().pk


def work_request_photo():
    return make.make_work_request(photos=[make.upload()]).photos.get().pk


def proposal():
    return contact_proposals.propose(make.make_customer(), {"street": "Neuer Weg 3"}).pk


def two_customers():
    return make.make_customer().pk, make.make_customer("Brand").pk


def duplicate_pair():
    first, second = two_customers()
    return DuplicatePair.objects.create(first_id=first, second_id=second, score=80).pk


def merge():
    return merging.merge(make.make_customer(), make.make_customer("Brand"), by=None).pk


# name -> (methods, right, maker of the row its address names)
PAGES = {
    "customer_list": ("GET", Right.SEE_CONTACTS, None),
    "customer_create": ("GET POST", Right.WRITE_CONTACTS, None),
    "customer_detail": ("GET", Right.SEE_CONTACTS, customer),
    "customer_edit": ("GET POST", Right.WRITE_CONTACTS, customer),
    "customer_archive": ("POST", Right.WRITE_CONTACTS, customer),
    "customer_unarchive": ("POST", Right.WRITE_CONTACTS, customer),
    "customer_followed_up": ("POST", Right.WRITE_CONTACTS, customer),
    "vat_id_check": ("POST", Right.WRITE_CONTACTS, customer),
    "center_invite": ("POST", Right.WRITE_CONTACTS, customer),
    "center_close": ("POST", Right.WRITE_CONTACTS, customer),
    "proposal_decide": ("POST", Right.WRITE_CONTACTS, proposal),
    "note_add": ("POST", Right.WRITE_NOTES, customer),
    "call_add": ("POST", Right.WRITE_NOTES, customer),
    "letter_send": ("POST", Right.WRITE_CONTACTS, customer),
    "customer_tag_add": ("POST", Right.WRITE_CONTACTS, customer),
    "customer_tag_remove": ("POST", Right.WRITE_CONTACTS, customer),
    "entry": ("GET", Right.SEE_NOTES, entry),
    "entry_comment": ("POST", Right.WRITE_NOTES, entry),
    "entry_tag": ("POST", Right.WRITE_NOTES, entry),
    "entry_untag": ("POST", Right.WRITE_NOTES, entry),
    "entry_pin": ("POST", Right.WRITE_NOTES, entry),
    "entry_share": ("POST", Right.WRITE_NOTES, entry),
    "comment_delete": ("POST", Right.WRITE_NOTES, comment),
    "comment_restore": ("POST", Right.WRITE_NOTES, comment),
    "tag_list": ("GET", Right.WRITE_CONTACTS, None),
    "tag_edit": ("GET POST", Right.WRITE_CONTACTS, tag),
    "tag_merge": ("POST", Right.WRITE_CONTACTS, tag),
    "tag_delete": ("POST", Right.WRITE_CONTACTS, tag),
    "note_edit": ("GET POST", Right.WRITE_NOTES, note),
    "note_versions": ("GET", Right.SEE_NOTES, note),
    "note_delete": ("POST", Right.WRITE_NOTES, note),
    "note_restore": ("POST", Right.WRITE_NOTES, note),
    "todo_list": ("GET POST", Right.SEE_NOTES, None),
    "todo_add": ("POST", Right.WRITE_NOTES, customer),
    "todo_about": ("GET", Right.SEE_NOTES, todo),
    "todo_create": ("GET POST", Right.WRITE_NOTES, None),
    "todo_edit": ("GET POST", Right.WRITE_NOTES, todo),
    "todo_delete": ("POST", Right.WRITE_NOTES, todo),
    "todo_restore": ("POST", Right.WRITE_NOTES, todo),
    "todo_finish": ("POST", Right.WRITE_NOTES, todo),
    "todo_reopen": ("POST", Right.WRITE_NOTES, todo),
    "appointment_add": ("POST", Right.WRITE_NOTES, customer),
    "appointment_create": ("GET POST", Right.WRITE_NOTES, None),
    "appointment_edit": ("GET POST", Right.SEE_NOTES, appointment),
    "calendar": ("GET", Right.SEE_NOTES, None),
    "arrangement_create": ("GET POST", Right.WRITE_CONTACTS, customer),
    "arrangement_detail": ("GET", Right.SEE_NOTES, arrangement),
    "arrangement_close": ("POST", Right.WRITE_CONTACTS, arrangement),
    "arrangement_read": ("POST", Right.WRITE_NOTES, arrangement),
    "arrangement_unread": ("POST", Right.WRITE_NOTES, arrangement),
    "settings_appointments": ("GET POST", Right.MANAGE_BUSINESS, None),
    "day_off_add": ("POST", Right.MANAGE_BUSINESS, None),
    "day_off_delete": ("POST", Right.MANAGE_BUSINESS, day_off),
    "calendar_feeds": ("GET", Right.SEE_NOTES, None),
    "feed_create": ("POST", Right.WRITE_NOTES, None),
    "feed_revoke": ("POST", Right.WRITE_NOTES, feed),
    "appointment_cancel": ("POST", Right.WRITE_NOTES, appointment),
    "appointment_restore": ("POST", Right.WRITE_NOTES, appointment),
    "attachment_download": ("GET", Right.SEE_NOTES, attachment),
    "attachment_preview": ("GET", Right.SEE_NOTES, attachment),
    "attachment_page": ("GET", Right.SEE_NOTES, page_of_pdf),
    "attachment_detail": ("GET", Right.SEE_NOTES, attachment),
    "attachment_comment": ("POST", Right.WRITE_NOTES, attachment),
    "attachment_share": ("POST", Right.WRITE_NOTES, attachment),
    "attachment_delete": ("POST", Right.WRITE_NOTES, attachment),
    "attachment_restore": ("POST", Right.WRITE_NOTES, attachment),
    "message_list": ("GET", Right.WRITE_CONTACTS, None),
    "message_answer": ("GET POST", Right.WRITE_CONTACTS, question),
    "message_read": ("POST", Right.WRITE_CONTACTS, question),
    "work_request_list": ("GET", Right.SEE_NOTES, None),
    "work_request_detail": ("GET", Right.SEE_NOTES, work_request),
    "work_request_photo": ("GET", Right.SEE_NOTES, work_request_photo),
    "work_request_assign": ("POST", Right.WRITE_CONTACTS, work_request),
    "work_request_contact": ("POST", Right.WRITE_CONTACTS, work_request),
    "work_request_answer": ("POST", Right.WRITE_CONTACTS, work_request),
    "work_request_dismiss": ("POST", Right.WRITE_CONTACTS, work_request),
    "work_request_reopen": ("POST", Right.WRITE_CONTACTS, work_request),
    "mail_list": ("GET", Right.WRITE_CONTACTS, None),
    "mail_retry": ("POST", Right.WRITE_CONTACTS, failed_mail),
    "on_site": ("GET", Right.SEE_NOTES, None),
    "site_note": ("GET POST", Right.WRITE_NOTES, None),
    "site_customer": ("GET", Right.WRITE_NOTES, None),
    "duplicate_list": ("GET", Right.WRITE_CONTACTS, None),
    "duplicate_check": ("POST", Right.WRITE_CONTACTS, None),
    "duplicate_search": ("POST", Right.WRITE_CONTACTS, None),
    "duplicate_dismiss": ("POST", Right.WRITE_CONTACTS, duplicate_pair),
    "duplicate_restore": ("POST", Right.WRITE_CONTACTS, duplicate_pair),
    "merge_choose": ("GET", Right.WRITE_CONTACTS, customer),
    "customer_merge": ("GET POST", Right.WRITE_CONTACTS, two_customers),
    "merge_undo": ("GET POST", Right.WRITE_CONTACTS, merge),
    "vcard_download": ("GET", Right.SEE_CONTACTS, customer),
    "vcard_upload": ("GET POST", Right.WRITE_CONTACTS, None),
    "vcard_take_over": ("POST", Right.WRITE_CONTACTS, None),
    "export_vcf": ("GET", Right.EXPORT_DATA, None),
    "import_upload": ("GET POST", Right.WRITE_CONTACTS, None),
    "import_preview": ("GET", Right.WRITE_CONTACTS, table_import),
    "import_check": ("POST", Right.WRITE_CONTACTS, table_import),
    "import_try": ("POST", Right.WRITE_CONTACTS, table_import),
    "import_run": ("POST", Right.WRITE_CONTACTS, table_import),
    "import_undo": ("POST", Right.WRITE_CONTACTS, table_import),
    "import_report": ("GET", Right.WRITE_CONTACTS, tried_import),
    "privacy_page": ("GET", Right.WRITE_CONTACTS, customer),
    "privacy_ask": ("POST", Right.WRITE_CONTACTS, customer),
    "privacy_erase": ("POST", Right.WRITE_CONTACTS, customer),
    "consent_note": ("POST", Right.WRITE_CONTACTS, customer),
    "privacy_answer": ("POST", Right.WRITE_CONTACTS, privacy_request),
    "privacy_renew": ("POST", Right.WRITE_CONTACTS, privacy_request),
    "privacy_file": ("GET", Right.WRITE_CONTACTS, privacy_request),
    "search": ("GET", Right.SEE_CONTACTS, None),
    "segment_list": ("GET", Right.SEE_CONTACTS, None),
    "segment_create": ("GET POST", Right.WRITE_CONTACTS, None),
    "segment_detail": ("GET", Right.SEE_CONTACTS, segment),
    "segment_edit": ("GET POST", Right.WRITE_CONTACTS, segment),
    "segment_delete": ("POST", Right.WRITE_CONTACTS, segment),
    "segment_restore": ("POST", Right.WRITE_CONTACTS, deleted_segment),
    "vat_id_ask": ("POST", Right.WRITE_CONTACTS, customer),
    "export_csv": ("GET", Right.EXPORT_DATA, None),
    "export_xlsx": ("GET", Right.EXPORT_DATA, None),
}
every_page = pytest.mark.parametrize("name", PAGES)


def address(name):
    maker = PAGES[name][2]
    made = maker() if maker else ()
    return reverse(f"crm:{name}", args=made if isinstance(made, tuple) else (made,))


def ask(browser, method, url):
    response = getattr(browser, method.lower())(url)
    response.close()
    return response


def methods(name):
    return PAGES[name][0].split()


def test_no_page_is_forgotten():
    assert {pattern.name for pattern in urls.urlpatterns} == set(PAGES) | {"calendar_feed"}  # for programs
    assert get_resolver().namespace_dict["crm"]


@every_page
def test_strangers_are_sent_to_sign_in(business, client, name):
    url = address(name)
    for method in methods(name):
        response = ask(client, method, url)
        assert response.status_code == 302 and response.url.startswith("/konto/login/?next=")


@every_page
@pytest.mark.parametrize("role", Role.values)
def test_only_who_holds_the_right_may(business, name, role):
    browser, url = make.signed_in_as(role), address(name)
    is_allowed = PAGES[name][1] in RIGHTS[role]
    for method in methods(name):
        response = ask(browser, method, url)
        assert (response.status_code != 403) == is_allowed
        assert response.status_code < 500


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page[2]])
def test_what_belongs_to_another_business_is_not_there(business, name):
    browser = make.signed_in_as(Role.OWNER)
    with current.working_for(make.make_business("Andere")):
        url = address(name)
    for method in methods(name):
        assert ask(browser, method, url).status_code == 404
        assert ask(browser, method, url.replace(url.split("/")[2], "987654321")).status_code == 404


@every_page
def test_other_methods_are_not_allowed(business, name):
    browser, url = make.signed_in_as(Role.OWNER), address(name)
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - set(methods(name)):
        response = ask(browser, method, url)
        assert response.status_code == 405, method


@every_page
def test_looking_changes_nothing(business, name):
    if "GET" not in methods(name):
        return
    browser, url = make.signed_in_as(Role.OWNER), address(name)
    ask(browser, "GET", url)
    with CaptureQueriesContext(connection) as queries:
        ask(browser, "GET", url)
    # PostgreSQL reads long results through a cursor it declares, and is told for a search to ask the index alone
    reading = ("SELECT", "SAVEPOINT", "RELEASE", 'DECLARE "_django_curs', "SET LOCAL enable_")
    assert [sql["sql"] for sql in queries if not sql["sql"].startswith(reading)] == []
