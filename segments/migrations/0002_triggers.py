"""Who changes contacts puts them in the queue of the segments, whatever the door: by statement, with all their rows.

And what behaviour is kept from: an index by the numbers of events that costs their writers nothing, and each writer's
transaction known before it is given a number, so that whoever reads up to a number knows whom to wait for.
"""

from django.db import migrations

CHANGES = """
CREATE FUNCTION segments_note_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO segments_change (contact_id) SELECT id FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER segments_contact_added AFTER INSERT ON contacts_contact
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION segments_note_contacts();
CREATE TRIGGER segments_contact_changed AFTER UPDATE ON contacts_contact
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION segments_note_contacts();

CREATE FUNCTION segments_note_subscriptions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO segments_change (contact_id) SELECT contact_id FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER segments_subscription_added AFTER INSERT ON subscriptions_subscription
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION segments_note_subscriptions();
CREATE TRIGGER segments_subscription_changed AFTER UPDATE ON subscriptions_subscription
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION segments_note_subscriptions();

-- Kind 1 lists emails, the others phone numbers. An address that is no longer kept can be anybody's.
CREATE FUNCTION segments_note_blacklisted() RETURNS trigger LANGUAGE plpgsql AS $$
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
        UPDATE segments_segment SET due_at = now()
        WHERE archived_at IS NULL AND definition::text ~ '"(receives|blacklist):';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER segments_blacklist_added AFTER INSERT ON subscriptions_blacklistentry
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION segments_note_blacklisted();
CREATE TRIGGER segments_blacklist_removed AFTER DELETE ON subscriptions_blacklistentry
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION segments_note_blacklisted();
"""

FORGET_CHANGES = """
DROP FUNCTION segments_note_contacts CASCADE;
DROP FUNCTION segments_note_subscriptions CASCADE;
DROP FUNCTION segments_note_blacklisted CASCADE;
"""

NUMBERS = """
CREATE FUNCTION segments_note_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_current_xact_id();
    RETURN NULL;
END $$;
CREATE TRIGGER segments_event_writer BEFORE INSERT ON activity_event
    FOR EACH STATEMENT EXECUTE FUNCTION segments_note_writer();
CREATE INDEX segments_event_number ON activity_event USING brin (id) WITH (pages_per_range = 16, autosummarize = on);
-- Many small changes at the end of a queue that is emptied all the time.
ALTER TABLE segments_change SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE segments_behaviour SET (fillfactor = 85);
"""

FORGET_NUMBERS = """
DROP INDEX segments_event_number;
DROP FUNCTION segments_note_writer CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("segments", "0001_initial"),
        ("activity", "0005_exports"),
        ("subscriptions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(CHANGES, FORGET_CHANGES),
        migrations.RunSQL(NUMBERS, FORGET_NUMBERS),
    ]
