"""A workbook that was sent, read and understood. The last few are remembered, since every click on a preview needs one."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import orjson

from app import files
from app.desk import Desk
from app.engine import Sql
from app.errors import Invalid
from app.rules.identity import zone_key
from app.services.choices import reading, said_of
from app.services.columns import Column
from app.services.own_workbooks import Spoken, translated
from app.settings import Settings
from app.sheets.reading import read_workbook
from app.sheets.sayings import Said
from app.sheets.tables import Table
from app.sheets.understanding import understand
from app.sheets.workbook import Workbook

T = TypeVar("T")
EVERY_ZONE = Sql("SELECT id, code, name, short_name, aliases FROM zone WHERE deleted_at IS NULL ORDER BY id")
"""Of other zones too: a row that names one must be left out, not taken for a name that nobody knows."""
MOST_REMEMBERED = 4


@dataclass(frozen=True)
class Understood:
    """A file that was read, before anybody looked into the register. ``tables`` are its sheets that were asked for."""

    book: Workbook
    tables: list[Table]
    own: list[dict[int, Column]] = field(default_factory=list)
    """For each sheet: its columns that are ours, when it came out of this register."""


def spellings(desk: Desk) -> dict[str, str]:
    """Every spelling of every zone of the register → its code, folded as ``rules.identity.zone_key`` does."""
    found: dict[str, str] = {}
    for _, code, name, short, aliases in desk.link.rows(EVERY_ZONE):
        for spelling in (code, name, short, *orjson.loads(aliases)):
            if spelling:
                found.setdefault(zone_key(spelling), code)
    return found


def read(data: bytes, filename: str, names: Mapping[str, str], sheet: str | None = None) -> Understood:
    """The file, read in a throw-away child process and understood. Outside any transaction.

    ``names`` are ``spellings``. Raises Invalid for a file that cannot be read, or when it has no such ``sheet``.
    """
    return of_book(read_workbook(data, filename), names, sheet)


def of_book(
    book: Workbook, names: Mapping[str, str], sheet: str | None = None, said: Mapping[str, Any] | None = None
) -> Understood:
    """A workbook that was read, understood. Raises Invalid when it has no such ``sheet``.

    ``said``: what a person chose about its sheets, by name; it overrules what is found.
    """
    sheets = [s for s in book.sheets if sheet is None or s.name == sheet]
    if not sheets:
        raise Invalid("The file has no sheet named “{sheet}”", code="no_such_sheet", sheet=sheet or "")

    def zone_of(text: str) -> str | None:
        return names.get(zone_key(text))

    spoken = [translated(s) for s in sheets]
    told = [_with_heading(said_of(said or {}, s.sheet.name), s) for s in spoken]
    tables = [understand(s.sheet, zone_of, one) for s, one in zip(spoken, told, strict=True)]
    # a column of ours that she gives another meaning is read as she says
    own = [_ours(s, one, table) for s, one, table in zip(spoken, told, tables, strict=True)]
    return Understood(book, tables, own)


def _ours(spoken: Spoken, said: Said, table: Table) -> dict[int, Column]:
    """By the table's columns: what is a column of this register, and not read otherwise as she says."""
    if said.page is not None and spoken.labels is not None:
        free = spoken.labels.keys() - said.labels.keys()
        return {c.index: spoken.labels[c.letter] for c in table.columns if c.letter in free}
    return {n: c for n, c in spoken.columns.items() if n not in said.columns}


def _with_heading(said: Said, spoken: Spoken) -> Said:
    """The heading of a sheet of ours is known, and so are the labels of a page; nobody needs to look for them."""
    if spoken.captions is not None and said.heading is None:
        return replace(said, page=spoken.captions)
    if said.heading is not None or spoken.heading is None:
        return said
    first, last = spoken.heading
    return replace(said, heading=(first + 1, last + 1))


# ── remembered ───────────────────────────────────────────────────────────────────────────────────────────────────────
class _Shelf:
    """The last few of something that is costly to make. Several threads may ask at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[str, ...], Any] = OrderedDict()

    def get(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]  # type: ignore[no-any-return]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > MOST_REMEMBERED:
                self._made.popitem(last=False)
        return made


_books, _understood = _Shelf(), _Shelf()


def opened(
    settings: Settings,
    digest: str,
    file_name: str,
    names: Mapping[str, str],
    sheets: Mapping[str, Any] | None = None,
) -> Understood:
    """A file that is kept, as it is understood: for a thread that may wait. Raises Invalid, NotFound.

    ``sheets``: what was chosen about its sheets.
    """
    said = reading(sheets or {})
    known = hashlib.sha256(repr(sorted(names.items())).encode()).hexdigest()

    def book() -> Workbook:
        return book_of(settings, digest, file_name)

    key = (digest, file_name, known, orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode())
    return _understood.get(key, lambda: of_book(book(), names, said=said))


def book_of(settings: Settings, digest: str, file_name: str) -> Workbook:
    """The cells of a file that is kept: for a thread that may wait. Raises Invalid, NotFound."""
    return _books.get((digest, file_name), lambda: read_workbook(files.read(settings, digest), file_name))
