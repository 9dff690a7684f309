from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Angebote, Aufträge, Rechnungen"

    def ready(self):
        from billing import master_data, retention  # models exist only now

        master_data.connect()
        retention.connect()
