"""Documents on paper: valid archives with the XML inside, complete, safe, in their language, where windows expect them."""

import hashlib
import json
import re
import unicodedata
from dataclasses import replace
from decimal import Decimal as D
from functools import cache
from io import BytesIO

import page
import pypdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from billing import choices, girocode
from billing.documents import pdf
from billing.documents.einvoice import build_cii, profile_for
from billing.documents.model import Kind, calculated
from billing.money import VAT_REVERSE_CHARGE

from . import samples
from .cases import CASES
from .samples import invoice, item, piece, section

pytestmark = pytest.mark.paper

MM = 72 / 25.4

HYBRIDS = {
    "invoice": invoice(labour=True),
    "mixed_rates": samples.mixed_rates(),
    "gross_prices": samples.gross_prices(),
    "small_business": samples.small_business(),
    "photovoltaics": samples.photovoltaics(),
    "cancellation": samples.cancellation(),
    "authority": invoice(buyer=samples.PUBLIC),
}


@cache
def drawn(document, **more):
    """A document on paper, drawn once for all that only look at it: the same document gives the same bytes."""
    return pdf.render_pdf(document, **more)


def opened(data):
    return pypdf.PdfReader(BytesIO(data))


def pages_of(data):
    """The text of each page, its blanks and line breaks made equal."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [" ".join(each.get_textpage().get_text_bounded().split()) for each in document]
    finally:
        document.close()


def text_of(document, **more):
    return " ".join(pages_of(drawn(document, **more)))


def problems(data):
    report = page.validate_pdf_bytes(data)
    assert str(report.profile) == "ValidationProfile.PDF_A_3B"
    return [failure.message for failure in report.failures]


def unspoken(data):
    """What keeps a screen reader from reading it; that it calls itself PDF/A-3b is no such thing."""
    profiles = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)
    found = [failure.message for each in profiles for failure in page.validate_pdf_bytes(data, profile=each).failures]
    return [message for message in found if not message.startswith("XMP ")]


@pytest.mark.parametrize("name", HYBRIDS)
def test_a_hybrid_is_a_valid_archive_with_the_given_xml_inside(name):
    document = HYBRIDS[name]
    profile = profile_for(document)
    xml = build_cii(document, profile)
    data = drawn(document, xml=xml)
    assert problems(data) == []
    reader = opened(data)
    assert reader.attachments == {profile.filename: [xml]}
    root = reader.trailer["/Root"]
    (file,) = root["/AF"]
    assert file.get_object()["/AFRelationship"] == "/Alternative"
    packet = root["/Metadata"].get_data().decode()
    assert packet.count("<rdf:RDF") == 1
    assert f"<fx:ConformanceLevel>{profile.conformance}</fx:ConformanceLevel>" in packet
    assert f"<fx:DocumentFileName>{profile.filename}</fx:DocumentFileName>" in packet


@pytest.mark.parametrize("document", [samples.quote_with_choices(), invoice(number=None), invoice(language="en")])
def test_a_document_without_xml_is_a_valid_archive_too(document):
    data = drawn(document)
    assert problems(data) == []
    assert opened(data).attachments == {}


def test_a_screen_reader_can_read_it():
    quote = samples.quote_with_choices()
    for document in (HYBRIDS["invoice"], HYBRIDS["cancellation"], quote, replace(quote, number=None)):
        assert unspoken(drawn(document, logo=logo())) == []
    assert unspoken(pdf.render_protocol_pdf(RECORD, signature="M20 150 C 100 20 200 20 300 150")) == []


def test_headings_tables_and_pictures_are_tagged():
    reader = opened(drawn(samples.quote_with_choices(version=2), logo=logo()))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "de" and root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Angebot AN-2026-0148, Fassung 2"
    tags = list(tagged(root["/StructTreeRoot"]))
    assert tags.count("/H1") == 1 and "/H2" in tags and "/Figure" in tags
    heads = [cell for row in rows_of_tables(root["/StructTreeRoot"]) for cell in row if cell["/S"] == "/TH"]
    assert len(heads) > 5 and all("/ID" in cell for cell in heads)


def tagged(node):
    if "/S" in node:
        yield node["/S"]
    for kid in kids(node):
        yield from tagged(kid)


def rows_of_tables(node):
    if node.get("/S") == "/TR":
        yield kids(node)
    for kid in kids(node):
        yield from rows_of_tables(kid)


def kids(node):
    found = node.get("/K", [])
    found = (each.get_object() for each in (found if isinstance(found, list) else [found]))
    return [each for each in found if isinstance(each, dict)]


def test_streams_that_would_end_in_a_line_break_do_not():
    for number in range(8, 68):  # one in forty has such a stream, and is written again
        data = drawn(invoice(number=f"RE-2026-{number:04}"))
        assert not re.search(rb"[\r\n]\nendstream", data)
        assert problems(data) == []
        if opened(data).metadata["/Writing"] != "0":
            return
    pytest.fail("none of them had to be written again: look among other numbers")


def logo():
    out = BytesIO()
    Image.new("RGBA", (600, 200), (180, 83, 42, 128)).save(out, "PNG")
    return out.getvalue()


def test_a_logo_stands_at_the_head():
    data = drawn(invoice(), logo=logo())
    assert problems(data) == []
    assert len(opened(data).pages[0].images) == 1


@pytest.mark.parametrize("picture", [None, b"", b"<svg onload='x'/>", b"nothing"])
def test_what_is_no_picture_is_left_out(picture):
    assert len(opened(drawn(invoice(), logo=picture)).pages[0].images) == 0


def test_the_same_document_gives_the_same_bytes():
    document = HYBRIDS["invoice"]
    one, other = (pdf.render_pdf(document, xml=build_cii(document)) for _ in range(2))
    assert one == other


def test_an_invoice_says_everything_the_law_asks_for():
    document = HYBRIDS["invoice"]
    text = text_of(document)
    for words in (
        "Rechnung",
        "Tischlerei Haselbach",
        "Inhaber: Jana Haselbach",
        "Lohkamp 14",
        "Sabine und Henrik Brandt",
        "Rotdornweg 8",
        "22397 Hamburg",
        "Steuernummer 49/123/45678",
        "USt-IdNr. DE123456788",
        "RE-2026-0042",
        "20. November 2026",
        "Leistungsdatum 18. November 2026",
        "Fällig am 4. Dezember 2026",
        "Montage durch zwei Personen",
        "8 Std.",
        "Nettobetrag 440,00 €",
        "zuzüglich MwSt. 19 % 83,60 €",
        "Gesamtbetrag inkl. MwSt. 523,60 €",
        "DE89 3704 0044 0532 0130 00",
        "§ 35a EStG",
        "523,60 € enthalten (440,00 € netto + 83,60 € MwSt.)",
        *document.notes,
    ):
        assert words in text


@pytest.mark.parametrize("name", HYBRIDS)
def test_paper_and_structure_show_the_same_amounts(name):
    document = HYBRIDS[name]
    text = text_of(document, xml=build_cii(document, profile_for(document)))
    totals = document.totals
    amounts = {totals.gross, *totals.amounts}
    if not document.seller.small_business:
        amounts |= {totals.net, *(group.tax for group in totals.groups)}
    for amount in amounts:
        assert f"{abs(amount):,.2f}".translate(str.maketrans(",.", ".,")) in text


def test_a_small_business_never_speaks_of_vat():
    for document in (
        samples.small_business(),
        replace(samples.small_business(), kind=Kind.QUOTE),
        calculated(replace(samples.small_business(), mode="gross")),
    ):
        text = text_of(document)
        assert "MwSt" not in text
        assert "Steuerfreier Umsatz – Kleinunternehmer (§ 19 UStG)." in text


def test_reverse_charge_shows_neither_rate_nor_tax():
    text = text_of(invoice([item(vat=VAT_REVERSE_CHARGE)], buyer=samples.BUSINESS))
    assert "Steuerschuldnerschaft des Leistungsempfängers" in text
    assert "%" not in text and "MwSt" not in text


def test_gross_prices_show_the_vat_inside():
    text = text_of(samples.gross_prices())
    assert "Preis inkl. MwSt." in text
    assert "Gesamtbetrag inkl. MwSt. 29,97 €" in text
    assert "darin enthaltene MwSt. 19 % auf 25,18 € 4,79 €" in text


def test_a_column_for_rates_only_where_they_differ():
    assert "Menge Einzelpreis MwSt. Betrag" in text_of(samples.mixed_rates())
    assert "Menge Einzelpreis Betrag" in text_of(invoice())


def test_a_cancellation_names_its_invoice_and_asks_for_nothing():
    text = text_of(samples.cancellation())
    assert "Stornorechnung" in text and "Gutschrift" not in text
    assert "Storno der Rechnung RE-2026-0042 vom 20. November 2026." in text
    assert "Grund: Die Rechnung war an die falsche Firma gerichtet." in text
    assert "−1.270,23 €" in text
    assert "Bitte überweisen" not in text


def test_a_quote_marks_what_is_outside_its_total():
    text = text_of(samples.quote_with_choices())
    assert "Auswahl Fronten · im Gesamtpreis Eiche furniert, geölt 4 Stk. 465,00 € 1.860,00 €" in text
    assert "Alternative Fronten · nicht im Gesamtpreis Salbei, matt lackiert 4 Stk. 395,00 € (1.580,00 €)" in text
    assert "Auf Wunsch · nicht im Gesamtpreis LED-Lichtleiste in der Nische 1 Stk. 240,00 € (240,00 €)" in text
    assert "Beträge in Klammern sind nicht im Gesamtpreis enthalten." in text
    assert "Dieses Angebot gilt bis zum 11. Dezember 2026." in text
    assert "Bitte überweisen" not in text


def quote_of_titles(**changes):
    """Two whole titles to choose from, one on request, and an option that comes in a number."""
    facts = {"is_counted": False}
    lines = [
        item("1", "Aufmaß und Planung", "1", "420.00"),
        replace(section("1", "Küche in Eiche"), alternative_set="Küche"),
        piece("1.1", "Unterschränke Eiche", "6", "410.00"),
        item("1.2", "Montage Eiche", "16", "62.00"),
        replace(section("2", "Küche lackiert"), alternative_set="Küche", **facts),
        piece("2.1", "Unterschränke lackiert", "6", "355.00", **facts),
        item("2.2", "Montage lackiert", "14", "62.00", **facts),
        replace(section("3", "Beleuchtung"), is_optional=True, option_group="Extras", **facts),
        piece("3.1", "LED-Leiste", "3", "49.00", **facts),
        section("4", "Zubehör"),
        piece("4.1", "Einlegeboden", "1", "28.56", is_optional=True, max_quantity=8, option_group="Innen", **facts),
    ]
    return calculated(replace(samples.quote_with_choices(), lines=tuple(lines), **changes))


def test_whole_titles_to_choose_are_marked_with_all_below_them():
    text = text_of(quote_of_titles())
    assert "1 Auswahl Küche · im Gesamtpreis Küche in Eiche" in text
    assert "Summe 1 Küche in Eiche 3.452,00 €" in text
    assert "2 Alternative Küche · nicht im Gesamtpreis Küche lackiert" in text
    assert "2.1 Unterschränke lackiert 6 Stk. 355,00 € (2.130,00 €)" in text
    assert "Summe 2 Küche lackiert (2.998,00 €)" in text
    assert "3 Auf Wunsch · Extras · nicht im Gesamtpreis Beleuchtung 3.1 LED-Leiste 3 Stk. 49,00 € (147,00 €)" in text
    assert "4.1 Auf Wunsch · Innen · Menge nach Wahl bis 8 · nicht im Gesamtpreis Einlegeboden" in text
    assert "Nettobetrag 3.872,00 €" in text


def test_an_order_confirmation_has_the_chosen_titles_and_quantities():
    sent = quote_of_titles()
    choice = choices.parse(sent, {"wahl-1": "2", "wahl-4.1": "3"})
    chosen = choices.only_chosen(sent, choice)
    text = text_of(replace(chosen, kind=Kind.ORDER_CONFIRMATION, number="AU-2026-0031", quote_number="AN-2026-0148"))
    assert "2 Küche lackiert 2.1 Unterschränke lackiert 6 Stk. 355,00 € 2.130,00 €" in text
    assert "Summe 2 Küche lackiert 2.998,00 €" in text and "Einlegeboden 3 Stk. 28,56 € 85,68 €" in text
    assert not any(word in text for word in ("Eiche", "Beleuchtung", "Auf Wunsch", "Menge nach Wahl", "("))


def test_surcharges_are_called_by_their_name():
    text = text_of(samples.surcharges())
    assert "Rohrbruch abdichten, nachts zuzüglich 50 % Zuschlag 3,5 Std. 68,00 € 19 % 357,00 €" in text
    assert "Kugelhahn DN 20 abzüglich 5 % Rabatt" in text
    assert "Summe der Positionen 766,53 € Zuschlag 15 % 114,98 € Nettobetrag 881,51 €" in text


def test_a_later_version_is_named_beside_the_number():
    text = text_of(samples.quote_with_choices(version=2))
    assert "Angebotsnummer AN-2026-0148, Fassung 2" in text
    assert "Fassung" not in text_of(samples.quote_with_choices())
    order = replace(
        samples.quote_with_choices(version=2), kind=Kind.ORDER_CONFIRMATION, number="AU-2026-0031",
        quote_number="AN-2026-0148",
    )  # fmt: skip
    text = text_of(order)
    assert "Auftragsnummer AU-2026-0031 Datum" in text and "Angebot AN-2026-0148, Fassung 2" in text


def test_a_title_of_its_own_replaces_the_word_for_the_kind():
    text = text_of(samples.quote_with_choices(title="Kostenvoranschlag"))
    assert "Kostenvoranschlag AN-2026-0148" in text and "Nummer AN-2026-0148" in text
    assert "Gültig bis zum 11. Dezember 2026." in text and "Angebot" not in text


def test_a_quote_says_how_to_order():
    text = text_of(samples.quote_with_choices())
    assert "So beauftragen Sie uns Dieses Angebot gilt bis zum 11. Dezember 2026. Öffnen Sie den Link" in text
    assert "Rufen Sie uns an: 040 66969-120." in text
    assert "So beauftragen Sie uns" not in text_of(invoice())


def test_an_order_confirmation_shows_only_what_was_chosen():
    quote = samples.quote_with_choices()
    text = text_of(replace(quote, kind=Kind.ORDER_CONFIRMATION, number="AU-2026-0031", valid_until=None))
    assert "Auftragsbestätigung" in text and "Eiche furniert" in text
    assert "Salbei" not in text and "LED-Lichtleiste" not in text and "Auf Wunsch" not in text
    assert "im Gesamtpreis" not in text


def test_a_draft_is_marked_and_cannot_be_paid():
    draft = invoice(number=None)
    assert "Entwurf" in text_of(draft)
    assert scanned(drawn(draft)) == []
    assert "Entwurf" not in text_of(invoice())


def scanned(data):
    document = pypdfium2.PdfDocument(data)
    try:
        return [found.text for found in zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())]
    finally:
        document.close()


def test_the_girocode_on_paper_can_be_scanned():
    expected = girocode.payload(
        "Jana Haselbach", samples.SELLER.iban, invoice().totals.gross, "RE-2026-0042 KD 10042", bic="COBADEFFXXX"
    )
    assert scanned(drawn(invoice())) == [expected]


def test_an_account_no_bank_knows_has_no_code_but_stays_readable():
    seller = replace(samples.SELLER, iban="DE89370400440532013001")
    assert scanned(drawn(invoice(seller=seller))) == []
    assert "DE89 3704 0044 0532 0130 01" in text_of(invoice(seller=seller))


def long_quote():
    rows = [piece(f"1.{number}", f"Einlegeboden {number}", "4", "28.56") for number in range(1, 51)]
    return calculated(replace(samples.quote_with_choices(), lines=(section("1", "Innenausstattung"), *rows)))


def test_every_page_has_its_number_and_the_table_its_head():
    found = pages_of(drawn(long_quote()))
    assert len(found) == 3
    for number, text in enumerate(found, start=1):
        assert f"Seite {number} von 3" in text
        assert "Pos. Leistung Menge Einzelpreis Betrag" in text
        assert "IBAN DE89 3704 0044 0532 0130 00" in text
        assert ("Angebot AN-2026-0148 · Sabine und Henrik Brandt" in text) is (number > 1)


def mixed_quote(count, **changes):
    """Every third position is outside the total, every fifth has a description."""
    fronts = {"is_optional": True, "is_counted": False}
    rows = [
        piece(
            f"1.{n}", f"Brett Nummer {n} hier", "3", f"{n}.35", description="geölt\nund gewachst" if n % 5 == 0 else "",
            **(fronts if n % 3 == 0 else {}),
        )
        for n in range(1, count + 1)
    ]  # fmt: skip
    lines = (section("1", "Innenausstattung"), *rows)
    return calculated(replace(samples.quote_with_choices(), lines=lines, **changes))


@pytest.mark.parametrize("count", [12, 14, 31, 38, 64])
def test_sums_are_carried_from_page_to_page(count):
    document = mixed_quote(count)
    found = pages_of(drawn(document))
    so_far, before = D(0), ""
    (last,) = [number for number, text in enumerate(found) if "Nettobetrag" in text]
    for number, text in enumerate(found):
        so_far += sum(line.amount for line in document.items if f"{line.text} " in text)
        words = {before} if 0 < number <= last else set()
        before = f"Übertrag {so_far:,.2f} €".translate(str.maketrans(",.", ".,"))
        if number < last:
            words.add(before)
        assert set(re.findall(r"Übertrag [\d.,]+ €", text)) == words
    assert last > 0 and so_far == document.totals.line_sum


def test_nothing_is_carried_over_after_the_last_row():
    found = pages_of(drawn(mixed_quote(8, closing="\n".join(f"Satz {n}" for n in range(120)))))
    assert len(found) > 2 and not any("Übertrag" in text for text in found)


def test_no_sum_is_carried_before_there_is_one():
    document = mixed_quote(30)
    out = tuple(replace(line, is_optional=line.is_item, is_counted=not line.is_item) for line in document.lines[:-1])
    found = pages_of(drawn(calculated(replace(document, lines=(*out, document.lines[-2])))))
    assert len(found) > 1 and not any("Übertrag" in text for text in found)


def test_the_sums_never_stand_on_a_page_alone():
    for rows in range(8, 16):
        document = invoice([item(str(number)) for number in range(1, rows + 1)])
        (page_of_total,) = [text for text in pages_of(drawn(document)) if "Nettobetrag" in text]
        assert f"{rows} Montage durch zwei Personen" in page_of_total


@pytest.mark.parametrize("field", ["description", "intro", "closing", "notes", "payment_terms", "subject"])
def test_texts_longer_than_a_page_are_printed_whole(field):
    words = [f"Satz{number}hier" for number in range(1, 121)]
    long = "\n".join(words)
    changes = {"lines": [item(description=long)]} if field == "description" else {field: long}
    text = text_of(invoice(**changes | ({"notes": (long,)} if field == "notes" else {})))
    assert [word for word in words if word not in text] == []


def edges(data, words, page=0):
    """Where words stand, in millimetres from the left and upper edge of the paper: left, top, right, bottom."""
    document = pypdfium2.PdfDocument(data)
    textpage = document[page].get_textpage()
    try:
        index, count = textpage.search(words).get_next()
        boxes = [textpage.get_charbox(place) for place in range(index, index + count)]
    finally:
        document.close()
    left, bottom, right, top = (list(each) for each in zip(*boxes, strict=True))
    return min(left) / MM, 297 - max(top) / MM, max(right) / MM, 297 - min(bottom) / MM


def test_the_letter_follows_din_5008_form_b():
    data = drawn(samples.quote_with_choices())
    for words in ("Tischlerei Haselbach · Lohkamp", "Sabine und Henrik Brandt", "Rotdornweg 8"):
        left, top, right, bottom = edges(data, words)
        assert left == pytest.approx(25, abs=0.5) and right <= 105
        assert 45 <= top <= bottom <= 90
    left, top, _right, bottom = edges(data, "Sabine und Henrik Brandt")
    assert top >= 62.7  # the address zone, below the line of the sender
    left, top, right, bottom = edges(data, "Angebotsnummer")
    assert left == pytest.approx(125, abs=0.5) and 50 <= top < 53
    assert edges(data, "AN-2026-0148")[2] <= 200
    left, top, right, bottom = edges(data, "Einbauschrank und Garderobe")
    assert left == pytest.approx(25, abs=0.5) and top >= 98.4
    image = rendered(data, dpi=254)  # ten pixels a millimetre
    for height in (105, 148.5, 210):
        marks = [y for y in range(round(height * 10) - 4, round(height * 10) + 5) if image.getpixel((30, y)) != 255]
        assert marks, f"no mark at {height} mm"


def rendered(data, *, dpi):
    document = pypdfium2.PdfDocument(data)
    try:
        return document[0].render(scale=dpi / 72).to_pil().convert("L")
    finally:
        document.close()


def test_many_facts_push_the_subject_down_instead_of_covering_it():
    document = invoice(
        buyer=replace(samples.PUBLIC, vat_id="DE136695976", customer_number="10077"),
        order_number="AU-2026-0031",
        quote_number="AN-2026-0148",
        buyer_reference="Bestellung 4711/2026-B für das Rathaus, Zimmer 12, Frau Öztürk",
        service_from=samples.date(2026, 11, 3),
    )
    data = drawn(document)
    assert edges(data, "Telefon")[3] < edges(data, "Einbauschrank und Garderobe")[1]
    assert edges(data, "Rechnungsnummer")[3] < edges(data, "Datum")[1]  # in one line


def test_english_documents_speak_english():
    text = text_of(invoice(language="en"))
    assert "20 November 2026" in text and "€523.60" in text
    assert "Please note: you are required to keep this invoice for two years" in text
    assert opened(drawn(invoice(language="en"))).trailer["/Root"]["/Lang"] == "en"


def test_names_from_everywhere_are_printed():
    for name in ("Łucja Şahin-Đorđević", "Дмитрий Šošić", "Γιώργος", "Nguyễn Thị Hạnh", "Jo\u0308rg"):
        data = drawn(invoice(buyer=replace(samples.CONSUMER, name=name)))
        assert unicodedata.normalize("NFC", name) in pages_of(data)[0]
        assert problems(data) == []


def test_signs_no_font_has_are_spelt_or_left_out():
    pasted = "Rohr ⌀ 12 → 15 mm ✓ ㎡ \u202fⅢ 👍🏽 山 \x0b\x7f\ufffe"
    data = drawn(invoice([item(text=pasted)]))
    assert "Rohr Ø 12 -> 15 mm [x] m2 III ? 8 Std." in pages_of(data)[0]
    assert problems(data) == []


HOSTILE = '<img src="file:///etc/passwd"><style>@import "http://evil.example/x.css"</style>{{ 7|add:7 }}\x0b'


def test_hostile_words_stay_words_and_fetch_nothing(monkeypatch):
    asked = []
    fetch = pdf.OwnFiles.fetch
    monkeypatch.setattr(pdf.OwnFiles, "fetch", lambda self, url, headers=None: asked.append(url) or fetch(self, url))
    pdf._kit.cache_clear()
    document = invoice(
        [item(text=HOSTILE, description=HOSTILE)],
        subject=HOSTILE,
        intro=HOSTILE,
        buyer=replace(samples.CONSUMER, name=HOSTILE),
        seller=replace(samples.SELLER, brand="red;background:url(http://evil.example)", name=HOSTILE),
        notes=(HOSTILE,),
    )
    data = pdf.render_pdf(document, xml=build_cii(document))
    text = " ".join(pages_of(data))
    assert problems(data) == []
    pdf._kit.cache_clear()
    assert '<img src="file:///etc/passwd">' in text and "{{ 7|add:7 }}" in text and "root:" not in text
    assert asked
    assert all(url.startswith(f"file://{pdf.FOLDER}/inter-") for url in asked)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        f"file://{pdf.FOLDER}/../../config/settings.py",
        f"file://{pdf.FOLDER}/%2e%2e/%2e%2e/config/settings.py",
        f"file://host{pdf.FOLDER}/document.css",
        "http://127.0.0.1/",
        "https://example.org/x.png",
        "ftp://example.org/x",
    ],
)
def test_only_our_own_files_are_served(url):
    with pytest.raises(ValueError, match=r"not one of our files|disallowed protocol"):
        pdf.OwnFiles().fetch(url)


def test_our_own_files_and_data_are_served():
    fetcher = pdf.OwnFiles()
    assert fetcher.fetch(f"file://{pdf.FOLDER}/document.css").read().startswith(b"/* Paper")
    assert fetcher.fetch("data:text/plain,hello").read() == b"hello"


RECORD = {
    "quote": {"id": 7, "number": "AN-2026-0148", "version": 2, "title": "Einbauschrank"},
    "document_sha256": "9f86d081884c7d65",
    "accepted_by": {"name": "Sabine <b>Brandt</b>", "email": "brandt@post.example"},
    "link": None,
    "sending": [{"to": "brandt@post.example", "state": "sent", "sent_at": None}],
    "accepted_at_utc": "2026-11-23T17:04:11+00:00",
    "accepted_at_local": "2026-11-23T18:04:11+01:00",
    "chosen": [{"set": "Fronten", "text": "Eiche"}, {"set": "", "text": "LED-Lichtleiste"}],
    "totals": {"net": "6615.00", "tax": "1256.85", "gross": "7871.85"},
    "statements": {"early_start": {"ticked": True, "text": "early-start-de-1"}},
    "withdrawal": {"until": "2026-12-07"},
    "something_new": {"inside": 4711},
}


def test_a_protocol_shows_the_whole_record():
    data = pdf.render_protocol_pdf(RECORD)
    assert problems(data) == []
    text = " ".join(pages_of(data))
    for words in (
        "Annahmeprotokoll Angebot AN-2026-0148, Fassung 2",
        "Name, wie eingetippt Sabine <b>Brandt</b>",
        "Versand sent, brandt@post.example",
        "Gewählt Fronten: Eiche LED-Lichtleiste",
        "Gesamtbetrag 7.871,85 €",
        "Früher Beginn verlangt Ja",
        "Widerruf möglich bis 7. Dezember 2026",
        "Zeitpunkt 23. November 2026 um 18:04 Uhr (2026-11-23T18:04:11+01:00)",
        "something_new.inside 4711",
    ):
        assert words in text
    canonical = json.dumps(RECORD, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() in text
    assert data == pdf.render_protocol_pdf(json.loads(canonical))


def test_a_protocol_without_tax_does_not_speak_of_vat():
    record = RECORD | {"totals": {"net": "400.00", "tax": "0.00", "gross": "400.00"}}
    text = " ".join(pages_of(pdf.render_protocol_pdf(record)))
    assert "Gesamtbetrag 400,00 €" in text and "MwSt" not in text and "Nettobetrag" not in text


def test_warming_up_loads_the_fonts():
    pdf._kit.cache_clear()
    pdf.warm_up()
    assert pdf._kit.cache_info().currsize == 1


def test_the_list_of_part_payments_says_each_with_its_tax():
    data = pdf.render_prepayments_pdf(CASES["endrechnung"])
    assert problems(data) == []
    text = " ".join(pages_of(data))
    for words in (
        "Abschlagszahlungen zur Rechnung RE-2026-0042",
        "RE-2026-0051 vom 1. September 2026 10. September 2026 3.000,00 € 570,00 € 3.570,00 €",
        "RE-2026-0059 vom 1. Oktober 2026 12. Oktober 2026 4.000,00 € 760,00 € 4.760,00 €",
        "Summe 7.000,00 € 1.330,00 € 8.330,00 €",
        "Noch zu zahlen 3.570,00 €",
    ):
        assert words in text
