"""The root, the description, and what may be written at all."""

import inspect
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from rest_framework import serializers

from accounts.api_views import BusinessViewSet, OwnRow
from billing import api_acceptances, api_serializers, api_tax, api_versions
from config.api import COLLECTIONS
from crm import api as crm_api
from tests import make, routes

DOCUMENT = {"title", "intro", "mode", "discount_percent"}
LINE = {
    "kind", "text", "description", "quantity", "unit", "unit_price", "discount_percent", "vat_rate", "cost_kind",
    "cost_split",
}  # fmt: skip
QUOTE = DOCUMENT | {
    "closing", "valid_until", "site", "payment_terms", "internal_note", "kind", "negotiation", "completion",
    "tax_case", "tax_answers",
}  # fmt: skip
INVOICE = DOCUMENT | {
    "service_from", "service_until", "payment_days", "buyer_reference", "is_property_work", "is_construction",
    "skonto_percent", "skonto_days", "retention_percent", "retention_until", "tax_case", "tax_answers",
}  # fmt: skip
# P82: everything a request may set, field by field. A field more is a decision, made here too.
WRITABLE = {
    "ContactSerializer": {
        "kind", "company_name", "salutation", "first_name", "last_name", "email", "phone", "mobile", "street", "postcode",
        "city", "country", "vat_id", "registration_number", "leitweg_id", "language", "source", "follow_up_on", "tags",
        "contact_by", "contact_note",
    },
    "CatalogueSerializer": {
        "number", "name", "description", "unit", "unit_price", "purchase_price", "vat_rate", "cost_kind", "cost_split",
    },
    "QuoteLineSerializer": LINE
    | {"alternative_set", "is_default", "is_optional", "option_group", "max_quantity", "purchase_price", "picture"},
    "InvoiceLineSerializer": LINE | {"vat_category"},
    "OrderLineSerializer": set(),
    "QuoteSummarySerializer": QUOTE | {"contact"},
    "QuoteSerializer": QUOTE | {"contact", "lines"},
    "QuoteChangeSerializer": QUOTE | {"lines", "seen_at"},
    "SendSerializer": {"to", "recipients", "way", "message", "version_note"},
    "LoseSerializer": {"reason", "comment"},
    "ExtendSerializer": {"valid_until"},
    "OnBehalfSerializer": {"channel", "name", "arrived_at", "choice", "email", "note", "proof", "buyer_reference"},
    "ChoiceSerializer": {"alternatives", "options", "quantities"},
    "AcceptanceSerializer": set(),
    "ChangeRequestSerializer": set(),
    "OrderSummarySerializer": set(),
    "OrderSerializer": set(),
    "MilestoneSerializer": set(),
    "MoveSerializer": {"to", "planned_on", "note", "tell"},
    "InvoiceSummarySerializer": INVOICE | {"contact", "order"},
    "InvoiceSerializer": INVOICE | {"contact", "order", "lines"},
    "InvoiceChangeSerializer": INVOICE | {"lines"},
    "TaxAnswersSerializer": {
        "work", "builder", "is_repair", "is_private_sphere", "agreed_on", "is_operator", "kwp", "pv_place", "exemption",
        "deliver_to", "proof", "property_country",
    },
    "IssueSerializer": {"send_to"},
    "ToSerializer": {"to"},
    "CancelSerializer": {"send_to", "reason"},
    "PaymentSerializer": {"amount", "received_on", "method", "note"},
}  # fmt: skip
ABSTRACT = {"LineSerializer", "DocumentSerializer"}
SHOWN_ONLY = {"LinkSerializer"}
SERIALIZERS = {
    name: cls
    for module in (api_serializers, api_acceptances, api_tax, api_versions, crm_api)
    for name, cls in inspect.getmembers(module, inspect.isclass)
    if issubclass(cls, serializers.BaseSerializer) and cls.__module__ == module.__name__ and name not in ABSTRACT
}


