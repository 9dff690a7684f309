"""Contacts as visiting cards (vCard) and back: written as 4.0 (RFC 6350) or 3.0 (RFC 2426), read from anything programs
and telephones make, 2.1 with its quoted-printable included. Reading never raises for what stands in a card.
"""

import quopri
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, cast

from django.db.models import Field
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from crm import contact_columns
from crm.models import Customer

TYPE = "text/vcard; charset=utf-8"
BIGGEST = 2_000_000  # bytes of one file, photos in it included
IN_MEMORY = 4_000_000  # bytes of what is written
MOST = 500  # cards of one upload; more come in as a table
FIELDS = (
    "kind", "company_name", "salutation", "first_name", "last_name", "email", "phone", "mobile", "street", "postcode",
    "city", "country",
)  # fmt: skip
_SALUTATIONS = {"herr": "mr", "hr.": "mr", "hr": "mr", "mr": "mr", "mr.": "mr", "frau": "ms", "fr.": "ms", "ms": "ms",
                "ms.": "ms", "mrs": "ms", "mrs.": "ms"}  # fmt: skip
_COUNTRIES = {
    "": "DE", "deutschland": "DE", "germany": "DE", "allemagne": "DE", "österreich": "AT", "oesterreich": "AT",
    "austria": "AT", "schweiz": "CH", "switzerland": "CH", "suisse": "CH", "niederlande": "NL", "netherlands": "NL",
    "dänemark": "DK", "denmark": "DK", "polen": "PL", "poland": "PL", "frankreich": "FR", "france": "FR",
    "belgien": "BE", "luxemburg": "LU", "tschechien": "CZ", "italien": "IT", "spanien": "ES",
}  # fmt: skip


@dataclass
class Card:
    """A card as fields of Customer; `problems` say what was left out."""

    values: dict[str, str]
    tags: list[str] = field(default_factory=list)
    note: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.values["company_name"] or f"{self.values['first_name']} {self.values['last_name']}".strip()


# --- out -----------------------------------------------------------------------------------------------------------------
def write(customers: Iterable[Customer], *, version: str = "4.0") -> Iterator[bytes]:
    """A card for each contact, with its persons as cards of their own behind it."""
    for customer in customers:
        yield _card(customer, version).encode()
        for person in customer.contact_persons.all():
            yield _person(person, customer, version).encode()


