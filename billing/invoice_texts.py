"""What a part payment says of itself: versioned, outside gettext (R39b)."""

from datetime import date

from billing.legal_texts import LegalText, spoken

SINCE_2018 = date(2018, 1, 1)  # § 632a BGB as it reads since the reform of the law of building contracts

# § 14 (4) Nr. 6, (5) UStG: the time of a supply that is not done may be left open, but it must be said
OPEN = {
    "de": LegalText(
        "part-payment-de-1",
        "Dies ist die Anforderung einer Abschlagszahlung. Die Leistung ist noch nicht abgeschlossen; wann sie "
        "abgeschlossen ist, steht noch nicht fest.",
        SINCE_2018,
    ),
    "en": LegalText(
        "part-payment-en-1",
        "This is a request for a part payment. The work is not completed yet; the day of its completion is not fixed.",
        SINCE_2018,
    ),
}
DATED = {
    "de": LegalText(
        "part-payment-dated-de-1",
        "Dies ist die Anforderung einer Abschlagszahlung. Die Leistung ist noch nicht abgeschlossen.",
        SINCE_2018,
    ),
    "en": LegalText(
        "part-payment-dated-en-1",
        "This is a request for a part payment. The work is not completed yet.",
        SINCE_2018,
    ),
}


def part_payment(language: str, *, is_date_known: bool) -> LegalText:
    """The sentence on a part payment; `is_date_known` where it says when the work is expected to be done."""
    return (DATED if is_date_known else OPEN)[spoken(language)]
