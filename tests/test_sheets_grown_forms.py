"""13, 37 and 131 rows on exactly the layouts of the real forms: every row is read, right totals agree, wrong ones are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.sheets.reading import read_workbook
from app.sheets.tables import Row, Table
from app.sheets.understanding import understand
from tests.grown_forms import MONEY, WAN, Grown, by_branch, by_level, by_place, flat
from tests.real_forms import workbook

LAYOUTS = {"明细表": flat, "按地区": by_place, "按行业": by_branch, "分级管理": by_level}
SIZES = (13, 37, 131)


def through_a_file(sheets: dict[str, Grown]) -> dict[str, Table]:
    data = workbook({name: sheet.pair() for name, sheet in sheets.items()})
    return {sheet.name: understand(sheet) for sheet in read_workbook(data, "表.xlsx").sheets}


@pytest.fixture(scope="module")
def grown() -> dict[str, Grown]:
    """Every layout at every size, with totals that are right and wrong: one workbook of them all."""
    return {
        f"{name}{size}{'错' if wrong else ''}": build(size, wrong)
        for name, build in LAYOUTS.items()
        for size in SIZES
        for wrong in (False, True)
    }


@pytest.fixture(scope="module")
def understood(grown: dict[str, Grown]) -> dict[str, Table]:
    return through_a_file(grown)


@pytest.mark.parametrize("wrong", ["", "错"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_row_is_read_and_only_wrong_totals_are_told(
    layout: str, size: int, wrong: str, grown: dict[str, Grown], understood: dict[str, Table]
) -> None:
    sheet, table = grown[f"{layout}{size}{wrong}"], understood[f"{layout}{size}{wrong}"]
    assert (table.kind, table.year, table.month, table.unit) == ("list", 2010, 7, "万元")
    assert [row.name for row in table.rows] == sheet.names
    assert [row.groups for row in table.rows] == sheet.groups
    assert [read_amounts(row) for row in table.rows] == [tuple(one * WAN for one in each) for each in sheet.amounts]
    assert not [row for row in table.rows if row.problems]
    assert len(table.checks) >= 5
    sums = [check for check in table.checks if check.field != "percent"]  # the shares are invented
    assert {check.cell for check in sums if not check.agrees} == sheet.wrong
    assert bool(sheet.wrong) is bool(wrong)


def read_amounts(row: Row) -> tuple[object, ...]:
    found = (row.get(name) for name in MONEY)
    return tuple(one.value if one else None for one in found)


def test_zone_comes_from_the_title_and_the_ledger_from_the_group(understood: dict[str, Table]) -> None:
    assert [understood[f"{name}37"].zone for name in LAYOUTS] == [
        "东湖经济开发区",
        "南岸滨海新区",
        "西川台商投资区",
        None,
    ]
    table = understood["分级管理131"]
    words = {("在建" in row.groups[1], row.ledger, row.ledger_doubtful) for row in table.rows}
    assert words == {(True, "in_construction", False), (False, "reserve", True)}
    assert {row.marks for row in table.rows} == {"", "●"}


@pytest.mark.parametrize("build", [flat, by_level])
def test_a_sheet_with_one_row_less_than_it_says_is_told_by_its_count(build: Callable[[int, bool], Grown]) -> None:
    sheet = build(13, False)
    sheet.rows.pop()
    (table,) = through_a_file({"页": sheet}).values()
    assert len(table.rows) == 12
    count = next(check for check in table.checks if check.field == "project_count")
    assert (count.stated, count.computed, count.agrees) == (13, 12, False)
