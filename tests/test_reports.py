"""Monthly reports: what a month added, what follows from it in the project's row, and what cannot be reported."""

from __future__ import annotations

from typing import Any

import pytest

from app import clock
from app.db import house
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.models import Project
from app.rules.access import Act
from app.services import progress, projects, reports
from tests.cast import Cast

WAN = 10_000
FACTS: dict[str, Any] = {
    "name": "水泥粉磨生产线（演示）", "total_investment_yuan": 20_000 * WAN, "annual_plan_yuan": 8_000 * WAN, "plan_year": 2010,
    "planned_completion_month": "2011-03",
}  # fmt: skip
OPENING = {"month": "2010-07", "before_year_yuan": 9_766 * WAN, "this_year_yuan": 6_604 * WAN}


@pytest.fixture
def plant(cast: Cast) -> int:
    """A project in construction with the opening of the worked example."""
    made = cast.database.act_now(
        cast.editor, projects.create, FACTS, zone="EAST", ledger="in_construction", dates={"started_on": "2009-10-01"}
    )
    cast.database.act_now(cast.editor, projects.put_opening, made.value["id"], OPENING, version=None)
    return int(made.value["id"])


def report(cast: Cast, id_: int, month: str, who: str = "editor", version: int | None = None, **facts: Any) -> Any:
    return cast.database.act_now(cast.by(who), reports.put, id_, month, facts, version=version).value


def row(cast: Cast, id_: int) -> dict[str, Any]:
    return cast.database.ask_now(cast.editor, projects.read, id_)


def spent(cast: Cast, id_: int) -> tuple[Any, ...]:
    found = row(cast, id_)
    names = ("invested_before_this_year_yuan", "invested_this_year_yuan", "invested_to_date_yuan")
    return tuple(None if found[n] is None else found[n] // WAN for n in names)


def codes(refused: pytest.ExceptionInfo[Any]) -> list[tuple[str, str]]:
    return [(p.pointer, p.code) for p in refused.value.problems]


def test_a_month_adds_to_the_opening_as_in_the_worked_example(cast: Cast, plant: int) -> None:
    told = report(cast, plant, "2010-08", invested_yuan=396 * WAN, progress_text="磨机基础完成")
    assert (told["cumulative_this_year_yuan"], told["state"], told["by"]) == (7_000 * WAN, "draft", "Editor")
    assert spent(cast, plant) == (9_766, 7_000, 16_766)
    found = row(cast, plant)
    assert found["month_report"] == {"month": "2010-08", "invested_yuan": 396 * WAN}
    assert (found["incomplete_months"], found["progress_text"]) == ([], "磨机基础完成")


def test_december_closes_the_year_and_the_plan_of_the_next_one_opens_it(cast: Cast, plant: int) -> None:
    report(cast, plant, "2010-08", invested_yuan=396 * WAN)
    told = report(cast, plant, "2010-12", cumulative_this_year_yuan=8_000 * WAN)
    assert (told["invested_yuan"], told["incomplete_months"]) == (None, [])
    assert spent(cast, plant) == (9_766, 8_000, 17_766)
    edit = {"plan_year": 2011, "annual_plan_yuan": 2_000 * WAN, "reason": "下达 2011 年计划"}
    cast.database.act_now(cast.editor, projects.amend, plant, edit, version=None)
    assert spent(cast, plant) == (17_766, 0, 17_766)


def test_a_missing_month_adds_nothing_and_is_named_until_a_cumulative_closes_the_gap(cast: Cast, plant: int) -> None:
    report(cast, plant, "2010-10", invested_yuan=100 * WAN)
    assert spent(cast, plant) == (9_766, 6_704, 16_470)
    assert row(cast, plant)["incomplete_months"] == ["2010-08", "2010-09"]
    report(cast, plant, "2010-11", cumulative_this_year_yuan=7_500 * WAN)
    assert (spent(cast, plant)[1], row(cast, plant)["incomplete_months"]) == (7_500, [])


def test_a_month_below_zero_needs_a_reason_however_it_is_told(cast: Cast, plant: int) -> None:
    figures: list[dict[str, Any]] = [{"invested_yuan": -4 * WAN}, {"cumulative_this_year_yuan": 6_600 * WAN}]
    for figure in figures:
        with pytest.raises(Invalid) as refused:
            report(cast, plant, "2010-08", **figure)
        assert codes(refused) == [(f"/{next(iter(figure))}", "reason_required")]
    assert report(cast, plant, "2010-08", invested_yuan=-4 * WAN, reason="核减重复入账")["invested_yuan"] == -4 * WAN
    assert spent(cast, plant)[1] == 6_600


def test_money_spent_above_the_total_needs_a_reason(cast: Cast, plant: int) -> None:
    with pytest.raises(Invalid) as refused:
        report(cast, plant, "2010-08", invested_yuan=5_000 * WAN)
    assert codes(refused) == [("/invested_yuan", "reason_required")]
    assert spent(cast, plant) == (9_766, 6_604, 16_370)
    report(cast, plant, "2010-08", invested_yuan=5_000 * WAN, reason="超概算，已报批")
    assert spent(cast, plant)[2] == 21_370


def test_that_nothing_changed_is_a_report_and_silence_is_none(cast: Cast, plant: int) -> None:
    with pytest.raises(Invalid) as refused:
        report(cast, plant, "2010-08")
    assert codes(refused) == [("/no_change_reason", "required")]
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.editor, reports.read, plant, "2010-08")
    told = report(cast, plant, "2010-08", no_change_reason="雨季停工")
    assert (told["no_change"], told["invested_yuan"], spent(cast, plant)[1]) == (True, 0, 6_604)


