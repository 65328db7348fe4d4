"""A page about one project: captions left of or above their values, a table of nodes, cells for signatures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from app.errors import Invalid
from app.rules.months import read_month
from app.sheets.columns import columns_called
from app.sheets.grid import Grid, as_text
from app.sheets.origins import NOWHERE, Origin, ZoneOf, place
from app.sheets.rows import SIGNED, Line
from app.sheets.sayings import NOTHING_SAID, Said
from app.sheets.tables import Column, Row
from app.sheets.targets import Setting, Target, is_caption
from app.sheets.titles import read_title
from app.sheets.values import Datum, Name, one_line, read_cell, read_name, reader_of
from app.sheets.vocabulary import ledger_in
from app.sheets.workbook import address, place_of

MOST_PAIRS, MOST_SHOWN, LONGEST_LABEL = 400, 200, 20
Place = tuple[int, int]
"""Row and column of a cell, from 0."""
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
    """A caption, its cell, and the place of its value (0-based); the value may be blank."""

    caption: str
    label: Place
    row: int
    column: int

    @property
    def at(self) -> str:
        """The cell of the label, by which a person says what it means."""
        return address(*self.label)


def read_page(grid: Grid, zone_of: ZoneOf | None, said: Said = NOTHING_SAID) -> Page:
    """The project that the page is about; None where it does not name one. What a person ``said`` of a label overrules."""
    ours = said.page is not None
    pairs = _written(grid, said.page or {}) if ours else _pairs(grid, set(_places(said.labels)))
    first = min((pair.row for pair in pairs), default=0)
    title = read_title(grid, max(first, 1))
    found = Setting(title.period.year, title.period.last, title.ledger or ledger_in(grid.name))
    setting = Setting() if ours else found  # the name in our title may hold a year
    origin = Origin(grid.name, title, setting, zone_of)
    columns = _columns(grid, pairs, setting, title.unit, said)
    addresses = {column.index: column.value_at for column in columns}
    cells, name = [], None
    for column, pair in zip(columns, pairs, strict=True):
        raw = grid.cell(pair.row, pair.column)
        if column.field == "name":
            name = (Name(one_line(as_text(raw)), "", False) if ours else read_name(raw), pair)
        elif (datum := read_cell(reader_of(column.target), column.target, column.index, raw, setting.year)) is not None:
            cells.append(datum)
    nodes, others = ([], []) if ours else _nodes(grid, len(columns), setting, addresses)
    others += _signatures(grid)
    if name is None or not name[0].text:
        return Page(origin, columns, None, others)
    called, pair = name
    row = Row(grid.name, pair.row + 1, called.text, "", called.marks, 0, [*cells, *nodes])
    row.addresses = addresses
    place(row, NOWHERE if ours else origin.found([]), origin, any(one.field in ("zone", "ledger") for one in columns))
    return Page(origin, columns, row, others)


def _columns(grid: Grid, pairs: list[_Pair], setting: Setting, unit: str | None, said: Said) -> list[Column]:
    """The captions as columns, each with the cell of its value and what stands there."""
    hers = {n: said.labels[pair.at] for n, pair in enumerate(pairs) if pair.at in said.labels}
    values = [as_text(grid.cell(pair.row, pair.column)) for pair in pairs]
    blank = {n for n, value in enumerate(values) if not value}
    found = columns_called([(pair.caption,) for pair in pairs], [pair.at for pair in pairs], setting, unit, hers, blank)
    return [
        replace(column, value_at=address(pair.row, pair.column), value=value[:MOST_SHOWN])
        for column, pair, value in zip(found, pairs, values, strict=True)
    ]


# ── which cell belongs to which label ────────────────────────────────────────────────────────────────────────────────
def _pairs(grid: Grid, hers: set[Place]) -> list[_Pair]:
    """Every label with the cell that belongs to it, in reading order: the known captions and those she named first, then
    what else stands where a label would, so that she can say what it is."""
    known = {at for at in _texts(grid) if at in hers or _is_known(grid.text(*at))}
    taken: set[Place] = set()
    found = [pair for at in sorted(known) if at in hers or at not in taken if (pair := _pair(grid, at, known, taken))]
    top = min((at[0] for at in known), default=0)
    nodes = {row for row, column in _texts(grid) if _node(grid.text(row, column)) is not None}
    for at in _texts(grid):
        if at in known or at in taken or at[0] < top or at[0] in nodes or not _may_be_label(grid, *at):
            continue
        if (pair := _pair(grid, at, known, taken)) is not None:
            found.append(pair)
    return sorted(found[:MOST_PAIRS], key=lambda pair: pair.label)


def _places(names: Iterable[str]) -> Iterator[Place]:
    return (at for name in names if (at := place_of(name)) is not None)


def _written(grid: Grid, captions: Mapping[str, str]) -> list[_Pair]:
    """The labels of a page that this register wrote: the value always stands right of the label."""
    return [_Pair(captions[address(*at)], at, at[0], at[1] + 1) for at in sorted(_places(captions))]


def _texts(grid: Grid) -> Iterator[Place]:
    return ((row, column) for row in range(grid.height) for column in grid.filled(row)[:40])


def _is_known(text: str) -> bool:
    return is_caption(text) and _node(text) is None and not SIGNED.search(text)


def _may_be_label(grid: Grid, row: int, column: int) -> bool:
    """A short text that is no figure and no signature."""
    text = grid.text(row, column)
    return 1 < len(text) <= LONGEST_LABEL and not re.match(r"[\d.,%-]+", text) and not SIGNED.search(text)


def _pair(grid: Grid, at: Place, labels: set[Place], taken: set[Place]) -> _Pair | None:
    """The label with its value, which from now on is taken."""
    where = _value_of(grid, at, labels, taken)
    if where is None:
        return None
    taken.add(where)
    return _Pair(grid.text(*at), at, *where)


def _value_of(grid: Grid, at: Place, labels: set[Place], taken: set[Place]) -> Place | None:
    merge = grid.merge_at(*at)
    right = (at[0], (merge[3] if merge else at[1]) + 1)
    below = ((merge[2] if merge else at[0]) + 1, at[1])
    for where in (right, below):
        text = grid.text(*where)
        if text and where not in labels and where not in taken and not SIGNED.search(text):
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
