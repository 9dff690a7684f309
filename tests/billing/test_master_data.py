"""Changes of master data stand in the journal, whoever makes them, and what gets round it is found (R53)."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from accounts import businesses, current
from accounts.models import Business, SmallBusinessPeriod
from accounts.rights import Role
from billing import master_data, verification
from billing.models import CatalogueItem, DatevAccount, JournalEntry
from crm import customers, numbering
from crm.models import Customer, NumberRange
from tests import make

NEW = "DE02120300000000202051"


def told():
    """(subject, by, channel, before, after) of each entry."""
    rows = JournalEntry.objects.filter(event="billing.master_data_changed").order_by("sequence")
    facts = [(row, json.loads(row.facts)) for row in rows]
    return [
        (row.subject, row.by, said["channel"], json.loads(said["before"]), json.loads(said["after"]))
        for row, said in facts
    ]


def broken():
    return [problem for problem in master_data.first_broken() if problem]


def test_a_new_iban_stands_in_the_journal_with_the_old_one(business, owner):
    businesses.change(business, by=owner, iban=NEW, phone="040 1")
    subject = f"accounts.Business {business.pk}"
    assert told() == [(subject, owner, "task", {"iban": "DE89370400440532013000"}, {"iban": NEW})]


def test_a_page_says_who_and_that_it_was_a_page(business):
    item = make.make_catalogue_item("Montage", "62")
    browser = make.signed_in_as(Role.OFFICE)
    form = {"name": "Montage", "unit": "HUR", "unit_price": "65", "vat_rate": "19",
            "cost_kind": "labour"}  # fmt: skip
    answer = browser.post(reverse("billing:catalogue_edit", args=[item.pk]), form)
    assert answer.status_code == 302
    ((subject, by, channel, before, after),) = told()
    assert (subject, by.role, channel) == (f"billing.CatalogueItem {item.pk}", Role.OFFICE, "page")
    assert (before["unit_price"], after["unit_price"]) == ("62.0000", "65.0000")


def test_what_is_saved_as_it_was_is_not_told(business, owner):
    item = make.make_catalogue_item(unit_price="62")
    item.unit_price = Decimal("62.00")
    item.save()
    businesses.change(business, by=owner, phone="040 1")
    Business.objects.get(pk=business.pk).save()
    assert told() == []


def test_a_customers_name_and_tax_number_are_told_once_something_was_ordered(business, owner):
    order = make.make_order()
    customer = Customer.objects.get(pk=order.customer_id)
    customers.change(customer, by=owner, last_name="Klein", vat_id="DE136695976", phone="040 2")
    ((subject, by, _channel, before, after),) = told()
    assert (subject, by) == (f"crm.Customer {customer.pk}", owner)
    assert (before, after) == ({"last_name": "Brandt", "vat_id": ""}, {"last_name": "Klein", "vat_id": "DE136695976"})


def test_of_somebody_who_only_asked_nothing_is_kept_for_ever(business, owner):
    customers.change(make.make_customer(), by=owner, last_name="Klein")
    assert told() == []


def test_number_formats_accounts_and_times_as_a_small_business_are_told(business, owner):
    numbering.take(NumberRange.Kind.INVOICE, year=2026)
    row = NumberRange.objects.get(kind="invoice")
    row.prefix = "R"
    row.save()
    numbering.take(NumberRange.Kind.INVOICE, year=2026)
    businesses.set_small_business(business, [(date(2025, 1, 1), None)], by=owner)
    businesses.set_small_business(business, [], by=owner)
    DatevAccount.objects.create(key="S19", account=8401, valid_from=date(2026, 1, 1))
    assert [(subject.split()[0], before, after) for subject, _by, _channel, before, after in told()] == [
        ("crm.NumberRange", {"prefix": ""}, {"prefix": "R"}),
        ("accounts.SmallBusinessPeriod", {"valid_from": "", "valid_until": ""}, {"valid_from": "2025-01-01", "valid_until": ""}),
        ("accounts.SmallBusinessPeriod", {"valid_from": "2025-01-01", "valid_until": ""}, {"valid_from": "", "valid_until": ""}),
        ("billing.DatevAccount", {"account": "", "key": "", "valid_from": ""},
         {"account": "8401", "key": "S19", "valid_from": "2026-01-01"}),
    ]  # fmt: skip
    assert SmallBusinessPeriod.objects.count() == 0
    assert broken() == []


def test_what_was_changed_around_the_journal_is_named(business, owner):
    item = make.make_catalogue_item(unit_price="62")
    item.unit_price = Decimal(65)
    item.save()
    assert broken() == []
    CatalogueItem.objects.filter(pk=item.pk).update(unit_price=70)
    named = f"billing.CatalogueItem {item.pk}: unit_price is not what the journal said last"
    assert broken() == [named]
    assert verification.run().broken == [named]
    item.refresh_from_db()
    item.unit_price = Decimal(80)
    item.save()
    number = JournalEntry.objects.latest("sequence").sequence
    assert broken() == [
        f"billing.CatalogueItem {item.pk}: unit_price was changed before journal entry {number} without one"
    ]


@pytest.mark.django_db(transaction=True)
def test_a_price_is_not_changed_without_its_entry():
    """Outside a transaction the row stays as it was: its entry could be lost."""
    with current.working_for(make.make_business()):
        item = make.make_catalogue_item(unit_price="62")
        item.unit_price = Decimal(65)
        with pytest.raises(transaction.TransactionManagementError):
            item.save()
        assert CatalogueItem.objects.get().unit_price == 62


# What is no legal, tax or bank data, no number format, no name or address, no price.
NOT_WATCHED = {
    Business: {
        "asks_postcode", "asks_signature", "asks_vat_office", "brand", "chamber", "created_at", "dunning_days", "email",
        "employees",
        "estimate_percent", "expiring_mail_days", "feedback_days", "id", "is_regulated_trade", "liability_insurer", "logo",
        "phone", "privacy_notice", "professional_title", "quote_days", "reminds_of_payment", "request_intro", "review_url",
        "silent_mail_days", "silent_task_days", "slug", "state", "supervisory_authority", "takes_requests", "terms",
        "trade", "unseen_mail_days", "unseen_task_days", "website",
    },
    Customer: {
        "archived_at", "business", "contact_by", "contact_note", "created_at", "dunning_stop", "email",
        "feedback_notice_at", "feedback_opt_out_at", "follow_up_on", "id", "is_prospect", "language", "mobile", "name",
        "number", "phone", "salutation", "search_name", "search_text", "source", "updated_at",
    },
    NumberRange: {"business", "id", "kind", "last", "year"},
    CatalogueItem: {"archived_at", "business", "cost_kind", "cost_split", "description", "id", "purchase_price"},
    DatevAccount: {"business", "id"},
    SmallBusinessPeriod: {"business", "id"},
}  # fmt: skip


@pytest.mark.parametrize("model", master_data.WATCHED, ids=lambda model: model.__name__)
def test_of_each_field_somebody_decided_whether_its_changes_are_told(model):
    """A new field goes into master_data.WATCHED or into the list above."""
    watched = set(master_data.WATCHED[model])
    fields = model._meta.concrete_fields
    assert {each.name for each in fields if not watched & {each.name, each.attname}} == NOT_WATCHED[model]
