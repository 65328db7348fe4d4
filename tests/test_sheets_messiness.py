"""Messes seen in real files, one by one: what is understood, what is kept as a doubt, and what must not be mistaken."""

from __future__ import annotations

from typing import Any

import pytest

from app.sheets.tables import Table
from app.sheets.targets import Setting, target_of
from app.sheets.understanding import understand
from app.sheets.workbook import Merge, Sheet

HEADING = ["序号", "项目名称", "投资主体", "总投资（万元）"]


def table(*rows: list[Any], merges: tuple[Merge, ...] = (), name: str = "页") -> Table:
    return understand(Sheet(name, [list(row) for row in rows], list(merges)))


@pytest.mark.parametrize(
    "caption",
    [
        "2024年计划投资-市财政",
        "项目名单",
        "8月至12月计划投资额",
        "大干150天力争完成的投资额",
        "全年完成投资额",
        "总投资增速",
        "月计划投资额",
        "投资强度",
    ],
)
def test_a_caption_that_only_contains_a_known_one_is_not_mapped(caption: str) -> None:
    assert target_of((caption,), Setting(2024, 7)).field in ("", "derived")


@pytest.mark.parametrize(
    ("path", "field", "year", "month"),
    [
        (("1~7月完成投资", "到位资金(万元)"), "funds_in_place_yuan", 2026, 7),
        (("开工累计", "完成投资(万元)"), "invested_to_date_yuan", 2026, 5),
        (("本年", "计划"), "annual_plan_yuan", 2026, None),
        (("本年", "完成"), "invested_this_year_yuan", 2026, 5),
        (("8月完成",), "invested_yuan", 2026, 8),
        (("本月完成",), "invested_yuan", 2026, 5),
        (("至上年底累计",), "invested_before_this_year_yuan", 2026, None),
        (("年初至本月的主要形象进度",), "progress_text", 2026, 5),
        (("年计划形象进度",), "goal_text", 2026, None),
        (("五项手续", "用地"), "", None, None),
        (("用地(新增亩/存量厂房)",), "land_mu", None, None),
    ],
)
def test_two_levels_of_captions_are_read_together(
    path: tuple[str, ...], field: str, year: int | None, month: int | None
) -> None:
    found = target_of(path, Setting(2026, 5))
    assert (found.field, found.year, found.month) == (field, year, month)


def test_since_when_a_cumulative_counts_is_asked_when_it_is_not_said() -> None:
    assert target_of(("累计完成投资",), Setting(2026, 5)).doubt
    assert not target_of(("开工累计完成投资",), Setting(2026, 5)).doubt


def test_a_missing_caption_right_of_the_serial_is_the_name_and_amber() -> None:
    found = table(["序号", "", "投资主体", "总投资（万元）"], [1, "东湖甲苯（演示）", "东湖公司（演示）", 5])
    assert [row.name for row in found.rows] == ["东湖甲苯（演示）"]
    assert found.columns[1].doubt


def test_an_amount_merged_over_several_rows_is_counted_once() -> None:
    found = table(
        ["序号", "项目名称", "开发区", "总投资（万元）"],
        [1, "甲（演示）", "市经开区", 100],
        [2, "乙（演示）", None, None],
        merges=((1, 2, 2, 2), (1, 3, 2, 3)),
    )
    first, second = found.rows
    assert (first.amount(3), second.amount(3)) == (1_000_000, None)
    assert [one.column for one in second.doubts] == [3]
    assert (first.zone, second.zone, second.zone_from) == ("市经开区", "市经开区", "column")


def test_parts_stand_under_their_project_and_are_not_added_twice() -> None:
    found = table(
        HEADING,
        ["", "合计", "", 300],
        [1, "高速公路（演示）", "甲公司（演示）", 300],
        ["", "(1)南段（演示）", "", 100],
        ["(2)", "北段（演示）", "", 200],
    )
    assert [(row.name, row.level) for row in found.rows] == [
        ("高速公路（演示）", 0),
        ("南段（演示）", 1),
        ("北段（演示）", 1),
    ]
    assert [check.agrees for check in found.checks] == [True]


