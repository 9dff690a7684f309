from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0017_books'),
    ]

    operations = [
        migrations.AddField(
            model_name='bankstatement',
            name='entry_count',
            field=models.PositiveIntegerField(default=0, verbose_name='Buchungen'),
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='file',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='matched_at',
            field=models.DateTimeField(null=True),
        ),
    ]
