"""Our own workbook: a proper form on paper, full values in the cells, and nothing lost on the way back."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sheets.forms import Form, FormColumn, FormGroup, FormLine
from app.sheets.reading import read_workbook
from app.sheets.tables import Row
from app.sheets.textfiles import cells_of
from app.sheets.textwriting import guarded, write_csv
from app.sheets.understanding import understand
from app.sheets.writing import write_xlsx

COLUMNS = (
    FormColumn("serial", "序号", "serial", width=5),
    FormColumn("light", "灯", "text", width=5),
    FormColumn("name", "项目名称", width=28),
    FormColumn("construction_nature", "建设性质", "choice", choices=("续建", "新开工", "竣工投产", "前期工作")),
    FormColumn("investor_name", "投资主体", width=22),
    FormColumn("content", "建设内容及规模", width=36),
    FormColumn("total_investment_yuan", "总投资", "money"),
    FormColumn("invested_before_this_year_yuan", "至上年底累计", "money", group="完成投资"),
    FormColumn("annual_plan_yuan", "年度计划", "money", group="完成投资"),
    FormColumn("invested_yuan", "本月完成", "money", group="完成投资"),
    FormColumn("invested_this_year_yuan", "本年完成", "money", group="完成投资"),
    FormColumn("share", "占年计划 %", "percent", group="完成投资"),
    FormColumn("progress_text", "形象进度", width=24),
    FormColumn("problems_government", "需政府协调", width=24),
    FormColumn("started_on", "开工", "day"),
    FormColumn("planned_completion_month", "计划竣工", "month"),
    FormColumn("sponsor_leader", "包挂领导"),
    FormColumn("responsible_unit", "责任单位", width=18),
    FormColumn("phone", "电话"),
    FormColumn("remarks", "备注", width=18),
)
READ_BACK = [column.key for column in COLUMNS if column.key not in ("serial", "light", "name", "share")]
NATURES = {"续建": "carried_over", "新开工": "new_start", "竣工投产": "completing", "前期工作": "preparatory"}


def form(**more: Any) -> Form:
    return Form("市经开区在建项目台账（2026年5月）", COLUMNS, "在建", "单位：万元", "演示数据", **more)


def line(key: str, name: str, **values: Any) -> FormLine:
    filled = {"name": name, "light": "绿", "share": Decimal("87.5"), **values}
    return FormLine([filled.get(column.key) for column in COLUMNS], key, 7)


def expected(written: FormLine) -> dict[str, Any]:
    values = {column.key: value for column, value in zip(COLUMNS, written.values, strict=True) if value is not None}
    if "construction_nature" in values:
        values["construction_nature"] = NATURES[values["construction_nature"]]
    return {key: value for key, value in values.items() if key in READ_BACK}


def found(row: Row) -> dict[str, Any]:
    return {one.field: one.value for one in row.cells if one.field in READ_BACK}


def through_xlsx(lines: list[FormLine | FormGroup], sheet: Form | None = None) -> list[Row]:
    out = io.BytesIO()
    write_xlsx(out, [(sheet or form(), lines)])
    return understand(read_workbook(out.getvalue(), "台账.xlsx").sheets[0]).rows


def through_csv(lines: list[FormLine | FormGroup]) -> list[Row]:
    data = b"".join(write_csv(form(), lines))
    return understand(read_workbook(data, "台账.csv").sheets[0]).rows


FULL = line(
    "p1",
    "东湖甲苯一体化（演示）",
    construction_nature="续建",
    investor_name="东湖化工有限公司（演示）",
    content="=建设厂房\n二期：+4.7万㎡",
    total_investment_yuan=123_456_789_012_345,
    invested_before_this_year_yuan=1,
    annual_plan_yuan=80_000_000,
    invested_yuan=-1_205_000,
    invested_this_year_yuan=0,
    progress_text="-主体封顶",
    problems_government="@供电",
    started_on="2026-03-05",
    planned_completion_month="2027-06",
    sponsor_leader="赵一",
    responsible_unit="市经开区管委会",
    phone="+8613800000000",
    remarks="'=1+1",
)
texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")) | st.sampled_from("合计项目★一二（）=+-@'\"，、_x0041_"),
    min_size=1,
    max_size=20,
).map(str.strip).filter(lambda text: bool(text) and text.isprintable() and text == " ".join(text.split()))  # fmt: skip
lines = st.builds(
    line,
    st.uuids().map(str),
    texts,
    construction_nature=st.none() | st.sampled_from(sorted(NATURES)),
    content=st.none() | texts,
    remarks=st.none() | texts,
    progress_text=st.none() | texts,
    total_investment_yuan=st.none() | st.integers(0, 10**15 - 1),
    annual_plan_yuan=st.none() | st.integers(0, 10**15 - 1),
    invested_yuan=st.none() | st.integers(-(10**12), 10**12),
    started_on=st.none() | st.dates(date(1950, 1, 1), date(2099, 12, 31)).map(date.isoformat),
    planned_completion_month=st.none() | st.builds("{}-{:02}".format, st.integers(1950, 2099), st.integers(1, 12)),
)


@pytest.mark.parametrize("through", [through_xlsx, through_csv])
def test_every_value_comes_back_as_it_left(through: Any) -> None:
    (row,) = through([FULL])
    assert found(row) == expected(FULL)
    assert (row.name, row.serial) == ("东湖甲苯一体化（演示）", "1")
    assert [one.value for one in row.cells if one.field in ("key", "version")] == ["p1", "7"]
    assert not row.problems
    assert not row.doubts


@settings(deadline=None, max_examples=6)
@given(st.lists(lines, min_size=1, max_size=12))
def test_any_ledger_comes_back_as_it_left(ledger: list[FormLine]) -> None:
    for rows in (through_xlsx([*ledger]), through_csv([*ledger])):
        assert [row.name for row in rows] == [one.values[2] for one in ledger]
        assert [found(row) for row in rows] == [expected(one) for one in ledger]


@given(st.lists(st.text(max_size=8) | st.text("=+-@＝＋－＠'\t ", max_size=4), min_size=1, max_size=5))
def test_no_text_of_ours_is_a_formula_and_none_is_changed_by_the_guard(cells: list[str]) -> None:
    for text in (text.replace("\ud800", "") for text in cells):
        shown = guarded(text)
        assert shown[:1] not in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
        if shown and not set(shown) & set(',"\r\n\t;') and shown.isprintable():
            assert cells_of(shown + "\n") == [[text]]


def test_groups_totals_and_units_agree_with_the_rows() -> None:
    rows: list[FormLine | FormGroup] = [
        FormGroup("一、市经开区（2项）", {"total_investment_yuan": 30_000_001}),
        line("a", "甲（演示）", total_investment_yuan=10_000_000),
        line("b", "乙（演示）", total_investment_yuan=20_000_001),
        FormGroup("二、市高新区（1项）", {"total_investment_yuan": 5}),
        line("c", "合计（演示）项目共3个", total_investment_yuan=5),
    ]
    out = io.BytesIO()
    assert write_xlsx(out, [(form(sums=[FormGroup("合计", {"total_investment_yuan": 30_000_006})]), rows)]) == 3
    table = understand(read_workbook(out.getvalue(), "a.xlsx").sheets[0], {"市经开区": "E", "市高新区": "H"}.get)
    assert [(row.zone_code, row.zone_from) for row in table.rows] == [("E", "group"), ("E", "group"), ("H", "group")]
    assert [check.agrees for check in table.checks] == [True] * 5
    assert not [column.caption for column in table.columns if column.doubt]


def test_several_ledgers_go_into_one_workbook_under_names_that_excel_takes() -> None:
    out = io.BytesIO()
    forms = [
        Form("甲" * 40, COLUMNS[:4], name) for name in ("在建/拟开工", "在建/拟开工", "History", "", "'", "储备:[1]")
    ]
    write_xlsx(out, ((one, [line_of(one)]) for one in forms))
    names = [sheet.name for sheet in read_workbook(out.getvalue(), "a.xlsx").sheets]
    assert names[:2] == ["在建_拟开工", "在建_拟开工_2"]
    assert len(set(names)) == len(names) == 6
    assert all(0 < len(name) <= 31 for name in names)


def line_of(one: Form) -> FormLine:
    return FormLine([None, "绿", "甲（演示）", "续建"][: len(one.columns)], "k", 1)


def test_the_form_is_ready_to_print_and_to_fill_in() -> None:
    out = io.BytesIO()
    many = tuple(f"很长的行业名称第{at}号" for at in range(60))
    columns = (*COLUMNS[:4], FormColumn("industry", "行业", "choice", choices=many))
    write_xlsx(out, [(Form("在建台账", columns, "在建", footer="第 &P 页 共 &N 页"), [])])
    with zipfile.ZipFile(out) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    assert 'paperSize="8"' in sheet
    assert 'orientation="landscape"' in sheet
    assert "第 &amp;P 页 共 &amp;N 页" in sheet
    assert "_xlnm.Print_Titles" in book
    assert '"续建,新开工,竣工投产,前期工作"' in sheet.replace("&quot;", '"')
    assert "'#lists'!$A$1:$A$60" in sheet.replace("&apos;", "'")
    assert 'state="hidden"' in book
    assert 'state="frozen"' in sheet
    assert "<f>" not in sheet


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(count: int) -> int:
        def rows() -> Iterator[FormLine]:
            for at in range(count):
                yield line(f"p{at}", f"项目{at}（演示）", total_investment_yuan=at * 10_001, content="建设厂房" * 20)

        tracemalloc.start()
        write_xlsx(io.BytesIO(), [(form(), rows())])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = peak(100), peak(1000)
    assert many < few * 1.5 + 500_000
