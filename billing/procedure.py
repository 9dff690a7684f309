"""The procedure documentation (Verfahrensdokumentation, R55): written from what is really set, in versions by date."""

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts import current, formats
from accounts.models import ApiToken, Business, Member
from accounts.rights import RIGHTS, Right, Role
from billing import books, hosting, journal, procedure_texts, retention
from billing.documents import pdf, texts
from billing.journal_events import JournalEvent
from billing.models import PaymentAccount, ProcedureVersion
from crm.models import NumberRange
from crm.numbering import PREFIXES

DID = {
    Right.SEE_CONTACTS: "Kontakte sehen",
    Right.SEE_NOTES: "Notizen und Verlauf sehen",
    Right.WRITE_NOTES: "Notizen schreiben",
    Right.WRITE_CONTACTS: "Kontakte ändern",
    Right.SEE_ORDERS: "Aufträge ohne Beträge sehen",
    Right.SEE_MONEY: "Beträge und Belege sehen",
    Right.ACCEPT_ON_SITE: "Annahme vor Ort aufnehmen",
    Right.WRITE_DOCUMENTS: "Angebote, Aufträge und Entwürfe schreiben",
    Right.ISSUE_INVOICES: "Rechnungen stellen und stornieren, Zahlungen buchen",
    Right.EXPORT_DATA: "Daten ausgeben",
    Right.AUDIT_BOOKS: "Bücher für die Prüfung lesen",
    Right.MANAGE_BUSINESS: "Betrieb, Team und Schlüssel verwalten",
}


def text() -> str:
    """The documentation of the current business as it would be written now; headings and blocks parted by empty lines."""
    with override("de"):
        business = Business.objects.get(pk=current.business().pk)
        blocks = [
            ("1. Betrieb", _business(business)),
            ("2. Allgemeine Beschreibung", procedure_texts.GENERAL),
            ("3. Festschreibung", procedure_texts.FIXING),
            ("4. Journal und Stammdaten", procedure_texts.JOURNAL),
            ("5. Abschluss von Zeiträumen", f"{procedure_texts.PERIODS} {_locked()}"),
            ("6. Nummernkreise", f"{procedure_texts.NUMBERS}\n{_numbers()}"),
            ("7. Steuerliche Einstellungen", _tax(business)),
            ("8. Belege und Dateien", procedure_texts.PAPERS),
            ("9. Zugang", procedure_texts.ACCESS),
            ("10. Berechtigungen", _rights()),
            ("11. Benutzer", _members()),
            ("12. Aufbewahrung", _retention(business)),
            ("13. Schnittstellen", _interfaces(business)),
            ("14. Datensicherung", procedure_texts.BACKUP),
            ("15. Datenzugriff der Finanzverwaltung", procedure_texts.HANDING_OVER),
            ("16. Barzahlungen", procedure_texts.CASH),
            ("17. Technik", _technology()),
        ]
        return "\n\n".join([procedure_texts.TITLE, *(f"{heading}\n{body}" for heading, body in blocks)]) + "\n"


def newest() -> ProcedureVersion | None:
    return ProcedureVersion.objects.order_by("-version").first()


@transaction.atomic
def write(by: Member | None = None) -> ProcedureVersion:
    """Keep the documentation as it is now, as the next version; one that says the same as the last is not written again."""
    Business.objects.select_for_update().get(pk=current.business().pk)
    last, now = newest(), text()
    if last is not None and last.text == now:
        return last
    digest = hashlib.sha256(now.encode()).hexdigest()
    row = ProcedureVersion.objects.create(version=last.version + 1 if last else 1, text=now, sha256=digest, by=by)
    journal.write(JournalEvent.PROCEDURE_WRITTEN, row, content_hash=digest, by=by, version=row.version)
    return row


def as_pdf(row: ProcedureVersion) -> bytes:
    """A version on paper, from its kept text alone."""
    day = timezone.localdate(row.created_at)
    with override("de"):
        subtitle = f"Version {row.version} vom {formats.day(day)}"
    return pdf.render_text_pdf(
        row.text,
        heading=procedure_texts.TITLE,
        subtitle=subtitle,
        author=row.business.legal_name or row.business.name,
        day=day,
    )


def parts(row: ProcedureVersion) -> list[tuple[str, str]]:
    """(heading, body) of each block of a version."""
    return texts.parts(row.text)[1]


def _business(business):
    return _lines(
        ("Name", business.legal_name or business.name),
        ("Rechtsform", business.get_legal_form_display()),
        ("Anschrift", f"{business.street}, {business.postcode} {business.city}"),
        ("Register", f"{business.register_court} {business.register_number}".strip()),
        ("Speicherort", hosting.place()),
    )


