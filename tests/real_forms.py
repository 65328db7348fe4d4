"""The layouts of real forms of this field, rebuilt cell by cell with invented names.

Nothing here uses the house's own writer: a reader tested only against its own writer would learn its habits.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter
import xlwt

Rows = Sequence[Sequence[Any]]
Merges = Sequence[str]


def workbook(sheets: Mapping[str, tuple[Rows, Merges]]) -> bytes:
    """An .xlsx of plain cells and merged ranges (``A1:T1``); None and '' are left empty."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 11, 24, tzinfo=UTC)})  # the same bytes each time
        plain = book.add_format()
        for name, (rows, merges) in sheets.items():
            sheet = book.add_worksheet(name)
            for merge in merges:
                sheet.merge_range(merge, "", plain)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str) and value:
                        sheet.write_string(at, column, value)
                    elif value is not None and value != "":
                        sheet.write_number(at, column, value)
    return out.getvalue()


PEOPLE = ["业主名称", "负责人", "联系人", "电话", "单位名称", "责任人", "联络人", "电话"]


def detail_heading(extra: list[str], before: str, leader: str) -> list[list[Any]]:
    top = [
        "序号", "项目名称", "项目性质", "建设内容及规模", "建设起止时间", "总投资\n（万元）", before,
        "2010年计划投资\n（万元）", "2010年1-7月完成投资（万元）", "后五个月项目进度关键节点的安排",
        "大干150天力争完成的投资额（万元）", *extra, "项目业主单位", "", "", "", "市或县挂钩责任单位", "", "", "", leader,
    ]  # fmt: skip
    return [top, [""] * (11 + len(extra)) + PEOPLE]


def zone_annual_detail() -> bytes:
    """Three zones' yearly tables: left-over totals over one real row each, units in headings, text numbers, flags."""
    east = [
        ["东湖经济开发区2010年项目明细表"],
        *detail_heading([], "至2009年底累计完成投资（万元）", "市挂钩领导"),
        ["合计", "13个", "", "", "", 2378910, 305000, 1001453, 429239, "", 572214],
        [1, "★东湖甲苯一体化工程（演示）", "续建", "分馏、加氢装置", "2009-2011", 1378400, 300000, 670000, 387534, "8月 1.楼封顶；",
         282466, "东湖化工有限公司（演示）", "赵一", "钱二", "", "东湖管委会", "孙三", "李四", "", "周五"],
    ]  # fmt: skip
    south = [
        ["南岸滨海新区2010年项目明细表"],
        *detail_heading(["全年完成投资额（万元） "], "至2009年底累计完成投资", "市或县挂钩领导"),
        ["", "合计37个", "", "", "", 3730686, 342414, 419010, 221267, "", 221786, 443053],
        ["", "南岸市合计14个", "", "", "", 1139260, 80000, 172310, 67565, "", 89865, 157430],
        ["一", "工业", "", "", "", 795260, 0, 82000, 27725, "", 52555, 80280],
        [1, "体育用品（演示）", "新开工", "占地50亩", "2010-", 9200, 0, 6000, 3495, "建设厂房", 2505, 6000,
         "滨海体育用品有限公司（演示）", "吴六", "郑七", "", "东园镇政府", "王八", "冯九", "", "陈十"],
    ]  # fmt: skip
    west = [
        ["西川台商投资区2010年项目明细表"],
        *detail_heading(["2010年力争完成的投资额（万元） "], "至2009年底累计完成投资（万元）", "镇挂钩领导"),
        ["总计", "131个", "", "", "", 2482317, 310425, 488317, 265811, "", "333149", "598960"],
        ["（一）工业项目82个", "", "", "", "", "1847655", "65858", 273748, 162730, "", 175888, 338618],
        [1, "水泥（演示）", "续建", "两条粉磨线，4.7万㎡，年产值5亿", "09.10-11.3", "20000", "9766", 8000, 6604, "年底前投产", 3630, 10234,
         "西川水泥有限公司（演示）", "褚一", "卫二", "", "西川开发区管委会", "蒋三", "沈四", "", "蒋三"],
    ]  # fmt: skip
    wide = [f"{letter}2:{letter}3" for letter in "ABCDEFGHIJKLU"]
    return workbook({
        "明细表": (east, ["A1:T1", *[f"{one}2:{one}3" for one in "ABCDEFGHIJKT"], "L2:O2", "P2:S2"]),
        "按地区": (south, ["A1:U1", *wide, "M2:P2", "Q2:T2"]),
        "按行业": (west, ["A1:U1", *wide, "M2:P2", "Q2:T2", "A5:C5"]),
    })  # fmt: skip


