"""When a consumer may withdraw, in which way, and what he must be handed (R82): the law as a table with validity.

Pure: values in, values out. The office says how a contract was negotiated, the conclusion says by which channel; the first
row that fits decides. As long as nobody said how it was negotiated, the customer is instructed: a wrong instruction too
many costs a fortnight, one too few the whole price (CJEU C-97/22).
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SINCE_2014 = date(2014, 6, 13)
SINCE_2018 = date(2018, 1, 1)  # §§ 650i ff. BGB
SINCE_356A = date(2026, 6, 19)  # BGBl. 2026 I Nr. 28

FAR = frozenset({"portal", "phone", "letter", "email"})
ANY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Regime:
    """What holds for one contract. `id` and `ground` stand in the evidence, `sentence` is for the office."""

    id: str
    ground: str
    sentence: str | Promise
    instruction: str = ""  # which family of billing.instructions; empty: no right of withdrawal
    needs_function: bool = False  # § 356a BGB: the contract is concluded at a distance over our page
    needs_paper: bool = False  # § 312f (1) BGB: paper, unless the consumer agrees to another durable medium
    is_said: bool = False  # the absence of the right must be told, EGBGB Art. 246a § 1 (3)
    has_early_start: bool = False  # §§ 356 (4), 357a (2) BGB: both statements make sense

    @property
    def has_withdrawal(self) -> bool:
        return bool(self.instruction)


BUSINESS = Regime("business", "§ 13 BGB", _("Geschäftskunde: kein Widerrufsrecht."))
CONSTRUCTION = Regime(
    "construction",
    "§ 650l BGB",
    _("Verbraucherbauvertrag: 14 Tage Widerruf mit eigener Belehrung. Sie steht auf der Kundenseite und geht mit der "
      "Bestätigung raus."),
    instruction="construction",
)  # fmt: skip
PREMISES = Regime(
    "premises", "§§ 312b, 312c BGB", _("Im Betrieb abgeschlossen: kein Widerrufsrecht."),
)  # fmt: skip
GOODS = Regime(
    "goods",
    "§ 312g (2) Nr. 1 BGB",
    _("Lieferung nach Maß ohne Montage: kein Widerrufsrecht, darüber wird der Kunde informiert."),
    is_said=True,
)
URGENT = Regime(
    "urgent",
    "§ 312g (2) Nr. 11 BGB",
    _(
        "Dringende Reparatur auf Anruf: kein Widerrufsrecht für die verlangte Arbeit, wohl aber für alles darüber hinaus."
    ),
    is_said=True,
)
OFF_PREMISES = Regime(
    "off_premises",
    "§§ 312b, 312g BGB",
    _("Beim Kunden abgeschlossen: 14 Tage Widerruf. Vertrag und Belehrung auf Papier übergeben, oder mit Zustimmung des "
      "Kunden per E-Mail."),
    instruction="plain", needs_paper=True, has_early_start=True,
)  # fmt: skip
IN_PERSON = Regime(
    "in_person",
    "§ 312c (1) BGB; BGH VII ZR 151/22",
    _("Persönlich verhandelt, später beauftragt: in der Regel kein Widerrufsrecht. Ging es beim Besuch nur ums Aufmaß, "
      "wählen Sie „nur aus der Ferne“."),
)  # fmt: skip
DISTANCE = Regime(
    "distance",
    "§§ 312c, 312g BGB",
    _("Fernabsatz: 14 Tage Widerruf, Belehrung geht mit der Bestätigung raus."),
    instruction="plain", has_early_start=True,
)  # fmt: skip
DISTANCE_ONLINE = Regime(
    "distance_online", "§§ 312c, 312g, 356a BGB", DISTANCE.sentence,
    instruction="online", needs_function=True, has_early_start=True,
)  # fmt: skip
_DOUBT = _(
    "Noch offen, wie verhandelt wurde: Im Zweifel gilt Fernabsatz mit 14 Tagen Widerruf, Belehrung geht mit der "
    "Bestätigung raus."
)
DOUBT = Regime("doubt", DISTANCE.ground, _DOUBT, instruction="plain", has_early_start=True)
DOUBT_ONLINE = Regime(
    "doubt_online", DISTANCE_ONLINE.ground, _DOUBT, instruction="online", needs_function=True, has_early_start=True
)


@dataclass(frozen=True)
class Row:
    """A row of the matrix: what must be the case for its regime. An empty set allows everything."""

    regime: Regime
    negotiations: frozenset[str] = ANY
    channels: frozenset[str] = ANY
    kinds: frozenset[str] = ANY
    valid_from: date = SINCE_2014
    valid_until: date | None = None

    def fits(self, *, kind, negotiation, channel, on) -> bool:
        wanted = ((self.negotiations, negotiation), (self.channels, channel), (self.kinds, kind))
        return (
            all(not allowed or value in allowed for allowed, value in wanted)
            and self.valid_from <= on
            and (self.valid_until is None or on <= self.valid_until)
        )


# For consumers, the first row that fits decides. Negotiations are those of Quote, channels those of Acceptance.
MATRIX = (
    Row(CONSTRUCTION, kinds=frozenset({"construction"}), valid_from=SINCE_2018),
    Row(OFF_PREMISES, negotiations=frozenset({"on_site"})),  # also when the click came a little later, § 312b (1) no. 2
    Row(PREMISES, channels=frozenset({"premises"})),
    Row(GOODS, negotiations=frozenset({"goods"})),
    Row(URGENT, negotiations=frozenset({"urgent"})),
    Row(OFF_PREMISES, channels=frozenset({"on_site"})),
    Row(IN_PERSON, negotiations=frozenset({"visit", "premises"}), channels=FAR),
    Row(DISTANCE_ONLINE, negotiations=frozenset({"remote"}), channels=frozenset({"portal"}), valid_from=SINCE_356A),
    Row(DISTANCE, negotiations=frozenset({"remote"}), channels=FAR),
    Row(DOUBT_ONLINE, channels=frozenset({"portal"}), valid_from=SINCE_356A),
    Row(DOUBT),
)
REGIMES = {row.regime.id: row.regime for row in MATRIX} | {BUSINESS.id: BUSINESS}


def regime(*, buyer_kind: str, quote_kind: str, negotiation: str, channel: str, on: date) -> Regime:
    """The row of the matrix for a contract concluded on a day."""
    if buyer_kind != "consumer":
        return BUSINESS
    facts = {"kind": quote_kind, "negotiation": negotiation, "channel": channel, "on": on}
    return next(row.regime for row in MATRIX if row.fits(**facts))


def of_quote(quote, *, on: date, channel: str = "portal") -> Regime:
    """What will hold when this quote is accepted by a channel on a day."""
    return regime(
        buyer_kind=quote.customer.kind, quote_kind=quote.kind, negotiation=quote.negotiation, channel=channel, on=on
    )


def of_acceptance(acceptance) -> Regime:
    """What holds for a contract that was concluded. One older than the matrix was concluded over the page."""
    if acceptance.regime:
        return REGIMES[acceptance.regime]
    return DOUBT_ONLINE if acceptance.withdrawal_until else BUSINESS
