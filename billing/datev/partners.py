"""Customers as DATEV keeps them: a row of the file Debitoren/Kreditoren each."""

from billing.datev.accounts import Chart
from crm.models import Customer

COMPANY, PERSON = "2", "1"
LANGUAGES = {"de": 1, "en": 5}


def cells(customer: Customer, chart: Chart) -> dict[int, object]:
    """The values by number of column. Raises NoDebitor."""
    is_company = bool(customer.company_name)
    country, number = customer.vat_id[:2], customer.vat_id[2:]
    return {
        1: chart.debitor(customer.number),
        2: customer.company_name[:50] if is_company else "",
        4: "" if is_company else (customer.last_name or customer.first_name)[:30],
        5: customer.first_name[:30] if not is_company and customer.last_name else "",
        7: COMPANY if is_company else PERSON,
        8: (customer.company_name or customer.last_name or customer.first_name)[:15],
        9: country,
        10: number[:13],
        11: "" if is_company else str(customer.get_salutation_display()) if customer.salutation else "",
        15: "STR" if customer.street else "",
        16: customer.street[:36],
        18: customer.postcode,
        19: customer.city[:30],
        20: customer.country,
        29: (customer.phone or customer.mobile)[:60],
        33: customer.email if len(customer.email) <= 60 else "",
        99: str(customer.number),
        101: LANGUAGES.get(customer.language),
    }
