"""The wording of what a customer must know before he orders (R79, R81), as versioned templates in two languages.

Sources: EGBGB Art. 246a § 1 (consumers, distance and off-premises), Art. 246c (electronic commerce), DL-InfoV § 2, VSBG § 36,
§§ 632 (3), 649 BGB (estimates). A wording that changes gets a new id here and stays, so that evidence can name it.
`billing.information` puts the facts in; a part whose fact is missing is left out.
"""

from dataclasses import dataclass
from datetime import date

SINCE_2022 = date(2022, 5, 28)


@dataclass(frozen=True)
class Part:
    """A heading with its text; `when` names the facts that must be there, all of them."""

    title: str
    text: str
    when: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """One wording in one language. Parts with the same heading follow each other and are joined."""

    id: str
    heading: str
    parts: tuple[Part, ...]
    valid_from: date
    valid_until: date | None = None


_DE = (
    Part("Leistung", "{subject}. {reference}:\n{items}\nDie Einzelheiten stehen im Angebot."),
    Part("Leistung", "Baubeschreibung: {building_description}. Sie gehört zum Vertrag.", ("building_description",)),
    Part("Vertragspartner", "{legal_name}\n{street}, {postcode} {city}\nTelefon {phone}\nE-Mail {email}"),
    Part("Vertragspartner", "{represented}", ("represented",)),
    Part("Vertragspartner", "Register: {register}", ("register",)),
    Part("Vertragspartner", "USt-IdNr.: {vat_id}", ("vat_id",)),
    Part("Vertragspartner", "Kammer: {chamber}", ("chamber",)),
    Part("Vertragspartner", "Berufsbezeichnung: {professional_title}", ("professional_title",)),
    Part("Vertragspartner", "Aufsichtsbehörde: {supervisory_authority}", ("supervisory_authority",)),
    Part("Vertragspartner", "Berufshaftpflicht: {liability_insurer}", ("liability_insurer",)),
    Part("Preis", "Gesamtpreis {gross} einschließlich {tax} Umsatzsteuer. Weitere Kosten kommen nicht hinzu.",
         ("is_consumer", "tax")),
    Part("Preis", "Gesamtpreis {gross}. Umsatzsteuer fällt nicht an. Weitere Kosten kommen nicht hinzu.", ("untaxed",)),
    Part("Preis", "Netto {net}, Umsatzsteuer {tax}, zusammen {gross}.", ("is_business", "tax")),
    Part("Preis", "Es handelt sich um einen Kostenvoranschlag. Ist eine wesentliche Überschreitung zu erwarten, sagen wir "
         "Ihnen das unverzüglich; Sie können den Vertrag dann kündigen (§ 649 BGB).", ("is_estimate",)),
    Part("Zahlung", "{payment}"),
    Part("Ausführung", "Ort: {site}", ("site",)),
    Part("Ausführung", "Fertigstellung: {completion}", ("completion",)),
    Part("Ausführung", "Den Termin stimmen wir nach der Beauftragung mit Ihnen ab.", ("is_open_ended",)),
    Part("Mängelrechte", "Es gelten die gesetzlichen Mängelrechte."),
    Part("Beschwerden", "Beschwerden nehmen wir unter den Kontaktdaten oben entgegen.", ("is_consumer",)),
    Part("Dauer des Vertrags", "Der Vertrag endet, wenn beide Seiten ihre Leistung erbracht haben. Er verlängert sich nicht."),
    Part("Widerruf", "Sie können den Vertrag binnen 14 Tagen widerrufen. Bedingungen, Fristen und Verfahren stehen in der "
         "Widerrufsbelehrung, die zu diesen Informationen gehört.", ("has_withdrawal",)),
    Part("Widerruf", "Verlangen Sie, dass wir vor Ablauf der Frist beginnen, und widerrufen Sie danach, so zahlen Sie den "
         "Anteil der bis dahin erbrachten Leistung. Ihr Widerrufsrecht erlischt, wenn wir auf Ihr ausdrückliches Verlangen "
         "begonnen haben, Sie Ihre Kenntnis davon bestätigt haben und der Vertrag vollständig erfüllt ist.",
         ("has_early_start",)),
    Part("Widerruf", "Für Ware, die wir nach Ihren Angaben anfertigen, besteht kein Widerrufsrecht (§ 312g Absatz 2 Nummer 1 "
         "BGB).", ("is_goods",)),
    Part("Widerruf", "Für die dringende Reparatur, um die Sie uns ausdrücklich gebeten haben, besteht kein Widerrufsrecht "
         "(§ 312g Absatz 2 Nummer 11 BGB). Für weitere Leistungen, die Sie bei diesem Besuch beauftragen, besteht es.",
         ("is_urgent",)),
    Part("So kommt der Vertrag zustande", "Sie wählen im Angebot aus, prüfen Ihre Angaben und die Zusammenfassung und nehmen "
         "mit der Schaltfläche „{label}“ unser Angebot an. Bis dahin berichtigen Sie Eingaben direkt im Feld, die Auswahl "
         "über „Ändern“ oder „Zurück zum Angebot“. Sie bekommen sofort eine Bestätigung per E-Mail.", ("label",)),
    Part("Vertragstext und Sprache", "Wir speichern den Vertragstext. Sie bekommen ihn mit allen Unterlagen per E-Mail und "
         "können ihn auf Ihrer Kundenseite herunterladen. Vertragssprache ist Deutsch."),
    Part("Streitbeilegung", "An Streitbeilegungsverfahren vor einer Verbraucherschlichtungsstelle nehmen wir nicht teil und "
         "sind dazu nicht verpflichtet.", ("is_consumer", "must_tell_vsbg")),
)  # fmt: skip

