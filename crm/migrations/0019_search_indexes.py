"""Index what is searched, on PostgreSQL: trigrams, behind the business, so that one of many is as fast as one alone.

The extensions are trusted ones: whoever may create things in the database may add them.
"""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations

# table -> the folded column
TRIGRAMS = {
    "crm_customer": "search_text",
    "crm_contactperson": "folded",
    "crm_site": "folded",
    "crm_note": "folded",
    "crm_attachment": "folded",
    "crm_message": "folded",
}


def index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, column in TRIGRAMS.items():
            schema_editor.execute(
                f'CREATE INDEX "{table}_words" ON "{table}" USING gin (business_id, "{column}" gin_trgm_ops)'
            )


def unindex(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TRIGRAMS:
            schema_editor.execute(f'DROP INDEX "{table}_words"')


class Migration(migrations.Migration):
    dependencies = [("crm", "0018_fold_names")]

    operations = [TrigramExtension(), BtreeGinExtension(), migrations.RunPython(index, unindex)]
