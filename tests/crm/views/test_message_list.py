"""The list of conversations (FRA2), its counter in the menu, and how fast we answer."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from crm import access, messages, threads
from crm.models import Message
from tests import make

URL = "/nachrichten/"


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def a_link(name="Brandt"):
    customer = make.make_customer(name)
    return access.mint(customer, purpose="quote", customer=customer, expires_at=timezone.now() + timedelta(days=9))


def names(page, heading):
    section = page.partition(f">{heading}</h2>")[2].partition("</section>")[0]
    return re.findall(r'class="b" href="/fragen/\d+/">([^<]+)</a>', section)


def test_what_waits_longest_comes_first_once_per_conversation(office, owner):
    old, new, done = a_link("Alt"), a_link("Neu"), a_link("Fertig")
    for link in (old, new, new, done):
        messages.ask(link, "Auch in Messing?", author_name="")
    messages.answer(done.subject, "Ja.", customer=done.customer, by=owner)
    page = office.get(URL).content.decode()
    assert names(page, "Neue Nachrichten") == ["Sabine Alt", "Sabine Neu"]
    assert ">2 neu</span>" in page
    assert names(page, "Zuletzt") == ["Sabine Fertig"]
    assert "Jana Haselbach:</span> „Ja.“" in page


def test_the_menu_counts_messages_that_wait(office):
    link = a_link()
    for _ in range(2):
        messages.ask(link, "Wann?", author_name="")
    entry = re.search(r'<a href="/nachrichten/".*?</a>', office.get("/").content.decode(), re.S)[0]
    assert re.search(r">\s*2\s*<", entry)
    messages.mark_read(link.subject)
    entry = re.search(r'<a href="/nachrichten/".*?</a>', office.get("/").content.decode(), re.S)[0]
    assert not re.search(r">\s*\d+\s*<", entry)


def test_who_may_not_answer_does_not_see_it(business):
    worker = make.signed_in_as(Role.FIELD_WORKER)
    assert worker.get(URL).status_code == 403
    assert 'href="/nachrichten/"' not in worker.get("/").content.decode()


def test_empty_it_says_what_will_stand_there(office):
    page = office.get(URL).content.decode()
    assert "Noch keine Nachrichten." in page and "Wie schnell wir antworten" not in page


def test_the_figures_stand_below(office, owner):
    link = a_link()
    question = messages.ask(link, "Wann?", author_name="")
    Message.objects.filter(pk=question.pk).update(created_at=timezone.now() - timedelta(hours=3))
    messages.answer(link.subject, "Bald.", customer=link.customer, by=owner)
    page = office.get(URL).content.decode()
    assert '<dd class="num">3 Stunden</dd>' in page and '<dd class="num">100\u00a0%</dd>' in page


def test_older_conversations_are_on_the_next_page(office, owner, monkeypatch):
    monkeypatch.setattr(threads, "SHOWN", 2)
    for name in ("Eins", "Zwei", "Drei"):
        link = a_link(name)
        messages.answer(link.subject, "Guten Tag", customer=link.customer, by=owner)
    page = office.get(URL).content.decode()
    assert names(page, "Zuletzt") == ["Sabine Drei", "Sabine Zwei"]
    older = re.search(r'href="(\?vor=\d+)"', page)[1]
    assert names(office.get(URL + older).content.decode(), "Zuletzt") == ["Sabine Eins"]
    assert office.get(URL + "?vor=x").status_code == 200


def test_it_costs_the_same_for_one_and_for_three(office, owner):
    costs = []
    for _ in range(3):
        messages.ask(a_link(), "Wann?", author_name="")
        link = a_link()
        messages.answer(link.subject, "Guten Tag", customer=link.customer, by=owner)
        costs.append(make.count_queries(office, URL))
    assert len(set(costs)) == 1


# --- answering with files -----------------------------------------------------------------------------------------------
def test_an_answer_takes_files_along(office, owner):
    question = messages.ask(a_link(), "Haben Sie eine Skizze?", author_name="")
    url = reverse("crm:message_answer", args=[question.pk])
    office.post(url, {"text": "", "files": [make.upload(b"%PDF-1.7\n", "Skizze.pdf", "application/pdf")]})
    answer = Message.objects.get(by=owner)
    assert (answer.text, answer.attachments.get().name) == ("1 Datei", "Skizze.pdf")
    assert 'Skizze.pdf <span class="mut sm nowrap">' in office.get(url).content.decode()


def test_a_file_that_is_none_brings_the_words_back(office):
    question = messages.ask(a_link(), "Haben Sie eine Skizze?", author_name="")
    url = reverse("crm:message_answer", args=[question.pk])
    response = office.post(url, {"text": "Anbei", "files": [make.upload(b"MZ\x90\x00", "skizze.pdf")]})
    page = response.content.decode()
    assert response.status_code == 415 and "JPG, PNG, HEIC und PDF" in page and "Anbei</textarea>" in page
    assert not Message.objects.filter(messages.ANSWERS).exists()
