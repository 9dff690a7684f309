"""The procedure documentation says what is set, and each version stays as it was (R55, R60)."""

import hashlib
from datetime import date

import pytest

from accounts import businesses, tokens
from accounts.rights import Role
from billing import books, hosting, procedure, verification
from billing.models import JournalEntry, ProcedureVersion
from tests import make


def test_it_says_what_is_set(business, owner):
    businesses.change(business, by=owner, vat_id="DE136695976", taxation="ist", payment_days=21)
    businesses.set_small_business(business, [(date(2024, 1, 1), date(2024, 12, 31))], by=owner)
    tokens.create(owner, name="Kasse")
    make.make_open_invoice()
    make.make_member(Role.AUDITOR, name="Frau Prüfer")
    books.lock(date(2025, 12, 31), owner)
    said = procedure.text()
    year = make.timezone.localdate().year
    for sentence in (
        "Steuernummer: 22/345/67898", "USt-IdNr.: DE136695976", "nach vereinnahmten Entgelten (Ist)",
        "1. Januar 2024 bis 31. Dezember 2024", "Zahlungsziel: 21 Tage", f"RE-{year}-0001 und fortlaufend",
        "Abgeschlossen ist bis 31. Dezember 2025.", "Frau Prüfer: Betriebsprüfung (nur lesen, nach Jahren), Jahre 2000 bis 2100",
        "Vor Ort: Kontakte sehen, Notizen und Verlauf sehen, Notizen schreiben, Aufträge ohne Beträge sehen, Annahme",
        "8 Jahre nach dem Ende des Jahres (§ 147 (1) Nr. 4, (3) AO, § 14b UStG)", "1 gültige Schlüssel", "Django: 5.",
        "Stand der Tabellen: accounts 00", "Die Daten liegen in Deutschland.",
    ):  # fmt: skip
        assert sentence in said, sentence


def test_every_right_has_its_words():
    assert set(procedure.DID) == {value for name, value in vars(procedure.Right).items() if name.isupper()}


def test_a_version_is_kept_with_its_hash_and_written_only_when_something_changed(business, owner):
    first = procedure.write(owner)
    assert procedure.write(owner) == first
    assert (first.version, first.sha256) == (1, hashlib.sha256(first.text.encode()).hexdigest())
    make.make_member(Role.OFFICE)
    second = procedure.write(owner)
    assert (second.version, procedure.newest()) == (2, second)
    written = JournalEntry.objects.filter(event="billing.procedure_written").order_by("sequence")
    assert [(entry.content_hash, entry.by) for entry in written] == [(first.sha256, owner), (second.sha256, owner)]
    assert verification.run().broken == []


def test_a_number_more_is_no_new_version(business):
    make.make_open_invoice()
    first = procedure.write()
    make.make_open_invoice()
    assert procedure.write() == first
    assert ProcedureVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("country", "sentence", "errors"),
    [
        ("DE", "Die Daten liegen in Deutschland.", []),
        ("FR", "§ 14b Abs. 5 UStG", []),
        ("US", "§ 146 Abs. 2b AO", ["billing.E001"]),
    ],
)
def test_where_the_books_lie_is_said_and_outside_the_union_refused(settings, country, sentence, errors):
    settings.HOSTING_COUNTRY = country
    assert sentence in hosting.place()
    assert [error.id for error in hosting.check_country()] == errors


@pytest.mark.paper
def test_it_is_printed(business):
    assert procedure.as_pdf(procedure.write()).startswith(b"%PDF")
