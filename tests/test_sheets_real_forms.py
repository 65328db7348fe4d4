"""Every sheet of the real forms is understood without anybody mapping a column by hand."""

from __future__ import annotations

import pytest

from app.rules.months import When
from app.sheets.reading import read_workbook
from app.sheets.tables import Table
from app.sheets.understanding import understand
from tests import real_forms


def tables(data: bytes, filename: str) -> list[Table]:
    return [understand(sheet) for sheet in read_workbook(data, filename).sheets]


@pytest.fixture(scope="module")
def detail() -> list[Table]:
    return tables(real_forms.zone_annual_detail(), "明细.xlsx")


@pytest.fixture(scope="module")
def report() -> list[Table]:
    return tables(real_forms.key_project_report(), "月报.xlsx")


def test_each_sheet_of_the_annual_detail_is_one_zones_list_with_one_project(detail: list[Table]) -> None:
    assert [(table.kind, table.zone, table.year, table.month, table.unit) for table in detail] == [
        ("list", "东湖经济开发区", 2010, 7, "万元"),
        ("list", "南岸滨海新区", 2010, 7, "万元"),
        ("list", "西川台商投资区", 2010, 7, "万元"),
    ]
    assert [[row.name for row in table.rows] for table in detail] == [
        ["东湖甲苯一体化工程（演示）"],
        ["体育用品（演示）"],
        ["水泥（演示）"],
    ]
    assert [[line.kind for line in table.others] for table in detail] == [
        ["total"],
        ["total", "total", "group"],
        ["total", "group"],
    ]


def test_amounts_take_their_place_in_time_from_the_headings(detail: list[Table]) -> None:
    (row,) = detail[2].rows
    read = {
        (one.field, one.target.kind, one.target.year, one.target.month): one.value for one in row.cells if one.field
    }
    assert read["total_investment_yuan", "plain", None, None] == 200_000_000
    assert read["invested_before_this_year_yuan", "before_year", 2010, None] == 97_660_000
    assert read["annual_plan_yuan", "plan", 2010, None] == 80_000_000
    assert read["invested_this_year_yuan", "year_to_date", 2010, 7] == 66_040_000
    assert "invested_yuan" not in {one.field for one in row.cells}, "a forecast or a campaign is no completed amount"


def test_spans_flags_and_people_are_understood_and_the_doubtful_say_why(detail: list[Table]) -> None:
    east, south, west = (table.rows[0] for table in detail)
    assert (east.marks, south.marks) == ("★", "")
    spans = [row.get("construction_period") for row in (east, south, west)]
    assert [one.value for one in spans if one] == [
        When("2009-01", "2011-12", "year", True),
        When("2010-01", None, "year", True),
        When("2009-10", "2011-03", "month", True),
    ]
    assert all(one and one.doubt for one in spans)
    people = {one.field: one.value for one in west.cells}
    assert (people["investor_name"], people["owner_head"], people["owner_contact"]) == (
        "西川水泥有限公司（演示）",
        "褚一",
        "卫二",
    )
    assert (people["responsible_unit"], people["responsible_person"]) == ("西川开发区管委会", "蒋三")
    leader = east.get("sponsor_leader")
    assert leader is not None
    assert (leader.value, leader.target.level) == ("周五", "city")
    nature = south.get("construction_nature")
    assert nature is not None
    assert nature.value == "new_start"


def test_left_over_totals_are_told_and_never_block(detail: list[Table]) -> None:
    wrong = [check for check in detail[0].checks if not check.agrees]
    assert {(check.field, check.stated, check.computed) for check in wrong} >= {
        ("project_count", 13, 1),
        ("total_investment_yuan", 23_789_100_000, 13_784_000_000),
    }


def test_a_unit_that_one_heading_forgot_is_that_of_its_neighbours_and_amber(detail: list[Table]) -> None:
    column = detail[1].column("invested_before_this_year_yuan")
    assert column is not None
    assert (column.target.unit, column.unit_from) == ("万元", "neighbours")
    assert column.doubt


def test_every_cell_keeps_its_raw_text(detail: list[Table]) -> None:
    total = detail[2].rows[0].get("total_investment_yuan")
    assert total is not None
    assert total.raw == "20000"


def test_the_monthly_report_is_two_lists_and_a_summary(report: list[Table]) -> None:
    assert [table.kind for table in report] == ["list", "summary", "list"]
    assert [(table.year, table.month) for table in report] == [(2010, 3)] * 3
    assert not report[1].rows, "a summary is never imported as projects"
    assert report[1].checks


def test_the_ledger_of_a_row_comes_from_its_group(report: list[Table]) -> None:
    rows = report[0].rows
    assert [(row.name, row.ledger, row.ledger_from, row.ledger_doubtful) for row in rows] == [
        ("北岭至东湖公路（演示）", "in_construction", "group", False),
        ("北岭环城路（演示）", "in_construction", "group", False),
        ("北岭水厂（演示）", "reserve", "group", True),
    ]
    assert rows[0].groups == ("一、市本级(3项)", "(一)在建(2项)")
    assert [row.marks for row in rows] == ["●", "", ""]


def test_nested_totals_that_are_right_agree(report: list[Table]) -> None:
    assert report[0].checks
    assert all(check.agrees for check in report[0].checks), [check for check in report[0].checks if not check.agrees]


def test_a_unit_and_a_person_in_one_cell_are_taken_apart(report: list[Table]) -> None:
    first, second = report[0].rows[:2]
    found = {one.field: one.value for one in first.cells}
    assert found["investor_name"] == "北岭公路发展有限公司（演示）"
    assert found["owner_contact"] == "赵一"
    assert found["sponsor_leader"] == "钱二"
    assert [one.value for one in second.cells if one.field == "sponsor_leader"] == ["李四"]


def test_the_blank_ten_day_form_is_a_blank_form_with_its_columns() -> None:
    (table,) = tables(real_forms.ten_day_blank_form(), "旬报.xls")
    assert (table.kind, table.unit, table.year, table.heading) == ("blank_form", "万元", 2010, (3, 4))
    assert not table.rows
    fields = {column.caption: column.field for column in table.columns}
    assert fields["2010年度计划投资额"] == "annual_plan_yuan"
    assert fields["8月至12月计划投资额"] == "", "the plan of some months is not the plan of the year"
    assert fields["月完成情况 · 占月计划投资"] == "derived"
    assert fields["责任单位 · 责任人"] == "responsible_person"
    leaders = [column.target.level for column in table.columns if column.field == "sponsor_leader"]
    assert leaders == ["city", "county"]
    assert [line.kind for line in table.others] == ["total", "note"]
