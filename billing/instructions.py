"""Withdrawal instructions (Widerrufsbelehrungen) word for word, with versions and validity.

Sources: EGBGB Art. 246a § 1 (2) with Annexes 1 and 2 (distance and off-premises contracts; the passage about the online
function since 2026-06-19), Art. 249 § 3 with Annex 10 (construction contracts of consumers). Only names and addresses are
put in; a business cannot edit them, and they stay German in every language: so the model is safe.
"""

from datetime import date

from billing.legal_texts import LegalText

SINCE_2018 = date(2018, 1, 1)
SINCE_2022 = date(2022, 5, 28)
SINCE_356A = date(2026, 6, 19)

_RIGHT = """\
Widerrufsrecht
Sie haben das Recht, binnen vierzehn Tagen ohne Angabe von Gründen diesen Vertrag zu widerrufen. Die Widerrufsfrist \
beträgt vierzehn Tage ab dem Tag des Vertragsabschlusses. Um Ihr Widerrufsrecht auszuüben, müssen Sie uns ({name}, \
{street}, {postcode} {city}, Telefon {phone}, E-Mail {email}) mittels einer eindeutigen Erklärung (z. B. ein mit der \
Post versandter Brief oder eine E-Mail) über Ihren Entschluss, diesen Vertrag zu widerrufen, informieren. Sie können \
dafür das beigefügte Muster-Widerrufsformular verwenden, das jedoch nicht vorgeschrieben ist."""

_ONLINE = """ \
Sie können Ihr Widerrufsrecht auch online ausüben: über die Schaltfläche „Vertrag widerrufen“ auf Ihrer Kundenseite, \
die Sie über den Link in unserer E-Mail erreichen. Wenn Sie diese Möglichkeit nutzen, übermitteln wir Ihnen \
unverzüglich auf einem dauerhaften Datenträger (z. B. per E-Mail) eine Eingangsbestätigung mit dem Inhalt Ihrer \
Widerrufserklärung sowie Datum und Uhrzeit ihres Eingangs."""

_IN_TIME = """ \
Zur Wahrung der Widerrufsfrist reicht es aus, dass Sie die Mitteilung über die Ausübung des Widerrufsrechts vor \
Ablauf der Widerrufsfrist absenden."""

_CONSEQUENCES = """\
Folgen des Widerrufs
Wenn Sie diesen Vertrag widerrufen, haben wir Ihnen alle Zahlungen, die wir von Ihnen erhalten haben, unverzüglich \
und spätestens binnen vierzehn Tagen ab dem Tag zurückzuzahlen, an dem die Mitteilung über Ihren Widerruf dieses \
Vertrags bei uns eingegangen ist. Für diese Rückzahlung verwenden wir dasselbe Zahlungsmittel, das Sie bei der \
ursprünglichen Transaktion eingesetzt haben, es sei denn, mit Ihnen wurde ausdrücklich etwas anderes vereinbart; in \
keinem Fall werden Ihnen wegen dieser Rückzahlung Entgelte berechnet. Haben Sie verlangt, dass die Dienstleistungen \
während der Widerrufsfrist beginnen sollen, so haben Sie uns einen angemessenen Betrag zu zahlen, der dem Anteil der \
bis zu dem Zeitpunkt, zu dem Sie uns von der Ausübung des Widerrufsrechts hinsichtlich dieses Vertrags unterrichten, \
bereits erbrachten Dienstleistungen im Vergleich zum Gesamtumfang der im Vertrag vorgesehenen Dienstleistungen \
entspricht."""

_FORM = """\
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

_CONSTRUCTION = """\
Widerrufsbelehrung

Widerrufsrecht
Sie haben das Recht, binnen 14 Tagen ohne Angabe von Gründen diesen Vertrag zu widerrufen. Die Widerrufsfrist beträgt \
14 Tage ab dem Tag des Vertragsabschlusses. Sie beginnt nicht zu laufen, bevor Sie diese Belehrung in Textform erhalten \
haben. Um Ihr Widerrufsrecht auszuüben, müssen Sie uns ({name}, {street}, {postcode} {city}, Telefon {phone}, E-Mail \
{email}) mittels einer eindeutigen Erklärung (z. B. Brief, Telefax oder E-Mail) über Ihren Entschluss, diesen Vertrag \
zu widerrufen, informieren. Zur Wahrung der Widerrufsfrist reicht es aus, dass Sie die Erklärung über die Ausübung des \
Widerrufsrechts vor Ablauf der Widerrufsfrist absenden.

Folgen des Widerrufs
Wenn Sie diesen Vertrag widerrufen, haben wir Ihnen alle Zahlungen, die wir von Ihnen erhalten haben, unverzüglich \
zurückzuzahlen. Sie müssen uns im Falle des Widerrufs alle Leistungen zurückgeben, die Sie bis zum Widerruf von uns \
erhalten haben. Ist die Rückgewähr einer Leistung ihrer Natur nach ausgeschlossen, lassen sich etwa verwendete \
Baumaterialien nicht ohne Zerstörung entfernen, müssen Sie Wertersatz dafür bezahlen.
"""


def _after_annex_1(*, online: bool) -> str:
    right = _RIGHT + (_ONLINE if online else "") + _IN_TIME
    return "\n\n".join(["Widerrufsbelehrung", right, _CONSEQUENCES, _FORM])


# family (billing.withdrawal_rights) -> its texts
INSTRUCTIONS: dict[str, tuple[LegalText, ...]] = {
    "online": (LegalText("withdrawal-instruction-de-356a-1", _after_annex_1(online=True), SINCE_356A),),
    "plain": (LegalText("withdrawal-instruction-de-1", _after_annex_1(online=False), SINCE_2022),),
    "construction": (LegalText("withdrawal-instruction-construction-de-1", _CONSTRUCTION, SINCE_2018),),
}


def withdrawal(business, *, family: str, on: date) -> LegalText:
    """The instruction with the business's name and address put in. Raises LookupError for a day without a text."""
    for entry in INSTRUCTIONS[family]:
        if entry.holds(on):
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
