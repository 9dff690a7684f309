import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_following_up")]

    operations = [
        migrations.AddField(
            model_name="business",
            name="estimate_percent",
            field=models.PositiveSmallIntegerField(
                default=10,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(25),
                ],
                verbose_name="Kostenvoranschlag: warnen ab einer Überschreitung von (%)",
            ),
        ),
    ]
