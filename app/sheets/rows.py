"""What each row below the heading is: a project, a total, a group, a note, or nothing."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from app.sheets.grid import Grid, is_figure, is_zero
from app.sheets.headings import Heading
from app.sheets.targets import Target
from app.sheets.vocabulary import ledger_in

RowKind = Literal["data", "total", "group", "note", "blank", "heading", "unclear"]

LONGEST_COUNT = 40
"""Signs at the end of a row in which its count stands: 1,082个（拆分后1,231项，另待核123）."""
_SPACES = re.compile(r"\s+")
_FIGURES = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_BESIDE = rf"(?:[(（，,\s]*拆分后\s*{_FIGURES}\s*[个项]?)?(?:[(（，,\s]*另待核\s*(?:{_FIGURES})?\s*[个项]?)?"
"""What stands beside an official count: 27个（拆分后31项，另待核3）."""
_COUNT = rf"[\s(（:：]*(?:共|计)?\s*(?P<count>{_FIGURES})?\s*[个项家宗]?{_BESIDE}\s*[)）]?"
_IN_TOTALS = frozenset("计其待")
"""One of these stands in every total: 合计, 其中, 另待核."""
_TOTAL = re.compile(rf"^(?:其中[:：])?(?P<of>.{{0,14}}?)(?:合计|总计|小计|共计){_COUNT}$")
_WHOLE = re.compile(r"^(?:总|全市|全部|全区|全县|本表|本页)?(?:合计|总计|共计)")
_OF_WHICH = re.compile(rf"^其中[:：]?.{{1,20}}?{_COUNT}$")
_NUMERAL = "[一二三四五六七八九十百]+"
_FIRST_ORDER = re.compile(rf"^{_NUMERAL}[、.．\s]|^{_NUMERAL}$|^第{_NUMERAL}[部类批]")
_SECOND_ORDER = re.compile(rf"^[(（]{_NUMERAL}[)）]")
_OTHER = r"(?<![\d,])(?<!拆分后)(?<!拆分后 )(?<!另待核)(?<!另待核 )"
"""No count begins here: in the middle of a figure, or where another count is told."""
_COUNTED = re.compile(rf"[(（]?\s*共?\s*{_OTHER}(?P<count>{_FIGURES})\s*[个项家宗]{_BESIDE}\s*[)）]?$")
_ONLY_PENDING = re.compile(rf"^另待核\s*{_FIGURES}\s*[个项]?$")
_NOTE = re.compile(r"^(?:备\s*注|注|说\s*明|填报说明|填表说明)\s*\d*\s*[:：]")
SIGNED = re.compile(
    r"[(（](?:签名|签字|签章|盖章|公章)[)）]|^(?:填报|填表|制表|审核|报送|复核|经办)(?:人|单位|日期|时间)\s*[:：]|^单位负责人\s*[:：]"
)
_CHILD_SERIAL = re.compile(r"^[(（]\d{1,3}[)）]$|^\d{1,4}[.-]\d{1,3}$|^[①-⑳]$")
_FACTS = frozenset(
    [
        "content",
        "investor_name",
        "construction_nature",
        "location",
        "sponsor_leader",
        "responsible_unit",
        "responsible_person",
        "construction_period",
        "planned_start_month",
        "planned_completion_month",
        "national_code",
        "code",
        "key",
        "started_on",
        "signed_on",
        "phone",
        "progress_text",
    ]
)


class Columns(NamedTuple):
    """Where the name and the serial stand, and which columns tell something of one project only.

    ``key`` is the hidden column of our own workbooks: a row that has one is a project, whatever it is called.
    """

    name: int
    serial: int | None
    facts: tuple[int, ...]
    key: int | None


class Line(NamedTuple):
    """One classified row (0-based). ``order``: 0 above all, 1 一、, 2 （一）. ``counted`` as the row itself states it.

    ``level`` of a project: 1 for a part under the project above it. ``of_which``: a share of the total above (其中).
    """

    row: int
    kind: RowKind
    text: str = ""
    order: int = 0
    counted: int | None = None
    level: int = 0
    of_which: bool = False


def columns_of(heading: Heading, targets: list[Target]) -> Columns | None:
    """None where no column can hold the names of projects. A caption left out is looked for right of 序号."""
    by_field: dict[str, int] = {}
    for column, target in enumerate(targets):
        by_field.setdefault(target.field, column)
    serial = by_field.get("serial")
    name = by_field.get("name")
    if name is None and serial is not None and serial + 1 < len(targets):
        name = serial + 1 if not heading.paths[serial + 1] and targets[serial + 1].field == "" else None
    if name is None:
        return None
    facts = tuple(column for column, target in enumerate(targets) if target.field in _FACTS)
    return Columns(name, serial, facts, by_field.get("key"))


def classify(grid: Grid, heading: Heading, columns: Columns) -> list[Line]:
    """Every row below the heading, in order."""
    lines: list[Line] = []
    after_of_which = False
    names = {grid.text(row, columns.name) for row in range(heading.first, heading.last + 1)} - {""}
    for row in range(heading.last + 1, grid.height):
        line = _line(grid, row, columns, names, after_of_which)
        after_of_which = line.of_which or (after_of_which and line.kind == "blank")
        lines.append(line)
    return lines


def _line(grid: Grid, row: int, columns: Columns, names: set[str], after_of_which: bool) -> Line:
    filled = grid.filled(row)
    serial = _text(grid, row, columns.serial)
    name = _text(grid, row, columns.name)
    if not filled or (not serial and not name and all(is_zero(grid.cell(row, column)) for column in filled)):
        return Line(row, "blank")
    if name and _text(grid, row, columns.key) and name not in names:
        return Line(row, "data", name)
    lead = grid.text(row, filled[0])
    if _NOTE.match(lead) or (SIGNED.search(lead) and not is_figure(serial)):
        return Line(row, "note", lead)
    if name in names or (len(name) < 4 and _is_numbering(grid, row, filled)):
        return Line(row, "heading", lead)
    if (total := _total(serial, name)) is not None:
        return total._replace(row=row)
    has_facts = any(_holds(grid, row, column) for column in columns.facts)
    if (group := _group(serial, name, has_facts, after_of_which)) is not None:
        return group._replace(row=row)
    if name:
        alone = len(filled) == 1 and _is_banner(grid, row, filled[0], columns)
        if alone:
            return Line(
                row, "note" if len(name) > 40 else "group", name, order=_banner_order(name), counted=counted_in(name)
            )
        return Line(row, "data", name, level=1 if _CHILD_SERIAL.match(serial) else 0)
    if len(filled) == 1 and not is_figure(grid.cell(row, filled[0])):
        return Line(row, "note", lead)
    if serial and not is_figure(serial) and not has_facts:
        return Line(
            row,
            "total" if after_of_which else "group",
            serial,
            order=1,
            counted=counted_in(serial),
            of_which=after_of_which,
        )
    return Line(row, "unclear", lead)


def is_part(line: Line) -> bool:
    """A total of one place or part (南岸市合计, 工业小计), not of the whole sheet."""
    return line.kind == "total" and not line.of_which and _WHOLE.match(line.text) is None


def parts_lead(lines: list[Line]) -> bool:
    """Do totals of parts stand above the rows they sum, as the first of them does, or below?"""
    return next((line.kind == "total" for line in lines if line.kind == "data" or is_part(line)), False)


def _text(grid: Grid, row: int, column: int | None) -> str:
    return "" if column is None else grid.text(row, column)


def _holds(grid: Grid, row: int, column: int) -> bool:
    """A fact of its own: not the echo of a cell merged down from above, not the zero of a blank form."""
    cell = grid.cell(row, column)
    return cell is not None and cell != "" and not is_zero(cell)


def _total(serial: str, name: str) -> Line | None:
    if _IN_TOTALS.isdisjoint(serial) and _IN_TOTALS.isdisjoint(name):
        return None
    for text, other in ((serial, name), (name, serial), (serial + name, "")):
        compact = _SPACES.sub("", text)
        if not compact:
            continue
        match = _TOTAL.match(compact)
        if match is not None and not (text == name and is_figure(serial)):
            said = match["count"] or (_COUNTED.match(other) or {"count": None})["count"]
            return Line(0, "total", compact, 0, _whole(said) if said else None, of_which=compact.startswith("其中"))
        if _OF_WHICH.match(compact) and compact.startswith("其中"):
            return Line(0, "total", compact, 0, counted_in(compact), of_which=True)
        if _ONLY_PENDING.match(compact):
            return Line(0, "total", compact, 0, counted_in(compact), of_which=True)
    return None


def _group(serial: str, name: str, has_facts: bool, after_of_which: bool) -> Line | None:
    """Chinese numerals number groups; where such a row has the facts of a project it is one, numbered 一、二、三."""
    if has_facts:
        return None
    text = serial + " " + name if _FIRST_ORDER.match(serial) or _SECOND_ORDER.match(serial) else (serial or name)
    for order, pattern in ((1, _FIRST_ORDER), (2, _SECOND_ORDER)):
        if pattern.match(serial) or (not serial and pattern.match(name)):
            return Line(0, "group", text.strip(), order, counted_in(text))
    return None


def counted_in(text: str) -> int | None:
    """The number of projects that a row states itself: （82个）."""
    match = _COUNTED.search(text.strip()[-LONGEST_COUNT:])
    return _whole(match["count"]) if match else None


def _whole(figures: str) -> int:
    return int(figures.replace(",", ""))


def _is_numbering(grid: Grid, row: int, filled: list[int]) -> bool:
    """The row 1 2 3 4 … or 甲 乙 1 2 under a heading that numbers the columns."""
    texts = [grid.text(row, column).strip("()（）") for column in filled]
    if len(texts) < 4:
        return False
    figures = [text for text in texts if text not in ("甲", "乙", "丙", "丁")]
    start = int(figures[0]) if figures and figures[0].isdigit() and len(figures[0]) < 3 else 0
    return start == 1 and figures == [str(start + step) for step in range(len(figures))]


def _is_banner(grid: Grid, row: int, column: int, columns: Columns) -> bool:
    """A line merged over the table. A name alone is a project of which nothing else is known yet."""
    merge = grid.merge_at(row, column)
    return merge is not None and merge[3] - merge[1] >= 2 and merge[1] <= columns.name


def _banner_order(text: str) -> int:
    return 2 if ledger_in(text) else 1