def test_the_root_names_the_collections(api):
    data = api.get("").data
    assert set(data) == {"contacts", "catalogue", "quotes", "orders", "invoices", "schema"}
    for name in COLLECTIONS:
        assert api.get(data[name].replace("http://127.0.0.1:8000", "")).status_code == 200


def test_every_view_of_a_collection_is_one_of_ours():
    assert all(issubclass(view, BusinessViewSet) for view in COLLECTIONS.values())


# --- mass assignment (P82, security.md 4.1 no. 5) -----------------------------------------------------------------------
@pytest.mark.parametrize("name", sorted(SERIALIZERS))
def test_only_what_is_written_here_can_be_written(name, business, rf):
    request = rf.get("/")
    request._request = request
    fields = SERIALIZERS[name](context={"request": request}).fields
    if name in SHOWN_ONLY:
        return
    assert {field for field, made in fields.items() if not made.read_only} == WRITABLE[name]


@pytest.mark.parametrize("name", sorted(SERIALIZERS))
def test_rows_are_named_by_ids_of_the_own_business_only(name, business):
    for field in SERIALIZERS[name]().fields.values():
        related = getattr(field, "child_relation", field)
        if isinstance(related, serializers.RelatedField):
            assert related.read_only or isinstance(related, OwnRow), field


def test_no_serializer_takes_what_it_finds():
    for path in (
        "crm/api.py",
        "billing/api.py",
        "billing/api_serializers.py",
        "accounts/api_views.py",
        "config/api.py",
    ):
        text = (Path(__file__).parents[2] / path).read_text()
        assert "__all__" not in text
        assert "request.GET" not in text
        assert "**request.data" not in text


# --- the description ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def description(tmp_path_factory):
    """The OpenAPI description; any warning or mistake in it fails."""
    path = tmp_path_factory.mktemp("api") / "schema.yml"
    call_command("spectacular", file=str(path), validate=True, fail_on_warn=True)
    return yaml.safe_load(path.read_text())


def test_it_is_served_to_everybody(client, db):
    answer = client.get("/api/schema/")
    assert answer.status_code == 200
    assert "openapi: 3" in answer.content.decode()


def test_it_describes_every_address(description):
    described = set(description["paths"])
    for route in routes.of_kind("api"):
        if route.name != "api:root":
            path = "/" + route.pattern.replace("^", "").replace("$", "")
            path = path.replace("(?P<pk>[0-9]{1,30})", "{id}").replace("(?P<payment_pk>[0-9]{1,30})", "{payment_pk}")
            assert path in described


def test_it_says_how_each_operation_can_be_refused(description):
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            said = set(operation["responses"])
            assert said >= {"401", "403"}, path
            assert ("404" in said) == ("{" in path), path
            if method in {"post", "patch", "delete"}:
                assert said >= {"400", "409", "415"}, path
            if method == "post":
                assert "422" in said, path
                assert "Idempotency-Key" in {parameter["name"] for parameter in operation["parameters"]}, path


def test_money_is_text(description):
    shown = description["components"]["schemas"]["Invoice"]["properties"]
    assert {shown[name]["type"] for name in ("net", "tax", "gross", "paid", "open_amount")} == {"string"}


def test_answers_are_what_the_description_says(api, owner, description):
    """Each documented field is there and nothing else is."""
    shapes = description["components"]["schemas"]
    made = {
        "contacts": ("Contact", make.make_customer(by=owner)),
        "catalogue": ("Catalogue", make.make_catalogue_item()),
        "quotes": ("Quote", make.make_sent_quote(by=owner)),
        "orders": ("Order", make.make_order()),
        "invoices": ("Invoice", make.make_open_invoice(by=owner)),
    }
    for collection, (shape, row) in made.items():
        assert set(api.get(f"{collection}/{row.pk}/").data) == set(shapes[shape]["properties"])
        summary = shapes.get(f"{shape}Summary", shapes[shape])
        assert set(api.get(f"{collection}/").data["results"][0]) == set(summary["properties"])
