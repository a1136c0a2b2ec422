"""A blacklisting whose address is kept no longer can be of anybody: all scores are looked at that ask for such things.

Who is known by address has been noted as changed by the segments' trigger already.
"""

from django.db import migrations

NOTE = """
CREATE FUNCTION scoring_note_blacklisted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed WHERE address IS NULL) THEN
        UPDATE scoring_scoring SET key = '' WHERE EXISTS (
            SELECT FROM scoring_rule WHERE archived_at IS NULL
                AND definition::text ~ '"(receives|blacklist|subscription):|"field": "segment"'
        );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER scoring_blacklist_added AFTER INSERT ON subscriptions_blacklistentry
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scoring_note_blacklisted();
CREATE TRIGGER scoring_blacklist_removed AFTER DELETE ON subscriptions_blacklistentry
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scoring_note_blacklisted();
-- Many small changes at the end of a queue that is emptied all the time.
ALTER TABLE scoring_pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0001_initial"),
        ("segments", "0003_shared_addresses"),
        ("subscriptions", "0001_initial"),
    ]

    operations = [migrations.RunSQL(NOTE, "DROP FUNCTION scoring_note_blacklisted CASCADE")]
