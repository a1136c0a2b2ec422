import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activity', '0004_event_type_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='transfer',
            options={'permissions': [('export', 'Can export contacts and their activity')], 'verbose_name': 'transfer', 'verbose_name_plural': 'transfers'},
        ),
        migrations.AddField(
            model_name='transfer',
            name='contact_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='transfer',
            name='result_name',
            field=models.CharField(blank=True, max_length=100, verbose_name='file'),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='when'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['-at', '-id'], name='audit_by_time'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['actor', '-at', '-id'], name='audit_of_actor'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['verb', '-at', '-id'], name='audit_of_verb'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('contact_id__isnull', False)), fields=['contact_id'], name='transfer_of_contact'),
        ),
    ]
