
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0003_programme_changed'),
        ('workshops', '0005_certificate_rule'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('status', 'failed')), fields=['created_at'], name='message_failed'),
        ),
        migrations.AddField(
            model_name='registration',
            name='before_decision',
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='registration',
            name='decision_note',
            field=models.TextField(blank=True, help_text='Why it was declined, as the person is told.', max_length=500, verbose_name='reason', default=''),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='mailtext',
            name='kind',
            field=models.CharField(choices=[('invitation', 'Invitation'), ('reminder', 'Reminder of an invitation'), ('link', 'Personal link'), ('received', 'Registration received'), ('confirmed', 'Registration confirmed'), ('waitlisted', 'On the waiting list'), ('promoted', 'Place became free'), ('offered', 'Place offered'), ('offer_lapsed', 'Offer has ended'), ('moved_up', 'Moved up on the waiting list'), ('declined', 'Registration declined'), ('cancelled', 'Registration cancelled'), ('access', 'Access details'), ('access_changed', 'Access details changed'), ('programme_changed', 'Programme changed'), ('document', 'Document ready'), ('barrier_report', 'Barrier reported')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('invitation', 'Invitation'), ('reminder', 'Reminder of an invitation'), ('link', 'Personal link'), ('received', 'Registration received'), ('confirmed', 'Registration confirmed'), ('waitlisted', 'On the waiting list'), ('promoted', 'Place became free'), ('offered', 'Place offered'), ('offer_lapsed', 'Offer has ended'), ('moved_up', 'Moved up on the waiting list'), ('declined', 'Registration declined'), ('cancelled', 'Registration cancelled'), ('access', 'Access details'), ('access_changed', 'Access details changed'), ('programme_changed', 'Programme changed'), ('document', 'Document ready'), ('barrier_report', 'Barrier reported')], max_length=20, verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(editable=False, max_length=40, unique=True, verbose_name='number')),
                ('facts', models.JSONField(editable=False, verbose_name='facts')),
                ('seals', models.JSONField(default=list, editable=False)),
                ('issued_at', models.DateTimeField(auto_now_add=True, verbose_name='issued')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('registration', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='certificate', to='registration.registration', verbose_name='registration')),
            ],
            options={
                'verbose_name': 'certificate',
                'verbose_name_plural': 'certificates',
                'ordering': ['-issued_at'],
            },
        ),
        migrations.CreateModel(
            name='InvitationList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('language', models.CharField(blank=True, choices=[('de', 'German'), ('tr', 'Turkish'), ('en', 'English')], help_text='For rows that name none. Empty: both languages.', max_length=2, verbose_name='language')),
                ('status', models.CharField(choices=[('preview', 'to be looked at'), ('sending', 'being sent'), ('stopped', 'stopped'), ('done', 'done')], default='preview', max_length=10, verbose_name='status')),
                ('remind_after_days', models.JSONField(blank=True, default=list, help_text='Counted from the invitation; for those who have not answered by then.', verbose_name='reminders after days')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='sending began')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('conference', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitation_lists', to='workshops.conference', verbose_name='conference')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                ('workshops', models.ManyToManyField(blank=True, related_name='invitation_lists', to='workshops.workshop', verbose_name='workshops')),
                ('named_workshops', models.ManyToManyField(blank=True, editable=False, related_name='+', to='workshops.workshop', verbose_name='workshops named in its rows')),
            ],
            options={
                'verbose_name': 'invitation list',
                'verbose_name_plural': 'invitation lists',
                'ordering': ['-created_at'],
            },
        ),
        migrations.AddField(
            model_name='invitation',
            name='invitation_list',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='registration.invitationlist', verbose_name='invitation list'),
        ),
        migrations.CreateModel(
            name='InvitationRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='order')),
                ('line', models.PositiveIntegerField(verbose_name='row')),
                ('typed', models.CharField(max_length=500, verbose_name='as given')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('first_name', models.CharField(blank=True, max_length=100, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=100, verbose_name='last name')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='organisation')),
                ('language', models.CharField(blank=True, choices=[('de', 'German'), ('tr', 'Turkish'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('workshops', models.JSONField(blank=True, default=list, help_text='Empty: those of the list.', verbose_name='workshops')),
                ('state', models.CharField(choices=[('new', 'new'), ('known', 'already known'), ('invited', 'already invited'), ('registered', 'already registered'), ('duplicate', 'named twice'), ('unwanted', 'not to be invited'), ('malformed', 'not readable')], max_length=10, verbose_name='found')),
                ('outcome', models.CharField(choices=[('waiting', 'waiting'), ('written', 'invitation written'), ('skipped', 'left out'), ('refused', 'refused')], default='waiting', max_length=10, verbose_name='outcome')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('reason_value', models.CharField(blank=True, editable=False, max_length=120)),
                ('invitation_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='registration.invitationlist')),
            ],
            options={
                'verbose_name': 'row of an invitation list',
                'verbose_name_plural': 'rows of invitation lists',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('joined', 'pressed “join”'), ('report', 'report of the platform'), ('organiser', 'entered by an organiser')], max_length=10, verbose_name='source')),
                ('joined_at', models.DateTimeField(blank=True, null=True, verbose_name='joined')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='left')),
                ('minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded')),
                ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='workshops.workshopday', verbose_name='day')),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='registration.registration', verbose_name='registration')),
            ],
            options={
                'verbose_name': 'attendance',
                'verbose_name_plural': 'attendances',
                'ordering': ['day', 'registration'],
                'constraints': [models.UniqueConstraint(fields=('registration', 'day', 'source'), name='attendance_once_per_source'), models.CheckConstraint(condition=models.Q(('source__in', ['joined', 'report', 'organiser'])), name='attendance_source_known')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('participants', 'Participant list'), ('run_sheet', 'Run sheet'), ('sign_in', 'Sign-in list'), ('briefing', 'Speakers’ briefing'), ('certificates', 'Certificates of attendance')], max_length=20, verbose_name='document')),
                ('format', models.CharField(choices=[('pdf', 'PDF'), ('xlsx', 'XLSX'), ('zip', 'ZIP')], max_length=5, verbose_name='format')),
                ('language', models.CharField(blank=True, choices=[('de', 'German'), ('tr', 'Turkish'), ('en', 'English')], help_text='Empty: both languages.', max_length=2, verbose_name='language')),
                ('reader_language', models.CharField(blank=True, choices=[('de', 'German'), ('tr', 'Turkish'), ('en', 'English')], editable=False, max_length=2)),
                ('status', models.CharField(choices=[('waiting', 'waiting to be made'), ('making', 'being made'), ('ready', 'ready'), ('failed', 'failed'), ('expired', 'expired')], default='waiting', max_length=10, verbose_name='status')),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('done', models.PositiveIntegerField(default=0, editable=False)),
                ('total', models.PositiveIntegerField(default=0, editable=False)),
                ('claimed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('problem', models.CharField(blank=True, max_length=500, verbose_name='problem')),
                ('file', models.BinaryField(blank=True, null=True)),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='file')),
                ('requested_at', models.DateTimeField(auto_now_add=True, verbose_name='asked for')),
                ('ready_at', models.DateTimeField(blank=True, null=True, verbose_name='ready since')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='expires')),
                ('conference', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='workshops.conference', verbose_name='conference')),
                ('day', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='workshops.workshopday', verbose_name='day')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
                ('workshop', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='workshops.workshop', verbose_name='workshop')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['-requested_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'making', 'ready', 'failed', 'expired'])), name='document_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('expires_at__isnull', False), ('status', 'ready')), models.Q(('status', 'ready'), _negated=True), _connector='OR'), name='document_ready_has_an_end')],
            },
        ),
        migrations.AddConstraint(
            model_name='invitationlist',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['preview', 'sending', 'stopped', 'done'])), name='invitation_list_status_known'),
        ),
        migrations.AddConstraint(
            model_name='invitationlist',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'preview'), ('started_at__isnull', False), _connector='OR'), name='invitation_list_sent_has_a_start'),
        ),
        migrations.AddIndex(
            model_name='invitationrow',
            index=models.Index(fields=['invitation_list', 'outcome', 'position'], name='invitation_row_next'),
        ),
        migrations.AddIndex(
            model_name='invitationrow',
            index=models.Index(fields=['email'], name='invitation_row_email'),
        ),
        migrations.AddConstraint(
            model_name='invitationrow',
            constraint=models.UniqueConstraint(fields=('invitation_list', 'position'), name='invitation_row_once'),
        ),
        migrations.AddConstraint(
            model_name='invitationrow',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['waiting', 'written', 'skipped', 'refused'])), name='invitation_row_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='invitationrow',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['', 'de', 'tr', 'en'])), name='invitation_row_language_known'),
        ),
    ]
