"""The curve of a project's year: planned against done, its places and its words."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from app.db import house
from app.desk import Desk
from app.models import Project, Report
from app.pages.curve import curve
from app.rules.access import Act
from app.rules.codes import Ledger
from tests.cast import Cast
from tests.site import served

PROJECT: dict[str, Any] = {
    "plan_year": 2026, "annual_plan_yuan": 1200, "month_report": None, "planned_start_month": None, "first_planned_start_month": None,
}  # fmt: skip


def report(month: str, done: int | None) -> dict[str, Any]:
    return {"month": month, "cumulative_this_year_yuan": done}


def test_plan_and_reports_of_the_year_are_drawn_and_others_are_not() -> None:
    reports = [report("2026-03", 500), report("2026-02", None), report("2026-01", 90), report("2025-12", 7)]
    found = curve(PROJECT, reports, {}, None)
    assert found and found.last and found.year == 2026
    assert [m.planned for m in found.months] == [100 * n for n in range(1, 13)]
    assert [m.done for m in found.months[:4]] == [90, None, 500, None]
    assert (found.last.month, found.last.behind) == ("2026-03", -200)
    for drawing in found.drawings:
        assert len(drawing.done.split()) == 3, "from nothing in January over the known months"
        x, y = drawing.last[:2]
        assert drawing.done.endswith(f"{x},{y}")
        assert drawing.left < x < drawing.right and drawing.last[2] is not None and y < drawing.last[2]


@pytest.mark.parametrize(
    ("change", "months", "planned"),
    [
        ({"planned_start_month": "2026-07"}, None, [0, 200, 1200]),
        ({"planned_start_month": "2026-09", "first_planned_start_month": "2026-07"}, None, [0, 200, 1200]),
        ({}, {6: 300, 7: 300, 12: 600}, [300, 600, 1200]),
    ],
)
def test_the_plan_follows_its_months_or_the_first_month_committed_to(
    change: dict[str, Any], months: dict[int, int] | None, planned: list[int]
) -> None:
    found = curve(PROJECT | change, [], {}, months)
    assert found and found.last is None
    assert [found.months[n - 1].planned for n in (6, 7, 12)] == planned


def test_a_bundle_shows_what_its_parts_spent_and_not_its_own_old_opening() -> None:
    sums = {"of": {"part": 2}, "known": {"invested_this_year_yuan": 2}}
    bundle = PROJECT | {
        "family_sums": sums,
        "month_report": {"month": "2026-10", "invested_yuan": 9},
        "invested_this_year_yuan": 700,
    }
    found = curve(bundle, [], {"month": "2026-09", "this_year_yuan": 650}, None)
    assert found and found.last
    assert [(m.month, m.done) for m in found.months if m.done is not None] == [("2026-10", 700)]


def test_without_a_plan_only_what_is_known_is_drawn_and_without_anything_nothing_is() -> None:
    bare = PROJECT | {"plan_year": None, "annual_plan_yuan": None}
    assert curve(bare, [], {}, None) is None
    found = curve(bare, [], {"month": "2026-06", "this_year_yuan": 40}, None)
    assert found and [m.done for m in found.months if m.done is not None] == [40]
    assert {m.planned for m in found.months} == {None}
    assert all(not drawing.plan and drawing.plan_at is None for drawing in found.drawings)


@pytest.mark.parametrize("amount", [1, 3, 10**4, 654_321_000_000])
def test_the_scale_is_round_and_has_at_most_five_lines(amount: int) -> None:
    found = curve(PROJECT | {"annual_plan_yuan": amount}, [], {}, None)
    assert found
    steps = [yuan for yuan, _ in found.drawings[0].scale]
    assert 2 <= len(steps) <= 5
    assert steps[1] == int(str(steps[1])[0]) * 10 ** (len(str(steps[1])) - 1)


def test_the_page_shows_the_curve_and_its_figures(sqlite_cast: Cast) -> None:
    def enter(desk: Desk) -> int:
        desk.ask(Act.PROJECT_CREATE)
        facts: dict[str, Any] = {"plan_year": 2026, "annual_plan_yuan": 12 * 10**7, "figures_month": "2026-02"}
        row = Project(name="Mill", zone_id=sqlite_cast.east, ledger=Ledger.IN_CONSTRUCTION, **facts)
        desk.keep(row)
        desk.keep(Report(zone_id=row.zone_id, project_id=row.id or 0, month="2026-02", cumulative_this_year_yuan=10**7))
        return row.id or 0

    id_ = sqlite_cast.database.act_now(house(), enter).value
    with served(sqlite_cast) as address:
        cookies = {"sanzhang": sqlite_cast.session("leader")}
        page = httpx.get(f"{address}/projects/{id_}", cookies=cookies, headers={"Accept-Language": "en"}).text
    section = page[page.index('id="curve"') :]
    assert section.count("<polyline") == 4, "plan and done, for the desk and for the phone"
    assert "short 1,000" in section
    assert re.search(r"2026-02</th><td class=\"n\">2,000</td><td class=\"n\">1,000</td>", section)
