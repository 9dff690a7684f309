"""Index numbers and titles of documents by trigrams, on PostgreSQL: a part of a number finds them, among a million too."""

from django.db import migrations

# as `icontains` asks, behind the business
COLUMNS = {
    "billing_quote": ("number", "title"),
    "billing_order": ("number", "title"),
    "billing_invoice": ("number", "title"),
    "billing_deliverynote": ("number",),
}


def index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, columns in COLUMNS.items():
            parts = ", ".join(f'upper("{column}"::text) gin_trgm_ops' for column in columns)
            schema_editor.execute(f'CREATE INDEX "{table}_words" ON "{table}" USING gin (business_id, {parts})')


def unindex(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in COLUMNS:
            schema_editor.execute(f'DROP INDEX "{table}_words"')


class Migration(migrations.Migration):
    dependencies = [("billing", "0025_opening_items"), ("crm", "0019_search_indexes")]

    operations = [migrations.RunPython(index, unindex)]
