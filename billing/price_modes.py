"""Prices of the catalogue and of earlier quotes in the price mode of the document they are taken into."""

from decimal import Decimal

from billing.money import PriceMode, Vat, distribute, round_cents


def converted(unit_price: Decimal, cost_split: dict, vat_rate: Decimal, *, has: str, wants: str):
    """Price and split in the wanted mode, in cents where they change; the parts still add up to the price."""
    if has == wants or not vat_rate:
        return unit_price, cost_split
    factor = Vat("S", vat_rate).factor
    price = round_cents(unit_price * factor if wants == PriceMode.GROSS else unit_price / factor)
    if not cost_split or not price:
        return price, {}
    parts = distribute(price, [Decimal(part) for part in cost_split.values()])
    return price, {kind: f"{part:f}" for kind, part in zip(cost_split, parts, strict=True)}
