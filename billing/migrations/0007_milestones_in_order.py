from django.db import migrations

WAY = ("placed", "scheduled", "started", "completed", "invoiced")


def put_in_order(apps, schema_editor):
    """Milestones were found by their state; they have a place of their own now, and only those of the way are kept."""
    milestones = apps.get_model("billing", "Milestone").unscoped
    milestones.exclude(step__in=WAY).delete()
    for place, step in enumerate(WAY):
        milestones.filter(step=step).update(sort=place)


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_tracking_and_sign_off")]

    operations = [migrations.RunPython(put_in_order, migrations.RunPython.noop)]
