"""What a zone settles itself: the three figures with their worked examples, and what must hold whatever is delegated."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.calendar import CALENDAR, days_after, days_between, is_workday
from app.rules.cases import state_of
from app.rules.chains import CHAINS, PERMIT, SERVED_SENTENCES, STEPS, applies, class_of, in_order, waits_for
from app.rules.coverage import (
    Held,
    Settling,
    before_and_after,
    chain_days,
    change,
    decided,
    fetched,
    items,
    leaves_at,
    settling,
    unused,
)
from app.rules.paths import StepState, current, way

STEPS_OF = CHAINS["enterprise_industrial"]["steps"]
NEW_LAND = {"land_mode": "new_land", "is_high_energy_emission": False, "energy_tce": 200, "land_mu": 6}
NEEDED = {step["key"] for step in STEPS_OF if applies(step, NEW_LAND)}
ITEMS = {key: (f"i-{key}",) for key in STEPS}
DAY = "2026-06-30"
ZONE, PART, OUTSIDE = Settling.ZONE, Settling.PART, Settling.OUTSIDE


def holds(*steps: str, **more: Any) -> list[Held]:
    return [Held(f"i-{key}", frozenset({key}), **more) for key in steps]


def case(step: str, **facts: Any) -> dict[str, Any]:
    blank: dict[str, Any] = {"served": step} | dict.fromkeys(
        ("applied_on", "accepted_on", "promised_on", "decided_on", "days_used", "in_zone", "power_code", "result")
    )
    made: dict[str, Any] = {"id": 1, "step": step, **blank, **facts}
    return {"state": state_of(made["result"]).value, **made}


def granted(step: str, on: str, days: int, in_zone: bool | None = True, **more: Any) -> dict[str, Any]:
    return case(step, result="granted", decided_on=on, days_used=days, in_zone=in_zone, **more)


# ── the chain ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_shipped_chain_can_be_walked_and_the_five_procedures_are_steps_of_it() -> None:
    for name, chain in CHAINS.items():
        order = in_order(chain["steps"])
        assert order is not None and len(order) == len(chain["steps"]), name
        assert {"filing", "environment", PERMIT} <= set(order), name
        assert all(set(step["after"]) <= set(order) for step in chain["steps"]), name


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, "enterprise_industrial"),
        ({"land_mode": "leased"}, "leased_plant"),
        ({"land_mode": "existing_plant"}, "leased_plant"),
        ({"kind": "technical_upgrade", "land_mode": "leased"}, "technical_upgrade"),
        ({"kind": "technical_upgrade", "approval_class": "government"}, "government"),
    ],
)
def test_the_class_is_what_was_said_else_what_the_facts_tell(facts: dict[str, Any], found: str) -> None:
    assert class_of(facts) == found


@pytest.mark.parametrize(
    ("step", "facts", "answer"),
    [
        ("filing", {}, True),
        ("flood", {}, None),
        ("land", {"land_mode": "new_land"}, True),
        ("land", {"land_mode": "leased"}, False),
        ("land", {}, None),
        ("energy", {"energy_tce": 1000}, True),
        ("energy", {"energy_tce": 999.9}, None),
        ("energy", {"energy_tce": 999.9, "is_high_energy_emission": False}, False),
        ("energy", {"energy_tce": 1, "is_high_energy_emission": True}, True),
        ("water_soil", {"land_mu": 7.5}, True),
        ("water_soil", {"land_mu": 7.4}, False),
    ],
)
def test_whether_a_step_applies_has_three_answers(step: str, facts: dict[str, Any], answer: bool | None) -> None:
    assert applies(STEPS[step], facts) is answer


def test_a_step_that_is_not_needed_passes_on_what_it_waited_for() -> None:
    assert waits_for(STEPS_OF, {"filing", "design_review"}) == {"filing": [], "design_review": ["filing"]}


def test_a_filing_and_an_approval_are_one_step_of_a_project_and_two_matters_of_the_office() -> None:
    served = {
        name: next(s["served_as"] for s in chain["steps"] if s["key"] == "filing") for name, chain in CHAINS.items()
    }
    assert served == {
        "enterprise_industrial": "filing", "enterprise_approval": "verification", "government": "feasibility",
        "technical_upgrade": "upgrade_filing", "leased_plant": "filing",
    }  # fmt: skip
    assert {s["key"] for s in CHAINS["government"]["steps"]} <= set(STEPS)
    assert set(served.values()) | set(STEPS) <= SERVED_SENTENCES.keys()


# ── the three figures ────────────────────────────────────────────────────────────────────────────────────────────────
FIVE = ("filing", "design_review", "planning_permit", PERMIT, "completion_record")


def test_items_are_the_steps_settled_in_the_zone_by_all_that_apply() -> None:
    """The example of docs/rules.md: five items of fourteen, 35.7 %."""
    where = settling(ITEMS, holds(*FIVE), DAY)
    found = items(STEPS_OF, NEEDED, where)
    assert (found.settled, found.part, found.of, found.reserved) == (5, 0, 14, 0)
    assert items(STEPS_OF, NEEDED | {"land_conversion"}, where).reserved == 1, "reserved ones stand beside"


def test_a_chain_is_closed_or_leaves_the_zone_at_a_step() -> None:
    assert leaves_at(STEPS_OF, NEEDED, settling(ITEMS, holds(*FIVE), DAY)) == "land"
    before_start = ("land", "land_permit", "drawing_review", "civil_defence", "environment")
    assert leaves_at(STEPS_OF, NEEDED, settling(ITEMS, holds(*FIVE, *before_start), DAY)) is None
    assert leaves_at(STEPS_OF, NEEDED | {"land_conversion"}, settling(ITEMS, holds(*FIVE, *before_start), DAY)) is None


def test_a_window_that_takes_papers_in_settles_nothing_and_an_office_or_a_seal_does() -> None:
    for way_, where in (
        ("window_only", OUTSIDE),
        ("branch_office", ZONE),
        ("posted_official", ZONE),
        ("delegated", ZONE),
    ):
        assert settling(ITEMS, holds("filing", way=way_), DAY)["filing"] is where, way_


def test_a_step_of_several_items_is_settled_in_part_until_all_are_held() -> None:
    served = {"environment": ("report", "form")}
    one, both = (
        [Held("report", frozenset({"environment"}))],
        [Held(c, frozenset({"environment"})) for c in ("report", "form")],
    )
    assert settling(served, one, DAY) == {"environment": PART}
    assert settling(served, both, DAY) == {"environment": ZONE}
    assert items(STEPS_OF, {"environment"}, {"environment": PART}) == items(
        STEPS_OF, {"environment"}, {"environment": PART}
    )


@pytest.mark.parametrize(
    ("held", "on", "where"),
    [
        ({"from_on": "2026-07-01"}, "2026-06-30", OUTSIDE),
        ({"from_on": "2026-07-01"}, "2026-07-01", ZONE),
        ({"until_on": "2026-06-30"}, "2026-06-30", ZONE),
        ({"until_on": "2026-06-30"}, "2026-07-01", OUTSIDE),
        ({"running": False}, "2026-06-30", OUTSIDE),
    ],
)
def test_a_delegation_counts_from_its_first_day_to_its_last(held: dict[str, Any], on: str, where: Settling) -> None:
    assert settling(ITEMS, holds("filing", **held), on)["filing"] is where


def test_cases_are_those_decided_in_the_zone_by_all_decided_in_the_period() -> None:
    mine = [
        granted("filing", "2026-06-01", 1), granted("land", "2026-06-30", 20, False), granted("land", "2026-07-01", 20),
        granted("energy", "2026-06-02", 3, None), case("energy", in_zone=True), case("flood", result="not_needed"),
    ]  # fmt: skip
    found = decided(mine, "2026-06-01", "2026-06-30")
    assert (found.inside, found.of, found.unknown) == (1, 3, 1)


held_items = st.lists(
    st.builds(
        Held,
        power=st.sampled_from([code for codes in ITEMS.values() for code in codes]),
        steps=st.just(frozenset()),
        way=st.sampled_from(["delegated", "branch_office", "posted_official", "window_only"]),
        from_on=st.sampled_from([None, "2026-01-01", "2026-06-30", "2026-12-01"]),
        until_on=st.sampled_from([None, "2026-03-01", "2026-06-30", "2027-01-01"]),
        running=st.booleans(),
    ),
    max_size=30,
)
days = st.sampled_from(["2026-01-01", "2026-03-01", "2026-06-30", "2026-12-31"])


@given(held_items, held_items, days)
def test_a_delegation_more_never_lowers_the_items_and_one_less_never_raises_them(
    held: list[Held], more: list[Held], on: str
) -> None:
    before = items(STEPS_OF, NEEDED, settling(ITEMS, held, on))
    after = items(STEPS_OF, NEEDED, settling(ITEMS, [*held, *more], on))
    assert after.settled >= before.settled
    assert after.settled + after.part >= before.settled + before.part
    assert after.of == before.of
    if leaves_at(STEPS_OF, NEEDED, settling(ITEMS, held, on)) is None:
        assert leaves_at(STEPS_OF, NEEDED, settling(ITEMS, [*held, *more], on)) is None


@given(held_items, days, days)
def test_what_begins_or_ended_on_another_day_does_not_count_on_this_one(held: list[Held], on: str, other: str) -> None:
    there = [h for h in held if h.settles(on)]
    assert settling(ITEMS, held, on) == settling(ITEMS, there, on)
    gone = [h for h in held if h.settles(other) and not h.settles(on)]
    assert settling(ITEMS, [*there, *gone], on) == settling(ITEMS, there, on)


# ── use, and what to ask for next ────────────────────────────────────────────────────────────────────────────────────
def test_items_held_but_never_used() -> None:
    held = [*holds("filing", "energy", "flood"), Held("beside", frozenset()), *holds("safety", from_on="2027-01-01")]
    mine = [
        granted("filing", "2026-05-01", 1),
        granted("energy", "2026-05-01", 3, False),
        granted("flood", "2026-05-01", 3, power_code="other"),
    ]
    assert [h.power for h in unused(held, mine, DAY)] == ["i-energy", "i-flood"]


def test_what_is_most_often_fetched_from_outside_is_what_to_ask_for_next() -> None:
    mine = [granted("environment", f"2026-05-0{n}", 8 + n, False) for n in (1, 2, 3)]
    mine += [
        granted("energy", "2026-05-01", 6, False),
        granted("land_conversion", "2026-05-01", 60, False),
        granted("filing", "2026-05-01", 1),
    ]
    assert fetched(STEPS_OF, mine, {}, "2026-01-01", DAY) == [("environment", 3, 10), ("energy", 1, 6)]
    assert fetched(STEPS_OF, mine, {"environment": ZONE}, None, DAY) == [("energy", 1, 6)]


def test_days_before_and_after_are_medians_and_fewer_than_five_say_nothing() -> None:
    before = [granted("environment", "2025-11-03", n, False) for n in (8, 9, 10, 20, 21)]
    after = [granted("environment", "2026-03-03", n) for n in (4, 5, 5, 6, 30)]
    found = before_and_after([*before, *after], "2026-01-01")
    assert [(s.median, s.n) for s in found] == [(10, 5), (5, 5)]
    assert change(*found) == 50.0
    few = before_and_after([*before, *after[:4]], "2026-01-01")
    assert [(s.median, s.n) for s in few] == [(10, 5), (None, 4)]
    assert change(*few) is None
    late = before_and_after([granted("environment", "2026-03-03", 9, False)], "2026-01-01")
    assert [s.n for s in late] == [0, 0], "fetched from outside although it is held: neither before nor after"


def test_the_days_of_a_chain_are_its_longest_way() -> None:
    promised = {step["key"]: step["promised_days"] or 0 for step in STEPS_OF}
    assert chain_days(STEPS_OF, NEEDED, promised) == 57, "1 + 30 + 3 + 10 + 10 (drawings) + 3"
    assert chain_days(STEPS_OF, NEEDED, {**promised, "environment": 90}) == 94, (
        "1 + 90 + 3: what runs beside may be longest"
    )
    assert chain_days(STEPS_OF, NEEDED | {"land_conversion"}, promised) == 57, (
        "what government does before is not the firm's time"
    )


# ── the way of a project ─────────────────────────────────────────────────────────────────────────────────────────────
def test_the_permit_is_foreseen_from_promised_working_days() -> None:
    """The example of docs/rules.md: nothing applied for on Monday 2 March 2026, new land, nothing special."""
    found = way(STEPS_OF, NEW_LAND, {}, {}, "2026-03-02", CALENDAR)
    assert found.permit_on == days_after("2026-03-02", 57, CALENDAR) == "2026-05-25"
    assert (found.permit_granted, found.leaves_at, found.days_inside, found.days_outside) == (False, "filing", 0, 0)


def test_what_is_decided_is_no_more_to_come_and_what_is_under_way_ends_as_promised() -> None:
    mine = {
        "filing": granted("filing", "2026-02-02", 1),
        "land": case("land", applied_on="2026-02-03", promised_on="2026-03-20", in_zone=False),
        "environment": case("environment", accepted_on="2026-01-05"),
    }
    found = way(STEPS_OF, NEW_LAND, mine, settling(ITEMS, holds(*FIVE), DAY), "2026-03-02", CALENDAR)
    stages = {stage.key: stage for stage in found.stages}
    assert found.leaves_at == "land"
    assert stages["land"].ends_on == "2026-03-20"
    assert found.permit_on == days_after("2026-03-20", 26, CALENDAR)
    assert (stages["environment"].late, stages["environment"].ends_on) == (True, "2026-03-02"), (
        "overdue: today at the earliest"
    )
    assert stages["environment"].days_used == days_between("2026-01-05", "2026-03-02", CALENDAR)
    assert (found.days_inside, found.days_outside) == (1, 16 + 35), "those under way count up to today"
    assert stages["flood"].state is StepState.NOT_KNOWN


def test_a_permit_that_is_granted_has_its_day_and_a_step_not_needed_none() -> None:
    mine = {PERMIT: granted(PERMIT, "2026-02-27", 2), "environment": case("environment", result="not_needed")}
    found = way(STEPS_OF, NEW_LAND, mine, {}, "2026-03-02", CALENDAR)
    assert (found.permit_on, found.permit_granted) == ("2026-02-27", True)
    assert next(s for s in found.stages if s.key == "environment").state is StepState.NOT_NEEDED


def test_the_case_that_stands_is_the_one_that_counts() -> None:
    refused, open_ = case("land", id=2, result="refused"), case("land", id=1)
    assert current([refused, open_]) is open_
    assert current([refused]) is refused
    assert current([]) is None


@given(st.dates(min_value=date(2025, 1, 1), max_value=date(2026, 12, 1)), st.integers(0, 60))
def test_working_days_are_counted_as_one_walks_them(first: Any, n: int) -> None:
    day = first.isoformat()
    last = days_after(day, n, CALENDAR)
    assert days_between(day, last, CALENDAR) == n
    assert n == 0 or is_workday(last, CALENDAR)
