"""Start a business, change it, see what is missing."""

from datetime import date
from decimal import Decimal

import pytest

from accounts import audit, businesses, members
from accounts.models import AuditEntry, Business
from accounts.refusals import Refusal
from accounts.rights import Role
from billing.documents.preflight import preflight
from billing.drafting import of_invoice
from tests import make

IBAN = "DE02120300000000202051"


def entries():
    return [(entry.event, entry.facts) for entry in AuditEntry.objects.order_by("pk")]


# --- create -------------------------------------------------------------------------------------------------------------
def test_who_starts_a_business_owns_it(db):
    user = make.make_user()
    business = businesses.create(user, name="Maler Schulz", legal_name="Maler Schulz GmbH", legal_form="gmbh")
    member = business.members.get()
    assert (member.user, member.role, member.is_active) == (user, Role.OWNER, True)
    assert (business.slug, business.legal_form) == ("maler-schulz", "gmbh")
    assert AuditEntry.unscoped.get().event == "business_created"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Müller & Söhne", "mueller-soehne"),
        ("Straßenbau Groß", "strassenbau-gross"),
        ("Café Élan", "cafe-elan"),
        ("株式会社", "betrieb"),
        ("  -- ", "betrieb"),
        ("x" * 200, "x" * 50),
    ],
)
def test_the_address_is_made_of_the_name(name, slug):
    assert businesses.slug_for(name) == slug


def test_two_of_the_same_name_get_two_addresses(db):
    user = make.make_user()
    made = [businesses.create(user, name="Maler Schulz", legal_name="Maler Schulz").slug for _ in range(3)]
    assert made == ["maler-schulz", "maler-schulz-2", "maler-schulz-3"]


def test_an_address_taken_at_the_same_moment_is_passed_over(db, monkeypatch):
    user = make.make_user()
    businesses.create(user, name="Maler Schulz", legal_name="Maler Schulz")
    monkeypatch.setattr(Business.objects.none().__class__, "values_list", lambda *args, **kwargs: [])
    assert businesses.create(user, name="Maler Schulz", legal_name="Maler Schulz").slug == "maler-schulz-2"


# --- change -------------------------------------------------------------------------------------------------------------
def test_a_change_is_kept_and_recorded(business, owner):
    changed = businesses.change(business, by=owner, city="Lübeck", phone="0451 1234")
    business.refresh_from_db()
    assert (changed.city, business.city, business.phone) == ("Lübeck", "Lübeck", "0451 1234")
    assert entries() == [("business_changed", {"fields": "city, phone"})]


def test_what_stays_the_same_is_no_change(business, owner):
    businesses.change(business, by=owner, city=business.city)
    assert entries() == []


def test_new_bank_details_are_recorded_by_their_ends_and_told(
    business, owner, woken, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        businesses.change(business, by=owner, iban=IBAN, city="Lübeck")
    changed, bank = AuditEntry.objects.order_by("pk")
    assert (changed.event, changed.facts) == ("business_changed", {"fields": "city"})
    assert (bank.event, bank.facts) == ("bank_changed", {"fields": "iban", "before": "…3000", "after": "…2051"})
    assert woken == [("accounts.tasks.send_bank_notice", bank.pk)]


def test_a_bank_change_is_shown_for_a_day(business, owner, time_machine):
    time_machine.move_to("2026-11-20 09:00+01:00")
    businesses.change(business, by=owner, iban=IBAN)
    time_machine.move_to("2026-11-21 08:59+01:00")
    assert audit.recent_bank_change().by == owner
    time_machine.move_to("2026-11-21 09:01+01:00")
    assert audit.recent_bank_change() is None


def test_the_first_bank_details_are_no_change_to_warn_of(business, owner):
    type(business).objects.update(iban="", account_holder="")
    businesses.change(business, by=owner, iban=IBAN, account_holder="Jana Haselbach")
    assert audit.recent_bank_change() is None
    businesses.change(business, by=owner, account_holder="Eve")
    assert audit.recent_bank_change() is not None


def test_the_log_says_it_in_words(business, owner):
    businesses.change(business, by=owner, city="Lübeck", iban=IBAN)
    businesses.set_small_business(business, [(date(2026, 1, 1), None)], by=owner)
    members.change_role(make.make_member(Role.FIELD_WORKER, name="Ole"), Role.OFFICE, by=owner)
    assert [audit.said(entry) for entry in AuditEntry.objects.order_by("pk")] == [
        "Ort",
        "IBAN · …3000 → …2051",
        "Kleinunternehmer (§ 19 UStG)",
        "Ole · Vor Ort → Büro",
    ]


# --- Kleinunternehmer ---------------------------------------------------------------------------------------------------
def test_small_business_is_a_history(business, owner):
    businesses.set_small_business(
        business, [(date(2026, 1, 1), None), (date(2024, 1, 1), date(2024, 12, 31))], by=owner
    )
    stored = list(business.small_business_periods.values_list("valid_from", "valid_until"))
    assert stored == [(date(2024, 1, 1), date(2024, 12, 31)), (date(2026, 1, 1), None)]
    assert entries()[0][1]["periods"] == "2024-01-01 – 2024-12-31; 2026-01-01 –"


@pytest.mark.parametrize(
    "periods",
    [
        [(date(2025, 1, 1), date(2024, 12, 31))],
        [(date(2024, 1, 1), date(2025, 6, 30)), (date(2025, 6, 30), None)],
        [(date(2024, 1, 1), None), (date(2025, 1, 1), None)],
    ],
)
def test_small_business_periods_that_cannot_be_are_refused(business, owner, periods):
    with pytest.raises(Refusal):
        businesses.set_small_business(business, periods, by=owner)
    assert not business.small_business_periods.exists()


def test_the_same_periods_again_are_no_change(business, owner):
    for _ in range(2):
        businesses.set_small_business(business, [(date(2026, 1, 1), None)], by=owner)
    assert len(entries()) == 1


# --- completeness (SET4) ------------------------------------------------------------------------------------------------
def test_a_complete_business_misses_nothing(business):
    assert businesses.missing_for_invoices(business) == businesses.missing_for_quotes(business) == []


def test_what_is_missing_is_named_with_its_page(business):
    for name in ("street", "tax_number", "iban", "phone"):
        setattr(business, name, "")
    missing = {each.field: each.page for each in businesses.missing_for_invoices(business)}
    assert missing == {
        "street": "accounts:settings", "tax_number": "accounts:settings_tax", "iban": "accounts:settings_bank",
    }  # fmt: skip
    assert [each.field for each in businesses.missing_for_quotes(business)] == ["street", "phone"]


@pytest.mark.parametrize("field", ["street", "postcode", "city", "tax_number", "account_holder", "iban"])
def test_the_list_asks_what_billing_asks(business, owner, field):
    """Each thing on the list keeps an invoice from being issued, and nothing about the seller beyond it does."""
    invoice = make.make_draft_invoice(by=owner)
    setattr(business, field, "")
    invoice.business = business
    seller = {
        problem.field.removeprefix("seller.")
        for problem in preflight(of_invoice(invoice, number="RE-0000-0000"))
        if problem.field.startswith("seller.") and not problem.is_warning
    }
    assert seller == {each.field for each in businesses.missing_for_invoices(business)} == {field}


def test_turnover_is_kept_to_the_cent(business, owner):
    businesses.change(business, by=owner, prior_year_turnover=Decimal("18400.50"))
    business.refresh_from_db()
    assert business.prior_year_turnover == Decimal("18400.50")
