"""The way to everything about the books: what waits, and where it is."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import formats
from accounts.rights import Right
from accounts.staff import staff
from billing import books, standing_invoices
from billing.models import BankEntry, DatevExport, IncomingInvoice, Invoice


@require_safe
@staff(Right.SEE_MONEY)
def accounting(request):
    """One line for each part of the books, with what waits there."""
    today = timezone.localdate()
    exported = DatevExport.objects.order_by("-last_on").values_list("last_on", flat=True).first()
    closed = books.locked_until()
    entries, new = BankEntry.objects.filter(state="open", amount__gt=0), IncomingInvoice.objects.filter(state="new")
    late, running = Invoice.objects.overdue(on=today), standing_invoices.waiting(until=today)
    places = [
        _place("bank", _("Bank"), _("Kontoauszüge einlesen, Zahlungen zuordnen"), _count(entries, _("offen"))),
        _place(
            "open_items", _("Offene Posten"), _("Wer schuldet was, heute oder an einem früheren Tag"),
            _count(Invoice.objects.open(), _("offen")),
        ),
        _place("dunning", _("Mahnwesen"), _("Vorschläge mit Gründen, Briefe, Raten"), _count(late, _("überfällig"))),
        _place(
            "standing_list", _("Wiederkehrende Rechnungen"), _("Wartung, Miete und was sonst immer wieder kommt"),
            _count(running, _("laufen")),
        ),
        _place(
            "incoming_invoices", _("Eingangsrechnungen"),
            _("E-Rechnungen von Lieferanten lesen, prüfen und aufbewahren"), _count(new, _("neu")),
        ),
        _place("vat_report", _("Umsatzsteuer"), _("Zahlen für die Voranmeldung")),
        _place(
            "datev", "DATEV", _("Buchungen und Belege für die Steuerberatung"),
            _("zuletzt bis %s") % formats.day(exported) if exported else "",
        ),
        _place(
            "books", _("Abschluss"), _("Zeiträume abschließen, Nummern, Aufbewahrung"),
            _("abgeschlossen bis %s") % formats.day(closed) if closed else "",
        ),
        _place("procedure", _("Verfahrensdokumentation"), _("Wie hier gebucht wird, für die Prüfung")),
        _place("audit_books", _("Prüfung und Z3"), _("Was das Finanzamt sehen darf, zum Ansehen und Mitgeben")),
    ]  # fmt: skip
    return render(request, "billing/accounting.html", {"places": places})


def _place(name, title, about, said=""):
    return {"url": reverse(f"billing:{name}"), "title": title, "about": about, "said": said}


def _count(rows, word):
    count = rows.order_by().count()
    return f"{count} {word}" if count else ""
