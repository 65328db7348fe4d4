"""What the city sets about approvals: which of them the gate of a ledger asks for, and the chains of steps by class."""

from __future__ import annotations

from typing import Any

from tests.test_cases import enter
from tests.web import Web


def test_a_ledger_may_ask_for_the_construction_permit_before_a_project_enters(web: Web) -> None:
    cast = web.cast
    kept = web.put("/settings/gates", json={"approvals": {"in_construction": ["construction_permit", "fire_design"]}})
    assert (kept.status_code, kept.json()["gates"]["in_construction"]["approvals"][0]) == (200, "construction_permit")
    assert web.put("/settings/gates", json={"approvals": {}}).status_code == 428
    wrong = web.put("/settings/gates", json={"approvals": {"upcoming": ["castle"]}}, version=kept.json()["version"])
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/approvals/upcoming/0")
    facts: dict[str, Any] = {
        "ledger": "upcoming",
        "planned_completion_month": "2027-11",
        "override": True,
        "reason": "期初",
    }
    one = web.project("Mill", **facts)
    gate = web.get(f"/projects/{one['id']}/gate?to=in_construction").json()["missing"]
    told = [(m["step"], m["step_name"], m["fields"]) for m in gate if m["code"] == "approval_missing"]
    assert told == [
        (
            "construction_permit",
            "Construction permit with quality and safety supervision",
            ["construction_permit_state"],
        ),
        ("fire_design", "Fire-safety review of the design", []),
    ]
    move = {"to": "in_construction", "on": "2026-06-01"}
    assert web.post(f"/projects/{one['id']}/moves", json=move).status_code == 409
    enter(cast, one["id"], step="fire_design", result="not_needed")
    enter(
        cast, one["id"], step="construction_permit", applied_on="2026-05-20", decided_on="2026-05-22", result="granted"
    )
    assert web.post(f"/projects/{one['id']}/moves", json=move).status_code == 201


def test_the_chains_are_the_city_s_to_change_and_what_cannot_be_is_refused(web: Web) -> None:
    read = web.get("/settings/chains", key="read").json()
    steps = read["chains"]["technical_upgrade"]
    assert (read["version"], web.put("/settings/chains", key="write", json={"chains": {}}).status_code) == (0, 403)
    own = {
        **steps[0],
        "key": "noise",
        "name": "噪声评估",
        "after": ["filing"],
        "applies": [{"field": "energy_tce", "from": 50}],
    }
    put = web.put("/settings/chains", json={"chains": {"technical_upgrade": [*steps, own]}, "reason": "本市规定"})
    assert (put.status_code, put.json()["chains"]["technical_upgrade"][-1]) == (200, own)
    version = put.json()["version"]
    assert web.get("/settings/chains").json()["chains"]["government"] == read["chains"]["government"]
    for changed, code in (
        ([*steps, steps[0]], "taken"),
        ([*steps, {**own, "after": ["castle"]}], "not_found"),
        ([{**steps[0], "after": ["environment"]}, *steps[1:]], "crossed"),
        (steps[1:], "not_found"),
        ([*steps, {**own, "applies": [{"field": "name", "is": ["x"]}]}], "not_in_list"),
        ([*steps, {**own, "applies": [{"field": "energy_tce"}]}], "half_a_condition"),
        ([*steps, {**own, "applies": [{"field": "kind", "from": 1}]}], "not_a_number"),
        ([*steps, {**own, "applies": [{"field": "land_mu", "is": ["15"]}]}], "a_number"),
        ([*steps, {**own, "applies": [{"field": "kind", "is": ["castle"]}]}], "not_in_list"),
        ([*steps, {**own, "applies": [{"field": "kind", "is": []}]}], "required"),
        ([*steps, {**own, "key": "No Key"}], "malformed"),
    ):
        refused = web.put("/settings/chains", json={"chains": {"technical_upgrade": changed}}, version=version)
        assert (refused.status_code, code in [e["code"] for e in refused.json()["errors"]]) == (422, True), refused.text
        assert "[" not in "".join(e["pointer"] for e in refused.json()["errors"]), (
            "a place is one of the body that was sent"
        )
    upgrade = web.project("Upgrade", kind="technical_upgrade", energy_tce=60)
    way = web.get(f"/projects/{upgrade['id']}/approval-path").json()
    assert (way["class"], way["steps"][-1]["name"], way["steps"][-1]["state"]) == (
        "technical_upgrade",
        "噪声评估",
        "not_started",
    )