def _locked():
    until = books.locked_until()
    return f"Abgeschlossen ist bis {formats.day(until)}." if until else "Noch ist kein Zeitraum abgeschlossen."


def _numbers():
    rows = NumberRange.objects.order_by("kind", "year")
    return _lines(*((str(row), _pattern(row)) for row in rows)) or "Noch ist keine Nummer vergeben."


def _pattern(row):
    """What a series looks like; how far it is would make a new version with each number."""
    if row.kind == NumberRange.Kind.CUSTOMER:
        return "fortlaufend ab 10001"
    kind = NumberRange.Kind(row.kind)
    return f"{row.prefix or PREFIXES.get(kind, '')}-{row.year}-0001 und fortlaufend"


def _tax(business):
    times = [
        f"{formats.day(each.valid_from)} bis {formats.day(each.valid_until) if each.valid_until else 'auf weiteres'}"
        for each in business.small_business_periods.all()
    ]
    return _lines(
        ("Steuernummer", business.tax_number),
        ("USt-IdNr.", business.vat_id),
        ("Versteuerung", business.get_taxation_display()),
        ("Kleinunternehmer (§ 19 UStG)", "; ".join(times) or "nein"),
        ("Freistellungsbescheinigung (§ 48b EStG)", business.exemption_certificate),
        ("Kontenrahmen", business.get_datev_chart_display()),
        ("Wirtschaftsjahr beginnt im Monat", business.fiscal_year_month),
        ("Zahlungsziel", f"{business.payment_days} Tage"),
        (
            "Skonto",
            f"{formats.percent(business.skonto_percent)} in {business.skonto_days} Tagen"
            if business.skonto_days
            else "",
        ),
    )


def _rights():
    return _lines(
        *((str(role.label), ", ".join(what for right, what in DID.items() if right in RIGHTS[role])) for role in Role)
    )


def _members():
    rows = Member.objects.filter(business=current.business()).select_related("user").order_by("created_at", "pk")
    return _lines(*((str(row), _part(row)) for row in rows))


def _part(row):
    role = str(Role(row.role).label)
    years = f", Jahre {row.audits_from} bis {row.audits_until}" if row.audits_from else ""
    return f"{role}{years}, seit {formats.day(row.created_at)}{'' if row.is_active else ', kein Zugang mehr'}"


def _retention(business):
    today = timezone.localdate()
    found = []
    for kind, label in retention.KINDS.items():
        law = retention.period(kind, on=today)
        found.append((str(label), f"{law.years} Jahre nach dem Ende des Jahres ({law.law})"))
    held = business.books_held_until
    return _lines(*found, ("Verlängert (§ 147 Abs. 3 Satz 5 AO)", f"bis {formats.day(held)}" if held else "nein"))


def _interfaces(business):
    online = [str(row.get_provider_display()) for row in PaymentAccount.objects.filter(is_on=True).order_by("provider")]
    tokens = ApiToken.objects.filter(member__business=business, revoked_at=None).count()
    datev = (
        f"Berater {business.datev_consultant}, Mandant {business.datev_client}" if business.datev_consultant else "nein"
    )
    return _lines(
        ("E-Mail", "jede ausgehende Nachricht wird mit Anhängen und Zustellstand aufbewahrt"),
        ("Kontoauszüge", "camt.053, MT940 oder CSV als Datei"),
        ("Online bezahlen", ", ".join(online) or "nein"),
        ("DATEV", datev),
        ("Programmierschnittstelle", f"{tokens} gültige Schlüssel" if tokens else "keine gültigen Schlüssel"),
    )


def _technology():
    database = f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"
    tables = ", ".join(f"{app} {_newest_migration(app)}" for app in ("accounts", "crm", "billing", "feedback"))
    return _lines(
        ("Handschlag", _version("handschlag")),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        ("PDF", f"WeasyPrint {_version('weasyprint')}"),
        ("Datenbank", database),
        ("Stand der Tabellen", tables),
        ("Zeitzone", settings.TIME_ZONE),
    )


def _newest_migration(app):
    """The last step of an app's tables; /readyz says no while one is missing in the database."""
    return max(path.stem for path in (Path(apps.get_app_config(app).path) / "migrations").glob("0*.py"))


def _version(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return "ohne Angabe"


def _lines(*pairs):
    return "\n".join(f"{label}: {value}" for label, value in pairs if value not in ("", None))
