import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_squashed_0013_taxation_from'),
        ('crm', '0019_search_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='note',
            name='corrected_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.member'),
        ),
    ]
