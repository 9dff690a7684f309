"""The columns of a table of contacts: their headings, how other programs call them, and how a row becomes a contact."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import folding
from crm.imports import Column
from crm.models import Customer

COLUMNS = (
    Column(
        "number",
        gettext_lazy("Kundennummer"),
        ("kunden nr", "kundennr", "kdnr", "debitor", "debitorennummer", "customer number"),
    ),
    Column("kind", gettext_lazy("Art"), ("kundenart", "typ", "type")),
    Column(
        "company_name",
        gettext_lazy("Firma"),
        ("firmenname", "organisation", "unternehmen", "company", "firma name", "company name", "organisation name"),
    ),
    Column("salutation", gettext_lazy("Anrede"), ("salutation", "titel anrede", "ansprechpartner anrede")),
    Column("first_name", gettext_lazy("Vorname"), ("first name", "ansprechpartner vorname", "given name")),
    Column("last_name", gettext_lazy("Nachname"), ("last name", "familienname", "ansprechpartner nachname", "surname")),
    Column(
        "full_name", gettext_lazy("Vor- und Nachname"), ("name", "kunde", "kontakt", "ansprechpartner", "full name")
    ),
    Column(
        "email",
        gettext_lazy("E-Mail-Adresse"),
        (
            "email",
            "e mail",
            "mail",
            "mailadresse",
            "email adresse",
            "e mail address",
            "email address",
            "e mail geschaeftlich",
        ),
    ),
    Column(
        "phone",
        gettext_lazy("Telefon"),
        ("telefonnummer", "tel", "festnetz", "phone", "telefon geschaeftlich", "telefon privat", "business phone"),
    ),
    Column("mobile", gettext_lazy("Mobil"), ("mobiltelefon", "handy", "mobilnummer", "mobile", "mobile phone")),
    Column(
        "street",
        gettext_lazy("Straße und Hausnummer"),
        (
            "strasse",
            "str",
            "adresse",
            "anschrift",
            "street",
            "strasse hausnr",
            "strasse nr",
            "rechnungsadresse strasse",
        ),
    ),
    Column("house_number", gettext_lazy("Hausnummer"), ("hausnr", "hnr", "house number")),
    Column(
        "postcode",
        gettext_lazy("Postleitzahl"),
        ("plz", "postcode", "zip", "zip code", "postal code", "rechnungsadresse plz"),
    ),
    Column("city", gettext_lazy("Ort"), ("stadt", "wohnort", "city", "rechnungsadresse ort")),
    Column("country", gettext_lazy("Land"), ("country", "staat", "laendercode", "rechnungsadresse land")),
    Column(
        "vat_id",
        gettext_lazy("USt-IdNr."),
        (
            "ust idnr",
            "ust id",
            "ustid",
            "umsatzsteuer id",
            "umsatzsteuerid",
            "umsatzsteuer identifikationsnummer",
            "vat id",
            "vat number",
        ),
    ),
    Column("registration_number", gettext_lazy("Registernummer"), ("handelsregister", "handelsregisternummer")),
    Column("leitweg_id", gettext_lazy("Leitweg-ID"), ("leitweg id", "leitwegid")),
    Column("language", gettext_lazy("Sprache"), ("language",)),
    Column(
        "source",
        gettext_lazy("Herkunft"),
        ("quelle", "wie auf uns gekommen", "source", "lead source", "kundenherkunft"),
    ),
    Column("is_prospect", gettext_lazy("Interessent"), ("lead", "prospect")),
    Column("tags", gettext_lazy("Tags"), ("tag", "kategorie", "kategorien", "schlagworte", "gruppe", "kundengruppe")),
    Column("note", gettext_lazy("Notiz"), ("notizen", "bemerkung", "bemerkungen", "kommentar", "anmerkung", "notes")),
)
FIELDS = {column.field: column for column in COLUMNS}
NAMES = ("company_name", "last_name", "first_name", "full_name")

_COUNTRIES = {
    "DE": "deutschland germany d brd", "AT": "oesterreich austria a", "CH": "schweiz switzerland", "NL": "niederlande",
    "BE": "belgien belgium b", "LU": "luxemburg luxembourg l", "FR": "frankreich france f", "DK": "daenemark denmark",
    "PL": "polen poland", "CZ": "tschechien czechia", "IT": "italien italy i", "ES": "spanien spain e",
    "GB": "grossbritannien england uk", "US": "usa", "SE": "schweden sweden", "NO": "norwegen norway", "HU": "ungarn",
    "LI": "liechtenstein", "PT": "portugal", "IE": "irland ireland", "FI": "finnland", "HR": "kroatien",
    "SK": "slowakei",
}  # fmt: skip
_COUNTRY_CODES = {name: code for code, names in _COUNTRIES.items() for name in names.split()}
_SALUTATIONS = {
    "frau": "ms", "fr": "ms", "fr.": "ms", "ms": "ms", "mrs": "ms",
    "herr": "mr", "herrn": "mr", "hr.": "mr", "mr": "mr",
}  # fmt: skip
_KINDS = {
    "privat": "consumer", "privatperson": "consumer", "privatkunde": "consumer", "person": "consumer",
    "consumer": "consumer",
    "firma": "business", "firmenkunde": "business", "unternehmen": "business", "organisation": "business",
    "geschaeftskunde": "business", "gewerblich": "business", "business": "business", "company": "business",
    "oeffentlich": "public", "behoerde": "public", "public": "public",
}  # fmt: skip
_SOURCES = {
    "empfehlung": "referral", "weiterempfehlung": "referral", "recommendation": "referral", "referral": "referral",
    "website": "website", "webseite": "website", "homepage": "website", "internet": "website",
    "suche oder karte": "search", "suche": "search", "google": "search", "karte": "search", "search or map": "search",
    "search": "search", "bestandskunde": "regular", "stammkunde": "regular", "existing customer": "regular",
    "regular": "regular", "anzeige": "advert", "werbung": "advert", "advertisement": "advert", "advert": "advert",
    "messe": "fair", "trade fair": "fair", "fair": "fair",
    "sonstiges": "other", "sonstige": "other", "other": "other",
}  # fmt: skip
_YES = {"ja", "j", "yes", "y", "1", "x", "wahr", "true"}
_COMPANY_WORDS = {
    "gmbh",
    "ug",
    "kg",
    "ohg",
    "gbr",
    "ag",
    "e.k.",
    "ek",
    "mbh",
    "e.v.",
    "eg",
    "partg",
    "ltd",
    "inc",
    "se",
}


def read(cells: dict[str, str]) -> tuple[dict, list[tuple[str, str]]]:
    """The values of a contact from the texts of a row, and what is wrong with them as (field, sentence).

    The values hold the fields of Customer (`number` is None where the file has none), and besides `tags` (list of words)
    and `note` (text).
    """
    text = {name: " ".join(value.split()) for name, value in cells.items() if name != "note"}
    values: dict = {
        name: text.get(name, "")
        for name in (
            "company_name",
            "first_name",
            "last_name",
            "email",
            "phone",
            "mobile",
            "city",
            "registration_number",
        )
    }
    _read_full_name(text.get("full_name", ""), values)
    errors: list[tuple[str, str]] = []
    if not (values["company_name"] or values["last_name"] or values["first_name"]):
        errors.append(("last_name", _("Hier fehlt der Name.")))
    values["number"] = _read_number(text.get("number", ""), errors)
    values["street"] = f"{text.get('street', '')} {text.get('house_number', '')}".strip()
    values["salutation"] = _SALUTATIONS.get(text.get("salutation", "").lower(), "")
    values["kind"] = _read_kind(text.get("kind", ""), values, errors)
    values["country"] = _read_country(text.get("country", ""), errors)
    values["postcode"] = _read_postcode(text.get("postcode", ""), values["country"])
    values["vat_id"] = re.sub(r"[\s.-]", "", text.get("vat_id", "")).upper()
    values["leitweg_id"] = text.get("leitweg_id", "")
    values["language"] = "en" if text.get("language", "").lower() in ("en", "english", "englisch") else "de"
    # other programs name other ways: what we do not know stays open, no contact fails by it
    values["source"] = _SOURCES.get(folding.fold(text.get("source", "")).strip(), "")
    values["is_prospect"] = text.get("is_prospect", "").lower() in _YES
    values["tags"] = [tag.strip() for tag in re.split(r"[,;|]", text.get("tags", "")) if tag.strip()]
    values["note"] = cells.get("note", "").strip()
    _check(values, errors)
    return values, errors


def problem_with_email(address: str) -> str:
    """What is wrong with an address, in words; "" if nothing is."""
    if "@" not in address:
        return _("In der E-Mail-Adresse fehlt das @-Zeichen.")
    try:
        validate_email(address)
    except ValidationError:
        return _("Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de.")
    return ""


def _check(values, errors):
    if values["email"] and (problem := problem_with_email(values["email"])):
        errors.append(("email", problem))
    for name, value in values.items():
        if not value or not isinstance(value, str) or name == "note":
            continue
        field = Customer._meta.get_field(name)
        if field.max_length and len(value) > field.max_length:
            errors.append(
                (
                    name,
                    _("„%(field)s“ ist länger als %(n)s Zeichen.")
                    % {"field": field.verbose_name, "n": field.max_length},
                )
            )
            continue
        if name in ("postcode", "vat_id", "leitweg_id"):
            try:
                field.run_validators(value)
            except ValidationError as error:
                errors.extend((name, message) for message in error.messages)


def _read_full_name(name, values):
    if not name:
        return
    words = name.split()
    if not values["company_name"] and _COMPANY_WORDS & {word.lower().strip(",") for word in words}:
        values["company_name"] = name
    elif not values["last_name"] and "," in name:  # "Brandt, Sabine"
        values["last_name"], values["first_name"] = (part.strip() for part in name.split(",", 1))
    elif not values["last_name"]:
        values["first_name"], values["last_name"] = values["first_name"] or " ".join(words[:-1]), words[-1]


def _read_number(text, errors):
    if not text:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,11}", text):
        errors.append(("number", _("Kundennummern bestehen bei uns nur aus Ziffern. Lassen Sie die Spalte sonst weg.")))
        return None
    return int(text)


def _read_kind(text, values, errors):
    if not text:
        return "business" if values["company_name"] else "consumer"
    kind = _KINDS.get(folding.fold(text).strip())
    if kind is None:
        errors.append(
            ("kind", _("Die Art „%(text)s“ kennen wir nicht: Privat, Firma oder Öffentlich.") % {"text": text[:40]})
        )
    return kind or "consumer"


def _read_country(text, errors):
    if not text:
        return "DE"
    code = _COUNTRY_CODES.get(folding.fold(text).strip())
    if code is None and re.fullmatch(r"[A-Za-z]{2}", text):
        code = text.upper()
    if code is None:
        errors.append(
            (
                "country",
                _("Das Land „%(text)s“ kennen wir nicht. Bitte als Kürzel, zum Beispiel AT.") % {"text": text[:40]},
            )
        )
    return code or "DE"


def _read_postcode(text, country):
    text = re.sub(r"^D[- ]+", "", text)
    # spreadsheet programs turn 01067 into the number 1067
    return text.zfill(5) if country == "DE" and text.isdecimal() and len(text) == 4 else text
