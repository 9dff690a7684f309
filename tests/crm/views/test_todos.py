"""Pages of tasks: the list with its filters, from a document or a line of the timeline, edited, deleted, taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from crm import todos
from crm.models import TimelineEntry, Todo
from crm.views import todos as pages
from tests import make

LIST = reverse("crm:todo_list")


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def texts(response):
    return [todo.text for todo in response.context["todos"]]


def test_the_list_is_filtered_by_whose_and_what(office, owner):
    today = timezone.localdate()
    late = make.make_todo("alt", by=owner, due_on=today - timedelta(days=1))
    make.make_todo("fremd", by=make.make_member(), due_on=today)
    make.make_todo("ohne Tag", by=owner)
    done = make.make_todo("fertig", by=owner)
    todos.finish(done, by=owner)
    todos.delete(make.make_todo("weg", by=owner))
    assert texts(office.get(LIST)) == ["alt", "fremd", "ohne Tag"]
    assert texts(office.get(LIST, {"wer": "ich"})) == ["alt", "ohne Tag"]
    assert texts(office.get(LIST, {"was": "faellig"})) == [late.text]
    assert texts(office.get(LIST, {"was": "erledigt"})) == ["fertig"]


def test_a_worker_sees_and_changes_only_their_own(business, owner):
    emre = make.make_member(Role.FIELD_WORKER)
    browser = make.signed_in(emre)
    mine, other = make.make_todo("meine", by=owner, assignee=emre), make.make_todo("fremd", by=owner)
    assert texts(browser.get(LIST)) == ["meine"]
    assert browser.get(reverse("crm:todo_edit", args=[mine.pk])).status_code == 200
    assert browser.get(reverse("crm:todo_edit", args=[other.pk])).status_code == 404
    assert browser.post(reverse("crm:todo_delete", args=[other.pk])).status_code == 404


@pytest.mark.parametrize("shown", ["", "erledigt"])
def test_pages_have_neither_gaps_nor_doubles(office, owner, monkeypatch, shown):
    monkeypatch.setattr(pages, "PAGE", 2)
    for n, days in enumerate((3, 1, None, 1, None)):
        todo = make.make_todo(f"{n}", by=owner, due_on=timezone.localdate() + timedelta(days=days) if days else None)
        if shown:
            todos.finish(todo, by=owner)
    seen, after = [], ""
    while after is not None:
        response = office.get(LIST, {"was": shown, "nach": after})
        seen += texts(response)
        after = response.context["next_after"]
    assert seen == (["1", "3", "0", "2", "4"] if not shown else ["4", "3", "2", "1", "0"])


def test_the_list_costs_the_same_for_any_number(office, owner):
    def cost(rows):
        for _ in range(rows):
            make.make_todo("x", by=make.make_member(), customer=make.make_customer(), due_on=timezone.localdate())
        return make.count_queries(office, LIST)

    assert cost(1) == cost(3)


def test_a_task_about_a_document_and_about_a_line_of_the_timeline(office, owner):
    quote = make.make_sent_quote()
    page = reverse("crm:todo_create")
    assert quote.number in office.get(page, {"zu": f"quote-{quote.pk}"}).content.decode()
    response = office.post(f"{page}?zu=quote-{quote.pk}", {"text": "Nachfragen", "assignee": owner.pk})
    todo = Todo.objects.get()
    assert (response.url, todo.about, todo.customer) == (quote.get_absolute_url(), quote, quote.customer)
    assert office.get(reverse("crm:todo_about", args=[todo.pk])).url == quote.get_absolute_url()
    entry = TimelineEntry.objects.first()
    response = office.post(f"{page}?eintrag={entry.pk}", {"text": "Klären", "assignee": owner.pk})
    assert response.url == reverse("crm:entry", args=[entry.pk])
    assert Todo.objects.get(text="Klären").about == entry


@pytest.mark.parametrize(
    "named", ["quote-0", "quote-x", "quote-", "customer-1", "eintrag", "quote-99999999999999999999"]
)
def test_a_task_is_about_nothing_that_is_not_there(office, named):
    assert office.get(reverse("crm:todo_create"), {"zu": named}).status_code == 404


def test_who_sees_no_money_writes_no_task_about_an_invoice(business):
    invoice = make.make_open_invoice()
    browser = make.signed_in_as(Role.FIELD_WORKER)
    assert browser.get(reverse("crm:todo_create"), {"zu": f"invoice-{invoice.pk}"}).status_code == 404


def test_editing_says_what_is_missing_and_keeps_what_is_there(office, owner):
    todo = make.make_todo("Filter", by=owner)
    page = reverse("crm:todo_edit", args=[todo.pk])
    response = office.post(page, {"text": "Filter", "every": "2", "unit": "week", "assignee": owner.pk})
    assert response.status_code == 422 and "das erste Mal fällig" in response.content.decode()
    day = timezone.localdate() + timedelta(days=3)
    fields = {"text": "Filter", "due_on": day, "remind_at": f"{day}T14:30", "every": "2", "unit": "week"}
    office.post(page, {**fields, "assignee": owner.pk})
    todo.refresh_from_db()
    assert (todo.rhythm, todo.due_on, timezone.localtime(todo.remind_at).hour) == ("alle 2 Wochen", day, 14)
    assert f'value="{day}T14:30"' in office.get(page).content.decode()


def test_a_deleted_task_comes_back_with_undo(office, owner):
    todo = make.make_todo("Filter", by=owner)
    office.post(reverse("crm:todo_delete", args=[todo.pk]))
    page = office.get(LIST).content.decode()
    assert "Gelöscht: Filter" in page and reverse("crm:todo_restore", args=[todo.pk]) in page
    office.post(reverse("crm:todo_restore", args=[todo.pk]))
    assert texts(office.get(LIST)) == ["Filter"]


def test_finishing_one_that_comes_again_says_when(office, owner):
    todo = make.make_todo("Filter", by=owner, due_on=timezone.localdate(), every=1, unit="week")
    office.post(reverse("crm:todo_finish", args=[todo.pk]), {"next": LIST})
    assert "Das nächste Mal am" in office.get(LIST).content.decode()
