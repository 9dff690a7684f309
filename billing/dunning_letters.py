"""What a letter of reminder says (R69): frozen when it is sent, and shown to the office before (IND4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from accounts import formats
from billing import base_rates, deadlines, drafting
from billing.default_dates import Ground
from billing.documents import model as documents
from billing.documents.model import Buyer, Document, Kind, Seller
from billing.dunning_claims import ZERO, Claim
from billing.models import DunningItem, DunningLetter, Invoice

Level = DunningLetter.Level


@dataclass(frozen=True)
class Letter:
    """One letter to one customer about all that is overdue, in its words and to the cent."""

    level: int
    seller: Seller
    buyer: Buyer
    issued_on: date
    pay_until: date
    greeting: str
    claims: tuple[Claim, ...]
    language: str = "de"

    @property
    def principal(self) -> Decimal:
        return sum((claim.principal for claim in self.claims), ZERO)

    @property
    def interest(self) -> Decimal:
        """What of the interest is still to pay."""
        return sum((claim.interest_left for claim in self.claims), ZERO)

    @property
    def lump_sum(self) -> Decimal:
        return sum((claim.lump_sum for claim in self.claims), ZERO)

    @property
    def costs(self) -> Decimal:
        return sum((claim.costs for claim in self.claims), ZERO)

    @property
    def collection(self) -> Decimal:
        return sum((claim.collection for claim in self.claims), ZERO)

    @property
    def credited(self) -> Decimal:
        """What of the lump sums counts towards the costs of collection (R67)."""
        return sum((claim.credited for claim in self.claims), ZERO)

    @property
    def earlier(self) -> Decimal:
        return sum((claim.earlier for claim in self.claims), ZERO)

    @property
    def total(self) -> Decimal:
        return sum((claim.total for claim in self.claims), ZERO)

    @property
    def purpose(self) -> str:
        """What the customer writes into the transfer: the numbers of the invoices, then his own (R123)."""
        numbers = ", ".join(claim.number for claim in self.claims)
        return f"{numbers} KD {self.buyer.customer_number}" if self.buyer.customer_number else numbers

    @property
    def head(self) -> Document:
        """Who writes to whom."""
        return Document(kind=Kind.INVOICE, seller=self.seller, buyer=self.buyer, language=self.language)


def draft(customer, claims: Iterable[Claim], *, level: int, on: date, by=None) -> Letter:
    """The letter as it would go out on that day. The new period ends on a working day (§ 193 BGB)."""
    business = customer.business
    return Letter(
        level=int(level),
        seller=drafting.seller(business, on=on, contact_name=str(by) if by else ""),
        buyer=drafting.billed_buyer(customer),
        issued_on=on,
        pay_until=deadlines.next_working_day(on + timedelta(days=business.dunning_days), business.state),
        greeting=_greeting(customer),
        claims=tuple(claims),
        language=customer.language,
    )


def keep(letter: Letter, customer, invoices: Iterable[Invoice], *, send_to: str, by) -> DunningLetter:
    """Write a letter down for good, in the caller's transaction; `invoices` are those of its claims, in their order."""
    row = DunningLetter.objects.create(
        customer=customer, level=letter.level, issued_on=letter.issued_on, pay_until=letter.pay_until,
        total=letter.total, content=documents.to_json(letter), content_hash=documents.content_hash(letter),
        send_to=send_to, by=by,
    )  # fmt: skip
    for invoice, claim in zip(invoices, letter.claims, strict=True):
        DunningItem.objects.create(
            letter=row, invoice=invoice, principal=claim.principal, interest=claim.interest, lump_sum=claim.lump_sum,
            costs=claim.costs + claim.pursuit, collection=claim.collection, credited=claim.credited,
        )  # fmt: skip
    return row


def read(row: DunningLetter) -> Letter:
    """What was sent."""
    return documents.read_as(Letter, row.content)


def context(letter: Letter) -> dict:
    """What screen, paper and mail show, in the letter's language."""
    with translation.override(letter.language):
        return {
            "letter": letter,
            "title": title(letter.level),
            "paragraphs": _paragraphs(letter),
            "closing": _closing(letter),
            "sums": _sums(letter),
            "grounds": [(claim, _ground(claim)) for claim in letter.claims if claim.default_from and letter.level],
            "has_segments": any(claim.segments for claim in letter.claims),
            "interest_rule": _interest_rule(letter),
        }


def title(level: int) -> str:
    """The word above the letter, in the active language."""
    if level == Level.HANDOVER:
        return _("Forderungsaufstellung")
    return str(Level(level).label)


def _greeting(customer):
    with translation.override(customer.language):
        return customer.greeting


def _paragraphs(letter):
    day = formats.day(letter.pay_until)
    amount = formats.euro(letter.total)
    if letter.level == Level.HANDOVER:
        text = _(
            "Diese Aufstellung nennt, was am %(day)s offen ist. Sie geht an einen Rechtsanwalt oder an das Mahngericht."
        )
        return [text % {"day": formats.day(letter.issued_on)}]
    words = _asking(Level(letter.level), is_one=len(letter.claims) == 1)
    return [f"{letter.greeting},", words % {"amount": amount, "day": day}]


