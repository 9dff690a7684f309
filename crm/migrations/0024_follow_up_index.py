from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0023_newest_of_a_business")]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("follow_up_on__isnull", False)),
                fields=["business", "follow_up_on"],
                name="customer_follow_up",
            ),
        ),
    ]
