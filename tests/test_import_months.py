"""A workbook a month: the first one is the opening, later ones are reports; the sums follow, and undo takes them back."""

from __future__ import annotations

from typing import Any

import pytest

from app.services import periods, plans, projects, reports, undoing, zone_months
from tests.cast import Cast
from tests.test_imports import book, bring, listed, prepared

WAN = 10_000
HEAD = [
    "序号",
    "项目名称",
    "总投资（万元）",
    "计划竣工",
    "开工时间",
    "至2009年底累计完成投资（万元）",
    "2010年计划投资（万元）",
]
PLANT = [1, "水泥粉磨生产线（演示）", 20_000, "2011.03", "2009.10", 9_766, 8_000]
TITLE = "2010年在建项目台账"
IN = {"ledger": "in_construction"}


def month(*columns: tuple[str, Any]) -> bytes:
    """The ledger of a month: the same row, with what has been spent in columns of their own."""
    return book([*PLANT, *(v for _, v in columns)], title=TITLE, heading=[*HEAD, *(c for c, _ in columns)])


@pytest.fixture
def plant(cast: Cast) -> int:
    """A project that came in with the state of July."""
    bring(cast, cast.editor, month(("1-7月完成投资（万元）", 6_604)), opening=True, **IN)
    return int(listed(cast)[0]["id"])


def spent(cast: Cast, id_: int) -> tuple[Any, ...]:
    found = cast.database.ask_now(cast.editor, projects.read, id_)
    names = ("invested_before_this_year_yuan", "invested_this_year_yuan", "invested_to_date_yuan")
    return tuple(None if found[n] is None else found[n] // WAN for n in names)


def told(cast: Cast, id_: int) -> dict[str, tuple[Any, Any]]:
    found = cast.database.ask_now(cast.editor, reports.list_, id_)
    return {r["month"]: (r["invested_yuan"], r["cumulative_this_year_yuan"]) for r in found}


def test_the_month_of_a_column_is_the_month_of_its_report(cast: Cast, plant: int) -> None:
    bring(cast, cast.editor, month(("8月完成投资（万元）", 396)), **IN)
    assert told(cast, plant) == {"2010-08": (396 * WAN, 7_000 * WAN)}
    assert spent(cast, plant) == (9_766, 7_000, 16_766)


def test_a_later_cumulative_is_a_report_and_leaves_the_opening_alone(cast: Cast, plant: int) -> None:
    bring(cast, cast.editor, month(("1-9月完成投资（万元）", 7_200)), **IN)
    assert listed(cast)[0]["opening_month"] == "2010-07"
    assert told(cast, plant) == {"2010-09": (None, 7_200 * WAN)}
    assert spent(cast, plant) == (9_766, 7_200, 16_966)


def test_a_grid_of_months_brings_each_of_them_and_the_same_file_nothing(cast: Cast, plant: int) -> None:
    grid = month(*((f"{n}月完成投资（万元）", 100 + n) for n in (8, 9, 10)))
    bring(cast, cast.editor, grid, **IN)
    assert {m: invested // WAN for m, (invested, _) in told(cast, plant).items()} == {
        "2010-08": 108,
        "2010-09": 109,
        "2010-10": 110,
    }
    assert prepared(cast, cast.editor, grid, **IN).counts["same"] == 1
    again = prepared(cast, cast.editor, month(("1-10月完成投资（万元）", 6_604 + 327)), **IN)
    assert again.counts["same"] == 1, "the cumulative is what the reported months come to"


def test_the_preview_shows_a_month_before_and_after(cast: Cast, plant: int) -> None:
    bring(cast, cast.editor, month(("8月完成投资（万元）", 396)), **IN)
    found = prepared(cast, cast.editor, month(("8月完成投资（万元）", 400)), **IN)
    (draft,) = found.drafts
    name = "report.2010-08.invested_yuan"
    assert (draft.state, draft.values) == ("changed", {name: 400 * WAN})
    assert draft.known is not None
    assert (draft.known[name], draft.at(draft.cells[name])) == (396 * WAN, "H3")


def test_what_is_in_the_opening_or_has_not_begun_is_left_out_with_the_reason(cast: Cast, plant: int) -> None:
    found = prepared(cast, cast.editor, month(("6月完成投资（万元）", 50), ("2030年12月完成投资（万元）", 7)), **IN)
    (draft,) = found.drafts
    assert (draft.state, draft.values) == ("same", {})
    said = {n.msgid for n in draft.notes}
    assert {"Months up to {month} are part of the opening", "This month has not begun"} <= said


def test_a_month_that_takes_back_wants_a_reason(cast: Cast, plant: int) -> None:
    data = month(("8月完成投资（万元）", -5))
    assert "invested_this_month_yuan" in prepared(cast, cast.editor, data, **IN).reasons
    bring(cast, cast.editor, data, **IN)
    assert spent(cast, plant)[1] == 6_599


def test_undo_takes_the_months_back_and_keeps_what_somebody_changed_since(cast: Cast, plant: int) -> None:
    done = bring(cast, cast.editor, month(("8月完成投资（万元）", 396), ("9月完成投资（万元）", 10)), **IN)
    known = cast.database.ask_now(cast.editor, reports.read, plant, "2010-09")
    cast.database.act_now(
        cast.reviewer, reports.put, plant, "2010-09", {"invested_yuan": 20 * WAN}, version=known["version"]
    )
    cast.database.act_now(cast.editor, undoing.undo, done["id"])
    assert told(cast, plant) == {"2010-09": (20 * WAN, 6_624 * WAN)}
    assert spent(cast, plant) == (9_766, 6_624, 16_390)
    cast.database.act_now(cast.editor, reports.put, plant, "2010-08", {"invested_yuan": WAN}, version=None)
    assert spent(cast, plant)[1] == 6_625


def test_a_month_that_takes_no_reports_is_left_out_with_the_reason(cast: Cast, plant: int) -> None:
    cast.database.act_now(cast.office, periods.open_, "2010-08", {})
    cast.database.act_now(cast.editor, zone_months.submit, "EAST", "2010-08", {"reason": "尚无数据"})
    (draft,) = prepared(cast, cast.editor, month(("8月完成投资（万元）", 396)), **IN).drafts
    assert (draft.state, draft.values) == ("same", {})
    assert "The zone has submitted {month}; whoever reviews it may return it" in {n.msgid for n in draft.notes}


def test_undo_takes_the_version_of_a_plan_back_that_an_import_brought(cast: Cast, plant: int) -> None:
    row = [*PLANT[:-1], 9_000]
    done = bring(cast, cast.editor, book(row, title=TITLE, heading=HEAD), **IN)
    plan = cast.database.ask_now(cast.editor, plans.read, plant, 2010)
    assert [v["annual_yuan"] // WAN for v in plan["versions"]] == [8_000, 9_000]
    cast.database.act_now(cast.editor, undoing.undo, done["id"])
    plan = cast.database.ask_now(cast.editor, plans.read, plant, 2010)
    assert [v["annual_yuan"] // WAN for v in plan["versions"]] == [8_000]
    cast.database.act_now(
        cast.editor, plans.put, plant, 2010, {"annual_yuan": 7_000 * WAN, "reason": "调整"}, version=None
    )
    plan = cast.database.ask_now(cast.editor, plans.read, plant, 2010)
    assert ([v["number"] for v in plan["versions"]], plan["baseline_yuan"]) == ([1, 2], 8_000 * WAN)
