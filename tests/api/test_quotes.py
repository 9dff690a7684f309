"""Quotes over the API: the same verbs as in the browser."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.rights import Role
from billing import quotes
from billing.models import Quote
from crm.models import AccessLink, Mail, Site
from tests import make
from tests.api.conftest import api_of

LINE = {
    "text": "Montage",
    "quantity": "2.5",
    "unit": "HUR",
    "unit_price": "62.00",
    "vat_rate": 19,
    "cost_kind": "labour",
}


def new(customer, **changes):
    return {"contact": customer.pk, "title": "Einbauschrank", "lines": [LINE], **changes}


# --- create -------------------------------------------------------------------------------------------------------------
def test_it_creates_a_draft(api, owner):
    customer = make.make_customer()
    answer = api.post("quotes/", new(customer, discount_percent="10", payment_terms="14 Tage"))
    quote = Quote.objects.get()
    assert answer.status_code == 201
    assert (quote.customer, quote.by, quote.state, quote.number) == (customer, owner, "draft", None)
    # 2.5 h x 62.00 = 155.00, less 10 % = 139.50, plus 19 % VAT
    assert answer.data["gross"] == "166.01"
    assert answer.data["intro"] == "Guten Tag Frau Brandt,"
    (line,) = answer.data["lines"]
    assert (line["quantity"], line["unit_price"], line["vat_rate"]) == ("2.500", "62.0000", "19.00")


def test_alternatives_and_options(api):
    rows = [
        {"kind": "section", "text": "Fronten"},
        LINE | {"text": "Eiche", "alternative_set": "Front", "is_default": True},
        LINE | {"text": "Weiß", "alternative_set": "Front"},
        LINE | {"text": "Spiegel", "is_optional": True},
    ]
    data = api.post("quotes/", new(make.make_customer(), lines=rows)).data
    assert [(row["kind"], row["alternative_set"], row["is_default"], row["is_optional"]) for row in data["lines"]] == [
        ("section", "", False, False), ("item", "Front", True, False), ("item", "Front", False, False), ("item", "", False, True),
    ]  # fmt: skip
    assert data["gross"] == "184.45"


def test_titles_numbers_groups_and_parts_of_a_price(api):
    rows = [
        {"kind": "section", "text": "Eiche", "alternative_set": "Ausführung", "is_default": True},
        LINE | {"cost_split": {"labour": "50", "travel": "12.00", "material": 0}},
        {"kind": "section", "text": "Buche", "alternative_set": "Ausführung"},
        LINE,
        {"kind": "section", "text": "Dazu"},
        LINE | {"is_optional": True, "option_group": "Innen", "max_quantity": 8},
    ]
    data = api.post("quotes/", new(make.make_customer(), lines=rows, kind="construction", negotiation="visit")).data
    assert (data["gross"], data["kind"], data["negotiation"]) == ("184.45", "construction", "visit")
    assert data["lines"][1]["cost_split"] == {"labour": "50.0000", "travel": "12.0000"}
    assert (data["lines"][5]["option_group"], data["lines"][5]["max_quantity"]) == ("Innen", 8)
    refused = api.post("quotes/", new(make.make_company(), kind="construction"))
    assert refused.status_code == 400 and "kind" in str(refused.data)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": [LINE | {"cost_split": {"labour": "60"}}]}, "lines"),
        ({"lines": [LINE | {"cost_split": {"beer": "62"}}]}, "lines"),
        ({"lines": [LINE | {"cost_split": {"labour": "-1", "travel": "63"}}]}, "lines"),
        ({"lines": [LINE | {"cost_split": 7}]}, "lines"),
        ({"lines": [LINE | {"is_optional": True, "max_quantity": 0}]}, "lines"),
        ({"title": ""}, "title"),
        ({"contact": None}, "contact"),
        ({"contact": 999_999}, "contact"),
        ({"contact": "x"}, "contact"),
        ({"contact": 10**30}, "contact"),
        ({"contact": True}, "contact"),
        ({"contact": {}}, "contact"),
        ({"mode": "x"}, "mode"),
        ({"discount_percent": "101"}, "discount_percent"),
        ({"discount_percent": "-101"}, "discount_percent"),
        ({"valid_until": "9999-12-31"}, "valid_until"),
        ({"intro": "x" * 4001}, "intro"),
        ({"lines": {}}, "lines"),
        ({"lines": [LINE] * 301}, "lines"),
        ({"lines": [LINE | {"text": " "}]}, "lines"),
        ({"lines": [LINE | {"quantity": "1e30"}]}, "lines"),
        ({"lines": [LINE | {"quantity": "0"}]}, "lines"),
        ({"lines": [LINE | {"quantity": "-0"}]}, "lines"),
        ({"lines": [LINE | {"quantity": "NaN"}]}, "lines"),
        ({"lines": [LINE | {"vat_rate": "99"}]}, "lines"),
        ({"lines": [LINE | {"discount_percent": "101"}]}, "lines"),
        ({"lines": [LINE | {"unit": "Stück"}]}, "lines"),
        ({"lines": [LINE | {"alternative_set": "A", "is_optional": True}]}, "lines"),
        ({"lines": [LINE | {"quantity": "9999999", "unit_price": "9999999"}]}, "lines"),
        ({"lines": [LINE | {"picture": 5}]}, "lines"),
        ({"site": 999_999}, "site"),
    ],
)
def test_what_is_wrong_is_named(api, changes, field):
    answer = api.post("quotes/", new(make.make_customer(), **changes))
    assert (answer.status_code, set(answer.data["errors"])) == (400, {field})
    assert not Quote.objects.exists()


def test_the_server_computes(api, other):
    """P82: what only the server knows is ignored."""
    answer = api.post(
        "quotes/",
        new(make.make_customer(), number="AN-1", state="accepted", gross="1.00", business=other.pk, version=7,
            sent_at="2020-01-01T00:00:00Z", document="{}", document_hash="x"),
    )  # fmt: skip
    quote = Quote.objects.get()
    assert answer.status_code == 201
    assert (quote.number, quote.state, str(quote.gross), quote.version, quote.document) == (
        None,
        "draft",
        "184.45",
        1,
        "",
    )


def test_foreign_customers_are_unknown(api, foreign):
    answer = api.post("quotes/", new(foreign(make.make_customer)))
    assert (answer.status_code, answer.data["errors"]) == (400, {"contact": ["Kunde nicht gefunden."]})
    assert not Quote.objects.exists()


def test_a_site_belongs_to_the_customer(api):
    customer, neighbour = make.make_customer(), make.make_customer()
    site = Site.objects.create(customer=neighbour, label="Haus", street="Weg 1", postcode="22397", city="Hamburg")
    assert set(api.post("quotes/", new(customer, site=site.pk)).data["errors"]) == {"site"}
    assert api.post("quotes/", new(neighbour, site=site.pk)).status_code == 201


# --- read ---------------------------------------------------------------------------------------------------------------
def test_the_list_has_no_rows_and_filters(api, owner):
    draft = make.make_quote(by=owner)
    sent = make.make_sent_quote(by=owner)
    rows = api.get("quotes/").data["results"]
    assert [row["id"] for row in rows] == [sent.pk, draft.pk]
    assert "lines" not in rows[0]
    assert [row["id"] for row in api.get("quotes/?state=sent").data["results"]] == [sent.pk]
    assert [row["id"] for row in api.get(f"quotes/?contact={draft.customer_id}").data["results"]] == [draft.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_one_quote_costs_the_same_with_one_row_and_three(count, api, owner, django_assert_num_queries):
    quote = make.make_quote(by=owner, lines=[make.line() for _ in range(count)])
    api.get(f"quotes/{quote.pk}/")
    with django_assert_num_queries(5):
        api.get(f"quotes/{quote.pk}/")


def test_what_is_internal_stays_inside(api, adviser_api, owner):
    quote = make.make_quote(by=owner, internal_note="Marge prüfen", lines=[make.line(purchase_price="10")])
    mine, theirs = api.get(f"quotes/{quote.pk}/").data, adviser_api.get(f"quotes/{quote.pk}/").data
    assert (mine["internal_note"], mine["lines"][0]["purchase_price"]) == ("Marge prüfen", "10.0000")
    assert (theirs["internal_note"], theirs["lines"][0]["purchase_price"]) == ("", None)


# --- change -------------------------------------------------------------------------------------------------------------
def test_a_draft_changes(api, owner):
    quote = make.make_quote(by=owner)
    answer = api.patch(f"quotes/{quote.pk}/", {"title": "Neu", "lines": [LINE, LINE]})
    assert (answer.status_code, answer.data["title"], len(answer.data["lines"])) == (200, "Neu", 2)
    assert api.patch(f"quotes/{quote.pk}/", {"title": "Neuer"}).data["gross"] == answer.data["gross"]


def test_the_customer_of_a_draft_stays(api, owner):
    quote, neighbour = make.make_quote(by=owner), make.make_customer()
    assert api.patch(f"quotes/{quote.pk}/", {"contact": neighbour.pk}).data["contact"] == quote.customer_id


def test_a_change_based_on_an_older_state_is_refused(api, owner):
    quote = make.make_quote(by=owner)
    seen = api.get(f"quotes/{quote.pk}/").data["updated_at"]
    assert api.patch(f"quotes/{quote.pk}/", {"title": "A", "seen_at": seen}).status_code == 200
    answer = api.patch(f"quotes/{quote.pk}/", {"title": "B", "seen_at": seen})
    assert answer.status_code == 409
    assert Quote.objects.get().title == "A"


def test_a_sent_quote_does_not_change(api, owner):
    quote = make.make_sent_quote(by=owner)
    for answer in (
        api.patch(f"quotes/{quote.pk}/", {"title": "X"}),
        api.delete(f"quotes/{quote.pk}/"),
        api.post(f"quotes/{quote.pk}/send/"),
    ):
        assert answer.status_code == 409
        assert answer.data["detail"]
    assert Quote.objects.get().title == quote.title


def test_a_draft_can_be_thrown_away(api, owner):
    quote = make.make_quote(by=owner)
    assert api.delete(f"quotes/{quote.pk}/").status_code == 204
    assert api.get(f"quotes/{quote.pk}/").status_code == 404


# --- send ---------------------------------------------------------------------------------------------------------------
def test_it_sends(api, owner):
    quote = make.make_quote(by=owner)
    answer = api.post(f"quotes/{quote.pk}/send/", {"to": "kunde@kunde.example", "message": "Wie besprochen."})
    assert (answer.status_code, answer.data["state"]) == (200, "sent")
    assert answer.data["number"].startswith("AN-")
    assert Mail.objects.get().to == "kunde@kunde.example"


def test_without_an_address_nothing_is_mailed_and_the_link_is_there(api, owner):
    quote = make.make_quote(by=owner)
    assert api.post(f"quotes/{quote.pk}/send/").status_code == 200
    assert not Mail.objects.exists()
    (link,) = api.get(f"quotes/{quote.pk}/links/").data
    assert link["url"].startswith("http://127.0.0.1:8000/l/")
    AccessLink.objects.update(revoked_at=timezone.now())
    assert api.get(f"quotes/{quote.pk}/links/").data == []


def test_what_is_missing_is_named_one_by_one(api, owner, business):
    type(business).objects.update(phone="")
    quote = make.make_quote(by=owner, lines=[])
    answer = api.post(f"quotes/{quote.pk}/send/", {})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.data["problems"]] == ["lines", "business"]
    assert "Telefon" in answer.data["detail"]


@pytest.mark.parametrize("to", ["kein", "a@b.de\r\nBcc: x@y.de", 5, ["a@b.de"], "x" * 300 + "@b.de"])
def test_an_address_must_be_one(api, owner, to):
    quote = make.make_quote(by=owner)
    assert api.post(f"quotes/{quote.pk}/send/", {"to": to}).status_code == 400
    assert Quote.objects.get().is_draft


def test_it_retracts(api, owner):
    quote = make.make_sent_quote(by=owner)
    assert api.post(f"quotes/{quote.pk}/retract/").data["state"] == "retracted"
    assert api.post(f"quotes/{quote.pk}/retract/").status_code == 409
    assert api.get(f"quotes/{quote.pk}/links/").data == []


def test_the_pdf_is_the_stored_one(api, owner):
    quote = make.make_sent_quote(by=owner)
    answer = api.get(f"quotes/{quote.pk}/pdf/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{quote.number}.pdf"'
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == (
        "nosniff",
        "private, no-store",
    )


def test_a_draft_has_no_pdf(api, owner):
    quote = make.make_quote(by=owner)
    assert api.get(f"quotes/{quote.pk}/pdf/").status_code == 409


def test_a_file_that_is_gone_is_said(api, owner):
    quote = make.make_sent_quote(by=owner)
    from django.core.files.storage import default_storage

    default_storage.delete(quote.pdf)
    assert api.get(f"quotes/{quote.pk}/pdf/").status_code == 409


# --- the wall, and roles ------------------------------------------------------------------------------------------------
def every_step(api, pk):
    return [
        api.get(f"quotes/{pk}/"), api.patch(f"quotes/{pk}/", {"title": "X"}), api.delete(f"quotes/{pk}/"),
        api.post(f"quotes/{pk}/send/"), api.post(f"quotes/{pk}/retract/"), api.get(f"quotes/{pk}/pdf/"),
        api.get(f"quotes/{pk}/links/"),
    ]  # fmt: skip


def test_foreign_quotes_are_unknown(api, foreign):
    for theirs in (foreign(make.make_quote), foreign(make.make_sent_quote)):
        assert {answer.status_code for answer in every_step(api, theirs.pk)} == {404}


def test_who_may_not_see_money_sees_no_quotes(worker_api, owner):
    quote = make.make_sent_quote(by=owner)
    assert worker_api.get("quotes/").status_code == 403
    assert {answer.status_code for answer in every_step(worker_api, quote.pk)} == {403}


def test_the_adviser_reads(adviser_api, owner):
    quote = make.make_sent_quote(by=owner)
    assert [answer.status_code for answer in every_step(adviser_api, quote.pk)] == [200, 403, 403, 403, 403, 200, 403]
    assert adviser_api.post("quotes/", new(quote.customer)).status_code == 403


def test_the_office_does_all(owner):
    api, quote = api_of(make.make_member(Role.OFFICE)), make.make_quote(by=owner)
    assert api.post(f"quotes/{quote.pk}/send/").status_code == 200


def test_an_expired_quote_is_not_sent(api, owner):
    quote = make.make_quote(by=owner)
    quotes.change(quote, valid_until=timezone.localdate() - timedelta(days=1))
    assert api.post(f"quotes/{quote.pk}/send/").data["problems"][0]["field"] == "valid_until"


# --- versions -----------------------------------------------------------------------------------------------------------
def test_it_goes_to_several_people_each_with_a_link(api):
    quote = make.make_quote()
    people = ["a@kunde.example", "B@kunde.example", "A@kunde.example"]
    assert api.post(f"quotes/{quote.pk}/send/", {"recipients": people}).status_code == 200
    links = api.get(f"quotes/{quote.pk}/links/").data
    assert [(link["sent_to"], link["way"]) for link in links] == [
        ("B@kunde.example", "mail"),
        ("a@kunde.example", "mail"),
    ]
    assert Mail.objects.filter(kind="billing/mail/quote_sent").count() == 2


def test_a_way_that_mails_nothing_mails_nothing(api):
    quote = make.make_quote()
    api.post(f"quotes/{quote.pk}/send/", {"to": "a@kunde.example", "way": "post"})
    (link,) = api.get(f"quotes/{quote.pk}/links/").data
    assert (link["sent_to"], link["way"], Mail.objects.count()) == ("", "post", 0)


def test_it_revises_and_sends_the_next_version(api):
    quote = make.make_sent_quote()
    draft = api.post(f"quotes/{quote.pk}/revise/")
    assert (draft.status_code, draft.data["revises"], draft.data["number"]) == (201, quote.pk, None)
    assert api.post(f"quotes/{quote.pk}/revise/").data["id"] == draft.data["id"]
    sent = api.post(f"quotes/{draft.data['id']}/send/", {"version_note": "Mit Sockel"}).data
    assert (sent["number"], sent["version"], sent["version_note"]) == (quote.number, 2, "Mit Sockel")
    assert api.get(f"quotes/{quote.pk}/").data["state"] == "replaced"
    assert api.post(f"quotes/{quote.pk}/revise/").status_code == 409


def test_it_notes_why_a_quote_was_lost_and_opens_it_again(api):
    quote = make.make_sent_quote()
    assert api.post(f"quotes/{quote.pk}/lose/", {"reason": "weather"}).status_code == 400
    lost = api.post(f"quotes/{quote.pk}/lose/", {"reason": "other_firm", "comment": "Am Telefon"}).data
    assert (lost["state"], lost["decline_reason"], lost["decline_comment"]) == ("declined", "other_firm", "Am Telefon")
    assert api.post(f"quotes/{quote.pk}/reopen/").data["state"] == "sent"


def test_it_extends_a_quote(api):
    quote = make.make_sent_quote()
    day = timezone.localdate() + timedelta(days=60)
    version = api.post(f"quotes/{quote.pk}/extend/", {"valid_until": day.isoformat()})
    assert (version.status_code, version.data["version"], version.data["valid_until"]) == (201, 2, day.isoformat())
