"""A letter of reminder on paper: a valid archive that says the same as the page (R69)."""

from datetime import date
from decimal import Decimal

import pypdfium2
import pytest

from billing import dunning_letters, interest, rendering
from billing.documents.model import Buyer, BuyerKind, Seller
from billing.dunning_claims import Claim

pytestmark = pytest.mark.paper

SELLER = Seller(
    name="Tischlerei Haselbach", street="Werkhof 3", postcode="22145", city="Hamburg", account_holder="Jana Haselbach",
    iban="DE89370400440532013000",
)  # fmt: skip
BUYER = Buyer(name="Café Morgenrot GmbH", kind=BuyerKind.BUSINESS, customer_number="10042")


@pytest.fixture
def letter():
    """A last reminder to a business: interest across the change of the base rate, lump sum, costs, former costs."""
    parts = interest.segments(
        Decimal("1190.00"), first=date(2026, 5, 16), last=date(2026, 8, 31), is_consumer=False
    )  # fmt: skip
    claim = Claim(
        number="RE-2026-0001", title="Regal", issued_on=date(2026, 4, 1), due_on=date(2026, 4, 15), gross=Decimal("1190.00"),
        received=Decimal(0), principal=Decimal("1190.00"), default_from=date(2026, 5, 16), ground="thirty_days",
        segments=parts, interest=interest.total(parts), lump_sum=Decimal(40), costs=Decimal("0.95"), earlier=Decimal("0.85"),
    )  # fmt: skip
    return dunning_letters.Letter(
        level=2, seller=SELLER, buyer=BUYER, issued_on=date(2026, 8, 31), pay_until=date(2026, 9, 14),
        greeting="Guten Tag Frau Morgenrot", claims=(claim,),
    )  # fmt: skip


def words(data):
    document = pypdfium2.PdfDocument(data)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(text.replace("\xa0", " ").split())


def test_the_letter_names_every_sum_by_itself_and_the_way_to_it(letter):
    data = rendering.dunning_preview(letter, _NoLogo())
    text = words(data)
    assert data.startswith(b"%PDF") and b"pdfaid:part>3" in data
    for said in (
        "Letzte Mahnung", "Offene Rechnung 1.190,00 €", "Verzugszinsen bis 31. August 2026 36,67 €",
        "Pauschale (§ 288 Abs. 5 BGB) 40,00 €", "Mahnkosten (Druck und Porto) 0,95 €",
        "Aus früheren Schreiben noch offen 0,85 €", "Zu zahlen 1.268,47 €", "RE-2026-0001 KD 10042",
        "seit 16. Mai 2026 in Verzug", "16.05.2026 – 30.06.2026 46 1.190,00 € 10,27 %",
        "01.07.2026 – 31.08.2026 62 1.190,00 € 10,52 %",
    ):  # fmt: skip
        assert said in text


class _NoLogo:
    logo = None
