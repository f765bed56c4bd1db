import django.db.models.deletion
from django.db import migrations, models


def keep_notes(apps, schema_editor):
    releases = apps.get_model("workshops", "Release").objects
    releases.exclude(note="").update(note_de=models.F("note"))


class Migration(migrations.Migration):

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('workshops', '0003_draft_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='release',
            name='note_de',
            field=models.CharField(blank=True, max_length=300, null=True, verbose_name='note'),
        ),
        migrations.AddField(
            model_name='release',
            name='note_en',
            field=models.CharField(blank=True, max_length=300, null=True, verbose_name='note'),
        ),
        migrations.AddField(
            model_name='release',
            name='note_tr',
            field=models.CharField(blank=True, max_length=300, null=True, verbose_name='note'),
        ),
        migrations.RunPython(keep_notes, migrations.RunPython.noop),
        migrations.CreateModel(
            name='TextState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.PositiveBigIntegerField()),
                ('field', models.CharField(max_length=50)),
                ('language', models.CharField(max_length=2)),
                ('source_language', models.CharField(max_length=2)),
                ('source_digest', models.CharField(max_length=64)),
                ('target_digest', models.CharField(max_length=64)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('content_type', 'object_id', 'field', 'language'), name='text_state_once'), models.CheckConstraint(condition=models.Q(('language__in', ('de', 'tr', 'en')), ('source_language__in', ('de', 'tr', 'en')), models.Q(('language', models.F('source_language')), _negated=True)), name='text_state_languages_known')],
            },
        ),
    ]
