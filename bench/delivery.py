"""`make delivery`: messages a second through real sockets into a local mail server, and claims a second.

MESSAGES: how many wait (20,000). WORKERS: how many processes send (2), each by so many THREADS (2). SECONDS: how
long they are watched (20).
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from bench.stand import Stand, _work, say, stand
from config.embedded.ports import keep_free

_DATABASE = "delivery"
_USUAL = {"MESSAGES": 20_000, "WORKERS": 2, "THREADS": 2, "SECONDS": 20}


def main() -> None:
    messages, workers, threads, seconds = (int(os.environ.get(name) or usual) for name, usual in _USUAL.items())
    with sink(Path("/tmp"), badness=0) as _log, stand() as place:
        place.database(_DATABASE)
        place.migrate(_DATABASE)
        people = min(messages, 50_000)
        place.call("bench.mailing.furnish", people, on=_DATABASE)
        place.call("bench.mailing.queue", people, messages, on=_DATABASE)
        say(f"{messages:,} messages wait")
        claims, each = place.call("bench.mailing.claim_all", min(messages, 10_000), on=_DATABASE)
        print(f"{claims:,.0f} claims a second (one worker, {messages:,} waiting), {each * 1000:.2f} ms of a core each")
        rate, used = _sent(place, workers, threads, seconds)
        crew = f"{workers} workers of {threads} threads"
        print(f"{rate:,.0f} messages a second ({crew}, {messages:,} waiting), {used * 1000:.1f} ms of a core each")


def _sent(place: Stand, workers: int, threads: int, seconds: int) -> tuple[float, float]:
    """Messages a second of all workers, and seconds of a core that a worker uses for one."""
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        calls = [
            pool.submit(_work, place.log, _DATABASE, "bench.mailing.send_for", (seconds, threads))
            for _each in range(workers)
        ]
        found = [call.result() for call in calls]
    return sum(done / took for done, took, _used in found), sum(each[2] for each in found) / sum(
        each[0] for each in found
    )


@contextmanager
def sink(folder: Path, *, badness: int) -> Iterator[Path]:
    """A mail server in a process of its own, to which `EMAIL_URL` leads; what it gets stands in the file."""
    log, port = folder / f"sink-{os.getpid()}.log", keep_free(folder / f"sink-{os.getpid()}.port")
    log.write_text("")
    command = [sys.executable, "-m", "bench.sink", str(port), str(log), str(badness)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    try:
        yield log
    finally:
        process.kill()
        process.wait()
        log.unlink()
        (folder / f"sink-{os.getpid()}.port").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
