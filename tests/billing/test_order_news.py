"""Customers are told each thing once, with what else waits, by the way they prefer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts import current
from billing import milestones, order_news, orders, work_kinds
from billing.models import Order, OrderNews
from crm import access, due
from crm.models import DueAction, Mail, Todo
from tests import make

Kind = OrderNews.Kind
JANUARY_26, JANUARY_28 = date(2027, 1, 26), date(2027, 1, 28)


@pytest.fixture
def order(business):
    with time_machine.travel("2027-01-04 09:00 +0000", tick=False) as clock:
        order = make.make_order()
        order.clock = clock
        yield order


def work_off(order, minutes=10):
    order.clock.shift(timedelta(minutes=minutes))
    for pk in due.due_ids():
        assert due.work_off(pk), DueAction.objects.get(pk=pk).error


def mails():
    return list(Mail.objects.filter(kind="billing/mail/order_news").order_by("pk"))


def prefer(order, way, **fields):
    type(order.customer).objects.filter(pk=order.customer_id).update(contact_by=way, **fields)


def test_several_changes_within_ten_minutes_are_one_mail(order, owner):
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=JANUARY_26, note="Wir kommen zu zweit.")
    order.clock.shift(timedelta(minutes=4))
    orders.move(order, Order.State.STARTED, by=owner)
    work_off(order, minutes=5)
    assert mails() == []
    work_off(order, minutes=1)
    work_off(order)
    (mail,) = mails()
    assert mail.subject_line == "Ihr Auftrag: Termin am 26. Januar 2027 (AU-2027-0001)"
    said = "Ihr Termin steht: Dienstag, 26. Januar 2027.\nWir kommen zu zweit.\n\nWir haben mit der Arbeit begonnen.\n"
    assert said in mail.text
    assert (mail.to, mail.link, mail.is_automatic) == (order.customer.email, make.link_to(order), False)
    assert {news.told_at for news in order.news.all()} == {timezone.now() - timedelta(minutes=10)}


def test_what_comes_after_is_a_mail_of_its_own_also_on_the_same_day(order, owner):
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=JANUARY_26)
    work_off(order)
    orders.move(order, Order.State.STARTED, by=owner)
    work_off(order)
    assert [mail.subject_line for mail in mails()] == [
        "Ihr Auftrag: Termin am 26. Januar 2027 (AU-2027-0001)", "Ihr Auftrag: Wir haben begonnen (AU-2027-0001)",
    ]  # fmt: skip


def test_on_the_way_goes_at_once_and_takes_along_what_waits(order, owner):
    order_news.tell(order, Kind.SHIPPED, label="DHL 123", day=date(2027, 1, 5))
    now = timezone.now()
    orders.on_the_way(order, starts_at=now, ends_at=now + timedelta(hours=1), by=owner)
    (mail,) = mails()
    assert mail.subject_line == "Ihr Auftrag: Wir sind zwischen 10:00 und 11:00 Uhr bei Ihnen (AU-2027-0001)"
    assert "Ware ist unterwegs: DHL 123, voraussichtlich Dienstag, 5. Januar 2027." in mail.text
    assert "Wir sind unterwegs und heute zwischen 10:00 und 11:00\xa0Uhr bei Ihnen." in mail.text
    work_off(order)
    assert len(mails()) == 1


def test_a_day_that_is_moved_twice_is_told_once(order, owner):
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=JANUARY_26)
    work_off(order)
    orders.reschedule(order, planned_on=date(2027, 1, 27), by=owner, reason="Krankheit")
    orders.reschedule(order, planned_on=JANUARY_28, by=owner, reason="Die Beschläge kommen erst am 27.")
    work_off(order)
    mail = mails()[-1]
    assert mail.subject_line == "Ihr Auftrag: neuer Termin am 28. Januar 2027 (AU-2027-0001)"
    assert "Ihr Termin ist jetzt: Donnerstag, 28. Januar 2027 (vorher 26. Januar 2027).\nDie Beschläge" in mail.text
    assert "Krankheit" not in mail.text
    kept = [(news.before, news.day, news.told_at is not None) for news in order.news.filter(kind="delay")]
    assert kept == [(JANUARY_26, date(2027, 1, 27), False), (date(2027, 1, 27), JANUARY_28, True)]


def test_a_day_moved_before_anybody_heard_of_it_is_simply_the_day(order, owner):
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=JANUARY_26)
    orders.reschedule(order, planned_on=JANUARY_28, by=owner, reason="Vertippt")
    work_off(order)
    assert "Ihr Termin steht: Donnerstag, 28. Januar 2027." in mails()[0].text


def test_there_and_back_is_no_news(order, owner):
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=JANUARY_26)
    work_off(order)
    orders.reschedule(order, planned_on=JANUARY_28, by=owner, reason="Krankheit")
    orders.reschedule(order, planned_on=JANUARY_26, by=owner)
    work_off(order)
    assert len(mails()) == 1
    assert not order_news.waiting(order).exists()


def test_a_cancelled_order_has_one_news_and_a_withdrawn_one_none(order, owner):
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=JANUARY_26)
    orders.move(order, Order.State.CANCELLED, by=owner)
    work_off(order)
    (mail,) = mails()
    assert mail.subject_line == "Ihr Auftrag: Storniert (AU-2027-0001)"
    assert "Der Auftrag wurde storniert." in mail.text and "Januar" not in mail.text
    withdrawn = make.make_order()
    orders.move(withdrawn, Order.State.SCHEDULED, by=owner, planned_on=JANUARY_26)
    orders.withdraw(withdrawn, name="Sabine Brandt", email="s@kunde.example")
    work_off(order)
    assert len(mails()) == 1
    assert withdrawn.news.get().told_at is None


def test_silent_news_stand_on_the_page_only(order, owner):
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=JANUARY_26, tell=False)
    assert not DueAction.objects.filter(kind=order_news.NOTICE).exists()
    orders.move(order, Order.State.STARTED, by=owner)
    work_off(order)
    assert "Termin" not in mails()[0].text
    assert [news.told_at is None for news in order.news.all()] == [True, False]


def test_own_words_of_a_milestone_are_told(order, owner):
    orders.set_kind(order, work_kinds.create_from_template("furniture"), by=owner)
    milestones.tick(order.milestones.get(label="In der Werkstatt"), by=owner)
    orders.move(order, Order.State.STARTED, by=owner)
    work_off(order)
    assert mails()[0].subject_line == "Ihr Auftrag: Bei Ihnen vor Ort (AU-2027-0001)"
    assert "Neuer Stand: In der Werkstatt.\n\nNeuer Stand: Bei Ihnen vor Ort." in mails()[0].text


def test_mails_leave_at_night_too(order, owner):
    """Transactional: no rule of crm.mail_limits holds, neither the hour nor two in a week."""
    order.clock.move_to("2027-01-03 22:30 +0000")  # a Sunday
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=JANUARY_26)
    work_off(order)
    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("way", "fields", "words"),
    [
        ("phone", {}, "Sabine Brandt anrufen (0171 3920011): Ihr Termin steht: Dienstag, 26. Januar 2027. Zu zweit."),
        ("post", {}, "Brief an Sabine Brandt: Ihr Termin steht: Dienstag, 26. Januar 2027. Zu zweit."),
        (
            "phone",
            {"mobile": "", "phone": ""},
            "Brief an Sabine Brandt: Ihr Termin steht: Dienstag, 26. Januar 2027. Zu zweit.",
        ),
    ],
)
def test_who_wants_no_mail_is_told_by_somebody(order, owner, way, fields, words):
    prefer(order, way, **fields)
    orders.assign(order, owner)
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=JANUARY_26, note="Zu zweit.")
    work_off(order)
    todo = Todo.objects.get()
    assert (todo.text.replace("\xa0", " "), todo.assignee, todo.about, todo.due_on) == (
        words, owner, order, date(2027, 1, 4),
    )  # fmt: skip
    assert mails() == []


def test_without_a_link_or_an_address_that_takes_mail_the_office_tells(order, owner):
    access.revoke(order)
    orders.move(order, Order.State.STARTED, by=owner)
    work_off(order)
    assert "anrufen" in Todo.objects.get().text
    other = make.make_order()
    Mail.objects.create(
        to=other.customer.email, kind="x", state=Mail.State.BOUNCED, next_try_at=timezone.now(), message_id="<1@x>"
    )
    orders.move(other, Order.State.STARTED, by=owner)
    work_off(order)
    assert Todo.objects.filter(customer=other.customer).exists()
    assert mails() == []


def test_the_mail_speaks_the_customers_language(order, owner):
    prefer(order, "mail", language="en")
    orders.move(order, Order.State.SCHEDULED, by=owner, planned_on=JANUARY_26)
    work_off(order)
    assert mails()[0].subject_line == "Your order: appointment on 26 January 2027 (AU-2027-0001)"
    assert "Your appointment is set: Tuesday 26 January 2027." in mails()[0].text


@pytest.mark.parametrize(
    ("kind", "facts", "brief", "words"),
    [
        (Kind.SIGN_OFF, {}, "Bitte um Abnahme", "Bitte sehen Sie sich die Arbeit an und nehmen Sie sie ab."),
        (Kind.SIGN_OFF, {"day": JANUARY_26}, "Bitte um Abnahme", "nehmen Sie sie bis Dienstag, 26. Januar 2027 ab."),
        (Kind.SHIPPED, {"label": "DHL 1"}, "Ware unterwegs", "Ware ist unterwegs: DHL 1."),
        (
            Kind.PLANNED,
            {"label": "Montage", "day": JANUARY_26},
            "Montage geplant für 26. Januar 2027",
            "„Montage“ ist geplant für: Dienstag, 26. Januar 2027.",
        ),
        (
            Kind.DELAY,
            {"label": "Montage", "day": JANUARY_28, "before": JANUARY_26},
            "Montage jetzt geplant für 28. Januar 2027",
            "„Montage“ ist jetzt geplant für: Donnerstag, 28. Januar 2027 (vorher 26. Januar 2027).",
        ),
        (Kind.PHOTOS, {}, "Neue Fotos", "Es gibt neue Fotos von der Arbeit."),
        (Kind.MILESTONE, {"state": "completed"}, "Die Arbeit ist fertig", "Die Arbeit ist fertig."),
        (Kind.MILESTONE, {"state": "placed"}, "Beauftragt", "Neuer Stand: Beauftragt."),
    ],
)
def test_every_kind_of_news_has_its_words(order, kind, facts, brief, words):
    news = order_news.tell(order, kind, **facts)
    assert order_news.headline([news]) == brief
    assert order_news.sentence(news).endswith(words)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_tells(transactional_db):
    """Rows are claimed under the lock of their order."""
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("the database is in memory")
    with current.working_for(make.make_business()) as business:
        order = make.make_order()
        order_news.tell(order, Kind.PHOTOS)

        def work(_n):
            try:
                with current.working_for(business):
                    order_news.deliver(order)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
        assert len(mails()) == 1
