"""Makers: plain functions that build what a test needs by the real verbs. One section per app, from the bottom up."""

import io
import itertools
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts import current
from accounts.models import Business, Member, User
from accounts.rights import Role
from crm import appointments, customers, mail, notes, todos
from crm.models import Appointment, Customer, Mail, Note, Todo

_counter = itertools.count(1)


class Browser(Client):
    """A test client whose requests do not see for which business the test itself works."""

    def request(self, **request):
        with current.working_for(None):
            return super().request(**request)


# --- accounts ---------------------------------------------------------------------------------------------------------
def make_business(name="Tischlerei Haselbach", **fields) -> Business:
    """A business with all it needs to write documents."""
    n = next(_counter)
    return Business.objects.create(
        name=name,
        slug=fields.pop("slug", f"betrieb-{n}"),
        **{
            "legal_name": f"{name}, Inh. Jana Haselbach",
            "owner_name": "Jana Haselbach",
            "trade": "Tischlerei",
            "street": "Werkhof 3",
            "postcode": "22145",
            "city": "Hamburg",
            "phone": "040 66969120",
            "email": "post@haselbach.example",
            "tax_number": "22/345/67898",
            "account_holder": "Jana Haselbach",
            "iban": "DE89370400440532013000",
            **fields,
        },
    )


def make_member(role=Role.OWNER, *, name="Jana Haselbach", business=None, email="") -> Member:
    """A user with a part in the current business."""
    user = User.objects.create_user(
        email or f"person{next(_counter)}@haselbach.example", "ein-langes-passwort", name=name
    )
    return Member.objects.create(business=business or current.business(), user=user, role=role)


def signed_in(member: Member) -> Browser:
    """A browser in which this member has signed in."""
    browser = Browser()
    browser.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def signed_in_as(role=Role.OWNER) -> Browser:
    """A browser of a new member of the current business."""
    return signed_in(make_member(role))


# --- crm --------------------------------------------------------------------------------------------------------------
def make_customer(last_name="Brandt", *, by=None, tags=(), **fields) -> Customer:
    """A private customer in Hamburg, unless told otherwise."""
    return customers.create(
        by=by,
        tags=tags,
        **{
            "salutation": "ms",
            "first_name": "Sabine",
            "last_name": last_name,
            "email": f"{last_name.lower()}{next(_counter)}@kunde.example",
            "mobile": "0171 3920011",
            "street": "Rotdornweg 8",
            "postcode": "22397",
            "city": "Hamburg",
            **fields,
        },
    )


def make_company(company_name="Café Morgenrot GmbH", **fields) -> Customer:
    """A business customer."""
    return make_customer(
        **{"kind": "business", "company_name": company_name, "last_name": "Morgenrot", "first_name": "Ada", **fields}
    )


def make_note(customer=None, text="Flur 2,94 m breit", *, by=None, files=(), **kwargs) -> Note:
    """A note, of a new customer if none is given."""
    return notes.add(customer or make_customer(), text, by=by, files=files, **kwargs)


def make_todo(text="Lackmuster schicken", *, by=None, **kwargs) -> Todo:
    """A task."""
    return todos.add(text, by=by, **kwargs)


def make_appointment(customer=None, title="Aufmaß", *, starts_at=None, minutes=60, by=None, **kwargs) -> Appointment:
    """An appointment in an hour."""
    starts_at = starts_at or timezone.now() + timedelta(hours=1)
    return appointments.add(
        customer or make_customer(),
        title,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        by=by,
        **kwargs,
    )


def make_failed_mail(customer=None) -> Mail:
    """A mail the address refused."""
    todo = make_todo(by=make_member())
    row = mail.queue("crm/mail/todo_reminder", to="weg@kunde.example", customer=customer, todo=todo)
    Mail.objects.filter(pk=row.pk).update(state=Mail.State.FAILED, error="550 no such user", tries=1)
    row.refresh_from_db()
    return row


def picture(size=(64, 48), form="JPEG", colour="#7a9e87", **save) -> bytes:
    """A small picture as bytes."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **save)
    return out.getvalue()


def upload(content=None, name="foto.jpg", content_type="image/jpeg") -> SimpleUploadedFile:
    """A file as a form sends it; a small photo unless told otherwise."""
    return SimpleUploadedFile(name, picture() if content is None else content, content_type)
