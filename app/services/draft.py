"""A row of a foreign sheet as data: what is known of it, what it tells, what is to become of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.models import BY_MODEL, Project
from app.rules.identity import firm_key
from app.rules.reads import NOTHING
from app.services.columns import Column
from app.services.conflicts import Clash, Later
from app.sheets.tables import Row
from app.sheets.values import Datum

COLUMNS = BY_MODEL[Project].columns
AT = BY_MODEL[Project].at


class Known(Mapping[str, Any]):
    """A project of the register, read by the names of its columns without copying the row: there may be very many.

    ``months``: what its reports hold of the months that the sheet tells, by the names of ``told_months``.
    """

    __slots__ = ("months", "row")

    def __init__(self, row: tuple[Any, ...], months: Mapping[str, Any] = NOTHING) -> None:
        self.row, self.months = row, months

    def __getitem__(self, name: str) -> Any:
        at = AT.get(name)
        return self.months[name] if at is None else self.row[at]

    def __iter__(self) -> Iterator[str]:
        yield from COLUMNS
        yield from self.months

    def __len__(self) -> int:
        return len(COLUMNS) + len(self.months)


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about a cell: msgid, its values, the cell's address (or "") and the register's field (or "")."""

    msgid: str
    values: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project of the register that a row may mean, and how alike they are (1 is equal)."""

    id: int
    code: str
    name: str
    investor_name: str | None
    score: float


@dataclass(slots=True)
class Proposed:
    """A move into another ledger that the sheet (or a person) proposes, with what its gate misses.

    ``lacks`` are groups of fields, any one of which cures it; ``why`` other reasons why it cannot be. ``accepted``: it will
    be made in the act of the import; ``forced``: although the gate is not met.
    """

    frm: str
    to: str
    on: str
    told: bool
    """The sheet tells the day."""
    lacks: tuple[tuple[str, ...], ...] = ()
    why: Note | None = None
    pending: bool = False
    back: bool = False
    skipped: tuple[str, ...] = ()
    asked: bool = False
    accepted: bool = False
    forced: bool = False


@dataclass(slots=True)
class Absent:
    """A project of the sheet's zone and ledger that no sheet lists, and what is to become of it: leave, move or exit."""

    known: Known
    sheet: str
    do: str = "leave"
    choice: Mapping[str, Any] = field(default_factory=dict)
    move: Proposed | None = None
    maybe: list[tuple[str, int]] = field(default_factory=list)
    """Doubtful rows that may mean it: sheet and row."""

    @property
    def acts(self) -> bool:
        return self.do == "exit" or (self.do == "move" and self.move is not None and self.move.accepted)


@dataclass(slots=True)
class Draft:
    """A row and what is to become of it.

    ``state``: new, changed, same, move (its ledger differs), left (out, as was chosen), doubtful (left out until somebody
    decides), refused, elsewhere (a zone she may not write). ``values`` are checked and differ from ``known``; for a new project they are
    everything that is told. ``cells`` says where each field stands in the sheet.
    """

    sheet: int
    row: Row
    zone: str | None = None
    zone_id: int = 0
    ledger: str | None = None
    state: str = "new"
    own: bool = False
    """The row came out of this register: it carries our key, and every cell its full value."""
    ours: Mapping[int, Column] = field(default_factory=dict)
    """Columns of the sheet that are columns of this register."""
    known: Known | None = None
    later: Mapping[str, Later] = field(default_factory=dict)
    """What changed in the register after the sheet was written, where it is one of ours."""
    decided: Mapping[str, str] = field(default_factory=dict)
    """Her choices about single cells: field → mine or theirs."""
    clashes: dict[str, Clash] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    months: dict[str, Any] = field(default_factory=dict)
    """What the row tells of single months, by the names of ``told_months``."""
    shut: dict[str, str] = field(default_factory=dict)
    """Months that take no reports in the row's zone, each with its state."""
    cells: dict[str, Datum] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    parent: Draft | None = None
    missing: tuple[str, ...] = ()
    """Fields that its ledger asks for and nobody has told yet (待补)."""
    joins: list[str] = field(default_factory=list)
    """Codes of the lists that its mark (★) stands for and that it is not on yet."""
    forced: bool = False
    pending: bool = False
    move: Proposed | None = None
    name_at: str = ""
    """The cell of the name."""
    _name_key: str = ""

    @property
    def name_key(self) -> str:
        """The name for matching, made once: it is asked for at every step."""
        if not self._name_key:
            self._name_key = firm_key(self.row.name)
        return self._name_key

    @property
    def place(self) -> str:
        """How choices name the row."""
        return f"{self.row.sheet}!{self.row.number}"

    def at(self, datum: Datum | None) -> str:
        """The address of a cell of this row."""
        return self.row.at(datum.column) if datum is not None else ""

    def note(self, msgid: str, datum: Datum | None = None, field: str = "", **values: Any) -> None:
        self.notes.append(Note(msgid, values, self.at(datum), field))

    def refuse(self, msgid: str, datum: Datum | None = None, field: str = "", **values: Any) -> None:
        self.state = "refused"
        self.problems.append(Note(msgid, values, self.at(datum), field))

    def doubt(self, msgid: str, datum: Datum | None = None, field: str = "", **values: Any) -> None:
        """Leave the row out until somebody has decided."""
        if self.state != "refused":
            self.state = "doubtful"
        self.problems.append(Note(msgid, values, self.at(datum), field))

    def leave(self, msgid: str, **values: Any) -> None:
        """Leave the row out as was chosen."""
        self.state, self.values, self.joins = "left", {}, []
        self.notes.append(Note(msgid, values))

    @property
    def moves(self) -> bool:
        return self.state == "move" and self.move is not None and self.move.accepted

    @property
    def writes(self) -> bool:
        return self.state == "new" or (
            self.state in ("changed", "move") and bool(self.values or self.joins or self.moves)
        )
