from django.db import migrations
from django.db.models import F


def mark_read(apps, schema_editor):
    """Answers from before customers were told which ones are new: none of them is."""
    answers = apps.get_model("crm", "Message").objects.filter(by__isnull=False, read_at=None)
    answers.update(read_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0008_message_link_and_sender"),
    ]

    operations = [migrations.RunPython(mark_read, migrations.RunPython.noop)]
