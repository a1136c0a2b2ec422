"""Channel states, opt-outs, blacklists, and the append-only records of consent."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


# The same setting that lets events go with an erased contact (activity 0003).
GUARD = """
CREATE FUNCTION subscriptions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'consent records are append-only: % is refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'A consent record goes with its contact, by erasure.';
END $$;
CREATE TRIGGER subscriptions_consentrecord_unchanged BEFORE UPDATE ON subscriptions_consentrecord
    FOR EACH ROW EXECUTE FUNCTION subscriptions_refuse_change();
CREATE TRIGGER subscriptions_consentrecord_kept BEFORE DELETE ON subscriptions_consentrecord
    FOR EACH ROW WHEN (current_setting('rapport.erasing', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION subscriptions_refuse_change();
"""
UNGUARD = """
DROP TRIGGER subscriptions_consentrecord_kept ON subscriptions_consentrecord;
DROP TRIGGER subscriptions_consentrecord_unchanged ON subscriptions_consentrecord;
DROP FUNCTION subscriptions_refuse_change;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contacts', '0005_names_in_any_case'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.PositiveSmallIntegerField(choices=[(1, 'Email'), (2, 'SMS'), (3, 'Telegram'), (4, 'Desktop WebPush'), (5, 'Mobile WebPush'), (6, 'Viber')])),
                ('digest', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'opt-out',
                'verbose_name_plural': 'opt-outs',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('channel', 'digest'), name='opt_out_once')],
            },
        ),
        migrations.CreateModel(
            name='BlacklistEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.PositiveSmallIntegerField(choices=[(1, 'Email Black List'), (2, 'Phone Black List'), (3, 'Viber Black List')], verbose_name='blacklist')),
                ('digest', models.BinaryField(max_length=32)),
                ('address', models.CharField(max_length=254, null=True, verbose_name='address')),
                ('reason', models.CharField(choices=[('hard_bounce', 'Hard bounce'), ('complaint', 'Complaint'), ('list_unsubscribe', 'List-Unsubscribe'), ('import', 'Import'), ('undeliverable', 'Undeliverable'), ('invalid', 'Invalid'), ('unsubscribe', 'Unsubscribe'), ('spam', 'Spam'), ('manual', 'Manual')], max_length=20, verbose_name='reason')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('by', models.CharField(max_length=150, verbose_name='by')),
                ('door', models.CharField(choices=[('page', 'the profile'), ('admin', 'the administration'), ('import', 'an import'), ('api', 'the API'), ('channel', 'the channel itself'), ('provider', 'the provider'), ('link', 'an unsubscribe link'), ('demo', 'demo data')], max_length=10, verbose_name='through')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'blacklist entry',
                'verbose_name_plural': 'blacklists',
                'default_permissions': ('add', 'delete', 'view'),
                'indexes': [models.Index(fields=['-at', '-id'], name='blacklist_by_time')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'digest'), name='blacklisted_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 1), ('reason__in', ('hard_bounce', 'complaint', 'list_unsubscribe', 'manual'))), models.Q(('kind', 2), ('reason__in', ('import', 'undeliverable', 'invalid', 'unsubscribe', 'manual'))), models.Q(('kind', 3), ('reason__in', ('invalid', 'spam', 'manual'))), _connector='OR'), name='blacklist_reason')],
            },
        ),
        migrations.CreateModel(
            name='ConsentRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fact', models.PositiveSmallIntegerField(choices=[(1, 'Email'), (2, 'SMS'), (3, 'Telegram'), (4, 'Desktop WebPush'), (5, 'Mobile WebPush'), (6, 'Viber'), (11, 'Active'), (21, 'Email Black List'), (22, 'Phone Black List'), (23, 'Viber Black List')], verbose_name='what')),
                ('before', models.CharField(max_length=20, verbose_name='from')),
                ('after', models.CharField(max_length=20, verbose_name='to')),
                ('user_id', models.BigIntegerField(null=True)),
                ('by', models.CharField(max_length=150, verbose_name='by')),
                ('door', models.CharField(choices=[('page', 'the profile'), ('admin', 'the administration'), ('import', 'an import'), ('api', 'the API'), ('channel', 'the channel itself'), ('provider', 'the provider'), ('link', 'an unsubscribe link'), ('demo', 'demo data')], max_length=10, verbose_name='through')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('evidence', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='evidence')),
                ('ip', models.GenericIPAddressField(null=True, verbose_name='IP address')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('contact', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact')),
            ],
            options={
                'verbose_name': 'consent record',
                'verbose_name_plural': 'consent records',
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['contact', '-id', 'fact'], name='consent_of_contact')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.PositiveSmallIntegerField(choices=[(1, 'Email'), (2, 'SMS'), (3, 'Telegram'), (4, 'Desktop WebPush'), (5, 'Mobile WebPush'), (6, 'Viber')], verbose_name='channel')),
                ('state', models.PositiveSmallIntegerField(choices=[(0, 'Never subscribed'), (1, 'Subscribed'), (2, 'Unsubscribed')], verbose_name='state')),
                ('since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('by', models.CharField(max_length=150, verbose_name='by')),
                ('door', models.CharField(choices=[('page', 'the profile'), ('admin', 'the administration'), ('import', 'an import'), ('api', 'the API'), ('channel', 'the channel itself'), ('provider', 'the provider'), ('link', 'an unsubscribe link'), ('demo', 'demo data')], max_length=10, verbose_name='through')),
                ('begun', models.BooleanField(default=False)),
                ('address', models.TextField(blank=True)),
                ('contact', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='contacts.contact')),
            ],
            options={
                'verbose_name': 'subscription',
                'verbose_name_plural': 'subscriptions',
                'permissions': [('resubscribe_contact', 'Can subscribe who has opted out, with evidence')],
                'indexes': [models.Index(fields=['channel', 'state', 'contact'], name='subscription_by_state')],
                'constraints': [models.UniqueConstraint(fields=('contact', 'channel'), name='subscription_once'), models.CheckConstraint(condition=models.Q(('channel__in', [1, 2, 3, 4, 5, 6])), name='subscription_channel'), models.CheckConstraint(condition=models.Q(('state__in', [1, 2])), name='subscription_state'), models.CheckConstraint(condition=models.Q(('begun', True), models.Q(('state', 1), _negated=True), _connector='OR'), name='subscription_begun')],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
