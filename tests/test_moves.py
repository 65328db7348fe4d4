"""Moves between ledgers: gates list what is missing, force needs a right and a reason, proof settles what is pending."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.models import Evidence, Project
from app.rules.access import Act
from app.rules.codes import EvidenceKind
from app.services import ledgers, moves, projects
from tests.cast import Cast
from tests.test_projects import made

READY: dict[str, Any] = {
    "investor_name": "恒棣重工（演示）", "location": "一号路", "total_investment_yuan": 10**9, "planned_start_month": "2026-05",
    "planned_completion_month": "2027-12", "sponsor_leader": "郭启明", "responsible_person": "李文静", "signed_on": "2026-01-05",
}  # fmt: skip


def move(cast: Cast, project: dict[str, Any], to: str, who: str = "editor", **kw: Any) -> dict[str, Any]:
    reason = kw.pop("reason", None)
    return dict(cast.database.act_now(cast.by(who, reason=reason), moves.move, project["id"], to=to, **kw).value)


def prove(cast: Cast, project: dict[str, Any], kind: str) -> bool:
    def add(desk: Any) -> bool:
        row = desk.get(Project, project["id"], to=Act.EVIDENCE_ADD)
        desk.keep(
            Evidence(
                zone_id=row.zone_id,
                project_id=row.id,
                kind=EvidenceKind(kind),
                digest="0" * 64,
                file_name="a.pdf",
                media_type="application/pdf",
                size=1,
            )
        )
        return moves.settle(desk, row)

    return bool(cast.database.act_now(cast.editor, add).value)


def test_a_gate_lists_all_that_is_missing_and_nothing_moves(cast: Cast) -> None:
    project = made(cast)
    with pytest.raises(Conflict) as refused:
        move(cast, project, "upcoming")
    assert refused.value.code == "gate_not_met"
    fields = {f for block in refused.value.extra["missing"] for f in block["fields"]}
    assert {"total_investment_yuan", "planned_start_month", "sponsor_leader", "responsible_person"} <= fields
    assert cast.database.ask_now(cast.editor, projects.read, project["id"])["ledger"] == "reserve"


def test_a_move_writes_the_day_of_the_fact_and_counts_as_pending_until_it_is_proved(cast: Cast) -> None:
    project = made(cast, **READY)
    project = move(cast, move(cast, project, "upcoming"), "in_construction", on="2026-06-01")
    assert (project["started_on"], project["pending"]) == ("2026-06-01", True)
    head = cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["in_construction"]
    assert (head["project_count"], head["pending_count"]) == (0, 1)
    assert head["amounts"]["total_investment_yuan"] == {
        "sum": 10**9,
        "known": 1,
        "official_sum": 0,
        "official_known": 0,
    }
    assert not prove(cast, project, "site_photo")
    assert prove(cast, project, "construction_permit")
    head = cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["in_construction"]
    assert (head["project_count"], head["pending_count"]) == (1, 0)


def test_forcing_a_gate_needs_a_right_and_a_reason_and_is_written_down(cast: Cast) -> None:
    project = made(cast)
    with pytest.raises(Invalid) as no_reason:
        move(cast, project, "upcoming", "reviewer", override=True)
    assert no_reason.value.code == "reason_required"
    with pytest.raises(Forbidden):
        move(cast, project, "upcoming", override=True, reason="市里要求")
    moved = move(cast, project, "upcoming", "reviewer", override=True, reason="市里要求")
    assert moved["ledger"] == "upcoming"
    told = cast.database.ask_now(cast.editor, moves.history, project["id"])
    assert (told[-1]["override"], told[-1]["reason"]) == (True, "市里要求")
    assert told[-1]["missing"]


def test_moving_back_needs_a_reason_and_takes_the_later_dates_away(cast: Cast) -> None:
    project = move(cast, move(cast, made(cast, **READY), "upcoming"), "in_construction", on="2026-06-01")
    with pytest.raises(Invalid):
        move(cast, project, "reserve")
    back = move(cast, project, "reserve", reason="年度调整")
    assert (back["ledger"], back["started_on"]) == ("reserve", None)


def test_a_skipped_ledger_is_asked_too_and_the_skip_is_kept(cast: Cast) -> None:
    bare = made(cast, planned_completion_month="2027-12")
    with pytest.raises(Conflict):
        move(cast, bare, "in_construction", on="2026-06-01")
    ready = made(cast, **READY)
    assert move(cast, ready, "in_construction", on="2026-06-01")["move"]["skipped"] == ["upcoming"]


def test_a_fact_cannot_lie_in_the_future(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        move(cast, made(cast, **READY), "upcoming", on="2099-01-01")
    assert refused.value.problems[0].code == "future"


def test_two_who_move_the_same_project_meet(cast: Cast) -> None:
    project = made(cast, **READY)
    move(cast, project, "upcoming", version=project["version"])
    with pytest.raises(Stale):
        move(cast, project, "in_construction", version=project["version"])


def test_another_zone_moves_nothing_and_a_viewer_may_not(cast: Cast) -> None:
    project = made(cast, **READY)
    with pytest.raises(NotFound):
        move(cast, project, "upcoming", "stranger")
    with pytest.raises(Forbidden):
        move(cast, project, "upcoming", "leader")


def test_the_ledger_is_no_field(cast: Cast) -> None:
    project = made(cast)
    with pytest.raises(Invalid) as refused:
        cast.database.act_now(
            cast.editor, projects.amend, project["id"], {"ledger": "completed"}, version=project["version"]
        )
    assert refused.value.problems[0].code == "only_by_move"
