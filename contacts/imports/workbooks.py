"""XLSX workbooks, turned into tables of text before anything else looks at them."""

import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from activity.transfers import Refused
from contacts.imports import sheet_to_csv

# What a workbook may unpack to. A million rows of ten columns take about 400 MB.
MOST_BYTES = 600 * 1024**2
MOST_PARTS = 5_000
_BLOCK = 1 << 20


def is_workbook(path: Path) -> bool:
    """Whether the file is a ZIP archive, as every XLSX is."""
    return zipfile.is_zipfile(path)


def to_csv(path: Path, target: Path, *, tick: Callable[[], None] = lambda: None) -> None:
    """Writes the first sheet that has rows as UTF-8 CSV. Raises `Refused` where the workbook cannot be read.

    `tick` is called about once a second meanwhile; what it raises ends the conversion.
    """
    refuse_bombs(path)
    tick()
    arguments = [sys.executable, "-m", sheet_to_csv.__name__, str(path), str(target)]
    with subprocess.Popen(arguments, cwd=settings.BASE_DIR) as conversion:
        try:
            status = _wait(conversion, tick)
        finally:
            conversion.kill()
    if status == sheet_to_csv.EMPTY:
        raise Refused(_("The workbook is empty."))
    if status != sheet_to_csv.DONE:
        raise Refused(_("The workbook cannot be read: it is damaged, too large or protected with a password."))


def _wait(conversion: "subprocess.Popen[bytes]", tick: Callable[[], None]) -> int:
    while True:
        try:
            return conversion.wait(timeout=1)
        except subprocess.TimeoutExpired:
            tick()


def refuse_bombs(path: Path) -> None:
    """Unpacks every part without keeping it, so that what the archive says of its own sizes need not be believed.

    Raises `Refused` for what is no workbook or unpacks to more than `MOST_BYTES`.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.compress_size for part in parts) > path.stat().st_size:
                raise Refused(_("The workbook is damaged: its archive cannot be unpacked."))
            if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
                raise Refused(_("This is a ZIP archive, but not an XLSX workbook."))
            budget = MOST_BYTES
            for part in parts:
                budget -= _unpacked_size(raw, part, budget)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError) as error:
        raise Refused(_("The workbook is damaged: its archive cannot be unpacked.")) from error


def _unpacked_size(raw: Any, part: zipfile.ZipInfo, budget: int) -> int:
    # The data follow the local header: 30 bytes, the name and the extra field, whose lengths stand at 26 and 28.
    raw.seek(part.header_offset)
    header = raw.read(30)
    raw.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size, left = 0, part.compress_size
    while left > 0 and (block := raw.read(min(_BLOCK, left))):
        left -= len(block)
        if part.compress_type == zipfile.ZIP_STORED:
            size += len(block)
        while part.compress_type != zipfile.ZIP_STORED and block:
            size += len(inflater.decompress(block, _BLOCK))
            block = inflater.unconsumed_tail
            if size > budget:
                break
        if size > budget:
            raise Refused(_("The workbook unpacks to more than 600 MB. Save it as CSV and import that."))
    return size
