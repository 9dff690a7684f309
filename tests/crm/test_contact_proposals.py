"""Contact data proposed by customers: typing alone changes nothing."""

import pytest

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from accounts.rights import Role
from crm import contact_proposals as proposals
from crm.models import ContactProposal, Customer, Mail, TimelineEntry
from tests import make


@pytest.fixture
def customer(business):
    return make.make_customer(email="sabine@kunde.example", street="Rotdornweg 8")


def events(customer):
    return list(TimelineEntry.objects.filter(customer=customer).order_by("pk").values_list("event", flat=True))[1:]


def stored(customer):
    return Customer.objects.get(pk=customer.pk)


def test_a_proposal_holds_what_differs_and_changes_nothing(customer):
    proposal = proposals.propose(customer, {"street": " Neuer  Weg 3 ", "city": "Hamburg", "number": 7}, "ab 1. Mai")
    assert (proposal.values, proposal.comment) == ({"street": "Neuer Weg 3"}, "ab 1. Mai")
    assert stored(customer).street == "Rotdornweg 8"
    assert events(customer) == ["crm.proposal_made"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "keine-adresse"}, "email"),
        ({"postcode": "!"}, "postcode"),
        ({"salutation": "dr"}, "salutation"),
        ({"last_name": "x" * 81}, "last_name"),
        ({"last_name": "", "first_name": ""}, "last_name"),
    ],
)
def test_what_a_contact_cannot_have_is_refused_with_the_field(customer, values, field):
    with pytest.raises(Refusal) as refusal:
        proposals.propose(customer, values)
    assert refusal.value.field == field
    assert not ContactProposal.objects.exists()


def test_a_later_wish_takes_the_place_of_the_one_that_waits(customer):
    first = proposals.propose(customer, {"street": "Neuer Weg 3"})
    second = proposals.propose(customer, {"phone": "040 1234567"})
    assert proposals.open_of(customer) == second
    assert proposals.propose(customer, {"phone": "040 1234567"}) == second  # sent twice
    assert proposals.propose(customer, {"phone": customer.phone}) is None  # taken back
    assert proposals.open_of(customer) is None
    with pytest.raises(Refusal):
        proposals.decide(first, True, by=None)


def test_taken_over_it_holds(customer, owner):
    proposal = proposals.propose(customer, {"street": "Neuer Weg 3", "email": "neu@kunde.example"})
    proposals.decide(proposal, True, by=owner)
    now = stored(customer)
    assert (now.street, now.email) == ("Neuer Weg 3", "neu@kunde.example")
    assert events(customer) == ["crm.proposal_made", "crm.customer_changed", "crm.proposal_taken_over"]


def test_a_new_address_is_told_to_the_old_one_and_logged(customer, owner):
    proposals.decide(proposals.propose(customer, {"email": "neu@kunde.example"}), True, by=owner)
    mail = Mail.objects.get()
    assert (mail.to, mail.kind) == ("sabine@kunde.example", "crm/mail/address_changed")
    assert "neu@kunde.example" not in mail.text
    entry = AuditEntry.objects.get(event="address_changed")
    assert (entry.by, entry.facts) == (owner, {"name": customer.name})


def test_other_changes_are_told_to_nobody(customer, owner):
    proposals.decide(proposals.propose(customer, {"city": "Kiel", "email": "SABINE@kunde.example"}), True, by=owner)
    assert not Mail.objects.exists()
    assert not AuditEntry.objects.exists()


def test_refused_all_stays_as_it_is_and_it_is_decided_once(customer, owner):
    proposal = proposals.propose(customer, {"street": "Neuer Weg 3"})
    proposals.decide(proposal, False, by=owner)
    assert stored(customer).street == "Rotdornweg 8"
    assert events(customer) == ["crm.proposal_made", "crm.proposal_refused"]
    with pytest.raises(Refusal) as refusal:
        proposals.decide(proposal, True, by=owner)
    assert refusal.value.status == 409


def test_how_to_be_reached_holds_at_once(customer):
    proposals.choose_way(customer, "phone", " nach 17 Uhr ")
    proposals.choose_way(stored(customer), "phone", "nach 17 Uhr")
    now = stored(customer)
    assert (now.contact_by, now.contact_note) == ("phone", "nach 17 Uhr")
    assert events(customer) == ["crm.way_chosen"]


def test_nobody_is_reached_where_we_know_nothing(business):
    customer = make.make_customer(mobile="", phone="")
    with pytest.raises(Refusal) as refusal:
        proposals.choose_way(customer, "phone")
    assert refusal.value.field == "contact_by"
    with pytest.raises(Refusal):
        proposals.choose_way(customer, "brieftaube")


# --- in the office ------------------------------------------------------------------------------------------------------
def test_the_office_compares_and_decides(customer, owner):
    proposal = proposals.propose(customer, {"street": "Neuer Weg 3"}, "Umzug")
    office = make.signed_in(owner)
    page = office.get(customer.get_absolute_url()).content.decode()
    for words in ("Kunde möchte Kontaktdaten ändern", "Rotdornweg 8", "Neuer Weg 3", "Umzug"):
        assert words in page, words
    assert "Geänderte Kontaktdaten" in office.get("/").content.decode()
    answer = office.post(f"/vorschlaege/{proposal.pk}/entscheiden/", {"uebernehmen": "1"})
    assert (answer.status_code, stored(customer).street) == (302, "Neuer Weg 3")
    assert office.post(f"/vorschlaege/{proposal.pk}/entscheiden/").status_code == 409
    assert "Geänderte Kontaktdaten" not in office.get("/").content.decode()
    assert office.get(f"/vorschlaege/{proposal.pk}/entscheiden/").status_code == 405


def test_who_may_not_write_contacts_decides_nothing(customer):
    proposal = proposals.propose(customer, {"street": "Neuer Weg 3"})
    worker = make.signed_in_as(Role.FIELD_WORKER)
    assert worker.post(f"/vorschlaege/{proposal.pk}/entscheiden/", {"uebernehmen": "1"}).status_code == 403
    assert "Geänderte Kontaktdaten" not in worker.get("/").content.decode()
    assert stored(customer).street == "Rotdornweg 8"
