from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0004_message_position"),
    ]

    operations = [
        migrations.AddField(
            model_name="accesslink",
            name="way",
            field=models.CharField(
                choices=[
                    ("mail", "per E-Mail"),
                    ("link", "als Link"),
                    ("qr", "als QR-Code"),
                    ("post", "per Post"),
                ],
                default="mail",
                editable=False,
                max_length=4,
            ),
        ),
    ]
