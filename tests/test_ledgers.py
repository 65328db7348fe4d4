"""The three ledgers, and what a row counts for among its relatives."""

from __future__ import annotations

from typing import Any

import pytest

from app.models.core import COUNTED
from app.rules.codes import ConstructionNature, Disposition, Ledger
from app.rules.counting import AMOUNTS, count_row, why_not_counted
from app.rules.ledgers import LISTED, doubt, is_back, nature, skipped

YI = 100_000_000


def test_a_move_to_an_earlier_ledger_is_a_back_move() -> None:
    assert is_back(Ledger.UPCOMING, Ledger.RESERVE)
    assert not is_back(Ledger.RESERVE, Ledger.UPCOMING)
    assert not is_back(None, Ledger.RESERVE)


def test_a_move_forward_names_the_ledgers_it_jumps_over() -> None:
    assert skipped("reserve", "completed") == [Ledger.UPCOMING, Ledger.IN_CONSTRUCTION]
    assert skipped("reserve", "upcoming") == []
    assert skipped("completed", "reserve") == []
    assert skipped(None, "in_construction") == []


def test_suspended_projects_are_listed_and_withdrawn_ones_are_not() -> None:
    assert {Disposition.ACTIVE, Disposition.DEFERRED, Disposition.SUSPENDED} == LISTED


def test_the_nature_of_a_project_depends_on_the_year_shown() -> None:
    def of(year: int) -> ConstructionNature | None:
        return nature(
            "in_construction", year, started_on="2025-08-11", completed_on=None, planned_completion_month="2027-06"
        )

    assert of(2025) is ConstructionNature.NEW_START
    assert of(2026) is ConstructionNature.CARRIED_OVER
    assert of(2027) is ConstructionNature.COMPLETING


def test_started_and_completed_in_one_year_is_completing() -> None:
    assert (
        nature("completed", 2026, started_on="2026-01-05", completed_on="2026-11-01") is ConstructionNature.COMPLETING
    )


def test_before_construction_a_project_is_preparatory_and_long_after_it_has_no_nature() -> None:
    assert nature("upcoming", 2026, started_on=None, completed_on=None) is ConstructionNature.PREPARATORY
    assert nature("completed", 2026, started_on="2022-01-05", completed_on="2024-11-01") is None


def test_a_start_date_in_the_reserve_is_a_doubt_that_offers_the_move() -> None:
    assert doubt("reserve", started_on="2026-03-01", completed_on=None) is Ledger.IN_CONSTRUCTION
    assert doubt("in_construction", started_on="2026-03-01", completed_on=None) is None
    assert doubt("upcoming", started_on=None, completed_on="2026-03-01") is Ledger.COMPLETED


ROW: dict[str, Any] = {
    "zone_id": 1, "ledger": "in_construction", "disposition": "active", "relation": None, "has_phases": False,
    "part_count": None, "pending": False, "deleted_at": None, "light": None, **dict.fromkeys(AMOUNTS),
}  # fmt: skip


def counted(**facts: Any) -> dict[str, int]:
    cell = count_row({**ROW, **facts})
    return dict(zip(COUNTED, cell.counted, strict=True)) if cell else {}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, None),
        ({"disposition": "suspended"}, None),
        ({"relation": "expansion"}, None),
        ({"relation": "phase"}, None),
        ({"relation": "part"}, "part"),
        ({"has_phases": True}, "heading"),
        ({"disposition": "withdrawn"}, "gone"),
        ({"deleted_at": "2026-06-30T08:00:00.000000Z"}, "deleted"),
    ],
)
def test_phases_and_expansions_count_parts_headings_and_who_has_left_do_not(
    facts: dict[str, Any], why: str | None
) -> None:
    assert why_not_counted({**ROW, **facts}) == why
    assert bool(counted(**facts)) is (why is None)


def test_a_bundle_is_one_project_and_adds_its_parts_only_once_it_is_split() -> None:
    bundle, plain = counted(part_count=5), counted()
    assert (bundle["projects"], bundle["split_extra"]) == (1, 4)
    assert (plain["projects"], plain["split_extra"]) == (1, 0)


def test_an_unknown_amount_adds_nothing_and_a_pending_row_nothing_official() -> None:
    assert (counted()["total_investment_yuan_sum"], counted()["total_investment_yuan_known"]) == (0, 0)
    pending = counted(pending=True, total_investment_yuan=6 * YI)
    assert (pending["projects"], pending["official"]) == (1, 0)
    assert (pending["total_investment_yuan_sum"], pending["total_investment_yuan_official_sum"]) == (6 * YI, 0)
