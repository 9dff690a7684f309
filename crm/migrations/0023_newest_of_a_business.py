"""Where the newest rows of a business stand, on PostgreSQL: the search reads those first."""

from django.db import migrations

TABLES = ["crm_contactperson", "crm_site", "crm_note", "crm_attachment", "crm_message"]


def index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f'CREATE INDEX "{table}_newest" ON "{table}" (business_id, id)')


def unindex(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f'DROP INDEX "{table}_newest"')


class Migration(migrations.Migration):
    dependencies = [("crm", "0022_comment_place_is_whole")]

    operations = [migrations.RunPython(index, unindex)]
