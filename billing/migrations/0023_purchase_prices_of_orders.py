from decimal import Decimal

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0022_audit_export_progress")]

    operations = [
        migrations.AddField(
            model_name="orderline",
            name="purchase_price",
            field=models.DecimalField(
                decimal_places=4,
                default=0,
                max_digits=12,
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(Decimal("9999999.99")),
                ],
                verbose_name="Einkaufspreis netto",
            ),
        ),
    ]
