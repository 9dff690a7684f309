"""What we write we read again, in both syntaxes; what a stranger writes is judged and never believed."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfWriter

from accounts.refusals import Refusal
from billing.documents.einvoice import EN16931, build_cii, build_ubl
from billing.incoming import checks, containers, profiles, reading
from billing.incoming.checks import Class
from tests.billing.documents import samples
from tests.billing.documents.cases import CASES, CONTENTS

D = Decimal
TODAY = date(2026, 11, 24)
BOTH = pytest.mark.parametrize("write", [build_cii, build_ubl])


def read(xml):
    return reading.read(containers.tree(xml))


def judged(xml, buyer=samples.BUSINESS):
    return checks.findings(read(xml), our_name=buyer.name, our_vat_id=buyer.vat_id, today=TODAY)


def xml_of(name="mixed_rates_with_discount", write=build_cii):
    return write(CASES[name], EN16931, contents=CONTENTS)


@pytest.mark.parametrize("name", CASES)
@BOTH
def test_our_own_invoices_are_read_without_an_error(name, write):
    document = CASES[name]
    errors = {Class.FORMAT, Class.RULE}
    assert [finding for finding in judged(xml_of(name, write), document.buyer) if finding.kind in errors] == []


@BOTH
def test_everything_a_person_wants_to_know_is_read(write):
    found = read(xml_of("skonto", write))
    assert (found.number, found.issued_on, found.due_on, found.supplied_on) == (
        "RE-2026-0042", samples.TODAY, date(2026, 12, 4), date(2026, 11, 18),
    )  # fmt: skip
    assert (found.seller.name, found.seller.vat_id, found.seller.tax_number, found.seller.city) == (
        "Tischlerei Haselbach", "DE123456788", "49/123/45678", "Hamburg",
    )  # fmt: skip
    assert (found.buyer.name, found.buyer.postcode) == ("Hansa Wohnbau GmbH", "20457")
    assert (found.iban, found.account_holder) == ("DE89370400440532013000", "Jana Haselbach")
    (row,) = found.rows
    assert (row.name, row.quantity, row.unit_code, row.price, row.amount, row.category, row.rate) == (
        "Montage durch zwei Personen", D(8), "HUR", D(55), D(440), "S", D(19),
    )  # fmt: skip
    assert [(rate.net, rate.tax) for rate in found.rates] == [(D("440.00"), D("83.60"))]
    assert (found.net, found.tax, found.gross, found.payable) == (D(440), D("83.60"), D("523.60"), D("523.60"))
    assert found.payment_terms.startswith("#SKONTO#TAGE=10#PROZENT=2.00#")


@pytest.mark.parametrize("name", ["final", "surcharges", "mixed_rates_with_discount", "reduction", "attachment"])
def test_both_syntaxes_are_read_alike(name):
    cii, ubl = (read(xml_of(name, write)) for write in (build_cii, build_ubl))
    assert replace(ubl, syntax="cii", preceding=cii.preceding) == cii


@pytest.mark.parametrize(
    ("old", "new", "kind", "words"),
    [
        (b">523.60<", b">523.61<", Class.RULE, "BR-CO-15"),
        (b">83.60<", b">93.60<", Class.RULE, "BR-CO-17"),
        (b"<ram:LineTotalAmount>440.00<", b"<ram:LineTotalAmount>441.00<", Class.RULE, "Position 1"),
        (b">19<", b">16<", Class.CONTENT, "16 % Umsatzsteuer galten am 18. November 2026 nicht."),
        (b">440.00<", b">NaN<", Class.FORMAT, "LineTotalAmount"),
        (b">440.00<", b">1e400<", Class.FORMAT, "nicht lesbar"),
        (b">20261120<", b">99991120<", Class.FORMAT, "nicht lesbar"),
        (b"Hansa Wohnbau GmbH", b"Anderswo AG", Class.CONTENT, "Anderswo AG"),
        (b"DE123456788", b"DE123456789", Class.CONTENT, "Tippfehler"),
        (b"DE89370400440532013000", b"DE89370400440532013001", Class.CONTENT, "IBAN"),
        (b">20261120<", b">20261125<", Class.CONTENT, "Zukunft"),
        (b"<ram:Name>Tischlerei Haselbach</ram:Name>", b"", Class.CONTENT, "Name des Lieferanten"),
        (b"EUR", b"CHF", Class.CONTENT, "CHF"),
    ],
)
def test_each_error_is_named_in_its_class(old, new, kind, words):
    xml = xml_of("skonto")
    assert old in xml
    buyer = replace(samples.BUSINESS, vat_id="") if b"Hansa" in old else samples.BUSINESS
    found = [finding for finding in judged(xml.replace(old, new), buyer) if finding.kind == kind]
    assert words in " ".join(finding.message for finding in found)


def test_reverse_charge_tells_us_that_we_owe_the_tax():
    (found,) = judged(xml_of("reverse_charge"))
    assert (found.kind, "§ 13b" in found.message, found.touches_tax) == (Class.NOTE, True, False)


@pytest.mark.parametrize("profile", ["minimum", "basicwl"])
def test_a_profile_without_the_mandatory_content_is_no_einvoice(profile):
    xml = xml_of().replace(b"urn:cen.eu:en16931:2017", b"urn:factur-x.eu:1p0:" + profile.encode())
    assert judged(xml)[0].kind == Class.FORMAT


@pytest.mark.parametrize(
    "profile", ["../../x", "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_9.9", "", "EN16931"]
)
def test_an_unknown_profile_is_refused(profile):
    with pytest.raises(Refusal, match="Profil unbekannt"):
        read(xml_of().replace(b"urn:cen.eu:en16931:2017", profile.encode()))


@pytest.mark.parametrize(
    ("guideline", "name"),
    [
        ("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "XRechnung 3.0"),
        ("urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_2.3", "XRechnung 2.3"),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "ZUGFeRD EXTENDED"),
        ("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", "Peppol BIS 3"),
    ],
)
def test_published_profiles_have_a_name(guideline, name):
    assert profiles.known(guideline).name == name


# --- hostile files (P64 to P66) -----------------------------------------------------------------------------------------
DTD = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 1000 + b'"><!ENTITY b "' + b"&a;" * 1000 + b'">]>'


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (DTD + b"<a>&x;</a>", "DTD ist nicht erlaubt."),
        (LAUGHS + b"<a>&b;</a>", "DTD ist nicht erlaubt."),
        ((DTD + b"<a>&x;</a>").decode().encode("utf-16"), "DTD ist nicht erlaubt."),
        (b"<!-- " + b"x" * 70_000 + b" -->" + DTD + b"<a>&x;</a>", "DTD ist nicht erlaubt."),
        (b"<a>" * 100_000, "kein gültiges XML"),
        (b"<a>" + b"x" * (10 * 1024 * 1024) + b"</a>", "größer als 10 MB"),
        (b"<a", "kein gültiges XML"),
        (b"<a/>", "keine Rechnung, die wir kennen"),
        (b'<Invoice xmlns="urn:other"/>', "keine Rechnung, die wir kennen"),
    ],
)
def test_dangerous_or_foreign_xml_is_refused(xml, words):
    with pytest.raises(Refusal, match=words):
        read(xml)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "leer"), (b"hello", "weder XML noch PDF"), (b"x" * (containers.BIGGEST + 1), "25 MB")],
)
def test_what_is_no_invoice_is_refused(content, words):
    with pytest.raises(Refusal, match=words):
        containers.structured_part(content)


LOOP = b"""%PDF-1.7
1 0 obj<</Type/Catalog/Names<</EmbeddedFiles 2 0 R>>>>endobj
2 0 obj<</Kids[2 0 R 2 0 R]>>endobj
trailer<</Size 3/Root 1 0 R>>
"""


def pdf(*names, content=b"<a/>"):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for name in names:
        writer.add_attachment(name, content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_the_invoice_inside_a_pdf_is_found():
    assert containers.structured_part(pdf("agb.xml", "factur-x.xml", content=b"<a>1</a>")) == b"<a>1</a>"


def test_a_pdf_without_one_has_none():
    assert containers.structured_part(pdf("agb.xml")) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pdf("factur-x.xml", "zugferd-invoice.xml"), "mehrere Rechnungen"),
        (b"%PDF-1.7 and nothing else", "Datei nicht lesbar"),
        (LOOP, "Datei nicht lesbar"),
        (pdf("factur-x.xml", content=b" " * (11 * 1024 * 1024)), "Datei nicht lesbar"),
    ],
)
def test_a_hostile_pdf_is_not_readable(content, words):
    with pytest.raises(Refusal, match=words):
        containers.structured_part(content)
