"""What a score is built on. The scores that there are were not counted by rules: each is the base of what follows."""

from django.db import migrations, models

TAKE_OVER = "UPDATE contacts_contact SET score_base = score WHERE score <> 0"


class Migration(migrations.Migration):
    dependencies = [("contacts", "0007_what_outlives_erasures")]

    operations = [
        migrations.AddField(
            "contact",
            "score_base",
            models.IntegerField(db_default=0, default=0, verbose_name="base of the score"),
        ),
        migrations.AddField("contact", "scored_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL(TAKE_OVER, migrations.RunSQL.noop),
    ]
