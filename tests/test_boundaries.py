"""Who answers for what in a zone: written by the zone, one line a matter, with the item it is about."""

from __future__ import annotations

import pytest

from app.errors import Forbidden, Invalid, NotFound, Stale
from app.services import boundaries, history
from tests.cast import Cast
from tests.test_powers import item
from tests.web import Web

ROADS = {
    "matter": "区内道路养护",
    "holder": "zone_company",
    "unit_name": "开发区建设公司",
    "basis": "管委会〔2025〕3号",
}


def test_a_line_is_written_changed_and_taken_away_and_stays_in_history(cast: Cast) -> None:
    db = cast.database
    item(cast)
    made = db.act_now(cast.editor, boundaries.create, "EAST", {**ROADS, "power": "ZJ-001"}).value
    assert (made["holder"], made["power"], made["power_name"]) == ("zone_company", "ZJ-001", "建筑工程施工许可证核发")
    db.act_now(cast.editor, boundaries.create, "EAST", {"matter": "规划编制", "holder": "committee"})
    assert [b["matter"] for b in db.ask_now(cast.leader, boundaries.list_, "EAST")] == ["规划编制", "区内道路养护"]
    edit = {"power": None, "holder": "host_town", "unit_name": "北城街道"}
    changed = db.act_now(cast.editor, boundaries.amend, "EAST", made["id"], edit, version=made["version"]).value
    assert (changed["power"], changed["holder"]) == (None, "host_town")
    with pytest.raises(Stale):
        db.act_now(cast.editor, boundaries.remove, "EAST", made["id"], version=made["version"])
    db.act_now(cast.editor, boundaries.remove, "EAST", made["id"], version=changed["version"])
    assert len(db.ask_now(cast.leader, boundaries.list_, "EAST")) == 1
    told = db.ask_now(cast.editor, history.of_row, "boundary", made["id"])
    assert [a["word"] for a in told] == ["boundary.amend"] * 3


def test_a_zones_lines_are_its_own(cast: Cast) -> None:
    db = cast.database
    made = db.act_now(cast.editor, boundaries.create, "EAST", ROADS).value
    for act in (
        lambda: db.ask_now(cast.stranger, boundaries.list_, "EAST"),
        lambda: db.act_now(cast.stranger, boundaries.create, "EAST", ROADS),
        lambda: db.act_now(cast.stranger, boundaries.remove, "EAST", made["id"]),
        lambda: db.ask_now(cast.both, boundaries.read, "WEST", made["id"]),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        db.act_now(cast.leader, boundaries.create, "EAST", ROADS)


def test_a_line_needs_a_matter_and_a_holder_and_an_item_that_exists(web: Web) -> None:
    with pytest.raises(Invalid) as refused:
        web.cast.database.act_now(web.cast.editor, boundaries.create, "EAST", {"holder": "nobody"})
    assert {p.pointer for p in refused.value.problems} == {"/matter", "/holder"}
    answer = web.post("/zones/EAST/boundaries", json={**ROADS, "power": "NONE"}, key="write")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/power")
