"""Rows of the demo's documents, as the editor would post them."""

from decimal import Decimal


def line(text, quantity, unit, price, *, cost="material", **more):
    """A position; bought in at 55 percent of its price."""
    return {
        "text": text, "quantity": Decimal(str(quantity)), "unit": unit, "unit_price": Decimal(str(price)),
        "cost_kind": cost, "purchase_price": (Decimal(str(price)) * Decimal("0.55")).quantize(Decimal("0.01")), **more,
    }  # fmt: skip


def section(text, **more):
    """A heading."""
    return {"kind": "section", "text": text, **more}
