"""What a Kostenvoranschlag says of itself, and what its overrun lets the customer do: versioned, outside gettext (R75)."""

from datetime import date

from billing.legal_texts import LegalText, spoken

SINCE_2018 = date(2018, 1, 1)  # § 649 BGB as it reads since the reform of the law of building contracts

# On the document: no guarantee of the price, § 649 (1) BGB.
NOTE = {
    "de": LegalText(
        "estimate-note-de-1",
        "Dies ist ein Kostenvoranschlag: Die Summe ist nach bestem Wissen berechnet, aber keine Garantie für den Endpreis. "
        "Zeichnet sich ab, dass sie wesentlich überschritten wird, sagen wir es Ihnen unverzüglich; Sie können den Vertrag "
        "dann kündigen (§ 649 BGB).",
        SINCE_2018,
    ),
    "en": LegalText(
        "estimate-note-en-1",
        "This is a cost estimate: the sum was worked out to the best of our knowledge, but it does not guarantee the final "
        "price. If it becomes clear that it will be exceeded substantially, we will tell you without delay; you may then "
        "terminate the contract (section 649 German Civil Code).",
        SINCE_2018,
    ),
}
# In the announcement: what the customer may do, §§ 649 (1), 645 (1) BGB.
RIGHT = {
    "de": LegalText(
        "estimate-overrun-de-1",
        "Sie können den Vertrag deshalb kündigen (§ 649 BGB). Dann bezahlen Sie nur den Teil der Vergütung, der der bis dahin "
        "geleisteten Arbeit entspricht, und Auslagen, die darin nicht enthalten sind (§ 645 Abs. 1 BGB).",
        SINCE_2018,
    ),
    "en": LegalText(
        "estimate-overrun-en-1",
        "You may therefore terminate the contract (section 649 German Civil Code). You then pay only the part of the price "
        "that corresponds to the work done so far, and expenses not included in it (section 645 (1) German Civil Code).",
        SINCE_2018,
    ),
}


def note(language: str) -> LegalText:
    """The sentence under a Kostenvoranschlag."""
    return NOTE[spoken(language)]


def right(language: str) -> LegalText:
    """The right to terminate, for the announcement of an overrun."""
    return RIGHT[spoken(language)]
