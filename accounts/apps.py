from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Betriebe und Mitglieder"

    def ready(self):
        from accounts import guards

        # Triggers are made anew after every migrate: SQLite drops them when it rebuilds a table. The signal comes once for
        # each app, when the tables of all are made: once is enough.
        pre_migrate.connect(guards.lift, sender=self)
        post_migrate.connect(guards.install, sender=self)
