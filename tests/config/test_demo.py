"""The demo businesses and the handles for outside checks."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from accounts import current
from accounts.models import Business, User
from billing import journal
from billing.models import Invoice, Quote
from crm.models import Customer, NumberRange

pytestmark = pytest.mark.django_db

KINDS = {"quote_consumer", "quote_business", "quote_gated", "order", "invoice", "feedback", "expired", "center", "date"}


@pytest.fixture
def demo(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    call_command("load_demo", stdout=StringIO())


def info():
    out = StringIO()
    call_command("demo_info", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_demo_opens_every_door(demo, client, tmp_path):
    found = info()
    assert {link["kind"] for link in found["links"]} == KINDS
    assert {user["role"] for user in found["users"]} == {"owner", "office", "field_worker", "tax_adviser"}
    assert len(found["ids"]) == 3
    for user in found["users"]:
        assert User.objects.get(email=user["email"]).check_password(user["password"])
    for link in found["links"]:
        path = link["url"].removeprefix(found["base_url"])
        answer = client.get(path, follow=True)
        assert answer.status_code == (410 if link["kind"] == "expired" else 200), link
        assert link["postcode"] or link["kind"] != "quote_gated"
    # asked again it says the same, and loading again changes nothing
    assert info() == found
    before = Quote.unscoped.count()
    call_command("load_demo", stdout=StringIO())
    assert Quote.unscoped.count() == before
    # issued documents leave as files, named by number
    call_command("export_documents", "--kind", "invoice", "--to", str(tmp_path / "out"), stdout=StringIO())
    numbers = set(Invoice.unscoped.exclude(state="draft").values_list("number", flat=True))
    assert {path.stem for path in (tmp_path / "out").rglob("*.pdf")} == numbers
    assert {path.stem for path in (tmp_path / "out").rglob("*.xml")} == numbers
    for business in Business.objects.all():
        with current.working_for(business):
            assert journal.first_broken() is None


def test_bulk_data_is_the_same_in_every_run_and_true_to_the_verbs(db):
    for slug in ("eins", "zwei"):
        call_command("seed", "--contacts", "30", "--quotes-per-contact", "2", "--business", slug, stdout=StringIO())
    names = []
    for slug in ("eins", "zwei"):
        with current.working_for(Business.objects.get(slug=slug)):
            names.append(list(Customer.objects.order_by("number").values_list("name", flat=True)))
            sent = Quote.objects.exclude(state="draft").order_by("number")
            assert NumberRange.objects.get(kind="quote").last == sent.count()
            assert [int(quote.number[-4:]) for quote in sent] == list(range(1, sent.count() + 1))
            assert all(quote.frozen_document.totals.gross == quote.gross for quote in sent)
            assert Quote.objects.count() == 60
    assert names[0] == names[1]
