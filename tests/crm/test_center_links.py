"""The way to all documents, as the office hands it out and closes it."""

import pytest

from accounts.rights import Role
from crm import center_links, customers
from crm.models import Mail
from tests import make


@pytest.fixture
def customer(business):
    return make.make_customer(email="sabine@kunde.example")


def test_the_office_mails_the_link_and_closes_it_at_once(customer, owner):
    office = make.signed_in(owner)
    assert office.post(f"/kontakte/{customer.pk}/unterlagen/schicken/").status_code == 302
    row = Mail.objects.get(kind="crm/mail/center_invited")
    assert (row.to, row.link) == (customer.email, center_links.open_of(customer))
    visitor, link = make.in_center(customer)
    assert link == row.link
    assert "sabine@kunde.example" in office.get(customer.get_absolute_url()).content.decode()
    assert office.post(f"/kontakte/{customer.pk}/unterlagen/sperren/").status_code == 302
    assert visitor.get(f"/k/{link.public_id}/unterlagen/").status_code == 410
    assert center_links.open_of(customer) is None
    assert center_links.obtain(customer) != link


def test_without_an_address_there_is_nowhere_to_send_it(customer, owner):
    customers.change(customer, email="")
    assert make.signed_in(owner).post(f"/kontakte/{customer.pk}/unterlagen/schicken/").status_code == 409
    assert not Mail.objects.exists()


@pytest.mark.parametrize("step", ["schicken", "sperren"])
def test_it_takes_the_right_to_write_contacts(customer, step):
    worker = make.signed_in_as(Role.FIELD_WORKER)
    assert worker.post(f"/kontakte/{customer.pk}/unterlagen/{step}/").status_code == 403
