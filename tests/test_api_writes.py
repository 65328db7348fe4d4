"""Versions, idempotency, rehearsals and references, as a caller's program meets them, on both databases."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from app import lanes
from app.engine import Sql
from app.rules.access import Role
from tests.web import Web

ACTS = Sql("SELECT seq FROM head")


def acts(web: Web) -> int:
    return int(web.cast.database.read_now(lambda link: link.value(ACTS)))


# ── versions ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_change_needs_the_version_that_was_read(web: Web) -> None:
    made = web.project(land_mu=1)
    address = f"/projects/{made['id']}"
    assert web.patch(address, json={"land_mu": 2}).json()["code"] == "version_needed"
    assert web.delete(address).status_code == 428
    answer = web.patch(address, json={"land_mu": 2}, version=made["version"])
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    assert answer.json()["version"] > made["version"]


def test_a_stale_change_is_412_and_says_what_changed_since_and_by_whom(web: Web) -> None:
    made = web.project(land_mu=1)
    address = f"/projects/{made['id']}"
    now = web.patch(address, json={"land_mu": 2, "reason": "measured again"}, version=made["version"]).json()
    refused = web.patch(address, json={"park": "North"}, version=made["version"])
    assert refused.status_code == 412
    said = refused.json()
    assert said["current_version"] == now["version"]
    changed = {c["field"]: c for c in said["changed"]}
    assert (changed["land_mu"]["before"], changed["land_mu"]["after"], changed["land_mu"]["by"]) == (1, 2, "admin")
    assert changed["land_mu"]["reason"] == "measured again"
    assert web.get(address).json()["park"] is None


@pytest.mark.parametrize(
    ("sent", "status"), [('"x"', 412), ("7", 400), ('"1", "2"', 400), ("*", 200), ('W/"{v}"', 200)]
)
def test_if_match_as_others_write_it(sqlite_web: Web, sent: str, status: int) -> None:
    made = sqlite_web.project()
    header = sent.replace("{v}", str(made["version"]))
    answer = sqlite_web.patch(f"/projects/{made['id']}", json={"park": "North"}, headers={"If-Match": header})
    assert answer.status_code == status, answer.text


def test_what_is_held_already_is_304(web: Web) -> None:
    made = web.project()
    for path in (
        f"/projects/{made['id']}",
        "/projects",
        "/zones/EAST/ledgers",
        "/zones",
        "/summary?by=zone",
        "/changes",
    ):
        answer = web.get(path)
        tag = answer.headers["etag"]
        again = web.get(path, headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), path
    web.patch(f"/projects/{made['id']}", json={"land_mu": 3}, version=made["version"])
    for path in (f"/projects/{made['id']}", "/projects"):
        assert web.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_null_is_unknown_and_left_out_stays(web: Web) -> None:
    made = web.project(land_mu=3, park="North")
    answer = web.patch(f"/projects/{made['id']}", json={"land_mu": None}, version=made["version"]).json()
    assert (answer["land_mu"], answer["park"]) == (None, "North")


def test_a_reason_comes_in_the_body_or_in_the_header(web: Web) -> None:
    made = web.project(total_investment_yuan=5)
    address = f"/projects/{made['id']}"
    refused = web.patch(address, json={"total_investment_yuan": 6}, version=made["version"])
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_required")
    first = web.patch(address, json={"total_investment_yuan": 6, "reason": "补充协议"}, version=made["version"]).json()
    second = web.patch(
        address, json={"total_investment_yuan": 7}, version=first["version"], headers={"X-Reason": "%E5%AE%A1%E8%AE%A1"}
    ).json()
    gone = web.delete(address, version=second["version"], headers={"X-Reason": "twice entered"})
    assert gone.json()["deleted_at"] is not None
    missing, shown = web.get(address), web.get(f"{address}?deleted=with")
    told = {name: missing.json()[name] for name in ("code", "id", "deleted_at")}
    assert (missing.status_code, told["code"], told["id"]) == (404, "deleted", made["id"])
    assert (shown.status_code, shown.json()["deleted_at"]) == (200, told["deleted_at"])
    assert web.get(f"{address}?deleted=only").status_code == 400
    reasons = [h["reason"] for h in web.get("/changes?limit=1000").json()["items"] if h["noun"] == "project"]
    assert reasons == [None, "补充协议", "审计", "twice entered"]


# ── idempotency ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_repeated_key_is_answered_as_the_first_time(web: Web) -> None:
    body, headers = {"name": "Once", "zone": "EAST"}, {"Idempotency-Key": "k-1"}
    first, second = (web.post("/projects", json=body, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert first.headers["location"] == second.headers["location"]
    other = web.post("/projects", json={**body, "name": "Twice"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert web.post("/projects", json=body, headers=headers, key="write").json()["id"] != first.json()["id"]


def test_the_same_post_sent_at_once_makes_one_project(web: Web) -> None:
    request = ("POST", "/projects", {"json": {"name": "Race", "zone": "EAST"}, "headers": {"Idempotency-Key": "race"}})
    answers = web.together([request] * 8)
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["id"] for a in answers}) == 1
    assert sum("idempotent-replayed" in a.headers for a in answers) == 7
    assert web.get("/projects?count=exact&fields=id").json()["count"] == 1


def test_a_refusal_is_not_kept_under_its_key(web: Web) -> None:
    headers = {"Idempotency-Key": "again"}
    body = {"name": "Late", "zone": "EAST", "ledger": "in_construction"}
    assert web.post("/projects", json=body, headers=headers).status_code == 409
    ready = {**body, "started_on": "2026-03-01", "planned_completion_month": "2027-06"}
    forced = {**ready, "override": True, "reason": "taken over"}
    assert web.post("/projects", json=forced, headers=headers).status_code == 201


def test_four_programs_count_to_fifty_each_and_none_is_lost(web: Web) -> None:
    """Read, add one, write with the version read, again when stale: what every careful program does."""
    address = f"/projects/{web.project(jobs=0)['id']}"

    async def count(times: int) -> int:
        stale = 0
        while times:
            read = await web.ask("GET", address)
            wrote = await web.ask(
                "PATCH", address, json={"jobs": read.json()["jobs"] + 1}, version=read.json()["version"]
            )
            assert wrote.status_code in (200, 412), wrote.text
            times, stale = (times - 1, stale) if wrote.status_code == 200 else (times, stale + 1)
        return stale

    async def all_() -> int:
        return sum(await asyncio.gather(*(count(50) for _ in range(4))))

    assert web.runner.run(all_()) > 0
    assert web.get(address).json()["jobs"] == 200


# ── rehearsal ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_validate_only_answers_the_same_and_leaves_nothing(web: Web) -> None:
    made = web.project(ref={"source": "s", "id": "1"})
    before = (acts(web), web.get("/projects").content, web.get("/changes").content)
    address = f"/projects/{made['id']}"
    tries: list[tuple[str, str, dict[str, Any], int]] = [
        ("POST", "/projects", {"json": {"name": "Trial", "zone": "EAST"}, "headers": {"Idempotency-Key": "t"}}, 201),
        ("PATCH", address, {"json": {"land_mu": 4}, "version": made["version"]}, 200),
        ("DELETE", address, {"version": made["version"]}, 200),
        ("PUT", "/projects/by-ref/s/2", {"json": {"name": "Two", "zone": "EAST"}}, 201),
        (
            "POST",
            "/projects/batch",
            {"json": {"items": [{"ref": {"source": "s", "id": "3"}, "name": "T", "zone": "EAST"}]}},
            200,
        ),
        ("POST", f"{address}/moves", {"json": {"to": "upcoming", "override": True, "reason": "x"}}, 201),
        ("POST", "/projects", {"json": {"name": "", "zone": "EAST"}}, 422),
        ("PATCH", address, {"json": {"land_mu": 4}, "version": made["version"] - 1}, 412),
    ]
    for method, path, kw, status in tries:
        answer = web.send(method, f"{path}?validate_only=true", **kw)
        assert answer.status_code == status, answer.text
        if status < 300:
            said = answer.json().get("items", [answer.json()])[0]
            assert not {"id", "code", "version"} & said.keys(), said
            assert "location" not in answer.headers
    assert before == (acts(web), web.get("/projects").content, web.get("/changes").content)
    kept = web.post("/projects", json={"name": "Trial", "zone": "EAST"}, headers={"Idempotency-Key": "t"})
    assert "idempotent-replayed" not in kept.headers


# ── references ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_source_replaces_what_it_wrote_and_keeps_what_others_wrote(web: Web) -> None:
    address = "/projects/by-ref/erp/77"
    created = web.put(address, json={"name": "Mill", "zone": "EAST", "land_mu": 5}, key="write")
    assert created.status_code == 201
    assert created.headers["location"].endswith(f"/projects/{created.json()['id']}")
    assert web.put(address, json={"land_mu": 6}, key="write").json()["land_mu"] == 6
    now = web.get(f"/projects/{created.json()['id']}").json()
    web.patch(f"/projects/{now['id']}", json={"land_mu": 9}, version=now["version"])
    refused = web.put(address, json={"land_mu": 7, "park": "South"}, key="write")
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_by_others")
    (field,) = refused.json()["fields"]
    assert (field["field"], field["theirs"], field["yours"], field["by"]) == ("land_mu", 9, 7, "admin")
    assert web.put(f"{address}?overwrite=true", json={"land_mu": 7}, key="write").json()["land_mu"] == 7


def test_a_replacement_may_repeat_its_zone_and_its_days_but_not_change_them(web: Web) -> None:
    address = "/projects/by-ref/erp/文〔2026〕7/1"
    facts = {"name": "Mill", "zone": "EAST", "ledger": "in_construction", "planned_completion_month": "2027-06"}
    made = web.put(address, json={**facts, "started_on": "2026-03-02"})
    assert made.status_code == 201, made.text
    same = web.put(address, json={**facts, "started_on": "2026-03-02", "land_mu": 4})
    assert (same.status_code, same.json()["land_mu"]) == (200, 4)
    other = web.put(address, json={"zone": "WEST", "started_on": "2026-03-03", "land_mu": 5})
    assert {e["pointer"]: e["code"] for e in other.json()["errors"]} == {
        "/zone": "only_by_transfer",
        "/started_on": "only_by_move",
    }
    assert web.get(f"/projects/{made.json()['id']}").json()["land_mu"] == 4


def test_a_reference_stays_taken_after_a_delete(web: Web) -> None:
    made = web.project(ref={"source": "erp", "id": "1"})
    web.delete(f"/projects/{made['id']}", version=made["version"])
    for answer in (
        web.post("/projects", json={"name": "Again", "zone": "EAST", "ref": {"source": "erp", "id": "1"}}),
        web.put("/projects/by-ref/erp/1", json={"name": "Again", "zone": "EAST"}),
    ):
        assert (answer.status_code, answer.json()["code"], answer.json()["id"]) == (409, "deleted", made["id"])
    assert web.post(f"/projects/{made['id']}/restore").json()["deleted_at"] is None


def test_of_a_reference_that_another_zone_has_nothing_is_told_but_that_it_is_taken(web: Web) -> None:
    ref = {"source": "erp", "id": "1"}
    hidden = web.project(zone="WEST", ref=ref)
    lead = web.post("/leads", json={"name": "Lead", "zone": "WEST", "ref": ref})
    assert lead.status_code == 201, lead.text
    east = web.make_key("east", Role.KEY_WRITE, (web.cast.east,))
    facts = {"name": "Mine", "zone": "EAST"}
    one = web.post("/projects/batch", json={"items": [{**facts, "ref": ref}], "atomic": False}, key=east)
    for problem in (
        web.post("/projects", json={**facts, "ref": ref}, key=east).json(),
        web.put("/projects/by-ref/erp/1", json=facts, key=east).json(),
        one.json()["items"][0]["problem"],
        web.post("/leads", json={**facts, "ref": ref}, key=east).json(),
    ):
        assert (problem["status"], problem["code"], "id" in problem) == (409, "reference_taken", False)
        assert str(hidden["id"]) not in problem["detail"]
    unknown = web.put("/projects/by-ref/erp/1", json={"land_mu": 4}, key=east)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_such_reference")


def test_a_deleted_lead_keeps_its_reference(web: Web) -> None:
    lead = {"name": "Lead", "zone": "EAST", "ref": {"source": "erp", "id": "1"}}
    made = web.post("/leads", json=lead).json()
    web.delete(f"/leads/{made['id']}", version=made["version"], headers={"X-Reason": "twice"})
    again = web.post("/leads", json=lead)
    assert (again.status_code, again.json()["code"], again.json()["id"]) == (409, "deleted", made["id"])


def test_a_batch_is_all_or_nothing_or_each_by_itself(web: Web) -> None:
    good = {"ref": {"source": "s", "id": "1"}, "name": "Good", "zone": "EAST"}
    bad = {"ref": {"source": "s", "id": "2"}, "name": "Bad", "zone": "EAST", "land_mu": "wide"}
    nowhere = {"ref": {"source": "s", "id": "3"}, "name": "Lost", "zone": "NOWHERE"}
    whole = web.post("/projects/batch", json={"items": [good, bad, {"name": "no reference"}]})
    assert whole.status_code == 422
    assert {e["pointer"] for e in whole.json()["errors"]} == {"/items/1/land_mu", "/items/2/ref"}
    assert web.get("/projects").json()["items"] == []
    answer = web.post("/projects/batch", json={"items": [nowhere, good, bad, good], "atomic": False})
    assert answer.status_code == 207
    results = answer.json()["items"]
    assert [r["status"] for r in results] == [422, 201, 422, 200]
    assert results[2]["problem"]["errors"][0]["pointer"] == "/items/2/land_mu"
    assert results[1]["id"] == results[3]["id"]
    assert results[0]["problem"]["errors"][0]["pointer"] == "/items/0/zone"
    assert [p["name"] for p in web.get("/projects").json()["items"]] == ["Good"]


def test_an_atomic_batch_names_what_is_wrong_in_every_item_at_once(web: Web) -> None:
    def item(n: int, **facts: Any) -> dict[str, Any]:
        return {"ref": {"source": "s", "id": str(n)}, "name": f"P{n}", "zone": "EAST", **facts}

    wrong = [item(0, zone="NOWHERE"), item(1), item(2, relation="phase")]
    said = web.post("/projects/batch", json={"items": wrong}).json()
    assert {e["pointer"] for e in said["errors"]} == {"/items/0/zone", "/items/2/relation"}
    gate = web.post("/projects/batch", json={"items": [item(1), item(2, ledger="upcoming")]}).json()
    assert (gate["status"], gate["code"], gate["item"]) == (409, "gate_not_met", 1)
    assert web.get("/projects").json()["items"] == []
    assert web.post("/projects/batch", json={"items": [item(1)]}, key="read").status_code == 403


def test_what_has_not_happened_yet_is_no_fact(sqlite_web: Web) -> None:
    made = sqlite_web.project()
    gone = {"disposition": "lost", "on": "2199-01-01", "reason": "r"}
    (said,) = sqlite_web.post(f"/projects/{made['id']}/dispositions", json=gone).json()["errors"]
    assert (said["pointer"], said["code"]) == ("/on", "future")
    opening = {"month": "2199-01", "before_year_yuan": 1}
    (said,) = sqlite_web.put(f"/projects/{made['id']}/opening", json=opening, version=made["version"]).json()["errors"]
    assert (said["pointer"], said["code"]) == ("/month", "future")


@pytest.mark.parametrize("items", [None, [], {}, [1], [{}] * 1001])
def test_a_batch_that_is_none(sqlite_web: Web, items: Any) -> None:
    assert sqlite_web.post("/projects/batch", json={"items": items}).status_code == 422


# ── moves ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_gate_that_is_not_met_says_what_is_missing(web: Web) -> None:
    made = web.project()
    refused = web.post(f"/projects/{made['id']}/moves", json={"to": "in_construction"})
    assert (refused.status_code, refused.json()["code"]) == (409, "gate_not_met")
    assert ["planned_completion_month"] in [m["fields"] for m in refused.json()["missing"]]
    assert web.get(f"/projects/{made['id']}/gate?to=in_construction").json()["missing"] == refused.json()["missing"]
    body = {"to": "in_construction", "on": "2026-11-02", "override": True, "reason": "taken over"}
    moved = web.post(f"/projects/{made['id']}/moves", json={**body, "version": made["version"]})
    assert moved.status_code == 201
    assert (moved.json()["ledger"], moved.json()["pending"], moved.json()["move"]["override"]) == (
        "in_construction",
        True,
        True,
    )
    assert web.patch(f"/projects/{made['id']}", json={"ledger": "reserve"}, version=made["version"]).status_code == 422
    assert [m["to_ledger"] for m in web.get(f"/projects/{made['id']}/moves").json()["items"]] == [
        "reserve",
        "in_construction",
    ]


# ── waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_who_waits_too_long_is_told_to_come_again(sqlite_web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web, body = sqlite_web, {"name": "Late", "zone": "EAST"}

    async def at_once(*keys: str) -> list[int]:
        slow = asyncio.ensure_future(web.cast.database.chore(lambda link: time.sleep(0.4)))
        await asyncio.sleep(0.05)
        answers = await asyncio.gather(
            *(web.ask("POST", "/projects", json=body, headers={"Idempotency-Key": key}) for key in keys)
        )
        await slow
        assert all(a.headers["retry-after"] for a in answers)
        return [a.status_code for a in answers]

    with monkeypatch.context() as patched:
        patched.setattr(lanes, "WAIT_SECONDS", 0.1)
        assert web.runner.run(at_once("one", "two")) == [503, 503]
        assert 409 in web.runner.run(at_once("same", "same"))
    assert web.get("/projects").json()["items"] == []
    assert web.app.state.under_way == {}
