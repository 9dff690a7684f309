"""The conversation on a customer's page in a real browser: reading is seen, words survive, files go with the keys alone."""

import pytest
from playwright.sync_api import expect

from accounts import current
from crm import access, messages
from crm.models import Attachment, Message
from tests import make
from tests.looks import violations

pytestmark = pytest.mark.journey
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def link(transactional_db):
    """An order's link, with an answer the customer has not read."""
    with current.working_for(make.make_business()):
        owner = make.make_member()
        found = make.link_to(make.make_order())
        messages.answer(found.subject, "Wir kommen um acht.", customer=found.customer, by=owner)
        yield found


@pytest.mark.parametrize("script", [True, False])
def test_an_answer_is_read_when_it_stood_in_view_or_by_the_button(open_page, link, script):
    page = open_page(**PHONE, java_script_enabled=script)
    page.goto(f"/l/{access.token(link)}/")
    new = page.locator(".msg .badge", has_text="neu")
    expect(new).to_have_count(1)
    assert Message.objects.filter(read_at=None).exists()
    if script:
        with page.expect_response(lambda answer: answer.url.endswith("/gelesen/")) as read:
            new.scroll_into_view_if_needed()
        assert read.value.status == 204
    else:
        page.get_by_role("button", name="Als gelesen merken").click()
        expect(new).to_have_count(0)
    assert not Message.objects.filter(read_at=None).exists()


def test_words_and_a_photo_are_sent_with_the_keys_alone(open_page, link, tmp_path):
    photo = tmp_path / "nische.jpg"
    photo.write_bytes(make.picture((300, 200)))
    page = open_page(**PHONE)
    page.goto(f"/l/{access.token(link)}/")
    words = page.get_by_label("Ihre Nachricht")
    words.focus()
    page.keyboard.type("Passt das so?")
    page.reload()
    expect(words).to_have_value("Passt das so?")  # FRA3
    words.focus()
    page.keyboard.press("Tab")
    files = page.get_by_label("Fotos oder Dateien")
    expect(files).to_be_focused()
    files.set_input_files(photo)  # the browser's own dialog is behind Enter
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    sent = page.locator(".msg.me").last
    expect(sent).to_contain_text("Passt das so?")
    expect(sent).to_contain_text("gesendet")
    expect(words).to_have_value("")
    assert Attachment.objects.get(message__isnull=False).name == "nische.jpg"
    assert violations(page, rules=None, context="#nachrichten") == []
