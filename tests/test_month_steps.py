"""The month: opened by the city, submitted, confirmed, returned, locked, corrected; and nothing by any other way."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from app import clock
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.rules.calendar import CALENDAR, due_day, is_workday
from app.services import calendar, corrections, months, periods, plans, projects, reports, zone_months
from tests.cast import Cast

WAN = 10_000
MONTH = "2026-08"


def act(cast: Cast, who: str, service: Callable[..., Any], *args: Any, **kw: Any) -> Any:
    return cast.database.act_now(cast.by(who), service, *args, **kw).value


def build(
    cast: Cast, name: str, who: str = "editor", zone: str = "EAST", started: str = "2026-03-01", **facts: Any
) -> int:
    values = {"name": name, "planned_completion_month": "2027-06", "total_investment_yuan": 9_000 * WAN} | facts
    made = act(cast, who, projects.create, values, zone=zone, ledger="in_construction", dates={"started_on": started})
    return int(made["id"])


@pytest.fixture
def mill(cast: Cast) -> int:
    """A project in construction in the East, and August opened."""
    made = build(cast, "面粉生产线（演示）")
    act(cast, "office", periods.open_, MONTH, {})
    return made


def report(cast: Cast, id_: int, who: str = "editor", month: str = MONTH, **facts: Any) -> Any:
    return act(cast, who, reports.put, id_, month, facts, version=None)


def zone_month(cast: Cast, who: str = "editor", code: str = "EAST", **caller: Any) -> dict[str, Any]:
    return cast.database.ask_now(cast.by(who, **caller), zone_months.read, code, MONTH)


def steps(cast: Cast, *names: str, month: str = MONTH) -> None:
    for name in names:
        if name == "lock":
            act(cast, "office", months.lock, month, {})
        else:
            service = {"submit": zone_months.submit, "confirm": zone_months.confirm}[name]
            act(cast, "editor" if name == "submit" else "reviewer", service, "EAST", month, {})


def test_the_parts_of_a_bundle_report_and_the_bundle_shows_their_sum(cast: Cast, mill: int) -> None:
    one, two = (build(cast, name, parent_id=mill, relation="part") for name in ("One", "Two"))

    def items() -> dict[int, Any]:
        return {item["id"]: item for item in zone_month(cast)["items"]}

    assert {id_ for id_, item in items().items() if item["owes"]} == {one, two}
    assert items()[mill]["sums"] is None, "its own figures show until a part knows any"
    report(cast, one, month="2026-07", invested_yuan=5 * WAN)
    report(cast, one, invested_yuan=WAN, funds_in_place_yuan=3)
    report(cast, two, month="2026-07", invested_yuan=7 * WAN)
    sums = items()[mill]["sums"]
    assert (sums["of"], sums["invested_yuan"], sums["cumulative_this_year_yuan"]) == (2, WAN, 13 * WAN)
    assert (sums["known"]["invested_yuan"], sums["funds_in_place_yuan"], sums["before_yuan"]) == (1, 3, 12 * WAN)
    with pytest.raises(Invalid, match="sum of its parts"):
        report(cast, mill, invested_yuan=1)
    with pytest.raises(Invalid, match="sum of its parts"):
        report(cast, mill, funds_in_place_yuan=1)
    told = cast.database.ask_now(cast.by("office"), months.read, MONTH)
    assert [(zone["owed"], zone["missing"]) for zone in told["items"] if zone["zone"] == "EAST"] == [(2, 1)]


# ── the calendar ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_due_day_is_a_working_day_as_the_state_council_orders_them() -> None:
    assert not is_workday("2026-10-01", CALENDAR) and is_workday("2026-10-10", CALENDAR)
    assert due_day("2026-09", "submit", CALENDAR) == "2026-09-28"  # the 25th is Mid-Autumn, a Friday
    assert due_day("2026-09", "submit", {**CALENDAR, "holiday_rule": "bring_forward"}) == "2026-09-24"
    later = {**CALENDAR, "due": {**CALENDAR["due"], "submit": {"offset": 1, "day": 31}}}
    assert due_day("2026-08", "submit", later) == "2026-09-30"


def test_the_city_keeps_its_own_calendar_and_what_is_left_out_stays(cast: Cast) -> None:
    act(
        cast,
        "office",
        calendar.put,
        {"due": {"submit": {"day": 5, "offset": 1}, "confirm": {"day": 6}}, "holidays": ["2026-12-31"]},
        version=None,
    )
    told = cast.database.ask_now(cast.editor, calendar.read)
    due = told["due"]
    assert (due["submit"], due["confirm"], due["lock"]["day"]) == ({"offset": 1, "day": 5}, {"offset": 0, "day": 6}, 28)
    act(cast, "office", calendar.put, {"holidays": None, "due": None}, version=None)
    assert cast.database.ask_now(cast.editor, calendar.read)["due"] == due
    assert (told["holidays"], told["january_with_february"]) == (["2026-12-31"], True)
    with pytest.raises(Forbidden):
        act(cast, "editor", calendar.put, {"holidays": []}, version=None)


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_month_is_opened_by_the_city_office_with_the_days_of_the_calendar(cast: Cast) -> None:
    told = act(cast, "office", periods.open_, "2026-08", {"lock_due_on": "2026-08-31"})
    assert (told["cut_off_on"], told["submit_due_on"], told["lock_due_on"]) == (
        "2026-08-31",
        "2026-08-25",
        "2026-08-31",
    )
    for who, month, refusal in (
        ("office", "2026-08", Conflict), ("office", "2199-01", Invalid), ("editor", "2026-09", Forbidden),
    ):  # fmt: skip
        with pytest.raises(refusal):
            act(cast, who, periods.open_, month, {})
    with pytest.raises(Invalid) as refused:
        act(cast, "office", periods.open_, "2026-09", {"lock_due_on": "2026-09-01"})
    assert refused.value.problems[0].pointer == "/lock_due_on"


def test_january_is_reported_with_february_unless_the_city_says_otherwise(cast: Cast) -> None:
    with pytest.raises(Conflict):
        act(cast, "office", periods.open_, "2026-01", {})
    assert act(cast, "office", periods.open_, "2026-02", {})["first_month"] == "2026-01"
    covering = cast.database.ask_now(cast.editor, periods.covering, "2026-01")
    assert covering is not None and covering["month"] == "2026-02"
    act(cast, "office", calendar.put, {"january_with_february": False}, version=None)
    assert act(cast, "office", periods.open_, "2025-01", {})["first_month"] == "2025-01"


def test_january_alone_takes_no_report_and_february_closes_both(cast: Cast, mill: int) -> None:
    old = build(cast, "老项目（演示）", started="2025-03-01")
    with pytest.raises(Conflict) as refused:
        report(cast, old, month="2026-01", invested_yuan=1)
    assert refused.value.code == "january_with_february"
    told = report(cast, old, month="2026-02", invested_yuan=9)
    assert (told["cumulative_this_year_yuan"], told["incomplete_months"]) == (9, [])
    act(cast, "office", periods.open_, "2026-02", {})
    ten = cast.database.ask_now(cast.office, lambda desk: periods.before(desk, "2026-02"))
    assert ten == "2025-12"


# ── who owes what, and who is late ───────────────────────────────────────────────────────────────────────────────────
def test_who_owes_a_report_and_for_how_many_days_it_is_late(cast: Cast, mill: int) -> None:
    told = zone_month(cast)
    assert [(m["name"], m["state"]) for m in told["missing"]] == [("面粉生产线（演示）", "not_submitted")]
    assert (told["state"], told["owed"], told["reported"], told["late_days"] > 0) == ("open", 1, 0, True)
    city = cast.database.ask_now(cast.office, months.read, MONTH)
    east, west = city["items"]
    assert (east["owed"], east["missing"], east["late_days"], west["owed"], west["late_days"]) == (
        1,
        1,
        told["late_days"],
        0,
        0,
    )
    assert city["late"] == ["EAST"]
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.office, months.read, "2026-07")


def test_nothing_is_late_in_time_and_what_is_late_says_so(cast: Cast) -> None:
    id_ = build(cast, "在期（演示）")
    today = clock.today()
    act(cast, "office", periods.open_, MONTH, {f"{s}_due_on": today for s in ("report", "submit", "confirm", "lock")})
    assert (zone_month(cast)["late_days"], report(cast, id_, invested_yuan=1)["late"]) == (0, False)
    other = build(cast, "逾期（演示）")
    act(cast, "office", periods.open_, "2026-07", {})
    assert report(cast, other, month="2026-07", invested_yuan=1)["late"] is True


def test_a_project_that_began_later_or_whose_figures_are_an_opening_owes_nothing(cast: Cast, mill: int) -> None:
    later = act(
        cast, "editor", projects.create, {"name": "九月开工（演示）", "planned_completion_month": "2027-06"}, zone="EAST",
        ledger="in_construction", dates={"started_on": "2026-09-02"},
    )["id"]  # fmt: skip
    opened = build(cast, "期初（演示）")
    act(cast, "editor", projects.put_opening, opened, {"month": MONTH, "this_year_yuan": 5}, version=None)
    owes = {item["id"]: item["owes"] for item in zone_month(cast)["items"]}
    assert owes == {mill: True, later: False, opened: False}


# ── the steps ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_month_is_walked_from_report_to_lock_and_corrected_afterwards(cast: Cast, mill: int) -> None:
    act(cast, "editor", plans.put, mill, 2026, {"annual_yuan": 4_000 * WAN}, version=None)
    report(cast, mill, invested_yuan=300 * WAN, progress_text="主体完成")
    with pytest.raises(Forbidden):
        act(cast, "office", zone_months.submit, "EAST", MONTH, {})
    steps(cast, "submit")
    with pytest.raises(Conflict) as refused:
        report(cast, mill, invested_yuan=301 * WAN)
    assert refused.value.code == "month_submitted"
    with pytest.raises(Invalid):
        act(cast, "reviewer", zone_months.return_, "EAST", MONTH, {"project_ids": [mill]})
    told = act(
        cast, "reviewer", zone_months.return_, "EAST", MONTH, {"project_ids": [mill], "reason": "进度与照片不符"}
    )
    (item,) = told["items"]
    assert (told["state"], item["state"], item["report"]["returned_reason"]) == ("open", "returned", "进度与照片不符")
    with pytest.raises(Conflict) as refused:
        steps(cast, "submit")
    assert refused.value.extra["missing"][0]["state"] == "returned"
    assert report(cast, mill, invested_yuan=310 * WAN)["state"] == "draft"
    steps(cast, "submit", "confirm", "lock")
    assert zone_month(cast)["state"] == "locked"
    with pytest.raises(Conflict) as refused:
        report(cast, mill, invested_yuan=1)
    assert refused.value.code == "locked"
    made = act(
        cast,
        "editor",
        corrections.create,
        mill,
        MONTH,
        {"field": "invested_yuan", "value": 305 * WAN, "reason": "重复入账"},
    )
    assert (made["before"], made["after"], made["counts_from"]) == (310 * WAN, 305 * WAN, "2026-09")
    frozen = zone_month(cast)
    assert frozen["items"][0]["report"]["invested_yuan"] == 310 * WAN
    assert [c["after"] for c in frozen["corrections"]] == [305 * WAN]
    row = cast.database.ask_now(cast.editor, projects.read, mill)
    assert row["invested_this_year_yuan"] == 305 * WAN


def test_what_is_missing_stops_a_submission_unless_it_is_said_why(cast: Cast, mill: int) -> None:
    with pytest.raises(Conflict) as refused:
        steps(cast, "submit")
    assert (refused.value.code, len(refused.value.extra["missing"])) == ("reports_missing", 1)
    told = act(cast, "editor", zone_months.submit, "EAST", MONTH, {"reason": "业主停产放假"})
    assert (told["state"], told["missing_reason"], told["items"][0]["state"]) == (
        "submitted",
        "业主停产放假",
        "not_submitted",
    )


def test_the_city_locks_when_every_zone_that_owes_is_confirmed_and_in_order(cast: Cast, mill: int) -> None:
    build(cast, "西区（演示）", "stranger", "WEST")
    report(cast, mill, no_change_reason="雨季")
    steps(cast, "submit", "confirm")
    with pytest.raises(Conflict) as refused:
        steps(cast, "lock")
    assert [z["zone"] for z in refused.value.extra["missing"]] == ["WEST"]
    act(cast, "stranger", zone_months.submit, "WEST", MONTH, {"reason": "未报"})
    with pytest.raises(Forbidden):
        act(cast, "stranger", zone_months.confirm, "WEST", MONTH, {})


def test_a_text_copied_from_the_month_before_is_seen(cast: Cast, mill: int) -> None:
    report(cast, mill, month="2026-07", progress_text="桩基施工", invested_yuan=1)
    report(cast, mill, progress_text="桩基施工", invested_yuan=2)
    (item,) = zone_month(cast)["items"]
    assert (item["copied"], item["before"]["month"], item["report"]["month"]) == (True, "2026-07", MONTH)


def test_another_zone_sees_nothing_of_it(cast: Cast, mill: int) -> None:
    with pytest.raises(NotFound):
        zone_month(cast, "stranger")
    with pytest.raises(NotFound):
        act(cast, "stranger", zone_months.submit, "EAST", MONTH, {"reason": "x"})
    assert [z["zone"] for z in cast.database.ask_now(cast.stranger, months.read, MONTH)["items"]] == ["WEST"]


# ── no other way ─────────────────────────────────────────────────────────────────────────────────────────────────────
ALLOWED = {
    ("open", "submit"): "submitted", ("submitted", "confirm"): "confirmed", ("submitted", "return"): "open",
    ("confirmed", "return"): "open", ("confirmed", "lock"): "locked",
}  # fmt: skip
DOORS: dict[str, tuple[str, Callable[..., Any]]] = {
    "submit": ("editor", lambda desk, _: zone_months.submit(desk, "EAST", MONTH, {"reason": "x"})),
    "confirm": ("reviewer", lambda desk, _: zone_months.confirm(desk, "EAST", MONTH, {})),
    "return": ("office", lambda desk, _: zone_months.return_(desk, "EAST", MONTH, {"reason": "x"})),
    "lock": ("office", lambda desk, _: months.lock(desk, MONTH, {})),
    "write": ("editor", lambda desk, id_: reports.put(desk, id_, MONTH, {"invested_yuan": 7, "reason": "x"}, version=None)),
    "correct": ("editor", lambda desk, id_: corrections.create(desk, id_, MONTH, {"field": "next_steps", "value": desk.now, "reason": "x"})),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_random_steps_never_go_where_the_table_does_not(sqlite_cast: Cast, seed: int) -> None:
    """Every door, in random order, against a plain table: what is refused changes nothing, what is locked stays."""
    cast, chance = sqlite_cast, random.Random(seed)
    id_ = build(cast, "随机（演示）")
    act(cast, "office", periods.open_, MONTH, {})
    state, moved = "open", 0
    for _ in range(40):
        step = chance.choices(list(DOORS), (4, 4, 2, 1, 2, 1))[0]
        who, door = DOORS[step]
        legal = (
            (state == "open")
            if step == "write"
            else (state == "locked")
            if step == "correct"
            else (state, step) in ALLOWED
        )
        if legal:
            act(cast, who, door, id_)
            state, moved = ALLOWED.get((state, step), state), moved + 1
        else:
            with pytest.raises(Refusal):
                act(cast, who, door, id_)
        assert zone_month(cast)["state"] == state
    assert moved > 5
