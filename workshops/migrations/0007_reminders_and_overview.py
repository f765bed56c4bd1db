
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0006_notes_for_the_run_sheet'),
    ]

    operations = [
        migrations.AddField(
            model_name='conference',
            name='reminders',
            field=models.BooleanField(default=True, verbose_name='remind people the day before and an hour before'),
        ),
        migrations.AddField(
            model_name='conference',
            name='thanks',
            field=models.BooleanField(default=True, verbose_name='thank people after the last day'),
        ),
        migrations.AddField(
            model_name='membership',
            name='daily_overview',
            field=models.BooleanField(default=False, help_text='At seven in the morning, home clock.', verbose_name='daily overview by mail'),
        ),
        migrations.AddField(
            model_name='membership',
            name='language',
            field=models.CharField(blank=True, choices=[('de', 'German'), ('tr', 'Turkish'), ('en', 'English')], help_text='Empty: German and Turkish.', max_length=2, verbose_name='language of the overview'),
        ),
    ]
