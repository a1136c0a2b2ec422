"""Events, partitioned by month, append-only."""

import django.core.serializers.json
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

CHANNELS = [
    (1, "Email"), (2, "SMS"), (3, "Telegram"), (4, "Desktop WebPush"), (5, "Mobile WebPush"), (6, "Viber"),
    (7, "Contact"), (8, "Other events"),
]
ORIGINS = [
    (1, "Transaction"), (2, "Campaign"), (3, "A/B test"), (4, "Drip Campaign"), (5, "Trigger"), (6, "Workflow"),
    (11, "Subscribed to a channel"), (12, "Unsubscribed from a channel"), (21, "Added"), (22, "Added to segment"),
    (23, "Dropped from segment"), (24, "Activated"), (25, "Deactivated"), (31, "Custom event"),
    (32, "Custom conversion"),
]
STATUSES = [
    (1, "Delivered"), (2, "Open"), (3, "Click"), (11, "Complaint"), (12, "Email-unsubscribed"), (13, "Soft"),
    (14, "Hard"), (15, "Reject"), (16, "Fail"), (17, "Failed"), (18, "Expired"), (19, "Dismissed"),
    (20, "Undelivered"), (99, ""),
]


def _kinds(channel, statuses):
    """Its messages with these statuses, and its subscriptions."""
    messages = models.Q(("channel", channel), ("origin__in", [1, 2, 3, 4, 5, 6]), ("status__in", statuses))
    return [messages, models.Q(("channel", channel), ("origin__in", [11, 12]), ("status__in", [99]))]


CATALOGUE = models.Q(
    *_kinds(1, [1, 2, 3, 11, 12, 13, 14, 15]),
    *_kinds(2, [1, 3, 16, 15]),
    *_kinds(3, [1, 2, 3, 17]),
    *_kinds(4, [1, 2, 3, 18, 19, 20]),
    *_kinds(5, [1, 2, 3, 18, 19, 20]),
    *_kinds(6, [1, 2, 3, 16, 15, 18]),
    models.Q(("channel", 7), ("origin__in", [21, 22, 23, 24, 25]), ("status__in", [99])),
    models.Q(("channel", 8), ("origin__in", [31, 32]), ("status__in", [99])),
    _connector="OR",
)

TABLE = """
CREATE SEQUENCE activity_event_id_seq;
-- Wide columns first: nothing is lost to alignment.
CREATE TABLE activity_event (
    id bigint NOT NULL DEFAULT nextval('activity_event_id_seq'),
    contact_id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    message_id bigint,
    channel smallint NOT NULL,
    origin smallint NOT NULL,
    status smallint NOT NULL,
    data jsonb NOT NULL
) PARTITION BY RANGE (occurred_at);
ALTER SEQUENCE activity_event_id_seq OWNED BY activity_event.id;
-- Not deferrable: a check put off to the end of the transaction would be remembered for each of millions of rows.
ALTER TABLE activity_event ADD CONSTRAINT activity_event_contact FOREIGN KEY (contact_id)
    REFERENCES contacts_contact (id) ON DELETE CASCADE NOT DEFERRABLE;
"""

# ATTACH stops neither readers nor writers of events, where CREATE … PARTITION OF would. The lock that it takes is taken
# first: so a second writer in need of the same month waits until the first has committed it. Taking a new lock is also
# what makes PostgreSQL read anew which partitions there are; without one it may miss a month that was just committed.
MONTHS = """
CREATE FUNCTION activity_make_month(day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    start timestamp := date_trunc('month', day::timestamp);
    name text := 'activity_event_' || to_char(start, 'YYYY_MM');
    rule record;
BEGIN
    IF to_regclass(name) IS NULL THEN
        LOCK TABLE ONLY activity_event IN SHARE UPDATE EXCLUSIVE MODE;
    END IF;
    IF to_regclass(name) IS NOT NULL THEN
        EXECUTE format('LOCK TABLE %I IN ACCESS SHARE MODE', name);
        RETURN false;
    END IF;
    EXECUTE format(
        'CREATE TABLE %I (LIKE activity_event INCLUDING DEFAULTS)'
        -- Often enough for reads to be of the index alone, though rows are only ever added.
        ' WITH (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)',
        name
    );
    FOR rule IN
        SELECT conname, pg_get_constraintdef(oid) AS condition FROM pg_constraint
        WHERE conrelid = 'activity_event'::regclass AND contype = 'c'
    LOOP
        EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I %s', name, rule.conname, rule.condition);
    END LOOP;
    EXECUTE format(
        'ALTER TABLE activity_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        name, start AT TIME ZONE 'UTC', (start + interval '1 month') AT TIME ZONE 'UTC'
    );
    RETURN true;
END $$;
"""

GUARD = """
CREATE FUNCTION activity_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only: % is refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'An event goes with its contact, by erasure, or with its month.';
END $$;
CREATE TRIGGER activity_event_unchanged BEFORE UPDATE ON activity_event
    FOR EACH ROW EXECUTE FUNCTION activity_refuse_change();
CREATE TRIGGER activity_event_kept BEFORE DELETE ON activity_event
    FOR EACH ROW WHEN (current_setting('rapport.erasing', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION activity_refuse_change();
"""

FIRST_MONTHS = """
SELECT activity_make_month((current_date + make_interval(months => n))::date) FROM generate_series(-1, 3) AS n
"""


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0002_custom_event_types"),
        ("contacts", "0002_default_list"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(TABLE, "DROP TABLE activity_event"),
                migrations.RunSQL(MONTHS, "DROP FUNCTION activity_make_month"),
                migrations.RunSQL(
                    GUARD,
                    """
                    DROP TRIGGER activity_event_kept ON activity_event;
                    DROP TRIGGER activity_event_unchanged ON activity_event;
                    DROP FUNCTION activity_refuse_change;
                    """,
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("occurred_at", models.DateTimeField(verbose_name="when")),
                        ("message_id", models.BigIntegerField(null=True, verbose_name="message")),
                        ("channel", models.SmallIntegerField(choices=CHANNELS, verbose_name="channel")),
                        ("origin", models.SmallIntegerField(choices=ORIGINS, verbose_name="origin")),
                        ("status", models.SmallIntegerField(choices=STATUSES, verbose_name="status")),
                        ("data", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        (
                            "contact",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="contacts.contact",
                            ),
                        ),
                    ],
                    options={"verbose_name": "event", "verbose_name_plural": "events"},
                ),
            ],
        ),
        # Every row is checked, since the table begins empty. “Not valid” keeps it from the planner, which would otherwise
        # try for every month of a query to refute it: ten milliseconds for three years.
        AddConstraintNotValid("event", models.CheckConstraint(condition=CATALOGUE, name="event_in_catalogue")),
        migrations.AddIndex(
            "event",
            models.Index(fields=["contact", "-occurred_at", "-id", "channel", "origin", "status"], name="event_of_contact"),
        ),
        migrations.AddIndex(
            "event",
            models.Index(
                condition=models.Q(("status__gt", 1)),
                fields=["contact", "-occurred_at", "-id", "channel", "origin", "status"],
                name="event_infrequent",
            ),
        ),
        migrations.RunSQL(FIRST_MONTHS, migrations.RunSQL.noop),
    ]
