"""The catalogue of items: who keeps it, who reads it, and what it may not be made to say while zones hold an item."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.services import delegations, history, power_map, powers
from tests.cast import Cast
from tests.web import Web

PERMIT = {"code": "ZJ-001", "name": "建筑工程施工许可证核发", "kind": "licence", "department": "市住房城乡建设局", "level": "city"}  # fmt: skip


def item(cast: Cast, code: str = "ZJ-001", **facts: Any) -> Any:
    return cast.database.act_now(cast.office, powers.create, {**PERMIT, "code": code, **facts}).value


def give(cast: Cast, zone: str, code: str, **facts: Any) -> Any:
    sent = {"form": "transfer", "given_on": "2026-03-01", **facts}
    return cast.database.act_now(cast.office, delegations.put, zone, code, sent).value


def run(cast: Cast, zone: str, code: str, **facts: Any) -> Any:
    """Give it, running at once."""
    held = {"receiving_department": "审批服务局", "effective_from": "2026-03-01", "state": "running"}
    return give(cast, zone, code, **{**held, **facts})


def test_an_item_is_kept_by_the_city_and_read_by_everybody(cast: Cast) -> None:
    made = item(cast, steps=["construction_permit"], statutory_days=15, promised_days=5)
    assert (made["reserved"], made["steps"], made["promised_days"]) == (False, ["construction_permit"], 5)
    amended = cast.database.act_now(
        cast.office, powers.amend, "ZJ-001", {"promised_days": None}, version=made["version"]
    )
    assert amended.value["promised_days"] is None, "unknown is not nought"
    with pytest.raises(Stale):
        cast.database.act_now(cast.office, powers.amend, "ZJ-001", {"promised_days": 3}, version=made["version"])
    for who in (cast.editor, cast.stranger, cast.leader, cast.auditor):
        assert [p["code"] for p in cast.database.ask_now(who, powers.list_)] == ["ZJ-001"]
    for who in (cast.editor, cast.reviewer, cast.leader, cast.auditor, cast.administrator):
        with pytest.raises(Forbidden):
            cast.database.act_now(who, powers.create, {**PERMIT, "code": "ZJ-002"})


def test_an_item_is_written_in_history(cast: Cast) -> None:
    item(cast)
    cast.database.act_now(cast.office, powers.amend, "ZJ-001", {"department": "市行政审批局", "reason": "机构改革"})
    told = cast.database.ask_now(cast.leader, history.of_row, "power", 1)
    assert [(a["word"], a["reason"]) for a in told] == [("power.amend", "机构改革"), ("power.amend", None)]


def test_a_code_is_unique_for_ever_and_written_plainly(cast: Cast) -> None:
    item(cast)
    with pytest.raises(Conflict) as taken:
        item(cast)
    assert taken.value.code == "code_taken"
    for code in ("", "a b", "事项1", "/x", "-1"):
        with pytest.raises(Invalid):
            item(cast, code)
    with pytest.raises(Invalid):
        cast.database.act_now(cast.office, powers.amend, "ZJ-001", {"code": "ZJ-002"})
    with pytest.raises(Invalid) as wrong:
        item(cast, "ZJ-003", kind="permit", statutory_days=-1, steps=["Not A Step"])
    assert {p.pointer for p in wrong.value.problems} == {"/kind", "/statutory_days", "/steps/0"}
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.editor, powers.read, "NONE")


def test_an_item_cannot_be_reserved_or_lose_its_basis_while_zones_hold_it_so(cast: Cast) -> None:
    item(cast)
    run(cast, "EAST", "ZJ-001", effective_until="2027-12-31")
    give(cast, "WEST", "ZJ-001", form="window_only", effective_until="2026-12-31")
    with pytest.raises(Conflict) as reserved:
        cast.database.act_now(cast.office, powers.amend, "ZJ-001", {"reserved": True})
    (problem,) = reserved.value.problems
    assert (problem.pointer, problem.values["zones"]) == ("/reserved", "East"), "a window may take in what is reserved"
    with pytest.raises(Conflict) as basis:
        cast.database.act_now(cast.office, powers.amend, "ZJ-001", {"basis_valid_until": "2027-06-30"})
    assert [p.code for p in basis.value.problems] == ["still_held"]
    cast.database.act_now(cast.office, powers.amend, "ZJ-001", {"basis_valid_until": "2027-12-31"})


def test_who_holds_an_item_is_told_with_it(cast: Cast) -> None:
    item(cast)
    run(cast, "EAST", "ZJ-001")
    told = cast.database.ask_now(cast.stranger, powers.read, "ZJ-001")
    assert [(z["zone"], z["form"], z["state"]) for z in told["zones"]] == [("EAST", "transfer", "running")]


# ── the matrix ───────────────────────────────────────────────────────────────────────────────────────────────────────
def catalogue(cast: Cast) -> None:
    """Three items of housing, one of water; the East runs two of housing and waits for the third, the West runs water."""
    for n, department in enumerate(("住建", "住建", "住建", "水利"), 1):
        item(cast, f"P-{n}", name=f"事项{n}", department=department, kind="licence" if n < 3 else "penalty")
    run(cast, "EAST", "P-1")
    run(cast, "EAST", "P-2")
    give(cast, "EAST", "P-3")
    run(cast, "WEST", "P-4")


def test_the_matrix_counts_what_each_zone_has_taken_over_by_department(cast: Cast) -> None:
    catalogue(cast)
    found = cast.database.ask_now(cast.stranger, power_map.matrix, power_map.Asked())
    assert [(c.code, c.hers) for c in found.columns] == [("WEST", True), ("EAST", False)], "her own zone comes first"
    assert [(g.department, g.total, g.shares) for g in found.groups] == [("住建", 3, [0, 67]), ("水利", 1, [100, 0])]
    assert (found.whole.shares, found.catalogue) == ([25, 50], 4)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"departments": ("水利",)}, ["P-4"]),
        ({"kinds": ("penalty",)}, ["P-3", "P-4"]),
        ({"states": ("pending",)}, ["P-3"]),
        ({"states": ("none",), "zones": ("EAST",)}, ["P-4"]),
        ({"text": "事项2"}, ["P-2"]),
        ({"zones": ("WEST",), "states": ("running",)}, ["P-4"]),
        ({"states": ("revoked",)}, []),
    ],
)
def test_the_matrix_is_narrowed_by_department_kind_state_zone_and_text(
    sqlite_cast: Cast, asked: Any, codes: list[str]
) -> None:
    catalogue(sqlite_cast)
    found = sqlite_cast.database.ask_now(sqlite_cast.leader, power_map.matrix, power_map.Asked(**asked))
    assert [p["code"] for g in found.groups for p in g.powers] == codes


def test_the_gap_is_what_a_sister_has_taken_over_and_this_zone_has_not(cast: Cast) -> None:
    catalogue(cast)
    ask = cast.database.ask_now
    assert [(g["power"], g["own_state"]) for g in ask(cast.stranger, power_map.gap, "WEST", "EAST")] == [
        ("P-1", None), ("P-2", None),
    ]  # fmt: skip
    assert [g["power"] for g in ask(cast.editor, power_map.gap, "EAST", "WEST")] == ["P-4"]
    run(cast, "WEST", "P-3")
    assert [(g["power"], g["own_state"]) for g in ask(cast.editor, power_map.gap, "EAST", "WEST")] == [
        ("P-3", "pending"), ("P-4", None),
    ]  # fmt: skip
    assert [(s["code"], s["held"]) for s in ask(cast.editor, power_map.sisters, "EAST")] == [("WEST", 2)]
    with pytest.raises(NotFound):
        ask(cast.editor, power_map.gap, "EAST", "NOWHERE")


# ── the other door ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_api_lists_filters_and_counts_the_same(web: Web) -> None:
    catalogue(web.cast)
    assert [p["code"] for p in web.get("/powers?kind=penalty&sort=-code").json()["items"]] == ["P-4", "P-3"]
    said = web.get("/power-matrix", key="read").json()
    assert [(z["code"], z["held"], z["percent"]) for z in said["zones"]] == [("EAST", 2, 50), ("WEST", 1, 25)]
    assert [(d["department"], d["items"]) for d in said["departments"]] == [("住建", 3), ("水利", 1)]
    assert [g["power"] for g in web.get("/zones/EAST/delegation-gap?with=WEST").json()["items"]] == ["P-4"]
    assert web.get("/zones/EAST/delegation-gap").status_code == 400
    refused = web.post("/powers", json=PERMIT, key="write")
    assert refused.status_code == 403
    made = web.post("/powers?validate_only=true", json=PERMIT)
    assert (made.status_code, made.json().get("code")) == (201, None)
    assert web.get("/powers/ZJ-001").status_code == 404


def test_the_catalogue_is_read_as_it_was(web: Web) -> None:
    item(web.cast)
    before = web.get("/powers/ZJ-001").json()["version"]
    web.patch("/powers/ZJ-001", json={"name": "施工许可"}, version=before)
    assert web.get("/powers/ZJ-001").json()["name"] == "施工许可"
    as_of = web.cast.database.ask_now(web.cast.by("leader", as_of=before), powers.read, "ZJ-001")
    assert as_of["name"] == PERMIT["name"]
