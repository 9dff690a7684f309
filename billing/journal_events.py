"""What the journal tells beside the steps of documents (billing/events.py): changes of settings, and the books themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalEvent(models.TextChoices):
    """Not told to any customer's timeline."""

    MASTER_DATA_CHANGED = "billing.master_data_changed", _("Stammdaten geändert")
    ARRIVAL_PROVED = "billing.arrival_proved", _("Nachweis der Lieferung eingetragen")
    BANK_STATEMENT_READ = "billing.bank_statement_read", _("Kontoauszug eingelesen")
    NUMBERS_PASSED_OVER = "billing.numbers_passed_over", _("Nummern übersprungen")
    PERIOD_LOCKED = "billing.period_locked", _("Zeitraum abgeschlossen")
    PROCEDURE_WRITTEN = "billing.procedure_written", _("Verfahrensdokumentation geschrieben")
    DATEV_ACCOUNT_CONFIRMED = "billing.datev_account_confirmed", _("Konto von der Steuerberatung bestätigt")
    DATEV_EXPORTED = "billing.datev_exported", _("An die Steuerberatung übergeben")
    BOOKS_HANDED_OVER = "billing.books_handed_over", _("Daten für die Prüfung ausgegeben")
    RETENTION_ENDED = "billing.retention_ended", _("Aufbewahrung beendet und gelöscht")
    INVOICE_RECEIVED = "billing.invoice_received", _("Eingangsrechnung aufgenommen")
    INVOICE_DECIDED = "billing.invoice_decided", _("Eingangsrechnung geprüft oder zurückgewiesen")
