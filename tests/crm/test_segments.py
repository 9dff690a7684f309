"""Segments: what they are made of, who is in them, and what can be done with them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Refusal
from accounts.rights import Rights, Role
from billing import customer_figures
from crm import customers, segments, tags
from crm.models import Customer, Segment, Tag
from tests import make

LIST, NEW = reverse("crm:segment_list"), reverse("crm:segment_create")


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def who(**wanted):
    return sorted(customer.last_name for customer in segments.selected(wanted))


def keep(name="Norden", **wanted):
    return segments.create(name, wanted or {"region": {"postcodes": [["2", "2"]]}})


# --- who is in it --------------------------------------------------------------------------------------------------------
def test_kind_and_region_select_together(owner):
    make.make_customer("Brandt", postcode="22397")
    make.make_customer("Noll", postcode="80331")
    make.make_customer("Steiner", postcode="2340", country="AT")
    make.make_company(last_name="Morgenrot", postcode="25335")
    assert who(region={"postcodes": [["22", "22"], ["25335", "25335"]]}) == ["Brandt", "Morgenrot"]
    assert who(region={"postcodes": [["20", "25"]]}, kind={"kinds": ["business"]}) == ["Morgenrot"]
    assert who(region={"postcodes": [["80331", "81929"]]}) == ["Noll"]


def test_one_of_some_tags_or_all_of_them(owner):
    make.make_customer("Brandt", tags=["Flur", "Bad"])
    make.make_customer("Noll", tags=["Flur"])
    both = sorted(Tag.objects.values_list("pk", flat=True))
    assert who(tags={"tags": both, "all": False}) == ["Brandt", "Noll"]
    assert who(tags={"tags": both, "all": True}) == ["Brandt"]


def test_a_segment_follows_tags_that_become_one(owner):
    make.make_customer("Brandt", tags=["Flur"])
    make.make_customer("Noll", tags=["Diele"])
    flur, diele = Tag.objects.get(name="Flur"), Tag.objects.get(name="Diele")
    segment = keep(tags={"tags": [diele.pk], "all": False})
    tags.merge(diele, flur)
    segment.refresh_from_db()
    assert {customer.last_name for customer in segments.members(segment)} == {"Brandt", "Noll"}


def test_the_last_contact_is_no_change_of_the_address(owner):
    with make.days_ago(400):
        make.make_note(make.make_customer("Brandt"))
        noll = make.make_customer("Noll")
    make.make_note(make.make_customer("Kurz"))
    customers.change(noll, by=owner, street="Neuer Weg 1")
    assert who(last_contact={"way": "before", "days": 365}) == ["Brandt", "Noll"]
    assert who(last_contact={"way": "since", "days": 365}) == ["Kurz"]


def test_revenue_is_net_less_what_was_taken_back(owner):
    invoice = make.make_open_invoice()
    Customer.objects.filter(pk=invoice.customer_id).update(last_name="Kunde")
    make.make_customer("Noll")
    net = str(invoice.net)
    assert who(revenue={"least": net}) == ["Kunde"] and who(revenue={"least": str(invoice.net + 1)}) == []
    assert who(revenue={"most": "0"}) == ["Noll"]
    tomorrow = str(timezone.localdate() + timedelta(days=1))
    assert who(revenue={"least": "1", "since": tomorrow}) == []
    assert who(standing={"standing": "new"}) == ["Kunde"] and who(standing={"standing": "prospect"}) == ["Noll"]
    assert who(standing={"standing": "existing"}) == []


def test_margin_knows_only_what_was_calculated(owner, monkeypatch):
    calculated, unknown = make.make_customer("Brandt"), make.make_customer("Noll")
    day = timezone.localdate()
    sales = [
        customer_figures.Sale(calculated.pk, day, Decimal(1000), Decimal(600), is_new=True),
        customer_figures.Sale(unknown.pk, day, Decimal(9000), None, is_new=True),
    ]
    monkeypatch.setattr(customer_figures, "sales", lambda **_period: sales)
    assert who(margin={"least": "400"}) == ["Brandt"] and who(margin={"least": "401"}) == []


def test_open_quotes_and_scores(owner):
    make.make_sent_quote(make.make_customer("Brandt"))
    make.make_customer("Noll")
    assert who(open_quote={"open": "yes"}) == ["Brandt"] and who(open_quote={"open": "no"}) == ["Noll"]
    answer = make.make_answers(9)[0]
    Customer.objects.filter(pk=answer.request.customer_id).update(last_name="Fan")
    assert who(score={"least": 9}) == ["Fan"] and who(score={"least": 0, "most": 8}) == []


def test_who_is_put_away_is_in_no_segment_and_an_unknown_criterion_selects_nobody(owner):
    customers.archive(make.make_customer("Brandt"))
    make.make_customer("Noll")
    assert who(kind={"kinds": ["consumer"]}) == ["Noll"]
    assert who(kind={"kinds": ["consumer"]}, horoscope={"sign": "leo"}) == []


# --- the pages -----------------------------------------------------------------------------------------------------------
def test_a_segment_is_counted_kept_changed_deleted_and_brought_back(office):
    make.make_customer("Brandt", postcode="22397")
    make.make_customer("Noll", postcode="80331")
    asked = {"name": "Norden", "region-postcodes": "20 - 25"}
    counted = office.post(NEW, {**asked, "zaehlen": "1"})
    assert "1 Kontakt passt." in counted.content.decode() and not Segment.objects.exists()
    assert "1 Kontakt passt." in office.get(NEW, {"region-postcodes": "2", "zaehlen": "1"}).content.decode()
    page = office.post(NEW, asked, follow=True).content.decode()
    segment = Segment.objects.get()
    assert segment.criteria == {"region": {"postcodes": [["20", "25"]]}}
    assert "Sabine Brandt" in page and "Noll" not in page and "nicht erlaubt" in page
    office.post(reverse("crm:segment_edit", args=[segment.pk]), {**asked, "name": "Süden", "region-postcodes": "8"})
    assert "Sabine Noll" in office.get(segment.get_absolute_url()).content.decode()
    gone = office.post(reverse("crm:segment_delete", args=[segment.pk]), follow=True).content.decode()
    assert "Rückgängig" in gone and office.get(segment.get_absolute_url()).status_code == 404
    office.post(reverse("crm:segment_restore", args=[segment.pk]))
    assert "Süden" in office.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"name": "Alle"}, "mindestens ein Merkmal"),
        ({"region-postcodes": "2"}, "„Name“"),
        ({"name": "X", "region-postcodes": "München"}, "ist keine Postleitzahl"),
        ({"name": "X", "region-postcodes": "9-1"}, "ist keine Postleitzahl"),
        ({"name": "X", "last_contact-way": "since"}, "Zahl der Tage"),
        ({"name": "X", "revenue-least": "20", "revenue-most": "10"}, "Das liegt vor dem Anfang"),
        ({"name": "X", "kind-kinds": "alien"}, "alien"),
        ({"name": "Norden", "region-postcodes": "2"}, "gibt es schon"),
    ],
)
def test_what_cannot_be_kept_is_said(office, answers, said):
    keep()
    answer = office.post(NEW, answers)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Segment.objects.count() == 1


def test_a_name_that_was_taken_meanwhile_is_not_brought_back(owner):
    first = keep()
    segments.delete(first)
    keep()
    with pytest.raises(Refusal, match="gibt es schon"):
        segments.restore(first)


def test_who_sees_no_money_sees_no_segment_made_of_it(owner):
    rich = keep("Beste", revenue={"least": "1000"})
    worker = make.signed_in_as(Role.FIELD_WORKER)
    assert not segments.may_see(rich, Rights(Role.FIELD_WORKER))
    assert worker.get(rich.get_absolute_url()).status_code == 404
    assert "Beste" not in worker.get(LIST).content.decode()
    assert "Beste" not in worker.get(reverse("crm:customer_list")).content.decode()


def test_pages_of_a_segment_follow_each_other_at_the_same_cost(office, monkeypatch):
    segment = keep(kind={"kinds": ["consumer"]})

    def cost(rows):
        for number in range(rows):
            make.make_customer(f"K{number}", first_name="")
        return make.count_queries(office, segment.get_absolute_url())

    assert cost(1) == cost(3)
    monkeypatch.setattr("crm.views.segments.PAGE", 2)
    first = office.get(segment.get_absolute_url())
    rest = office.get(segment.get_absolute_url(), {"nach": first.context["more_after"]})
    shown = [customer.pk for page in (first, rest) for customer in page.context["customers"]]
    assert len(shown) == len(set(shown)) == 4


def test_every_criterion_says_itself_in_words(owner):
    make.make_customer(tags=["Flur"])
    known = {
        "kind": {"kinds": ["business"]}, "tags": {"tags": [Tag.objects.get().pk], "all": True},
        "region": {"postcodes": [["20", "25"]]}, "standing": {"standing": "new"}, "score": {"most": 6},
        "last_contact": {"way": "before", "days": 90}, "open_quote": {"open": "no"},
        "revenue": {"least": "1000.00", "since": "2026-01-01"}, "margin": {"most": "5"},
    }  # fmt: skip
    assert len(segments.said(known)) == len(known) == len(settings.SEGMENT_CRITERIA)
    assert dict(segments.said(known))["Umsatz"].startswith("mindestens 1.000,00")
    assert ("Region", "20-25") in segments.said(known)
