import errno
import os

import psycopg2

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
DISK_IS_FULL = "The disk is full: make room and start again; nothing that was saved is lost."


class StartError(Exception):
    """Its message is one sentence for the person at the terminal: what is wrong, where, and what to do."""


def explain(error: OSError | psycopg2.Error) -> str | None:
    """The sentence for an error that the person at the terminal can mend; None for one that is ours."""
    if isinstance(error, psycopg2.errors.DiskFull) or (isinstance(error, OSError) and error.errno in DISK_FULL):
        return DISK_IS_FULL
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename:
        return f"{error.filename} cannot be written: mend its permissions, or name another data folder in RAPPORT_VAR."
    return None


def tells_of_full_disk(words: str) -> bool:
    return any(os.strerror(number) in words for number in DISK_FULL)
