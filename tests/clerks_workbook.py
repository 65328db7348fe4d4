"""A clerk's own workbook, cell by cell as such workbooks are: two ledgers, headings of two lines, sums, groups by industry.

Nothing here uses the house's own writer. Names of firms and people are invented.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import xlsxwriter

ZONE = "东湖经济开发区"
BUILDING, PLANNED = 20, 7
INDUSTRIES = (("一、高端装备", 8), ("二、新材料", 7), ("三、食品加工", 5))
PEOPLE = ("李文静", "赵立新", "孙晓梅")
SPONSOR = "郭启明"
HEADING = (
    ("序号", None), ("项目名称", None), ("建设性质", None), ("投资主体", None), ("建设内容及规模", None),
    ("投资（万元）", ("总投资", "至2025年底累计完成", "2026年计划投资", "2026年1-10月完成投资")),
    ("形象进度", None), ("开工时间", None), ("计划竣工时间", None), ("包挂领导", None), ("责任单位", None), ("责任人", None),
    ("联系电话", None), ("备注", None),
)  # fmt: skip
PLANNED_HEADING = (
    "序号", "项目名称", "投资主体", "建设内容及规模", "建设地点", "总投资（亿元）", "签约时间", "计划开工时间", "计划竣工时间",
    "包挂领导", "责任单位", "责任人", "备注",
)  # fmt: skip


def building(n: int) -> dict[str, Any]:
    """The n-th project under construction, as its row says it; amounts in 万元."""
    total, plan = 60_000 - 1_500 * n, 20_000 - 500 * n
    return {
        "name": f"东湖第{n + 1}期智能产线（演示）", "nature": "续建" if n % 2 else "新开工", "firm": f"东湖{'甲乙丙丁'[n % 4]}业有限公司（演示）",
        "content": f"建设车间 {n + 1} 栋", "total": total, "before": 3_000 if n % 2 else 0, "plan": plan, "year": plan // 2,
        "progress": "主体施工", "start": "2025.6" if n % 2 else "2026.3", "end": "2027.12", "person": PEOPLE[n % 3],
    }  # fmt: skip


def planned(n: int) -> dict[str, Any]:
    """The n-th project that is to start, as its row says it; its total in 亿元."""
    return {
        "name": f"东湖拟建第{n + 1}号项目（演示）",
        "firm": f"东湖筹建{n + 1}公司（演示）",
        "total": 1.5 + n / 10,
        "person": PEOPLE[n % 3],
    }


def workbook(path: Path) -> Path:
    """Write the workbook to ``path``."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        _building(book.add_worksheet("在建"))
        _planned(book.add_worksheet("拟开工及扩建"))
    path.write_bytes(out.getvalue())
    return path


def _building(sheet: Any) -> None:
    sheet.merge_range("A1:Q1", f"{ZONE}在建项目台账（2026年10月）")
    sheet.write(1, 0, "填报单位：东湖经济开发区项目办")
    sheet.write(1, 15, "单位：万元")
    column = 0
    for title, below in HEADING:
        if below is None:
            sheet.merge_range(2, column, 3, column, title)
            column += 1
        else:
            sheet.merge_range(2, column, 2, column + len(below) - 1, title)
            for n, one in enumerate(below):
                sheet.write(3, column + n, one)
            column += len(below)
    rows = [building(n) for n in range(BUILDING)]
    _sums(sheet, 4, "合计", f"{BUILDING}个", rows)
    line, done = 5, 0
    for name, count in INDUSTRIES:
        _sums(sheet, line, name, f"{count}个", rows[done : done + count])
        line += 1
        for n in range(done, done + count):
            r = rows[n]
            cells = [n + 1, r["name"], r["nature"], r["firm"], r["content"], r["total"], r["before"], r["plan"], r["year"], r["progress"],
                     r["start"], r["end"], SPONSOR, "项目办", r["person"], "", ""]  # fmt: skip
            sheet.write_row(line, 0, cells)
            line += 1
        done += count
    sheet.write(line, 0, "填表人：李文静　　　审核人：　　　负责人：")


def _sums(sheet: Any, line: int, title: str, count: str, rows: list[dict[str, Any]]) -> None:
    sheet.write_row(line, 0, [title, count])
    for n, name in enumerate(("total", "before", "plan", "year")):
        sheet.write(line, 5 + n, sum(r[name] for r in rows))


def _planned(sheet: Any) -> None:
    sheet.merge_range("A1:M1", f"{ZONE}拟开工及扩建项目台账（2026年10月）")
    sheet.write_row(1, 0, PLANNED_HEADING)
    sheet.write_row(2, 0, ["合计", f"{PLANNED}个"])
    for n in range(PLANNED):
        r = planned(n)
        cells = [
            n + 1,
            r["name"],
            r["firm"],
            "建设厂房",
            "纬三路",
            r["total"],
            "2026.2.5",
            "2026.12",
            "2027.12",
            SPONSOR,
            "项目办",
            r["person"],
            "",
        ]
        sheet.write_row(3 + n, 0, cells)
