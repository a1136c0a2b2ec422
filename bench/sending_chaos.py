"""The second half of `make chaos`: messages through real sockets to bad providers, while senders are killed.

MESSAGES: how many (10,000), as many by each provider. KILLS: how many senders are killed (50); for each ten of
them the broker loses all it holds, and PostgreSQL crashes twice. OPT_OUTS: how many times somebody leaves a channel
meanwhile (2,000).
Ends with status 1 where a message was lost or doubled, or went to somebody who had left.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from random import Random

import psycopg2
import redis

from activity.catalogue import Channel
from bench.crew import Crew, crash_postgres
from bench.ended import Ended
from bench.stand import Stand, _work, say, stand
from config.embedded.ports import keep_free
from messaging.providers.webpush.vapid import new_keys

_DATABASE = "chaos_sending"
_USUAL = {"MESSAGES": 10_000, "KILLS": 50, "OPT_OUTS": 2_000, "SEED": 1}
_BADNESS = 3
_LEASE_SECONDS = 6
_CONCURRENCY = 4
_PATIENCE_SECONDS = 300.0
# So long after its beginning a call may reach its provider, on a busy machine.
_WAY_SECONDS = 2.0
# The bad provider of each channel, a module of the bench.
_PROVIDERS = {
    "email": "sink",
    "sms": "fake_twilio",
    "telegram": "fake_telegram",
    "viber": "fake_viber",
    "desktop-webpush": "fake_push",
}


# Contact, channel, and seconds behind the commit.
Left = tuple[int, int, float]


def main() -> None:
    messages, kills, opt_outs, seed = (int(os.environ.get(name) or usual) for name, usual in _USUAL.items())
    with stand() as place, ExitStack() as servers:
        there = {slug: servers.enter_context(_server(place.work, name)) for slug, name in _PROVIDERS.items()}
        at = {slug: f"http://127.0.0.1:{server.port}" for slug, server in there.items()}
        place.database(_DATABASE)
        place.migrate(_DATABASE)
        each = messages // len(there)
        place.call("bench.mailing.furnish", each, on=_DATABASE)
        place.call("bench.mailing.furnish_browsers", at["desktop-webpush"], on=_DATABASE)
        for slug in there:
            place.call("bench.mailing.queue", each, each, slug, on=_DATABASE)
        crew = Crew(
            place,
            _DATABASE,
            lease_seconds=1,
            DELIVERY_LEASE_SECONDS=str(_LEASE_SECONDS),
            DELIVERY_RETRY_SECONDS="0.5",
            DELIVERY_CONCURRENCY=str(_CONCURRENCY),
            EMAIL_URL=f"smtp://127.0.0.1:{there['email'].port}",
            TWILIO_API=at["sms"],
            TWILIO_ACCOUNT_SID="AC1",
            TWILIO_AUTH_TOKEN="token",
            TWILIO_SENDER="+15005550006",
            TELEGRAM_API=at["telegram"],
            TELEGRAM_TOKEN="1:token",
            VIBER_API=at["viber"],
            VIBER_TOKEN="token",
            WEBPUSH_PRIVATE_KEY=new_keys()[0],
            WEBPUSH_TRUSTED=at["desktop-webpush"],
        )
        left = _rage(place, crew, kills, opt_outs, Random(seed))
        arrived = {slug: server.arrived() for slug, server in there.items()}
        found = _differences(place, arrived, kills, left)
    print("\n".join(found) or "Each message once, none lost, none to who had left.")
    sys.exit(bool(found))


def _rage(place: Stand, crew: Crew, kills: int, opt_outs: int, random: Random) -> list[Left]:
    """Strikes at random moments until all messages have ended; returns who left."""
    blows: list[Callable[[], None]] = [lambda: _kill(crew)] * kills
    blows += [_empty_broker] * max(1, kills // 10) + [lambda: crash_postgres(place)] * min(2, kills)
    random.shuffle(blows)
    crew.start("beat")
    crew.start("sender")
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        leaving = pool.submit(_leave, place.log, opt_outs, crashes=min(2, kills))
        try:
            for blow in blows:
                time.sleep(random.uniform(1.0, 4.0))
                blow()
            _await_end(place)
            return leaving.result()
        finally:
            crew.end()


def _leave(log: Path, count: int, *, crashes: int) -> list[Left]:
    """Goes on where PostgreSQL goes away in between."""
    from django.db import Error, close_old_connections  # noqa: PLC0415 - in a process of its own

    found: list[Left] = []
    for attempt in range(50 * (crashes + 1)):
        try:
            found += _work(log, _DATABASE, "bench.mailing.opt_out", (min(20, count - len(found)), attempt))
        except Error:
            close_old_connections()
            time.sleep(0.5)
        if len(found) >= count:
            break
    return found


def _kill(crew: Crew) -> None:
    crew.kill("sender")
    crew.start("sender")


def _empty_broker() -> None:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        broker.flushall()


def _await_end(place: Stand) -> None:
    until, known = time.monotonic() + _PATIENCE_SECONDS, 0
    while time.monotonic() < until:
        time.sleep(1)
        try:
            waiting = place.call("bench.mailing.states", on=_DATABASE)
        except psycopg2.OperationalError:
            continue
        count = waiting.get("queued", 0) + waiting.get("sending", 0)
        if not count:
            say(f"All have ended: {waiting}")
            return
        if count != known:
            until, known = time.monotonic() + _PATIENCE_SECONDS, count
    raise SystemExit(f"Nothing has happened for {_PATIENCE_SECONDS:.0f} seconds: {waiting}")


def _differences(
    place: Stand, arrived: dict[str, list[tuple[int, float]]], kills: int, left: Sequence[Left]
) -> list[str]:
    """What is wrong; nothing where all is as it should be."""
    ended: dict[int, Ended] = place.call("bench.mailing.endings", on=_DATABASE)
    calls = list(_by_message(ended, arrived))
    there = Counter(pk for pk, _began in calls)
    sent = [pk for pk, each in ended.items() if each.state in ("sent", "delivered")]
    after = {(contact, channel): at for contact, channel, at in left}
    unknown = sum(each.lost for each in ended.values())
    say(
        f"{len(ended):,} messages, {len(calls):,} arrived, {len(left):,} people left; {kills} kills;"
        f" {sum(each.state == 'uncertain' for each in ended.values())} uncertain, {unknown} of them by lost senders"
    )
    found = {
        "doubled": [pk for pk, count in there.items() if count > 1],
        "sent and never arrived": [pk for pk in sent if not there[pk]],
        "arrived and not sent": [pk for pk in there if ended[pk].state not in ("sent", "delivered", "uncertain")],
        "called after the person had left": [pk for pk, began in calls if _is_late(ended[pk], began, after)],
        "ended in another way": [pk for pk, each in ended.items() if each.state in _OTHERWISE],
    }
    words = [f"{what}: {len(pks)}, such as {pks[:5]}" for what, pks in found.items() if pks]
    if unknown > kills * len(arrived) * _CONCURRENCY:
        words.append(f"uncertain by lost senders: {unknown}")
    return words


_OTHERWISE = ("failed", "rejected", "hard", "soft", "expired")


def _by_message(ended: dict[int, Ended], arrived: dict[str, list[tuple[int, float]]]) -> Iterator[tuple[int, float]]:
    """Calls by the number of their message, and when they began: Telegram and Viber know that of the contact only."""
    own = {(each.channel, each.contact): pk for pk, each in ended.items()}
    for slug, calls in arrived.items():
        for number, began in calls:
            yield (own[Channel.of_slug(slug), number] if slug in ("telegram", "viber") else number), began


def _is_late(message: Ended, arrived: float, after: dict[tuple[int, int], float]) -> bool:
    """Whether a call began after its person had left. What arrives later may have begun before, but not by much."""
    left = after.get((message.contact, message.channel))
    if left is None or arrived < left:
        return False
    return message.called_at is None or message.called_at > left or arrived > left + _WAY_SECONDS


class _Server:
    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self._log = log

    def arrived(self) -> list[tuple[int, float]]:
        """Messages by number, and when each call began."""
        lines = (line.split() for line in self._log.read_text().splitlines())
        return [(int(number), float(began)) for number, began in lines]


@contextmanager
def _server(folder: Path, module: str) -> Iterator[_Server]:
    port, log = keep_free(folder / f"{module}.port"), folder / f"{module}.log"
    log.write_text("")
    command = [sys.executable, "-m", f"bench.{module}", str(port), str(log), str(_BADNESS)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        if process.stdout:
            process.stdout.readline()
        yield _Server(port, log)
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