def _asking(level, *, is_one):
    """The sentence with which a letter asks for the money, for one invoice or for several."""
    if is_one:
        return {
            Level.REMINDER: _(
                "vielleicht haben Sie es übersehen: Von der Rechnung unten sind noch %(amount)s offen. Bitte überweisen Sie "
                "den Betrag bis zum %(day)s."
            ),
            Level.FIRST: _(
                "die Rechnung unten ist fällig, und wir haben noch kein Geld oder nicht alles erhalten. Wir mahnen deshalb "
                "%(amount)s an und bitten Sie, den Betrag bis zum %(day)s zu überweisen."
            ),
            Level.LAST: _(
                "für die Rechnung unten sind weiterhin %(amount)s offen. Wir fordern Sie letztmals auf, den Betrag bis zum "
                "%(day)s zu überweisen."
            ),
        }[level]  # fmt: skip
    return {
        Level.REMINDER: _(
            "vielleicht haben Sie es übersehen: Von den Rechnungen unten sind noch %(amount)s offen. Bitte überweisen Sie "
            "den Betrag bis zum %(day)s."
        ),
        Level.FIRST: _(
            "die Rechnungen unten sind fällig, und wir haben noch kein Geld oder nicht alles erhalten. Wir mahnen deshalb "
            "%(amount)s an und bitten Sie, den Betrag bis zum %(day)s zu überweisen."
        ),
        Level.LAST: _(
            "für die Rechnungen unten sind weiterhin %(amount)s offen. Wir fordern Sie letztmals auf, den Betrag bis zum %(day)s "
            "zu überweisen."
        ),
    }[level]  # fmt: skip


def _closing(letter):
    paid = _("Wenn Sie inzwischen überwiesen haben, ist dieses Schreiben erledigt.")
    asks = _("Ist etwas unklar oder können Sie gerade nicht alles auf einmal zahlen? Sprechen Sie mit uns.")
    if letter.level == Level.REMINDER:
        return [paid, asks]
    if letter.level == Level.FIRST:
        return [
            _("Zahlen Sie bis dahin nicht, sind Sie in Verzug, soweit Sie es nicht schon sind (§ 286 BGB). Dann können wir "
              "Verzugszinsen und weitere Kosten verlangen (§ 288 BGB)."),
            paid, asks,
        ]  # fmt: skip
    if letter.level == Level.LAST:
        return [
            _("Geht der Betrag bis dahin nicht ein, geben wir die Sache ohne weitere Ankündigung an einen Rechtsanwalt oder "
              "beantragen einen Mahnbescheid. Dadurch entstehen weitere Kosten, die Sie tragen müssten."),
            paid, asks,
        ]  # fmt: skip
    return []


def _sums(letter):
    """(label, euros) from the claim to the total; what is zero is left out."""
    rows = [
        (_("Offene Rechnung") if len(letter.claims) == 1 else _("Offene Rechnungen"), letter.principal),
        (_("Verzugszinsen bis %(day)s") % {"day": formats.day(letter.issued_on)}, letter.interest),
        (_("Pauschale (§ 288 Abs. 5 BGB)"), letter.lump_sum),
        (_("Mahnkosten (Druck und Porto)"), letter.costs),
        (_("Aus früheren Schreiben noch offen"), letter.earlier),
        (_("Kosten für Anwalt, Gericht oder Inkasso"), letter.collection),
        (_("Pauschale darauf angerechnet (§ 288 Abs. 5 Satz 3 BGB)"), -letter.credited),
    ]
    return [(label, amount) for label, amount in rows if amount]


def _ground(claim):
    """Since when and why somebody is in default (R63)."""
    words = {
        Ground.REMINDED: _("seit %(day)s in Verzug: Die Frist unserer Mahnung ist abgelaufen (§ 286 Abs. 1 BGB)"),
        Ground.AGREED: _("seit %(day)s in Verzug: Der vereinbarte Tag der Zahlung ist vorbei (§ 286 Abs. 2 BGB)"),
        Ground.THIRTY_DAYS: _("seit %(day)s in Verzug: 30 Tage nach Fälligkeit und Zugang der Rechnung (§ 286 Abs. 3 BGB)"),
    }  # fmt: skip
    return words[Ground(claim.ground)] % {"day": formats.day(claim.default_from)}


def _interest_rule(letter):
    """How the interest was worked out; the points are those of the day of issue, whatever the customer is today."""
    points = {part.rate - part.base for claim in letter.claims for part in claim.segments}
    rules = (
        (
            base_rates.CONSUMER_POINTS,
            _(
                "Verzugszinsen: 5 Prozentpunkte über dem Basiszinssatz (§ 288 Abs. 1 BGB), taggenau, ein Jahr zu 365 Tagen."
            ),
        ),
        (
            base_rates.BUSINESS_POINTS,
            _(
                "Verzugszinsen: 9 Prozentpunkte über dem Basiszinssatz (§ 288 Abs. 2 BGB), taggenau, ein Jahr zu 365 Tagen."
            ),
        ),
    )
    return " ".join(rule for added, rule in rules if added in points)
