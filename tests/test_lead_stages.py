"""The stages of a lead: what each asks for, what is decided, and that no door lets one stand where it may not."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit import verify
from app.errors import Conflict, Forbidden, Invalid, Refusal
from app.rules import lead_stages
from app.rules.codes import LeadDisposition, LeadStage
from app.services import lead_moves, lead_settings, leads
from tests.cast import Cast
from tests.lead_acts import DAY, SECURED, SIGNED, made, move, signed
from tests.web import Web


def test_a_lead_goes_from_the_first_call_to_landed_and_each_step_is_kept(cast: Cast) -> None:
    lead = made(cast)
    assert (lead["stage"], lead["zone"], lead["code"][0]) == ("lead", "EAST", "L")
    with pytest.raises(Conflict) as refused:
        move(cast, lead["id"], "negotiating", on="2026-06-08")
    assert refused.value.code == "stage_not_met"
    assert refused.value.extra["missing"] == [{"stage": "negotiating", "fields": ["screening_result"]}]
    moved = move(cast, lead["id"], "negotiating", on="2026-06-08", edit={"screening_result": "同意跟进"})
    assert (moved["stage"], moved["stage_on"]) == ("negotiating", "2026-06-08")
    move(cast, lead["id"], "signed", on="2026-06-30", edit=SIGNED)
    landed = move(cast, lead["id"], "landed", on="2026-08-01", edit=SECURED)
    assert landed["landed_on"] == "2026-08-01"
    told = cast.database.ask_now(cast.editor, lead_moves.history, lead["id"])
    assert [(m["from_stage"], m["to_stage"]) for m in told] == [
        (None, "lead"),
        ("lead", "screening"),
        ("screening", "negotiating"),
        ("negotiating", "signed"),
        ("signed", "landed"),
    ], "a stage that was skipped was entered on the way"
    assert verify(cast.database.settings).sound


def test_a_framework_agreement_is_known_by_another_day_than_a_contract(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    lead = made(cast, screening_result="同意")
    with pytest.raises(Conflict) as refused:
        move(cast, lead["id"], "signed", edit={**SIGNED, "agreement": "framework"})
    assert refused.value.extra["missing"] == [{"stage": "signed", "fields": ["framework_on"]}]
    framed = move(
        cast, lead["id"], "signed", edit={**SIGNED, "agreement": "framework", "signed_on": None, "framework_on": DAY}
    )
    assert (framed["stage"], framed["signed_on"]) == ("signed", None)
    with pytest.raises(Conflict) as refused:
        move(cast, lead["id"], "landed", edit=SECURED)
    assert ["signed_on"] in [m["fields"] for m in refused.value.extra["missing"]], "landed rests on a contract"


def test_a_move_back_needs_a_reason_and_what_a_stage_asks_for_is_not_taken_away(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    lead = signed(cast)
    with pytest.raises(Invalid) as refused:
        move(cast, lead["id"], "negotiating")
    assert refused.value.code == "reason_required"
    with pytest.raises(Invalid) as refused:
        cast.database.act_now(cast.editor, leads.amend, lead["id"], {"signed_on": None}, version=lead["version"])
    assert [p.code for p in refused.value.problems] == ["needed_for_stage"]
    assert move(cast, lead["id"], "negotiating", reason="合同未生效")["stage"] == "negotiating"


def test_what_was_decided_has_a_reason_a_day_and_for_a_loss_to_whom(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    lead = made(cast)

    def decide(to: str, reason: str | None = "选择了外省", **kw: Any) -> Any:
        by = cast.by("editor", reason=reason)
        return cast.database.act_now(by, lead_moves.dispose, lead["id"], disposition=to, **kw).value

    with pytest.raises(Invalid):
        decide("lost", reason=None, lost_to="滁州")
    with pytest.raises(Invalid) as refused:
        decide("lost")
    assert [p.pointer for p in refused.value.problems] == ["/lost_to"]
    lost = decide("lost", lost_to="滁州", on="2026-07-01")
    assert [lost[n] for n in ("disposition", "disposition_on", "lost_to", "disposition_reason", "stage", "light")] == [
        "lost", "2026-07-01", "滁州", "选择了外省", "lead", "none",
    ]  # fmt: skip
    with pytest.raises(Conflict) as conflict:
        move(cast, lead["id"], "screening")
    assert conflict.value.code == "not_active"
    with pytest.raises(Conflict):
        decide("dormant")
    back = decide("active", reason="投资方又来了")
    assert (back["disposition"], back["lost_to"], back["disposition_reason"]) == ("active", None, "投资方又来了")


class Walk:
    """Somebody who tries everything at every door, and a plain account of where each lead may stand."""

    def __init__(self, web: Web, seed: int) -> None:
        self.web, self.random = web, random.Random(seed)
        self.ids = [made(web.cast, name=f"线索{n}")["id"] for n in range(3)]
        self.stood = dict.fromkeys(self.ids, "lead")
        self.done: Counter[str] = Counter()

    def read(self, id_: int) -> dict[str, Any]:
        found: dict[str, Any] = self.web.send("GET", f"/leads/{id_}").json()
        return found

    def step(self) -> None:
        id_ = self.random.choice(self.ids)
        before = self.read(id_)
        door = self.random.choice(["moves", "moves", "dispositions", "amend", "landing"])
        told = getattr(self, door)(id_)
        after = self.read(id_)
        self.done[f"{door} {told.status_code < 300}"] += 1
        assert told.status_code < 500, told.text
        if told.status_code >= 300:
            assert after == before, "what was refused left nothing behind"
            if told.json()["code"] == "stage_not_met":
                assert told.json()["missing"], "a refusal lists what is missing"
                assert all(group["fields"] for group in told.json()["missing"])
        self.holds(before, after, door)

    def moves(self, id_: int) -> Any:
        body = {"to": self.random.choice(list(LeadStage)), "reason": self.random.choice([None, "补正"])}
        fills = [{}, {"screening_result": "同意"}, SIGNED, SECURED, {**SIGNED, **SECURED, "screening_result": "同意"}]
        facts = self.random.choice(fills)
        return self.web.send("POST", f"/leads/{id_}/moves", json={**body, **({"facts": facts} if facts else {})})

    def dispositions(self, id_: int) -> Any:
        to = self.random.choice([*LeadDisposition, "active", "active"])
        body = {
            "disposition": to,
            "reason": self.random.choice([None, "停滞"]),
            "lost_to": self.random.choice([None, "滁州"]),
        }
        return self.web.send("POST", f"/leads/{id_}/dispositions", json=body)

    def amend(self, id_: int) -> Any:
        name = self.random.choice(
            ["signed_on", "content", "land_secured_on", "keeper", "stage", "disposition", "project_id"]
        )
        value = self.random.choice([None, "2026-06-30"])
        version = self.read(id_)["version"]
        return self.web.send("PATCH", f"/leads/{id_}", json={name: value, "reason": "更正"}, version=version)

    def landing(self, id_: int) -> Any:
        ledger = self.random.choice(["reserve", "reserve", "upcoming", "completed"])
        return self.web.send("POST", f"/leads/{id_}/landing", json={"ledger": ledger})

    def holds(self, before: dict[str, Any], after: dict[str, Any], door: str) -> None:
        """What must be true whatever was done."""
        order = list(LeadStage)
        if after["stage"] != before["stage"]:
            assert door == "moves", "a stage changes by a move only"
            assert before["disposition"] == "active"
        if after["disposition"] != before["disposition"]:
            assert door == "dispositions"
            assert before["project_id"] is None
            assert after["disposition"] != "transferred"
        if after["project_id"] != before["project_id"]:
            assert (door, before["project_id"], before["disposition"]) == ("landing", None, "active")
            assert order.index(before["stage"]) >= order.index(LeadStage.NEGOTIATING)
        assert not lead_stages.held(lead_stages.STAGES, after, after["stage"])
        assert (after["landed_on"] is not None) is (after["stage"] == "landed")
        told = self.web.send("GET", f"/leads/{after['id']}/moves").json()["items"]
        assert told[-1]["to_stage"] == after["stage"], "the last line of its way is where it stands"
        assert [m["from_stage"] for m in told] == [None, *(m["to_stage"] for m in told[:-1])]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_tried_at_whichever_door_no_lead_stands_where_it_may_not(sqlite_web: Web, seed: int) -> None:
    walk = Walk(sqlite_web, seed)
    for _ in range(150):
        walk.step()
    assert min(walk.done[f"{door} True"] for door in ("moves", "dispositions", "amend", "landing")) > 0, walk.done


@given(to=st.sampled_from(list(LeadStage)), frm=st.sampled_from(list(LeadStage)))
def test_every_refusal_lists_a_field_of_a_stage_that_was_entered(to: LeadStage, frm: LeadStage) -> None:
    found = lead_stages.missing(lead_stages.STAGES, {"name": "x"}, to, frm)
    assert found.back is (lead_stages.ORDER.index(to) < lead_stages.ORDER.index(frm))
    assert not (found.back and found.groups)
    assert all(fields for _, fields in found.groups)
    assert {stage for stage, _ in found.groups} <= set(lead_stages.passed(frm, to))


def test_what_stages_ask_for_and_the_clock_are_data_of_the_city(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    db = cast.database
    put = {"stages": {"screening": {"needs": [["investor_name"], ["jobs"]]}}}
    with pytest.raises(Forbidden):
        db.act_now(cast.editor, lead_settings.put_stages, put, version=None)
    with pytest.raises(Invalid):
        db.act_now(cast.office, lead_settings.put_stages, {"stages": {"lead": {"needs": [["colour"]]}}}, version=None)
    db.act_now(cast.office, lead_settings.put_stages, put, version=None)
    with pytest.raises(Conflict) as refused:
        move(cast, made(cast)["id"], "screening")
    assert refused.value.extra["missing"] == [{"stage": "screening", "fields": ["jobs"]}]
    with pytest.raises(Invalid):
        db.act_now(cast.office, lead_settings.put_clock, {"yellow_months": 4}, version=None)
    assert db.act_now(cast.office, lead_settings.put_clock, {"yellow_months": 1}, version=None).value["red_months"] == 3


def test_a_refusal_leaves_nothing_behind(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    lead = made(cast)
    with pytest.raises(Refusal):
        move(cast, lead["id"], "landed", edit={"jobs": 9})
    assert cast.database.ask_now(cast.editor, leads.read, lead["id"])["jobs"] is None
