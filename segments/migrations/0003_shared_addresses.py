"""An opt-out is of an address: who has it in the default list is looked at when somebody of another list (un)subscribes.

And where anybody may be meant, segments that ask for segments are due as well, their rows taken in order.
"""

from django.db import migrations

# By the unique indexes on addresses, whatever the size that the plan was made for.
NOTE = """
CREATE OR REPLACE FUNCTION segments_note_subscriptions() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    INSERT INTO segments_change (contact_id)
        SELECT contact_id FROM changed
        UNION ALL
        SELECT twin.id FROM changed JOIN contacts_contact AS contact ON contact.id = contact_id
            JOIN contacts_contactlist AS list ON list.is_default AND list.id <> contact.contact_list_id
            JOIN contacts_contact AS twin ON twin.contact_list_id = list.id AND twin.email = contact.email
        UNION ALL
        SELECT twin.id FROM changed JOIN contacts_contact AS contact ON contact.id = contact_id
            JOIN contacts_contactlist AS list ON list.is_default AND list.id <> contact.contact_list_id
            JOIN contacts_contact AS twin ON twin.contact_list_id = list.id AND twin.phone = contact.phone;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION segments_note_blacklisted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO segments_change (contact_id)
        SELECT contact.id FROM changed JOIN contacts_contactlist AS list ON list.is_default
            JOIN contacts_contact AS contact ON contact.contact_list_id = list.id AND contact.email = changed.address
        WHERE kind = 1
        UNION ALL
        SELECT contact.id FROM changed JOIN contacts_contactlist AS list ON list.is_default
            JOIN contacts_contact AS contact ON contact.contact_list_id = list.id AND contact.phone = changed.address
        WHERE kind <> 1;
    IF EXISTS (SELECT FROM changed WHERE address IS NULL) THEN
        WITH locked AS MATERIALIZED (
            SELECT id FROM segments_segment
            WHERE archived_at IS NULL
                AND definition::text ~ '"(receives|blacklist|subscription):|"field": "segment"'
            ORDER BY id FOR NO KEY UPDATE
        )
        UPDATE segments_segment AS segment SET due_at = now() FROM locked WHERE segment.id = locked.id;
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("segments", "0002_triggers")]

    operations = [migrations.RunSQL(NOTE, migrations.RunSQL.noop)]
