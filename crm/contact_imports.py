"""A table of contacts on its way in (crm/imports.py): what a row becomes, who is there already, what may be taken back."""

from collections.abc import Iterator
from itertools import chain

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import guards
from accounts.rights import Right
from crm import contact_columns, folding, imports, numbering, timeline
from crm.models import Customer, CustomerTag, DuplicatePair, Note, Tag, TimelineEntry

BATCH = 500
TOLD = (timeline.Event.CUSTOMER_CREATED, timeline.Event.NOTE_ADDED)
# what an import writes beside a contact
BESIDE = (CustomerTag, TimelineEntry, Note)


class Contacts(imports.Kind):
    """Rows become contacts, with their tags and a note."""

    name = "contacts"
    title = gettext_lazy("Kontakte")
    things = gettext_lazy("Kontakte")
    what_is_the_same = gettext_lazy("Wer schon da ist (gleiche E-Mail-Adresse, oder gleicher Name und Postleitzahl)")
    model = Customer
    right = Right.WRITE_CONTACTS
    url = "crm:customer_list"
    columns = contact_columns.COLUMNS
    programs = (
        imports.Program("lexware Office", frozenset({"firmenname", "umsatzsteuer id", "ansprechpartner vorname"})),
        imports.Program("lexware Office", frozenset({"kundennummer", "firmenname", "vorname", "nachname"})),
        imports.Program("sevDesk", frozenset({"kunden nr", "organisation", "nachname", "kategorie"})),
        imports.Program("Outlook", frozenset({"first name", "last name", "e mail address"})),
    )

    @classmethod
    def guess(cls, headings):
        guessed = super().guess(headings)
        fields = set(guessed.values())
        if "full_name" in fields and "first_name" in fields and "last_name" not in fields:
            # beside "Vorname" a column "Name" holds the family name
            guessed = {index: "last_name" if field == "full_name" else field for index, field in guessed.items()}
        return guessed

    @classmethod
    def missing(cls, fields):
        return "" if fields & set(contact_columns.NAMES) else _("Bitte ordnen Sie eine Spalte mit dem Namen zu.")

    def read(self, cells):
        return contact_columns.read(cells)

    def keys(self, values):
        name, postcode = (
            values["company_name"] or f"{values['first_name']} {values['last_name']}".strip(),
            values["postcode"],
        )
        return imports.distinct([_email_key(values["email"]), _name_key(name, postcode)])

    def known(self, keys):
        # the keys of the file are few, contacts may be a million: they pass by once and are not kept
        rows = Customer.objects.order_by().values_list("email", "name", "postcode").iterator(chunk_size=5000)
        return {
            key
            for email, name, postcode in rows
            for key in imports.distinct([_email_key(email), _name_key(name, postcode)])
            if key in keys
        }

    def problems(self, rows):
        numbers: dict[int, imports.Row] = {}
        for row in rows:
            if (number := row.values["number"]) is None:
                continue
            if number in numbers or number in self._numbers:
                yield (
                    row.number,
                    "number",
                    _("Die Kundennummer %(number)s steht zweimal in der Datei.") % {"number": number},
                )
                continue
            numbers[number] = row
        self._numbers |= numbers.keys()
        taken = Customer.objects.filter(number__in=numbers).values_list("number", flat=True) if numbers else ()
        for number in taken:
            sentence = _(
                "Die Kundennummer %(number)s ist schon vergeben. Lassen Sie die Spalte weg, dann zählen wir weiter."
            )
            yield numbers[number].number, "number", sentence % {"number": number}

    def __init__(self, by=None):
        super().__init__(by)
        self._numbers: set[int] = set()

    def label(self, values):
        return values["company_name"] or f"{values['first_name']} {values['last_name']}".strip()

    def shown(self, values):
        customer = Customer(**{name: value for name, value in values.items() if name not in ("tags", "note")})
        customer.fill_derived()
        place = ", ".join(filter(None, [customer.street, f"{customer.postcode} {customer.city}".strip()]))
        return [
            (text, value)
            for text, value in (
                (_("Name"), customer.name),
                (_("Kundennummer"), str(values["number"] or _("die nächste"))),
                (_("Art"), str(customer.get_kind_display())),
                (_("E-Mail"), customer.email),
                (_("Telefon"), " · ".join(filter(None, [customer.phone, customer.mobile]))),
                (_("Anschrift"), place),
                (_("Tags"), ", ".join(values["tags"])),
                (_("Notiz"), values["note"][:80]),
            )
            if value
        ]

    def write(self, rows):
        numbering.reserve_customer_numbers(max((row.values["number"] or 0 for row in rows), default=0))
        without = sum(row.values["number"] is None for row in rows)
        next_number = numbering.take_customer_number(without) if without else 0
        customers, tags, notes = [], [], []
        for row in rows:
            values = dict(row.values)
            words, note = values.pop("tags"), values.pop("note")
            if values["number"] is None:
                values["number"], next_number = next_number, next_number + 1
            customer = Customer(**values)
            customer.fill_derived()
            customers.append(customer)
            tags += [(customer, " ".join(word.split())[:40]) for word in dict.fromkeys(words)]
            if note:
                notes.append(Note(customer=customer, text=note, by=self.by))
        Customer.objects.bulk_create(customers, batch_size=BATCH)
        self._add_tags(tags)
        Note.objects.bulk_create(notes, batch_size=BATCH)
        self._tell(customers, notes)
        return customers

    def _add_tags(self, tags):
        if not tags:
            return
        words = {word for _customer, word in tags}
        by_name = {tag.name: tag for tag in Tag.objects.filter(name__in=words)}
        new = [Tag(name=word) for word in sorted(words - by_name.keys())]
        by_name |= {tag.name: tag for tag in Tag.objects.bulk_create(new)}
        once = dict.fromkeys((customer.pk, by_name[word].pk) for customer, word in tags)
        CustomerTag.objects.bulk_create([CustomerTag(customer_id=pk, tag_id=tag) for pk, tag in once], batch_size=BATCH)

    def _tell(self, customers, notes):
        """One line on the timeline for each contact and note, as timeline.record writes them."""
        now = timezone.now()
        told = chain(
            ((customer.pk, customer, TOLD[0], {"number": str(customer.number)}) for customer in customers),
            ((note.customer_id, note, TOLD[1], {"files": "0"}) for note in notes),
        )
        TimelineEntry.objects.bulk_create(
            [
                TimelineEntry(
                    customer_id=customer, event=str(event), subject_type=ContentType.objects.get_for_model(subject),
                    subject_id=subject.pk, by=self.by, facts=facts, at=now,
                )
                for customer, subject, event, facts in told
            ],
            batch_size=BATCH,
        )  # fmt: skip

    def touched(self, ids, since):
        changed = Q(updated_at__gt=since) | Q(archived_at__gt=since) | Q(merged_into__isnull=False)
        found = set(Customer.objects.filter(changed, pk__in=ids).values_list("pk", flat=True))
        for model, name in _pointing_here():
            rows = model._base_manager.filter(**{f"{name}__in": ids})
            if model is TimelineEntry:
                rows = rows.exclude(event__in=TOLD, at__lte=since)
            elif model is Note:
                rows = rows.filter(created_at__gt=since)
            if model is not CustomerTag:
                found |= set(rows.values_list(name, flat=True))
        return dict(Customer.objects.filter(pk__in=found).order_by("pk").values_list("pk", "name"))

    def remove(self, ids):
        with guards.erasing([TimelineEntry]):
            for rows in (
                *(model._base_manager.filter(customer__in=ids) for model in BESIDE),
                DuplicatePair._base_manager.filter(Q(first__in=ids) | Q(second__in=ids)),
                Customer._base_manager.filter(pk__in=ids),
            ):
                rows._raw_delete(rows.db)


def _pointing_here() -> Iterator[tuple]:
    """(model, name of its field) of everything that belongs to a contact, whatever app it is of."""
    for each in Customer._meta.related_objects:
        yield each.related_model, each.field.name


def _email_key(email):
    return f"@{email.lower()}" if email else ""


def _name_key(name, postcode):
    return f"{folding.fold(name)}|{postcode}" if postcode else ""
