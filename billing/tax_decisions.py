"""What the office answered about the tax of a quote or an invoice, and the words for it (R11, R20, R32 to R37).

The answers are kept on the document as JSON; those of a quote are handed on to its invoice. When it is issued, what they
were judged by is written beside them: the day, the sum, the certificate, the check of the VAT ID. Then the row is frozen,
and the page shows why it was taxed so.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from billing.reverse_charge import Answers, Builder, Ground, Work
from billing.tax_cases import GOODS, TaxCase

CASES = [
    (TaxCase.DOMESTIC.value, gettext_lazy("Inland: 19, 7 oder 0 % je Position")),
    (TaxCase.REVERSE_CHARGE.value, gettext_lazy("§ 13b: Bauleistung, der Kunde schuldet die Steuer")),
    (TaxCase.EU_SERVICE.value, gettext_lazy("Leistung an ein Unternehmen in der EU")),
    (TaxCase.EU_GOODS.value, gettext_lazy("Lieferung an ein Unternehmen in der EU")),
    (TaxCase.EXPORT.value, gettext_lazy("Ausfuhr in ein Land außerhalb der EU")),
    (TaxCase.THIRD_COUNTRY_SERVICE.value, gettext_lazy("Leistung an ein Unternehmen außerhalb der EU")),
    (TaxCase.EXEMPT.value, gettext_lazy("Steuerfrei nach § 4 UStG")),
]
WORK = [
    (
        Work.BUILDING.value,
        gettext_lazy("Bauleistung: am Bauwerk hergestellt, instand gesetzt, geändert oder beseitigt"),
    ),
    (Work.CLEANING.value, gettext_lazy("Gebäudereinigung")),
    (Work.OTHER.value, gettext_lazy("keine Bauleistung: Planung, Lieferung ohne Einbau, reine Wartung")),
    (Work.DOUBTFUL.value, gettext_lazy("nicht sicher")),
]
BUILDER = [
    (Builder.CERTIFICATE.value, gettext_lazy("ja, mit Nachweis USt 1 TG")),
    (Builder.KNOWN.value, gettext_lazy("ja, anders belegt")),
    (Builder.NO.value, gettext_lazy("nein")),
    (Builder.DOUBTFUL.value, gettext_lazy("nicht sicher")),
]
PLACES = [
    ("home", gettext_lazy("Wohnhaus oder Wohnung")),
    ("public", gettext_lazy("öffentliches oder gemeinnütziges Gebäude")),
    ("other", gettext_lazy("anderes Gebäude oder Fläche")),
]
GROUNDS = {
    Ground.OWED: gettext_lazy("Der Kunde schuldet die Steuer (§ 13b UStG)."),
    Ground.AGREED: gettext_lazy("Der Kunde schuldet die Steuer: so im Zweifel vereinbart (§ 13b Abs. 5 Satz 8 UStG)."),
    Ground.CONSUMER: gettext_lazy("Kein § 13b: Der Kunde ist kein Unternehmen."),
    Ground.SMALL_BUSINESS: gettext_lazy("Kein § 13b: Als Kleinunternehmer rechnen Sie steuerfrei ab (§ 19 UStG)."),
    Ground.ABROAD: gettext_lazy("Kein § 13b: Das Grundstück liegt nicht in Deutschland."),
    Ground.OTHER_WORK: gettext_lazy("Kein § 13b: Es ist keine Bauleistung."),
    Ground.PUBLIC_SPHERE: gettext_lazy("Kein § 13b: Der Kunde kauft nicht für einen Betrieb, sondern für hoheitliche Aufgaben."),
    Ground.NO_BUILDER: gettext_lazy("Kein § 13b: Der Kunde erbringt selbst keine solchen Leistungen."),
    Ground.NO_CERTIFICATE: gettext_lazy("Kein § 13b: Am Tag der Leistung galt kein Nachweis USt 1 TG des Kunden."),
    Ground.PHOTOVOLTAICS: gettext_lazy("Kein § 13b: Für Photovoltaik gilt der Nullsteuersatz (§ 12 Abs. 3 UStG)."),
    Ground.SMALL_REPAIR: gettext_lazy("Kein § 13b: Reparatur oder Wartung bis 500 € netto."),
    Ground.NOT_AGREED: gettext_lazy("Offen: In Zweifelsfällen müssen sich beide geeinigt haben."),
    Ground.UNANSWERED: gettext_lazy("Offen: Die Fragen zu § 13b sind nicht beantwortet."),
}  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """The answers; from `ground` on what was noted when the invoice was issued. `net` in euros, `kwp` in kilowatts."""

    work: str = ""
    builder: str = ""
    is_repair: bool = False
    is_private_sphere: bool = False
    agreed_on: date | None = None
    is_operator: bool = False
    kwp: Decimal | None = None
    pv_place: str = ""
    exemption: str = ""
    deliver_to: str = ""
    proof: str = ""
    property_country: str = ""
    ground: str = ""
    supplied_on: date | None = None
    net: Decimal | None = None
    certificate: str = ""
    vat_id_check: str = ""

    @property
    def answers(self) -> Answers:
        """Those about § 13b."""
        return Answers(self.work, self.builder, self.is_repair, self.is_private_sphere, self.agreed_on)


NOTED = ("ground", "supplied_on", "net", "certificate", "vat_id_check")
ANSWERS = tuple(each.name for each in fields(Decision) if each.name not in NOTED)
_READ: dict[str, Callable[[str], Any]] = {
    "agreed_on": date.fromisoformat,
    "supplied_on": date.fromisoformat,
    "kwp": Decimal,
    "net": Decimal,
}


_REVERSE_CHARGE = ("work", "builder", "is_repair", "is_private_sphere", "agreed_on")


def asked(case: str, *, is_consumer: bool = False) -> set[str]:
    """Which answers count in a case; what was typed for another one is not kept."""
    names = {"property_country"}
    if case in {TaxCase.DOMESTIC, TaxCase.REVERSE_CHARGE} and not is_consumer:
        names |= set(_REVERSE_CHARGE)
    if case == TaxCase.DOMESTIC:
        names |= {"is_operator", "kwp", "pv_place"}
    if case == TaxCase.EXEMPT:
        names.add("exemption")
    if case in GOODS:
        names |= {"deliver_to", "proof"}
    return names


def to_json(decision: Decision) -> str:
    """Canonical JSON without what was not answered; empty where nothing was."""
    said = {each.name: getattr(decision, each.name) for each in fields(Decision)}
    kept = {
        name: value if isinstance(value, bool) else str(value)
        for name, value in said.items()
        if value not in (None, "", False)
    }
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else ""


def from_json(text: str) -> Decision:
    """The decision of a `to_json`. Raises TypeError for a name it does not know."""
    kept: dict[str, Any] = json.loads(text) if text else {}
    return Decision(**{name: _READ[name](value) if name in _READ else value for name, value in kept.items()})


def of(written) -> Decision:
    """What was answered about a quote or an invoice."""
    return from_json(written.tax_decision)


def answers_in(text: str) -> str:
    """What a person answered, without what was noted at issuing: for another invoice."""
    decision = from_json(text)
    return to_json(Decision(**{name: getattr(decision, name) for name in ANSWERS}))


def is_building_work(invoice) -> bool:
    """Whether it was said of an invoice, at either place, that it is for building work."""
    return invoice.is_construction or of(invoice).work == Work.BUILDING


def words(invoice) -> list[tuple[str, str]]:
    """The decision as (question, answer), for the page of the invoice. Empty for the ordinary case without answers."""
    decision = of(invoice)
    if invoice.tax_case == TaxCase.DOMESTIC and decision == Decision():
        return []
    return [
        (_("Steuerfall"), str(dict(CASES)[invoice.tax_case])),
        *((label, value) for label, value in _answers(decision) if value),
    ]


def _answers(decision):
    yield _("Art der Leistung"), str(dict(WORK).get(decision.work, ""))
    yield _("Kunde erbringt selbst solche Leistungen"), str(dict(BUILDER).get(decision.builder, ""))
    yield _("Reparatur oder Wartung"), _("ja") if decision.is_repair else ""
    yield _("Für hoheitliche Aufgaben"), _("ja") if decision.is_private_sphere else ""
    yield _("Im Zweifel so geeinigt am"), formats.day(decision.agreed_on) if decision.agreed_on else ""
    yield _("Betreiber der Anlage ist der Kunde"), _("ja") if decision.is_operator else ""
    yield _("Leistung der Anlage"), f"{formats.quantity(decision.kwp, 'kWp')}" if decision.kwp else ""
    yield _("Ort der Anlage"), str(dict(PLACES).get(decision.pv_place, ""))
    yield _("Befreiung"), f"{decision.exemption} UStG" if decision.exemption else ""
    yield _("Ware geht nach"), decision.deliver_to
    yield _("Nachweis"), decision.proof
    yield _("Land des Grundstücks"), decision.property_country
    yield _("Ergebnis"), str(GROUNDS[Ground(decision.ground)]) if decision.ground else ""
    yield _("Geprüft für den"), formats.day(decision.supplied_on) if decision.supplied_on else ""
    yield _("Entgelt"), formats.euro(decision.net) if decision.net is not None else ""
    yield _("Nachweis USt 1 TG"), decision.certificate
    yield _("Prüfung der USt-IdNr."), decision.vat_id_check
