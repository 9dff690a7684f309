"""Photos of an order that its customer sees."""

from importlib import import_module

import pytest
from django.apps import apps

from accounts.refusals import Refusal
from billing import order_news, order_photos
from billing.models import OrderPhoto
from crm import attachments, notes
from crm.models import Attachment
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(business):
    return make.make_order()


def photo_of(customer, **more):
    return attachments.add(customer, make.upload(), is_told=False, **more)


def test_a_released_photo_is_seen_at_its_milestone_with_words(order, owner):
    shot = photo_of(order.customer)
    milestone = order.milestones.get(step="started")
    order_photos.release(order, shot, by=owner)
    released = order_photos.release(order, shot, milestone=milestone, description=" Fronten  in Salbei ", by=None)
    shot.refresh_from_db()
    assert (released.milestone, str(released), released.by, shot.is_shared) == (
        milestone, "Fronten in Salbei", owner, True,
    )  # fmt: skip
    assert list(order_photos.of(order)) == [released]


def test_many_photos_are_one_news(order, owner):
    for _n in range(3):
        order_photos.release(order, photo_of(order.customer), by=owner)
    assert [news.kind for news in order.news.all()] == ["photos"]
    order_news.deliver(order)
    order_photos.release(order, photo_of(order.customer), by=owner)
    assert order_news.waiting(order).count() == 1


def test_taken_back_it_is_seen_nowhere_and_is_no_news(order, owner):
    shot = photo_of(order.customer)
    order_photos.take_back(order_photos.release(order, shot, by=owner), by=owner)
    shot.refresh_from_db()
    assert shot.is_shared is False
    assert not order_photos.of(order).exists() and not order_news.waiting(order).exists()


def test_taken_from_one_of_two_orders_it_stays_with_the_other(order, owner):
    other = make.make_order(make.make_sent_quote(order.customer))
    shot = photo_of(order.customer)
    here, there = order_photos.release(order, shot, by=owner), order_photos.release(other, shot, by=owner)
    order_photos.take_back(here, by=owner)
    shot.refresh_from_db()
    assert (shot.is_shared, list(order_photos.of(other))) == (True, [there])


def test_only_present_photos_of_this_customer_and_places_of_this_order(order, owner):
    paper = attachments.add(order.customer, make.upload(b"%PDF-1.7 x", "a.pdf", "application/pdf"), is_told=False)
    deleted = photo_of(order.customer)
    attachments.delete(deleted)
    deleted.refresh_from_db()
    for wrong in (photo_of(make.make_customer()), paper, deleted):
        with pytest.raises(Refusal, match="Foto dieses Kunden"):
            order_photos.release(order, wrong, by=owner)
    with pytest.raises(Refusal, match="Meilenstein dieses Auftrags"):
        order_photos.release(order, photo_of(order.customer), milestone=make.make_order().milestones.first(), by=owner)
    with pytest.raises(Refusal, match="160 Zeichen"):
        order_photos.release(order, photo_of(order.customer), description="x" * 161, by=owner)
    assert not OrderPhoto.objects.exists()


def test_shared_in_the_timeline_it_goes_to_the_one_running_order(order, owner):
    shot = photo_of(order.customer, is_shared=True, by=owner)
    assert [(photo.attachment, photo.by) for photo in order_photos.of(order)] == [(shot, owner)]
    attachments.set_shared(shot, False, by=owner)
    assert not order_photos.of(order).exists()
    attachments.set_shared(shot, True, by=owner)
    assert order_photos.of(order).count() == 1


def test_with_two_running_orders_nobody_guesses(order, owner):
    other = make.make_order(make.make_sent_quote(order.customer))
    shot = photo_of(order.customer, is_shared=True, by=owner)
    shot.refresh_from_db()
    assert shot.is_shared
    assert not order_photos.of(order).exists() and not order_photos.of(other).exists()


def test_a_file_that_is_no_photo_is_shared_as_before(order):
    attachments.add(order.customer, make.upload(b"%PDF-1.7 x", "a.pdf", "application/pdf"), is_shared=True)
    assert not OrderPhoto.objects.exists() and not order.news.exists()


def test_a_deleted_photo_is_seen_no_more_nor_one_of_a_deleted_note(order, owner):
    note = make.make_note(order.customer, files=[make.upload()], is_shared=True)
    shot = photo_of(order.customer)
    order_photos.release(order, shot, by=owner)
    assert order_photos.of(order).count() == 2
    attachments.delete(shot)
    notes.delete(note)
    assert not order_photos.of(order).exists()


def test_photos_shared_before_go_to_the_one_order_they_can_belong_to(order, owner):
    alone = photo_of(order.customer)
    first = make.make_completed_order()
    second = make.make_order(make.make_sent_quote(first.customer))
    running = photo_of(first.customer)
    third = make.make_order()
    make.make_order(make.make_sent_quote(third.customer))
    open_question = photo_of(third.customer)
    Attachment.objects.filter(pk__in=[alone.pk, running.pk, open_question.pk]).update(is_shared=True)
    import_module("billing.migrations.0013_photos_of_the_one_order").release(apps, None)
    assert {(photo.order, photo.attachment) for photo in OrderPhoto.objects.all()} == {
        (order, alone),
        (second, running),
    }
