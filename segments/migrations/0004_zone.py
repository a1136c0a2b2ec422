"""Behaviour knows whose days it is of: until now those of UTC. An account of another zone has it added up anew."""

from django.db import migrations, models

import segments.models


class Migration(migrations.Migration):
    dependencies = [("segments", "0003_shared_addresses")]

    operations = [
        migrations.AddField("position", "zone", models.CharField(max_length=100, default="UTC")),
        migrations.AlterField("position", "zone", models.CharField(max_length=100, default=segments.models.account_zone)),
    ]
