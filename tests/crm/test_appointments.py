"""Dates with a contact."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from crm import appointments
from crm.models import TimelineEntry
from tests import make


def test_an_appointment_is_told_with_its_beginning(business, owner):
    appointment = make.make_appointment(title=" Aufmaß ", by=owner)
    entry = TimelineEntry.objects.get(event="crm.appointment_added")
    assert appointment.title == "Aufmaß"
    assert (entry.subject, entry.facts) == (appointment, {"starts_at": appointment.starts_at.isoformat()})


def test_an_appointment_ends_after_it_starts(business):
    now = timezone.now()
    with pytest.raises(IntegrityError):
        appointments.add(make.make_customer(), "Aufmaß", starts_at=now, ends_at=now - timedelta(minutes=1), by=None)


def test_a_cancelled_appointment_comes_back(business):
    appointment = make.make_appointment()
    appointments.cancel(appointment)
    appointment.refresh_from_db()
    assert appointment.cancelled_at is not None
    appointments.restore(appointment)
    appointment.refresh_from_db()
    assert appointment.cancelled_at is None
