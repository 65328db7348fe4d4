"""The turn of the year: carried over by a person's act, the plan asked for anew, what did not start decided, sums kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.audit import verify
from app.db import house
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models import Project, Report
from app.models.core import COUNTED
from app.rules.access import Act
from app.services import (
    corrections,
    ledgers,
    monthly,
    months,
    moves,
    periods,
    plans,
    projects,
    reports,
    start_decisions,
    years,
    zone_months,
)
from app.services import sums as summed
from tests.cast import Cast
from tests.random_month import sow

WAN = 10_000
WHY = {"reason": "2011年计划年度开启"}


def act(cast: Cast, who: str, service: Callable[..., Any], *args: Any, **kw: Any) -> Any:
    return cast.database.act_now(cast.by(who), service, *args, **kw).value


def ask(cast: Cast, service: Callable[..., Any], *args: Any, who: str = "editor", **kw: Any) -> Any:
    return cast.database.ask_now(cast.by(who), service, *args, **kw)


def put(cast: Cast, id_: int, month: str, **facts: Any) -> Any:
    return act(cast, "editor", reports.put, id_, month, facts, version=None)


def turn(cast: Cast, year: int = 2011, who: str = "office", **values: Any) -> Any:
    return act(cast, who, years.open_, year, WHY | values)


def row(cast: Cast, id_: int) -> dict[str, Any]:
    return dict(ask(cast, projects.read, id_))


def spent(cast: Cast, id_: int) -> tuple[Any, ...]:
    """Before, this year and to date in 10,000 yuan."""
    found = row(cast, id_)
    names = ("invested_before_this_year_yuan", "invested_this_year_yuan", "invested_to_date_yuan")
    return tuple(None if found[n] is None else found[n] // WAN for n in names)


@pytest.fixture
def mill(cast: Cast) -> int:
    """The worked example of the rules: total 20,000, opening of July 2010, plan 8,000, reports up to December 8,000."""
    facts = {
        "name": "轴承生产线（演示）",
        "total_investment_yuan": 20_000 * WAN,
        "planned_completion_month": "2012-06",
        "registered_in_statistics_on": "2009-06-01",
    }
    plan = {"plan_year": 2010, "annual_plan_yuan": 8_000 * WAN}
    dates = {"started_on": "2009-05-01"}
    made = act(cast, "editor", projects.create, facts | plan, zone="EAST", ledger="in_construction", dates=dates)["id"]
    opening = {"month": "2010-07", "before_year_yuan": 9_766 * WAN, "this_year_yuan": 6_604 * WAN}
    act(cast, "editor", projects.put_opening, made, opening, version=None)
    put(cast, made, "2010-08", invested_yuan=396 * WAN)
    put(cast, made, "2010-12", cumulative_this_year_yuan=8_000 * WAN)
    return int(made)


def upcoming(cast: Cast, name: str, month: str | None, **facts: Any) -> int:
    values = {"name": name, "planned_start_month": month, "reason": "演示"} | facts
    return int(
        cast.database.act_now(house(), projects.create, values, zone="EAST", ledger="upcoming", override=True).value[
            "id"
        ]
    )


# ── carried over ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_december_closes_at_8000_and_next_year_begins_with_17766_before_and_nothing_done(cast: Cast, mill: int) -> None:
    put(cast, mill, "2011-02", invested_yuan=100 * WAN)
    assert (spent(cast, mill), row(cast, mill)["plan_year"]) == ((9_766, 8_000, 17_766), 2010)  # December still
    told = turn(cast)
    assert told["total"]["carried_over"] == 1
    found = row(cast, mill)
    assert (spent(cast, mill), found["plan_year"], found["construction_nature"]) == (
        (17_766, 100, 17_866), 2011, "carried_over",
    )  # fmt: skip
    assert (found["annual_plan_yuan"], found["light"], found["light_reason"]) == (None, "none", "未下达年度计划")
    last = ask(cast, plans.read, mill, 2010)
    assert (last["annual_yuan"], last["shown"]) == (8_000 * WAN, False)


def test_before_the_first_report_of_the_year_nothing_is_spent_in_it_and_nothing_is_judged(
    cast: Cast, mill: int
) -> None:
    turn(cast)
    found = row(cast, mill)
    assert (spent(cast, mill), found["month_report"]) == (
        (17_766, 0, 17_766),
        {"month": "2010-12", "invested_yuan": None},
    )
    act(cast, "editor", plans.put, mill, 2011, {"annual_yuan": 1_200 * WAN}, version=None)
    assert (row(cast, mill)["light"], row(cast, mill)["light_reason"]) == ("none", "本年尚未报送")
    put(cast, mill, "2011-03", invested_yuan=60 * WAN)
    assert row(cast, mill)["light"] == "yellow"
    assert "2011-02" in row(cast, mill)["incomplete_months"]


def test_a_plan_made_beforehand_waits_for_the_year(cast: Cast, mill: int) -> None:
    act(cast, "editor", plans.put, mill, 2011, {"annual_yuan": 1_200 * WAN}, version=None)
    before = ask(cast, years.read, 2011)["total"]
    assert (before["carried_over"], before["without_plan"]) == (1, 0)
    turn(cast)
    assert row(cast, mill)["annual_plan_yuan"] == 1_200 * WAN
    assert ask(cast, plans.read, mill, 2011)["baseline_yuan"] == 1_200 * WAN


def test_a_correction_of_december_after_the_turn_moves_before_and_is_an_adjustment(cast: Cast, mill: int) -> None:
    act(cast, "office", periods.open_, "2010-12", {})
    act(cast, "editor", zone_months.submit, "EAST", "2010-12", {"reason": "齐"})
    act(cast, "reviewer", zone_months.confirm, "EAST", "2010-12", {})
    act(cast, "office", months.lock, "2010-12", {})
    turn(cast)
    ten = ask(cast, monthly.ten, who="leader")
    assert (ten["month"], ten["reports"]) == ("2011-01", {"owed": 0, "missing": 0})  # the year turned, no month is open
    low = row(cast, mill)["version"]
    right = {"field": "cumulative_this_year_yuan", "value": 7_900 * WAN, "reason": "重复入账"}
    act(cast, "editor", corrections.create, mill, "2010-12", right)
    assert spent(cast, mill) == (17_666, 0, 17_666)
    led = ask(cast, lambda desk: summed.bridge(desk, [cast.east], low, 2**40))["in_construction"]
    assert list(led) == ["adjusted"]
    assert led["adjusted"][COUNTED.index("invested_to_date_yuan_sum")] == -100 * WAN
    frozen = ask(cast, zone_months.read, "EAST", "2010-12")["items"][0]["report"]
    assert frozen["cumulative_this_year_yuan"] == 8_000 * WAN


def test_what_is_finished_stays_in_its_year_and_what_comes_back_is_brought_up(cast: Cast, mill: int) -> None:
    done = act(
        cast, "editor", projects.create, {"name": "竣工（演示）", "plan_year": 2010, "annual_plan_yuan": WAN, "total_investment_yuan": WAN},
        zone="EAST", ledger="completed", dates={"started_on": "2009-01-01", "completed_on": "2010-10-01"},
    )["id"]  # fmt: skip
    cast.database.act_now(cast.by("editor", reason="业主退出"), projects.dispose, mill, disposition="withdrawn")
    told = turn(cast)
    assert (told["total"]["carried_over"], told["total"]["completed_count"]) == (0, 0)  # 待核 is no fact yet
    assert (row(cast, done)["plan_year"], row(cast, mill)["plan_year"]) == (2010, 2010)
    act(cast, "editor", projects.dispose, mill, disposition="active")
    assert (row(cast, mill)["plan_year"], spent(cast, mill)) == (2011, (17_766, 0, 17_766))


def test_a_year_that_would_begin_below_zero_is_not_opened_and_says_where(cast: Cast, mill: int) -> None:
    cast.database.act_now(
        cast.by("editor", reason="核减"), reports.put, mill, "2011-02", {"invested_yuan": -5 * WAN}, version=None
    )
    with pytest.raises(Conflict) as refused:
        turn(cast)
    assert (refused.value.code, [p["id"] for p in refused.value.extra["projects"]]) == ("below_zero", [mill])


def part_of(cast: Cast, mill: int, completion: str) -> int:
    """A part under construction that spent half a million in December."""
    facts = {
        "name": "一号线（演示）",
        "parent_id": mill,
        "relation": "part",
        "plan_year": 2010,
        "annual_plan_yuan": 90 * WAN,
    }
    part = act(cast, "editor", projects.create, facts | {"planned_completion_month": completion}, zone="EAST",
               ledger="in_construction", dates={"started_on": "2010-09-01"})["id"]  # fmt: skip
    put(cast, part, "2010-12", invested_yuan=50 * WAN)
    return int(part)


def test_a_bundle_turns_with_its_parts(cast: Cast, mill: int) -> None:
    part_of(cast, mill, "2012-01")
    assert row(cast, mill)["annual_plan_yuan"] == 90 * WAN
    turn(cast)
    bundle = row(cast, mill)
    assert (bundle["plan_year"], bundle["annual_plan_yuan"], spent(cast, mill)) == (2011, None, (50, 0, 50))
    assert ask(cast, plans.read, mill, 2010)["annual_yuan"] == 90 * WAN


def test_a_bundle_whose_parts_were_all_finished_before_turns_all_the_same(cast: Cast, mill: int) -> None:
    part = part_of(cast, mill, "2010-12")
    caller = cast.by("reviewer", reason="已竣工")
    cast.database.act_now(caller, moves.move, part, to="completed", on="2010-12-20", override=True)
    turn(cast)
    found = row(cast, mill)
    assert (found["plan_year"], spent(cast, mill), row(cast, part)["plan_year"]) == (2011, (50, None, 50), 2010)
    assert verify(cast.database.settings).sound


# ── who, when, how often ─────────────────────────────────────────────────────────────────────────────────────────────
def test_only_the_city_office_opens_a_year_once_with_a_reason_and_not_before_december(cast: Cast, mill: int) -> None:
    for who, year, values, refusal in (
        ("editor", 2011, WHY, Forbidden),
        ("reviewer", 2011, WHY, Forbidden),
        ("office", 2011, {}, Invalid),
        ("office", 2099, WHY, Invalid),
        ("office", 2011, WHY | {"zones": ["NOWHERE"]}, Invalid),
    ):
        with pytest.raises(refusal):
            act(cast, who, years.open_, year, values)
    told = turn(cast, zones=["EAST"])
    assert [(z["zone"], z["opened"], z["opened_by"]) for z in told["items"]] == [
        ("EAST", True, "Office"),
        ("WEST", False, None),
    ]
    with pytest.raises(Invalid):
        turn(cast, zones=["EAST"])
    assert turn(cast)["left"] == 0  # the others
    for year in (2011, 2010):
        with pytest.raises(Conflict):
            turn(cast, year)


def test_a_rehearsal_shows_everything_and_changes_nothing(cast: Cast, mill: int) -> None:
    told = cast.database.act_now(cast.by("office", rehearse=True), years.open_, 2011, WHY).value
    assert (told["left"], told["total"]["carried_over"], told["total"]["without_plan"]) == (0, 1, 1)
    assert (ask(cast, years.read, 2011, who="office")["left"], row(cast, mill)["plan_year"]) == (2, 2010)


def test_a_great_turn_goes_on_zone_by_zone_in_the_worker(sqlite_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.worker.jobs import take
    from app.worker.loop import do

    cast = sqlite_cast
    monkeypatch.setattr(years, "AT_ONCE", 1)
    for zone, who in (("EAST", "editor"), ("WEST", "stranger")):
        for name in ("一", "二"):
            facts = {"name": f"{zone}{name}", "plan_year": 2010, "annual_plan_yuan": WAN}
            act(cast, who, projects.create, facts | {"planned_completion_month": "2012-01"}, zone=zone,
                ledger="in_construction", dates={"started_on": "2010-06-01"})  # fmt: skip
    assert turn(cast)["left"] == 1
    job = take(cast.database)
    assert job is not None and job.kind == "open_year"
    do(cast.database, job)
    told = ask(cast, years.read, 2011, who="office")
    assert (told["left"], {z["opened_by"] for z in told["items"]}, told["total"]["carried_over"]) == (0, {"Office"}, 4)


# ── what did not start ───────────────────────────────────────────────────────────────────────────────────────────────
def decided(cast: Cast, id_: int, who: str = "editor", **values: Any) -> dict[str, Any]:
    return dict(act(cast, who, start_decisions.decide, id_, 2011, values))


def test_what_did_not_start_is_decided_and_the_slip_stays(cast: Cast) -> None:
    late, gone, back, soon = (
        upcoming(cast, name, month)
        for name, month in (("甲", "2010-03"), ("乙", "2010-09"), ("丙", None), ("丁", "2011-05"))
    )
    act(cast, "editor", projects.amend, late, {"planned_start_month": "2010-11", "reason": "用地"}, version=None)
    with pytest.raises(Conflict):
        decided(cast, late, decision="new_month", month="2011-04", reason="x")  # the year is not open
    turn(cast)

    def waiting() -> list[int]:
        return sorted(p["id"] for p in ask(cast, years.of_zone, "EAST", 2011)["to_decide"])

    assert waiting() == sorted([late, gone, back])
    with pytest.raises(Invalid):
        decided(cast, late, decision="new_month", month="2012-01", reason="x")
    found = decided(cast, late, decision="new_month", month="2011-04", reason="土地已摘牌")
    assert (found["planned_start_month"], found["first_planned_start_month"], found["postponements"]) == (
        "2011-04",
        "2010-03",
        2,
    )
    assert "2011-04" in found["light_reason"] and "2010-03" in found["light_reason"] and "2" in found["light_reason"]
    with pytest.raises(Invalid):
        decided(cast, gone, decision="exit")
    assert decided(cast, gone, decision="exit", reason="业主放弃")["disposition"] == "withdrawn"
    assert decided(cast, back, decision="reserve", reason="条件不具备")["ledger"] == "reserve"
    assert waiting() == []
    with pytest.raises(Conflict):
        decided(cast, soon, decision="reserve", reason="x")
    with pytest.raises(NotFound):
        decided(cast, soon, who="stranger", decision="reserve", reason="x")
    with pytest.raises(Forbidden):
        decided(cast, upcoming(cast, "戊", "2010-03"), who="office", decision="reserve", reason="x")


# ── kept in step ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_sums_are_what_the_rows_add_up_to_after_the_turn(cast: Cast, mill: int) -> None:
    upcoming(cast, "待定", "2010-04", plan_year=2010, annual_plan_yuan=5 * WAN)
    turn(cast)
    assert verify(cast.database.settings).sound
    built = ask(cast, ledgers.heads, "EAST")["in_construction"]["amounts"]
    assert (built["annual_plan_yuan"]["known"], built["invested_this_year_yuan"]["sum"]) == (0, 0)
    put(cast, mill, "2011-02", invested_yuan=3 * WAN)
    assert verify(cast.database.settings).sound


@pytest.mark.parametrize("seed", range(2))
def test_whatever_stands_there_sums_are_what_is_counted_again_after_a_turn(cast: Cast, seed: int) -> None:
    """Random projects of both zones, with reports, families and exits: one zone turns, then the other."""
    sow(cast, seed, 60)

    def above_zero(desk: Desk) -> None:
        """Nothing is taken back: a year cannot begin below zero."""
        desk.ask(Act.REPORT_WRITE)
        rows = desk.rows(Report, "below", lambda q, t: q.where(t.c.invested_yuan < 0))
        for row in rows:
            row.invested_yuan = 3
        desk.keep(rows)

    cast.database.act_now(house(), above_zero)
    turn(cast, 2026, zones=["EAST"])
    assert verify(cast.database.settings).sound
    turn(cast, 2026)
    assert verify(cast.database.settings).sound
    rows = ask(cast, lambda desk: desk.rows(Project, "all", lambda q, t: q), who="office")
    unfinished = [r for r in rows if r.ledger == "in_construction" and r.disposition not in ("lost", "withdrawn")]
    assert {r.plan_year for r in unfinished if r.family_sums is None} == {2026}
