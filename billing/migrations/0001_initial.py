import billing.models.price
import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


# The order of the tables keeps the models that each step renders again few: a fresh database migrates in seconds.
# Triggers stand in a table's options: pgtrigger's schema editor creates them with the table.
class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('pghistory', '0007_auto_20250421_0444'),
        ('scheduling', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StripeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.CharField(max_length=120, unique=True)),
                ('type', models.CharField(max_length=80)),
                ('object_id', models.CharField(blank=True, max_length=120)),
                ('intent_id', models.CharField(blank=True, max_length=120)),
                ('token', models.UUIDField(blank=True, help_text="Of our attempt, if the object's metadata names one.", null=True)),
                ('happened_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('processed_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(choices=[('waiting', 'Waiting'), ('recorded', 'Recorded'), ('ignored', 'Ignored'), ('odd', 'Odd')], default='waiting', max_length=10)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('processed_at__isnull', True)), fields=['received_at'], name='stripe_event_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('event_id', ''), _negated=True), name='stripe_event_has_an_id'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'waiting'), ('processed_at__isnull', True)), models.Q(('outcome__in', ['recorded', 'ignored', 'odd']), ('processed_at__isnull', False)), _connector='OR'), name='stripe_event_processed_has_an_outcome')],
            },
        ),
        migrations.CreateModel(
            name='ClientRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='scheduling.client')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='client_rates', to='scheduling.service')),
                ('amount_cents', models.PositiveIntegerField()),
                ('reason', models.CharField(max_length=200)),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, help_text='The first day on which it no longer holds.', null=True)),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='client_rate_has_a_reason', violation_error_message='Say why this rate was agreed.'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='client_rate_ends_after_it_begins', violation_error_message='The end must be after the first day.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('client', '='), ('service', '='), (billing.models.price._Days(), '&&')], name='client_rate_one_at_a_time', violation_error_message='A rate is agreed for these days already. End it first.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "billing_clientrateevent" ("agreed_by_id", "amount_cents", "client_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "valid_from", "valid_until") VALUES (NEW."agreed_by_id", NEW."amount_cents", NEW."client_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."service_id", NEW."valid_from", NEW."valid_until"); RETURN NULL;', hash='95940afcb232605cb791f99c7f2fc19ae1bfdcaa', operation='INSERT', pgid='pgtrigger_insert_insert_9920e', table='billing_clientrate', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agreed_by_id" IS DISTINCT FROM (NEW."agreed_by_id") OR OLD."amount_cents" IS DISTINCT FROM (NEW."amount_cents") OR OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."service_id" IS DISTINCT FROM (NEW."service_id") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))', func='INSERT INTO "billing_clientrateevent" ("agreed_by_id", "amount_cents", "client_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "valid_from", "valid_until") VALUES (NEW."agreed_by_id", NEW."amount_cents", NEW."client_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."service_id", NEW."valid_from", NEW."valid_until"); RETURN NULL;', hash='fda5e1f84a9d6fcebf056636c91d71c1f8b228cf', operation='UPDATE', pgid='pgtrigger_update_update_23615', table='billing_clientrate', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ClientRateEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='billing.clientrate')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scheduling.client')),
                ('service', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scheduling.service')),
                ('amount_cents', models.PositiveIntegerField()),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, help_text='The first day on which it no longer holds.', null=True)),
                ('agreed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='scheduling.client')),
                ('booking', models.ForeignKey(blank=True, help_text='What it was bought with.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scheduling.booking')),
                ('sessions', models.PositiveSmallIntegerField()),
                ('sessions_used', models.PositiveSmallIntegerField(default=0)),
                ('price_cents', models.PositiveIntegerField()),
                ('currency', models.CharField(default='usd', max_length=3)),
                ('bought_on', models.DateField()),
                ('expires_on', models.DateField(blank=True, help_text='The last day on which it can be used.', null=True)),
                ('services', models.ManyToManyField(related_name='packages', to='scheduling.service')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('sessions__gte', 1)), name='package_has_sessions'), models.CheckConstraint(condition=models.Q(('sessions_used__gte', 0), ('sessions_used__lte', models.F('sessions'))), name='package_is_not_overdrawn', violation_error_message='All sessions of this package are used.'), models.CheckConstraint(condition=models.Q(('expires_on__isnull', True), ('expires_on__gte', models.F('bought_on')), _connector='OR'), name='package_expires_after_it_was_bought'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[a-z]{3}$')), name='package_currency')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "billing_packageevent" ("booking_id", "bought_on", "client_id", "currency", "expires_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_cents", "sessions") VALUES (NEW."booking_id", NEW."bought_on", NEW."client_id", NEW."currency", NEW."expires_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."price_cents", NEW."sessions"); RETURN NULL;', hash='9e2da2142a3593c08d9e6547bbb50a15a84db896', operation='INSERT', pgid='pgtrigger_insert_insert_a57e3', table='billing_package', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."booking_id" IS DISTINCT FROM (NEW."booking_id") OR OLD."bought_on" IS DISTINCT FROM (NEW."bought_on") OR OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."expires_on" IS DISTINCT FROM (NEW."expires_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."price_cents" IS DISTINCT FROM (NEW."price_cents") OR OLD."sessions" IS DISTINCT FROM (NEW."sessions"))', func='INSERT INTO "billing_packageevent" ("booking_id", "bought_on", "client_id", "currency", "expires_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_cents", "sessions") VALUES (NEW."booking_id", NEW."bought_on", NEW."client_id", NEW."currency", NEW."expires_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."price_cents", NEW."sessions"); RETURN NULL;', hash='3b86ec9007cd884a3f76bd97fa6990c340e6c701', operation='UPDATE', pgid='pgtrigger_update_update_b9cb9', table='billing_package', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='PackageDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='billing.package')),
                ('attendance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='scheduling.attendance')),
                ('drawn_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('returned_at__isnull', True)), fields=('attendance',), name='package_draw_once'), models.CheckConstraint(condition=models.Q(('returned_at__isnull', True), ('returned_at__gte', models.F('drawn_at')), _connector='OR'), name='package_draw_returns_after_it_was_drawn')],
                'triggers': [pgtrigger.compiler.Trigger(name='count_sessions', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE delta integer := 0;', func="\n                    IF TG_OP <> 'INSERT' AND OLD.returned_at IS NULL THEN\n                        delta := delta - 1;\n                    END IF;\n                    IF TG_OP <> 'DELETE' AND NEW.returned_at IS NULL THEN\n                        delta := delta + 1;\n                    END IF;\n                    IF delta <> 0 THEN\n                        UPDATE billing_package SET sessions_used = sessions_used + delta\n                        WHERE id = COALESCE(NEW.package_id, OLD.package_id);\n                    END IF;\n                    RETURN NULL;\n                ", hash='72de5f07c2bc97ee44cd34ece7be66df5897ef46', operation='INSERT OR UPDATE OF "returned_at" OR DELETE', pgid='pgtrigger_count_sessions_73506', table='billing_packagedraw', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='PackageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='billing.package')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scheduling.client')),
                ('booking', models.ForeignKey(blank=True, db_constraint=False, help_text='What it was bought with.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scheduling.booking')),
                ('sessions', models.PositiveSmallIntegerField()),
                ('price_cents', models.PositiveIntegerField()),
                ('currency', models.CharField(default='usd', max_length=3)),
                ('bought_on', models.DateField()),
                ('expires_on', models.DateField(blank=True, help_text='The last day on which it can be used.', null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PaymentAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_attempts', to='scheduling.booking')),
                ('payer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scheduling.client')),
                ('purpose', models.CharField(choices=[('deposit', 'Deposit'), ('balance', 'Balance'), ('refund', 'Refund')], max_length=8)),
                ('refund_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='billing.paymentattempt')),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('open', 'Open'), ('succeeded', 'Succeeded'), ('expired', 'Expired'), ('failed', 'Failed')], default='planned', max_length=10)),
                ('amount_cents', models.PositiveIntegerField()),
                ('currency', models.CharField(default='usd', max_length=3)),
                ('token', models.UUIDField(unique=True)),
                ('idempotency_key', models.CharField(max_length=80, unique=True)),
                ('parameters', models.JSONField(help_text='What is sent, to the letter; a repeated call repeats it.')),
                ('stripe_session_id', models.CharField(blank=True, max_length=120)),
                ('stripe_intent_id', models.CharField(blank=True, max_length=80)),
                ('stripe_refund_id', models.CharField(blank=True, max_length=80)),
                ('url', models.TextField(blank=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField(blank=True, help_text='When the provider was last asked about it.', null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, help_text="The provider's code, no words.", max_length=120)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status__in', ('planned', 'open'))), fields=['created_at'], name='attempt_live')],
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ['deposit', 'balance', 'refund'])), name='attempt_purpose'), models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'open', 'succeeded', 'expired', 'failed'])), name='attempt_status'), models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='attempt_is_for_money'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[a-z]{3}$')), name='attempt_currency'), models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'refund'), ('refund_of__isnull', False)), models.Q(models.Q(('purpose', 'refund'), _negated=True), ('refund_of__isnull', True)), _connector='OR'), name='attempt_refund_names_the_payment'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('status__in', ['planned', 'open'])), models.Q(('settled_at__isnull', False), ('status__in', ['succeeded', 'expired', 'failed'])), _connector='OR'), name='attempt_settled_has_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'open'), _negated=True), ('purpose', 'refund'), models.Q(models.Q(('stripe_session_id', ''), _negated=True), models.Q(('url', ''), _negated=True), ('expires_at__isnull', False)), _connector='OR'), name='attempt_open_page_has_an_address_and_an_end'), models.UniqueConstraint(condition=models.Q(('status__in', ('planned', 'open')), models.Q(('purpose', 'refund'), _negated=True)), fields=('booking', 'purpose'), name='attempt_one_live_page_for_a_purpose'), models.UniqueConstraint(condition=models.Q(('purpose', 'refund'), ('status__in', ('planned', 'open'))), fields=('refund_of',), name='attempt_one_live_refund_of_a_payment'), models.UniqueConstraint(condition=models.Q(('stripe_session_id', ''), _negated=True), fields=('stripe_session_id',), name='attempt_session_once'), models.UniqueConstraint(condition=models.Q(models.Q(('stripe_intent_id', ''), _negated=True), models.Q(('purpose', 'refund'), _negated=True)), fields=('stripe_intent_id',), name='attempt_intent_once'), models.UniqueConstraint(condition=models.Q(('stripe_refund_id', ''), _negated=True), fields=('stripe_refund_id',), name='attempt_refund_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{planned:open,planned:succeeded,planned:expired,planned:failed,open:succeeded,open:expired,open:failed,expired:succeeded,failed:succeeded,succeeded:failed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='fefe6873da6720dc0c56fcb1c1052a8c542d823e', operation='UPDATE', pgid='pgtrigger_moves_48617', table='billing_paymentattempt', when='BEFORE')), pgtrigger.compiler.Trigger(name='only_refunds_fail_late', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."status" = \'failed\' AND OLD."status" = \'succeeded\' AND NOT (NEW."purpose" = \'refund\'))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "status" rows from % table\', TG_TABLE_NAME;', hash='53e836e077375e61a624654151c3159002e8b232', operation='UPDATE OF "status"', pgid='pgtrigger_only_refunds_fail_late_a37ba', table='billing_paymentattempt', when='BEFORE')), pgtrigger.compiler.Trigger(name='born_planned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."status" = \'planned\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='95a870876b8dd409d3c2768fb4d4f50818e453e7', operation='INSERT', pgid='pgtrigger_born_planned_3bfd2', table='billing_paymentattempt', when='BEFORE')), pgtrigger.compiler.Trigger(name='key_and_amount_stay', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amount_cents" IS DISTINCT FROM (NEW."amount_cents") OR OLD."booking_id" IS DISTINCT FROM (NEW."booking_id") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."idempotency_key" IS DISTINCT FROM (NEW."idempotency_key") OR OLD."parameters" IS DISTINCT FROM (NEW."parameters") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."refund_of_id" IS DISTINCT FROM (NEW."refund_of_id") OR OLD."token" IS DISTINCT FROM (NEW."token"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='30d9e7d889d1d5024875fc7673ef4c19964772db', operation='UPDATE', pgid='pgtrigger_key_and_amount_stay_dfebd', table='billing_paymentattempt', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='scheduling.booking')),
                ('appointment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='scheduling.appointment')),
                ('attempt', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='billing.paymentattempt')),
                ('kind', models.CharField(choices=[('charge', 'Charge'), ('fee', 'Fee'), ('credit', 'Charge taken back'), ('waiver', 'Waived'), ('payment', 'Payment'), ('refund', 'Refund'), ('refund_failed', 'Refund failed'), ('dispute', 'Lost dispute'), ('adjustment', 'Adjustment')], max_length=14)),
                ('amount_cents', models.BigIntegerField()),
                ('currency', models.CharField(default='usd', max_length=3)),
                ('stripe_ref', models.CharField(blank=True, help_text="The provider's intent, refund or dispute.", max_length=120)),
                ('note', models.CharField(blank=True, help_text='Why, or how it was paid; no names.', max_length=200)),
                ('actor', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'ledger entries',
                'indexes': [models.Index(fields=['booking', 'at'], name='ledger_of_booking')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amount_cents__lt', 0), ('kind__in', ('charge', 'fee', 'refund', 'dispute'))), models.Q(('amount_cents__gt', 0), ('kind__in', ('payment', 'credit', 'waiver', 'refund_failed'))), models.Q(('kind', 'adjustment'), models.Q(('amount_cents', 0), _negated=True)), _connector='OR'), name='ledger_sign_fits_the_kind'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[a-z]{3}$')), name='ledger_currency'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['payment', 'refund', 'refund_failed', 'dispute']), _negated=True), models.Q(('stripe_ref', ''), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='ledger_money_names_its_source'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['waiver', 'adjustment']), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='ledger_waiver_has_a_reason', violation_error_message='Say why.'), models.UniqueConstraint(condition=models.Q(('stripe_ref', ''), _negated=True), fields=('kind', 'stripe_ref'), name='ledger_stripe_object_once'), models.UniqueConstraint(condition=models.Q(('appointment__isnull', True), ('kind', 'charge')), fields=('booking',), name='ledger_booking_charged_once'), models.UniqueConstraint(condition=models.Q(('appointment__isnull', False), ('kind', 'charge')), fields=('booking', 'appointment'), name='ledger_appointment_charged_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dbddae176f78bbc40f015d00dacff82d5e360549', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c9e1b', table='billing_ledgerentry', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='scheduling.service')),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('valid_from', models.DateField()),
                ('due_now', models.CharField(choices=[('nothing', 'Nothing'), ('sum', 'Sum'), ('share', 'Share'), ('all', 'All')], default='all', max_length=8)),
                ('deposit_cents', models.PositiveIntegerField(blank=True, null=True)),
                ('deposit_share_basis_points', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('balance_days_before', models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'policies',
                'constraints': [models.UniqueConstraint(fields=('service', 'version'), name='policy_version_once'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='policy_version_counts_from_one'), models.CheckConstraint(condition=models.Q(models.Q(('balance_days_before__isnull', False), ('deposit_cents__gt', 0), ('deposit_share_basis_points__isnull', True), ('due_now', 'sum')), models.Q(('balance_days_before__isnull', False), ('deposit_cents__isnull', True), ('deposit_share_basis_points__gte', 1), ('deposit_share_basis_points__lte', 9999), ('due_now', 'share')), models.Q(('balance_days_before__isnull', True), ('deposit_cents__isnull', True), ('deposit_share_basis_points__isnull', True), ('due_now__in', ['nothing', 'all'])), _connector='OR'), name='policy_deposit_fits_what_is_due_now', violation_error_message='A deposit is a sum or a share below 100 %, with a day for the balance; otherwise leave all empty.')],
                'triggers': [pgtrigger.compiler.Trigger(name='never_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='db7ae9bdcab3bd42b45d99a43102bf8f2f6f4d3e', operation='UPDATE', pgid='pgtrigger_never_edited_ae123', table='billing_policy', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='BookingTerms',
            fields=[
                ('booking', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='terms', serialize=False, to='scheduling.booking')),
                ('policy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.policy')),
                ('policy_version', models.CharField(help_text='The words that were shown and accepted.', max_length=40)),
                ('rate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.clientrate')),
                ('currency', models.CharField(default='usd', max_length=3)),
                ('price_cents', models.PositiveIntegerField()),
                ('due_now_cents', models.PositiveIntegerField()),
                ('later_cents', models.PositiveIntegerField()),
                ('balance_on', models.DateField(blank=True, null=True)),
                ('tiers', models.JSONField(default=list)),
                ('frozen_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'booking terms',
                'constraints': [models.CheckConstraint(condition=models.Q(('price_cents', django.db.models.expressions.CombinedExpression(models.F('due_now_cents'), '+', models.F('later_cents')))), name='booking_terms_add_up'), models.CheckConstraint(condition=models.Q(('later_cents__gt', 0), ('balance_on__isnull', True), _connector='OR'), name='booking_terms_balance_is_dated'), models.CheckConstraint(condition=models.Q(('policy_version', ''), _negated=True), name='booking_terms_name_the_words'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[a-z]{3}$')), name='booking_terms_currency')],
                'triggers': [pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='16ec93f10aa448f80dafb00124d4cc6317b24507', operation='UPDATE OR DELETE', pgid='pgtrigger_frozen_d9de5', table='billing_bookingterms', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='PolicyTier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tiers', to='billing.policy')),
                ('hours_before', models.PositiveSmallIntegerField()),
                ('fee_share_basis_points', models.PositiveSmallIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('policy', 'hours_before'), name='policy_tier_once'), models.CheckConstraint(condition=models.Q(('hours_before__lte', 4320)), name='policy_tier_hours'), models.CheckConstraint(condition=models.Q(('fee_share_basis_points__gte', 1), ('fee_share_basis_points__lte', 10000)), name='policy_tier_share', violation_error_message='The fee is more than nothing and at most the whole price.')],
                'triggers': [pgtrigger.compiler.Trigger(name='never_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='936de792d88ef6f7424136f045870e986c329534', operation='UPDATE', pgid='pgtrigger_never_edited_941cd', table='billing_policytier', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='scheduling.service')),
                ('level', models.CharField(blank=True, choices=[('associate', 'Associate'), ('standard', 'Standard'), ('senior', 'Senior')], max_length=12)),
                ('amount_cents', models.PositiveIntegerField()),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, help_text='The first day on which it no longer holds.', null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['', 'associate', 'standard', 'senior'])), name='price_level'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='price_ends_after_it_begins', violation_error_message='The end must be after the first day.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('service', '='), ('level', '='), (billing.models.price._Days(), '&&')], name='price_one_at_a_time', violation_error_message='There is a price for these days already. End it first.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "billing_priceevent" ("amount_cents", "id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "valid_from", "valid_until") VALUES (NEW."amount_cents", NEW."id", NEW."level", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."service_id", NEW."valid_from", NEW."valid_until"); RETURN NULL;', hash='8edcee096b9c37ac9ca49a46432f9b2272356e0e', operation='INSERT', pgid='pgtrigger_insert_insert_76580', table='billing_price', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "billing_priceevent" ("amount_cents", "id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id", "valid_from", "valid_until") VALUES (NEW."amount_cents", NEW."id", NEW."level", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."service_id", NEW."valid_from", NEW."valid_until"); RETURN NULL;', hash='3483e58ad1f09450649b67e118b219a9429e9b3c', operation='UPDATE', pgid='pgtrigger_update_update_a4042', table='billing_price', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='PriceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='billing.price')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('service', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scheduling.service')),
                ('level', models.CharField(blank=True, choices=[('associate', 'Associate'), ('standard', 'Standard'), ('senior', 'Senior')], max_length=12)),
                ('amount_cents', models.PositiveIntegerField()),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, help_text='The first day on which it no longer holds.', null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StripeCustomer',
            fields=[
                ('client', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='stripe_customer', serialize=False, to='scheduling.client')),
                ('customer_id', models.CharField(max_length=80, unique=True)),
                ('payment_method_id', models.CharField(blank=True, max_length=80)),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('customer_id', ''), _negated=True), name='stripe_customer_has_an_id')],
            },
        ),
    ]
