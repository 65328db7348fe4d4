"""A ledger in a master's layout: the same title, heading tree, merges and widths, totals and notes where the form has them.

The original file cannot be written into (nothing here edits .xls, and what writes .xlsx writes new files), so the layout is
drawn again. Beside it stand hidden columns: key and version of each row, and what each column means, so that the sheet is
understood when it comes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import xlsxwriter

from app.rules.amounts import in_unit
from app.sheets.blanks import Layout
from app.sheets.drawing import ROW_POINTS, SUM_POINTS, Drawing, Lines
from app.sheets.forms import KEY_TITLE, VERSION_TITLE, FormColumn, safe_text
from app.sheets.rowtext import rows_of
from app.sheets.styles import Styles
from app.sheets.workbook import address
from app.sheets.writing import sheet_name

MEANING_TITLE = "#columns"
"""Caption of the hidden column that says how many heading rows there are and what each column means."""
_ROOM_FOR_YEAR = re.compile(r"(?:20[xX×＊*]{2}|[xX×＊*]{2,4}|<yyyy>|_{2,}|[ \u3000]{2,})(?=年)")
_ROOM_FOR_MONTH = re.compile(r"(?<=年)(?P<from>1[-—~至])?(?:[xX×＊*]{1,2}|<M>|_{1,}|[ \u3000]{1,})(?=月)")
_ROOM_FOR_ZONE = re.compile(
    r"(?:[xX×＊*]{2,}|_{2,}|[ \u3000]{2,})(?:经济技术|高新技术产业|经济)?(?:开发区|经开区|高新区|度假区|园区)"
)
_ROOM_FOR_SENDER = re.compile(
    r"(?P<what>(?:填报|报送|填表|制表)(?:单位|部门)\s*(?:[(（][^)）]{0,6}[)）])?\s*[:：])[_ \u3000]*"
)


@dataclass(frozen=True)
class Filling:
    """What a form is filled with: the zone's name, year and month (None: not known), the sums, a band and a note."""

    zone: str = ""
    year: int | None = None
    month: int | None = None
    total: Mapping[str, Any] | None = None
    count: int = 0
    notes: Sequence[str] = field(default_factory=tuple)
    band: str = ""
    footer: str = "&P / &N"


def write_master(out: Path, layout: Layout, columns: Sequence[FormColumn], filling: Filling, lines: Lines) -> int:
    """Write one sheet in the form's layout; how many projects it holds. ``columns`` are the layout's, filled ones typed."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(out), options) as book:
        sheet = book.add_worksheet(sheet_name(layout.sheet, set()))
        return _Master(sheet, Styles(book), layout, columns, filling).write(lines)


def filled(text: str, filling: Filling, layout: Layout) -> str:
    """A text of the form with zone, year and month: where it left room for them, and in the place of its own."""
    if filling.zone and layout.zone:
        text = text.replace(layout.zone, filling.zone)
    if filling.year is not None and layout.year is not None:
        step = filling.year - layout.year
        text = re.sub(r"(?<!\d)(?:19|20)\d\d(?=年)", lambda m: str(int(m[0]) + step), text)
    if filling.month is not None and layout.month is not None:
        text = re.sub(rf"(?<![\d])1([-—~至～]){layout.month}(?=月)", lambda m: f"1{m[1]}{filling.month}", text)
    if filling.year is not None:
        text = _ROOM_FOR_YEAR.sub(str(filling.year), text)
    if filling.month is not None:
        text = _ROOM_FOR_MONTH.sub(lambda m: f"{m['from'] or ''}{filling.month}", text)
    if filling.zone:
        text = _ROOM_FOR_ZONE.sub(filling.zone, text)
        text = _ROOM_FOR_SENDER.sub(lambda m: f"{m['what']}{filling.zone}　　", text)
    return text


def _wide_enough(column: FormColumn, filling: Filling) -> FormColumn:
    """A figure that does not fit its column is shown as ####; a text is only wrapped, so it keeps the form's width."""
    least = {"day": 11.0, "percent": 7.0, "money": 9.0}.get(column.kind, 0.0)
    total = (filling.total or {}).get(column.key)
    if column.kind == "money" and total is not None:
        least = max(least, len(f"{in_unit(total, column.unit):,.{column.shown_digits}f}") * 1.2 + 2)
    return replace(column, width=max(column.width, least))


