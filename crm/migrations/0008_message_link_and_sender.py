import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0007_center_and_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="link",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.accesslink"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="sent_from",
            field=models.EmailField(blank=True, max_length=254),
        ),
    ]
