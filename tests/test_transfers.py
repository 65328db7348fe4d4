"""A project given from one zone to another: it, its children and all that hangs on it, in one act of the city office."""

from __future__ import annotations

from typing import Any

import pytest

from app.audit import verify
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.services import calendar, history, ledgers, moves, people, projects, reports, responsibilities, sums, transfers
from tests.cast import Cast
from tests.test_project_pages import Browser
from tests.web import Web

STARTED: dict[str, Any] = {"ledger": "in_construction", "dates": {"started_on": "2026-01-05"}, "override": True}


def made(cast: Cast, **facts: Any) -> dict[str, Any]:
    named = {"name": "Mill", "total_investment_yuan": 7 * 10**8, "responsible_person": "林砚秋", "phone": "13800000001"}
    caller = cast.by("reviewer", reason="as it stands")
    value = cast.database.act_now(caller, projects.create, named | facts, zone="EAST", **STARTED).value
    assert isinstance(value, dict)
    return value


def given(cast: Cast, id_: int, to: str = "WEST", **kw: Any) -> Any:
    caller = cast.by("office", reason=kw.pop("reason", "the park was split"))
    return cast.database.act_now(caller, transfers.transfer, id_, to=to, **kw)


def head(cast: Cast, zone: str, as_of: int | None = None) -> tuple[int, int]:
    found = cast.database.ask_now(cast.by("office", as_of=as_of), ledgers.heads, zone)["in_construction"]
    return found["project_count"] + found["pending_count"], found["amounts"]["total_investment_yuan"]["sum"]


def test_it_goes_with_all_that_hangs_on_it_and_the_sums_follow(cast: Cast) -> None:
    db, mill = cast.database, made(cast)
    made(cast, name="Line 2", parent_id=mill["id"], relation="expansion")
    db.act_now(cast.editor, reports.put, mill["id"], "2026-02", {"invested_yuan": 5}, version=None)
    before = head(cast, "EAST"), head(cast, "WEST")
    answer = given(cast, mill["id"], document="聊政字〔2026〕7号", version=None)
    assert before == ((2, 14 * 10**8), (0, 0))
    assert (head(cast, "EAST"), head(cast, "WEST")) == ((0, 0), (2, 14 * 10**8))
    assert (head(cast, "EAST", answer.seq - 1), head(cast, "WEST", answer.seq - 1)) == before, (
        "as of then it stays there"
    )
    assert answer.value["code"] == mill["code"]
    assert [(t["from"], t["to"], t["document"]) for t in db.ask_now(cast.office, transfers.list_, mill["id"])] == [
        ("EAST", "WEST", "聊政字〔2026〕7号")
    ]
    assert [r["invested_yuan"] for r in db.ask_now(cast.stranger, reports.list_, mill["id"])] == [5]
    assert len(db.ask_now(cast.stranger, moves.history, mill["id"])) == 1
    for reader in (cast.editor, cast.reviewer):
        with pytest.raises(NotFound):
            db.ask_now(reader, projects.read, mill["id"])
    bridged = db.ask_now(cast.office, sums.bridge, [cast.east], answer.seq - 1, answer.seq)
    assert list(bridged["in_construction"]) == ["moved_out"]
    assert verify(db.settings).sound


def test_people_of_the_old_zone_end_and_those_of_the_city_go_on(cast: Cast) -> None:
    db = cast.database
    city = db.act_now(cast.key("admin"), people.create, {"name": "顾听澜"}).value
    mill = made(cast, sponsor_leader="顾听澜")
    given(cast, mill["id"])
    now = db.ask_now(cast.stranger, projects.read, mill["id"])
    assert (now["responsible_person"], now["phone"], now["sponsor_leader"]) == (None, None, "顾听澜")
    answering = db.ask_now(cast.stranger, responsibilities.of_project, mill["id"])["items"]
    assert [(a["person_id"], a["current"]) for a in answering] == [(city["id"], True)]
    office = db.ask_now(cast.office, responsibilities.of_project, mill["id"])["items"]
    assert {(a["name"], a["current"]) for a in office} == {("林砚秋", False), ("顾听澜", True)}


def test_history_says_from_where_to_where_and_the_old_zone_learns_that_it_left(cast: Cast) -> None:
    mill = made(cast)
    answer = given(cast, mill["id"])
    last = cast.database.ask_now(cast.stranger, history.of_project, mill["id"])[0]
    assert (last["word"], last["reason"]) == ("project.transfer", "the park was split")
    assert {"field": "zone", "before": "EAST", "after": "WEST"} in last["changes"]
    feed, _ = cast.database.ask_now(cast.editor, history.changes, after=(answer.seq - 1, 99), limit=50)
    assert {f["noun"] for f in feed} >= {"transfer"}
    assert "project" not in {f["noun"] for f in feed}, "what it became there is not hers to read"


