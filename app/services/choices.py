"""What a person says about a file beside the file: where its rows belong, how its sheets are to be read, what each row is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import Invalid
from app.rules.codes import Ledger
from app.sheets.headings import MOST_SAID
from app.sheets.sayings import MONEY_UNITS, NOT_KNOWN, NOT_TAKEN, SAYABLE, ColumnSaid, Said
from app.sheets.workbook import column_number

__all__ = [
    "LEAVE_OUT", "MONEY_UNITS", "NOT_KNOWN", "NOT_TAKEN", "SAYABLE", "Choices", "check_reading", "choices_of", "ledger_named", "merged",
    "reading", "said_of",
]  # fmt: skip

LEAVE_OUT = -1
"""A decision about a row: the id of the project it means, 0 for a new one, or this."""


@dataclass(frozen=True)
class Choices:
    """What a person says beside the sheet. ``zone`` and ``ledger`` fill what it leaves open; ``force`` overrules it.

    ``sheets``: the same for one sheet by its name, and ``skip``. ``rows``: decisions by ``sheet!row``.
    """

    zone: str | None = None
    ledger: str | None = None
    force: bool = False
    opening: bool = False
    sheets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    """Mine or theirs, by ``sheet!row!field``, where both the sheet and the register changed."""
    mode: str = "both"
    """both, add (known projects are left as they are) or update (new ones are left out)."""
    clears: bool = False
    """An empty cell clears what is known."""
    moves: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    all_moves: Mapping[str, Any] | None = None
    absent: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By the id of a project that no sheet lists."""

    def move(self, place: str) -> Mapping[str, Any] | None:
        """How the proposed move of a row is accepted; None where it is not."""
        own = self.moves.get(place)
        if own is not None and own.get("accept") is False:
            return None
        return {**(self.all_moves or {}), **own} if own is not None else self.all_moves

    def about(self, place: str) -> dict[str, str]:
        """Decisions about the cells of a row, by field."""
        start = f"{place}!"
        return {cell.removeprefix(start): d for cell, d in self.cells.items() if cell.startswith(start)}

    def of(self, sheet: str, name: str) -> Any:
        """Zone, ledger or force as chosen for a sheet, else for the whole file."""
        own = self.sheets.get(sheet)
        chosen = own.get(name) if own else None
        return chosen if chosen not in (None, "") else getattr(self, name, None)


def choices_of(said: dict[str, Any]) -> Choices:
    """The choices as they are kept."""
    return Choices(
        zone=said.get("zone"), ledger=said.get("ledger"), force=bool(said.get("force")), opening=bool(said.get("opening")),
        sheets=said.get("sheets", {}), rows=said.get("rows", {}), cells=said.get("cells", {}), mode=said.get("mode") or "both", clears=said.get("empty") == "clear",
        moves=said.get("moves", {}), all_moves=said.get("all_moves"), absent=said.get("absent", {}),
    )  # fmt: skip


SAID_OF_READING = ("heading", "columns", "lines")


def said_of(choices: Mapping[str, Any], sheet: str) -> Said:
    """How a sheet is to be read, out of what was chosen about it."""
    chosen = choices.get(sheet) or {}
    heading = chosen.get("heading")
    columns = {
        name: ColumnSaid(**{k: v for k, v in said.items() if k in ("field", "unit", "year", "month")})
        for name, said in chosen.get("columns", {}).items()
    }
    return Said(
        heading=(min(heading), max(heading)) if heading else None,
        columns={column_number(name): said for name, said in columns.items() if name.isalpha()},
        lines={int(row): kind for row, kind in chosen.get("lines", {}).items()},
        labels={name: said for name, said in columns.items() if not name.isalpha()},
    )


def reading(choices: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The part of the choices about sheets that changes how they are read."""
    found = {s: {k: c[k] for k in SAID_OF_READING if c.get(k)} for s, c in choices.items()}
    return {sheet: said for sheet, said in found.items() if said}


def check_reading(said: Mapping[str, Any]) -> None:
    """Refuse what no sheet can be: a heading of many rows, a field or a unit that no column can have."""
    heading = said.get("heading")
    if heading and abs(heading[1] - heading[0]) >= MOST_SAID:
        raise Invalid.one("/heading", "out_of_range", "A heading has at most {most} rows", most=MOST_SAID)
    _check_columns(said.get("columns"))


def _check_columns(columns: Mapping[str, Any] | None) -> None:
    for letters, said in (columns or {}).items():
        field_ = (said or {}).get("field")
        if field_ is not None and field_ not in (NOT_TAKEN, NOT_KNOWN, *SAYABLE):
            raise Invalid.one(f"/columns/{letters}/field", "not_in_list", "No column can mean this")
        unit = (said or {}).get("unit")
        if unit is not None and unit not in MONEY_UNITS:
            choices = ", ".join(MONEY_UNITS)
            raise Invalid.one(f"/columns/{letters}/unit", "not_in_list", "Choose one of: {choices}", choices=choices)


def ledger_named(text: str) -> str:
    """A ledger by its code, as a person or a program names it. Raises Invalid."""
    if text not in {ledger.value for ledger in Ledger}:
        raise Invalid.one("/ledger", "not_in_list", "Choose one of: {choices}", choices=", ".join(Ledger))
    return text


def merged(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Choices with what was said now: what is not named stays, None takes a choice back."""
    made = dict(known)
    for name, value in said.items():
        kept = (merged(made.get(name) or {}, value) or None) if isinstance(value, Mapping) else value
        if kept is None:
            made.pop(name, None)
        else:
            made[name] = kept
    return made
