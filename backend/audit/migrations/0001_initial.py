import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


# The trigger stands in the table's options: pgtrigger's schema editor creates it with the table.
class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('actor', models.CharField(max_length=64)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verb', models.CharField(choices=[('view', 'View'), ('search', 'Search'), ('create', 'Create'), ('change', 'Change'), ('export', 'Export'), ('sign_in', 'Sign In'), ('sign_in_failed', 'Sign In Failed')], max_length=20)),
                ('subject', models.CharField(max_length=64)),
                ('subject_id', models.CharField(blank=True, max_length=64)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('request_id', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'subject_id', 'at'], name='audit_by_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('verb__in', ['view', 'search', 'create', 'change', 'export', 'sign_in', 'sign_in_failed'])), name='audit_verb')],
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9bd6063ff0edd95081d77c4d6175dd277e65b5f1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bacc0', table='audit_auditline', when='BEFORE'))],
            },
        ),
    ]