_EN = (
    Part("Service", "{subject}. {reference}:\n{items}\nThe details are in the quote."),
    Part("Service", "Building specification: {building_description}. It is part of the contract.", ("building_description",)),
    Part("Contract partner", "{legal_name}\n{street}, {postcode} {city}, Germany\nTelephone {phone}\nE-mail {email}"),
    Part("Contract partner", "{represented}", ("represented",)),
    Part("Contract partner", "Register: {register}", ("register",)),
    Part("Contract partner", "VAT ID: {vat_id}", ("vat_id",)),
    Part("Contract partner", "Chamber: {chamber}", ("chamber",)),
    Part("Contract partner", "Professional title: {professional_title}", ("professional_title",)),
    Part("Contract partner", "Supervisory authority: {supervisory_authority}", ("supervisory_authority",)),
    Part("Contract partner", "Professional liability insurance: {liability_insurer}", ("liability_insurer",)),
    Part("Price", "Total price {gross} including {tax} VAT. There are no further costs.", ("is_consumer", "tax")),
    Part("Price", "Total price {gross}. No VAT is charged. There are no further costs.", ("untaxed",)),
    Part("Price", "Net {net}, VAT {tax}, together {gross}.", ("is_business", "tax")),
    Part("Price", "This is a cost estimate. If it is likely to be exceeded substantially, we will tell you without delay; "
         "you can then terminate the contract (section 649 BGB).", ("is_estimate",)),
    Part("Payment", "{payment}"),
    Part("Performance", "Place: {site}", ("site",)),
    Part("Performance", "Completion: {completion}", ("completion",)),
    Part("Performance", "We will agree the date with you once you have ordered.", ("is_open_ended",)),
    Part("Defects", "Your statutory rights in case of defects apply."),
    Part("Complaints", "Please send complaints to the contact details above.", ("is_consumer",)),
    Part("Term", "The contract ends when both sides have performed it. It is not renewed."),
    Part("Withdrawal", "You can withdraw from the contract within 14 days. Conditions, time limits and procedure are in the "
         "withdrawal instruction, which is part of this information.", ("has_withdrawal",)),
    Part("Withdrawal", "If you request that we begin before the period has ended and then withdraw, you pay for the share of "
         "the work done until then. Your right of withdrawal ends when we began at your express request, you confirmed that "
         "you know this, and the contract has been performed in full.", ("has_early_start",)),
    Part("Withdrawal", "There is no right of withdrawal for goods made to your specifications (section 312g (2) no. 1 BGB).",
         ("is_goods",)),
    Part("Withdrawal", "There is no right of withdrawal for the urgent repair you expressly asked us to come for (section "
         "312g (2) no. 11 BGB). There is one for further work that you order on that visit.", ("is_urgent",)),
    Part("How the contract is concluded", "You choose in the quote, check your details and the summary, and accept our quote "
         "with the button “{label}”. Until then you correct entries in their fields, and your choice with “Change” or “Back "
         "to the quote”. You receive a confirmation by e-mail at once.", ("label",)),
    Part("Text and language of the contract", "We keep the text of the contract. You receive it with all documents by e-mail "
         "and can download it from your customer page. The contract is concluded in German; this is a translation."),
    Part("Dispute resolution", "We do not take part in dispute resolution before a consumer arbitration board and are not "
         "obliged to.", ("is_consumer", "must_tell_vsbg")),
)  # fmt: skip

TEMPLATES = {
    "de": (Template("information-de-1", "Informationen zum Vertrag", _DE, SINCE_2022),),
    "en": (Template("information-en-1", "Information about the contract", _EN, SINCE_2022),),
}
