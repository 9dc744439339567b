from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=160, unique=True)),
                ('purpose', models.CharField(help_text='Names the handler, e.g. booking_confirmed.', max_length=40)),
                ('channel', models.CharField(choices=[('email', 'Email'), ('sms', 'Sms'), ('command', 'Command')], max_length=8)),
                ('subject', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField()),
                ('receiver_id', models.BigIntegerField(blank=True, null=True)),
                ('location_id', models.BigIntegerField(blank=True, help_text='Whose desk hears of it if it fails.', null=True)),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('claimed', 'Claimed'), ('sent', 'Sent'), ('withdrawn', 'Withdrawn'), ('missed', 'Missed'), ('failed', 'Failed'), ('unknown', 'Unknown')], default='planned', max_length=10)),
                ('due_at', models.DateTimeField()),
                ('too_late_at', models.DateTimeField(blank=True, help_text='From then on it is missed, not sent.', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('claim', models.UUIDField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('message_id', models.CharField(blank=True, help_text='Message-ID, or how a text is known again.', max_length=200)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(condition=models.Q(('status', 'planned')), fields=['due_at', 'id'], name='delivery_due'), models.Index(condition=models.Q(('status', 'claimed')), fields=['claimed_at'], name='delivery_claimed'), models.Index(fields=['subject', 'subject_id'], name='delivery_by_subject'), models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='delivery_by_message')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'claimed', 'sent', 'withdrawn', 'missed', 'failed', 'unknown'])), name='delivery_status'), models.CheckConstraint(condition=models.Q(('channel__in', ['email', 'sms', 'command'])), name='delivery_channel'), models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('claimed_at__isnull', False), ('status', 'claimed')), models.Q(models.Q(('status', 'claimed'), _negated=True), ('claim__isnull', True)), _connector='OR'), name='delivery_claimed_names_the_claim'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('status__in', ['planned', 'claimed'])), models.Q(models.Q(('status__in', ['planned', 'claimed']), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='delivery_finished_has_a_time')],
            },
        ),
    ]
