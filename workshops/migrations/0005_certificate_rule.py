
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0004_text_states_and_translated_notes'),
    ]

    operations = [
        migrations.AddField(
            model_name='workshop',
            name='certificate_percent',
            field=models.PositiveSmallIntegerField(default=75, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='percent of the time to have been there'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='certificates',
            field=models.CharField(choices=[('nobody', 'nobody'), ('confirmed', 'everybody whose registration was confirmed'), ('present', 'everybody who was there long enough')], default='present', max_length=10, verbose_name='who gets a certificate of attendance'),
        ),
    ]
