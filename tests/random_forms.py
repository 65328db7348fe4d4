"""Random ledgers on random layouts, written by a writer that knows nothing of the house's own.

Every layout is one that was seen in the field: one to four rows of headings, merged or as WPS leaves them, the unit in a
line or in the captions, totals above or below, groups by numeral, figures as numbers or as text, notes and signatures.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from app.sheets.workbook import Merge, Sheet, address

UNIT_POWER = {"元": 0, "万元": 4, "亿元": 8}
FIELDS = ("construction_nature", "content", "investor_name", "total_investment_yuan", "invested_before_this_year_yuan",
          "annual_plan_yuan", "invested_this_year_yuan", "planned_completion_month", "sponsor_leader")  # fmt: skip
MONEY = tuple(field for field in FIELDS if field.endswith("_yuan"))
CAPTIONS = {
    "construction_nature": ("项目性质", "建设\n性质", "建设性质"),
    "content": ("建设内容及规模", "主要建设内容", "建设内容\n（50字以内）"),
    "investor_name": ("投资主体", "业主  单位", "建设单位"),
    "total_investment_yuan": ("总投资", "项目总投资", "总 投 资"),
    "invested_before_this_year_yuan": ("至2025年底累计完成投资", "开工至上年底累计完成投资", "至上年底累计"),
    "annual_plan_yuan": ("2026年计划投资", "年度计划投资额", "2026年  计划投资"),
    "invested_this_year_yuan": ("2026年1-5月完成投资", "1—5月累计完成投资", "年初至本月累计完成投资"),
    "planned_completion_month": ("计划竣工", "预计竣工时间", "计划竣工\n时间"),
    "sponsor_leader": ("包挂领导", "挂钩领导", "包联领导"),
}
EXTRAS = ("derived", "zone", "responsible_unit", "responsible_person")
NATURES = {"续建": "carried_over", "新开工": "new_start", "竣工投产": "completing", "前期": "preparatory"}
GROUPS = ("一、", "（一）", "一")

_words = st.text("东西南北湖山河海化工机械电子材料新能源食品纺织", min_size=2, max_size=10)
_yuan = st.one_of(st.none(), st.integers(0, 10**12))


@dataclass(frozen=True)
class Project:
    name: str
    nature: str
    content: str | None
    investor: str | None
    amounts: tuple[int | None, ...]
    month: str | None
    leader: str | None
    zone: str | None
    unit: str | None
    person: str | None

    def values(self) -> dict[str, Any]:
        """What the reader must find, by field."""
        money = dict(zip(MONEY, self.amounts, strict=True))
        rest = {"construction_nature": NATURES[self.nature], "content": self.content, "investor_name": self.investor,
                "planned_completion_month": self.month, "sponsor_leader": self.leader, "zone": self.zone,
                "responsible_unit": self.unit, "responsible_person": self.person}  # fmt: skip
        return {field: value for field, value in {**rest, **money}.items() if value is not None}


@dataclass(frozen=True)
class Layout:
    unit: str
    unit_place: str
    levels: int
    merged: bool
    total: str
    group: str
    as_text: bool
    blank_row: bool
    numbered: bool
    note: bool
    captions: tuple[int, ...]
    month_form: str
    flags: bool
    mixed: bool
    """The total is in 亿元, the rest in the sheet's unit; only where captions name units."""
    ledgers: bool
    """The groups are ledgers, not branches."""
    extras: bool
    """A share, a zone of the row, and a heading of unit and person stand to the right."""
    blanks: bool
    """Rows and cells of blanks, inside and outside the table, as forms are full of."""

    def unit_of(self, field: str) -> str:
        """What an amount is written in."""
        return "亿元" if self.mixed and self.unit_place == "caption" and field == MONEY[0] else self.unit

    def ledger_of(self, at: int, count: int) -> str:
        """The ledger of the ``at``-th of ``count`` projects: that of its group, else that of the title."""
        return "reserve" if self.ledgers and self.group and at >= (count + 1) // 2 else "in_construction"


projects = st.lists(
    st.builds(
        Project,
        name=_words.map(lambda word: word + "项目（演示）"),
        nature=st.sampled_from(sorted(NATURES)),
        content=st.none() | _words.map(lambda word: "建设" + word),
        investor=st.none() | _words.map(lambda word: word + "有限公司（演示）"),
        amounts=st.tuples(*[_yuan] * len(MONEY)),
        month=st.none() | st.builds("{}-{:02}".format, st.integers(2026, 2031), st.integers(1, 12)),
        leader=st.none() | st.sampled_from(["赵一", "钱二", "孙三三"]),
        zone=st.none() | st.sampled_from(["嘉明经开区", "市高新区"]),
        unit=st.none() | _words.map(lambda word: word + "管委会"),
        person=st.none() | st.sampled_from(["周五", "吴六六"]),
    ),
    min_size=1,
    max_size=9,
)
layouts = st.builds(
    Layout,
    unit=st.sampled_from(sorted(UNIT_POWER)),
    unit_place=st.sampled_from(["line", "caption", "title"]),
    levels=st.integers(1, 4),
    merged=st.booleans(),
    total=st.sampled_from(["above", "below", "both", "none"]),
    group=st.sampled_from(["", *GROUPS]),
    as_text=st.booleans(),
    blank_row=st.booleans(),
    numbered=st.booleans(),
    note=st.booleans(),
    captions=st.tuples(*[st.integers(0, 2)] * len(FIELDS)),
    month_form=st.sampled_from(["{}-{}", "{}年{}月", "{}.{}", "{}/{}"]),
    flags=st.booleans(),
    mixed=st.booleans(),
    ledgers=st.booleans(),
    extras=st.booleans(),
    blanks=st.booleans(),
)


