from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0021_vat_office_answers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='comment',
            name='comment_has_its_place_in_the_picture',
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('x', None), ('y', None)), models.Q(('attachment__isnull', False), ('x__isnull', False), ('y__isnull', False), ('x__range', (0, 1)), ('y__range', (0, 1))), _connector='OR'), name='comment_has_its_place_in_the_picture'),
        ),
    ]
