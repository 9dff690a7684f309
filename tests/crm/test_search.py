"""The search: what one field finds, how well it fits, and for whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.rights import Rights, Role
from crm import access, attachments, customers, messages, search, search_words
from crm.models import ContactPerson, Customer, Note, SearchWord, Site
from tests import make

OWNER = Rights(Role.OWNER)


@pytest.fixture
def here(owner):
    return owner


def titles(text, rights=OWNER):
    return [hit.title for kind in search.find(text, rights) for hit in kind.hits]


def kinds(text, rights=OWNER):
    return {kind.name for kind in search.find(text, rights)}


def test_umlauts_are_found_either_way(here):
    """KON3."""
    make.make_customer("Müller", first_name="Jörg")
    make.make_customer("Mueller", first_name="Ida")
    for text in ("Müller", "mueller", "MÜLLER", "müll"):
        assert sorted(titles(text)) == ["Ida Mueller", "Jörg Müller"]


@pytest.mark.parametrize("typed", ["Brnadt", "Brndt", "Branndt", "Bramdt", "Brnadt Sabine", "Sabien Brandt"])
def test_a_word_typed_wrong_offers_what_was_meant(here, typed):
    """KON2."""
    make.make_customer("Brandt", first_name="Sabine")
    make.make_customer("Noll", first_name="Sabine")
    (kind,) = search.find(typed, OWNER)
    assert [hit.title for hit in kind.hits] == ["Sabine Brandt"] and kind.is_guess


def test_nothing_is_guessed_where_something_is_found(here):
    make.make_customer("Brandt")
    make.make_customer("Brands")
    (kind,) = search.find("Brands", OWNER)
    assert [hit.title for hit in kind.hits] == ["Sabine Brands"] and not kind.is_guess


@pytest.mark.parametrize("typed", ["0171/23 45 67", "+49 171 234567", "0049171234567", "171 2345", "2345", "0171 234"])
def test_a_telephone_number_is_found_in_any_spelling_and_by_half(here, typed):
    make.make_customer("Brandt", first_name="", phone="0171 234567")
    make.make_customer("Noll", first_name="", phone="040 998877")
    assert titles(typed) == ["Brandt"]


def test_persons_and_addresses_lead_to_their_contact(here):
    firm = make.make_company("Noll GmbH")
    ContactPerson.objects.create(customer=firm, name="Änne Größer", mobile="+49 160 555 12 34")
    Site.objects.create(customer=firm, label="Baustelle", street="Zum Übersee 4", postcode="22145", city="Hamburg")
    assert titles("groesser") == titles("0160 555") == titles("uebersee") == ["Noll GmbH"]


def test_the_best_comes_first(here):
    """Exact, then the beginning of a name, then a word of it, then anywhere; the newest first among equals."""
    make.make_customer("Anders", first_name="", street="Brandtweg 3")
    make.make_customer("Meier", first_name="Brandtke")
    make.make_customer("Brandtner", first_name="")
    make.make_customer("Brandt", first_name="")
    make.make_customer("Brandtner", first_name="Neu")
    assert titles("brandt") == ["Brandt", "Neu Brandtner", "Brandtner", "Brandtke Meier", "Anders"]


def test_a_customer_number_is_the_first_hit(here):
    wanted = make.make_customer("Noll", first_name="")
    make.make_customer("Brandt", first_name="", phone=f"040 {wanted.number}99")
    assert titles(str(wanted.number))[0] == "Noll"


def test_what_is_put_away_or_too_short_is_not_found(here):
    customers.archive(make.make_customer("Brandt"))
    assert titles("brandt") == titles("b") == titles("") == titles("\x00%_") == []


def test_notes_files_and_messages_are_found_by_words_however_spelled(here):
    customer = make.make_customer("Noll", first_name="")
    note = make.make_note(customer, "Übergang zum Flur: Höhe prüfen, Rückruf 0171/23 45")
    attachments.add(customer, make.upload(b"%PDF-1.4\n%%EOF\n", "Grundriß Küche.pdf"))
    link = access.mint(customer, purpose="quote", customer=customer, expires_at=timezone.now() + timedelta(days=1))
    messages.ask(link, "Wann kommen die Türen?", author_name="")
    assert kinds("hoehe flur") == kinds("0171/23 45") == {"Notizen"}
    assert kinds("GRUNDRISS kueche") == {"Dateien"} and kinds("tueren") == {"Nachrichten"}
    Note.objects.filter(pk=note.pk).update(text="anders")  # whoever writes: the database folds it
    assert kinds("hoehe flur") == set()


def test_documents_are_found_by_part_of_their_number_and_by_title(here):
    quote = make.make_sent_quote()
    assert [hit.rank for kind in search.find(quote.number, OWNER) for hit in kind.hits] == [search.Rank.EXACT]
    assert titles(quote.number[3:].lower())[0] == quote.number
    assert quote.number in titles(quote.title.split()[0])


def test_everybody_finds_what_they_may_see(here):
    customer = make.make_customer("Noll", first_name="")
    make.make_note(customer, "Nollstraße bis Mittag gesperrt")
    quote = make.make_sent_quote(customer)
    order = make.make_order(make.make_sent_quote(customer))
    said = {role: kinds("noll", Rights(role)) for role in Role}
    assert said[Role.OWNER] == {"Kontakte", "Notizen"} and said[Role.TAX_ADVISER] == {"Kontakte"}
    assert said[Role.AUDITOR] == set()
    worker, adviser = Rights(Role.FIELD_WORKER), Rights(Role.TAX_ADVISER)
    assert titles(quote.number, worker) == [] and titles(quote.number, adviser) == [quote.number]
    assert order.number in titles(order.number, worker)


def test_words_of_contacts_that_are_gone_are_forgotten(here):
    kept, gone = make.make_customer("Brandt"), make.make_customer("Osterloh")
    Customer.objects.filter(pk=gone.pk).update(search_name="", search_text="", city="")
    Customer.objects.filter(pk=kept.pk).update(search_name="haselbach")  # came in past the verbs
    search_words.refresh()
    known = set(SearchWord.objects.values_list("word", flat=True))
    assert "haselbach" in known and "osterloh" not in known and "brandt" not in known