def key_project_report() -> bytes:
    """A city's monthly report: a blank row inside the heading, nested 其中, groups by level, unit and person in one cell."""

    def listed(title: str, group: str) -> Rows:
        return [
            [title],
            ["序号", "项目名称", "总投资               (万元)", "开工至上一年度底累计完成投资", "2010年  计划投资(万元)",
             "2010年实际完成情况", "", "", "建设单位                 及责任人", "挂点领导"],
            ["", "", "", "", "", "1-3月实际完成投资(万元)", "完成投资占年计划%", "1-3月实际形象进度"],
            [],
            ["合计（3项）", "", 60000, 9000, 21000, 5000, 0.238],
            ["其中：在建重点项目（2项）", "", 30000, 9000, 11000, 5000],
            ["     预备重点项目（1项）", "", 30000, 0, 10000, 0],
            [group, "", 60000, 9000, 21000, 5000],
            ["（一）在建（2项）", "", 30000, 9000, 11000, 5000],
            ["1●", "北岭至东湖公路（演示）", 20000, 9000, 8000, 4000, 0.5, "路基完成", "北岭公路发展有限公司（演示）            赵一",
             "北岭市政府             钱二"],
            [7, "北岭环城路（演示）", 10000, 0, 3000, 1000, 33.3, "", "北岭县医院        孙三", "李 四"],
            ["（二）预备（1项）", "", 30000, 0, 10000, 0],
            [1, "北岭水厂（演示）", 30000, 0, 10000, 0],
        ]  # fmt: skip

    merges = [
        "A1:J1", *[f"{one}2:{one}4" for one in "ABCDEIJ"], *[f"{one}3:{one}4" for one in "FGH"], "F2:H2",
        *[f"A{row}:B{row}" for row in (5, 6, 7, 8, 9, 12)],
    ]  # fmt: skip
    summary: Rows = [
        [],
        ["2010年全市在建重点项目分级管理完成情况表（1-3月）"],
        [],
        ["\u3000", "项目个数（项） ", "总投资       (万元）", "开工至上一年度底累计完成投资", "年度计划    投资                     (万元)",
         "1～  月                 完成投资                (万元) ", "完成投资    占年计划             (%)"],
        ["合计 ", 2, 30000, 9000, 11000, 5000, 45.5],
    ]  # fmt: skip
    level, branch = (
        "南屏市2010年1-3月重点项目（在建、预备）计划分级管理完成情况一览表",
        "南屏市<yyyy>年1-<M>月重点项目（在建、预备）一览表",
    )
    return workbook({
        "分级管理": (listed(level, "一、市本级（3项）"), merges),
        "分级管理（在建）": (summary, ["A2:G2"]),
        "分行业": (listed(branch, "一、交通（3项）"), merges),
    })  # fmt: skip


def ten_day_blank_form() -> bytes:
    """A blank ten-day report in the old .xls format: blanks left for handwriting, zeros, cells of spaces."""
    top = [
        "序号", "项目名称", "项目性质", "建设内容及规模", "总投资", "2010年度计划投资额", "8月至12月计划投资额", "月完成情况", "", "", "", "",
        "挂钩领导", "", "责任单位", "", "业主单位或筹办单位", "目前项目建设形象进度", "项目建设中存在问题",
    ]  # fmt: skip
    low = [
        *[""] * 7, "   月计划投资额", "  旬完成投资额", "本旬占月计划投资额（%）", "至   旬完成投资额", "占月计划投资（%）",
        "市领导", "县领导", "责任单位", "责任人",
    ]  # fmt: skip
    empty = [" ", " ", " ", " ", *[0.0] * 8, *[" "] * 7]
    rows: list[list[Any]] = [
        ["南屏市重点战役旬报表"], ["计量单位：万元"], top, low, [" ", "合  计", "  ", " ", *[0.0] * 8, *[" "] * 7], empty,
        ["备注：项目性质是指本年新开工、竣工或部分竣工、续建、前期工作。"],
    ]  # fmt: skip
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("旬报表")
    merges = [(0, 0, 18), (1, 0, 18), (2, 7, 11), (2, 12, 13), (2, 14, 15), (6, 0, 18)]
    for at, first, last in merges:
        sheet.merge(at, at, first, last)
    for column in [*range(7), 16, 17, 18]:
        sheet.merge(2, 3, column, column)
    for at, row in enumerate(rows):
        cells: list[Any] = list(row)
        for column, value in enumerate(cells):
            if value != "":
                sheet.write(at, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
