"""A file into sheets of cells, without ever letting the file touch this process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from app.errors import Invalid, TooLarge
from app.sheets.workbook import Sheet, Workbook

SECONDS = 10.0
MOST_BYTES = 64 * 1024 * 1024
HOME = Path(__file__).resolve().parents[2]
"""Where the package ``app`` lies; the child finds it there even when it is not installed."""

UNREADABLE = "The file could not be read; open it, save it as .xlsx and send it again"


def read_workbook(source: str | Path | bytes, filename: str = "") -> Workbook:
    """Read .xlsx, .xls, .et or .csv, given as a path or as its bytes with the name it was sent under.

    Parsed in a child process with at most 10 s and 512 MiB. Raises Invalid (422) with a sentence for everything that
    cannot be read, TooLarge (413) above 64 MiB.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    name = filename or (Path(source).name if not isinstance(source, bytes) else "")
    if len(data) > MOST_BYTES:
        raise TooLarge("The file is larger than {megabytes} MB", megabytes=MOST_BYTES // 1024 // 1024)
    answer = _ask_child(data, name)
    if not answer[0]:
        _, code, msgid, values = answer
        raise Invalid(msgid, code=code, **values)
    _, kind, encoding, sheets = answer
    digest = hashlib.sha256(data).hexdigest()
    return Workbook(name, kind, digest, [_sheet(one, name) for one in sheets], encoding)


def _ask_child(data: bytes, name: str) -> Any:
    """What the child answered. A child that was killed, hung or babbled is a refusal like any other."""
    command = [sys.executable, "-m", "app.sheets.child", told_name(name)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS, env=_environment(), cwd=HOME, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid("The file takes too long to read; split it", code="too_slow") from error
    try:
        return msgspec.msgpack.decode(done.stdout)
    except msgspec.DecodeError as error:
        raise Invalid(UNREADABLE, code="unreadable") from error


def told_name(name: str) -> str:
    """What the child is told of a file's name: its ending. No sign of the rest can trouble a command line."""
    suffix = Path(name).suffix if name.isprintable() else ""
    return f"file{suffix.encode('ascii', 'ignore').decode()}"


def _environment() -> dict[str, str]:
    """Nothing of this process but the way to Python: the child needs no database address and no secret."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")}
    return {**kept, "PYTHONPATH": str(HOME), "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "2"}


def _sheet(one: list[Any], filename: str) -> Sheet:
    name, rows, merges, hidden, widths = one
    return Sheet(name or Path(filename).stem, rows, [tuple(merge) for merge in merges], hidden, dict(widths))
