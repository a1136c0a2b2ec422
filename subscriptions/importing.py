"""What an import says of permission to send: it may stop, and start what nobody has begun, with a statement of consent.

The same as the verbs would do row by row, set by set. Nothing here turns an opt-out into a subscription, or a
deactivated contact into an active one: such rows are kept as they are, and told.
"""

import json
from typing import Any

from django.db import connection

from activity import audit
from activity.catalogue import Channel, Kind, Origin, Status
from activity.events import recording
from contacts.digests import digest_sql
from contacts.imports.consents import ACTIVE, COLUMNS, FIELDS, Consents, Kept, Stage
from subscriptions.facts import ADDRESSES, Door, Fact, State

_CHANNELS = {key: channel for channel, key in COLUMNS.items()}
_READY = "m.ready AND m.refusal IS NULL"
# Whom a row subscribes, whom it unsubscribes, and who stays as they are although a row would have it otherwise.
_BEGINS = "wanted AND own IS NULL AND NOT gone AND %(stated)s"
_ENDS = "NOT wanted AND own IS DISTINCT FROM %(unsubscribed)s"
_KEPT = "wanted AND (gone OR own = %(unsubscribed)s OR own IS NULL AND NOT %(stated)s)"


def apply(stage: Stage) -> Consents:
    """Changes what the stage's rows say; as a rehearsal it only notes what it would have changed."""
    done = Consents()
    _hold(stage)
    for key in stage.keys:
        if key == ACTIVE:
            _deactivate(stage, done)
        else:
            _of_channel(stage, _CHANNELS[key], key, done)
    done.kept.sort(key=lambda kept: kept.row)
    if sum(done.changed.values()) and not stage.rehearsal:
        audit.record(actor=stage.actor, verb="consent.import", changed=dict(+done.changed))
    return done


def _hold(stage: Stage) -> None:
    """The contacts, as every change of consent holds them first."""
    if not stage.rehearsal:
        ids = f"SELECT m.contact_id FROM import_match m WHERE {_READY}"
        _run(f"SELECT FROM {stage.table} WHERE id IN ({ids}) ORDER BY id FOR NO KEY UPDATE", {})


def _of_channel(stage: Stage, channel: Channel, key: str, done: Consents) -> None:
    given = _given(stage, Fact(channel.value))
    _gather(stage, channel, FIELDS[key], given)
    kept = _rows(
        "SELECT n, contact_id, CASE WHEN gone OR own = %(unsubscribed)s THEN 'opted_out' ELSE 'no_statement' END"
        f" FROM import_consent WHERE {_KEPT} ORDER BY n",
        given,
    )
    done.kept += [Kept(row, contact_id, key, code) for row, contact_id, code in kept]
    for word, condition, state in (
        ("subscribed", _BEGINS, State.SUBSCRIBED),
        ("unsubscribed", _ENDS, State.UNSUBSCRIBED),
    ):
        if stage.rehearsal:
            done.changed[word] += _note(condition, given | {"state": state.value})
        else:
            done.changed[word] += _change(channel, condition, state, given)
    if not stage.rehearsal and channel in ADDRESSES:
        _remember(stage, channel, given)


def _given(stage: Stage, fact: Fact) -> dict[str, Any]:
    stated = stage.statement
    evidence = {"source": stated.source, "at": stated.day, "wording": stated.wording} if stated else {}
    return {
        "channel": fact.value,
        "stated": stated is not None,
        "unsubscribed": State.UNSUBSCRIBED.value,
        "by": stage.actor.name,
        "user": stage.actor.user.pk if stage.actor.user else None,
        "door": Door.IMPORT.value,
        "evidence": json.dumps(evidence),
    }


def _gather(stage: Stage, channel: Channel, field: str, given: dict[str, Any]) -> None:
    """Each row that says something of the channel, beside how its contact stands."""
    gone, keys = "false", dict[str, bytes]()
    if channel in ADDRESSES:
        digest, keys = digest_sql(f"c.{ADDRESSES[channel]}")
        gone = f"EXISTS (SELECT FROM subscriptions_optout o WHERE o.channel = %(channel)s AND o.digest = {digest})"
    _run("TRUNCATE import_consent", {})
    _run(
        f"INSERT INTO import_consent SELECT m.n, c.id, r.{field}, coalesce(noted.state, s.state), {gone}"
        f" FROM import_match m JOIN import_row r ON r.n = m.n JOIN {stage.table} c ON c.id = m.contact_id"
        " LEFT JOIN subscriptions_subscription s ON s.contact_id = c.id AND s.channel = %(channel)s"
        " LEFT JOIN import_state noted ON noted.contact_id = c.id AND noted.channel = %(channel)s"
        f" WHERE {_READY} AND r.{field} IS NOT NULL",
        given | keys,
    )


