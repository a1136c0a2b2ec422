import sys
from collections.abc import Mapping
from dataclasses import dataclass

from config.embedded.address import Address

# One worker has no others to look for, which would take it a second.
ALONE = ("--without-gossip", "--without-mingle")


@dataclass(frozen=True)
class Part:
    """A process of the site: its name is also its log's, its title begins a sentence."""

    name: str
    title: str
    command: list[str]


def parts(address: Address, environ: Mapping[str, str]) -> list[Part]:
    return [
        Part("web", "The web server", _web(address, environ.get("WEB_WORKERS") or "2")),
        Part("worker", "The worker", _celery("worker", "--concurrency=2", "--queues=celery", *ALONE)),
        # A process of its own, so that who changes enters and leaves within seconds while files are imported.
        Part(
            "segments",
            "The worker of segments",
            _celery("worker", "--concurrency=1", "--queues=segments", "--hostname=segments@%h", *ALONE),
        ),
        # Threads: they wait for providers most of the time. A channel has places for some of them only
        # (DELIVERY_CONCURRENCY), so that a slow provider holds up no other channel.
        Part(
            "sender",
            "The sender",
            _celery(
                "worker", "--pool=threads", "--concurrency=24", "--queues=delivery", "--hostname=sender@%h", *ALONE
            ),
        ),
        Part("beat", "The scheduler", _celery("beat", "--pidfile=")),
    ]


def _web(address: Address, workers: str) -> list[str]:
    # Without an access log: addresses of pages name contacts.
    return [
        sys.executable, "-m", "gunicorn", "config.wsgi", f"--bind={address.bind}", "--preload",
        "--worker-class=gthread", f"--workers={workers}", "--threads=8", "--graceful-timeout=5", "--no-control-socket",
    ]  # fmt: skip


def _celery(kind: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app=config", kind, "--loglevel=INFO", *options]