@pytest.mark.parametrize(
    ("month", "facts", "problem"),
    [
        ("2010-07", {"invested_yuan": 1}, ("/month", "in_the_opening")),
        ("2199-01", {"invested_yuan": 1}, ("/month", "in_the_future")),
        ("2010-08", {"invested_yuan": 1, "cumulative_this_year_yuan": 2}, ("/cumulative_this_year_yuan", "one_of")),
        ("2010-08", {"invested_yuan": 10**18}, ("/invested_yuan", "out_of_range")),
        ("2010-08", {"weather": "rain"}, ("/weather", "unknown_field")),
    ],
)
def test_what_cannot_be_reported_says_why(
    cast: Cast, plant: int, month: str, facts: dict[str, Any], problem: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        report(cast, plant, month, **facts)
    assert problem in codes(refused)


def test_a_project_that_started_here_begins_at_zero_and_an_older_one_is_unknown(cast: Cast, plant: int) -> None:
    month = clock.today()[:7]
    made = []
    for started in (f"{month}-01", "2009-05-01"):
        facts = {"name": f"新厂 {started}（演示）", "planned_completion_month": "2030-01"}
        answer = cast.database.act_now(
            cast.editor, projects.create, facts, zone="EAST", ledger="in_construction", dates={"started_on": started}
        )
        made.append(int(answer.value["id"]))
        report(cast, made[-1], month, invested_yuan=5 * WAN)
    assert spent(cast, made[0]) == (0, 5, 5)
    assert (spent(cast, made[1])[0], spent(cast, made[1])[2]) == (None, None)


def test_a_known_report_is_changed_at_its_version_only(cast: Cast, plant: int) -> None:
    told = report(cast, plant, "2010-08", invested_yuan=396 * WAN)
    report(cast, plant, "2010-08", who="reviewer", version=told["version"], cumulative_this_year_yuan=7_100 * WAN)
    with pytest.raises(Stale):
        report(cast, plant, "2010-08", version=told["version"], invested_yuan=1)
    assert spent(cast, plant)[1] == 7_100


def test_an_opening_that_is_corrected_moves_the_sums_of_its_reports(cast: Cast, plant: int) -> None:
    report(cast, plant, "2010-08", invested_yuan=396 * WAN)
    corrected = OPENING | {"this_year_yuan": 6_600 * WAN, "reason": "与统计核对"}
    cast.database.act_now(cast.editor, projects.put_opening, plant, corrected, version=None)
    assert spent(cast, plant) == (9_766, 6_996, 16_762)


def test_reserve_is_not_reported_and_who_may_not_write_cannot_report(cast: Cast, plant: int) -> None:
    kept = cast.database.act_now(cast.editor, projects.create, {"name": "储备（演示）"}, zone="EAST").value["id"]
    with pytest.raises(Conflict) as refused:
        report(cast, kept, "2010-08", invested_yuan=1)
    assert refused.value.code == "not_reported"
    with pytest.raises(NotFound):
        report(cast, plant, "2010-08", who="stranger", invested_yuan=1)
    for who in ("leader", "office", "auditor"):
        with pytest.raises(Forbidden):
            report(cast, plant, "2010-08", who=who, invested_yuan=1)


def test_progress_has_the_day_on_which_it_was_last_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def on(day: str) -> None:
        monkeypatch.setattr(clock, "today", lambda: day)

    def told(project: dict[str, Any]) -> Any:
        return cast.database.ask_now(cast.editor, projects.read, project["id"])["progress_told_on"]

    on("2026-05-04")
    plain = cast.database.act_now(cast.editor, projects.create, {"name": "Plain"}, zone="EAST").value
    mill = cast.database.act_now(
        cast.editor, projects.create, {"name": "M", "progress_text": "Talks"}, zone="EAST"
    ).value
    on("2026-06-05")
    cast.database.act_now(cast.editor, projects.amend, mill["id"], {"park": "North"}, version=None)
    assert (told(plain), told(mill)) == (None, "2026-05-04")
    cast.database.act_now(cast.editor, projects.amend, mill["id"], {"progress_text": "Signed"}, version=None)
    assert told(mill) == "2026-06-05"

    def forget(desk: Desk) -> None:
        row = desk.get(Project, mill["id"], to=Act.LIGHTS_TURN)
        row.progress_told_on = None
        desk.keep(row)

    cast.database.act_now(house(), forget)
    assert cast.database.act_now(house(), progress.date).value == 1
    assert told(mill) == clock.day_of(clock.moment()), "history knows the moment of the act"