class _Master(Drawing):
    """One sheet in a master's layout."""

    hidden = 3

    def __init__(
        self, sheet: Any, styles: Styles, layout: Layout, columns: Sequence[FormColumn], filling: Filling
    ) -> None:
        super().__init__(sheet, styles, [_wide_enough(c, filling) for c in columns], filling.footer)
        self.layout, self.filling = layout, filling

    def write(self, lines: Lines) -> int:
        self._set_columns()
        for at, texts in enumerate(self.layout.top):
            self._top_row(at, texts)
        self._declare(self.layout.merges, 0)
        below = len(self.layout.top)
        self._set_print(self.layout.heading[0], below)
        self.sheet.freeze_panes(below, self._name_end())
        if self.layout.total and not self.layout.total_below:
            self._total()
        self._body(lines)
        if self.layout.total and self.layout.total_below:
            self._total()
        self._whole_amounts(below)
        self._foot()
        return self.count

    def _top_row(self, at: int, texts: list[str]) -> None:
        first, last = self.layout.heading
        styles, heading = self.styles, first <= at
        style = styles.heading if heading else styles.title if at == self.layout.title_row else styles.left
        self.sheet.set_row(at, 30 if at == self.layout.title_row else self._height(at, texts) if heading else 18)
        for column, text in enumerate(texts):
            said = safe_text(filled(text, self.filling, self.layout))
            if said:
                self.sheet.write_string(at, column, said, style)
            elif heading:
                self.sheet.write_blank(at, column, None, style)
        if at == self.layout.title_row and self.filling.band and self.width > 1:
            self._band(at, texts)
        if at == first:
            titles = (KEY_TITLE, VERSION_TITLE, f"{MEANING_TITLE} {last - first + 1};{self._meanings()}")
            for column, title in enumerate(titles):
                self.sheet.write_string(at, self.width + column, title, styles.hidden)
        self.row = at + 1

    def _height(self, at: int, texts: list[str]) -> float:
        """As high as the captions of this row need that do not reach further down."""
        spans = {(m[0], m[1]): m for m in self.layout.merges}
        rows = 1
        for column, text in enumerate(texts):
            _, left, bottom, right = spans.get((at, column), (at, column, at, column))
            if text and bottom == at:
                rows = max(rows, rows_of(text, sum(c.width for c in self.columns[left : right + 1])))
        return max(22.0, rows * ROW_POINTS + 4)

    def _band(self, at: int, texts: list[str]) -> None:
        """No print may lose that these are demo data: beside the title, where the form has no row for it."""
        title = filled(next((t for t in texts if t), ""), self.filling, self.layout)
        self.sheet.write_string(at, 0, safe_text(f"{title}（{self.filling.band}）"), self.styles.title)

    def _meanings(self) -> str:
        return ",".join(f"{c.key}/{c.unit}" if c.kind == "money" else c.key for c in self.columns)

    def _declare(self, merges: Iterable[Sequence[int]], down: int) -> None:
        for top, left, bottom, right in merges:
            self._merge(top + down, left, bottom + down, right)

    def _total(self) -> None:
        """合计 as the form writes it, with its count if it has one; then the figures."""
        if self.filling.total is None:
            return
        name_end, look = self._name_end(), self.styles.total
        labels = [re.sub(r"\d+", str(self.filling.count), t.strip()) for t in (self.layout.total or [])[:name_end]]
        self.sheet.set_row(self.row, SUM_POINTS)
        said = [t for t in labels if t]
        if len(said) == 1 and labels[0]:
            self._across(safe_text(said[0]), look.label, 0, name_end - 1)
        else:
            for at, text in enumerate(labels):
                self.sheet.write_string(self.row, at, safe_text(text), look.label)
        for at in range(name_end, self.width):
            self._cell(at, self.columns[at], self.filling.total.get(self.columns[at].key), look.of(self.columns[at]))
        self.row += 1

    def _whole_amounts(self, first: int) -> None:
        """A whole amount is shown without a fraction, as forms have it; what stands in its cell is the same."""
        for at, column in enumerate(self.columns):
            if column.kind == "money" and column.shown_digits and self.row > first:
                cell = address(first, at)
                rule = {"type": "formula", "criteria": f"={cell}=ROUND({cell},0)", "format": self.styles.whole}
                self.sheet.conditional_format(first, at, self.row - 1, at, rule)

    def _foot(self) -> None:
        start = self.row
        for texts in self.layout.foot:
            for column, text in enumerate(texts):
                if text:
                    self.sheet.write_string(
                        self.row, column, safe_text(filled(text, self.filling, self.layout)), self.styles.left
                    )
            self.row += 1
        self._declare(self.layout.foot_merges, start)
        for note in self.filling.notes:
            self._across(safe_text(note), self.styles.left, 0, self.width - 1)
            self.row += 1
