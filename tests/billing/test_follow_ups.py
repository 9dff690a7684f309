"""Following up on quotes: which reminder comes when, what ends it, and who may hold it (features.md 3.12, R99)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Business
from accounts.refusals import Refusal
from billing import follow_ups, invoices, quotes, tasks
from billing.models import ChangeRequest, Quote
from crm import access, bounces, due, mail, messages
from crm.models import Customer, DueAction, Mail, TimelineEntry, Todo
from feedback import requests
from tests import make

UNSEEN, SILENT, EXPIRING = "billing/mail/quote_unseen", "billing/mail/quote_silent", "billing/mail/quote_expiring"


@pytest.fixture
def clock(business):
    """Monday, 2 November 2026, 10:00 in Hamburg; the week before Christmas is far."""
    Business.objects.filter(pk=business.pk).update(state="HH")
    business.refresh_from_db()
    with time_machine.travel("2026-11-02T09:00:00+00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def quote(clock, owner):
    return make.make_sent_quote(by=owner, valid_until=date(2026, 11, 30))


def until(clock, day):
    """Let time pass, by night and by day, with all that happens by itself."""
    last = date(2026, 11, day) if day <= 30 else date(2026, 12, day - 30)
    today = timezone.localdate()
    for at in [due.morning_of(today + timedelta(days=n)) for n in range((last - today).days + 1)]:
        for instant in (at - timedelta(hours=5), at, at + timedelta(hours=1)):
            if timezone.now() < instant:
                clock.move_to(instant)
                if instant != at:  # by night for the morning, and after it
                    tasks.plan_follow_ups()
                for pk in due.due_ids():
                    due.work_off(pk)


def reminders(quote):
    """(kind, local time) of what rules wrote about a quote."""
    found = Mail.objects.filter(is_automatic=True, customer=quote.customer).order_by("pk")
    return [(row.kind, f"{timezone.localtime(row.created_at):%d.%m. %H:%M}") for row in found]


def tasks_of(quote):
    return list(Todo.objects.open().filter(by=None, customer=quote.customer).values_list("text", flat=True))


def look(quote):
    access.mark_seen(make.link_to(quote))


def test_a_quote_nobody_looked_at_is_mailed_once_then_somebody_is_asked_to_call(quote, clock, owner):
    until(clock, 8)
    assert reminders(quote) == [(UNSEEN, "05.11. 08:00")]
    assert tasks_of(quote) == []
    until(clock, 20)
    assert reminders(quote) == [(UNSEEN, "05.11. 08:00")]
    todo = Todo.objects.get(by=None)
    assert todo.text == "Nachfassen: Sabine Brandt hat „Einbauschrank im Flur“ noch nicht angesehen."
    assert (todo.due_on, todo.about, todo.assignee) == (date(2026, 11, 9), quote, owner)


def test_who_looked_and_is_silent_is_called_then_mailed(quote, clock):
    clock.shift(timedelta(days=1))
    look(quote)  # Tuesday
    until(clock, 5)
    assert tasks_of(quote) == [
        "Nachfassen: Sabine Brandt hat „Einbauschrank im Flur“ angesehen, aber noch nicht geantwortet."
    ]
    until(clock, 20)
    assert reminders(quote) == [(SILENT, "09.11. 08:00")]  # the fifth day is a Sunday


def test_who_looks_after_the_reminder_ends_the_task_to_call(quote, clock):
    until(clock, 9)
    assert len(tasks_of(quote)) == 1
    look(quote)
    until(clock, 10)
    assert tasks_of(quote) == []
    until(clock, 20)
    assert reminders(quote) == [(UNSEEN, "05.11. 08:00"), (SILENT, "14.11. 08:00")]


def test_before_it_expires_the_customer_is_told(quote, clock):
    Business.objects.update(unseen_mail_days=None, unseen_task_days=None)
    until(clock, 35)
    assert reminders(quote) == [(EXPIRING, "27.11. 08:00")]
    assert tasks_of(quote) == []


def test_near_the_end_only_the_end_is_told(clock, owner):
    quote = make.make_sent_quote(by=owner, valid_until=date(2026, 11, 8))
    until(clock, 12)
    assert reminders(quote) == [(EXPIRING, "05.11. 08:00")]


def ask(quote):
    messages.ask(make.link_to(quote), "Wann?", author_name="Sabine")


def answer(quote):
    messages.answer(quote, "Bald.", customer=quote.customer, by=None)


def request_changes(quote):
    ChangeRequest.objects.create(quote=quote, customer=quote.customer, name="Sabine", text="Ohne Leisten")


def accept(quote):
    make.make_order(quote)


ANSWERS = {
    "question": ask,
    "message of the office": answer,
    "change request": request_changes,
    "acceptance": accept,
    "decline": quotes.decline,
    "retraction": lambda quote: quotes.retract(quote, by=None),
    "replacement": lambda quote: Quote.objects.filter(pk=quote.pk).update(state="replaced"),
    "call": lambda quote: follow_ups.called(quote, by=None),
    "mail by hand": lambda quote: follow_ups.send(quote, link=make.link_to(quote), message="Hallo", by=None),
    "objection": follow_ups.object_to,
    "pause": lambda quote: follow_ups.pause(quote, by=None),
}


@pytest.mark.parametrize("said", ANSWERS)
def test_any_answer_ends_it(quote, clock, said):
    until(clock, 3)
    look(quote)
    ANSWERS[said](quote)
    until(clock, 24)
    about_the_quote = [task for task in tasks_of(quote) if "wegen des Termins" not in task]  # that is about the order
    assert (reminders(quote), about_the_quote) == ([], [])


@pytest.mark.parametrize("said", ["question", "change request", "call"])
def test_after_a_talk_the_end_is_a_task_for_the_office(quote, clock, said):
    ANSWERS[said](quote)
    until(clock, 35)
    assert reminders(quote) == []
    assert tasks_of(quote) == ["Angebot „Einbauschrank im Flur“ für Sabine Brandt läuft bald ab: bitte melden."]


def test_what_was_asked_of_the_office_is_done_when_the_customer_decides(quote, clock):
    until(clock, 9)
    mine = make.make_todo("Griffe klären", customer=quote.customer, about=quote, by=make.make_member())
    assert len(tasks_of(quote)) == 1
    quotes.decline(quote)
    assert tasks_of(quote) == []
    assert list(Todo.objects.open()) == [mine]


def test_two_quotes_share_what_a_customer_may_get(quote, clock, owner):
    for n in range(3):
        make.make_sent_quote(quote.customer, by=owner, title=f"Nummer {n}", valid_until=date(2026, 11, 30))
    until(clock, 20)
    assert [at for _kind, at in reminders(quote)] == ["05.11. 08:00", "06.11. 08:00", "12.11. 08:00", "13.11. 08:00"]


def test_a_pause_is_ended_and_nothing_is_made_up_for(quote, clock):
    follow_ups.pause(quote, by=None)
    until(clock, 7)
    quote.refresh_from_db()
    follow_ups.go_on(quote, by=None)
    until(clock, 35)
    assert reminders(quote) == [(EXPIRING, "27.11. 08:00")]
    assert [todo.due_on.day for todo in Todo.objects.filter(by=None)] == [9]


def test_an_objection_holds_for_later_versions_and_against_the_office(quote, clock, owner):
    follow_ups.object_to(quote)
    with pytest.raises(Refusal, match="möchte an dieses Angebot nicht erinnert werden"):
        follow_ups.go_on(quote, by=owner)
    follow_ups.object_to(quote)
    assert TimelineEntry.objects.filter(event="billing.quote_reminders_refused").count() == 1
    quote.refresh_from_db()
    follow_ups.plan(quote)
    assert not DueAction.objects.filter(state="open", kind__startswith="billing.quote").exists()


def test_a_step_without_days_is_left_out(clock, owner):
    Business.objects.update(
        unseen_mail_days=None,
        unseen_task_days=None,
        silent_mail_days=None,
        silent_task_days=None,
        expiring_mail_days=None,
    )
    quote = make.make_sent_quote(by=owner, valid_until=date(2026, 11, 30))
    look(quote)
    until(clock, 35)
    assert (reminders(quote), tasks_of(quote)) == ([], [])


def test_an_address_that_refuses_is_not_written_to(quote, clock):
    bounces.refuse(Mail.objects.get(kind="billing/mail/quote_sent"), "550 5.1.1 unknown")
    until(clock, 20)
    assert reminders(quote) == []
    assert any("E-Mail-Adresse prüfen" in text for text in tasks_of(quote))


def test_a_link_without_an_address_becomes_a_task_before_it_expires(clock, owner):
    quote = make.make_quote(by=owner, valid_until=date(2026, 11, 30))
    quotes.send(quote, by=owner, to="")
    look(quote)
    Todo.objects.all().delete()
    until(clock, 28)
    assert reminders(quote) == []
    assert "Angebot „Einbauschrank im Flur“ für Sabine Brandt läuft bald ab: bitte melden." in tasks_of(quote)


def test_a_payment_reminder_and_the_question_afterwards_wait_their_turn(clock, business, owner):
    """Sunday: neither; Monday: one of them; Tuesday: the other. An invoice itself never waits."""
    Business.objects.update(reminds_of_payment=True, feedback_days=6)
    business.refresh_from_db()
    customer = make.make_customer()
    quote = make.make_sent_quote(customer, by=owner)
    Customer.objects.filter(pk=customer.pk).update(feedback_notice_at=timezone.now())
    invoice = make.make_open_invoice(make.make_completed_order(quote), rendered=True)
    requests.plan(invoice.order)
    DueAction.objects.filter(kind=invoices.OVERDUE).update(due_at=due.morning_of(date(2026, 11, 22)))
    DueAction.objects.filter(kind=requests.DUE).update(due_at=due.morning_of(date(2026, 11, 22)))
    until(clock, 22)
    assert reminders(quote) == []
    until(clock, 25)
    assert [at for _kind, at in reminders(quote)] == ["23.11. 08:00", "24.11. 08:00"]
    assert {kind for kind, _at in reminders(quote)} == {"billing/mail/invoice_reminder", "feedback/mail/request"}


def test_the_words_by_hand_fit_what_happened_and_the_language(quote):
    assert "bei Ihnen angekommen?" in follow_ups.suggestion(quote)
    look(quote)
    assert "angesehen. Passt alles so" in follow_ups.suggestion(quote)


def test_a_mail_by_hand_is_not_held_back_and_signed(quote, clock, owner):
    clock.move_to("2026-11-08T21:00:00+00:00")  # Sunday night: somebody pressed the button
    row = follow_ups.send(quote, link=make.link_to(quote), message="Guten Abend", by=owner)
    assert mail.deliver(row.pk) and not row.is_automatic
    assert "Guten Abend" in row.text and "Jana Haselbach" in row.text


def test_what_is_decided_is_not_followed_up(quote):
    quotes.decline(quote)
    with pytest.raises(Refusal, match="nicht mehr offen"):
        follow_ups.called(quote, by=None)