class Pen:
    """Writes one sheet from top to bottom."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.rows: list[list[Any]] = []
        self.merges: list[Merge] = []
        self.width = 2 + len(FIELDS) + (len(EXTRAS) if layout.extras else 0)

    def sheet(self, ledger: list[Project]) -> Sheet:
        layout = self.layout
        title = "市经开区2026年5月在建项目台账" + (f"（单位：{layout.unit}）" if layout.unit_place == "title" else "")
        self._across(title)
        if layout.blank_row:
            self.rows.append([])
        if layout.unit_place == "line":
            self._across(f"计量单位：{layout.unit}")
        self._heading()
        if layout.numbered:
            self.rows.append([str(at + 1) for at in range(self.width)])
        if layout.total in ("above", "both"):
            self._sums("合  计", ledger)
        self._body(ledger)
        if layout.total in ("below", "both"):
            self._sums("总计", ledger)
        if layout.note:
            self._across("备注：项目性质是指本年新开工、竣工、续建、前期工作。")
        return Sheet("在建", self.rows, sorted(self.merges))

    def _across(self, text: str) -> None:
        self.merges.append((len(self.rows), 0, len(self.rows), self.width - 1))
        self.rows.append([text])

    def _heading(self) -> None:
        """序号 and 项目名称 span all levels; the amounts stand under as many headings as there are levels to fill."""
        levels, top = self.layout.levels, len(self.rows)
        block: list[list[Any]] = [[None] * self.width for _ in range(levels)]
        block[0][0], block[0][1] = "序号", "项目名称"
        for at, field in enumerate(FIELDS):
            text = CAPTIONS[field][self.layout.captions[at]]
            if field in MONEY and self.layout.unit_place == "caption":
                text += f"\n（{self.layout.unit_of(field)}）"
            block[levels - 1 if field in MONEY else 0][at + 2] = text
        if self.layout.extras:
            self._extra_heading(block, top)
        first = 2 + FIELDS.index(MONEY[0])
        last = first + len(MONEY) - 1
        for level in range(levels - 1):
            block[level][first] = ("投资情况", "其中", "完成情况")[level]
            if self.layout.merged:
                self.merges.append((top + level, first, top + level, last))
        if self.layout.merged and levels > 1:
            singles = [
                column
                for column in range(self.width)
                if not first <= column <= last and column - 2 - len(FIELDS) not in (2, 3)
            ]
            self.merges += [(top, column, top + levels - 1, column) for column in singles]
        self.rows += block

    def _extra_heading(self, block: list[list[Any]], top: int) -> None:
        """占年计划, 所属园区, and below 责任单位 the unit's name and its person; in one row of captions all by themselves."""
        at, levels = 2 + len(FIELDS), len(block)
        block[0][at : at + 2] = "占年度计划\n（%）", "所属园区"
        if levels == 1:
            block[0][at + 2 : at + 4] = "责任单位", "责任人"
            return
        block[0][at + 2] = "责任单位"
        block[1][at + 2 : at + 4] = "单位名称", "责任人"
        if self.layout.merged:
            self.merges.append((top, at + 2, top, at + 3))
            if levels > 2:
                self.merges += [(top + 1, column, top + levels - 1, column) for column in (at + 2, at + 3)]

    def _body(self, ledger: list[Project]) -> None:
        half = (len(ledger) + 1) // 2
        parts = [ledger[:half], ledger[half:]] if self.layout.group else [ledger]
        for at, part in enumerate(parts):
            if self.layout.group and part:
                self._group(at, part)
            for number, project in enumerate(part):
                self._project(number + 1, project)

    def _group(self, at: int, part: list[Project]) -> None:
        numeral = self.layout.group.replace("一", "一二"[at])
        name = ("在建项目", "储备项目")[at] if self.layout.ledgers else ("工业项目", "服务业项目")[at]
        if self.layout.group == "一":
            self._sums(numeral, part, name)
        else:
            self.merges.append((len(self.rows), 0, len(self.rows), 1))
            self._sums(f"{numeral}{name}（{len(part)}项）", part)

    def _sums(self, label: str, part: list[Project], name: str | None = None) -> None:
        row: list[Any] = [None] * self.width
        row[0], row[1] = label, name
        for at, field in enumerate(FIELDS):
            if field in MONEY:
                known = [value for project in part if (value := project.values().get(field)) is not None]
                row[at + 2] = self._money(sum(known), field)
        self.rows.append(row)

    def _project(self, number: int, project: Project) -> None:
        row: list[Any] = [float(number), ("★" if self.layout.flags else "") + project.name]
        for field in FIELDS:
            value = project.values().get(field)
            if field == "construction_nature":
                row.append(project.nature)
            elif field in MONEY:
                row.append(self._money(value, field))
            elif field == "planned_completion_month" and value:
                year, month = value.split("-")
                row.append(self.layout.month_form.format(year, month if "." in self.layout.month_form else int(month)))
            else:
                row.append(" " if value is None else value)
        if self.layout.extras:
            row += [(0.7, "70%", 70.0)[number % 3], *(project.values().get(one, "") for one in EXTRAS[1:])]
        self.rows.append(row)
        if self.layout.blanks:
            row += ["", " ", None, "\u3000"]
            if number % 3 == 0:
                self.rows += [[], ["  ", None, "\u3000"]]

    def _money(self, yuan: int | None, field: str) -> Any:
        if yuan is None:
            return "  " if self.layout.as_text else None
        figure = Decimal(yuan).scaleb(-UNIT_POWER[self.layout.unit_of(field)])
        return f"{figure:,f}" if self.layout.as_text else float(figure)


def excel_merges(sheet: Sheet) -> list[str]:
    """Merged ranges as a workbook names them."""
    return [f"{address(top, left)}:{address(bottom, right)}" for top, left, bottom, right in sheet.merges]
