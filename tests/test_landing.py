"""A lead becomes a project: it is in no ledger before, and exists once afterwards."""

from __future__ import annotations

import pytest

from app.errors import Conflict, Invalid
from app.services import lead_moves, leads, projects, transfers
from tests.cast import Cast
from tests.lead_acts import FACTS, SECURED, land, made, move, reserve, signed


def test_a_lead_is_in_no_ledger_until_it_lands_and_then_exists_once(cast: Cast) -> None:
    lead = signed(cast)
    assert reserve(cast) == 0
    project = land(cast, lead["id"])
    assert reserve(cast) == 1
    assert [project[n] for n in ("name", "investor_name", "contract_amount_yuan", "signed_on", "responsible_person")] == [
        FACTS["name"], FACTS["investor_name"], 10**9, "2026-06-30", "林砚秋",
    ]  # fmt: skip
    with pytest.raises(Conflict) as refused:
        land(cast, lead["id"])
    assert (refused.value.code, refused.value.extra["project_id"]) == ("landed", project["id"])
    reader = cast.database.ask_now(cast.editor, leads.read, lead["id"])
    assert (reader["project_id"], reader["light"], reader["due"]) == (project["id"], "none", None)
    edit = {"total_investment_yuan": 11 * 10**8, "jobs": 300, "reason": "扩大"}
    cast.database.act_now(cast.editor, projects.amend, project["id"], edit, version=None)
    assert cast.database.ask_now(cast.editor, leads.read, lead["id"])["jobs"] == 300, "the project says it now"
    with pytest.raises(Invalid) as invalid:
        cast.database.act_now(cast.editor, leads.amend, lead["id"], {"jobs": 1}, version=None)
    assert [p.code for p in invalid.value.problems] == ["said_by_project"]
    moved = move(cast, lead["id"], "landed", edit=SECURED)
    assert moved["stage"] == "landed"
    cast.database.act_now(cast.by("office", reason="x"), transfers.transfer, project["id"], to="WEST")
    assert cast.database.ask_now(cast.stranger, leads.read, lead["id"])["zone"] == "WEST"
    assert len(cast.database.ask_now(cast.stranger, lead_moves.history, lead["id"])) == 5


def test_which_stage_may_enter_which_ledger(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    early = made(cast)
    for ledger in ("reserve", "upcoming", "in_construction"):
        with pytest.raises(Conflict) as refused:
            land(cast, early["id"], ledger)
        assert refused.value.code == "too_early"
    move(cast, early["id"], "negotiating", edit={"screening_result": "同意"})
    with pytest.raises(Conflict):
        land(cast, early["id"], "upcoming")
    assert land(cast, early["id"])["ledger"] == "reserve"
    ready = signed(cast)
    with pytest.raises(Conflict) as refused:
        land(cast, ready["id"], "upcoming")
    assert refused.value.code == "gate_not_met", "the ledger's own gate stands"
    facts = {"location": "东一路", "planned_start_month": "2026-12", "sponsor_leader": "周启明"}
    assert land(cast, ready["id"], "upcoming", facts=facts)["ledger"] == "upcoming"


def test_a_confidential_lead_is_released_before_a_ledger_shows_its_name(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    lead = signed(cast, confidential=True)
    with pytest.raises(Conflict) as refused:
        land(cast, lead["id"])
    assert refused.value.code == "confidential"
    cast.database.act_now(cast.editor, leads.release, lead["id"])
    assert land(cast, lead["id"])["name"] == FACTS["name"]
    with pytest.raises(Conflict):
        cast.database.act_now(cast.editor, leads.amend, lead["id"], {"confidential": True}, version=None)


def test_a_lead_is_attached_to_a_planned_project_and_makes_no_second_one(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    planned = cast.database.act_now(cast.editor, projects.create, {"name": "新材料产业园"}, zone="EAST").value
    lead = signed(cast)
    told = land(cast, lead["id"], project_id=planned["id"])
    assert (told["id"], told["name"], told["investor_name"]) == (planned["id"], "新材料产业园", FACTS["investor_name"])
    assert reserve(cast) == 1
    with pytest.raises(Conflict) as refused:
        land(cast, signed(cast)["id"], project_id=planned["id"])
    assert refused.value.code == "attached"
    theirs = {"name": "别家的厂", "investor_name": "蓝鲸微电子有限公司"}
    other = cast.database.act_now(cast.editor, projects.create, theirs, zone="EAST").value
    with pytest.raises(Conflict) as refused:
        land(cast, signed(cast)["id"], project_id=other["id"])
    assert refused.value.code == "other_investor", "the project of another firm is not this lead"


def test_a_lead_expands_a_project_of_its_own_zone_by_whichever_door_it_is_named(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    theirs = cast.database.act_now(cast.stranger, projects.create, {"name": "西区的厂"}, zone="WEST").value
    lead = made(cast)
    for unfit in (theirs["id"], 99_999):
        with pytest.raises(Invalid) as refused:
            made(cast, parent_project_id=unfit)
        assert refused.value.problems[0].pointer == "/parent_project_id"
        with pytest.raises(Invalid):
            cast.database.act_now(cast.editor, leads.amend, lead["id"], {"parent_project_id": unfit}, version=None)
    ours = cast.database.act_now(cast.editor, projects.create, {"name": "东区的厂"}, zone="EAST").value
    tied = made(cast, parent_project_id=ours["id"])
    given = cast.database.act_now(cast.by("office", reason="x"), lead_moves.transfer, tied["id"], to="WEST").value
    assert given["parent_project_id"] is None, "it lies in the zone that it left"


def test_another_investment_of_a_firm_is_an_expansion_that_counts_its_increment(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    parent = cast.database.act_now(
        cast.by("reviewer", reason="已投产"), projects.create, {"name": "一期", "total_investment_yuan": 6 * 10**8}, zone="EAST",
        ledger="completed", dates={"started_on": "2020-01-01", "completed_on": "2022-01-01"}, override=True,
    ).value  # fmt: skip
    lead = signed(cast, parent_project_id=parent["id"], intended_amount_yuan=3 * 10**8)
    child = land(cast, lead["id"])
    assert (child["parent_id"], child["relation"], child["kind"]) == (parent["id"], "expansion", "expansion")
    assert cast.database.ask_now(cast.editor, projects.read, parent["id"])["ledger"] == "completed"
