"""A table of unpaid invoices of the program used before, on its way in as open items (crm/imports.py)."""

from collections import defaultdict
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import current, formats
from accounts.rights import Right
from billing import opening_items
from billing.events import Event
from billing.models import Invoice
from billing.money import HUNDRED, ZERO
from crm import cell_values, folding, imports, numbering
from crm.imports import Column
from crm.models import Customer, NumberRange, TimelineEntry

RATES = (Decimal(19), Decimal(16), Decimal(7), Decimal(5), Decimal(0))  # 16 and 5: second half of 2020
MOST = Decimal("99999999.99")
LONGEST = 24  # characters, as Invoice.number holds


class OpenItems(imports.Kind):
    """Rows become open items; what is paid already is left out."""

    name = "open_items"
    title = gettext_lazy("Offene Rechnungen")
    things = gettext_lazy("offene Posten")
    what_is_the_same = ""
    model = Invoice
    right = Right.ISSUE_INVOICES
    url = "billing:open_items"
    can_keep_doubles = False
    columns = (
        Column(
            "number", gettext_lazy("Rechnungsnummer"),
            ("belegnummer", "rechnungsnr", "rechnung nr", "re nr", "nummer", "rechnung", "beleg nr"),
        ),
        Column("customer_number", gettext_lazy("Kundennummer"), ("kunden nr", "kundennr", "debitor", "kontakt nr")),
        Column("customer", gettext_lazy("Kunde"), ("name", "kontakt", "empfaenger", "firma", "kundenname")),
        Column("email", gettext_lazy("E-Mail-Adresse"), ("email", "e mail", "mail")),
        Column("issued_on", gettext_lazy("Rechnungsdatum"), ("belegdatum", "datum", "rechnungs datum", "invoice date")),
        Column("due_on", gettext_lazy("fällig am"), ("faelligkeitsdatum", "faellig", "faelligkeit", "zahlbar bis")),
        Column("service_on", gettext_lazy("Leistungsdatum"), ("lieferdatum", "leistungsdatum bis")),
        Column(
            "gross", gettext_lazy("Rechnungsbetrag brutto"),
            ("brutto", "betrag", "bruttobetrag", "gesamt", "summe", "gesamtbetrag", "betrag brutto"),
        ),
        Column("paid", gettext_lazy("bezahlt"), ("gezahlt", "bezahlter betrag", "zahlungen")),
        Column("open", gettext_lazy("offen"), ("offener betrag", "restbetrag", "offen brutto", "offener posten", "saldo")),
        Column("vat_rate", gettext_lazy("MwSt."), ("steuersatz", "ust", "umsatzsteuer", "mwst satz")),
        Column("title", gettext_lazy("Betreff"), ("beschreibung", "text", "titel")),
    )  # fmt: skip
    programs = (
        imports.Program("lexware Office", frozenset({"belegnummer", "belegdatum", "offener betrag"})),
        imports.Program("sevDesk", frozenset({"rechnungsnummer", "faelligkeitsdatum", "brutto"})),
    )

    def __init__(self, by=None):
        super().__init__(by)
        self._source = _("bisheriges Programm, Stand %(day)s") % {"day": formats.day(timezone.localdate())}
        self._taken: dict[int, int] = {}  # how many numbers of ours were taken, by year
        self._is_small = current.business().is_small_business(on=timezone.localdate())

    @classmethod
    def missing(cls, fields):
        if not fields & {"customer_number", "customer", "email"}:
            return _("Bitte ordnen Sie eine Spalte zu, an der wir den Kunden erkennen.")
        for names, sentence in (
            ({"number"}, _("Bitte ordnen Sie eine Spalte mit der Rechnungsnummer zu.")),
            ({"issued_on"}, _("Bitte ordnen Sie eine Spalte mit dem Rechnungsdatum zu.")),
            ({"open", "gross"}, _("Bitte ordnen Sie eine Spalte mit dem offenen Betrag zu.")),
        ):
            if not fields & names:
                return sentence
        return ""

    def read(self, cells):
        errors: list[tuple[str, str]] = []
        text = {name: " ".join(value.split()) for name, value in cells.items()}
        days = {name: self._day(text, name, errors) for name in ("issued_on", "due_on", "service_on")}
        gross, paid, left = (self._amount(text, name, errors) for name in ("gross", "paid", "open"))
        if left is None:
            left = (gross or ZERO) - (paid or ZERO)
        rate = self._rate(text, errors)
        number = text.get("number", "")
        if not number:
            errors.append(("number", _("Hier fehlt die Rechnungsnummer.")))
        elif len(number) > LONGEST:
            errors.append(("number", _("Die Rechnungsnummer ist länger als 24 Zeichen.")))
        if days["issued_on"] is None and not any(name == "issued_on" for name, _message in errors):
            errors.append(("issued_on", _("Hier fehlt das Rechnungsdatum.")))
        elif days["issued_on"] and days["issued_on"] > timezone.localdate():
            errors.append(("issued_on", _("Das Rechnungsdatum liegt in der Zukunft.")))
        if days["due_on"] and days["issued_on"] and days["due_on"] < days["issued_on"]:
            errors.append(("due_on", _("Die Rechnung wäre fällig, bevor sie geschrieben ist.")))
        if left < 0:
            errors.append(("open", _("Guthaben übernehmen wir nicht. Bitte zahlen Sie es im bisherigen Programm aus.")))
        return {
            "number": number, "customer_number": text.get("customer_number", ""), "customer": text.get("customer", ""),
            "email": text.get("email", ""), **days, "open": left, "vat_rate": rate, "title": text.get("title", "")[:160],
        }, errors  # fmt: skip

    def _day(self, text, name, errors):
        try:
            return cell_values.day(text.get(name, ""))
        except ValueError:
            sentence = _("„%(text)s“ ist kein Datum, das wir lesen können, zum Beispiel 31.12.2026.")
            errors.append((name, sentence % {"text": text[name][:20]}))
            return None

    def _amount(self, text, name, errors):
        try:
            found = cell_values.number(text.get(name, ""))
            if found is not None and (abs(found) > MOST or found != round(found, 2)):
                raise ValueError(found)
        except ValueError:
            sentence = _("„%(text)s“ ist kein Betrag, zum Beispiel 1.234,56.")
            errors.append((name, sentence % {"text": text[name][:20]}))
            return ZERO
        return found

    def _rate(self, text, errors):
        if self._is_small:
            return Decimal(0)
        try:
            found = cell_values.number(text.get("vat_rate", ""))
        except ValueError:
            found = Decimal(-1)
        if found is None:
            return RATES[0]
        found = found * HUNDRED if 0 < found < 1 else found
        if found not in RATES:
            sentence = _("Den Steuersatz „%(rate)s“ kennen wir nicht: 19, 7 oder 0.")
            errors.append(("vat_rate", sentence % {"rate": text.get("vat_rate", "")[:20]}))
        return found

    def keys(self, values):
        return imports.distinct([values["number"]])

    def known(self, keys):
        numbers = Invoice.objects.filter(number__isnull=False).order_by().values_list("number", flat=True)
        return {key for number in numbers.iterator() for key in imports.distinct([number or ""]) if key in keys}

    def problems(self, rows):
        owners = self._owners(rows)
        for row in rows:
            if self.why_not(row.values):
                continue
            found = owners[row.number]
            who = row.values["customer_number"] or row.values["customer"] or row.values["email"]
            if not found:
                sentence = _("Den Kunden „%(who)s“ gibt es hier nicht. Bitte übernehmen Sie zuerst die Kontakte.")
                yield row.number, "customer", sentence % {"who": who[:60]}
            elif self._is_ours(row.values["number"]):
                sentence = _(
                    "%(number)s wäre bald eine Nummer von uns. Geben Sie unseren Rechnungsnummern zuerst einen anderen Anfang."
                )
                yield row.number, "number", sentence % {"number": row.values["number"]}
            elif len(found) > 1:
                sentence = _("„%(who)s“ gibt es mehrmals. Bitte nehmen Sie die Kundennummer in die Datei auf.")
                yield row.number, "customer", sentence % {"who": who[:60]}

    def _is_ours(self, number):
        """Whether we would come to this number: our own series of that year has begun and is not there yet."""
        place = numbering.place_of(NumberRange.Kind.INVOICE, number)
        if place is None:
            return False
        last = self._taken.setdefault(place[0], numbering.last_taken(NumberRange.Kind.INVOICE, place[0]))
        return 0 < last < place[1]

    def _owners(self, rows) -> dict[int, list[Customer]]:
        """Whose each row is: by customer number, else by mail address, else by name. Two queries for a portion."""
        numbers = {row.values["customer_number"] for row in rows if row.values["customer_number"].isdecimal()}
        emails = {row.values["email"].lower() for row in rows} - {""}
        wanted = Q(number__in=[int(number) for number in numbers if len(number) < 19]) | Q(low__in=emails)
        by: dict[tuple, list[Customer]] = defaultdict(list)
        for customer in Customer.objects.filter(archived_at=None).annotate(low=Lower("email")).filter(wanted):
            by["number", str(customer.number)].append(customer)
            by["email", customer.email.lower()].append(customer)
        typed = {row.values["customer"] for row in rows} - {""}
        for named in Customer.objects.filter(archived_at=None, name__in=typed) if typed else ():
            by["name", folding.fold(named.name)].append(named)
        found = {}
        for row in rows:
            values = row.values
            keys = (
                ("number", values["customer_number"]),
                ("email", values["email"].lower()),
                ("name", folding.fold(values["customer"])),
            )
            key = next((key for key in keys if key[1].strip()), keys[0])
            found[row.number] = by.get(key, [])
        return found

    def why_not(self, values):
        return "" if values["open"] > 0 else _("Rechnung %(number)s ist bezahlt.") % {"number": values["number"]}

    def label(self, values):
        return _("Rechnung %(number)s") % {"number": values["number"]}

    def shown(self, values):
        owed = self.why_not(values) or formats.euro(values["open"])
        return [
            (text, value)
            for text, value in (
                (_("Rechnungsnummer"), values["number"]),
                (
                    _("Kunde"),
                    " · ".join(filter(None, [values["customer_number"], values["customer"], values["email"]])),
                ),
                (_("Rechnungsdatum"), formats.day(values["issued_on"])),
                (_("fällig am"), formats.day(values["due_on"])),
                (_("offen"), owed),
                (_("darin MwSt."), formats.percent(values["vat_rate"])),
            )
            if value
        ]

    def write(self, rows):
        owners = self._owners(rows)
        for row in rows:  # numbers of the same form: ours begin behind them
            if place := numbering.place_of(NumberRange.Kind.INVOICE, row.values["number"]):
                numbering.go_on_behind(NumberRange.Kind.INVOICE, *place)
        return [
            opening_items.take_over(
                owners[row.number][0],
                opening_items.OpenItem(
                    number=row.values["number"], issued_on=row.values["issued_on"], due_on=row.values["due_on"],
                    open=row.values["open"], vat_rate=row.values["vat_rate"], title=row.values["title"],
                    service_on=row.values["service_on"],
                ),
                source=self._source, by=self.by,
            )
            for row in rows
        ]  # fmt: skip

    def touched(self, ids, since):
        invoices = Invoice.objects.filter(pk__in=ids)
        used = Q(payments__isnull=False) | Q(cancelled_by__isnull=False) | Q(corrected_by__isnull=False)
        found = set(
            invoices.filter(used | ~Q(state=Invoice.State.OPEN) | ~Q(dunning_stop="")).values_list("pk", flat=True)
        )
        found |= set(self._told(ids))
        for each in Invoice._meta.related_objects:  # letters, links of reminders, packages for the adviser
            if each.related_model is not Invoice.lines.rel.related_model:
                rows = each.related_model._base_manager.filter(**{f"{each.field.name}__in": ids})
                found |= set(rows.values_list(each.field.name, flat=True))
        return dict(invoices.filter(pk__in=found).order_by("pk").values_list("pk", "number"))

    def _told(self, ids):
        rows = TimelineEntry.objects.filter(
            subject_type=ContentType.objects.get_for_model(Invoice), subject_id__in=ids
        ).exclude(event=Event.INVOICE_TAKEN_OVER)
        return rows.values_list("subject_id", flat=True)

    def remove(self, ids):
        opening_items.take_back(list(Invoice.objects.filter(pk__in=ids).order_by("pk")), by=self.by)
