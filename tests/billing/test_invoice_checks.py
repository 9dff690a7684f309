"""What should be looked at before an invoice is issued, beside what every document needs."""

import pytest

from billing import invoices
from tests import make

pytestmark = pytest.mark.django_db


def warned_of_days(days, **customer):
    draft = invoices.create(
        make.make_company(**customer), by=None, title="Regal", lines=[make.line()], payment_days=days
    )  # fmt: skip
    return [sentence for field, sentence in invoices.warnings(draft) if field == "payment_days"]


@pytest.mark.parametrize(("kind", "days", "most"), [("business", 61, 60), ("public", 31, 30)])
def test_long_terms_need_an_express_agreement(business, kind, days, most):
    """§ 271a BGB (R71)."""
    assert warned_of_days(days - 1, kind=kind) == []
    assert warned_of_days(days, kind=kind) == [
        f"Ein Zahlungsziel über {most} Tage gilt nur, wenn es ausdrücklich vereinbart ist (§ 271a BGB)."
    ]
