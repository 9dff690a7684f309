"""A folder full of customers comes out of an Excel list, and one of them is looked after from then on."""

import re

import pytest
from playwright.sync_api import expect

from config.demo.people import PASSWORD
from crm import spreadsheets
from tests import make
from tests.journeys.product import DESK, Person

pytestmark = pytest.mark.journey

HEADINGS = ["Firma", "Anrede", "Vorname", "Nachname", "Straße", "PLZ", "Ort", "Telefon", "E-Mail"]


def excel_list(count):
    """`count` customers as a list that somebody kept by hand; the last one is there a second time, written otherwise."""
    rows = [
        [
            "",
            "Frau",
            "Klara",
            f"Muster{n}",
            f"Weg {n}",
            f"{20000 + n}",
            "Lübeck",
            f"0451 / 70 {n:04d}",
            f"k{n}@liste.example",
        ]
        for n in range(count - 2)
    ]
    rows.append(
        [
            "",
            "Frau",
            "Wiebke",
            "Möwenthal",
            "Am Deich 4",
            "23552",
            "Lübeck",
            "0171/39 82 766",
            "wiebke@moewenthal.example",
        ]
    )
    rows.append(["", "", "W.", "Moewenthal", "Am Deich 4", "23552", "Lübeck", "+49 171 3982766", ""])
    with spreadsheets.write_xlsx(HEADINGS, rows) as table:
        return table.read()


def test_from_an_excel_list_to_one_folder_for_one_customer(product, browser, shots):
    lotte = Person(browser, product.base_url, device=DESK, shots=shots)
    page = lotte.page
    lotte.sign_in("lotte@haselbach.example", PASSWORD)

    # three hundred customers out of a list, tried before
    lotte.go("/kontakte/uebernehmen/")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("CSV- oder Excel-Datei").set_input_files(
        {"name": "kunden.xlsx", "mimeType": kind, "buffer": excel_list(300)}
    )
    lotte.press("Datei ansehen")
    assert "300 Zeilen gefunden." in lotte.reads()
    lotte.look("uebernahme")
    lotte.press("Probelauf, ohne zu speichern")
    expect(page.locator("main")).to_contain_text("300 Zeilen würden angelegt.", timeout=60_000)
    lotte.press("Übernehmen")
    expect(page.locator("main")).to_contain_text("300 Zeilen sind übernommen.", timeout=60_000)
    lotte.look("uebernommen")

    # one of them by half a telephone number
    lotte.go("/kontakte/?q=0171%2F3982")
    page.get_by_role("link", name=re.compile("Wiebke Möwenthal")).first.click()
    lotte.look()
    folder = page.url

    # a tag, a note with a photo, a comment on it, a task
    page.get_by_text("+ Tag", exact=True).first.click()
    page.get_by_label("Neuer Tag").first.fill("Stammkundin")
    page.get_by_role("button", name="Hinzufügen").locator("visible=true").first.click()
    expect(page.locator("main")).to_contain_text("Stammkundin")
    page.get_by_label("Notiz", exact=True).fill("Fenster zum Deich klemmt")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "fenster.jpg", "mimeType": "image/jpeg", "buffer": make.picture()}
    )
    page.locator("#neu").get_by_role("button", name="Speichern").click()
    expect(page.locator(".tl")).to_contain_text("Fenster zum Deich klemmt")
    lotte.go(folder)
    line = page.locator(".tl li", has_text="Fenster zum Deich klemmt").first
    line.get_by_label("Mehr zu diesem Eintrag").click()
    line.get_by_role("link", name="Kommentieren").click()
    lotte.look()
    page.get_by_role("textbox", name="Kommentar").first.fill("Dichtung mitnehmen")
    lotte.press("Kommentieren")
    assert "Dichtung mitnehmen" in lotte.reads()
    lotte.go(f"{folder}?neu=aufgabe")
    page.locator("#neu").get_by_label("Aufgabe").first.fill("Wegen Fenster anrufen")
    page.locator("#neu").get_by_role("button", name="Speichern").click()
    expect(page.locator("main")).to_contain_text("Wegen Fenster anrufen")

    # the second entry of the same woman goes into the first
    lotte.go(f"{folder.rstrip('/')}/zusammenfuehren/")
    page.get_by_role("link", name=re.compile("W. Moewenthal")).first.click()
    lotte.look("zusammenfuehren")
    lotte.press("Zusammenführen")
    assert "Wiebke Möwenthal" in lotte.reads("h1")
    lotte.go("/kontakte/?q=moewenthal")
    assert "Wiebke Möwenthal" in lotte.reads() and "W. Moewenthal" not in lotte.reads()

    # what she agrees to, and what the business would have to tell her
    lotte.go(f"{folder.rstrip('/')}/datenschutz/")
    lotte.look("datenschutz")
    page.get_by_text("Anfrage festhalten").click()
    page.get_by_label("Was wird verlangt?").select_option("information")
    page.get_by_label("Wie ist geklärt, wer fragt?").select_option("known")
    lotte.press("Festhalten")
    assert "zu beantworten bis" in lotte.reads()
    lotte.context.close()
