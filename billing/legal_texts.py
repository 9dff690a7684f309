"""Texts the law fixes word for word, with versions and validity; outside gettext, not editable by a business.

Sources: § 312j (3) BGB (order button), § 356a BGB (withdrawal function, since 2026-06-19), EGBGB Art. 246a Annex 1
(instruction), §§ 356 (4), 357a (2) BGB (early start). An acceptance stores the ids of the texts it was made under.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class LegalText:
    """A text with the id that evidence names."""

    id: str
    text: str
    valid_from: date
    valid_until: date | None = None


SINCE_2014 = date(2014, 6, 13)
SINCE_356A = date(2026, 6, 19)

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

INSTRUCTION_DE = """\
Widerrufsbelehrung

Widerrufsrecht
Sie haben das Recht, binnen vierzehn Tagen ohne Angabe von Gründen diesen Vertrag zu widerrufen. Die Widerrufsfrist \
beträgt vierzehn Tage ab dem Tag des Vertragsabschlusses. Um Ihr Widerrufsrecht auszuüben, müssen Sie uns ({name}, \
{street}, {postcode} {city}, Telefon {phone}, E-Mail {email}) mittels einer eindeutigen Erklärung (z. B. ein mit der \
Post versandter Brief oder eine E-Mail) über Ihren Entschluss, diesen Vertrag zu widerrufen, informieren. Sie können \
dafür das beigefügte Muster-Widerrufsformular verwenden, das jedoch nicht vorgeschrieben ist. Sie können Ihr \
Widerrufsrecht auch online ausüben: über die Schaltfläche „Vertrag widerrufen“ auf Ihrer Kundenseite, die Sie über den \
Link in unserer E-Mail erreichen. Wenn Sie diese Möglichkeit nutzen, übermitteln wir Ihnen unverzüglich auf einem \
dauerhaften Datenträger (z. B. per E-Mail) eine Eingangsbestätigung mit dem Inhalt Ihrer Widerrufserklärung sowie Datum \
und Uhrzeit ihres Eingangs. Zur Wahrung der Widerrufsfrist reicht es aus, dass Sie die Mitteilung über die Ausübung des \
Widerrufsrechts vor Ablauf der Widerrufsfrist absenden.

Folgen des Widerrufs
Wenn Sie diesen Vertrag widerrufen, haben wir Ihnen alle Zahlungen, die wir von Ihnen erhalten haben, unverzüglich und \
spätestens binnen vierzehn Tagen ab dem Tag zurückzuzahlen, an dem die Mitteilung über Ihren Widerruf dieses Vertrags \
bei uns eingegangen ist. Für diese Rückzahlung verwenden wir dasselbe Zahlungsmittel, das Sie bei der ursprünglichen \
Transaktion eingesetzt haben, es sei denn, mit Ihnen wurde ausdrücklich etwas anderes vereinbart; in keinem Fall werden \
Ihnen wegen dieser Rückzahlung Entgelte berechnet. Haben Sie verlangt, dass die Dienstleistungen während der \
Widerrufsfrist beginnen sollen, so haben Sie uns einen angemessenen Betrag zu zahlen, der dem Anteil der bis zu dem \
Zeitpunkt, zu dem Sie uns von der Ausübung des Widerrufsrechts hinsichtlich dieses Vertrags unterrichten, bereits \
erbrachten Dienstleistungen im Vergleich zum Gesamtumfang der im Vertrag vorgesehenen Dienstleistungen entspricht.

Muster-Widerrufsformular
(Wenn Sie den Vertrag widerrufen wollen, dann füllen Sie bitte dieses Formular aus und senden Sie es zurück.)
– An {name}, {street}, {postcode} {city}, {email}:
– Hiermit widerrufe(n) ich/wir (*) den von mir/uns (*) abgeschlossenen Vertrag über die Erbringung der folgenden \
Dienstleistung (*)
– Bestellt am (*)/erhalten am (*)
– Name des/der Verbraucher(s)
– Anschrift des/der Verbraucher(s)
– Unterschrift des/der Verbraucher(s) (nur bei Mitteilung auf Papier)
– Datum
(*) Unzutreffendes streichen.
"""

INSTRUCTIONS = (LegalText("withdrawal-instruction-de-356a-1", INSTRUCTION_DE, SINCE_356A),)


def order_label(customer_kind: str, language: str = "de") -> LegalText:
    """The label of the last button: consumers must read the duty to pay, everybody else places a binding order."""
    kind = "consumer" if customer_kind == "consumer" else "business"
    return ORDER_LABELS[kind, language if language in {"de", "en"} else "de"]


def order_labels_for(customer_kind: str) -> set[str]:
    """The ids an acceptance by this kind of customer may name."""
    kind = "consumer" if customer_kind == "consumer" else "business"
    return {label.id for (whom, _), label in ORDER_LABELS.items() if whom == kind}


def withdrawal_instruction(business, *, on: date) -> LegalText:
    """The instruction with the business's name and address put in. Raises LookupError for a day without a text."""
    for entry in INSTRUCTIONS:
        if entry.valid_from <= on and (entry.valid_until is None or on <= entry.valid_until):
            text = entry.text.format(
                name=business.legal_name or business.name,
                street=business.street,
                postcode=business.postcode,
                city=business.city,
                phone=business.phone,
                email=business.email,
            )
            return LegalText(entry.id, text, entry.valid_from, entry.valid_until)
    raise LookupError("no withdrawal instruction for this day")
