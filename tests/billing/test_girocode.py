"""GiroCode and creditor reference: R122's golden bytes, an independent reader, the limits."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from stdnum import iso11649

from billing import girocode

IBAN = "DE02120300000000202051"
GOLDEN = "BCD\n002\n1\nSCT\n\nMaler Huber GmbH\nDE02120300000000202051\nEUR1190.00\n\n\nRE-2026-0042 KD 10042"


def make(name="Maler Huber GmbH", iban=IBAN, amount="1190.00", text="RE-2026-0042 KD 10042", **more):
    return girocode.payload(name, iban, Decimal(amount), text, **more)


def test_the_golden_code_byte_for_byte():
    assert make() == GOLDEN
    assert len(make().encode()) == 89


def test_blanks_in_iban_and_bic_are_dropped():
    found = make(iban="de02 1203 0000 0000 2020 51", bic="BYLA DE M1 001").split("\n")
    assert (found[4], found[6]) == ("BYLADEM1001", IBAN)


def test_a_structured_reference_stands_in_its_own_line_and_alone():
    lines = make(text="", reference=girocode.reference("20260042")).split("\n")
    assert lines[8:] == ["", "RF8820260042"]  # nothing after it
    for text, reference in (("RE-2026-0042", "RF8820260042"), ("", "RF8720260042"), ("", "20260042")):
        with pytest.raises(ValueError, match="structured reference"):
            make(text=text, reference=reference)


def test_the_amount_has_two_decimals():
    assert make(amount="7").split("\n")[7] == "EUR7.00"


def test_nothing_follows_the_last_element():
    assert make(text="") == "BCD\n002\n1\nSCT\n\nMaler Huber GmbH\nDE02120300000000202051\nEUR1190.00"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"iban": "DE02120300000000202052"}, "not an IBAN"),
        ({"iban": ""}, "not an IBAN"),
        ({"amount": "0.00"}, "no transfer of"),
        ({"amount": "-5.00"}, "no transfer of"),
        ({"amount": "1000000000.00"}, "no transfer of"),
        ({"name": " "}, "account holder"),
        ({"name": "ß" * 70, "text": "ü" * 140}, "too long"),
    ],
)
def test_what_no_bank_would_take_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        make(**changes)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Müller & Söhne", "Müller & Söhne"),
        ("Café „Zum Löwen“ – Nr. 5", "Cafe 'Zum Löwen' - Nr. 5"),
        ("Yıldız Łukasz", "Yildiz Lukasz"),
        ("a\nb\t<c>", "a b c"),
        ("RE_2026#7", "RE 2026 7"),
    ],
)
def test_only_characters_that_banks_know(text, kept):
    assert girocode.sepa_text(text) == kept


def test_long_names_and_texts_are_cut():
    found = make(name="A" * 80, text="B" * 150).split("\n")
    assert (len(found[5]), len(found[10])) == (70, 140)


def decoded(svg):
    """The text a scanner reads from the picture; the SVG's one path is drawn with relative moves."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    side = int(root.get("viewBox").split()[2])
    image = Image.new("L", (side * 4, side * 4), 255)
    draw = ImageDraw.Draw(image)
    x = y = 0.0
    for step in root.find("{*}path").get("d").replace("M", " M ").replace("m", " m ").replace("h", " h ").split(" "):
        if step in ("M", "m", "h"):
            mode, numbers = step, []
        elif step:
            numbers.append(float(step))
            if mode == "h":
                draw.rectangle([x * 4, (y - 0.5) * 4, (x + numbers[0]) * 4 - 1, (y + 0.5) * 4 - 1], fill=0)
                x += numbers[0]
            elif len(numbers) == 2:
                x, y = numbers if mode == "M" else (x + numbers[0], y + numbers[1])
    (found,) = zxingcpp.read_barcodes(image)
    return found


@pytest.mark.parametrize("payload", [GOLDEN, make(name="Jörg Größer", text="RE-2026-0001 Fenster & Türen")])
def test_an_independent_reader_reads_the_picture(payload):
    found = decoded(girocode.svg(payload))
    assert found.text == payload
    assert found.ec_level == "M"


def test_the_picture_has_no_inline_style_and_no_size():
    svg = girocode.svg(GOLDEN)
    assert svg.startswith("<svg ")
    assert "style=" not in svg and "width=" not in svg.split(">")[0]


def test_the_golden_reference():
    assert girocode.reference("20260042") == "RF8820260042"


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/ ", min_size=1, max_size=21).filter(lambda t: t.strip("-/ ")))
def test_every_reference_has_the_right_check_digits(number):
    assert iso11649.is_valid(girocode.reference(number))


@pytest.mark.parametrize("number", ["", "---", "A" * 22])
def test_some_numbers_have_no_reference(number):
    with pytest.raises(ValueError, match="no reference"):
        girocode.reference(number)
