"""Where the books are kept: in Germany, in the Union with notice to the tax office, elsewhere only by permission (R60)."""

from django.conf import settings
from django.core.checks import Error

from billing import procedure_texts

EU = frozenset(
    (
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
        "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    )
)  # fmt: skip


def place() -> str:
    """Where the data lie and what the law asks then, as a sentence for the procedure documentation."""
    country = settings.HOSTING_COUNTRY
    if country == "DE":
        return procedure_texts.INSIDE
    return (procedure_texts.UNION if country in EU else procedure_texts.OUTSIDE).format(country=country)


def check_country(app_configs=None, **kwargs) -> list[Error]:
    """Refuse to start outside the Union: books may lie there only with permission (§ 146 (2b) AO)."""
    if settings.HOSTING_COUNTRY in EU:
        return []
    said = f"HOSTING_COUNTRY={settings.HOSTING_COUNTRY}: books outside the European Union need permission."
    return [Error(said, hint="§ 146 (2b) AO. Host within the Union.", id="billing.E001")]
