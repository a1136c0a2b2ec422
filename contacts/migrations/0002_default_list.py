from django.db import migrations


def make_default_list(apps, schema_editor):
    apps.get_model("contacts", "ContactList").objects.create(name="Default Contact List", is_default=True)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]

    operations = [
        migrations.RunPython(make_default_list, migrations.RunPython.noop),
        # Room on each page for changed rows to stay where they are (HOT), so that their index entries stay too.
        migrations.RunSQL(
            "ALTER TABLE contacts_contact SET (fillfactor = 70)",
            "ALTER TABLE contacts_contact RESET (fillfactor)",
        ),
    ]
