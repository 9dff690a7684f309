"""Heute: what waits for whom (ux.md 5.2, HEU1 to HEU6)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Role
from crm import access, messages
from tests import make

TODAY = reverse("today")


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def ask(customer=None):
    customer = customer or make.make_customer()
    link = access.mint(customer, purpose="quote", customer=customer, expires_at=timezone.now() + timedelta(days=1))
    return messages.ask(link, "Auch in Messing?", author_name="")


def test_strangers_sign_in_first(client, db):
    assert client.get(TODAY).url.startswith("/konto/login/")


def test_every_row_has_its_action(office, owner):
    question = ask()
    todo = make.make_todo("Anrufen", by=owner, due_on=timezone.localdate())
    customer = make.make_customer(follow_up_on=timezone.localdate())
    mail = make.make_failed_mail(customer)
    page = office.get(TODAY).content.decode()
    for name, row in (
        ("message_answer", question), ("todo_finish", todo), ("customer_followed_up", customer), ("mail_retry", mail),
    ):  # fmt: skip
        assert reverse(f"crm:{name}", args=[row.pk]) in page
    assert "Nichts wartet auf Sie." not in page


def test_sections_without_rows_are_absent(office, owner):
    make.make_todo("Anrufen", by=owner, due_on=timezone.localdate())
    page = office.get(TODAY).content.decode()
    assert "Aufgaben" in page and "Neue Nachrichten" not in page and "Nicht zugestellt" not in page


def test_nothing_at_all_is_said(business):
    page = make.signed_in_as(Role.OFFICE).get(TODAY).content.decode()
    assert "Nichts wartet auf Sie." in page


def test_a_worker_sees_only_their_own_and_no_money(business):
    emre = make.make_member(Role.FIELD_WORKER, name="Emre")
    ask()
    make.make_todo("meine", by=emre, due_on=timezone.localdate())
    make.make_todo("fremde", by=make.make_member(), due_on=timezone.localdate())
    make.make_appointment(title="Montage", starts_at=timezone.now(), assignee=emre)
    make.make_appointment(title="Besichtigung", starts_at=timezone.now(), assignee=make.make_member())
    page = make.signed_in(emre).get(TODAY).content.decode()
    assert "meine" in page and "Montage" in page
    assert "fremde" not in page and "Besichtigung" not in page and "Messing" not in page and "€" not in page


def test_the_first_day_shows_five_steps_ticked_by_doing_them(office):
    response = office.get(TODAY)
    assert [step.is_done for step in response.context["steps"]] == [True, False, False, False, False]
    make.make_customer()
    assert [step.is_done for step in office.get(TODAY).context["steps"]] == [True, False, False, True, False]
    assert make.signed_in_as(Role.OFFICE).get(TODAY).context["steps"] == []


def test_heute_costs_the_same_for_any_number(office, owner):
    def cost(rows):
        for _ in range(rows):
            customer = make.make_customer(follow_up_on=timezone.localdate())
            ask(customer)
            make.make_failed_mail(customer)
            make.make_appointment(customer, starts_at=timezone.now(), assignee=owner)
        return make.count_queries(office, TODAY)

    assert cost(1) == cost(2)


def test_sections_without_rows_are_not_read_either(office, owner):
    """HEU5: at most twelve queries on a day with tasks, a date to come back to and an appointment."""
    customer = make.make_customer(follow_up_on=timezone.localdate())
    make.make_todo("Anrufen", by=owner, due_on=timezone.localdate())
    make.make_appointment(customer, starts_at=timezone.now(), assignee=owner)
    make.make_sent_quote(customer)
    assert make.count_queries(office, TODAY) <= 12
