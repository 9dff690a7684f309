from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("billing", "0021_invoice_attachments_and_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditexport",
            name="done",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="auditexport",
            name="total",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="auditexport",
            name="lease_until",
            field=models.DateTimeField(null=True),
        ),
    ]
