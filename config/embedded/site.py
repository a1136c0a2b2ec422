import atexit
import signal
from collections.abc import MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass

from config.embedded import processes
from config.embedded.address import Address
from config.embedded.attach import Attachment, attach
from config.embedded.errors import StartError
from config.embedded.folder import Folder, var_folder
from config.embedded.interruptions import deferred
from config.embedded.terminal import say

# Every process of a site carries it in its environment, with the data folder: so those that a killed `up` left behind
# are found, with their own children, and no other process can be taken for one of them.
MARK = "RAPPORT_SITE_OF"


@dataclass(frozen=True)
class Site:
    """A data folder that this process alone serves, at an address, with the services it needs."""

    folder: Folder
    address: Address
    attachment: Attachment


_claimed: list[Site] = []
_loading = ExitStack()


def claim(environ: MutableMapping[str, str]) -> None:
    """Makes this process the one that runs the site of the data folder, and its services run. Raises StartError."""
    folder, address = Folder(var_folder(environ)), Address.of(environ)
    folder.open()
    lock = folder.lock("up")
    if not lock.try_alone():
        raise StartError(f"Rapport already runs on {folder.root}: {lock.read_note()}")
    atexit.register(lock.release)
    lock.note(address.url)
    processes.end(processes.marked(MARK, str(folder.root)), sign=signal.SIGTERM, patience=5)
    address.require_free()
    for name, value in address.site_environ().items():
        environ.setdefault(name, value)
    say(f"Starting Rapport on the data in {folder.root}")
    _claimed.append(Site(folder, address, attach(folder.root, environ)))
    _loading.enter_context(deferred())  # breaking into the import of Django would show as an error of its own


def claimed() -> Site:
    """The site that `claim` made ours, before Django was loaded."""
    if not _claimed:
        raise StartError("Start the site by `make run` or `manage.py up`.")
    _loading.close()
    return _claimed[0]
