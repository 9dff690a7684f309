"""The acceptance of work (Abnahme, §§ 640, 341 (3), 650g BGB, R92)."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.refusals import Refusal
from accounts.rights import Role
from billing import (
    journal,
    orders,
    rendering,
    sign_off_papers,
    sign_off_periods,
    sign_off_records,
    sign_offs,
    verification,
)
from billing.documents import evidence
from billing.models import Defect, Milestone, Order, SignOff, Step
from crm import due
from crm.models import DueAction, Mail, TimelineEntry, Todo
from crm.states import NotAllowed
from tests import make

DRAWN = "M 10 20 L 40 60 L 80 20"
ON_SITE, PORTAL = SignOff.Channel.ON_SITE, SignOff.Channel.PORTAL


@pytest.fixture(autouse=True)
def papers(monkeypatch):
    """What stands on paper is looked at in documents/test_sign_off_pdf.py."""
    monkeypatch.setattr("billing.documents.pdf.render_letter_pdf", lambda *_, **__: b"%PDF-1.7 letter")
    monkeypatch.setattr("billing.documents.pdf.render_sign_off_pdf", lambda *_, **__: b"%PDF-1.7 protocol")


@pytest.fixture
def today(monkeypatch):
    """A day that can be moved: `today(date)`; midday in Hamburg."""

    def set_to(day):
        now = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    set_to(date(2026, 11, 20))
    return set_to


def accept(sign_off, **said):
    return sign_offs.accept(
        sign_off,
        **{"reserves_defects": None, "reserves_penalty": None, "customer_name": "Sabine Brandt", "channel": ON_SITE}
        | said,
    )


def refuse(sign_off, **said):
    return sign_offs.refuse(sign_off, **{"reason": "", "customer_name": "Sabine Brandt", "channel": ON_SITE} | said)


def message(refused):
    return refused.value.message


# --- the draft ----------------------------------------------------------------------------------------------------------
def test_a_draft_knows_what_was_ordered_where_and_who_is_there(owner):
    draft = sign_offs.start(make.make_completed_order(by=owner), owner)
    assert draft.scope.splitlines()[:2] == ["Einbauschrank im Flur", "– Aufmaß vor Ort und Werkplanung"]
    assert "– Schrankkorpus Birke-Multiplex (4 Stk.)" in draft.scope.replace("\u00a0", " ")
    assert "Salbei" not in draft.scope
    assert draft.place == "Rotdornweg 8, 22397 Hamburg"
    assert (draft.customer_name, draft.business_name) == ("Sabine Brandt", "Jana Haselbach")
    assert (draft.number, draft.warranty, draft.reserves_defects) == (1, "", None)
    assert sign_offs.start(draft.order, owner) == draft  # gone on with, not begun twice


@pytest.mark.parametrize("state", ["cancelled", "withdrawn"])
def test_an_order_that_was_called_off_has_no_sign_off(business, state):
    order = make.make_order()
    Order.objects.filter(pk=order.pk).update(state=state)
    with pytest.raises(Refusal, match="Dafür gibt es keine Abnahme"):
        sign_offs.start(order, None)


def test_a_defect_takes_a_photo_and_a_deadline_and_goes_again(owner):
    draft = make.make_sign_off(by=owner)
    until = timezone.localdate() + timedelta(days=14)
    defect = sign_offs.add_defect(draft, text="  Kratzer an  Tür 2 ", mend_by=until, photo=make.upload(), by=owner)
    assert (defect.text, defect.mend_by, defect.photo.kind) == ("Kratzer an Tür 2", until, "photo")
    assert (defect.photo.customer, defect.photo.is_shared) == (draft.order.customer, False)
    with pytest.raises(NotAllowed):
        sign_offs.remove_defect(defect, is_from_customer=True)  # the customer takes back only his own
    sign_offs.remove_defect(defect)
    assert not draft.defects.exists()


@pytest.mark.parametrize(
    ("named", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 301}, "text"),
        ({"text": "Kratzer", "mend_by": date(2020, 1, 1)}, "mend_by"),
        ({"text": "Kratzer", "photo": make.upload(b"hello", "a.jpg")}, "photo"),
    ],
)
def test_a_defect_that_cannot_be_written_down_names_its_field(business, named, field):
    with pytest.raises(Refusal) as refused:
        sign_offs.add_defect(make.make_sign_off(), **named)
    assert refused.value.field == field


# --- the decision -------------------------------------------------------------------------------------------------------
def test_accepted_work_is_on_record_and_its_warranty_runs(owner, today):
    order = make.make_order()
    sign_off = accept(make.make_sign_off(order, by=owner), by=owner, signature=DRAWN, business_signature=DRAWN)
    assert (sign_off.state, sign_off.channel, sign_off.warranty_until) == ("accepted", "on_site", date(2031, 11, 20))
    record = json.loads(sign_off.record)
    assert evidence.digest(sign_off.record) == sign_off.record_hash
    assert record["warranty"] == {
        "kind": "building", "years": 5, "ground": "§ 634a Abs. 1 Nr. 2 BGB", "begins": "2026-11-20", "until": "2031-11-20",
    }  # fmt: skip
    assert record["signatures"]["customer_sha256"] == evidence.digest(DRAWN)
    assert (record["defects"], record["reserves"]) == ([], {"defects": None, "penalty": None})
    assert record["taken_down"]["by"] == "Jana Haselbach"
    order.refresh_from_db()
    assert (order.state, sign_offs.accepted_on(order)) == ("completed", date(2026, 11, 20))
    assert TimelineEntry.objects.filter(event="billing.sign_off_accepted").count() == 1
    assert journal.first_broken() is None


def test_the_milestone_is_reached(business):
    order = make.make_completed_order()
    Milestone.objects.create(order=order, step=Step.SIGNED_OFF, sort=9)
    accept(make.make_sign_off(order, is_part=True))
    assert Milestone.objects.get(step=Step.SIGNED_OFF).reached_at is None  # a part is not the whole
    accept(make.make_sign_off(order))
    assert Milestone.objects.get(step=Step.SIGNED_OFF).reached_at is not None


def test_named_defects_want_the_reservation_answered(business):
    draft = make.make_sign_off(defects=["Kratzer"])
    with pytest.raises(Refusal, match="vorbehalten") as refused:
        accept(draft)
    assert refused.value.field == "reserves_defects"
    sign_off = accept(draft, reserves_defects=False)
    assert sign_off.reserves_defects is False
    assert json.loads(sign_off.record)["reserves"]["defects"]["answer"] is False
    assert "§ 640 Abs. 3 BGB" in json.loads(sign_off.record)["reserves"]["defects"]["text"]


def test_an_agreed_penalty_wants_its_reservation_answered(business):
    draft = make.make_sign_off(has_penalty=True)
    with pytest.raises(Refusal) as refused:
        accept(draft)
    assert refused.value.field == "reserves_penalty"
    sign_off = accept(draft, reserves_penalty=True)
    assert (sign_off.reserves_penalty, sign_off.reserves_defects) == (True, None)


@pytest.mark.parametrize(
    ("facts", "said", "field"),
    [
        ({"scope": " "}, {}, "scope"),
        ({"warranty": ""}, {}, "warranty"),
        ({}, {"customer_name": " "}, "customer_name"),
        ({}, {"signature": "M 1 1 L 999 1"}, "customer_signature"),
        ({}, {"business_signature": "<svg>"}, "business_signature"),
        ({}, {"seen": "0" * 16}, ""),
    ],
)
def test_what_is_missing_or_changed_is_said(business, facts, said, field):
    draft = make.make_sign_off(**facts)
    with pytest.raises(Refusal) as refused:
        accept(draft, **said)
    assert refused.value.field == field
    assert SignOff.objects.get().state == "draft"


def test_it_is_decided_once_and_then_frozen(business):
    sign_off = accept(make.make_sign_off(defects=["Kratzer"]), reserves_defects=True)
    for again in (accept, refuse):
        with pytest.raises(NotAllowed):
            again(sign_off)
    with pytest.raises(NotAllowed):
        sign_offs.add_defect(sign_off, text="Noch einer")
    for step in (
        lambda: SignOff.objects.filter(pk=sign_off.pk).update(scope="anderes"),
        lambda: SignOff.objects.filter(pk=sign_off.pk).update(state="draft", decided_at=None),
        lambda: Defect.objects.update(text="anderer"),
        lambda: Defect.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            step()


def test_a_refusal_names_a_defect_or_a_reason(business):
    with pytest.raises(Refusal) as refused:
        refuse(make.make_sign_off())
    assert refused.value.field == "refusal_reason"
    sign_off = refuse(make.make_sign_off(), reason="Zwei Türen fehlen.")
    assert (sign_off.state, sign_off.warranty_until, sign_offs.accepted_on(sign_off.order)) == ("refused", None, None)
    assert json.loads(sign_off.record)["refusal_reason"] == "Zwei Türen fehlen."
    assert sorted(Todo.objects.values_list("text", flat=True)) == [
        f"Abnahme verweigert, mit dem Kunden klären: {sign_off.order}",
        f"Gemeinsame Zustandsfeststellung verlangen (§ 650g BGB): {sign_off.order}",
    ]


def test_where_nothing_is_built_there_is_no_joint_finding(business):
    refuse(make.make_sign_off(warranty="thing", defects=["Klemmt"]))
    assert not Todo.objects.filter(text__contains="650g").exists()


def test_after_a_refusal_the_next_one_begins_with_what_is_not_mended(owner):
    first = make.make_sign_off(by=owner, defects=["Kratzer", "Spalt"], scope="Der Schrank")
    sign_offs.add_defect(first, text="Delle", photo=make.upload(), by=owner)
    refuse(first)
    sign_offs.mend(first.defects.get(text="Spalt"), by=owner)
    second = sign_offs.start(first.order, owner)
    assert (second.number, second.scope, second.warranty) == (2, "Der Schrank", "building")
    assert [defect.text for defect in second.defects.all()] == ["Kratzer", "Delle"]
    assert second.defects.get(text="Delle").photo == first.defects.get(text="Delle").photo
    accept(second, reserves_defects=True)
    assert [each.state for each in sign_offs.of(first.order)] == ["accepted", "refused"]


# --- defects afterwards -------------------------------------------------------------------------------------------------
def test_each_defect_is_a_task_until_it_is_mended(owner):
    draft = make.make_sign_off(by=owner)
    until = timezone.localdate() + timedelta(days=10)
    defect = sign_offs.add_defect(draft, text="Kratzer", mend_by=until, by=owner)
    accept(draft, reserves_defects=True, by=owner)
    todo = Todo.objects.get()
    assert (todo.text, todo.due_on, todo.about) == ("Mangel beheben: Kratzer", until, defect)
    defect.refresh_from_db()
    with pytest.raises(Refusal):
        sign_offs.mend(defect, by=owner, on=timezone.localdate() + timedelta(days=1))
    sign_offs.mend(defect, by=owner)
    sign_offs.mend(defect, by=owner)
    todo.refresh_from_db()
    assert (defect.mended_on, todo.done_at is not None) == (timezone.localdate(), True)
    assert TimelineEntry.objects.filter(event="billing.defect_mended").count() == 1


def test_a_defect_is_not_mended_before_the_protocol_is_closed(business):
    draft = make.make_sign_off(defects=["Kratzer"])
    with pytest.raises(NotAllowed):
        sign_offs.mend(draft.defects.get(), by=None)


# --- asking from afar ---------------------------------------------------------------------------------------------------
def test_the_request_brings_letter_and_notice_in_one_mail(owner, today):
    sign_off = make.make_requested_sign_off(by=owner, days=14, is_mailed=False)
    assert (sign_off.state, sign_off.deadline) == ("requested", date(2026, 12, 4))
    assert rendering.missing()[-1] == ("sign_off_request", sign_off.pk)  # the empty file name is the job
    assert "bis zum 4. Dezember 2026" in sign_off.notice
    assert "ohne einen Mangel anzugeben" in sign_off.notice
    for _twice in range(2):
        sign_off_papers.ask(sign_off)
    (mail,) = Mail.objects.filter(kind="billing/mail/sign_off_requested")
    assert mail.subject_line == f"Bitte nehmen Sie unsere Arbeit bis 4. Dezember 2026 ab ({sign_off.order})"
    assert (mail.to, mail.link.subject) == (sign_off.order.customer.email, sign_off.order)
    assert sign_off.notice in mail.text
    assert mail.text.index(Mail.LINK_MARK) < mail.text.index("Hinweis nach § 640 Abs. 2 BGB")
    assert [each.name for each in mail.attachments.all()] == [f"Aufforderung zur Abnahme {sign_off.order}.pdf"]


@pytest.mark.parametrize(
    ("facts", "days", "sentence"),
    [
        ({"is_part": True}, 14, "Für einen Teil der Leistung"),
        ({}, 13, "Die Frist muss angemessen sein. Bitte wählen Sie den 4. Dezember 2026 oder später."),
    ],
)
def test_a_deadline_that_would_make_nothing_of_silence_is_refused(business, today, facts, days, sentence):
    draft = make.make_sign_off(**facts)
    with pytest.raises(Refusal, match=sentence) as refused:
        sign_offs.request(draft, timezone.localdate() + timedelta(days=days), None)
    assert refused.value.field == "deadline"


def test_a_deadline_is_set_after_the_work_is_finished(business):
    draft = make.make_sign_off(make.make_order())
    with pytest.raises(Refusal, match="erst nach der Fertigstellung"):
        sign_offs.request(draft, timezone.localdate() + timedelta(days=30), None)
    assert sign_offs.request(draft, None, None).notice == ""  # asked without one: silence means nothing


def test_a_deadline_on_a_holiday_ends_on_the_next_working_day(business, today):
    draft = make.make_sign_off()
    assert sign_offs.request(draft, date(2026, 12, 25), None).deadline == date(2026, 12, 28)  # § 193 BGB


def test_without_an_address_nobody_is_asked(business):
    order = make.make_completed_order(email="")
    type(order.customer).objects.update(email="")
    with pytest.raises(Refusal, match="fehlt die E-Mail-Adresse"):
        sign_offs.request(make.make_sign_off(order), None, None)


def test_what_the_customer_was_asked_about_does_not_change(owner):
    sign_off = make.make_requested_sign_off(by=owner)
    with pytest.raises(NotAllowed):
        make.make_sign_off(sign_off.order, scope="Mehr")
    with pytest.raises(NotAllowed):
        sign_offs.add_defect(sign_off, text="Nachgeschoben", by=owner)  # only the customer names more
    sign_offs.add_defect(sign_off, text="Kratzer", is_from_customer=True)
    sign_offs.retract(sign_off, owner)
    assert sign_offs.open_for(sign_off.order) is None
    with pytest.raises(NotAllowed):
        accept(sign_off, channel=PORTAL)


def test_a_draft_is_no_matter_of_the_customers(business):
    draft = make.make_sign_off()
    assert (sign_offs.open_for(draft.order), sign_offs.shown_to_customer(draft.order)) == (None, None)
    with pytest.raises(NotAllowed):
        accept(draft, channel=PORTAL)
    with pytest.raises(NotAllowed):
        sign_offs.add_defect(draft, text="Kratzer", is_from_customer=True)


# --- the period passes --------------------------------------------------------------------------------------------------
def work_off():
    for pk in due.due_ids():
        due.work_off(pk)


def test_silence_is_acceptance_when_the_period_is_over(owner, today):
    sign_off = make.make_requested_sign_off(by=owner)
    today(sign_off.deadline)
    work_off()
    sign_off.refresh_from_db()
    assert sign_off.state == "requested"  # the last day is the customer's
    today(sign_off.deadline + timedelta(days=1))
    work_off()
    sign_off.refresh_from_db()
    assert (sign_off.state, sign_off.channel, sign_off.by) == ("deemed", "period", owner)
    assert sign_offs.accepted_on(sign_off.order) == date(2026, 12, 4)
    assert sign_off.warranty_until == date(2031, 12, 4)
    assert (sign_off.reserves_defects, sign_off.customer_name) == (None, "")
    assert json.loads(sign_off.record)["request"]["sending"][0]["state"] == "sent"
    assert TimelineEntry.objects.filter(event="billing.sign_off_deemed").count() == 1


@pytest.mark.parametrize("problem", ["mail", "defect", "notice"])
def test_without_the_notice_or_with_a_defect_silence_means_nothing(owner, today, problem):
    sign_off = make.make_requested_sign_off(by=owner)
    if problem == "mail":
        sign_offs.asked(sign_off).update(state=Mail.State.BOUNCED)
    elif problem == "defect":
        sign_offs.add_defect(sign_off, text="Kratzer", is_from_customer=True)
    else:
        SignOff.objects.update(notice="")
    today(sign_off.deadline + timedelta(days=1))
    work_off()
    sign_off.refresh_from_db()
    assert (sign_off.state, sign_off.warranty_until) == ("requested", None)
    why = {"mail": "nicht angekommen", "defect": "Mängel genannt", "notice": "Hinweis"}[problem]
    assert why in Todo.objects.get(text__startswith="Frist zur Abnahme abgelaufen").text
    with pytest.raises(Refusal):
        sign_offs.deem(sign_off)


def test_a_decision_in_time_ends_the_period(owner, today):
    sign_off = make.make_requested_sign_off(by=owner)
    refuse(sign_off, channel=PORTAL, reason="Es fehlt ein Boden.")
    assert not DueAction.objects.filter(kind=sign_offs.DEADLINE, state=DueAction.State.OPEN).exists()
    sign_off_periods.pass_deadline(sign_off)
    assert SignOff.objects.get().state == "refused"


def test_the_business_is_reminded_before_the_warranty_ends(owner, today):
    sign_off = accept(make.make_sign_off(by=owner), by=owner)
    action = DueAction.objects.get(kind="billing.warranty_ending")
    assert action.due_on == date(2031, 9, 25)
    today(date(2031, 9, 26))
    work_off()
    work_off()
    todo = Todo.objects.get(text__startswith="Gewährleistung endet am 20. November 2031")
    assert (todo.about, todo.customer) == (sign_off, sign_off.order.customer)


# --- papers -------------------------------------------------------------------------------------------------------------
def test_both_sides_get_the_protocol_once(owner):
    sign_off = accept(make.make_sign_off(by=owner, defects=["Kratzer"]), by=owner, reserves_defects=True)
    assert ("sign_off", sign_off.pk) in rendering.missing()
    for _twice in range(2):
        sign_off_papers.close(sign_off)
    sign_off.refresh_from_db()
    to_customer, to_business = Mail.objects.filter(kind__startswith="billing/mail/sign_off").order_by("pk")
    assert (to_customer.to, to_business.to) == (sign_off.order.customer.email, "post@haselbach.example")
    assert {each.attachments.get().sha256 for each in (to_customer, to_business)} == {sign_off.pdf_sha256}
    assert "- Kratzer" in to_customer.text
    assert str(sign_off.warranty_until.year) in to_customer.text


def test_verification_finds_a_record_that_was_changed(owner, monkeypatch):
    sign_off = accept(make.make_sign_off(by=owner), by=owner)
    sign_off_papers.close(sign_off)
    report = verification.run()
    assert (report.counts["sign-offs"], report.broken) == (1, [])
    found = SignOff.objects.get()
    found.record = found.record.replace("Einbauschrank", "Küche")
    monkeypatch.setattr(verification, "_sign_off_rows", lambda: [found])
    assert verification.run().broken == [f"Sign-off 1 of {sign_off.order}: the record does not match its hash"]


# --- who ----------------------------------------------------------------------------------------------------------------
def test_a_worker_has_the_work_accepted_that_is_his(business):
    worker, office = make.make_member(Role.FIELD_WORKER), make.make_member(Role.OFFICE)
    own, visited, other = (make.make_order() for _ in range(3))
    orders.assign(own, worker)
    make.make_appointment(visited.customer, assignee=worker)
    assert set(sign_offs.orders_for(worker)) == {own, visited}
    assert set(sign_offs.orders_for(office)) == {own, visited, other}


def test_the_mark_changes_with_what_is_to_be_decided(owner):
    sign_off = make.make_requested_sign_off(by=owner)
    before = sign_off_records.shown(sign_off)
    sign_offs.add_defect(sign_off, text="Kratzer", is_from_customer=True)
    with pytest.raises(Refusal, match="inzwischen ergänzt"):
        accept(sign_off, channel=PORTAL, seen=before)
