
import django.db.models.deletion
import registration.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0004_lists_documents_attendance'),
        ('workshops', '0007_reminders_and_overview'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('active', 'active'), ('listener', 'listening')], max_length=10, verbose_name='role')),
                ('code', registration.fields.EncryptedTextField(verbose_name='code or link')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('email', models.EmailField(blank=True, help_text='Empty: whoever is next. Filled: this person only.', max_length=254, verbose_name='meant for')),
                ('assigned_at', models.DateTimeField(blank=True, null=True, verbose_name='given')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='uploaded')),
            ],
            options={
                'verbose_name': 'personal access code',
                'verbose_name_plural': 'personal access codes',
                'ordering': ['day', 'role', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=150, verbose_name='subject')),
                ('subject_de', models.CharField(max_length=150, null=True, verbose_name='subject')),
                ('subject_tr', models.CharField(max_length=150, null=True, verbose_name='subject')),
                ('subject_en', models.CharField(max_length=150, null=True, verbose_name='subject')),
                ('text', models.TextField(help_text='Markdown.', max_length=10000, verbose_name='text')),
                ('text_de', models.TextField(help_text='Markdown.', max_length=10000, null=True, verbose_name='text')),
                ('text_tr', models.TextField(help_text='Markdown.', max_length=10000, null=True, verbose_name='text')),
                ('text_en', models.TextField(help_text='Markdown.', max_length=10000, null=True, verbose_name='text')),
                ('chosen', models.JSONField(default=dict, editable=False, verbose_name='to whom')),
                ('people', models.PositiveIntegerField(default=0, editable=False, verbose_name='people written to')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='written')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
            ],
            options={
                'verbose_name': 'message to a group',
                'verbose_name_plural': 'messages to groups',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('day_before', 'the day before'), ('hour_before', 'an hour before'), ('thanks', 'thanks')], max_length=12)),
                ('written_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name='accessdetails',
            name='hours_before',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='send so many hours before the start'),
        ),
        migrations.AddField(
            model_name='accessdetails',
            name='send_at',
            field=models.DateTimeField(blank=True, help_text='Whoever is confirmed later gets them at once.', null=True, verbose_name='send at'),
        ),
        migrations.AlterField(
            model_name='mailtext',
            name='kind',
            field=models.CharField(choices=[('invitation', 'Invitation'), ('reminder', 'Reminder of an invitation'), ('link', 'Personal link'), ('received', 'Registration received'), ('confirmed', 'Registration confirmed'), ('waitlisted', 'On the waiting list'), ('promoted', 'Place became free'), ('offered', 'Place offered'), ('offer_lapsed', 'Offer has ended'), ('moved_up', 'Moved up on the waiting list'), ('declined', 'Registration declined'), ('cancelled', 'Registration cancelled'), ('access', 'Access details'), ('access_changed', 'Access details changed'), ('programme_changed', 'Programme changed'), ('announcement', 'Message of the hosts'), ('day_before', 'Reminder the day before'), ('hour_before', 'Reminder an hour before'), ('thanks', 'Thanks'), ('digest', 'Daily overview for organisers'), ('document', 'Document ready'), ('barrier_report', 'Barrier reported')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('invitation', 'Invitation'), ('reminder', 'Reminder of an invitation'), ('link', 'Personal link'), ('received', 'Registration received'), ('confirmed', 'Registration confirmed'), ('waitlisted', 'On the waiting list'), ('promoted', 'Place became free'), ('offered', 'Place offered'), ('offer_lapsed', 'Offer has ended'), ('moved_up', 'Moved up on the waiting list'), ('declined', 'Registration declined'), ('cancelled', 'Registration cancelled'), ('access', 'Access details'), ('access_changed', 'Access details changed'), ('programme_changed', 'Programme changed'), ('announcement', 'Message of the hosts'), ('day_before', 'Reminder the day before'), ('hour_before', 'Reminder an hour before'), ('thanks', 'Thanks'), ('digest', 'Daily overview for organisers'), ('document', 'Document ready'), ('barrier_report', 'Barrier reported')], max_length=20, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='accessdetails',
            constraint=models.CheckConstraint(condition=models.Q(('send_at__isnull', True), ('hours_before__isnull', True), _connector='OR'), name='access_details_one_time_of_sending', violation_error_message='Choose a time or a number of hours, not both.'),
        ),
        migrations.AddField(
            model_name='accesscode',
            name='day',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access_codes', to='workshops.workshopday', verbose_name='day'),
        ),
        migrations.AddField(
            model_name='accesscode',
            name='registration',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='access_codes', to='registration.registration', verbose_name='given to'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='conference',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='workshops.conference', verbose_name='conference'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='created_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='workshops',
            field=models.ManyToManyField(blank=True, related_name='announcements', to='workshops.workshop', verbose_name='workshops'),
        ),
        migrations.AddField(
            model_name='notice',
            name='day',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='workshops.workshopday'),
        ),
        migrations.AddField(
            model_name='notice',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='registration.registration'),
        ),
        migrations.AddIndex(
            model_name='accesscode',
            index=models.Index(condition=models.Q(('assigned_at__isnull', True)), fields=['day', 'role', 'id'], name='access_code_next'),
        ),
        migrations.AddConstraint(
            model_name='accesscode',
            constraint=models.UniqueConstraint(fields=('day', 'digest'), name='access_code_once_per_day'),
        ),
        migrations.AddConstraint(
            model_name='accesscode',
            constraint=models.UniqueConstraint(condition=models.Q(('registration__isnull', False)), fields=('day', 'role', 'registration'), name='access_code_one_per_person'),
        ),
        migrations.AddConstraint(
            model_name='accesscode',
            constraint=models.CheckConstraint(condition=models.Q(('registration__isnull', True), ('assigned_at__isnull', False), _connector='OR'), name='access_code_given_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('registration', 'day', 'kind'), name='notice_once'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['day_before', 'hour_before', 'thanks'])), name='notice_kind_known'),
        ),
        migrations.AddField(
            model_name='accessdetails',
            name='personal_codes',
            field=models.BooleanField(default=False, help_text='Whoever has no code yet is written to as soon as there is one.', verbose_name='one personal code each'),
        ),
        migrations.AddField(
            model_name='participant',
            name='joining_recorded_since',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='agreed that joining is recorded'),
        ),
        migrations.CreateModel(
            name='AccessTold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('details', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='registration.accessdetails', verbose_name='access details')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registration.message')),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access_told', to='registration.registration', verbose_name='registration')),
            ],
            options={
                'verbose_name': 'access details written to somebody',
                'verbose_name_plural': 'access details written to somebody',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('registration', 'details', 'version'), name='access_told_once_per_version')],
            },
        ),
    ]
