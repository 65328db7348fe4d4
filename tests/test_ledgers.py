"""The three ledgers, and what a row counts for among its relatives."""

from __future__ import annotations

import pytest

from app.rules.codes import ConstructionNature, Disposition, Ledger
from app.rules.counting import why_not_counted
from app.rules.family import Place, amount, signing_amount, standing
from app.rules.ledgers import doubt, is_back, is_listed, nature, skipped

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
    assert {d for d in Disposition if is_listed(d)} == {Disposition.ACTIVE, Disposition.DEFERRED, Disposition.SUSPENDED}


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


def test_the_worked_example_of_two_phases_and_an_expansion() -> None:
    """Contract of 10 with phase 1 (6, producing) and phase 2 (4, being built), expansion of 3 in reserve."""
    rows = [
        ("completed", standing(None, phases=2), None, 10 * YI, None),
        ("completed", standing("phase"), "phase", None, 6 * YI),
        ("in_construction", standing("phase"), "phase", None, 4 * YI),
        ("reserve", standing("expansion"), "expansion", None, 3 * YI),
    ]
    counted: dict[str, tuple[int, int]] = {}
    for ledger, row, _, _, own in rows:
        if row.in_ledger:
            count, total = counted.get(ledger, (0, 0))
            counted[ledger] = (count + 1, total + (amount(row, own) or 0))
    assert counted == {"completed": (1, 6 * YI), "in_construction": (1, 4 * YI), "reserve": (1, 3 * YI)}
    signed = [
        signing_amount(row, relation, contract, own) for _, row, relation, contract, own in rows if row.as_signing
    ]
    assert (len(signed), sum(value or 0 for value in signed)) == (2, 13 * YI)


def test_a_heading_shows_the_sum_of_its_phases() -> None:
    heading = standing(None, phases=2)
    assert (heading.place, heading.in_ledger) == (Place.HEADING, False)
    assert amount(heading, 10 * YI, [6 * YI, None]) == 6 * YI
    assert amount(heading, 10 * YI, [None, None]) == 10 * YI


def test_parts_are_never_counted_but_their_bundle_is_with_the_sums() -> None:
    bundle, part = standing(None, parts=5), standing("part")
    assert (bundle.in_ledger, bundle.items, part.in_ledger, part.items) == (True, 5, False, 0)
    assert amount(bundle, None, [1, 2, None]) == 3
    rows = [bundle, *[part] * 5, *[standing(None)] * 26]
    assert sum(row.in_ledger for row in rows) == 27
    assert sum(row.items for row in rows) == 31


def test_a_phase_is_neither_a_signing_nor_a_target() -> None:
    assert not standing("phase").as_signing
    assert standing("expansion").as_signing
    assert signing_amount(standing("phase"), "phase", 5, 5) is None


@pytest.mark.parametrize(("relation", "phases"), [(None, 0), (None, 2), ("phase", 0), ("expansion", 0), ("part", 0)])
def test_the_sums_count_exactly_the_rows_that_stand_in_a_ledger(relation: str | None, phases: int) -> None:
    row = {"deleted_at": None, "disposition": "active", "relation": relation, "has_phases": bool(phases)}
    assert (why_not_counted(row) is None) is standing(relation, phases=phases).in_ledger
