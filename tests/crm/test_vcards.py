"""Visiting cards: what is written can be read, and what other programs and telephones write as well."""

import pytest

from accounts.refusals import Refusal
from crm import vcard_imports, vcards
from crm.models import ContactPerson, Customer, Site
from tests import make

OLD_PHONE = (
    b"BEGIN:VCARD\r\nVERSION:2.1\r\n"
    b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;Herr\r\n"
    b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg=\r\n M=C3=BCller\r\n"
    b"TEL;CELL:0171 2345678\r\nTEL;WORK;FAX:040 1\r\nTEL;HOME:040 777\r\n"
    b"ADR;HOME;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;Gro=C3=9Fe Stra=C3=9Fe 3;Hamburg;;20095;Deutschland\r\n"
    b"PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQ\r\n AAAQABAAD\r\n\r\nEND:VCARD\r\n"
)
APPLE = """begin:vcard
version:3.0
N:;;;;
FN:Café Morgenrot GmbH
ORG:Café Morgenrot GmbH;Einkauf
item1.EMAIL;type=INTERNET;type=pref:einkauf@morgenrot.example
item1.X-ABLabel:_$!<Work>!$_
TEL;type=IPHONE;type=CELL;type=VOICE:+49 172 55 66 77
item2.ADR;type=WORK;type=pref:;;Kai 7\\nHinterhof;Wien;;1010;Österreich
NOTE:Kommt\\, wenn es regnet\\; sonst nicht
CATEGORIES:Gastro,Stammkunde
X-SOCIALPROFILE;type=twitter;x-user="a:b":http://x.example/a
end:vcard
""".encode()
BROKEN = b"BEGIN:VCARD\nFN:Ida Sommer\nEMAIL:kein-at-zeichen\nTEL\nADR:;;\nTHIS IS NO PROPERTY\nEND:VCARD\n"


def test_quoted_printable_of_an_old_telephone_is_read():
    [card] = vcards.read(OLD_PHONE)
    assert {name: card.values[name] for name in ("first_name", "last_name", "salutation", "mobile", "phone")} == {
        "first_name": "Jörg", "last_name": "Müller", "salutation": "mr", "mobile": "0171 2345678", "phone": "040 777",
    }  # fmt: skip
    assert (card.values["street"], card.values["postcode"], card.values["country"]) == ("Große Straße 3", "20095", "DE")


def test_a_firm_from_an_address_book_is_a_firm():
    [card] = vcards.read(APPLE)
    assert (card.values["kind"], card.name, card.values["last_name"]) == ("business", "Café Morgenrot GmbH", "")
    assert (card.values["email"], card.values["mobile"]) == ("einkauf@morgenrot.example", "+49 172 55 66 77")
    assert (card.values["street"], card.values["country"]) == ("Kai 7, Hinterhof", "AT")
    assert (card.tags, card.note) == (["Gastro", "Stammkunde"], "Kommt, wenn es regnet; sonst nicht")


def test_what_is_wrong_in_a_card_is_left_out_and_said():
    [card] = vcards.read(BROKEN)
    assert (card.name, card.values["email"], card.values["street"]) == ("Ida Sommer", "", "")
    assert card.problems == ["E-Mail-Adresse „kein-at-zeichen“ ist keine."]


def test_old_encodings_are_guessed():
    card = "BEGIN:VCARD\nN:Müller;Jörg\nEND:VCARD\n"
    for raw in (card.encode("cp1252"), card.encode("utf-16"), b"\xef\xbb\xbf" + card.encode()):
        assert [each.name for each in vcards.read(raw)] == ["Jörg Müller"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "keine Visitenkarte"),
        (b"\x89PNG\r\n\x1a\n" * 9, "keine Visitenkarte"),
        (b"BEGIN:VCARD\nEND:VCARD\n" * 3, "keine Visitenkarte"),
        (b"BEGIN:VCARD\nFN:A\nEND:VCARD\n" * (vcards.MOST + 1), "höchstens 500"),
        (b"x" * (vcards.BIGGEST + 1), "größer als 2 MB"),
    ],
    ids=["empty", "picture", "nameless", "too many", "too big"],
)
def test_what_is_no_file_of_cards_is_refused(raw, said):
    with pytest.raises(Refusal, match=said):
        vcards.read(raw)


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_what_is_written_can_be_read(business, owner, version):
    customer = make.make_company(
        "Bäckerei Süß; Korn, Mehl & mehr, die mit dem sehr langen Namen in der Großen Straße GmbH", tags=["Gastro"],
        phone="040 777", email="post@suess.example",
    )  # fmt: skip
    Site.objects.create(customer=customer, label="Backstube", street="Kai 1", postcode="20457", city="Hamburg")
    ContactPerson.objects.create(customer=customer, name="Petra Zahl", role="Buchhaltung", mobile="0172 1234567")
    raw = b"".join(vcards.write(vcards.with_all(Customer.objects.all()), version=version))
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"VERSION:" + version.encode() in raw
    card, person = vcards.read(raw)
    assert {name: card.values[name] for name in ("company_name", "email", "phone", "mobile", "street", "postcode")} == {
        name: getattr(customer, name) for name in ("company_name", "email", "phone", "mobile", "street", "postcode")
    }
    assert (card.tags, person.values["last_name"], person.values["mobile"]) == (["Gastro"], "Zahl", "0172 1234567")


def test_cards_stand_beside_who_is_there_and_only_ticked_ones_come_in(business, owner):
    there = make.make_customer("Müller", first_name="Jörg", mobile="0171 2345678")
    cards = vcards.read(OLD_PHONE + APPLE + APPLE)
    rows = vcard_imports.preview(cards)
    assert [[double.customer for double in row.doubles] for row in rows] == [[there], [], []]
    assert [row.is_new for row in rows] == [False, True, False]  # the third stands in the file twice
    [made] = vcard_imports.take_over([cards[1]], by=owner)
    assert (made.name, made.country, [str(tag) for tag in made.customer_tags.order_by("tag__name")]) == (
        "Café Morgenrot GmbH", "AT", ["Gastro", "Stammkunde"],
    )  # fmt: skip
    assert made.notes.get().text == "Kommt, wenn es regnet; sonst nicht"


def test_all_cards_cost_the_same_number_of_queries(business, django_assert_num_queries):
    for _n in range(3):
        make.make_customer(tags=["Gastro"])
    with django_assert_num_queries(5):
        assert len(list(vcards.write(vcards.with_all(Customer.objects.all())))) == 3
