from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='IdempotentCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lookup', models.CharField(max_length=64, unique=True)),
                ('request_mac', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('answer', models.BinaryField(blank=True, null=True)),
                ('created_at', models.DateTimeField(db_index=True)),
                ('claimed_at', models.DateTimeField(help_text='When the run that is at work, or was, began.')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', True), ('status__isnull', True)), models.Q(('answer__isnull', False), ('status__gte', 200), ('status__lte', 499)), _connector='OR'), name='idempotent_call_is_at_work_or_answered')],
            },
        ),
    ]
