"""A sheet of an investment promotion team into rows about leads, with every doubt; trips are rows about contacts.

Pure: no file and no register is touched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from typing import Any, Literal, NamedTuple

from app.rules.reads import NOTHING
from app.sheets import lead_fields
from app.sheets.fields import caption
from app.sheets.grid import Grid, as_text
from app.sheets.headings import ANY, Heading, find_heading, heading_at, joined
from app.sheets.rows import Columns, classify
from app.sheets.targets import Target, split_unit, target_of
from app.sheets.titles import read_title
from app.sheets.values import read_cell, read_name, reader_of
from app.sheets.workbook import Sheet, address, letter

NAMING = ("name", "name_content", "company_name", "investor_name")
"""Columns that can say which lead a row is about, the best first."""
OF_LEDGERS = frozenset({
    "annual_plan_yuan", "invested_yuan", "invested_this_year_yuan", "invested_to_date_yuan", "invested_before_this_year_yuan",
    "construction_nature",
})  # fmt: skip
"""Columns that only a project that is being built has."""
LIKE: dict[str, Target] = {
    "money": Target("total_investment_yuan"),
    "dollars": Target("foreign_investment_usd"),
    "number": Target("land_mu"),
    "count": Target("jobs"),
    "day": Target("signed_on"),
    "month": Target("planned_start_month"),
    "text": Target("content"),
}
"""A column of the ledgers that is written the same way: its reader reads these cells."""
Kind = Literal["leads", "trips", "none"]


@dataclass(frozen=True, slots=True)
class LeadColumn:
    """One column: its letter and captions, what it means (None: nobody knows) and the unit of its amounts."""

    index: int
    letter: str
    caption: str
    field: str | None
    unit: str | None = None
    doubt: str | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell understood: the value in register terms, the text as it stood, a doubt or a problem with its values."""

    field: str
    at: str
    raw: str
    value: Any
    doubt: str | None = None
    problem: str | None = None
    values: Mapping[str, Any] = default(default_factory=dict)


@dataclass(slots=True)
class LeadRow:
    """One row of the sheet. ``number`` from 1; ``cells`` by field, what is not blank."""

    sheet: str
    number: int
    name: str
    cells: dict[str, Cell] = default(default_factory=dict)

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.number}"

    def value(self, name: str) -> Any:
        cell = self.cells.get(name)
        return cell.value if cell is not None and cell.problem is None else None


@dataclass(frozen=True, slots=True)
class LeadTable:
    """One sheet understood. ``reason``: msgid why it is no list of leads."""

    sheet: str
    kind: Kind
    title: str = ""
    zone: str | None = None
    stage: str | None = None
    columns: list[LeadColumn] = default(default_factory=list)
    rows: list[LeadRow] = default(default_factory=list)
    reason: str = ""


class Own(NamedTuple):
    """How the register's own sheets are known again: captions → field, and field → word → code."""

    captions: Mapping[str, str] = NOTHING
    words: Mapping[str, Mapping[str, str]] = NOTHING


def understand_leads(sheet: Sheet, said: Mapping[str, Any] = NOTHING, own: Own = Own()) -> LeadTable:  # noqa: B008
    """The sheet as rows about leads. Never raises, whatever a sheet may hold.

    ``said``: ``columns`` {letter: field or ""} and ``unit`` of a person, who overrules what is found.
    """
    grid = Grid(sheet)
    heading = _ours(grid, own) or find_heading(grid) or _first_line(grid)
    if heading is None:
        return LeadTable(sheet.name, "none", reason="No row reads like the heading of a table")
    title = read_title(grid, heading.first)
    columns = _columns(heading, said, title.unit, own)
    if all(c.field != "version" for c in columns) and any(
        target_of(path, ANY).field in OF_LEDGERS for path in heading.paths
    ):
        reason = "This is a form of a ledger; send it through the import of ledgers"
        return LeadTable(sheet.name, "none", title.text, title.zone, columns=columns, reason=reason)
    stage = lead_fields.stage_in(title.text, sheet.name, " ".join(c.caption for c in columns))
    columns = _signed(columns) if stage == "signed" else columns
    fields = {c.field for c in columns}
    naming = next((c for name in NAMING for c in columns if c.field == name), None)
    trips = {"visited", "happened_on"} <= fields
    if naming is None and not trips:
        return LeadTable(
            sheet.name, "none", title.text, title.zone, columns=columns,
            reason="No column says which lead a row is about; add one called 项目名称",
        )  # fmt: skip
    naming = next(c for c in columns if c.field == "visited") if trips else naming
    rows = _rows(grid, heading, columns, naming, own)
    return LeadTable(sheet.name, "trips" if trips else "leads", title.text, title.zone, stage, columns, rows)


def _ours(grid: Grid, own: Own) -> Heading | None:
    """The heading of a sheet that this register wrote: it carries the hidden caption of the version."""
    for row in range(min(grid.height, 8)):
        if "#version" in {grid.text(row, column) for column in range(grid.width)} and own.captions:
            return heading_at(grid, row, row)
    return None


def _signed(columns: list[LeadColumn]) -> list[LeadColumn]:
    """What a form of signed ones calls the total is the amount of the contract."""
    if any(c.field == "contract_amount_yuan" for c in columns):
        return columns
    return [
        replace(c, field="contract_amount_yuan") if c.field == "intended_amount_yuan" and not c.by_hand else c
        for c in columns
    ]


