"""The second half of `make chaos`: messages through real sockets to bad providers, while senders are killed.

MESSAGES: how many (10,000), a third each mails, SMS, pushes. KILLS: how many senders are killed (50); for each ten of
them the broker loses all it holds, and PostgreSQL crashes twice. OPT_OUTS: how many people leave meanwhile (2,000).
Ends with status 1 where a message was lost or doubled, or went to somebody who had left.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from random import Random

import psycopg2
import redis

from bench.crew import Crew, crash_postgres
from bench.stand import Stand, _work, say, stand
from config.embedded.ports import keep_free
from messaging.providers.webpush.vapid import new_keys

_DATABASE = "chaos_sending"
_USUAL = {"MESSAGES": 10_000, "KILLS": 50, "OPT_OUTS": 2_000, "SEED": 1}
_BADNESS = 3
_LEASE_SECONDS = 6
_CONCURRENCY = 4
_PATIENCE_SECONDS = 300.0


def main() -> None:
    messages, kills, opt_outs, seed = (int(os.environ.get(name) or usual) for name, usual in _USUAL.items())
    with stand() as place, ExitStack() as servers:
        names = ("sink", "fake_twilio", "fake_push")
        mail, sms, push = (servers.enter_context(_server(place.work, name)) for name in names)
        place.database(_DATABASE)
        place.migrate(_DATABASE)
        service, each = f"http://127.0.0.1:{push.port}", messages // 3
        place.call("bench.mailing.furnish", each, on=_DATABASE)
        place.call("bench.mailing.furnish_browsers", service, on=_DATABASE)
        for channel in ("email", "sms", "desktop-webpush"):
            place.call("bench.mailing.queue", each, each, channel, on=_DATABASE)
        crew = Crew(
            place,
            _DATABASE,
            lease_seconds=1,
            DELIVERY_LEASE_SECONDS=str(_LEASE_SECONDS),
            DELIVERY_RETRY_SECONDS="0.5",
            DELIVERY_CONCURRENCY=str(_CONCURRENCY),
            EMAIL_URL=f"smtp://127.0.0.1:{mail.port}",
            TWILIO_API=f"http://127.0.0.1:{sms.port}",
            TWILIO_ACCOUNT_SID="AC1",
            TWILIO_AUTH_TOKEN="token",
            TWILIO_SENDER="+15005550006",
            WEBPUSH_PRIVATE_KEY=new_keys()[0],
            WEBPUSH_TRUSTED=service,
        )
        left = _rage(place, crew, kills, opt_outs, Random(seed))
        found = _differences(place, [*mail.arrived(), *sms.arrived(), *push.arrived()], kills, left)
    print("\n".join(found) or "Each message once, none lost, none to who had left.")
    sys.exit(bool(found))


def _rage(place: Stand, crew: Crew, kills: int, opt_outs: int, random: Random) -> list[tuple[int, float]]:
    """Strikes at random moments until all messages have ended; returns who left, and when."""
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


def _leave(log: Path, count: int, *, crashes: int) -> list[tuple[int, float]]:
    """Goes on where PostgreSQL goes away in between."""
    from django.db import Error, close_old_connections  # noqa: PLC0415 - in a process of its own

    found: list[tuple[int, float]] = []
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
    place: Stand, arrived: list[tuple[int, float]], kills: int, left: list[tuple[int, float]]
) -> list[str]:
    """What is wrong; nothing where all is as it should be."""
    ended = place.call("bench.mailing.endings", on=_DATABASE)
    there = Counter(number for number, _began in arrived)
    sent = [pk for pk, (state, *_rest) in ended.items() if state in ("sent", "delivered")]
    doubled = [pk for pk, count in there.items() if count > 1]
    lost = [pk for pk in sent if not there[pk]]
    unsaid = [pk for pk in there if ended[pk][0] not in ("sent", "delivered", "uncertain")]
    after = dict(left)
    late = [pk for pk, began in arrived if began > after.get(ended[pk][2], began) and ended[pk][1] == 1]
    unknown = sum(lost_worker for _state, _channel, _contact, lost_worker in ended.values())
    say(
        f"{len(ended):,} messages, {len(arrived):,} arrived, {len(left):,} people left; {kills} kills;"
        f" {sum(each[0] == 'uncertain' for each in ended.values())} uncertain, {unknown} of them by lost senders"
    )
    found = {
        "doubled": doubled,
        "sent and never arrived": lost,
        "arrived and not sent": unsaid,
        "called after the person had left": late,
        "ended in another way": [pk for pk, each in ended.items() if each[0] in ("failed", "rejected", "hard", "soft")],
    }
    words = [f"{what}: {len(pks)}, such as {pks[:5]}" for what, pks in found.items() if pks]
    if unknown > kills * 2 * _CONCURRENCY:
        words.append(f"uncertain by lost senders: {unknown}")
    return words


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
