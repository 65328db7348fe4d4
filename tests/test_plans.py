"""Annual plans: versions, the baseline, and the plan that stands in the project's row."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Forbidden, Invalid, NotFound, Stale
from app.services import plans, projects
from tests.cast import Cast

WAN = 10_000


@pytest.fixture
def mill(cast: Cast) -> int:
    """A project whose plan of 2026 came with it."""
    facts = {"name": "轴承生产线（演示）", "plan_year": 2026, "annual_plan_yuan": 8_000 * WAN}
    made = cast.database.act_now(cast.editor, projects.create, facts, zone="EAST")
    return int(made.value["id"])


def amend(cast: Cast, id_: int, **edit: Any) -> Any:
    return cast.database.act_now(cast.editor, projects.amend, id_, edit, version=None)


def put(cast: Cast, id_: int, year: int, who: str = "editor", version: int | None = None, **values: Any) -> Any:
    return cast.database.act_now(cast.by(who), plans.put, id_, year, values, version=version).value


def plan(cast: Cast, id_: int, year: int, **caller: Any) -> dict[str, Any]:
    return cast.database.ask_now(cast.by("editor", **caller), plans.read, id_, year)


def row(cast: Cast, id_: int) -> tuple[Any, ...]:
    found = cast.database.ask_now(cast.editor, projects.read, id_)
    return found["plan_year"], found["annual_plan_yuan"] // WAN


def amounts(told: dict[str, Any]) -> list[int]:
    return [v["annual_yuan"] // WAN for v in told["versions"]]


def test_a_plan_typed_in_the_ledger_keeps_what_it_was_before(cast: Cast, mill: int) -> None:
    first = plan(cast, mill, 2026)
    assert (amounts(first), first["baseline_yuan"], first["shown"]) == ([8_000], 8_000 * WAN, True)
    amend(cast, mill, annual_plan_yuan=6_000 * WAN, reason="调整计划")
    told = plan(cast, mill, 2026)
    assert (amounts(told), told["baseline_yuan"], told["annual_yuan"]) == ([8_000, 6_000], 8_000 * WAN, 6_000 * WAN)
    assert [(v["number"], v["reason"], v["by"]) for v in told["versions"]] == [
        (1, None, None),
        (2, "调整计划", "Editor"),
    ]


def test_a_plan_written_by_itself_is_the_one_that_the_project_shows(cast: Cast, mill: int) -> None:
    months = {"6": 2_000 * WAN, "12": 5_000 * WAN}
    put(cast, mill, 2026, months=months, document="市发〔2026〕3号", issued_on="2026-02-10", reason="下达")
    told = plan(cast, mill, 2026)
    assert (row(cast, mill), amounts(told), told["months"]) == ((2026, 7_000), [8_000, 7_000], months)
    put(cast, mill, 2026, annual_yuan=7_000 * WAN, months=months, goal_text="主体封顶")
    told = plan(cast, mill, 2026)
    assert (amounts(told), told["goal_text"], told["document"]) == ([8_000, 7_000], "主体封顶", None)
    with pytest.raises(Invalid) as refused:
        put(cast, mill, 2026, annual_yuan=7_000 * WAN, months={"6": 7_000 * WAN})
    assert [p.code for p in refused.value.problems] == ["reason_required"]


def test_another_year_waits_until_the_project_shows_it(cast: Cast, mill: int) -> None:
    put(cast, mill, 2027, annual_yuan=3_000 * WAN)
    assert (row(cast, mill), plan(cast, mill, 2027)["shown"]) == ((2026, 8_000), False)
    amend(cast, mill, plan_year=2027)
    assert (row(cast, mill), amounts(plan(cast, mill, 2026))) == ((2027, 3_000), [8_000])
    amend(cast, mill, plan_year=2026)
    assert row(cast, mill) == (2026, 8_000)
    listed = cast.database.ask_now(cast.editor, plans.list_, mill)
    assert [(p["year"], amounts(p)) for p in listed] == [(2027, [3_000]), (2026, [8_000])]


def test_what_a_plan_was_at_an_earlier_act_can_be_read(cast: Cast, mill: int) -> None:
    act = put(cast, mill, 2026, annual_yuan=9_000 * WAN, reason="追加")["version"]
    put(cast, mill, 2026, annual_yuan=9_500 * WAN, reason="再追加")
    assert amounts(plan(cast, mill, 2026, as_of=act - 1)) == [8_000]
    assert amounts(plan(cast, mill, 2026, as_of=act)) == [8_000, 9_000]
    with pytest.raises(NotFound):
        plan(cast, mill, 2025)
    with pytest.raises(Stale):
        put(cast, mill, 2026, version=act, annual_yuan=1, reason="旧版")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, ("/annual_yuan", "required")),
        ({"annual_yuan": 5, "months": {"1": 4}}, ("/months", "not_the_sum")),
        ({"annual_yuan": -1}, ("/annual_yuan", "out_of_range")),
        ({"annual_yuan": 9}, ("/annual_yuan", "reason_required")),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(
    cast: Cast, mill: int, values: dict[str, Any], problem: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        put(cast, mill, 2026, **values)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [problem]


def test_only_editors_of_the_zone_write_plans(cast: Cast, mill: int) -> None:
    for who in ("office", "leader", "auditor"):
        with pytest.raises(Forbidden):
            put(cast, mill, 2026, who, annual_yuan=1, reason="x")
    with pytest.raises(NotFound):
        put(cast, mill, 2026, "stranger", annual_yuan=1, reason="x")
