"""A page about one project: captions left of or above their values, a table of nodes, cells for signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.errors import Invalid
from app.rules.months import read_month
from app.sheets.columns import with_unit
from app.sheets.grid import Grid, as_text
from app.sheets.origins import Origin, ZoneOf, place
from app.sheets.rows import SIGNED, Line
from app.sheets.tables import Column, Row
from app.sheets.targets import Setting, Target, is_caption, split_unit, target_of
from app.sheets.titles import read_title
from app.sheets.values import Datum, read_cell, read_name, reader_of
from app.sheets.vocabulary import ledger_in
from app.sheets.workbook import address

MOST_PAIRS = 200
NODES: dict[str, str] = {
    "开工进场": "start", "打桩或基础开挖": "", "主体基础浇注": "", "主体封顶": "", "装修或设备安装调试": "",
    "试投产/交付验收": "planned_completion_month", "试投产交付验收": "planned_completion_month", "交付验收": "planned_completion_month",
    "正式投产": "planned_production_month", "项目申请报告书": "", "可研": "", "初设预审概算": "", "规划选址论证": "", "环评": "",
    "招投标": "", "审图": "", "供地": "", "供水供电": "",
}  # fmt: skip
"""Nodes of the construction and of the procedures → what the day of the node means; '' is shown and not written."""


class Page(NamedTuple):
    """What a page tells: its captions as columns, the one project, and lines that are shown only."""

    origin: Origin
    columns: list[Column]
    row: Row | None
    others: list[Line]


class _Pair(NamedTuple):
    """A caption and the place of its value (0-based); the value may be blank."""

    caption: str
    row: int
    column: int


def read_page(grid: Grid, zone_of: ZoneOf | None) -> Page:
    """The project that the page is about; None where it does not name one."""
    pairs = list(_pairs(grid))[:MOST_PAIRS]
    first = min((pair.row for pair in pairs), default=0)
    title = read_title(grid, max(first, 1))
    setting = Setting(title.period.year, title.period.last, title.ledger or ledger_in(grid.name))
    origin = Origin(grid.name, title, setting, zone_of)
    columns, cells, addresses, name = [], [], {}, None
    for n, pair in enumerate(pairs):
        target = target_of((pair.caption,), setting)
        at = address(pair.row, pair.column)
        column = with_unit(Column(n, at, split_unit(pair.caption)[0], target, target.doubt), title.unit)
        columns.append(column)
        addresses[n] = at
        raw = grid.cell(pair.row, pair.column)
        if target.field == "name":
            name = name or (read_name(raw), pair)
        elif (datum := read_cell(reader_of(column.target), column.target, n, raw, setting.year)) is not None:
            cells.append(datum)
    nodes, others = _nodes(grid, len(columns), setting, addresses)
    others += _signatures(grid)
    if name is None or not name[0].text:
        return Page(origin, columns, None, others)
    found, pair = name
    row = Row(grid.name, pair.row + 1, found.text, "", found.marks, 0, [*cells, *nodes])
    row.addresses = addresses
    place(row, origin.found([]), origin, any(one.field in ("zone", "ledger") for one in columns))
    return Page(origin, columns, row, others)


def _pairs(grid: Grid) -> Iterator[_Pair]:
    """Every known caption with the cell that belongs to it: right of it, else below it."""
    taken: set[tuple[int, int]] = set()
    for row in range(grid.height):
        for column in grid.filled(row)[:40]:
            text = grid.text(row, column)
            if (row, column) in taken or not is_caption(text) or _node(text) is not None:
                continue
            where = _value_of(grid, row, column)
            if where is not None:
                taken.add(where)
                yield _Pair(text, *where)


def _value_of(grid: Grid, row: int, column: int) -> tuple[int, int] | None:
    merge = grid.merge_at(row, column)
    right = (row, (merge[3] if merge else column) + 1)
    below = ((merge[2] if merge else row) + 1, column)
    for where in (right, below):
        text = grid.text(*where)
        if text and not is_caption(text) and not SIGNED.search(text):
            return where
    # blank: beside it, unless another caption stands there
    return right if right[1] < grid.width and not grid.text(*right) else None


def _node(text: str) -> str | None:
    bare = re.sub(r"^[(（]?\d{1,2}[)）.、]?|[\s、，,“”\"]", "", text)
    return bare if bare in NODES else None


def _nodes(grid: Grid, first: int, setting: Setting, addresses: dict[int, str]) -> tuple[list[Datum], list[Line]]:
    """Nodes with their days: those that the register keeps as values, and each as a line to be seen."""
    data: list[Datum] = []
    lines: list[Line] = []
    for row in range(grid.height):
        for column in grid.filled(row)[:40]:
            node = _node(grid.text(row, column))
            found = _day_of(grid, row, column, setting.year) if node is not None else None
            if node is None or found is None:
                continue
            month, where = found
            lines.append(Line(row, "note", f"{node} {grid.text(*where)}"))
            field = NODES[node]
            if field == "start":
                begun = setting.ledger == "in_construction" and (setting.year is None or month[:4] <= str(setting.year))
                field = "started_on" if begun else "planned_start_month"
            if field:
                n = first + len(data)
                addresses[n] = address(*where)
                value = f"{month}-01" if field == "started_on" else month
                doubt = "“{text}” of the node “{node}” is taken"
                said = {"text": grid.text(*where), "node": node}
                data.append(Datum(Target(field), n, as_text(grid.cell(*where)), value, doubt, None, said))
    return data, lines


def _day_of(grid: Grid, row: int, column: int, year: int | None) -> tuple[str, tuple[int, int]] | None:
    """The month of a node: in its row to the right, else below it."""
    places = [(row, column + step) for step in range(1, 5)] + [(row + step, column) for step in range(1, 3)]
    for where in places:
        raw = grid.cell(*where)
        if raw is None or raw == "" or isinstance(raw, bool) or not re.search(r"\d{4}|\d\D\d", grid.text(*where)):
            continue
        try:
            value = read_month(raw, end=True, year=year).value
        except Invalid:
            continue
        if value is not None:
            return value, where
    return None


def _signatures(grid: Grid) -> list[Line]:
    return [
        Line(row, "note", grid.text(row, column))
        for row in range(grid.height)
        for column in grid.filled(row)[:40]
        if SIGNED.search(grid.text(row, column))
    ]