def test_zone_and_ledger_come_from_groups_and_a_column_wins() -> None:
    found = table(
        [*HEADING, "所属园区"],
        ["一、市经开区（2项）"],
        ["（一）在建（1项）"],
        [1, "甲（演示）", "甲公司（演示）", 1],
        ["（二）储备（1项）"],
        [1, "乙（演示）", "乙公司（演示）", 2, "嘉明经开区"],
        ["二、市高新区"],
        [1, "丙（演示）", "丙公司（演示）", 3],
    )
    assert [(row.zone, row.zone_from, row.ledger) for row in found.rows] == [
        ("市经开区", "group", "in_construction"),
        ("嘉明经开区", "column", "reserve"),
        ("市高新区", "group", None),
    ]


def test_projects_numbered_in_chinese_are_projects_and_groups_are_groups() -> None:
    found = table(HEADING, ["一", "工业", "", 3], ["二", "甲（演示）", "甲公司（演示）", 3])
    assert [row.name for row in found.rows] == ["甲（演示）"]
    assert [line.kind for line in found.others] == ["group"]


def test_a_name_that_begins_like_a_total_is_still_a_project() -> None:
    found = table(
        HEADING, [1, "总计划展示馆（演示）", "甲公司（演示）", 1], [2, "合计算力中心（演示）", "乙公司（演示）", 2]
    )
    assert len(found.rows) == 2


def test_a_shifted_value_is_red_in_its_cell_and_the_row_stays() -> None:
    found = table(HEADING, [1, "甲（演示）", 100, "赵一"])
    (row,) = found.rows
    assert [(one.column, one.raw) for one in row.problems] == [(3, "赵一")]


def test_notes_signatures_repeated_headings_and_column_numbers_are_no_projects() -> None:
    found = table(
        HEADING,
        ["1", "2", "3", "4"],
        [1, "甲（演示）", "甲公司（演示）", 1],
        HEADING,
        [2, "乙（演示）", "乙公司（演示）", 1],
        ["填表人：赵一", "", "审核人：钱二"],
        ["业主（签名）", "责任单位（签名）", "挂钩领导（签名）"],
        ["注：本表按月报送。"],
    )
    assert [row.name for row in found.rows] == ["甲（演示）", "乙（演示）"]
    assert [line.kind for line in found.others] == ["heading", "heading", "note", "note", "note"]


def test_a_grid_of_months_and_a_page_of_one_project_are_known_by_their_kind() -> None:
    months = [f"{month}月完成" for month in range(1, 7)]
    grid = table(
        ["市经开区2026年投资进度"], ["序号", "项目名称", "总投资（万元）", *months], [1, "甲（演示）", 9, *range(6)]
    )
    assert grid.kind == "month_grid"
    assert [one.target.month for one in grid.rows[0].cells if one.field == "invested_yuan"] == [1, 2, 3, 4, 5, 6]
    page = table(
        ["重点项目（在建、新开工）台账"],
        ["项目名称", "甲（演示）"],
        ["业主单位", "甲公司（演示）", "项目性质", "续建"],
        ["起止年限", "2025-2027", "总投资", 500],
        ["年度计划", 100, "上年累计", 20],
        ["形象进度", "主体封顶"],
    )
    assert page.kind == "project_page"
    (row,) = page.rows
    total = row.get("total_investment_yuan")
    assert total is not None
    assert (row.name, row.ledger, row.at(total.column)) == (
        "甲（演示）",
        "in_construction",
        "D4",
    )
    assert {c.field: c.value for c in row.cells if c.field.endswith("yuan")} == {
        "total_investment_yuan": 5_000_000, "annual_plan_yuan": 1_000_000, "invested_before_this_year_yuan": 200_000,
    }  # fmt: skip
    empty = table(["", " "], [])
    assert (empty.kind, empty.reason) == ("unknown", "The sheet is empty")


def test_thousands_of_overlapping_merges_are_survived() -> None:
    rows: list[list[Any]] = [["x"] * 50 for _ in range(2000)]
    assert understand(Sheet("页", rows, [(0, 0, 1_048_575, 16_383)] * 5000)).rows == []


