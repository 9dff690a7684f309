import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_squashed_0013_taxation_from'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('crm', '0014_appointments_and_recurring_todos'),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('page', models.PositiveSmallIntegerField(default=1)),
                ('x', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                ('y', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'ordering': ['created_at', 'pk'],
                'abstract': False,
                'base_manager_name': 'unscoped',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='EntryTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='NoteVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-pk'],
                'abstract': False,
                'base_manager_name': 'unscoped',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Pin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='attachment',
            name='page_count',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='note',
            name='phone',
            field=models.CharField(blank=True, max_length=40, verbose_name='Telefonnummer'),
        ),
        migrations.AddField(
            model_name='note',
            name='corrected_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='note',
            name='direction',
            field=models.CharField(blank=True, choices=[('in', 'Anruf erhalten'), ('out', 'Angerufen'), ('missed', 'Nicht erreicht')], max_length=6, verbose_name='Anruf'),
        ),
        migrations.AddField(
            model_name='note',
            name='kind',
            field=models.CharField(choices=[('note', 'Notiz'), ('call', 'Anruf')], default='note', max_length=4),
        ),
        migrations.AddField(
            model_name='note',
            name='shared_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='tag',
            name='colour',
            field=models.CharField(choices=[('grey', 'Grau'), ('red', 'Rot'), ('orange', 'Orange'), ('yellow', 'Gelb'), ('green', 'Grün'), ('teal', 'Türkis'), ('blue', 'Blau'), ('violet', 'Violett'), ('pink', 'Rosa')], default='grey', max_length=6, verbose_name='Farbe'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(condition=models.Q(('shared_at__isnull', False)), fields=['customer', '-shared_at'], name='note_shared'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('direction', ''), ('kind', 'note'), ('phone', '')), models.Q(('kind', 'call'), models.Q(('direction', ''), _negated=True)), _connector='OR'), name='note_of_a_call_says_which_way'),
        ),
        migrations.AddField(
            model_name='comment',
            name='attachment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='crm.attachment'),
        ),
        migrations.AddField(
            model_name='comment',
            name='business',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        migrations.AddField(
            model_name='comment',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.member'),
        ),
        migrations.AddField(
            model_name='comment',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='crm.customer'),
        ),
        migrations.AddField(
            model_name='comment',
            name='entry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='crm.timelineentry'),
        ),
        migrations.AddField(
            model_name='entrytag',
            name='business',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        migrations.AddField(
            model_name='entrytag',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entry_tags', to='crm.timelineentry'),
        ),
        migrations.AddField(
            model_name='entrytag',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entry_tags', to='crm.tag'),
        ),
        migrations.AddField(
            model_name='noteversion',
            name='business',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        migrations.AddField(
            model_name='noteversion',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.member'),
        ),
        migrations.AddField(
            model_name='noteversion',
            name='note',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='crm.note'),
        ),
        migrations.AddField(
            model_name='pin',
            name='business',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        migrations.AddField(
            model_name='pin',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.member'),
        ),
        migrations.AddField(
            model_name='pin',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pins', to='crm.customer'),
        ),
        migrations.AddField(
            model_name='pin',
            name='entry',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pin', to='crm.timelineentry'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('attachment__isnull', False), ('entry', None)), models.Q(('attachment', None), ('entry__isnull', False)), _connector='OR'), name='comment_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('x', None), ('y', None)), models.Q(('attachment__isnull', False), ('x__range', (0, 1)), ('y__range', (0, 1))), _connector='OR'), name='comment_has_its_place_in_the_picture'),
        ),
        migrations.AddConstraint(
            model_name='entrytag',
            constraint=models.UniqueConstraint(fields=('entry', 'tag'), name='entry_tag_once'),
        ),
    ]
