"""Random ledger, random layout, an independent writer: what is read is what was written."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.sheets.reading import read_workbook
from app.sheets.tables import Table
from app.sheets.understanding import understand
from app.sheets.workbook import Merge, Sheet
from tests.random_forms import EXTRAS, Layout, Pen, Project, excel_merges, layouts, projects
from tests.real_forms import workbook

cells = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.floats(), st.text(max_size=12),
    st.sampled_from(["序号", "项目名称", "总投资（万元）", "合计", "一", "（一）工业项目82个", "年度计划投资", "备注：", "2009-2011", "★", " "]),
)  # fmt: skip
merges = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 6), st.integers(0, 9), st.integers(0, 7)), max_size=5)


def assert_same(table: Table, ledger: list[Project], layout: Layout) -> None:
    assert table.kind == "list", table.reason
    assert (table.title[:5], table.zone, table.year, table.month) == ("市经开区2", "市经开区", 2026, 5)
    assert [row.name for row in table.rows] == [project.name for project in ledger]
    for at, (row, project) in enumerate(zip(table.rows, ledger, strict=True)):
        told = project.values()
        if not layout.extras:
            told = {field: value for field, value in told.items() if field not in EXTRAS}
        assert {one.field: one.value for one in row.cells if one.field not in ("", "derived")} == told
        assert (row.ledger, row.zone) == (layout.ledger_of(at, len(ledger)), told.get("zone", "市经开区"))
        assert row.marks == ("★" if layout.flags else "")
        assert not row.problems
    sums = [check for check in table.checks if check.field != "percent"]  # the shares are invented
    assert all(check.agrees for check in sums), [check for check in sums if not check.agrees]
    assert bool(sums) is (layout.total != "none" or bool(layout.group))


@settings(deadline=None)
@given(projects, layouts)
def test_what_is_written_on_any_layout_is_understood_as_itself(ledger: list[Project], layout: Layout) -> None:
    assert_same(understand(Pen(layout).sheet(ledger)), ledger, layout)


@settings(deadline=None, max_examples=8)
@given(projects, layouts)
def test_and_also_through_a_real_file(ledger: list[Project], layout: Layout) -> None:
    sheet = Pen(layout).sheet(ledger)
    data = workbook({sheet.name: (sheet.rows, excel_merges(sheet))})
    (found,) = read_workbook(data, "台账.xlsx").sheets
    assert_same(understand(found), ledger, layout)


@settings(deadline=None)
@given(st.lists(st.lists(cells, max_size=8), max_size=10), merges)
def test_no_sheet_can_break_the_understanding(rows: list[list[str | float | None]], found: list[Merge]) -> None:
    table = understand(Sheet("页", rows, found))
    assert table.reason.format(**table.reason_values)
    for row in table.rows:
        for datum in [*row.doubts, *row.problems]:
            assert (datum.problem or datum.doubt or "").format(**datum.values)
