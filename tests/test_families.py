"""Phases, expansions and parts in the register: what counts where, with the worked example of the counting rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.errors import Conflict, Invalid
from app.services import ledgers, projects
from tests.cast import Cast

YI = 100_000_000


def made(
    cast: Cast, ledger: str = "reserve", dates: Mapping[str, str | None] | None = None, **facts: Any
) -> dict[str, Any]:
    value = cast.database.act_now(
        cast.by("reviewer", reason="As it stands"),
        projects.create,
        facts,
        zone="EAST",
        ledger=ledger,
        dates=dates,
        override=True,
    ).value
    assert isinstance(value, dict)
    return value


def counted(cast: Cast) -> dict[str, tuple[int, int]]:
    heads = cast.database.ask_now(cast.editor, ledgers.heads, "EAST")
    return {
        ledger: (head["project_count"] + head["pending_count"], head["amounts"]["total_investment_yuan"]["sum"] // YI)
        for ledger, head in heads.items()
    }


def test_a_contract_of_ten_in_two_phases_and_an_expansion_of_three(cast: Cast) -> None:
    contract = made(
        cast, name="Contract", contract_amount_yuan=10 * YI, total_investment_yuan=10 * YI, signed_on="2024-01-05"
    )
    of_contract = {"parent_id": contract["id"], "relation": "phase"}
    built = {"started_on": "2024-03-01", "completed_on": "2025-06-01"}
    made(
        cast,
        "completed",
        built,
        name="Phase 1",
        phase_no=1,
        total_investment_yuan=6 * YI,
        in_production_on="2025-07-01",
        **of_contract,
    )
    building = {"started_on": "2025-09-01"}
    facts = {"planned_completion_month": "2027-06", "total_investment_yuan": 4 * YI}
    second = made(cast, "in_construction", building, name="Phase 2", phase_no=2, **facts, **of_contract)
    made(cast, name="More", parent_id=contract["id"], relation="expansion", total_investment_yuan=3 * YI)
    assert counted(cast) == {"completed": (1, 6), "in_construction": (1, 4), "reserve": (1, 3), "upcoming": (0, 0)}
    heading = cast.database.ask_now(cast.editor, projects.read, contract["id"])
    assert (heading["has_phases"], heading["contract_amount_yuan"], heading["signed_on"]) == (
        True,
        10 * YI,
        "2024-01-05",
    )
    with pytest.raises(Conflict, match="phases"):
        cast.database.act_now(cast.editor, projects.remove, contract["id"], version=None)
    with pytest.raises(Invalid):
        made(cast, name="Deeper", parent_id=second["id"], relation="phase")


def test_a_part_never_counts_and_its_parent_does(cast: Cast) -> None:
    bundle = made(cast, name="Bundle", total_investment_yuan=5 * YI)
    made(cast, name="Part", parent_id=bundle["id"], relation="part", total_investment_yuan=2 * YI)
    assert counted(cast)["reserve"] == (1, 5)


def test_a_heading_counts_again_when_its_last_phase_is_gone(cast: Cast) -> None:
    contract = made(cast, name="Contract", total_investment_yuan=10 * YI)
    phase = made(cast, name="Phase", parent_id=contract["id"], relation="phase", total_investment_yuan=4 * YI)
    assert counted(cast)["reserve"] == (1, 4)
    cast.database.act_now(cast.editor, projects.remove, phase["id"], version=phase["version"])
    assert counted(cast)["reserve"] == (1, 10)
    cast.database.act_now(cast.editor, projects.restore, phase["id"])
    assert counted(cast)["reserve"] == (1, 4)
