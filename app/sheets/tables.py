"""A sheet understood: its columns, its projects, its totals, and every doubt on the way."""

from __future__ import annotations

from collections.abc import KeysView, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.sheets.kinds import SheetKind
from app.sheets.rows import Line
from app.sheets.targets import Target
from app.sheets.values import Datum
from app.sheets.workbook import address

Found = Literal["column", "group", "title", "sheet", ""]
UnitFrom = Literal["heading", "line", "neighbours", "assumed", "hand", ""]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: 0-based ``index``, its ``letter``, its captions in one line, what it means, and any doubt.

    ``doubt`` is a msgid, filled from ``doubt_values``. ``unit_from`` says where the unit of an amount was found.
    """

    index: int
    letter: str
    caption: str
    target: Target
    doubt: str | None = None
    unit_from: UnitFrom = ""
    by_hand: bool = False
    """A person said what it means."""
    value_at: str = ""
    """On a page about one project: the cell of its value. ``letter`` is there the cell of the caption."""
    value: str = ""
    """What stands in that cell."""
    guess: str = ""
    """The unit that the figures look like, where none is stated and they do not look like the one taken."""

    @property
    def field(self) -> str:
        return self.target.field

    @property
    def doubt_values(self) -> dict[str, str]:
        return {"caption": self.caption, "unit": self.target.unit or "", "guess": self.guess}


@dataclass(slots=True)
class Row:
    """One project as the sheet tells it. ``number`` is the row of the file, from 1. ``level`` 1 is a part (子项).

    ``zone`` is the zone's name as written, ``zone_code`` what the caller's register makes of it; ``…_from`` says where
    each was found. ``marks`` are flags like ★ taken off the name. ``cells`` holds what is not blank.
    """

    sheet: str
    number: int
    name: str
    serial: str
    marks: str
    level: int
    cells: list[Datum]
    groups: tuple[str, ...] = ()
    zone: str | None = None
    zone_code: str | None = None
    zone_from: Found = ""
    ledger: str | None = None
    ledger_from: Found = ""
    ledger_doubtful: bool = False
    addresses: Mapping[int, str] = field(default_factory=dict)
    """Column → cell, where the values do not stand in one row: on a page about one project."""
    _by_field: dict[str, Datum] | None = field(default=None, init=False, repr=False, compare=False)

    def at(self, column: int) -> str:
        """The name of the cell of a column."""
        return self.addresses.get(column) or address(self.number - 1, column)

    def get(self, field: str) -> Datum | None:
        """The first cell that means ``field``."""
        return self._meant().get(field)

    @property
    def fields(self) -> KeysView[str]:
        """What its cells mean."""
        return self._meant().keys()

    def _meant(self) -> dict[str, Datum]:
        if self._by_field is None:
            self._by_field = {one.target.field: one for one in reversed(self.cells)}
        return self._by_field

    def amount(self, column: int) -> int | None:
        """Whole yuan in ``column``; None where it is blank or unreadable."""
        return next((one.value for one in self.cells if one.column == column), None)

    @property
    def doubts(self) -> list[Datum]:
        return [one for one in self.cells if one.doubt]

    @property
    def problems(self) -> list[Datum]:
        return [one for one in self.cells if one.problem]


@dataclass(frozen=True, slots=True)
class Check:
    """One stated figure: ``stated`` and ``computed`` in yuan (a count for ``field`` 'project_count', percent points for
    'percent', which is told only where it differs).

    ``computed`` is None where the sheet holds no row that the figure could be the sum of: a summary sheet, whose figures
    are for the register to compare.
    """

    row: int
    label: str
    cell: str
    field: str
    caption: str
    stated: int | float
    computed: int | float | None
    rows: int

    @property
    def agrees(self) -> bool | None:
        """None where there is nothing to compare with."""
        return None if self.computed is None else self.stated == self.computed


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet understood. ``reason`` (msgid with ``reason_values``) says why it is of this ``kind``.

    ``heading`` are the first and last heading rows, from 1. ``others`` are the rows that are no project, each with its
    kind: nothing of the sheet is dropped unseen. ``year`` and ``month`` are those of the title, else of the headings.
    """

    sheet: str
    kind: SheetKind
    reason: str
    reason_values: dict[str, Any]
    title: str = ""
    zone: str | None = None
    year: int | None = None
    month: int | None = None
    unit: str | None = None
    ledger: str | None = None
    heading: tuple[int, int] | None = None
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def column(self, field: str) -> Column | None:
        return next((one for one in self.columns if one.field == field), None)
