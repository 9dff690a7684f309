"""The settings pages: who may open them, what they save, what they say."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.rights import Role
from billing import legal_texts
from tests import make

PAGES = ["settings", "settings_tax", "settings_bank", "settings_look", "settings_documents", "settings_customer_page",
         "settings_team", "settings_tokens", "settings_log"]  # fmt: skip
NO_PERIOD = {"zeit-TOTAL_FORMS": "1", "zeit-INITIAL_FORMS": "0", "zeit-0-valid_from": "", "zeit-0-valid_until": ""}


def url(name):
    return reverse(f"accounts:{name}")


def about(business, **changes):
    return {
        "name": business.name, "legal_name": business.legal_name, "legal_form": business.legal_form,
        "street": business.street, "postcode": business.postcode, "city": business.city, "phone": business.phone,
        "email": business.email, **changes,
    }  # fmt: skip


@pytest.fixture
def jana(owner):
    """The owner's browser, just asked who is there."""
    return make.reauthenticated(make.signed_in(owner))


@pytest.mark.parametrize("page", PAGES)
def test_owners_see_every_page(jana, page):
    answer = jana.get(url(page))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("role", [Role.OFFICE, Role.FIELD_WORKER, Role.TAX_ADVISER])
@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_does(business, page, role):
    browser = make.reauthenticated(make.signed_in_as(role))
    assert browser.get(url(page)).status_code == 403
    assert browser.post(url(page), {"name": "x"}).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_strangers_sign_in_first(client, db, page):
    assert client.get(url(page)).headers["Location"] == f"{reverse('account_login')}?next={url(page)}"


@pytest.mark.parametrize("page", PAGES)
def test_pages_cost_the_same_however_much_there_is(jana, page, business, owner, django_assert_max_num_queries):
    for n in range(3):
        make.make_member(Role.OFFICE, name=f"Büro {n}")
    with django_assert_max_num_queries(14):
        jana.get(url(page))


# --- Betrieb ------------------------------------------------------------------------------------------------------------
def test_it_saves_who_the_business_is(jana, business):
    answer = jana.post(url("settings"), about(business, city="Lübeck", website="www.haselbach.example", state="SH"))
    assert (answer.status_code, answer.headers["Location"]) == (302, url("settings"))
    business.refresh_from_db()
    assert (business.city, business.website, business.state) == ("Lübeck", "https://www.haselbach.example", "SH")


def test_it_does_not_save_what_is_wrong(jana, business):
    answer = jana.post(url("settings"), about(business, postcode="2214", email="kein-postfach", name=""))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"postcode", "email", "name"}
    business.refresh_from_db()
    assert business.postcode == "22145"


def test_what_the_page_does_not_ask_is_not_saved(jana, business):
    jana.post(url("settings"), about(business, iban="DE02120300000000202051", slug="neu", brand="#000000", id="99"))
    business.refresh_from_db()
    assert (business.iban, business.slug[:7], business.brand) == ("DE89370400440532013000", "betrieb", "#24594a")


@pytest.mark.parametrize("value", ["x" * 100_000, "1e400", "\0"])
def test_huge_and_strange_input_is_an_error_not_a_crash(jana, business, value):
    fields = ["name", "email", "phone", "employees", "website", "liability_insurer"]
    answer = jana.post(url("settings"), about(business, **dict.fromkeys(fields, value)))
    assert answer.status_code in {302, 422}
    if value != "1e400":
        assert answer.status_code == 422


# --- Steuern ------------------------------------------------------------------------------------------------------------
def test_it_saves_taxes_and_periods(jana, business):
    data = NO_PERIOD | {
        "tax_number": "22/345/67898", "vat_id": "de 136 695 976", "taxation": "ist", "prior_year_turnover": "18.400,50",
        "zeit-0-valid_from": "2026-01-01",
    }  # fmt: skip
    assert jana.post(url("settings_tax"), data).status_code == 302
    business.refresh_from_db()
    assert (business.vat_id, business.taxation, business.prior_year_turnover) == (
        "DE136695976",
        "ist",
        Decimal("18400.50"),
    )
    assert business.is_small_business(on=date(2026, 6, 1))


def test_a_period_can_go_again(jana, business):
    business.small_business_periods.create(valid_from=date(2026, 1, 1))
    data = NO_PERIOD | {
        "taxation": "soll", "zeit-TOTAL_FORMS": "2", "zeit-INITIAL_FORMS": "1", "zeit-0-valid_from": "2026-01-01",
        "zeit-0-DELETE": "on", "zeit-1-valid_from": "", "zeit-1-valid_until": "",
    }  # fmt: skip
    assert jana.post(url("settings_tax"), data).status_code == 302
    assert not business.small_business_periods.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"vat_id": "DE123456789"},
        {"tax_number": "12"},
        {"prior_year_turnover": "viel"},
        {"prior_year_turnover": "-1"},
        {"zeit-0-valid_from": "", "zeit-0-valid_until": "2026-01-01"},
        {"zeit-0-valid_from": "2026-02-01", "zeit-0-valid_until": "2026-01-01"},
        {"zeit-TOTAL_FORMS": "abc"},
    ],
)
def test_wrong_taxes_are_not_saved(jana, business, changes):
    assert jana.post(url("settings_tax"), NO_PERIOD | {"taxation": "soll"} | changes).status_code == 422
    assert not business.small_business_periods.exists()


# --- Bank ---------------------------------------------------------------------------------------------------------------
BANK = {"account_holder": "Jana Haselbach", "iban": "de02 1203 0000 0000 2020 51", "bic": "byladem1001"}


