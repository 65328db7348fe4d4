"""共建: a partner zone sees the head of a project, cannot write it, and counts nothing of it."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Forbidden, Invalid, NotFound
from app.services import ledgers, projects, shares, transfers, zones
from tests.cast import Cast
from tests.test_project_pages import Browser
from tests.web import Web

HALF = {"zone": "WEST", "percent": 50, "of": "tax", "basis_document": "共建协议"}


def made(cast: Cast, **facts: Any) -> dict[str, Any]:
    named = {"name": "Mill", "total_investment_yuan": 7 * 10**8, "phone": "13800000001", "responsible_person": "林砚秋"}
    value = cast.database.act_now(cast.editor, projects.create, named | facts, zone="EAST").value
    assert isinstance(value, dict)
    return value


def shared(cast: Cast, id_: int, *items: dict[str, Any]) -> Any:
    return cast.database.act_now(cast.editor, shares.put, id_, {"items": list(items)}, version=None)


def test_the_partner_sees_the_head_and_cannot_write_and_nothing_is_counted(cast: Cast) -> None:
    db, mill = cast.database, made(cast)
    before = db.ask_now(cast.stranger, ledgers.heads, "WEST")
    answer = shared(cast, mill["id"], HALF)
    (seen,) = db.ask_now(cast.stranger, shares.with_zone, "WEST")
    assert (seen["name"], seen["zone"], seen["total_investment_yuan"]) == ("Mill", "EAST", 7 * 10**8)
    assert [s["percent"] for s in seen["shares"]] == [50]
    assert not {"phone", "responsible_person"} & seen.keys()
    assert "13800000001" not in str(seen)
    with pytest.raises(NotFound):
        db.ask_now(cast.stranger, projects.read, mill["id"])
    with pytest.raises(NotFound):
        db.act_now(cast.stranger, shares.put, mill["id"], {"items": []}, version=None)
    assert db.ask_now(cast.stranger, ledgers.heads, "WEST") == before
    assert db.ask_now(cast.by("stranger", as_of=answer.seq - 1), shares.with_zone, "WEST") == []
    assert db.ask_now(cast.by("stranger", as_of=answer.seq), shares.with_zone, "WEST") == [seen]
    shared(cast, mill["id"])
    assert db.ask_now(cast.stranger, shares.with_zone, "WEST") == []
    assert len(db.ask_now(cast.by("stranger", as_of=answer.seq), shares.with_zone, "WEST")) == 1


def test_who_is_no_partner_sees_nothing_and_an_ended_share_is_gone(cast: Cast) -> None:
    db, mill = cast.database, made(cast)
    shared(cast, mill["id"], HALF)
    with pytest.raises(NotFound):
        db.ask_now(cast.editor, shares.with_zone, "WEST")
    assert db.ask_now(cast.editor, shares.with_zone, "EAST") == []
    shared(cast, mill["id"], HALF | {"until": "2026-01-31"})
    assert db.ask_now(cast.stranger, shares.with_zone, "WEST") == []
    shared(cast, mill["id"], HALF)
    db.act_now(cast.editor, projects.remove, mill["id"], version=None)
    assert db.ask_now(cast.stranger, shares.with_zone, "WEST") == []


def test_what_cannot_be_shared_is_refused_with_a_sentence(cast: Cast) -> None:
    mill = made(cast)
    cast.database.act_now(cast.key("admin"), zones.create, {"code": "371500-OTHER", "name": "North Zone"})
    for code, items in (
        ("own_zone", [HALF | {"zone": "EAST"}]),
        ("not_found", [HALF | {"zone": "NOWHERE"}]),
        ("twice", [HALF, HALF | {"percent": 1}]),
        ("out_of_range", [HALF | {"percent": 101}]),
        ("above_all", [HALF | {"percent": 70}, HALF | {"zone": "371500-OTHER", "percent": 40}]),
    ):
        with pytest.raises(Invalid) as found:
            shared(cast, mill["id"], *items)
        assert [p.code for p in found.value.problems] == [code], items
    shared(cast, mill["id"], HALF, HALF | {"of": "output", "percent": 100})
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.leader, shares.put, mill["id"], {"items": []}, version=None)


def test_a_partner_to_whom_the_project_is_given_is_no_partner_any_more(cast: Cast) -> None:
    mill = made(cast)
    shared(cast, mill["id"], HALF)
    cast.database.act_now(cast.by("office", reason="split"), transfers.transfer, mill["id"], to="WEST")
    assert cast.database.ask_now(cast.stranger, shares.of_project, mill["id"])["items"] == []


def test_the_api_reads_writes_and_lists_shares(sqlite_web: Web) -> None:
    mill = sqlite_web.project()
    path = f"/projects/{mill['id']}/shares"
    written = sqlite_web.put(path, json={"items": [HALF]}, version=mill["version"])
    assert (written.status_code, written.json()["items"][0]["until"]) == (200, None)
    assert sqlite_web.put(path, json={"items": []}, version=mill["version"]).status_code == 412
    assert [s["name"] for s in sqlite_web.get("/zones/WEST/shared").json()["items"]] == ["Mill"]
    assert sqlite_web.get(f"/projects/{mill['id']}").json()["shares"][0]["zone"] == "WEST"


@pytest.mark.anyio
async def test_the_page_names_a_partner_and_the_partners_zone_shows_the_head(sqlite_cast: Cast) -> None:
    editor, partner = Browser(sqlite_cast, "editor"), Browser(sqlite_cast, "stranger")
    mill = editor.project(name="Shared Mill")
    address = f"/projects/{mill['id']}/shares"
    assert 'name="percent"' in (await editor.get(address)).text
    sent = {"zone": "NOWHERE", "of": "tax", "percent": "30", "basis_document": "协议一"}
    refused = await editor.post(address, data=sent)
    assert (refused.status_code, "协议一" in refused.text, "aria-invalid" in refused.text) == (422, True, True)
    done = await editor.post(address, data=sent | {"zone": "WEST"})
    assert done.headers["location"].endswith("?done=saved#shares")
    assert "协议一" in (await editor.get(f"/projects/{mill['id']}")).text
    assert mill["name"] in (await partner.get("/zones/WEST")).text
    assert mill["name"] not in (await partner.get("/zones/WEST/ledgers/reserve")).text
    assert (await partner.get(f"/projects/{mill['id']}")).status_code == 404
    await editor.post(address, data=sent | {"zone": "WEST", "kept": "WEST", "percent": ""})
    assert mill["name"] not in (await partner.get("/zones/WEST")).text


@pytest.mark.anyio
async def test_the_form_begins_with_what_is_there_and_a_zone_is_named_by_its_pinyin(sqlite_cast: Cast) -> None:
    for code, name in (("371500-OTHER", "东阿经济开发区"), ("371500-OTHER-2", "东昌府开发区")):
        sqlite_cast.database.act_now(sqlite_cast.key("admin"), zones.create, {"code": code, "name": name})
    editor = Browser(sqlite_cast, "editor")
    mill = editor.project(name="Shared Mill")
    address = f"/projects/{mill['id']}/shares"
    found = (await editor.get("/zones/search?zone=dongch")).text
    assert "东昌府开发区" in found
    assert "东阿" not in found
    sent = {"zone": "dajjkfq", "of": "tax", "percent": "30"}
    assert (await editor.post(address, data=sent)).status_code == 303
    form = (await editor.get(address)).text
    assert 'name="percent" value="30"' in form
    assert "东阿经济开发区 <span" in form
    kept = {"kept": ["371500-OTHER"], "of": ["tax", "tax"], "until": ["", ""], "basis_document": ["", ""]}
    vague = await editor.post(address, data=kept | {"zone": ["371500-OTHER", "东"], "percent": ["25", "x"]})
    assert (vague.status_code, vague.text.count("This is not a number")) == (422, 1)
    assert 'value="东"' in vague.text, "what was typed stays"
    vague = await editor.post(address, data=kept | {"zone": ["371500-OTHER", "东"], "percent": ["25", "10"]})
    assert "Several zones fit: 东阿经济开发区、东昌府开发区. Choose one" in vague.text
    picked = kept | {"zone": ["371500-OTHER", "东"], "percent": ["25", "10"], "pick": "371500-OTHER-2"}
    assert (await editor.post(address, data=picked)).status_code == 303
    page = (await editor.get(f"/projects/{mill['id']}")).text
    assert page.index("东阿经济开发区") < page.index("东昌府开发区")
