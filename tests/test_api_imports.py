"""Workbooks through the API: sent, previewed, decided about, committed, taken back; a key and a person see the same."""

from __future__ import annotations

from typing import Any

import pytest

from app.services import intake
from app.worker.jobs import take
from app.worker.loop import do
from tests.test_imports import HEADING, book, row
from tests.test_round_trip import column, edited, line_of
from tests.web import Web

EAST = [*HEADING, "开发区"]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Nothing here depends on the database."""


def sent(web: Web, data: bytes, key: str = "write", name: str = "在建台账.xlsx", **said: str) -> dict[str, Any]:
    answer = web.post("/imports", key=key, files={"file": (name, data)}, data=said)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(f"/imports/{answer.json()['id']}")
    found: dict[str, Any] = answer.json()
    return found


def test_a_workbook_goes_in_by_the_api_and_out_again(web: Web) -> None:
    data = book([*row(1, "一号"), "East"], [*row(2, "二号", total="很多"), "East"], heading=EAST)
    waits = sent(web, data)
    path = f"/imports/{waits['id']}"
    seen = web.get(path, key="write")
    said = seen.json()
    assert (seen.headers["etag"], said["counts"]["new"], said["counts"]["refused"]) == (f'"{waits["version"]}"', 1, 1)
    assert [(r["row"], r["state"]) for r in said["items"]] == [(3, "new"), (4, "refused")]
    (sheet,) = said["sheets"]
    assert (sheet["kind"], sheet["unit"], sheet["columns"][3]["field"]) == ("list", "万元", "total_investment_yuan")
    assert [r["name"] for r in web.get(f"{path}/rows?state=refused", key="write").json()["items"]] == ["二号"]
    assert web.get(path).status_code == 404, "until then it is only her own"
    assert web.post(f"{path}/commit", key="write", json={"seen": 1}).status_code == 200
    done = web.get(path, key="write").json()
    assert (done["state"], [r["name"] for r in done["items"]], [r["name"] for r in done["left"]]) == (
        "committed", ["一号"], ["二号"],
    )  # fmt: skip
    assert web.post(f"{path}/commit", key="write", json={}).json()["code"] == "import_done"
    undone = web.post(f"{path}/undo", key="write", json={"reason": "wrong file"}).json()
    assert (undone["removed"], undone["kept"], undone["state"]) == (1, [], "undone")
    assert web.get("/projects", key="write").json()["items"] == []


@SQLITE
def test_choices_are_patched_with_the_version_and_a_null_takes_one_back(web: Web) -> None:
    waits = sent(web, book(row(1, "一号"), title="项目表"))
    path = f"/imports/{waits['id']}"
    assert web.get(path, key="write").json()["counts"]["doubtful"] == 1
    placed = {"sheets": {"一": {"zone": "EAST", "ledger": "in_construction"}}}
    assert web.patch(path, key="write", json=placed).status_code == 428
    first = web.patch(path, key="write", json=placed, version=waits["version"])
    assert (first.status_code, first.json()["choices"]) == (200, placed)
    assert web.patch(path, key="write", json=placed, version=waits["version"]).status_code == 412
    assert web.get(path, key="write").json()["counts"]["new"] == 1
    for wrong in (
        {"sheets": {"一": {"ledger": "nowhere"}}},
        {"rows": {"一!0": 1}},
        {"rows": {"一!3": -2}},
        {"nonsense": 1},
        {"sheets": {"一": {"heading": [1, 900]}}},
        {"sheets": {"一": {"columns": {"C": {"unit": "斤"}}}}},
        {"sheets": {"一": {"columns": {"c": {"field": "name"}}}}},
        {"sheets": {"一": {"of_list": "NO"}}},
        {"absent": {"1": {"do": "vanish"}}},
        {"mode": "replace"},
        {"sheets": {"一": {"zone": 5}}},
    ):
        answer = web.patch(path, key="write", json=wrong, version=first.json()["version"])
        assert answer.status_code == (404 if "NO" in str(wrong) else 422), (wrong, answer.text)
    foreign = web.patch(path, key="write", json={"zone": "WEST"}, version=first.json()["version"])
    assert foreign.status_code == 404
    back = web.patch(path, key="write", json={"sheets": {"一": None}}, version=first.json()["version"])
    assert back.json()["choices"] == {}


@SQLITE
def test_conflicts_of_our_own_workbook_are_decided_cell_by_cell_by_the_api(web: Web) -> None:
    made = web.project("一号", total_investment_yuan=10_000_000, remarks="旧")
    path = f"/zones/EAST/ledgers/{made['ledger']}.xlsx?unit=wan"
    data = web.get(path, key="write").content

    def change(rows: list[list[Any]]) -> None:
        line = line_of(rows, "一号")
        line[column(rows, "Total investment")], line[column(rows, "Remarks")] = 1_500, "表里改的"

    newer = {"total_investment_yuan": 13_000_000, "remarks": "库里改的", "reason": "合同变更"}
    done = web.patch(f"/projects/{made['id']}", json=newer, version=made["version"])
    assert done.status_code == 200, done.text
    waits = sent(web, edited(data, change), reason="表格正确")
    path = f"/imports/{waits['id']}"
    (item,) = web.get(path, key="write").json()["items"]
    conflicts = {c["field"]: (c["cell"][:1].isalpha(), c["mine"], c["theirs"]) for c in item["conflicts"]}
    assert (item["state"], conflicts["total_investment_yuan"]) == ("doubtful", (True, 15_000_000, 13_000_000))
    cell = f"{item['sheet']}!{item['row']}!"
    for wrong in ({f"{cell}remarks": "both"}, {"remarks": "mine"}, {f"{cell}Remarks": "mine"}):
        answer = web.patch(path, key="write", json={"cells": wrong}, version=waits["version"])
        assert (answer.status_code, "cells" in answer.text) == (422, True), answer.text
    cells = {f"{cell}total_investment_yuan": "mine", f"{cell}remarks": "theirs"}
    chosen = web.patch(path, key="write", json={"cells": cells}, version=waits["version"])
    assert chosen.json()["choices"]["cells"] == cells
    one = {"cells": {f"{cell}remarks": None}}
    back = web.patch(path, key="write", json=one, version=chosen.json()["version"])
    assert [*back.json()["choices"]["cells"]] == [f"{cell}total_investment_yuan"]
    assert web.get(path, key="write").json()["items"][0]["state"] == "doubtful", "one is not decided again"
    web.patch(path, key="write", json={"cells": {f"{cell}remarks": "theirs"}}, version=back.json()["version"])
    assert web.post(f"{path}/commit", key="write", json={"reason": "表格正确"}).status_code == 200
    now = web.get(f"/projects/{made['id']}").json()
    assert (now["total_investment_yuan"], now["remarks"]) == (15_000_000, "库里改的")


def test_a_move_is_accepted_and_an_unlisted_project_let_go_by_the_api(web: Web) -> None:
    first = sent(
        web, book([*row(1, "一号", start=""), "East", "拟开工"], heading=[*EAST, "台账"], title="台账"), opening="true"
    )
    web.post(f"/imports/{first['id']}/commit", key="write", json={})
    second = sent(web, book([*row(2, "二号"), "East"], heading=EAST), opening="true")
    web.post(f"/imports/{second['id']}/commit", key="write", json={})
    waits = sent(web, book([*row(1, "一号", start="2026-10-08"), "East"], heading=EAST))
    path = f"/imports/{waits['id']}"
    said = web.get(path, key="write").json()
    (item,) = said["items"]
    assert (item["state"], item["move"]["to"], item["move"]["accepted"]) == ("move", "in_construction", False)
    ((gone,), move) = [[a["id"] for a in said["absent"]], {"accept": True}]
    choice = {"moves": {"一!3": move}, "absent": {str(gone): {"do": "exit", "disposition": "lost", "reason": "left"}}}
    patched = web.patch(path, key="write", json=choice, version=waits["version"])
    assert patched.status_code == 200, patched.text
    done = web.post(f"{path}/commit", key="write", json={"reason": "sheet of October"}).json()
    assert (done["moved"], done["absent"]) == (1, 1)
    assert web.get(f"/projects/{gone}", key="write").json()["disposition"] == "lost"
    assert web.get(f"/projects/{item['id']}", key="write").json()["ledger"] == "in_construction"
    (origin,) = [o for o in web.get(f"/projects/{item['id']}/origins").json()["items"] if o["field"] == "name"]
    assert (origin["cell"], origin["sheet"]) == ("B3", "一")


@SQLITE
def test_a_large_file_of_a_key_is_brought_in_by_the_worker_with_the_rights_of_the_key(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MANY", 0)
    waits = sent(web, book([*row(1, "一号"), "East"], heading=EAST))
    path = f"/imports/{waits['id']}"
    answer = web.post(f"{path}/commit", key="write", json={"reason": "many"})
    assert (answer.status_code, answer.json()["state"]) == (202, "confirmed")
    job = take(web.cast.database)
    assert job is not None
    do(web.cast.database, job)
    done = web.get(path, key="write").json()
    assert (done["state"], [r["name"] for r in done["items"]]) == ("committed", ["一号"])
    (act, *_) = web.get(f"/projects/{done['items'][0]['id']}/history", key="write").json()["items"]
    assert (act["by"]["kind"], act["reason"], act["door"]) == ("key", "many", "api")


def test_the_same_key_sends_and_commits_once(web: Web) -> None:
    data = book([*row(1, "一号"), "East"], heading=EAST)
    said = {"files": {"file": ("a.xlsx", data)}, "headers": {"Idempotency-Key": "k1"}}
    first, again = (web.post("/imports", key="write", **said) for _ in range(2))
    assert (first.json()["id"], again.headers["idempotent-replayed"]) == (again.json()["id"], "true")
    path = f"/imports/{first.json()['id']}/commit"
    done = [web.post(path, key="write", json={}, headers={"Idempotency-Key": "k2"}) for _ in range(2)]
    assert [d.status_code for d in done] == [200, 200]
    assert done[1].headers["idempotent-replayed"] == "true"
    assert len(web.get("/projects", key="write").json()["items"]) == 1


@SQLITE
def test_what_cannot_be_read_is_refused_and_a_reader_sends_nothing(web: Web) -> None:
    broken = web.post("/imports", key="write", files={"file": ("a.xlsx", b"PK rubbish")})
    assert (broken.status_code, broken.headers["content-type"]) == (422, "application/problem+json")
    assert web.post("/imports", key="read", files={"file": ("a.xlsx", b"x")}).status_code == 403
    assert web.post("/imports", key="write", json={}).status_code == 415
    assert web.get("/imports", key="write").json()["items"] == []
