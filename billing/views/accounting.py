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
    last = DatevExport.objects.order_by("-last_on").values_list("last_on", flat=True).first()
    locked = books.locked_until()
    places = [
        _place("bank", _("Bank"), _("Kontoauszüge einlesen, Zahlungen zuordnen"), BankEntry.objects.filter(state="open", amount__gt=0).count(), _("offen")),
        _place("open_items", _("Offene Posten"), _("Wer schuldet was, heute oder an einem früheren Tag"), Invoice.objects.open().count(), _("offen")),
        _place("dunning", _("Mahnwesen"), _("Vorschläge mit Gründen, Briefe, Raten"), Invoice.objects.overdue(on=today).count(), _("überfällig")),
        _place("standing_invoices", _("Wiederkehrende Rechnungen"), _("Wartung, Miete und was sonst immer wieder kommt"), standing_invoices.waiting(until=today).count(), _("laufen")),
        _place("incoming_invoices", _("Eingangsrechnungen"), _("E-Rechnungen von Lieferanten lesen, prüfen und aufbewahren"), IncomingInvoice.objects.filter(state="new").count(), _("neu")),
        _place("vat_report", _("Umsatzsteuer"), _("Zahlen für die Voranmeldung")),
        _place("datev", "DATEV", _("Buchungen und Belege für die Steuerberatung"), said=_("zuletzt bis %s") % formats.day(last) if last else ""),
        _place("books", _("Abschluss"), _("Zeiträume abschließen, Nummern, Aufbewahrung"), said=_("abgeschlossen bis %s") % formats.day(locked) if locked else ""),
        _place("procedure", _("Verfahrensdokumentation"), _("Wie hier gebucht wird, für die Prüfung")),
        _place("audit_books", _("Prüfung und Z3"), _("Was das Finanzamt sehen darf, zum Ansehen und Mitgeben")),
    ]  # fmt: skip
    return render(request, "billing/accounting.html", {"places": places})


def _place(name, title, about, count=0, word="", *, said=""):
    return {
        "url": reverse(f"billing:{name}"), "title": title, "about": about, "said": said or (f"{count} {word}" if count else ""),
    }  # fmt: skip
