"""The layouts of the real forms with as many rows as wanted, and with totals that are right or wrong on purpose.

Written cell by cell by an independent writer. What stands in the rows is told beside the sheet, as the reader must find it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.real_forms import Merges, Rows, detail_heading

WAN = 10_000
MONEY = ("total_investment_yuan", "invested_before_this_year_yuan", "annual_plan_yuan", "invested_this_year_yuan")


@dataclass
class Grown:
    """A sheet, and what is to be understood of it: name, groups and the four amounts in 万元 of each row."""

    rows: list[list[Any]]
    merges: list[str]
    names: list[str] = field(default_factory=list)
    groups: list[tuple[str, ...]] = field(default_factory=list)
    amounts: list[tuple[int, int, int, int]] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    """Cells with a figure that is not the sum of its rows."""

    def pair(self) -> tuple[Rows, Merges]:
        return self.rows, self.merges


def amounts(n: int) -> tuple[int, int, int, int]:
    """Total, before the year, plan, this year to July, in 万元, of the n-th project."""
    total = 1_000 + 37 * n
    return total, total // 5, total // 3, total // 7


def summed(numbers: list[int]) -> list[int]:
    """The four sums over the projects of these numbers."""
    return [sum(column) for column in zip(*(amounts(n) for n in numbers), strict=True)] if numbers else [0] * 4


def split(count: int, parts: int) -> list[list[int]]:
    """The numbers 0 to ``count`` - 1 in so many parts, uneven ones."""
    edges = [round(count * (at / parts) ** 1.3) for at in range(parts + 1)]
    return [list(range(edges[at], edges[at + 1])) for at in range(parts)]


def _off(sheet: Grown, row: list[Any], column: int, letter: str) -> None:
    """The total that was left over from last month: one figure is not what the rows come to."""
    row[column] = int(row[column]) + 1
    sheet.wrong.add(f"{letter}{len(sheet.rows) + 1}")


def _people(n: int) -> list[str]:
    return [f"东湖{n}号化工有限公司（演示）", "赵一", "钱二", "", "东湖管委会", "孙三", "李四", "", "周五"]


def _project(sheet: Grown, n: int, serial: int, groups: tuple[str, ...], extra: int) -> None:
    """One row of the annual detail: numbers as numbers or as text, as the real sheets have them."""
    said: list[Any] = list(amounts(n))
    if n % 3 == 2:
        said[0] = str(said[0])
    if n % 5 == 4:
        said[1] = f"{said[1]:,}"
    name = f"第{n}号项目（演示）"
    span = ("2009-2011", "2010-", "09.10-11.3", "2007.10-2010.12")[n % 4]
    lead = [serial, ("★" if n % 7 == 0 else "") + name, ("续建", "新开工")[n % 2], "占地50亩，年产值5亿", span]
    sheet.rows.append([*lead, *said, "建设厂房", 250, *([443] if extra else []), *_people(n)])
    sheet.names.append(name)
    sheet.groups.append(groups)
    sheet.amounts.append(amounts(n))


def _detail(title: str, extra: list[str], leader: str) -> Grown:
    heads = detail_heading(extra, "至2009年底累计完成投资（万元）", leader)
    last = "TU"[len(extra)]
    first_person = 11 + len(extra)
    over = [f"{chr(65 + at)}2:{chr(65 + at)}3" for at in range(first_person)]
    a, b, c, d = (chr(65 + first_person + step) for step in (0, 3, 4, 7))
    return Grown([[title], *heads], [f"A1:{last}1", *over, f"{a}2:{b}2", f"{c}2:{d}2", f"{last}2:{last}3"])


def flat(count: int, wrong: bool) -> Grown:
    """明细表: one total with its count in the name column, above the rows."""
    sheet = _detail("东湖经济开发区2010年项目明细表", [], "市挂钩领导")
    total = ["合计", f"{count}个", "", "", "", *summed(list(range(count))), "", 572]
    if wrong:
        _off(sheet, total, 5, "F")
    sheet.rows.append(total)
    for n in range(count):
        _project(sheet, n, n + 1, (), 0)
    return sheet


def by_place(count: int, wrong: bool) -> Grown:
    """按地区: a total of all, a total of each place, and groups 一 二 below it."""
    sheet = _detail("南岸滨海新区2010年项目明细表", ["全年完成投资额（万元） "], "市或县挂钩领导")
    sheet.rows.append(["", f"合计{count}个", "", "", "", *summed(list(range(count)))])
    for at, numbers in enumerate(split(count, 2)):
        place = f"{'南岸北坡'[2 * at : 2 * at + 2]}市合计{len(numbers)}个"
        row = ["", place, "", "", "", *summed(numbers)]
        if wrong and at == 1:
            _off(sheet, row, 7, "H")
        sheet.rows.append(row)
        half = (len(numbers) + 1) // 2
        for numeral, branch, part in (("一", "工业", numbers[:half]), ("二", "服务业", numbers[half:])):
            sheet.rows.append([numeral, branch, "", "", "", *summed(part)])
            for serial, n in enumerate(part):
                _project(sheet, n, serial + 1, (place, f"{numeral} {branch}"), 1)
    return sheet


def by_branch(count: int, wrong: bool) -> Grown:
    """按行业: groups （一）工业项目82个 merged over three columns, sums as text in part."""
    sheet = _detail("西川台商投资区2010年项目明细表", ["2010年力争完成的投资额（万元） "], "镇挂钩领导")
    sheet.rows.append(["总计", f"{count}个", "", "", "", *summed(list(range(count)))])
    for at, numbers in enumerate(split(count, 3)):
        label = f"（{'一二三'[at]}）{('工业', '农业', '旅游')[at]}项目{len(numbers)}个"
        row: list[Any] = [label, "", "", "", "", *map(str, summed(numbers))]
        if wrong and at == 2:
            _off(sheet, row, 6, "G")
            row[6] = str(row[6])
        sheet.merges.append(f"A{len(sheet.rows) + 1}:C{len(sheet.rows) + 1}")
        sheet.rows.append(row)
        for serial, n in enumerate(numbers):
            _project(sheet, n, serial + 1, (label.replace("（", "(").replace("）", ")"),), 1)
    return sheet


def by_level(count: int, wrong: bool) -> Grown:
    """分级管理: nested totals with 其中, groups of two orders, the ledger in the lower one, a unit and a person in one cell."""
    heads: list[list[Any]] = [
        ["南屏市2010年1-7月重点项目（在建、预备）计划分级管理完成情况一览表"],
        ["序号", "项目名称", "总投资               (万元)", "开工至上一年度底累计完成投资", "2010年  计划投资(万元)",
         "2010年实际完成情况", "", "", "建设单位                 及责任人", "挂点领导"],
        ["", "", "", "", "", "1-7月实际完成投资(万元)", "完成投资占年计划%", "1-7月实际形象进度"],
        [],
    ]  # fmt: skip
    merges = ["A1:J1", *[f"{one}2:{one}4" for one in "ABCDEIJ"], *[f"{one}3:{one}4" for one in "FGH"], "F2:H2"]
    sheet = Grown(heads, merges)
    parts = split(count, 4)
    begun, planned = parts[0] + parts[2], parts[1] + parts[3]
    _level_sum(sheet, f"合计（{count}项）", list(range(count)), wrong)
    _level_sum(sheet, f"其中：在建重点项目（{len(begun)}项）", begun)
    _level_sum(sheet, f"     预备重点项目（{len(planned)}项）", planned)
    for at, place in enumerate(("市本级", "东山县")):
        both = parts[2 * at] + parts[2 * at + 1]
        upper = f"{'一二'[at]}、{place}（{len(both)}项）"
        _level_sum(sheet, upper, both)
        for lower, word, numbers in (("一", "在建", parts[2 * at]), ("二", "预备", parts[2 * at + 1])):
            label = f"（{lower}）{word}（{len(numbers)}项）"
            _level_sum(sheet, label, numbers)
            for serial, n in enumerate(numbers):
                _level_row(sheet, n, serial + 1, (upper, label))
    return sheet


def _level_sum(sheet: Grown, label: str, numbers: list[int], wrong: bool = False) -> None:
    row: list[Any] = [label, "", *summed(numbers), 0.5]
    if wrong:
        _off(sheet, row, 4, "E")
    sheet.merges.append(f"A{len(sheet.rows) + 1}:B{len(sheet.rows) + 1}")
    sheet.rows.append(row)


def _level_row(sheet: Grown, n: int, serial: int, groups: tuple[str, str]) -> None:
    name = f"北岭第{n}号公路（演示）"
    share: Any = (0.5, 33.3, "45%")[n % 3]
    firm, leader = f"北岭公路{n}发展有限公司（演示）            赵一", "北岭市政府             钱二"
    sheet.rows.append([f"{serial}●" if n % 4 == 0 else serial, name, *amounts(n), share, "路基完成", firm, leader])
    sheet.names.append(name)
    sheet.groups.append(tuple(one.replace("（", "(").replace("）", ")") for one in groups))
    sheet.amounts.append(amounts(n))
