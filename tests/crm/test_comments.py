"""Comments on lines, photos and pages of PDFs."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.refusals import Refusal
from crm import attachments, comments, timeline
from crm.models import Attachment, Comment
from tests import make


@pytest.fixture
def photo(business):
    return attachments.add(make.make_customer(), make.upload())


def test_a_line_is_commented_on_and_stays_as_it_is(business, owner):
    note = make.make_note()
    line = timeline.of(note.customer)[0]
    comments.on_entry(line, "  Nachmessen  ", by=owner)
    (found,) = timeline.of(note.customer)[0].comments.all()
    assert (found.text, found.by, found.customer) == ("Nachmessen", owner, note.customer)


def test_places_keep_their_numbers_when_one_is_deleted(photo, owner):
    first = comments.on_file(photo, "Riss", by=owner, x=Decimal("0.25"), y=Decimal("0.5"))
    comments.on_file(photo, "Schönes Licht", by=owner)
    comments.on_file(photo, "Dübel", by=owner, x=Decimal(1), y=Decimal(0))
    comments.delete(first)
    assert [(each.text, getattr(each, "number", None)) for each in comments.of_file(photo)] == [
        ("Schönes Licht", None), ("Dübel", 2),
    ]  # fmt: skip
    comments.restore(first)
    assert [getattr(each, "number", None) for each in comments.of_file(photo)] == [1, None, 2]


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"x": Decimal("0.5")}, "x"),
        ({"x": Decimal("1.01"), "y": Decimal(0)}, "x"),
        ({"x": Decimal("-0.1"), "y": Decimal(0)}, "x"),
        ({"page": 0}, "page"),
        ({"page": 3}, "page"),
    ],
)
def test_what_makes_no_sense_is_refused(photo, place, field):
    Attachment.objects.filter(pk=photo.pk).update(page_count=2)
    photo.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        comments.on_file(photo, **{"text": "Riss", "by": None, **place})
    assert refused.value.field == field and not Comment.objects.exists()


@pytest.mark.parametrize(
    "broken", [{"x": 2, "y": 0}, {"x": Decimal("0.5"), "y": None}, {"entry": None, "attachment": None}]
)
def test_the_database_refuses_it_too(photo, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(**{"customer": photo.customer, "attachment": photo, "text": "Riss", **broken})
