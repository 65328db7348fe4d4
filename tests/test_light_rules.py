"""Light rules as kept data: every threshold of any rules, other rules put in force, and lights that the night turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.db import Database, house
from app.desk import Desk
from app.engine import Sql
from app.models import Project
from app.rules.access import Act
from app.rules.codes import Ledger, Light
from app.rules.lights import LIGHT_RULES, LightFacts, light
from app.rules.money import next_month
from app.services import lights, projects
from app.worker.jobs import take
from app.worker.loop import do
from tests.cast import Cast
from tests.web import Web

G, Y, R = Light.GREEN, Light.YELLOW, Light.RED
PLAN = 12 * 11 * 10 * 9 * 7 * 5 * 100
"""Of the year, in yuan: every share of it that is due, and every percent of that, is a whole number."""
TODAY = clock.today()
BUILDING = LightFacts(Ledger.IN_CONSTRUCTION, plan_year=2026, annual_plan_yuan=PLAN, this_year_yuan=0)
months = st.integers(1, 12)
percents = st.integers(0, 100)


# ── thresholds ───────────────────────────────────────────────────────────────────────────────────────────────────────
@given(months, st.none() | months, percents, st.tuples(percents, percents).map(sorted))
def test_points_and_percent_turn_exactly_at_their_thresholds_in_every_month_and_for_every_start(
    month: int, start: int | None, percent: int, bounds: list[int]
) -> None:
    due = Fraction(month, 12) if start is None else Fraction(max(0, month - start + 1), 13 - start)
    facts = replace(BUILDING, planned_start_month=f"2026-{start:02d}" if start else None)
    low, high = bounds

    def seen(done: Fraction, pace: dict[str, Any]) -> Light:
        spent = replace(facts, this_year_yuan=int(done * PLAN))
        return light(spent, "2026-12-31", f"2026-{month:02d}", {"pace": pace}).colour

    of_due = due * percent / 100
    if due:
        wanted = G if percent >= high else Y if percent >= low else R
        assert seen(of_due, {"measure": "percent_of_due", "yellow_below": high, "red_below": low}) is wanted
    if due * 100 >= percent:
        wanted = R if percent > high else Y if percent >= low else G
        behind = due - Fraction(percent, 100)
        assert seen(behind, {"measure": "points_behind", "yellow_from": low, "red_above": high}) is wanted


def test_ten_points_behind_are_little_in_november_and_nearly_all_in_february() -> None:
    points, percent = LIGHT_RULES["yinchuan"], LIGHT_RULES["wuhan"]
    for month, by_percent in (("2026-02", R), ("2026-11", G)):
        done = (Fraction(int(month[5:]), 12) - Fraction(10, 100)) * PLAN
        facts = replace(BUILDING, this_year_yuan=int(done))
        assert light(facts, "2026-12-31", month, points).colour is Y
        assert light(facts, "2026-12-31", month, percent).colour is by_percent


# ── the baseline ─────────────────────────────────────────────────────────────────────────────────────────────────────
def known(cast: Cast, id_: int) -> dict[str, Any]:
    return dict(cast.database.ask_now(house(), lambda desk: vars(desk.get(Project, id_))))


def enter(cast: Cast, **facts: Any) -> int:
    """A project as it stands after an import: its light is judged when it is kept."""

    def keep(desk: Desk) -> int:
        desk.ask(Act.PROJECT_CREATE)
        row = Project(name="Mill", zone_id=cast.east, **facts)
        desk.keep(row)
        return row.id or 0

    return int(cast.database.act_now(house(), keep).value)


def test_a_plan_pushed_back_or_lowered_does_not_turn_red_into_green(cast: Cast) -> None:
    missed = next_month(TODAY[:7], -5)
    late = enter(cast, ledger="upcoming", planned_start_month=missed, first_planned_start_month=missed)
    month = f"{TODAY[:4]}-12"
    slow = enter(
        cast, ledger="in_construction", plan_year=int(TODAY[:4]), annual_plan_yuan=1000, invested_this_year_yuan=400,
        figures_month=month,
    )  # fmt: skip
    assert (known(cast, late)["light"], known(cast, slow)["light"]) == ("red", "red")
    for id_, change in ((late, {"planned_start_month": next_month(TODAY[:7], 5)}), (slow, {"annual_plan_yuan": 400})):
        cast.database.act_now(cast.by("editor", reason="Delayed"), projects.amend, id_, change, version=None)
        assert known(cast, id_)["light"] == "red"
    assert "start_postponed" in known(cast, late)["light_reason"]
    assert "pace_behind_first" in known(cast, slow)["light_reason"]


# ── the night ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_night_turns_exactly_the_lights_that_are_due_and_an_edit_before_it_is_no_harm(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon, later = next_month(TODAY[:7]), next_month(TODAY[:7], 4)
    one, other = (enter(cast, ledger="upcoming", planned_start_month=month) for month in (soon, later))
    due = known(cast, one)["light_turns_on"]
    assert due == f"{next_month(soon)}-01"
    before = (date.fromisoformat(due) - timedelta(days=1)).isoformat()
    for day, turned, colour in ((before, 0, "green"), (due, 1, "yellow"), (due, 0, "yellow")):
        monkeypatch.setattr(clock, "today", lambda day=day: day)
        assert cast.database.act_now(house(door="system"), lights.turn, day).value == turned
        assert (known(cast, one)["light"], known(cast, other)["light"]) == (colour, "green")
    act = cast.database.read_now(
        lambda link: link.row(Sql("SELECT actor_kind, word, count FROM act ORDER BY seq DESC LIMIT 1"))
    )
    assert act == ("system", "lights.turn", 1)


# ── other rules in force ─────────────────────────────────────────────────────────────────────────────────────────────
def worked(database: Database) -> None:
    while (job := take(database)) is not None:
        do(database, job)


def test_other_rules_are_put_in_force_by_the_city_and_every_light_follows(web: Web) -> None:
    month = f"{TODAY[:4]}-02"
    done = PLAN * 2 // 12 * 70 // 100
    id_ = enter(
        web.cast, ledger="in_construction", plan_year=int(TODAY[:4]), annual_plan_yuan=PLAN, figures_month=month,
        invested_this_year_yuan=done,
    )  # fmt: skip
    shipped = web.get("/settings/light-rules").json()
    assert (shipped["name"], shipped["version"], sorted(shipped["shipped"])) == (
        "yinchuan",
        0,
        ["sanya", "wuhan", "yinchuan"],
    )
    assert web.get(f"/projects/{id_}").json()["light"] == "green", "five points behind"
    assert web.put("/settings/light-rules", json={"name": "wuhan"}, key="write").status_code == 403
    put = web.put("/settings/light-rules", json={"name": "wuhan", "reason": "Decided"})
    assert (put.status_code, put.json()["rules"]) == (200, LIGHT_RULES["wuhan"])
    worked(web.cast.database)
    assert web.get(f"/projects/{id_}").json()["light"] == "yellow", "70 % of what is due"
    assert web.put("/settings/light-rules", json={"name": "yinchuan"}).status_code == 428
    own = {"pace": {"measure": "points_behind", "yellow_from": 1, "red_above": 2}}
    again = web.put("/settings/light-rules", json={"name": "Ours", "rules": own}, version=put.json()["version"])
    assert again.status_code == 200, again.text
    worked(web.cast.database)
    told = web.get(f"/projects/{id_}").json()
    assert (told["light"], told["light_reason"]) == ("red", "Time passed 16.7 %, done 11.7 %: 5.0 points behind")
    first = web.get(f"/settings/light-rules?as_of={told['updated_at']}").json()
    assert first["name"] == "Ours"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "Ours"}, "/rules"),
        ({"name": "wuhan", "rules": {"start": {"yellow_months": 1, "red_months": 2}}}, "/name"),
        ({"name": "Ours", "rules": {"start": {"yellow_months": 3, "red_months": 2}}}, "/rules/start"),
        ({"name": "Ours", "rules": {"pace": {"measure": "percent_of_due", "yellow_below": 5, "red_below": 9}}}, "/rules/pace"),
        ({"name": "Ours", "rules": {"pace": {"measure": "feeling"}}}, "/rules/pace"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_meant_are_refused(sqlite_web: Web, body: dict[str, Any], pointer: str) -> None:
    answer = sqlite_web.put("/settings/light-rules", json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
