"""Texts the law fixes word for word, with versions and validity; outside gettext, not editable by a business.

Sources: § 312j (3) BGB (order button), § 356a BGB (withdrawal function, since 2026-06-19), §§ 356 (4), 357a (2) BGB (early
start), § 312f (1) BGB (paper or another durable medium). An acceptance stores the ids of the texts it was made under: a
wording that ends gets a `valid_until` and stays here, the next one its own id. Instructions: billing/instructions.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class LegalText:
    """A text with the id that evidence names."""

    id: str
    text: str
    valid_from: date
    valid_until: date | None = None

    def holds(self, on: date | None) -> bool:
        """Whether it is in force on a day; without a day, whether it has not ended."""
        if on is None:
            return self.valid_until is None
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


SINCE_2014 = date(2014, 6, 13)

# The only words a customer's last button may carry (R77): (kind of customer, language) -> label.
ORDER_LABELS = {
    ("consumer", "de"): LegalText("order-consumer-de-1", "Zahlungspflichtig bestellen", SINCE_2014),
    ("consumer", "en"): LegalText("order-consumer-en-1", "Order with obligation to pay", SINCE_2014),
    ("business", "de"): LegalText("order-business-de-1", "Verbindlich beauftragen", SINCE_2014),
    ("business", "en"): LegalText("order-business-en-1", "Place binding order", SINCE_2014),
}

# R85: both steps of the withdrawal function.
WITHDRAW_LABEL = {"de": "Vertrag widerrufen", "en": "Withdraw from contract"}
CONFIRM_WITHDRAWAL_LABEL = {"de": "Widerruf bestätigen", "en": "Confirm withdrawal"}

# R84: two separate statements, never ticked beforehand, neither is required.
EARLY_START = {
    "de": LegalText(
        "early-start-de-1",
        "Ich verlange ausdrücklich, dass Sie vor Ablauf der Widerrufsfrist mit der Arbeit beginnen.",
        SINCE_2014,
    ),
    "en": LegalText(
        "early-start-en-1",
        "I expressly request that you begin the work before the withdrawal period has ended.",
        SINCE_2014,
    ),
}
EARLY_END = {
    "de": LegalText(
        "early-end-de-1",
        "Mir ist bekannt, dass mein Widerrufsrecht erlischt, wenn Sie den Vertrag vollständig erfüllt haben.",
        SINCE_2014,
    ),
    "en": LegalText(
        "early-end-en-1",
        "I am aware that my right of withdrawal ends once you have performed the contract in full.",
        SINCE_2014,
    ),
}
# § 312f (1) BGB: off premises the consumer gets paper, unless he agrees to another durable medium.
PAPERLESS = {
    "de": LegalText(
        "paperless-de-1",
        "Ich bin einverstanden, dass ich Vertrag, Informationen und Widerrufsbelehrung per E-Mail statt auf Papier bekomme.",
        SINCE_2014,
    ),
    "en": LegalText(
        "paperless-en-1",
        "I agree to receive contract, information and withdrawal instruction by e-mail instead of on paper.",
        SINCE_2014,
    ),
}
# § 7 (3) no. 4 UWG: said when the address is collected and at every use (R97, R98).
FEEDBACK_NOTICE = {
    "de": LegalText(
        "feedback-notice-de-1",
        "Wir fragen Sie nach Abschluss einmal per E-Mail, wie es war. Dem können Sie jederzeit widersprechen.",
        SINCE_2014,
    ),
    "en": LegalText(
        "feedback-notice-en-1",
        "Once the work is done, we will ask you one time by e-mail how it was. You can object at any time.",
        SINCE_2014,
    ),
}
STATEMENTS = {"early_start": EARLY_START, "early_end": EARLY_END, "paperless": PAPERLESS}


def known() -> Iterable[LegalText]:
    """Every text of this file."""
    yield from ORDER_LABELS.values()
    for texts in (*STATEMENTS.values(), FEEDBACK_NOTICE):
        yield from texts.values()


def by_id(text_id: str) -> LegalText:
    """The text that evidence names, also one that is no longer used. Raises LookupError."""
    for text in known():
        if text.id == text_id:
            return text
    raise LookupError(f"no legal text {text_id}")


def spoken(language: str) -> str:
    """The language of these texts for somebody who speaks `language`."""
    return language if language in LANGUAGES else "de"


def order_label(customer_kind: str, language: str = "de") -> LegalText:
    """The label of the last button: consumers must read the duty to pay, everybody else places a binding order."""
    kind = "consumer" if customer_kind == "consumer" else "business"
    return ORDER_LABELS[kind, spoken(language)]


def order_labels_for(customer_kind: str, *, on: date | None = None) -> set[str]:
    """The ids an acceptance by this kind of customer may name on a day."""
    kind = "consumer" if customer_kind == "consumer" else "business"
    return {label.id for (whom, _), label in ORDER_LABELS.items() if whom == kind and label.holds(on)}


def statements(regime, language: str) -> dict[str, LegalText]:
    """What a customer may tick where this regime holds: name of the field -> text. All separate, all voluntary."""
    wanted = ["early_start", "early_end"] if regime.has_early_start else []
    wanted += ["paperless"] if regime.needs_paper else []
    return {name: STATEMENTS[name][spoken(language)] for name in wanted}