def as_file(customers: Iterable[Customer], *, version: str = "4.0") -> IO[bytes]:
    """The same as an open file, on disk from a few megabytes on: it is read when the business is not at hand any more."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    for part in write(customers, version=version):
        file.write(part)
    file.seek(0)
    return file


def _card(customer, version):
    is_firm = bool(customer.company_name)
    lines = [("FN", customer.name)]
    lines.append(
        ("N", ";".join([_escaped(customer.last_name), _escaped(customer.first_name), "", _title(customer), ""]))
    )
    if is_firm:
        lines.append(("ORG", _escaped(customer.company_name)))
    if version == "4.0":
        lines.append(("KIND", "org" if is_firm and not customer.person_name else "individual"))
        lines.append(("LANG", customer.language))
    lines += [(_typed("EMAIL", "work" if is_firm else "home"), _escaped(customer.email))]
    lines += [(_typed("TEL", "voice"), _escaped(customer.phone)), (_typed("TEL", "cell"), _escaped(customer.mobile))]
    lines.append(_address(customer, "work" if is_firm else "home"))
    for site in customer.sites.all():
        name, value = _address(site, "postal" if version == "3.0" else "work")
        lines.append((f'{name};LABEL="{_quoted(str(site))}"' if version == "4.0" else name, value))
    lines.append(("CATEGORIES", ",".join(_escaped(each.tag.name) for each in customer.customer_tags.all())))
    lines.append(("UID", f"urn:handschlag:{customer.business_id}:{customer.number}"))
    lines.append(("REV", f"{customer.updated_at:%Y%m%dT%H%M%SZ}"))
    return _joined(lines, version)


def _person(person, customer, version):
    first, _blank, last = person.name.rpartition(" ")
    return _joined(
        [
            ("FN", person.name), ("N", f"{_escaped(last)};{_escaped(first)};;;"), ("ORG", _escaped(customer.name)),
            ("TITLE", _escaped(person.role)), (_typed("EMAIL", "work"), _escaped(person.email)),
            (_typed("TEL", "voice"), _escaped(person.phone)), (_typed("TEL", "cell"), _escaped(person.mobile)),
            ("UID", f"urn:handschlag:{customer.business_id}:{customer.number}:{person.pk}"),
        ],
        version,
    )  # fmt: skip


def _joined(lines, version):
    said = [("BEGIN", "VCARD"), ("VERSION", version), *lines, ("END", "VCARD")]
    keeps = {"BEGIN", "VERSION", "N", "FN", "END"}
    return "".join(
        _folded(f"{name}:{_escaped(value) if name == 'FN' else value}")
        for name, value in said
        if name in keeps or value.strip(";, ")
    )


def _typed(name, kind):
    return f"{name};TYPE={kind}"


def _title(customer):
    return {"ms": "Frau", "mr": "Herr"}.get(customer.salutation, "")


def _address(place, kind):
    parts = ["", "", place.street, place.city, "", place.postcode, place.country if place.street else ""]
    return _typed("ADR", kind), ";".join(_escaped(part) for part in parts)


def _escaped(text):
    return re.sub(r"([\\,;])", r"\\\1", text).replace("\r\n", "\n").replace("\r", "\n").replace("\n", r"\n")


def _quoted(text):
    return text.replace('"', "'").replace("\n", ", ")


def _folded(line):
    """At most 75 bytes a line, never within a character (RFC 6350, 3.2)."""
    lines, current = [], ""
    for char in line:
        if len(f"{current}{char}".encode()) > 75:
            lines.append(current)
            current = " "
        current += char
    return "\r\n".join([*lines, current]) + "\r\n"


# --- in ------------------------------------------------------------------------------------------------------------------
def read(raw: bytes) -> list[Card]:
    """The cards of a file. Raises Refusal for a file that is too big, holds none, or too many."""
    if len(raw) > BIGGEST:
        raise Refusal(_("Diese Datei ist größer als 2 MB. Bitte teilen Sie sie auf."), field="file")
    cards = [card for card in (_read_card(lines) for lines in islice(_cards(raw), MOST + 1)) if card.name]
    if not cards:
        raise Refusal(_("In dieser Datei steht keine Visitenkarte. Sie endet meist auf .vcf."), field="file")
    if len(cards) > MOST:
        raise Refusal(
            _("Bitte höchstens %(n)s Visitenkarten auf einmal. Mehr Kontakte übernehmen Sie als Excel- oder CSV-Datei.")
            % {"n": MOST},
            field="file",
        )
    return cards


def _cards(raw):
    """The unfolded lines of each card."""
    found: list[bytes] | None = None
    for line in _unfolded(raw):
        bare = line.strip().upper().replace(b" ", b"")
        if bare == b"BEGIN:VCARD":
            found = []
        elif bare == b"END:VCARD":
            if found is not None:
                yield found
            found = None
        elif found is not None and line.strip():
            found.append(line)


def _unfolded(raw):
    """Lines put together again: those that begin with a blank, and quoted-printable ones that end with "="."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "replace").encode()
    waiting = b""
    for line in re.split(rb"\r\n|\r|\n", raw.removeprefix(b"\xef\xbb\xbf")):
        if waiting and line[:1] in (b" ", b"\t"):
            waiting += line[1:]
        elif waiting.endswith(b"=") and b"QUOTED-PRINTABLE" in waiting.partition(b":")[0].upper():
            waiting = waiting[:-1] + line.lstrip()
        else:
            if waiting:
                yield waiting
            waiting = line
    if waiting:
        yield waiting


def _read_card(lines):
    values = dict.fromkeys(FIELDS, "") | {"kind": Customer.Kind.CONSUMER, "country": "DE"}
    card, display, numbers = Card(values), "", []
    for line in lines:
        name, params, text = _property(line)
        parts = [_plain(part) for part in re.split(r"(?<!\\);", text)]
        if name == "FN":
            display = display or _plain(text)
        elif name == "N" and len(parts) >= 2 and not values["last_name"]:
            values["last_name"], values["first_name"] = parts[0], " ".join(filter(None, parts[1:3]))
            values["salutation"] = _SALUTATIONS.get(parts[3].casefold(), "") if len(parts) > 3 else ""
        elif name == "ORG" and not values["company_name"]:
            values["company_name"] = parts[0]
        elif name == "EMAIL" and not values["email"]:
            values["email"] = _plain(text).removeprefix("mailto:")
        elif name == "TEL":
            numbers.append((params, re.sub(r"(?i)^tel:", "", _plain(text)).partition(";")[0]))
        elif name == "ADR" and not values["street"] and len(parts) >= 6:
            values["street"] = " ".join(filter(None, [parts[2], parts[1]])).replace("\n", ", ")
            values["city"], values["postcode"] = parts[3], parts[5]
            values["country"] = _country(parts[6] if len(parts) > 6 else "")
        elif name == "CATEGORIES":
            card.tags += [_plain(part)[:40] for part in re.split(r"(?<!\\),", text) if part.strip()]
        elif name == "NOTE":
            card.note = _plain(text)[:20_000]
    _telephone(values, numbers)
    _named(values, display)
    _checked(card)
    return card