def _first_line(grid: Grid) -> Heading | None:
    """A heading that only these forms have: the first row in which three captions are known."""
    for row in range(min(grid.height, 12)):
        texts = [grid.text(row, column) for column in range(min(grid.width, 200))]
        if sum(1 for text in texts if text and lead_fields.meaning(split_unit(text)[0]).field is not None) >= 3:
            return heading_at(grid, row, row)
    return None


def _columns(heading: Heading, said: Mapping[str, Any], line_unit: str | None, own: Own) -> list[LeadColumn]:
    spoken, wanted = said.get("columns") or {}, said.get("unit")
    found: list[LeadColumn] = []
    seen: set[str] = set()
    for index, path in enumerate(heading.paths):
        parts = [split_unit(one) for one in path]
        leaf, unit = parts[-1] if parts else ("", None)
        unit = unit or next((one for _, one in reversed(parts[:-1]) if one), None)
        name = letter(index)
        field_, doubt, by_hand = own.captions.get(caption(leaf)), None, False
        if field_ is None:
            field_ = lead_fields.meaning(leaf, tuple(p for p, _ in parts[:-1])).field
        if name in spoken:
            field_, by_hand = spoken[name], True
        elif field_ == "industry" and "industry" in seen and "industry_chain" not in seen:
            field_ = "industry_chain"
        elif field_ and field_ in seen:
            field_, doubt = None, "Another column was already read as this field"
        elif field_ is None and leaf:
            doubt = "No field of a lead matches this caption"
        if field_:
            seen.add(field_)
        kind = lead_fields.KINDS.get(field_ or "", "text")
        if kind == "money" and not unit:
            unit = wanted or line_unit
        if kind == "dollars" and not unit:
            unit = "万美元"
        found.append(
            LeadColumn(
                index,
                name,
                joined(path),
                field_,
                unit if kind in ("money", "number", "dollars") else None,
                doubt,
                by_hand,
            )
        )
    stated = Counter(c.unit for c in found if c.unit and lead_fields.KINDS.get(c.field or "") == "money")
    return [_with_unit(c, stated) for c in found]


def _with_unit(column: LeadColumn, stated: Counter[str]) -> LeadColumn:
    """Where no unit is stated: that of the other amounts, else 亿元 in doubt, as forms before the contract are written."""
    if column.unit or lead_fields.KINDS.get(column.field or "") != "money":
        return column
    unit = "亿元"
    doubt = "No unit is stated; 亿元 is taken"
    if len(stated) == 1:
        unit = next(iter(stated))
        doubt = "No unit is stated; that of the other amounts is taken"
    return replace(column, unit=unit, doubt=column.doubt or doubt)


def _rows(
    grid: Grid, heading: Heading, columns: list[LeadColumn], naming: LeadColumn | None, own: Own
) -> list[LeadRow]:
    if naming is None:
        return []
    serial = next((c.index for c in columns if c.field == "serial"), None)
    facts = tuple(c.index for c in columns if c.field and c.index not in (naming.index, serial))
    places = Columns(naming.index, serial, facts, None)
    found = []
    for line in classify(grid, heading, places):
        if line.kind == "data":
            found.append(_row(grid, line.row, columns, naming, own))
    return found


def _row(grid: Grid, at: int, columns: list[LeadColumn], naming: LeadColumn, own: Own) -> LeadRow:
    row = LeadRow(grid.name, at + 1, read_name(grid.cell(at, naming.index)).text)
    for column in columns:
        if not column.field or column.field == "serial":
            continue
        raw = grid.cell(at, column.index)
        if raw is None and (merge := grid.merge_at(at, column.index)) is not None:
            raw = grid.cell(merge[0], merge[1])
        cell = _cell(column, at, raw, own)
        if cell is not None:
            row.cells[column.field] = cell
    _split_name(row)
    return row


def _cell(column: LeadColumn, row: int, raw: Any, own: Own) -> Cell | None:
    text = as_text(raw).strip()
    if not text:
        return None
    name, place = column.field or "", address(row, column.index)
    kind = lead_fields.KINDS.get(name, "text")
    if kind == "choice":
        code = own.words.get(name, NOTHING).get(text.lower()) or lead_fields.word(name, text)
        problem = None if code else "“{text}” is none of the words known for this"
        return Cell(name, place, text, code, problem=problem, values={"text": text})
    if kind == "count" and name == "likelihood":
        text, raw = text.rstrip("%％"), text.rstrip("%％")
    target = LIKE[kind]._replace(unit=column.unit)
    datum = read_cell(reader_of(target), target, column.index, raw)
    if datum is None:
        return None
    value = datum.value
    if kind in ("money", "dollars", "count") and value is not None:
        value = int(value)
    elif kind == "number" and value is not None:
        value = float(value)
    return Cell(name, place, datum.raw, value, datum.doubt, datum.problem, datum.values)


def _split_name(row: LeadRow) -> None:
    """项目名称-建设内容 in one cell: before the dash the name, behind it the content."""
    both = row.cells.pop("name_content", None)
    if both is None:
        return
    name, _, content = (
        re.split(r"(\s*[-—－]+\s*|\n)", both.raw, maxsplit=1)
        if re.search(r"[-—－\n]", both.raw)
        else (both.raw, "", "")
    )
    row.name = read_name(name).text
    row.cells["name"] = Cell("name", both.at, both.raw, row.name)
    if content.strip():
        row.cells.setdefault("content", Cell("content", both.at, both.raw, content.strip()))
