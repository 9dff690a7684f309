"""Where the newest rows of a business stand, on PostgreSQL: the search reads those first."""

from django.db import migrations

TABLES = ["billing_quote", "billing_order", "billing_invoice", "billing_deliverynote"]


def index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f'CREATE INDEX "{table}_newest" ON "{table}" (business_id, id)')


def unindex(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f'DROP INDEX "{table}_newest"')


class Migration(migrations.Migration):
    dependencies = [("billing", "0027_collection_and_arrival")]

    operations = [migrations.RunPython(index, unindex)]
