"""Bank files come in whole or not at all."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.refusals import Refusal
from billing.banking import readers
from billing.banking.statement import Entry
from tests.billing.banking import samples
from tests.billing.banking.samples import CUSTOMER, OWN

PAID = Entry(date(2026, 11, 17), Decimal("1190.00"), "Café Morgenrot GmbH", CUSTOMER, "RE-2026-0042 Kunde 10042")
TAKEN = Entry(date(2026, 11, 18), Decimal("-50.00"), "Stadtwerke", "", "Abschlag Strom")


def read(content):
    return readers.read(content if isinstance(content, bytes) else content.encode())


def refused(content):
    with pytest.raises(Refusal) as refusal:
        read(content)
    assert refusal.value.field == "file"
    return refusal.value.message


# --- camt.053 ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("version", ["02", "08"])
def test_camt_of_both_versions_says_the_same(version):
    kind, found = read(samples.camt(version))
    assert kind == "camt"
    assert found.entries == (PAID, Entry(TAKEN.booked_on, TAKEN.amount, TAKEN.party, CUSTOMER, TAKEN.purpose))
    assert (found.iban, found.opening, found.closing) == (OWN, Decimal("1000.00"), Decimal("2140.00"))
    assert (found.first_on, found.last_on) == (date(2026, 11, 16), date(2026, 11, 20))


def test_the_structured_reference_comes_before_the_end_to_end_id():
    entry = samples.camt_entry("1140", structured="RF8820260042", reference="E2E")
    assert read(samples.camt("08", [entry]))[1].entries[0].reference == "RF8820260042"
    entry = samples.camt_entry("1140", reference="E2E")
    assert read(samples.camt("08", [entry]))[1].entries[0].reference == "E2E"


def collective(second):
    parts = "".join(
        f'<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr>'
        f"</RltdPties></TxDtls>"
        for name, amount in (("Ada", "1000.00"), ("Bob", second))
    )
    return samples.camt(
        entries=[
            '<Ntry><Amt Ccy="EUR">1140.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-17</Dt></BookgDt>'
            f"<NtryDtls>{parts}</NtryDtls></Ntry>"
        ]
    )


def test_a_collective_booking_falls_into_its_parts_if_they_add_up():
    found = read(collective("140.00"))[1].entries
    assert [(entry.party, entry.amount) for entry in found] == [("Ada", Decimal(1000)), ("Bob", Decimal(140))]
    assert [entry.amount for entry in read(collective("139.00"))[1].entries] == [Decimal("1140.00")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (samples.camt(closing="2140.01"), "Anfangssaldo, Buchungen und Endsaldo passen nicht zusammen"),
        (samples.camt()[:-40], "beschädigt oder unvollständig"),
        (samples.camt(above="<!DOCTYPE x [<!ENTITY a 'b'>]>"), "DTD ist nicht erlaubt."),
        (samples.camt().replace(b"camt.053", b"camt.052"), "vorläufigen Buchungen"),
        (samples.camt().replace(b"camt.053", b"pain.001"), "kein Kontoauszug"),
        (b"<html></html>", "kein Kontoauszug"),
        (samples.camt(entries=[samples.camt_entry("1140.00", currency="CHF")]), "Buchungen in CHF"),
        (samples.camt(entries=[samples.camt_entry("NaN")]), "beschädigt"),
        (samples.camt(entries=[samples.camt_entry("1e9")]), "beschädigt"),
        (samples.camt(entries=[samples.camt_entry("1140.001")]), "beschädigt"),
        (samples.camt(entries=[samples.camt_entry("1140", day="9999-01-01")]), "beschädigt"),
        (samples.camt(entries=[samples.camt_entry("1140", day="2026-13-01")]), "beschädigt"),
        (samples.camt(entries=[samples.camt_entry("1140", way="HIN")]), "beschädigt"),
        (b"<a>" * 100_000, "beschädigt"),
    ],
)
def test_broken_and_hostile_camt_is_refused(content, sentence):
    assert sentence in refused(content)


def test_entities_bring_nothing_in():
    bomb = "<!DOCTYPE x [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c SYSTEM 'file:///etc/passwd'>]>"
    assert refused(samples.camt(above=bomb)) == "DTD ist nicht erlaubt."


def test_two_accounts_in_one_file_are_refused():
    two = samples.camt().replace(
        b"</Stmt>", b"</Stmt><Stmt><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct></Stmt>"
    )
    assert "mehrere Konten" in refused(two)


# --- MT940 ------------------------------------------------------------------------------------------------------------
def test_mt940_is_read_with_the_subfields_of_german_banks():
    kind, found = read(samples.MT940)
    assert kind == "mt940"
    paid = Entry(PAID.booked_on, PAID.amount, PAID.party, PAID.iban, "RE-2026-00 42 Kunde 10042", bank_id="POS 4711")
    assert found.entries == (paid, TAKEN)
    assert (found.iban, found.opening, found.closing) == (OWN, Decimal("1000.00"), Decimal("2140.00"))


def test_full_subfields_are_joined_without_a_blank():
    long = samples.MT940.replace("?21SVWZ+RE-2026-00?2242 Kunde 10042", "?21SVWZ+Rechnung vom RE-2026-00?2242 Kunde")
    assert len("SVWZ+Rechnung vom RE-2026-00") >= 27
    assert read(long)[1].entries[0].purpose == "Rechnung vom RE-2026-0042 Kunde"


def test_mt940_of_older_programs_is_read():
    """Windows-1252, CRLF, money taken back, purpose in plain words, booked in the new year."""
    old = (
        ":20:1\n:25:12030000/1000202051\n:28C:1\n:60F:C261231EUR100,\n"
        ":61:2612310102RC40,5NRTIREF1\n:86:Rücklastschrift\n:62F:C270102EUR59,5\n"
    )
    found = read(old.replace("\n", "\r\n").encode("cp1252"))[1]
    assert found.entries == (Entry(date(2027, 1, 2), Decimal("-40.50"), purpose="Rücklastschrift", reference="REF1"),)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("2140,00", "2140,01", "passen nicht zusammen"),
        (":62F:C261120EUR2140,00", "", "beschädigt oder unvollständig"),
        ("2611171117C", "2613171117C", "beschädigt"),
        ("C1190,00N", "X1190,00N", "beschädigt"),
        ("EUR1000,00", "USD1000,00", "Buchungen in USD"),
        (":60F:C261116EUR1000,00\n", "", "beschädigt"),
    ],
)
def test_broken_mt940_is_refused(old, new, sentence):
    assert old in samples.MT940
    assert sentence in refused(samples.MT940.replace(old, new))


# --- tables -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("bank", samples.BANKS)
def test_the_table_of_each_bank_is_read_by_its_headings(bank):
    kind, found = read(samples.BANKS[bank])
    assert kind == "csv"
    paid, taken = sorted(found.entries, key=lambda entry: entry.booked_on)
    assert (paid.booked_on, paid.amount) == (PAID.booked_on, PAID.amount)
    assert (taken.booked_on, taken.amount) == (TAKEN.booked_on, TAKEN.amount)
    assert PAID.purpose in paid.purpose and paid.iban in {"", CUSTOMER}
    if bank != "Commerzbank":  # names stand in the words there
        assert (paid.party, taken.party) == (PAID.party, TAKEN.party)
    assert found.iban in {"", OWN}


def test_tables_in_windows_encoding_are_read():
    assert read(samples.SPARKASSE.encode("cp1252"))[1].entries[1].party == PAID.party


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("Name;Ort\nAda;Hamburg\n", "fehlen Spalten mit Buchungstag und Betrag"),
        (samples.ING.replace("-50,00;EUR", "fünfzig;EUR"), "Zeile 8 lässt sich nicht lesen"),
        (samples.ING.replace("18.11.2026;18.11.2026", "31.11.2026;18.11.2026"), "Zeile 8 lässt sich nicht lesen"),
        (samples.ING.replace("18.11.2026;18.11.2026", "gestern;18.11.2026"), "Zeile 9 lässt sich nicht lesen"),
        (samples.ING.replace("1.190,00;EUR", "1.190.00;EUR"), "Zeile 9 lässt sich nicht lesen"),
        (samples.N26.replace("1190.00", "1.190"), "Zeile 2 lässt sich nicht lesen"),
        (samples.SPARKASSE.replace('"EUR"', '"CHF"'), "Buchungen in CHF"),
        (samples.ING.split("18.11.2026")[0], "steht keine Buchung"),
        (b"%PDF-1.7", "Das ist ein PDF"),
        (b"PK\x03\x04" + b"a" * 100, "Das ist eine ZIP-Datei"),
        (b"  \n", "Die Datei ist leer."),
        (b"\x00\x01\x02" * 50, "Das ist keine Tabelle"),
    ],
)
def test_tables_that_are_none_are_refused_with_their_row(content, sentence):
    assert sentence in refused(content)


# --- whatever comes ---------------------------------------------------------------------------------------------------
FILES = [samples.camt("02"), samples.camt("08"), samples.MT940.encode(), samples.DKB.encode(), samples.N26.encode()]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(FILES), st.data())
def test_a_damaged_file_is_refused_or_read_whole(content, data):
    """Bytes are cut out, doubled or replaced: no other error than a refusal, and what is read adds up."""
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    damaged = content[:start] + data.draw(
        st.sampled_from([b"", b"\xff", b"<", b";;", b"\n", b"9", content[start:end] * 2])
    )
    damaged += content[end:]
    try:
        _kind, found = readers.read(damaged)
    except Refusal as refusal:
        assert refusal.message and refusal.field == "file"
    else:
        if found.opening is not None and found.closing is not None:
            assert found.opening + sum(entry.amount for entry in found.entries) == found.closing


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.one_of(st.binary(max_size=200), st.text(":0123456789,CDEURF\n;", max_size=200).map(str.encode)))
def test_what_is_no_bank_file_is_refused(content):
    with pytest.raises(Refusal):
        readers.read(content)
