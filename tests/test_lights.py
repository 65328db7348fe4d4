"""Lights: every threshold from both sides, the words that stand instead, and the day a light turns by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.codes import Disposition, Ledger, Light
from app.rules.lights import LIGHT_RULES, SENTENCES, LightFacts, light, months_later

G, Y, R, N = Light.GREEN, Light.YELLOW, Light.RED, Light.NONE
TODAY = "2026-11-24"
BUILDING = LightFacts(
    Ledger.IN_CONSTRUCTION,
    started_on="2025-08-11",
    registered_in_statistics_on="2025-09-01",
    total_investment_yuan=10**9,
    plan_year=2026,
    annual_plan_yuan=12_000_000,
    this_year_yuan=6_000_000,
)
UPCOMING = LightFacts(Ledger.UPCOMING, planned_start_month="2026-08")


@pytest.mark.parametrize(
    ("percent_of_plan", "colour"),
    [("60", G), ("50", G), ("40.01", G), ("40", Y), ("20", Y), ("19.99", R), ("0", R)],
)
def test_yinchuan_counts_points_behind_at_the_reporting_month(percent_of_plan: str, colour: Light) -> None:
    """At June half of the plan is due: 10 points behind is yellow, 30 still is, more is red."""
    done = int(float(percent_of_plan) * 120_000)
    assert light(replace(BUILDING, this_year_yuan=done), TODAY, "2026-06").colour is colour


@pytest.mark.parametrize(
    ("rules", "percent_of_due", "colour"),
    [
        ("wuhan", 80, G),
        ("wuhan", 79.9, Y),
        ("wuhan", 60, Y),
        ("wuhan", 59.9, R),
        ("sanya", 100, G),
        ("sanya", 99.9, Y),
        ("sanya", 50, Y),
        ("sanya", 49.9, R),
    ],
)
def test_wuhan_and_sanya_count_percent_of_what_is_due(rules: str, percent_of_due: float, colour: Light) -> None:
    done = int(percent_of_due * 60_000)
    assert light(replace(BUILDING, this_year_yuan=done), TODAY, "2026-06", LIGHT_RULES[rules]).colour is colour


def test_sanya_leaves_small_projects_without_a_light() -> None:
    small = replace(BUILDING, annual_plan_yuan=9_999_999)
    assert light(small, TODAY, "2026-06", LIGHT_RULES["sanya"]).code == "below_scope"


def test_the_reason_is_a_code_with_numbers() -> None:
    lit = light(replace(BUILDING, this_year_yuan=3_600_000), TODAY, "2026-06")
    assert lit.reason == {"code": "pace_behind", "points": 20.0, "percent": 30.0, "due": 50.0, "month": "2026-06"}
    assert json.loads(json.dumps(lit.reason)) == lit.reason


def test_a_missing_report_never_makes_the_light_worse() -> None:
    assert {light(BUILDING, day, "2026-06").colour for day in ("2026-07-01", "2026-11-24", "2027-03-01")} == {G}
    assert light(BUILDING, TODAY, None).reason == {"code": "not_reported"}


def test_a_project_to_start_within_the_year_owes_nothing_before() -> None:
    late_starter = replace(BUILDING, planned_start_month="2026-06", this_year_yuan=0)
    assert light(late_starter, TODAY, "2026-05").colour is G
    assert light(late_starter, TODAY, "2026-05", LIGHT_RULES["wuhan"]).colour is G
    assert light(late_starter, TODAY, "2026-06").colour is Y, "one seventh of the plan is due"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"annual_plan_yuan": None}, "no_annual_plan"),
        ({"annual_plan_yuan": 0}, "no_annual_plan"),
        ({"plan_year": 2025}, "no_annual_plan"),
        ({"this_year_yuan": None}, "spending_unknown"),
        ({"disposition": Disposition.SUSPENDED}, "suspended"),
        ({"disposition": Disposition.DEFERRED}, "deferred"),
        ({"disposition": Disposition.WITHDRAWN}, "exited"),
        ({"disposition": Disposition.LOST}, "exited"),
        ({"ledger": Ledger.COMPLETED}, "completed"),
        ({"ledger": Ledger.RESERVE}, "reserve"),
        ({"ledger": Ledger.UPCOMING}, "no_planned_start"),
    ],
)
def test_where_there_is_no_light_there_is_a_word(change: dict[str, Any], word: str) -> None:
    lit = light(replace(BUILDING, **change), TODAY, "2026-06")
    assert (lit.colour, lit.code) == (N, word)
    assert lit.msgid


def test_without_a_plan_the_statistics_finding_stands_beside_the_word() -> None:
    lit = light(replace(BUILDING, annual_plan_yuan=None, registered_in_statistics_on=None), TODAY, "2026-06")
    assert (lit.colour, lit.also[0][:2]) == (N, (R, "statistics_missing"))


@pytest.mark.parametrize(
    ("day", "colour", "turns"),
    [
        ("2026-08-31", G, "2026-09-01"),
        ("2026-09-01", Y, "2026-11-01"),
        ("2026-10-31", Y, "2026-11-01"),
        ("2026-11-01", R, None),
        ("2027-11-01", R, None),
    ],
)
def test_a_planned_start_month_missed_is_yellow_and_by_three_months_red(
    day: str, colour: Light, turns: str | None
) -> None:
    lit = light(UPCOMING, day, "2026-06")
    assert (lit.colour, lit.turns_on) == (colour, turns)


def test_a_postponed_start_is_told_by_its_first_month() -> None:
    assert light(replace(UPCOMING, postponements=2), TODAY, None).reason == {
        "code": "start_postponed",
        "planned": "2026-08",
        "postponements": 2,
    }


@pytest.mark.parametrize(
    ("day", "colour", "turns"),
    [
        ("2026-09-29", G, "2026-09-30"),
        ("2026-09-30", Y, "2026-10-31"),
        ("2026-10-30", Y, "2026-10-31"),
        ("2026-10-31", R, None),
    ],
)
def test_one_month_after_the_start_without_statistics_is_yellow_and_two_red(
    day: str, colour: Light, turns: str | None
) -> None:
    late = replace(BUILDING, started_on="2026-08-31", registered_in_statistics_on=None)
    lit = light(late, day, "2026-06")
    assert (lit.colour, lit.turns_on) == (colour, turns)


def test_projects_too_small_for_statistics_are_not_asked() -> None:
    small = replace(BUILDING, registered_in_statistics_on=None, total_investment_yuan=4_999_999)
    assert light(small, TODAY, "2026-06").colour is G
    assert light(replace(small, total_investment_yuan=5_000_000), TODAY, "2026-06").colour is R


def test_the_worst_rule_gives_the_colour_and_the_others_stand_beside() -> None:
    lit = light(replace(BUILDING, this_year_yuan=0, registered_in_statistics_on=None), TODAY, "2026-06")
    assert (lit.code, lit.colour) == ("pace_behind", R)
    assert [code for _, code, _ in lit.also] == ["statistics_missing"]


days = st.dates(date(2025, 1, 1), date(2027, 12, 31)).map(date.isoformat)
months = days.map(lambda day: day[:7])
some_facts = st.builds(
    LightFacts,
    ledger=st.sampled_from([Ledger.UPCOMING, Ledger.IN_CONSTRUCTION] * 3 + list(Ledger)),
    disposition=st.sampled_from([Disposition.ACTIVE] * 9 + list(Disposition)),
    planned_start_month=months | st.none(),
    postponements=st.integers(0, 3),
    started_on=st.none() | days,
    registered_in_statistics_on=st.none() | days,
    total_investment_yuan=st.none() | st.integers(0, 10**10),
    annual_plan_yuan=st.integers(1, 10**9) | st.none(),
    this_year_yuan=st.integers(0, 10**9) | st.none(),
)
mostly_yinchuan = st.sampled_from(["yinchuan"] * 4 + sorted(LIGHT_RULES))


@given(some_facts, days, months | st.none(), mostly_yinchuan)
def test_until_it_turns_a_light_stays_and_on_that_day_it_changes(
    facts: LightFacts, today: str, month: str | None, name: str
) -> None:
    def seen(day: str) -> tuple[Light, str, dict[str, Any]]:
        lit = light(facts, day, month, LIGHT_RULES[name])
        return lit.colour, lit.code, lit.numbers

    now = light(facts, today, month, LIGHT_RULES[name])
    last = date.fromisoformat(now.turns_on or "2028-06-01") - timedelta(days=1)
    span = (last - date.fromisoformat(today)).days
    for step in {*range(0, span, 17), span}:
        if step >= 0:
            assert seen((date.fromisoformat(today) + timedelta(days=step)).isoformat()) == seen(today)
    if now.turns_on:
        assert now.turns_on > today
        assert seen(now.turns_on) != seen(today)


@given(some_facts, days, months, st.integers(0, 10**9))
def test_spending_more_never_makes_a_light_worse(facts: LightFacts, today: str, month: str, more: int) -> None:
    order = [G, Y, R]
    richer = light(replace(facts, this_year_yuan=(facts.this_year_yuan or 0) + more), today, month).colour
    before = light(replace(facts, this_year_yuan=facts.this_year_yuan or 0), today, month).colour
    if N in (richer, before):
        assert richer is before
    else:
        assert order.index(richer) <= order.index(before)


def test_rules_are_plain_json_and_every_code_has_a_sentence() -> None:
    assert json.loads(json.dumps(LIGHT_RULES)) == LIGHT_RULES
    assert all(sentence[0].isupper() or sentence[0] == "{" for sentence in SENTENCES.values())


def test_the_same_day_of_a_shorter_month_is_its_last() -> None:
    assert months_later("2026-08-31", 1) == "2026-09-30"
    assert months_later("2026-12-31", 2) == "2027-02-28"
    assert months_later("2028-01-31", 1) == "2028-02-29"
