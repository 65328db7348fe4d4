"""Gates between the ledgers: what blocks, what marks a row pending, what is skipped."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.codes import EvidenceKind, Ledger
from app.rules.gates import GATES, SENTENCES, evidence_wanted, missing, to_complete

ON = "2026-11-20"
FULL: dict[str, Any] = {
    "name": "Bearings",
    "investor_name": "Lishi",
    "location": "East Road",
    "total_investment_yuan": 580_000_000,
    "planned_start_month": "2026-12",
    "sponsor_leader": "Guo",
    "responsible_person": "Sun",
    "signed_on": "2026-01-08",
    "planned_completion_month": "2027-11",
}


def fields_missing(facts: dict[str, Any], to: str, frm: str | None = "reserve") -> list[tuple[str, ...]]:
    return [block.fields for block in missing(GATES, facts, to, frm, [], ON).blocks]


def test_the_reserve_needs_only_a_name() -> None:
    assert missing(GATES, {"name": "Bearings"}, "reserve", None, [], ON).passes
    assert fields_missing({"name": None}, "reserve", None) == [("name",)]
    assert not missing(GATES, {"name": "Bearings"}, "reserve", None, [], ON).evidence_missing


def test_a_full_project_enters_the_upcoming_ledger() -> None:
    assert missing(GATES, FULL, "upcoming", "reserve", ["contract"], ON).passes


@pytest.mark.parametrize(
    "field",
    [
        "investor_name",
        "location",
        "total_investment_yuan",
        "planned_start_month",
        "sponsor_leader",
        "responsible_person",
    ],
)
def test_each_fact_the_upcoming_ledger_needs_blocks_when_blank(field: str) -> None:
    (lacking,) = fields_missing({**FULL, field: None}, "upcoming")
    assert field in lacking


@pytest.mark.parametrize(
    ("gone", "instead"),
    [
        ("investor_name", {"enterprise_id": 3}),
        ("location", {"plant_area_m2": 8_400}),
        ("signed_on", {"national_code": "2502-371500-04-01-000000"}),
    ],
)
def test_one_of_a_group_is_enough(gone: str, instead: dict[str, Any]) -> None:
    assert fields_missing({**FULL, gone: None}, "upcoming") != []
    assert fields_missing({**FULL, gone: None, **instead}, "upcoming") == []


def test_a_start_beyond_the_horizon_stays_in_reserve() -> None:
    (block,) = missing(GATES, {**FULL, "planned_start_month": "2027-01"}, "upcoming", "reserve", [], ON).blocks
    assert (block.code, block.values["latest"]) == ("beyond_horizon", "2026-12")
    wider = deepcopy(GATES)
    wider["upcoming"]["horizon_years"] = 1
    assert missing(wider, {**FULL, "planned_start_month": "2027-01"}, "upcoming", "reserve", [], ON).passes


def test_a_skipped_ledger_asks_its_conditions_too_and_the_skip_is_kept() -> None:
    answer = missing(GATES, {**FULL, "sponsor_leader": None}, "in_construction", "reserve", [], ON)
    assert answer.skipped == (Ledger.UPCOMING,)
    assert [(block.ledger, block.fields) for block in answer.blocks] == [(Ledger.UPCOMING, ("sponsor_leader",))]
    assert missing(GATES, {**FULL, "sponsor_leader": None}, "in_construction", "upcoming", [], ON).passes


def test_the_day_of_the_move_is_the_day_of_the_start() -> None:
    assert "started_on" not in FULL
    assert missing(GATES, FULL, "in_construction", "upcoming", [], ON).passes
    assert fields_missing(FULL, "completed", "upcoming") == [("started_on",)]


def test_completion_before_the_start_is_refused() -> None:
    answer = missing(GATES, {**FULL, "started_on": "2026-11-21"}, "completed", "in_construction", [], ON)
    assert [block.code for block in answer.blocks] == ["dates_crossed"]


@pytest.mark.parametrize(
    ("to", "frm", "kinds", "more", "pending"),
    [
        ("upcoming", "reserve", [], {}, True),
        ("upcoming", "reserve", ["filing_certificate"], {}, False),
        ("in_construction", "upcoming", ["construction_contract"], {}, True),
        ("in_construction", "upcoming", ["construction_contract", "site_photo"], {}, False),
        ("in_construction", "upcoming", ["construction_permit"], {}, False),
        ("in_construction", "upcoming", ["installation_photo"], {}, True),
        ("in_construction", "upcoming", ["installation_photo"], {"kind": "technical_upgrade"}, False),
        ("in_construction", "upcoming", ["installation_photo"], {"land_mode": "leased"}, False),
        ("completed", "in_construction", ["owner_statement"], {"started_on": "2025-01-01"}, True),
        ("completed", "in_construction", ["owner_statement", "site_photo"], {"started_on": "2025-01-01"}, False),
        ("reserve", "upcoming", [], {}, False),
    ],
)
def test_without_its_evidence_a_move_is_pending_and_not_blocked(
    to: str, frm: str, kinds: list[str], more: dict[str, Any], pending: bool
) -> None:
    answer = missing(GATES, {**FULL, **more}, to, frm, kinds, ON)
    assert (answer.passes, answer.evidence_missing) == (True, pending)


def test_a_back_move_says_so_and_a_move_to_the_same_ledger_is_refused() -> None:
    assert missing(GATES, FULL, "reserve", "in_construction", [], ON).back
    assert [b.code for b in missing(GATES, FULL, "reserve", "reserve", [], ON).blocks] == ["same_ledger"]


def test_what_would_settle_a_pending_row_depends_on_the_project() -> None:
    assert ("installation_photo",) not in evidence_wanted(GATES, FULL, "in_construction")
    assert ("installation_photo",) in evidence_wanted(GATES, {**FULL, "land_mode": "leased"}, "in_construction")


def test_a_row_of_the_opening_shows_what_it_lacks() -> None:
    assert to_complete(GATES, {"name": "x", "started_on": "2025-01-01"}, "in_construction") == [
        ("planned_completion_month",)
    ]


def test_the_gates_are_plain_json_and_name_real_evidence() -> None:
    assert json.loads(json.dumps(GATES)) == GATES
    kinds = {kind for gate in GATES.values() for way in gate["evidence"] for kind in way["all"]}
    assert kinds <= set(EvidenceKind)
    assert set(GATES) == set(Ledger)


@given(
    st.sets(st.sampled_from(sorted(FULL))),
    st.sampled_from(list(Ledger)),
    st.one_of(st.none(), st.sampled_from(list(Ledger))),
    st.sets(st.sampled_from(list(EvidenceKind))),
)
def test_filling_in_more_never_adds_a_block(
    blank: set[str], to: Ledger, frm: Ledger | None, kinds: set[EvidenceKind]
) -> None:
    less = missing(GATES, {**FULL, **dict.fromkeys(blank)}, to, frm, kinds, ON)
    more = missing(GATES, FULL, to, frm, kinds, ON)
    assert {b.fields for b in more.blocks} <= {b.fields for b in less.blocks}
    assert all(block.msgid == SENTENCES[block.code] for block in less.blocks)
    assert not missing(GATES, FULL, to, frm, list(EvidenceKind), ON).evidence_missing


def test_a_gate_may_ask_for_settled_approvals_and_as_shipped_asks_for_none() -> None:
    assert not any(gate.get("approvals") for gate in GATES.values())
    asking = {
        **GATES,
        "in_construction": {**GATES["in_construction"], "approvals": ["construction_permit", "fire_design"]},
    }
    facts = {**FULL, "construction_permit_state": "in_progress"}
    found = missing(asking, facts, "in_construction", "upcoming", [], ON)
    assert [(b.code, b.fields, b.values["step"]) for b in found.blocks] == [
        ("approval_missing", ("construction_permit_state",), "construction_permit"),
        ("approval_missing", (), "fire_design"),
    ]
    assert missing(
        asking, {**facts, "construction_permit_state": "done"}, "in_construction", "upcoming", [], ON, ["fire_design"]
    ).passes
    assert missing(asking, facts, "upcoming", "reserve", ["contract"], ON).passes, "only that ledger asks"