def _note(condition: str, given: dict[str, Any]) -> int:
    return _run(
        "INSERT INTO import_state SELECT contact_id, %(channel)s, %(state)s FROM import_consent"
        f" WHERE {condition} ON CONFLICT (contact_id, channel) DO UPDATE SET state = excluded.state",
        given,
    )


def _change(channel: Channel, condition: str, state: State, given: dict[str, Any]) -> int:
    """The states, their consent records and their events, by one statement."""
    begins = state is State.SUBSCRIBED
    origin = Origin.SUBSCRIBED if begins else Origin.UNSUBSCRIBED
    event = recording(Kind(channel, origin, Status.NONE), of="changed", data='{"by": "import"}')
    return _run(
        f"""
        WITH changed AS (
            INSERT INTO subscriptions_subscription AS s (contact_id, channel, state, since, by, door, begun, address)
            SELECT contact_id, %(channel)s, %(state)s, now(), %(by)s, %(door)s, %(begins)s, '' FROM import_consent
            WHERE {condition} ORDER BY contact_id
            ON CONFLICT (contact_id, channel) DO UPDATE
                SET state = excluded.state, since = excluded.since, by = excluded.by, door = excluded.door
            RETURNING contact_id AS id
        ), recorded AS (
            INSERT INTO subscriptions_consentrecord
                (contact_id, fact, before, after, user_id, by, door, reason, evidence, at)
            SELECT contact_id, %(channel)s, CASE own WHEN 1 THEN 'subscribed' ELSE 'never' END, %(after)s,
                %(user)s, %(by)s, %(door)s, '', %(proof)s, now()
            FROM import_consent WHERE {condition} ORDER BY contact_id
        ) {event}
        """,
        given
        | {
            "state": state.value,
            "begins": begins,
            "after": state.name.lower(),
            "proof": given["evidence"] if begins else "{}",
        },
    )


def _remember(stage: Stage, channel: Channel, given: dict[str, Any]) -> None:
    """Opt-outs at the addresses that the contacts have now, also of those who had left before."""
    digest, keys = digest_sql(f"c.{ADDRESSES[channel]}")
    _run(
        f"INSERT INTO subscriptions_optout (channel, digest, at) SELECT DISTINCT %(channel)s, {digest}, now()"
        f" FROM import_consent i JOIN {stage.table} c ON c.id = i.contact_id"
        f" WHERE NOT i.wanted AND c.{ADDRESSES[channel]} IS NOT NULL ORDER BY 2 ON CONFLICT DO NOTHING",
        given | keys,
    )


def _deactivate(stage: Stage, done: Consents) -> None:
    given, wanted = _given(stage, Fact.ACTIVE), f"r.{FIELDS[ACTIVE]}"
    rows = (
        f"FROM import_match m JOIN import_row r ON r.n = m.n JOIN {stage.table} c ON c.id = m.contact_id WHERE {_READY}"
    )
    kept = _rows(f"SELECT m.n, c.id {rows} AND {wanted} AND NOT c.is_active ORDER BY m.n", {})
    done.kept += [Kept(row, contact_id, ACTIVE, "inactive") for row, contact_id in kept]
    stopping = (
        f"UPDATE {stage.table} SET is_active = false, modified_at = now()"
        f" WHERE id IN (SELECT c.id {rows} AND NOT {wanted} AND c.is_active)"
    )
    if stage.rehearsal:
        done.changed["deactivated"] += _run(stopping, {})
        return
    event = recording(Kind(Channel.CONTACT, Origin.DEACTIVATED, Status.NONE), of="changed", data='{"by": "import"}')
    done.changed["deactivated"] += _run(
        f"""
        WITH changed AS ({stopping} RETURNING id), recorded AS (
            INSERT INTO subscriptions_consentrecord
                (contact_id, fact, before, after, user_id, by, door, reason, evidence, at)
            SELECT id, %(channel)s, 'active', 'inactive', %(user)s, %(by)s, %(door)s, '', '{{}}', now() FROM changed
        ) {event}
        """,
        given,
    )


def _run(sql: str, given: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return int(cursor.rowcount)


def _rows(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
