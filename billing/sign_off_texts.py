"""What the law wants said at the acceptance of work (Abnahme, R92): versioned, outside gettext.

Sources: § 640 (2) sentence 2 BGB (notice to consumers in text form, together with the request; both consequences: saying
nothing, and refusing without naming a defect), §§ 640 (3), 341 (3) BGB (reservations), § 650g (1) BGB (joint finding of the
state of the work), in force like this since the reform of the law of building contracts.
"""

from datetime import date

from billing.legal_texts import LegalText, spoken

SINCE_2018 = date(2018, 1, 1)

# With the request for acceptance; {deadline} is the last day of the period.
NOTICE = {
    "de": LegalText(
        "sign-off-notice-de-1",
        "Hinweis nach § 640 Abs. 2 BGB: Erklären Sie bis zum {deadline} weder die Abnahme noch verweigern Sie sie unter Angabe "
        "mindestens eines Mangels, so gilt unsere Leistung als abgenommen. Dasselbe gilt, wenn Sie die Abnahme verweigern, "
        "ohne einen Mangel anzugeben. Mit der Abnahme wird unsere Vergütung fällig, die Gefahr geht auf Sie über, die "
        "Verjährungsfrist für Mängel beginnt, und Sie müssen künftig beweisen, dass ein Mangel schon bei der Abnahme da war.",
        SINCE_2018,
    ),
    "en": LegalText(
        "sign-off-notice-en-1",
        "Notice under section 640 (2) of the German Civil Code: if by {deadline} you neither accept our work nor refuse to "
        "accept it naming at least one defect, our work is deemed accepted. The same applies if you refuse acceptance without "
        "naming a defect. With acceptance our payment becomes due, the risk passes to you, the limitation period for defects "
        "begins, and from then on you must prove that a defect was already there at acceptance.",
        SINCE_2018,
    ),
}
# The two questions, § 640 (3) and § 341 (3) BGB.
RESERVE_DEFECTS = {
    "de": LegalText(
        "sign-off-defects-de-1",
        "Behalten Sie sich Ihre Rechte wegen der genannten Mängel vor? Ohne Vorbehalt können Sie wegen dieser Mängel keine "
        "Nacherfüllung mehr verlangen, sie nicht auf unsere Kosten selbst beseitigen, nicht zurücktreten und nicht mindern "
        "(§ 640 Abs. 3 BGB).",
        SINCE_2018,
    ),
    "en": LegalText(
        "sign-off-defects-en-1",
        "Do you reserve your rights because of the defects named? Without this reservation you can no longer demand that these "
        "defects be mended, mend them yourself at our expense, withdraw or reduce the price (section 640 (3) German Civil "
        "Code).",
        SINCE_2018,
    ),
}
RESERVE_PENALTY = {
    "de": LegalText(
        "sign-off-penalty-de-1",
        "Behalten Sie sich die vereinbarte Vertragsstrafe vor? Ohne Vorbehalt können Sie sie nicht mehr verlangen (§ 341 Abs. 3 "
        "BGB).",
        SINCE_2018,
    ),
    "en": LegalText(
        "sign-off-penalty-en-1",
        "Do you reserve the agreed contractual penalty? Without this reservation you can no longer claim it (section 341 (3) "
        "German Civil Code).",
        SINCE_2018,
    ),
}
# After a refusal where something is built.
JOINT_FINDING = {
    "de": LegalText(
        "sign-off-finding-de-1",
        "Wird bei einem Bauvertrag die Abnahme unter Angabe von Mängeln verweigert, so hat der Kunde auf Verlangen des Betriebs "
        "an einer gemeinsamen Feststellung des Zustands mitzuwirken. Sie soll den Tag nennen und ist von beiden zu "
        "unterschreiben (§ 650g Abs. 1 BGB).",
        SINCE_2018,
    ),
    "en": LegalText(
        "sign-off-finding-en-1",
        "Where acceptance of building work is refused with defects named, the customer must, at the request of the business, "
        "take part in jointly recording the state of the work. The record should give the day and be signed by both (section "
        "650g (1) German Civil Code).",
        SINCE_2018,
    ),
}


def notice(language: str) -> LegalText:
    """What silence means, for the request."""
    return NOTICE[spoken(language)]


def reserve_defects(language: str) -> LegalText:
    """The question about rights because of known defects."""
    return RESERVE_DEFECTS[spoken(language)]


def reserve_penalty(language: str) -> LegalText:
    """The question about the contractual penalty."""
    return RESERVE_PENALTY[spoken(language)]


def joint_finding(language: str) -> LegalText:
    """What may be asked for after a refusal."""
    return JOINT_FINDING[spoken(language)]
