from django.apps import AppConfig
from django.core import checks


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Angebote, Aufträge, Rechnungen"

    def ready(self):
        from billing import hosting, law_checks, master_data, retention  # models exist only now

        checks.register(hosting.check_country)
        checks.register(law_checks.check_base_rates)
        master_data.connect()
        retention.connect()
