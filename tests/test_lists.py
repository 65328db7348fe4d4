"""名单: lists of projects, a project's number and batch in them, and what its row shows."""

from __future__ import annotations

import pytest

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.services import lists, projects
from tests.cast import Cast

KEY = {"code": "2026-SHENG", "name": "省重大项目", "level": "省", "year": 2026}


def test_a_project_joins_a_list_with_number_and_batch_and_leaves_it(cast: Cast) -> None:
    db = cast.database
    db.act_now(cast.office, lists.create, KEY)
    ids = [db.act_now(cast.editor, projects.create, {"name": n}, zone="EAST").value["id"] for n in ("A", "B")]
    db.act_now(
        cast.editor, lists.put, "2026-SHENG", ids[0], {"number": "10", "batch": "第一批", "joined_on": "2026-01-05"}
    )
    db.act_now(cast.office, lists.put, "2026-SHENG", ids[1], {"number": "9"})
    assert db.ask_now(cast.editor, projects.read, ids[0])["lists"] == [
        {"code": "2026-SHENG", "number": "10", "batch": "第一批"}
    ]
    assert [m["number"] for m in db.ask_now(cast.leader, lists.members, "2026-SHENG")] == ["9", "10"]
    assert db.ask_now(cast.stranger, lists.members, "2026-SHENG") == []
    db.act_now(cast.editor, lists.put, "2026-SHENG", ids[0], {"left_on": "2026-06-01"})
    assert db.ask_now(cast.editor, projects.read, ids[0])["lists"] == []
    assert len(db.ask_now(cast.editor, lists.members, "2026-SHENG", past=True)) == 2


def test_lists_are_the_citys_and_membership_the_zones(cast: Cast) -> None:
    db = cast.database
    with pytest.raises(Forbidden):
        db.act_now(cast.editor, lists.create, KEY)
    db.act_now(cast.office, lists.create, KEY)
    with pytest.raises(Conflict):
        db.act_now(cast.office, lists.create, KEY)
    with pytest.raises(Invalid):
        db.act_now(cast.office, lists.amend, "2026-SHENG", {"code": "OTHER"})
    mine = db.act_now(cast.editor, projects.create, {"name": "A"}, zone="EAST").value["id"]
    with pytest.raises(NotFound):
        db.act_now(cast.stranger, lists.put, "2026-SHENG", mine, {"number": "1"})
    with pytest.raises(Forbidden):
        db.act_now(cast.leader, lists.put, "2026-SHENG", mine, {"number": "1"})