def test_only_the_city_office_gives_and_every_refusal_is_a_sentence(cast: Cast) -> None:
    db, mill = cast.database, made(cast)
    child = made(cast, name="Line 2", parent_id=mill["id"], relation="phase")
    for who, refusal in (("editor", Forbidden), ("reviewer", Forbidden), ("leader", Forbidden), ("stranger", NotFound)):
        with pytest.raises(refusal):
            db.act_now(cast.by(who, reason="so"), transfers.transfer, mill["id"], to="WEST")
    tried: list[tuple[str, dict[str, Any]]] = [
        ("reason_required", {"reason": None}),
        ("same_zone", {"to": "EAST"}),
        ("not_found", {"to": "NOWHERE"}),
        ("future", {"on": "2199-01-01"}),
    ]
    for code, kw in tried:
        with pytest.raises(Invalid) as found:
            given(cast, mill["id"], **kw)
        assert [p.code for p in found.value.problems] == [code]
    with pytest.raises(Conflict) as alone:
        given(cast, child["id"])
    assert alone.value.code == "has_parent"
    gone = made(cast, name="Gone")
    db.act_now(cast.by("editor", reason="moved"), projects.dispose, gone["id"], disposition="lost")
    with pytest.raises(Conflict) as left:
        given(cast, gone["id"])
    assert left.value.code == "left"


def test_what_came_from_elsewhere_does_not_make_a_zone_live_earlier_and_stays_known_itself(cast: Cast) -> None:
    db, mill = cast.database, made(cast)
    db.act_now(cast.office, calendar.put, {"january_with_february": False}, version=None)
    caller = cast.by("both", reason="as it stands")
    dates = {"started_on": "2026-01-05"}
    facts = {"name": "Of the West", "planned_completion_month": "2027-01"}
    own = db.act_now(caller, projects.create, facts, zone="WEST", ledger="in_construction", dates=dates).value
    db.act_now(cast.editor, reports.put, mill["id"], "2026-01", {"invested_yuan": 5}, version=None)
    db.act_now(cast.stranger, reports.put, own["id"], "2026-03", {"invested_yuan": 1}, version=None)
    given(cast, mill["id"])
    db.act_now(cast.stranger, reports.put, mill["id"], "2026-04", {"invested_yuan": 2}, version=None)
    db.act_now(cast.stranger, reports.put, own["id"], "2026-04", {"invested_yuan": 3}, version=None)
    spent = [db.ask_now(cast.stranger, projects.read, p["id"])["invested_to_date_yuan"] for p in (mill, own)]
    assert spent == [7, None], "its own January is still in no report"


def test_the_api_rehearses_replays_and_asks_for_the_version_read(sqlite_web: Web) -> None:
    mill = sqlite_web.project()
    path, body = f"/projects/{mill['id']}/transfers", {"to": "WEST", "reason": "split", "version": mill["version"]}
    rehearsed = sqlite_web.post(f"{path}?validate_only=true", json=body)
    assert (rehearsed.status_code, rehearsed.json()["zone"]) == (201, "WEST")
    assert sqlite_web.get(f"/projects/{mill['id']}").json()["zone"] == "EAST"
    sqlite_web.patch(f"/projects/{mill['id']}", json={"park": "North"}, version=mill["version"])
    headers = {"Idempotency-Key": "give"}
    first = sqlite_web.post(path, json=body, headers=headers)
    again = sqlite_web.post(path, json=body, headers=headers)
    assert (first.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert sqlite_web.post(path, json=body).status_code == 412
    assert [t["to"] for t in sqlite_web.get(path).json()["items"]] == ["WEST"]


@pytest.mark.anyio
async def test_the_city_office_finds_the_form_and_nobody_else_does(sqlite_cast: Cast) -> None:
    mill, office = made(sqlite_cast), Browser(sqlite_cast, "office")
    address = f"/projects/{mill['id']}/transfer"
    assert address in (await office.get(f"/projects/{mill['id']}")).text
    assert address not in (await Browser(sqlite_cast, "editor").get(f"/projects/{mill['id']}")).text
    assert (await Browser(sqlite_cast, "editor").get(address)).status_code == 403
    assert "West" in (await office.get(address)).text
    sent = {"to": "WEST", "on": "2026-03-01", "reason": "", "document": "聊政字7号"}
    refused = await office.post(address, data=sent)
    assert (refused.status_code, "聊政字7号" in refused.text) == (422, True)
    done = await office.post(address, data=sent | {"reason": "园区拆分"})
    assert done.headers["location"] == f"/projects/{mill['id']}?done=transferred"
    page = (await office.get(f"/projects/{mill['id']}")).text
    assert ("From zone EAST to zone WEST" in page, "园区拆分" in page) == (True, True)