@pytest.mark.parametrize("word", ["合计", "小计"])
def test_a_total_of_a_part_may_close_its_rows_or_lead_them(word: str) -> None:
    first = [[1, "甲（演示）", "甲公司（演示）", 1], [2, "乙（演示）", "乙公司（演示）", 2]]
    second = [[1, "丙（演示）", "丙公司（演示）", 4]]
    east, south = ["", f"东山县{word}2个", "", 3], ["", f"南岸县{word}1个", "", 4]
    whole = ["", "总计3个", "", 7]
    closing = table(HEADING, *first, east, *second, south, whole)
    leading = table(HEADING, whole, east, *first, south, *second)
    for found in (closing, leading):
        assert all(check.agrees for check in found.checks)
        assert sorted(check.stated for check in found.checks if check.field == "project_count") == [1, 2, 3]
    assert [row.groups for row in closing.rows] == [()] * 3
    if word == "合计":
        assert [row.groups[0][:3] for row in leading.rows] == ["东山县", "东山县", "南岸县"]


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("（一）工业项目1,082个", 1082),
        ("（一）工业项目１０８２个", 1082),
        ("（一）工业项目（拆分后４项）", None),
        ("（一）工业项目2个（拆分后4项）", 2),
        ("（一）工业项目（1,082项，拆分后12,031项，另待核1,003）", 1082),
        ("（一）工业项目 共2个（另待核3）", 2),
        ("（一）1,08,2个", None),
    ],
)
def test_a_group_states_its_count_with_commas_full_width_and_what_stands_beside_it(
    said: str, counted: int | None
) -> None:
    found = table(HEADING, [said, "", "", ""], [1, "甲（演示）", "甲公司（演示）", 1], [2, "乙（演示）", "", 2])
    assert [(line.kind, line.order, line.counted) for line in found.others] == [("group", 2, counted)]
    stated = [check for check in found.checks if check.field == "project_count"]
    assert [(check.stated, check.computed) for check in stated] == ([] if counted is None else [(counted, 2)])


def test_full_width_figures_are_figures_also_in_totals_and_months() -> None:
    found = table(
        ["２０２６年１—７月在建项目（单位：万元）"],
        [*HEADING, "１-７月完成投资"],
        ["合计１,０８２个", "", "", "１，０００．５", ""],
        ["１", "甲（演示）", "甲公司（演示）", "１,０００.５", "３００"],
    )
    (row,) = found.rows
    assert (found.year, found.month, row.amount(3), row.amount(4)) == (2026, 7, 10_005_000, 3_000_000)
    assert [(c.stated, c.computed) for c in found.checks] == [(1082, 1), (10_005_000, 10_005_000)]


@pytest.mark.parametrize(
    ("totals", "guess"),
    [
        ([5, 2.3, 10.06], "亿元"),
        ([500, 23_000, 100_600], ""),
        ([58_000_000, 120_000_000, 9_000_000_000], "元"),
        ([5], ""),
        (["5万元", "900万元", "1.2亿元"], ""),
    ],
)
def test_amounts_without_a_unit_that_look_like_another_are_amber_and_stay_as_they_were_taken(
    totals: list[Any], guess: str
) -> None:
    found = table(
        ["序号", "项目名称", "总投资", "建设地点"], *[[n, f"{n}号厂", t, "x"] for n, t in enumerate(totals, 1)]
    )
    column = found.columns[2]
    assert (column.guess, column.target.unit, column.unit_from) == (guess, "万元", "assumed")
    assert column.doubt is not None
    assert ("look like" in column.doubt) is (guess != "")
    if guess == "亿元":
        assert [row.amount(2) for row in found.rows] == [50_000, 23_000, 100_600], "never changed by itself"
    stated = table(["序号", "项目名称", "总投资（万元）", "建设地点"], [1, "一号厂", 5, "x"], [2, "二号厂", 6, "x"])
    assert stated.columns[2].doubt is None, "who states a unit means it"


def test_shares_are_compared_with_the_amounts_of_their_row_and_never_written() -> None:
    heading = [
        "序号",
        "项目名称",
        "总投资",
        "至上年底累计完成投资",
        "年度计划投资",
        "1-7月完成投资",
        "占年计划%",
        "占总投资%",
    ]
    found = table(
        ["2026年1-7月在建项目（单位：万元）"],
        heading,
        ["", "合计", 3000, 500, 1000, 450, "45.0%", 0.5],
        [1, "甲（演示）", 1000, 100, 400, 200, 0.5, "30%"],
        [2, "乙（演示）", 2000, 400, 600, 250, "41.7%", 33],
        [3, "丙（演示）", 2000, "", 600, "", "", ""],
    )
    wrong = [(c.cell, c.label, c.stated, c.computed) for c in found.checks if c.field == "percent"]
    assert wrong == [("H3", "合计", 50.0, 31.67)]
    assert "percent" not in {c.field for row in found.rows for c in row.cells}