def test_bank_details_are_kept_without_blanks(jana, business):
    assert jana.post(url("settings_bank"), BANK).status_code == 302
    business.refresh_from_db()
    assert (business.iban, business.bic) == ("DE02120300000000202051", "BYLADEM1001")
    assert "hat die Bankverbindung geändert" in jana.get(url("settings")).content.decode()


def test_bank_details_ask_who_is_there(owner, business):
    browser = make.signed_in(owner)
    assert browser.get(url("settings_bank")).status_code == 200
    answer = browser.post(url("settings_bank"), BANK)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("account_reauthenticate"))
    business.refresh_from_db()
    assert business.iban == "DE89370400440532013000"
    # after the password the form is worked off as it was sent
    answer = browser.post(answer.headers["Location"], {"password": "ein-langes-passwort"})
    assert (answer.status_code, answer.headers["Location"]) == (302, url("settings_bank"))
    business.refresh_from_db()
    assert business.iban == "DE02120300000000202051"


@pytest.mark.parametrize("changes", [{"iban": "DE02120300000000202052"}, {"bic": "XX"}, {"account_holder": "x" * 71}])
def test_wrong_bank_details_are_not_saved(jana, business, changes):
    assert jana.post(url("settings_bank"), BANK | changes).status_code == 422
    assert not AuditEntry.objects.exists()


# --- Aussehen -----------------------------------------------------------------------------------------------------------
def test_colour_and_logo_are_saved_and_shown(jana, business, client):
    answer = jana.post(url("settings_look"), {"brand": "#AA3300", "logo": make.upload(make.picture((900, 90)))})
    assert answer.status_code == 302
    business.refresh_from_db()
    assert business.brand == "#aa3300"
    page = jana.get(url("settings_look"))
    logo_url = page.context["logo_url"]
    assert f'src="{logo_url}"' in page.content.decode()
    picture = client.get(logo_url)
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_picture_that_is_none_is_refused_on_the_page(jana, business):
    svg = make.upload(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.png", "image/png")
    answer = jana.post(url("settings_look"), {"brand": "#aa3300", "logo": svg})
    assert answer.status_code == 422
    assert "PNG, JPG oder WebP" in answer.content.decode()
    business.refresh_from_db()
    assert (business.brand, business.logo.name) == ("#24594a", "")


@pytest.mark.parametrize("brand", ["red", "#12345", "#12345g", "#123456;}body{display:none", ""])
def test_only_colours_are_colours(jana, brand):
    assert jana.post(url("settings_look"), {"brand": brand}).status_code == 422


def test_the_logo_can_go(jana, business):
    jana.post(url("settings_look"), {"brand": "#aa3300", "logo": make.upload()})
    assert jana.get(url("logo_remove")).status_code == 405
    assert jana.post(url("logo_remove")).status_code == 302
    business.refresh_from_db()
    assert not business.logo


# --- Belege, Kundenseite, Protokoll -------------------------------------------------------------------------------------
def test_periods_and_texts_are_saved(jana, business):
    data = {
        "quote_days": "21", "payment_days": "7", "estimate_percent": "15", "feedback_days": "5", "reminds_of_payment": "on",
        "terms": "AGB", "privacy_notice": "", "review_url": "", "dunning_days": "10", "dunning_costs": "0,95",
        "dunning_is_automatic": "on",
    }  # fmt: skip
    assert jana.post(url("settings_documents"), data).status_code == 302
    business.refresh_from_db()
    assert (business.dunning_days, str(business.dunning_costs), business.dunning_is_automatic) == (10, "0.95", True)
    assert (business.quote_days, business.payment_days, business.feedback_days) == (21, 7, 5)
    assert business.estimate_percent == 15
    assert (business.reminds_of_payment, business.terms) == (True, "AGB")


@pytest.mark.parametrize(
    "changes",
    [{"quote_days": "0"}, {"estimate_percent": "26"}, {"payment_days": "61"}, {"feedback_days": "400"}, {"terms": "x" * 60_001},
     {"review_url": "javascript:alert(1)"}, {"dunning_days": "6"}, {"dunning_costs": "5,01"}],
)  # fmt: skip
def test_periods_have_limits(jana, changes):
    data = {
        "quote_days": "21", "payment_days": "7", "estimate_percent": "10", "feedback_days": "5", "dunning_days": "14",
        "dunning_costs": "0",
    } | changes  # fmt: skip
    assert jana.post(url("settings_documents"), data).status_code == 422


def test_legal_labels_are_shown_as_the_law_words_them(jana):
    page = jana.get(url("settings_documents")).content.decode()
    for label in (
        legal_texts.ORDER_LABELS["consumer", "de"].text,
        legal_texts.ORDER_LABELS["business", "de"].text,
        legal_texts.WITHDRAW_LABEL["de"],
    ):
        assert f'<dd lang="de">{label}</dd>' in page


def test_the_postcode_question_is_switched(jana, business):
    assert jana.post(url("settings_customer_page"), {"asks_postcode": "on"}).status_code == 302
    business.refresh_from_db()
    assert business.asks_postcode
    assert "Postleitzahl ein" in jana.get(url("settings_customer_page")).content.decode()


def test_the_log_shows_what_was_done_page_by_page(jana, business, owner):
    for n in range(51):
        business.__class__.objects.filter(pk=business.pk).update(city=f"Ort {n}")
        jana.post(url("settings"), about(business, city="Hamburg"))
    page = jana.get(url("settings_log"))
    assert len(page.context["entries"]) == 50
    older = jana.get(url("settings_log") + page.context["older_url"])
    assert len(older.context["entries"]) == 1
    assert jana.get(url("settings_log") + "?vor=xyz").status_code == 200
