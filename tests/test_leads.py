"""Leads from the first call on: stages and what each asks for, what is decided, what is said, and what stays covered."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit import verify
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale
from app.rules import lead_clock, lead_stages
from app.rules.calendar import CALENDAR
from app.rules.codes import LeadDisposition, LeadStage, Light
from app.services import (
    follow_ups,
    history,
    landing,
    lead_moves,
    lead_settings,
    leads,
    ledgers,
    projects,
    transfers,
)
from app.services.asking import Asked
from tests.cast import Cast
from tests.web import Web

FACTS: dict[str, Any] = {
    "name": "年产两万吨隔膜项目",
    "investor_name": "江海新材料股份有限公司",
    "channel": "stationed",
    "intended_amount_yuan": 12 * 10**8,
    "industry": "新材料",
    "content": "隔膜生产线八条",
    "keeper": "林砚秋",
}
SIGNED = {"agreement": "definitive", "signed_on": "2026-06-30", "contract_amount_yuan": 10**9}
SECURED = {"company_registered_on": "2026-07-10", "land_secured_on": "2026-08-01"}
DAY = "2026-06-01"


def made(cast: Cast, by: str = "editor", zone: str = "EAST", **facts: Any) -> dict[str, Any]:
    found = cast.database.act_now(cast.by(by), leads.create, FACTS | facts, zone=zone, registered_on=DAY).value
    assert isinstance(found, dict)
    return found


def move(cast: Cast, id_: int, to: str, by: str = "editor", reason: str | None = None, **kw: Any) -> Any:
    return cast.database.act_now(cast.by(by, reason=reason), lead_moves.move, id_, to=to, **kw).value


def signed(cast: Cast, **facts: Any) -> dict[str, Any]:
    lead = made(cast, screening_result="符合主导产业，同意跟进", **facts)
    found: dict[str, Any] = move(cast, lead["id"], "signed", edit=SIGNED)
    return found


def seen(cast: Cast, by: str, **asked: Any) -> list[dict[str, Any]]:
    return cast.database.ask_now(cast.by(by), leads.page, Asked(noun="lead", **asked))[0]


# ── stages ───────────────────────────────────────────────────────────────────────────────────────────────────────────
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


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_clock_asks_for_an_answer_a_screening_a_feedback_and_news(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    lead = made(cast)  # 1 June 2026, a Monday
    assert lead["due"] == {"what": "respond", "on": "2026-06-02", "late": True}
    said = {
        "kind": "call",
        "told": "约定来访",
        "happened_on": "2026-06-02",
        "next_step": "发资料",
        "next_step_on": "2026-06-05",
    }
    cast.database.act_now(cast.editor, follow_ups.add, lead["id"], said)
    found = cast.database.ask_now(cast.editor, leads.read, lead["id"])
    assert found["due"] == {"what": "screen", "on": "2026-06-04", "late": True}
    assert (found["responded_on"], found["progress_on"], found["next_step"], found["next_step_on"]) == (
        "2026-06-02", "2026-06-02", "发资料", "2026-06-05",
    )  # fmt: skip
    move(cast, lead["id"], "screening", on="2026-06-04")
    assert cast.database.ask_now(cast.editor, leads.read, lead["id"])["due"]["on"] == "2026-06-11"
    steps = cast.database.ask_now(cast.editor, follow_ups.open_steps)
    assert [(s["next_step"], s["lead"]["id"]) for s in steps] == [("发资料", lead["id"])]
    one = follow = cast.database.ask_now(cast.editor, follow_ups.list_, lead["id"])[0]
    cast.database.act_now(
        cast.editor, follow_ups.amend, one["id"], {"done_on": "2026-06-05"}, version=follow["version"]
    )
    assert cast.database.ask_now(cast.editor, leads.read, lead["id"])["next_step"] is None


@pytest.mark.parametrize(
    ("today", "light", "remove"),
    [
        ("2026-07-31", Light.GREEN, False),
        ("2026-08-01", Light.YELLOW, False),
        ("2026-09-01", Light.RED, False),
        ("2026-12-01", Light.RED, True),
    ],
)
def test_two_months_without_progress_are_yellow_three_red_six_a_proposal_to_remove(
    today: str, light: Light, remove: bool
) -> None:
    class Lead:
        disposition, project_id, progress_on, registered_on, stage, responded_on = (
            "active",
            None,
            DAY,
            DAY,
            "lead",
            None,
        )

    assert lead_clock.idle(Lead, lead_clock.CLOCK, today) is light
    assert lead_clock.to_remove(Lead, lead_clock.CLOCK, today) is remove
    assert lead_clock.due(Lead, lead_clock.CLOCK, CALENDAR) == lead_clock.Due("respond", "2026-06-02")


def test_leads_are_found_by_colour_name_pinyin_and_code(cast: Cast) -> None:
    old = made(cast)
    new = cast.database.act_now(cast.editor, leads.create, FACTS | {"name": "储能电池项目"}, zone="EAST").value
    for light, expected in (("red", [old["id"]]), ("green", [new["id"]])):
        filters = cast.database.ask_now(cast.editor, leads.idle_filter, light)
        assert [lead["id"] for lead in seen(cast, "editor", filters=filters)] == expected
    for q in ("储能", "cndc", "chuneng", new["code"]):
        assert [lead["id"] for lead in seen(cast, "editor", q=q)] == [new["id"]], q
    assert seen(cast, "stranger") == []
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.stranger, leads.read, old["id"])
    for viewer in ("leader", "auditor", "office"):
        with pytest.raises(Forbidden):
            cast.database.act_now(cast.by(viewer), leads.create, FACTS, zone="EAST")
    with pytest.raises(Forbidden):
        cast.database.ask_now(cast.administrator, leads.read, old["id"])


def test_nobodys_edit_is_overwritten(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    lead = made(cast)
    cast.database.act_now(cast.editor, leads.amend, lead["id"], {"jobs": 5}, version=lead["version"])
    with pytest.raises(Stale) as stale:
        cast.database.act_now(cast.by("both"), leads.amend, lead["id"], {"name": "x"}, version=lead["version"])
    assert [c["field"] for c in stale.value.extra["changed"]] == ["jobs"]


# ── confidential ─────────────────────────────────────────────────────────────────────────────────────────────────────
CANARY = "金丝雀"


def covered(cast: Cast) -> dict[str, Any]:
    """A confidential lead: every text of it that could give it away holds the word."""
    names = {n: f"{CANARY}{n}" for n in ("name", "investor_name", "investor_profile", "content", "referrer", "remarks")}
    lead = made(cast, confidential=True, code_name="海燕", screening_result=CANARY, contact_name=CANARY, **names)
    said = {"kind": "visit", "told": f"{CANARY}来访", "with_whom": CANARY, "next_step": f"见{CANARY}"}
    cast.database.act_now(cast.editor, follow_ups.add, lead["id"], said)
    move(cast, lead["id"], "negotiating")
    by = cast.by("editor", reason=f"{CANARY}改主意")
    cast.database.act_now(by, lead_moves.dispose, lead["id"], disposition="dormant")
    return cast.database.ask_now(cast.editor, leads.read, lead["id"])


def test_who_works_on_a_confidential_lead_sees_its_name_and_others_its_code_name(cast: Cast) -> None:
    lead = covered(cast)
    assert (lead["name"], lead["named"]) == (f"{CANARY}name", True)
    for reader in (cast.auditor, cast.key("read"), cast.key("write")):
        said: list[Any] = [
            cast.database.ask_now(reader, leads.read, lead["id"]),
            cast.database.ask_now(reader, leads.page, Asked(noun="lead")),
            cast.database.ask_now(reader, leads.page, Asked(noun="lead", q=CANARY)),
            cast.database.ask_now(reader, leads.page, Asked(noun="lead", sort=("name",))),
            cast.database.ask_now(reader, lead_moves.history, lead["id"]),
            cast.database.ask_now(reader, follow_ups.list_, lead["id"]),
            cast.database.ask_now(reader, follow_ups.open_steps),
            cast.database.ask_now(reader, history.of_lead, lead["id"]),
            cast.database.ask_now(reader, history.changes),
        ]
        assert CANARY not in repr(said)
        assert said[0]["name"] == "海燕"
        assert said[2] == ([], None), "it cannot be found by what is not shown"
        assert [one["id"] for one in cast.database.ask_now(reader, leads.page, Asked(noun="lead", q="海燕"))[0]]
    for reader in (cast.editor, cast.leader, cast.office):
        assert CANARY in repr(cast.database.ask_now(reader, history.of_lead, lead["id"]))


def test_what_is_confidential_today_was_never_told_however_it_stood_then(cast: Cast) -> None:
    lead = made(cast, name=CANARY)
    before = lead["version"]
    cast.database.act_now(cast.editor, leads.amend, lead["id"], {"confidential": True}, version=lead["version"])
    then = cast.key("read", as_of=before)
    assert cast.database.ask_now(then, leads.read, lead["id"])["name"] == lead["code"]
    assert cast.database.ask_now(cast.by("editor", as_of=before), leads.read, lead["id"])["name"] == CANARY


def test_a_program_may_not_write_names_it_may_not_see_nor_lift_the_cover(cast: Cast) -> None:
    lead = covered(cast)
    for edit in ({"name": "x"}, {"enterprise_id": 1}, {"confidential": False}):
        with pytest.raises(Forbidden):
            cast.database.act_now(cast.key("write"), leads.amend, lead["id"], edit, version=None)
    told = cast.database.act_now(cast.key("write"), leads.amend, lead["id"], {"jobs": 7}, version=None).value
    assert CANARY not in repr(told)
    cast.database.act_now(cast.editor, leads.release, lead["id"])
    assert cast.database.ask_now(cast.auditor, leads.read, lead["id"])["name"] == f"{CANARY}name"
    assert CANARY in repr(cast.database.ask_now(cast.auditor, follow_ups.list_, lead["id"]))


def test_over_http_a_confidential_name_is_in_no_answer_and_in_no_refusal(sqlite_web: Web) -> None:
    web, lead = sqlite_web, covered(sqlite_web.cast)
    id_ = lead["id"]
    for path in (
        "/leads", f"/leads?q={CANARY}", "/leads?sort=name", f"/leads/{id_}", f"/leads/{id_}/moves", f"/leads/{id_}/followups",
        f"/leads/{id_}/files", f"/leads/{id_}/history", "/changes", f"/leads/{id_}/gate?to=signed", "/changes?after=",
        f"/leads/{id_}?as_of=2026-06-01", f"/leads/{id_}/transfers",
    ):  # fmt: skip
        for key in ("read", "write"):
            assert CANARY not in web.send("GET", path, key=key).text, path
    for name in ("name", "investor_name", "enterprise_id", "search_name", "contact_phone"):
        assert web.send("GET", f"/leads?{name}={CANARY}").status_code == 400, name
    refused = web.send("PATCH", f"/leads/{id_}", key="write", json={"jobs": 3}, version=1)
    assert (refused.status_code, CANARY in refused.text) == (412, False)


# ── to another zone, into a ledger ───────────────────────────────────────────────────────────────────────────────────
def test_a_lead_goes_to_another_zone_with_all_that_was_said_and_credit_stays_behind(cast: Cast) -> None:
    lead = made(cast)
    cast.database.act_now(cast.editor, follow_ups.add, lead["id"], {"kind": "call", "told": "来电"})
    office = cast.by("office", reason="产业更合适")
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.by("both", reason="x"), lead_moves.transfer, lead["id"], to="WEST")
    given_ = cast.database.act_now(office, lead_moves.transfer, lead["id"], to="WEST", credit_percent=40).value
    assert (given_["zone"], given_["keeper"], given_["registered_on"]) == ("WEST", None, DAY)
    assert [t["credit_percent"] for t in cast.database.ask_now(cast.stranger, lead_moves.transfers, lead["id"])] == [40]
    assert len(cast.database.ask_now(cast.stranger, follow_ups.list_, lead["id"])) == 1
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.editor, leads.read, lead["id"])


def land(cast: Cast, id_: int, ledger: str = "reserve", **kw: Any) -> Any:
    return cast.database.act_now(cast.editor, landing.land, id_, ledger=ledger, **kw).value


def reserve(cast: Cast) -> int:
    found = cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["reserve"]
    return int(found["project_count"])


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


def refusals() -> Iterator[tuple[str, str, dict[str, Any], int, str]]:
    yield "POST", "/leads", {"name": "x"}, 422, "invalid"
    yield "POST", "/leads", {"zone": "EAST"}, 422, "invalid"
    yield "POST", "/leads", {"zone": "EAST", "name": "x", "stage": "signed"}, 422, "invalid"
    yield "POST", "/leads", {"zone": "EAST", "name": "x", "signed_on": "2199-01-01"}, 422, "invalid"
    yield "POST", "/leads", {"zone": "EAST", "name": "x", "company_credit_code": "91371500MA3C000000"}, 422, "invalid"
    yield "POST", "/leads/1/moves", {"to": "won"}, 422, "invalid"
    yield "POST", "/leads/1/moves", {"to": "signed"}, 409, "stage_not_met"
    yield "POST", "/leads/1/landing", {}, 409, "too_early"
    yield "POST", "/leads/1/followups", {"kind": "call"}, 422, "invalid"
    yield "POST", "/leads/1/dispositions", {"disposition": "lost"}, 422, "reason_required"
    yield "POST", "/leads/9/moves", {"to": "signed"}, 404, "not_found"


def test_the_api_says_what_is_wrong(sqlite_web: Web) -> None:
    web = sqlite_web
    made(web.cast)
    for method, path, body, status, code in refusals():
        told = web.send(method, path, json=body)
        assert (told.status_code, told.json()["code"]) == (status, code), (path, body, told.text)
    sent = web.send("POST", "/leads", json={**FACTS, "zone": "EAST", "ref": {"source": "crm", "id": "7"}}, key="write")
    assert sent.status_code == 201
    assert (
        web.send("POST", "/leads", json={**FACTS, "zone": "EAST", "ref": {"source": "crm", "id": "7"}}).status_code
        == 409
    )
    id_ = sent.json()["id"]
    assert web.send("GET", "/leads?stage=lead&sort=-registered_on&count=exact&limit=1").json()["count"] == 2
    gate = web.send("GET", f"/leads/{id_}/gate?to=signed").json()
    assert [m["fields"] for m in gate["missing"]][:1] == [["screening_result"]]
    assert web.send("GET", f"/leads/{id_}/landing").status_code == 409
    assert web.send("DELETE", f"/leads/{id_}", version=sent.json()["version"]).status_code == 200
    assert web.send("GET", f"/leads/{id_}").json()["code"] == "deleted"
    assert web.send("POST", f"/leads/{id_}/restore").json()["name"] == FACTS["name"]


def test_a_refusal_leaves_nothing_behind(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    lead = made(cast)
    with pytest.raises(Refusal):
        move(cast, lead["id"], "landed", edit={"jobs": 9})
    assert cast.database.ask_now(cast.editor, leads.read, lead["id"])["jobs"] is None
