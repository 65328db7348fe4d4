"""Leads: found, corrected, given to another zone, and what the API says of wrong ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.errors import Forbidden, NotFound, Stale
from app.services import follow_ups, lead_moves, leads
from tests.cast import Cast
from tests.lead_acts import DAY, FACTS, made, seen
from tests.web import Web


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
