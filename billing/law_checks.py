"""What `manage.py check` says about law that the program does not know yet."""

from django.core.checks import Warning as Notice
from django.utils import timezone

from billing import base_rates


def check_base_rates(app_configs, **kwargs):
    """Interest can be worked out for every day so far (§ 247 BGB, R65): a rate that is missing is entered, never guessed."""
    if not base_rates.ends_soon(timezone.localdate()):
        return []
    return [
        Notice(
            f"The base rate of § 247 BGB is known until {base_rates.known_until()} only.",
            hint="Add the rate the Bundesbank has published to RATES in billing/base_rates.py, or update the program.",
            id="billing.W001",
        )
    ]
