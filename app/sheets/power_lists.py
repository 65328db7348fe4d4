"""A published list of delegated items (赋权清单), as it is handed about: one table a sheet, one line an item, perhaps a column
for each zone. Captions are known whole, in the words of real lists; what is not known is named and left alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.rules.names import name_key
from app.sheets.grid import Grid
from app.sheets.workbook import Workbook, address

CAPTIONS: dict[str, tuple[str, ...]] = {
    "number": ("序号", "编号", "no"),
    "code": ("编码", "事项编码", "事项代码", "权力编码", "基本编码", "code"),
    "name": ("事项名称", "事项", "权力事项", "权力名称", "权力事项名称", "赋权事项", "赋权事项名称", "主项名称", "item"),
    "kind": ("事项类型", "事项类别", "权力类型", "权力类别", "类型", "类别", "kindofitem"),
    "department": ("原行使部门", "市级实施单位", "原实施部门", "原实施单位", "实施部门", "实施单位", "实施机关", "行使部门", "责任部门", "originaldepartment"),
    "level": ("层级", "原层级", "行使层级", "原行使层级", "originallevel"),
    "form": ("赋权形式", "调整方式", "赋权方式", "下放方式", "承接方式", "formofdelegation"),
    "basis": ("设定依据", "法律依据", "实施依据", "依据", "legalbasis"),
    "statutory_days": ("法定时限", "法定时限(工作日)", "法定办结时限", "法定期限", "statutoryworkingdays"),
    "promised_days": ("承诺时限", "承诺时限(工作日)", "承诺办结时限", "承诺期限", "promisedworkingdays"),
    "steps": ("对应环节", "对应审批环节", "stepsofthechain"),
    "reserved": ("法定不可下放", "reservedbylaw"),
    "receiving_department": ("承接部门", "承接单位", "承接机构", "receivingdepartment"),
    "remarks": ("备注", "说明", "remarks"),
}  # fmt: skip
KNOWN = {name_key(word): name for name, words in CAPTIONS.items() for word in words}
DEEPEST = 15
"""The caption stands within so many rows of the top."""
GROUP = re.compile(r"^[（(]?[一二三四五六七八九十]+[)）、．.]")
TOTALS = re.compile(r"^(合计|总计|小计|共计)")
Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class ListRow:
    """One item of a list: its row (from 1), the text of each known cell, where it stands, and the columns of zones that are marked."""

    row: int
    cells: Texts
    places: Texts
    marks: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PowerList:
    """One sheet: what it is called, its title, what was understood, the columns of zones, and captions that were not."""

    sheet: str
    title: str
    columns: Texts
    zones: Texts
    unknown: tuple[str, ...]
    rows: tuple[ListRow, ...]


def power_lists(workbook: Workbook, zones: Mapping[str, str]) -> list[PowerList]:
    """The lists in a file. ``zones``: every spelling of a zone, folded by ``name_key``, → its code."""
    return [
        found
        for sheet in workbook.sheets
        if not sheet.hidden and (found := _understood(Grid(sheet), zones)) is not None
    ]


def _understood(grid: Grid, zones: Mapping[str, str]) -> PowerList | None:
    head = _heading(grid)
    if head is None:
        return None
    columns: dict[str, int] = {}
    marked: dict[int, str] = {}
    unknown: list[str] = []
    for column in range(grid.width):
        caption = grid.merged_text(head, column)
        name = KNOWN.get(name_key(caption))
        if name is not None and name not in columns:
            columns[name] = column
        elif (zone := zones.get(name_key(caption))) is not None:
            marked[column] = zone
        elif caption and name is None:
            unknown.append(caption)
    rows = tuple(_rows(grid, head, columns, marked))
    said = {name: f"{address(head, at)} {grid.merged_text(head, at)}" for name, at in columns.items()}
    return PowerList(
        grid.name, _title(grid, head), said, {z: address(head, c) for c, z in marked.items()}, tuple(unknown), rows
    )


def _heading(grid: Grid) -> int | None:
    """The first row that names an item and at least one thing of it."""
    for row in range(min(grid.height, DEEPEST)):
        names = {KNOWN.get(name_key(grid.merged_text(row, c))) for c in range(grid.width)} - {None}
        if "name" in names and len(names) > 1:
            return row
    return None


def _title(grid: Grid, head: int) -> str:
    """What stands above the captions, in one line."""
    lines = ["".join(dict.fromkeys(grid.merged_text(row, c) for c in range(grid.width))) for row in range(head)]
    return " ".join(line for line in lines if line)


def _rows(grid: Grid, head: int, columns: Mapping[str, int], marked: Mapping[int, str]) -> list[ListRow]:
    found: list[ListRow] = []
    for row in range(head + 1, grid.height):
        cells = {name: text for name, at in columns.items() if (text := _text(grid, row, at, name))}
        if "name" not in cells or TOTALS.match(cells["name"]) or KNOWN.get(name_key(cells["name"])) == "name":
            continue
        if cells.keys() <= {"name", "number"} and len(columns) > 3 and GROUP.match(cells["name"]):
            continue  # a heading of a group: 一、市住房城乡建设局（12 项）
        places = {name: address(row, columns[name]) for name in columns}
        marks = {zone: text for at, zone in marked.items() if (text := grid.merged_text(row, at))}
        found.append(ListRow(row + 1, cells, places, marks))
    return found


AS_WRITTEN = frozenset({"name", "department", "basis", "receiving_department", "remarks"})
"""What is kept word for word, wide brackets and all; the rest is only understood."""


def _text(grid: Grid, row: int, column: int, name: str) -> str:
    """A cell's text; a merged one counts for every row under it, but a name is one item's: one merged over several columns
    is the heading of a group."""
    merge = grid.merge_at(row, column)
    if merge is not None and name in ("name", "number") and (merge[0] != row or merge[1] != merge[3]):
        return ""
    return grid.merged_written(row, column) if name in AS_WRITTEN else grid.merged_text(row, column)
