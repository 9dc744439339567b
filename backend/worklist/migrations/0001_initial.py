import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('clash', 'Clash'), ('odd_money', 'Odd Money'), ('undelivered', 'Undelivered'), ('deadline', 'Deadline'), ('request', 'Request')], max_length=20)),
                ('key', models.CharField(max_length=120)),
                ('subject', models.CharField(max_length=64)),
                ('subject_id', models.CharField(max_length=64)),
                ('location_id', models.BigIntegerField(blank=True, null=True)),
                ('words', models.CharField(help_text='What to do, without names.', max_length=300)),
                ('opened_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolution', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('resolved_at__isnull', True)), fields=['location_id', 'opened_at'], name='work_item_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('resolved_at__isnull', True)), fields=('key',), name='work_item_open_once'), models.CheckConstraint(condition=models.Q(('resolved_at__isnull', False), models.Q(('resolution', ''), ('resolved_by__isnull', True)), _connector='OR'), name='work_item_resolution_has_a_time'), models.CheckConstraint(condition=models.Q(('kind__in', ['clash', 'odd_money', 'undelivered', 'deadline', 'request'])), name='work_item_kind'), models.CheckConstraint(condition=models.Q(('resolved_at__isnull', True), ('resolved_at__gte', models.F('opened_at')), _connector='OR'), name='work_item_is_resolved_after_it_was_opened')],
            },
        ),
    ]
