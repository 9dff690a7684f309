from django.apps import AppConfig
from django.core import checks


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Angebote, Aufträge, Rechnungen"

    def ready(self):
        from billing import hosting, master_data, retention  # models exist only now

        checks.register(hosting.check_country)
        master_data.connect()
        retention.connect()
