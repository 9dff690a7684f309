"""Beginning a quote: for whom, empty or from an earlier one."""

from decimal import Decimal

from django.urls import reverse

from billing import building_blocks
from billing.models import Quote
from crm import attachments
from tests import make

NEW = reverse("billing:quote_create")


def test_the_only_hit_of_the_search_is_chosen_at_once(office):
    customer = make.make_customer("Brandt")
    make.make_customer("Osterloh")
    assert office.get(NEW, {"q": "bran"}).url == f"{NEW}?kunde={customer.pk}"


def test_without_a_search_the_last_ones_are_offered(office):
    make.make_customer("Brandt")
    assert [str(each) for each in office.get(NEW).context["found"]] == ["Sabine Brandt"]


def test_an_empty_quote_begins_with_its_title_and_greeting(office):
    customer = make.make_customer()
    response = office.post(NEW, {"kunde": customer.pk, "title": "Garderobe"})
    quote = Quote.objects.get()
    assert response.url == reverse("billing:quote_edit", args=[quote.pk])
    assert (quote.title, quote.intro, quote.by.user.name) == ("Garderobe", "Guten Tag Frau Brandt,", "Jana Haselbach")


def test_a_title_is_asked_for(office):
    response = office.post(NEW, {"kunde": make.make_customer().pk, "title": " "})
    assert response.status_code == 422
    assert (
        response.content.decode().count("Bitte geben Sie einen Titel ein, zum Beispiel „Einbauschrank im Flur“.") == 2
    )


def test_any_earlier_quote_is_written_again_for_another_customer(office):
    template = make.make_sent_quote()
    other = make.make_customer("Osterloh", salutation="mr")
    assert [quote.pk for quote in office.get(NEW, {"kunde": other.pk}).context["earlier"]] == [template.pk]
    office.post(NEW, {"kunde": other.pk, "angebot": template.pk})
    copy = Quote.objects.get(customer=other)
    assert (copy.gross, copy.intro, copy.state) == (template.gross, "Guten Tag Herr Osterloh,", "draft")


def test_another_customer_gets_nothing_of_what_is_the_first_ones(office):
    first = make.make_customer()
    photo = attachments.add(first, make.upload(), is_told=False)
    quote = make.make_quote(
        first, kind="construction", negotiation="visit", internal_note="zahlt spät", completion="14 Wochen",
        lines=[make.line("Eiche", picture=photo)],
    )  # fmt: skip
    firm = make.make_company()
    office.post(NEW, {"kunde": firm.pk, "angebot": quote.pk})
    copy = Quote.objects.get(customer=firm)
    assert (copy.kind, copy.negotiation, copy.internal_note, copy.completion) == ("offer", "", "", "")
    assert copy.lines.get().picture is None
    office.post(NEW, {"kunde": first.pk, "angebot": quote.pk})
    assert Quote.objects.filter(customer=first).latest("pk").lines.get().picture == photo


def test_earlier_quotes_are_found_by_words(office):
    customer = make.make_customer()
    make.make_quote(customer, title="Küche", lines=[])
    make.make_quote(customer, title="Bad", lines=[])
    response = office.get(NEW, {"kunde": customer.pk, "frueher": "küch"})
    assert [quote.title for quote in response.context["earlier"]] == ["Küche"]


def test_a_template_begins_a_quote_for_any_customer(office):
    template = building_blocks.save_as_template(make.make_quote(), name="Schrank")
    other = make.make_customer("Osterloh", salutation="mr")
    assert "Vorlage verwenden: Schrank" in office.get(NEW, {"kunde": other.pk}).content.decode()
    office.post(NEW, {"kunde": other.pk, "vorlage": template.pk})
    quote = Quote.objects.get(customer=other)
    assert (quote.title, quote.gross, quote.intro) == (
        "Einbauschrank im Flur",
        Decimal("7871.85"),
        "Guten Tag Herr Osterloh,",
    )


def test_an_archived_customer_is_no_choice(office):
    from crm import customers

    customer = make.make_customer()
    customers.archive(customer)
    assert office.get(NEW, {"kunde": customer.pk}).status_code == 404
    assert office.post(NEW, {"kunde": "x", "title": "Y"}).status_code == 404
