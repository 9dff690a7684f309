"""The texts a contract is concluded with: information, withdrawal instruction, terms. Frozen with the acceptance."""

from dataclasses import dataclass
from datetime import date

from accounts import terms
from billing import information, instructions, legal_texts
from billing.documents import evidence
from billing.documents.model import Document
from billing.models import ContractText
from billing.withdrawal_rights import Regime

Kind = ContractText.Kind


@dataclass(frozen=True)
class Text:
    """One text as it reads for a contract."""

    kind: str
    text_id: str
    language: str
    text: str

    @property
    def sha256(self) -> str:
        return evidence.digest(self.text)


def information_for(quote, document: Document, *, regime: Regime, on: date, language: str, label: str = "") -> Text:
    """What the customer must know (R81), about the quote as chosen."""
    pack = information.pack(quote, document, regime=regime, on=on, language=language, label=label)
    return Text(Kind.INFORMATION, pack.id, legal_texts.spoken(language), pack.text)


def instruction_for(business, *, regime: Regime, on: date) -> Text | None:
    """The withdrawal instruction of a regime; None where there is no such right."""
    if not regime.has_withdrawal:
        return None
    found = instructions.withdrawal(business, family=regime.instruction, on=on)
    return Text(Kind.INSTRUCTION, found.id, "de", found.text)


def terms_for(version) -> Text | None:
    """A version of the business's terms; None for no version."""
    return Text(Kind.TERMS, f"terms-{version.number}", "de", version.text) if version else None


def for_contract(quote, document: Document, *, regime: Regime, on: date, language: str, label: str = "") -> list[Text]:
    """Everything a quote is accepted with on a day. Keeps the wording of the terms, if nobody did yet."""
    found = [
        information_for(quote, document, regime=regime, on=on, language=language, label=label),
        instruction_for(quote.business, regime=regime, on=on),
        terms_for(terms.keep(quote.business)),
    ]
    return [text for text in found if text]


def keep(acceptance, texts) -> None:
    """Freeze the texts with their acceptance."""
    ContractText.objects.bulk_create(
        [
            ContractText(
                acceptance=acceptance,
                kind=text.kind,
                text_id=text.text_id,
                language=text.language,
                text=text.text,
                sha256=text.sha256,
            )
            for text in texts
        ]
    )