def _property(line):
    """Name, parameters and text of a line: "item1.EMAIL;type=INTERNET;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:…"."""
    head, _colon, value = _split_head(line)
    name, *params = head.upper().split(b";")
    said = b";".join(params)
    if b"QUOTED-PRINTABLE" in said:
        value = quopri.decodestring(value)
    charset = re.search(rb"CHARSET=\"?([\w-]+)", said)
    text = _decoded(value, charset[1].decode() if charset else "utf-8")
    return name.rpartition(b".")[2].decode("ascii", "ignore").strip(), said.decode("ascii", "ignore"), text


def _split_head(line):
    """At the first colon that is not within quotes."""
    match = re.match(rb'((?:[^":]|"[^"]*")*)(:)(.*)', line, re.S)
    return match.groups() if match else (line, b"", b"")


def _decoded(value, charset):
    for each in (charset, "utf-8", "cp1252"):
        try:
            return value.decode(each)
        except (LookupError, UnicodeDecodeError):
            continue
    return value.decode("latin-1")


def _plain(text):
    text = re.sub(r"\\([nN,;:\\])", lambda match: "\n" if match[1] in "nN" else match[1], text)
    return "".join(c for c in text if c == "\n" or c.isprintable()).strip()


def _country(text):
    text = text.strip()
    return text.upper() if re.fullmatch(r"[A-Za-z]{2}", text) else _COUNTRIES.get(text.casefold(), "DE")


def _telephone(values, numbers):
    """A mobile and another number; a fax is neither."""
    for params, number in numbers:
        if "FAX" in params or "PAGER" in params or not number:
            continue
        mobile = "CELL" in params or "IPHONE" in params or re.match(r"(\+49|0049|0)\s*\(?0?\)?\s*1[567]", number)
        name = "mobile" if mobile and not values["mobile"] else "phone"
        values[name] = values[name] or number


def _named(values, display):
    """A card of a firm has no person's name of its own; one without N has only how it is shown."""
    if values["company_name"]:
        values["kind"] = Customer.Kind.BUSINESS
        if f"{values['first_name']} {values['last_name']}".strip() == values["company_name"]:
            values["first_name"] = values["last_name"] = ""
    elif not values["last_name"] and not values["first_name"]:
        values["first_name"], _blank, values["last_name"] = display.rpartition(" ")


def _checked(card):
    """What does not fit its field is left out and said; one line each, cut to its length."""
    values = card.values
    if values["email"] and contact_columns.problem_with_email(values["email"]):
        card.problems.append(_("E-Mail-Adresse „%(value)s“ ist keine.") % {"value": values["email"][:60]})
        values["email"] = ""
    if values["postcode"] and not re.fullmatch(r"[0-9A-Za-z -]{3,10}", values["postcode"]):
        card.problems.append(_("Postleitzahl „%(value)s“ ist keine.") % {"value": values["postcode"][:20]})
        values["postcode"] = ""
    for name in ("phone", "mobile"):
        if len(values[name]) > 40:
            card.problems.append(_("Telefonnummer „%(value)s“ ist keine.") % {"value": values[name][:40]})
            values[name] = ""
    for name in FIELDS:
        longest = cast(Field, Customer._meta.get_field(name)).max_length
        values[name] = " ".join(values[name].split())[:longest]
    card.tags = list(dict.fromkeys(filter(None, (" ".join(tag.split()) for tag in card.tags))))[:20]


def with_all(customers):
    """Contacts with what a card says of them, in a constant number of queries."""
    return customers.prefetch_related("contact_persons", "sites", "customer_tags__tag")
