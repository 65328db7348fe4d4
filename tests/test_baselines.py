"""Baselines: whoever pushes back or lowers turns nothing green, until the city office accepts it; the first stays in sight."""

from __future__ import annotations

from typing import Any

import pytest

from app import clock
from app.audit import verify
from app.db import house
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models import Project
from app.rules.money import next_month
from app.services import baselines, plans, projects, reports
from tests.cast import Cast

WAN = 10_000


def accept(cast: Cast, id_: int, of: str, who: str = "office", **values: Any) -> dict[str, Any]:
    return dict(cast.database.act_now(cast.by(who), baselines.accept, id_, {"of": of} | values).value)


def row(cast: Cast, id_: int) -> dict[str, Any]:
    return dict(cast.database.ask_now(cast.editor, projects.read, id_))


@pytest.fixture
def late(cast: Cast) -> int:
    """To start four months ago, pushed back to next month."""
    now = clock.today()[:7]
    facts = {"name": "储能基地（演示）", "planned_start_month": next_month(now, -4), "reason": "演示"}
    made = cast.database.act_now(house(), projects.create, facts, zone="EAST", ledger="upcoming", override=True).value
    edit = {"planned_start_month": next_month(now), "reason": "征地"}
    cast.database.act_now(cast.editor, projects.amend, made["id"], edit, version=None)
    return int(made["id"])


def test_a_start_that_was_pushed_back_is_red_until_the_city_office_accepts_it(cast: Cast, late: int) -> None:
    now = clock.today()[:7]
    assert (row(cast, late)["light"], row(cast, late)["baseline_start_month"]) == ("red", None)
    found = accept(cast, late, "planned_start_month", reason="专题会议同意")
    assert (found["light"], found["baseline_start_month"]) == ("green", next_month(now))
    said = row(cast, late)["light_reason"]
    assert all(part in said for part in (next_month(now), next_month(now, -4), "1"))
    cast.database.act_now(
        cast.editor, projects.amend, late, {"planned_start_month": next_month(now, 2), "reason": "再推"}, version=None
    )
    assert row(cast, late)["baseline_start_month"] == next_month(now)  # the next one is not accepted yet
    assert verify(cast.database.settings).sound


def test_a_plan_that_was_lowered_is_judged_by_the_first_until_it_is_accepted(cast: Cast) -> None:
    facts = {
        "name": "轴承（演示）",
        "plan_year": 2026,
        "annual_plan_yuan": 1_200 * WAN,
        "planned_completion_month": "2027-06",
    }
    id_ = cast.database.act_now(
        cast.editor, projects.create, facts | {"registered_in_statistics_on": "2026-01-05"}, zone="EAST",
        ledger="in_construction", dates={"started_on": "2026-01-02"},
    ).value["id"]  # fmt: skip
    cast.database.act_now(cast.editor, reports.put, id_, "2026-06", {"invested_yuan": 300 * WAN}, version=None)
    cast.database.act_now(
        cast.editor, plans.put, id_, 2026, {"annual_yuan": 600 * WAN, "reason": "资金未到位"}, version=None
    )
    assert row(cast, id_)["light"] == "yellow"
    accept(cast, id_, "annual_plan_yuan", reason="市政府批复")
    assert row(cast, id_)["light"] == "green"
    told = cast.database.ask_now(cast.editor, plans.read, id_, 2026)
    assert (told["baseline_yuan"], told["accepted_by"], told["accepted_reason"]) == (
        1_200 * WAN,
        "Office",
        "市政府批复",
    )
    cast.database.act_now(cast.editor, plans.put, id_, 2026, {"annual_yuan": 300 * WAN, "reason": "再降"}, version=None)
    assert row(cast, id_)["light"] == "green"
    assert cast.database.ask_now(cast.editor, lambda desk: baselines.changed(desk.get(Project, id_))) == [
        "annual_plan_yuan"
    ]


def test_only_the_city_office_accepts_what_has_changed_and_says_why(cast: Cast, late: int) -> None:
    for who, of, values, refusal in (
        ("editor", "planned_start_month", {"reason": "x"}, Forbidden),
        ("reviewer", "planned_start_month", {"reason": "x"}, Forbidden),
        ("stranger", "planned_start_month", {"reason": "x"}, NotFound),
        ("office", "planned_start_month", {}, Invalid),
        ("office", "annual_plan_yuan", {"reason": "x"}, Conflict),
        ("office", "name", {"reason": "x"}, Invalid),
    ):
        with pytest.raises(refusal):
            accept(cast, late, of, who, **values)
    accept(cast, late, "planned_start_month", reason="x")
    with pytest.raises(Conflict):
        accept(cast, late, "planned_start_month", reason="x")
