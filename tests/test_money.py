"""Money spent: openings, monthly reports, cumulatives, the year turn."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.rules.money import (
    Opening,
    Report,
    Spent,
    due_share,
    months_between,
    needs_reason,
    next_month,
    pace,
    reasons_needed,
    spent,
    tenth,
)

WAN = 10_000
OPENING = Opening("2010-07", 9_766 * WAN, 6_604 * WAN)
LIVE = "2010-08"
amounts = st.integers(0, 10**12)


def old(month: str, reports: list[Report], opening: Opening | None = OPENING) -> Spent:
    return spent(month, opening, reports, zone_live_from=LIVE, started_month="2009-03")


def test_the_worked_example_of_august_2010() -> None:
    august = old("2010-08", [Report("2010-08", 396 * WAN)])
    assert (august.this_year_yuan, august.to_date_yuan) == (7_000 * WAN, 16_766 * WAN)
    assert august.incomplete_months == ()
    plan = pace(august.this_year_yuan, 8_000 * WAN, due_share("2010-08"))
    assert plan is not None
    assert (tenth(plan.done * 100), tenth(plan.points)) == (87.5, 20.8)


def test_december_is_carried_into_the_next_year_as_spent_before() -> None:
    reports = [Report("2010-08", 396 * WAN), Report("2010-12", cumulative_this_year_yuan=8_000 * WAN)]
    january = old("2011-01", reports)
    assert (january.before_this_year_yuan, january.this_year_yuan) == (17_766 * WAN, 0)


def test_a_missing_month_adds_nothing_and_is_named() -> None:
    october = old("2010-10", [Report("2010-08", 100), Report("2010-10", 50)])
    assert october.this_year_yuan == 6_604 * WAN + 150
    assert october.incomplete_months == ("2010-09",)


def test_a_gap_of_last_year_is_still_named_because_before_lacks_it() -> None:
    march = old(
        "2011-03", [Report(f"2010-{m:02d}", 1) for m in (8, 9, 10, 12)] + [Report("2011-02", 1), Report("2011-03", 1)]
    )
    assert march.incomplete_months == ("2010-11",)


def test_january_is_reported_with_february() -> None:
    reports = [Report(f"2010-{m:02d}", 1) for m in range(8, 13)]
    assert old("2011-02", [*reports, Report("2011-02", 5)]).incomplete_months == ()
    assert old("2011-02", reports).incomplete_months == ("2011-02",)
    apart = spent(
        "2011-02", OPENING, reports, zone_live_from=LIVE, started_month="2009-03", january_with_february=False
    )
    assert apart.incomplete_months == ("2011-01", "2011-02")


def test_an_older_project_without_opening_is_unknown_and_never_zero() -> None:
    shown = old("2010-09", [Report("2010-08", 5), Report("2010-09", 7)], opening=None)
    assert (shown.before_this_year_yuan, shown.to_date_yuan) == (None, None)
    assert shown.this_year_yuan == 12
    assert shown.incomplete_months[0] == "2010-02", "the months before the zone went live are missing from this year"
    assert old("2011-03", [], opening=None).before_this_year_yuan is None


def test_a_project_started_after_the_zone_went_live_begins_at_zero() -> None:
    shown = spent("2010-11", None, [Report("2010-10", 9)], zone_live_from=LIVE, started_month="2010-10")
    assert shown == Spent(0, 9, 9, ("2010-11",))


def test_before_the_opening_nothing_is_known() -> None:
    assert old("2010-06", []) == Spent(None, None, None)


def test_an_opening_with_a_blank_leaves_that_sum_unknown_until_a_cumulative_says_it() -> None:
    blank = Opening("2010-07", 100, None)
    assert old("2010-08", [Report("2010-08", 5)], blank).this_year_yuan is None
    assert old("2010-09", [Report("2010-09", cumulative_this_year_yuan=50)], blank).to_date_yuan == 150


def test_a_completed_project_owes_no_more_months() -> None:
    shown = spent("2010-12", OPENING, [], zone_live_from=LIVE, started_month="2009-03", completed_month="2010-09")
    assert shown.incomplete_months == ("2010-08", "2010-09")


@given(st.dictionaries(st.integers(8, 12), amounts), st.integers(8, 12), amounts)
def test_a_cumulative_closes_every_gap_before_it(months: dict[int, int], at: int, cumulative: int) -> None:
    reports = [Report(f"2010-{m:02d}", v) for m, v in months.items() if m != at]
    shown = old(f"2010-{at:02d}", [*reports, Report(f"2010-{at:02d}", None, cumulative)])
    assert shown.incomplete_months == ()
    assert shown.this_year_yuan == cumulative


@given(st.lists(amounts, min_size=5, max_size=5), amounts)
def test_a_correction_of_december_moves_next_years_before_by_as_much(values: list[int], by: int) -> None:
    reports = [Report(f"2010-{m:02d}", v) for m, v in zip(range(8, 13), values, strict=True)]
    corrected = [*reports[:-1], replace(reports[-1], invested_yuan=values[-1] + by)]
    first, second = old("2011-03", reports), old("2011-03", corrected)
    assert first.before_this_year_yuan is not None and second.before_this_year_yuan is not None
    assert second.before_this_year_yuan - first.before_this_year_yuan == by
    assert second.this_year_yuan == first.this_year_yuan == 0


@given(st.lists(amounts, min_size=17, max_size=17))
def test_months_and_cumulatives_tell_the_same_story(values: list[int]) -> None:
    months = [next_month("2010-07", by) for by in range(1, 18)]
    plain = [Report(m, v) for m, v in zip(months, values, strict=True)]
    running, total = [], 6_604 * WAN
    for report in plain:
        total = (0 if report.month.endswith("-01") else total) + (report.invested_yuan or 0)
        running.append(Report(report.month, cumulative_this_year_yuan=total))
    for month in months:
        assert old(month, plain) == old(month, running)


@given(st.integers(0, 40), st.lists(amounts, max_size=20))
def test_to_date_is_before_plus_this_year(ahead: int, values: list[int]) -> None:
    reports = [Report(next_month("2010-07", n + 1), v) for n, v in enumerate(values)]
    shown = old(next_month("2010-07", ahead), reports)
    assert shown.before_this_year_yuan is not None and shown.this_year_yuan is not None
    assert shown.to_date_yuan == shown.before_this_year_yuan + shown.this_year_yuan


def test_the_due_share_of_a_project_that_starts_within_the_year() -> None:
    assert due_share("2026-04", planned_start_month="2026-05") == 0
    assert due_share("2026-05", planned_start_month="2026-05") == Fraction(1, 8)
    assert due_share("2026-12", planned_start_month="2026-05") == 1
    assert due_share("2026-10", planned_start_month="2025-05") == Fraction(10, 12)


def test_the_plans_own_months_hold_where_it_has_them() -> None:
    assert due_share("2026-03", plan_months={1: 10, 3: 20, 12: 70}) == Fraction(30, 100)


def test_there_is_no_pace_without_a_plan_or_a_known_sum() -> None:
    assert pace(None, 10, Fraction(1)) is None
    assert pace(5, None, Fraction(1)) is None
    assert pace(5, 0, Fraction(1)) is None


def test_one_decimal_is_rounded_half_up_as_a_spreadsheet_does() -> None:
    assert (tenth(Fraction(8925, 100)), tenth(Fraction(-8925, 100))) == (89.3, -89.3)


@given(st.integers(0, 3000), st.integers(-500, 500))
def test_months_are_counted_over_year_ends(index: int, by: int) -> None:
    month = next_month("2000-01", index)
    assert months_between(month, next_month(month, by)) == by


def test_a_change_needs_a_reason_and_the_first_filling_does_not() -> None:
    assert needs_reason("total_investment_yuan", 5, 6)
    assert needs_reason("planned_start_month", "2026-03", None)
    assert not needs_reason("total_investment_yuan", None, 6)
    assert not needs_reason("total_investment_yuan", 5, 5)
    assert not needs_reason("name", "a", "b")
    before = {"contract_amount_yuan": 1, "annual_plan_yuan": None, "name": "a"}
    assert reasons_needed(before, {"name": "b", "annual_plan_yuan": 3, "contract_amount_yuan": 2}) == [
        "contract_amount_yuan"
    ]
