"""The base of enterprises: shared by all zones, its codes checked, its names findable, its investments each zone's own."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.rules.identity import credit_check
from app.services import enterprises, history, leads, projects, target_enterprises
from tests.cast import Cast
from tests.web import Web

CODE = "91371500MA3C4R2X7" + credit_check("91371500MA3C4R2X7")
FIRM = {
    "name": "聊城鑫源铜业有限公司",
    "credit_code": CODE,
    "classes": ["china_500", "listed"],
    "origin": "浙江宁波",
    "phone": "138 0000 0100",
}


def made(cast: Cast, **facts: Any) -> dict[str, Any]:
    found: dict[str, Any] = cast.database.act_now(cast.editor, enterprises.create, FIRM | facts).value
    return found


def project(cast: Cast, who: Any, zone: str, name: str, **facts: Any) -> dict[str, Any]:
    found: dict[str, Any] = cast.database.act_now(who, projects.create, {"name": name, **facts}, zone=zone).value
    return found


def found(cast: Cast, q: str = "", **kw: Any) -> list[str]:
    return [e["name"] for e in cast.database.ask_now(cast.stranger, enterprises.list_, q, **kw)]


def test_a_firm_is_found_by_name_pinyin_initials_code_class_and_former_name(cast: Cast) -> None:
    firm = made(cast)
    made(cast, name="青岛海风装备", credit_code=None, classes=["unicorn"], origin="德国", industry="装备")
    for q in ("鑫源", "xinyuan", "lcxy", CODE[:6].lower(), ""):
        assert "聊城鑫源铜业有限公司" in found(cast, q), q
    assert found(cast, "没有") == []
    assert found(cast, classes=["unicorn"]) == ["青岛海风装备"]
    assert found(cast, origin="宁波") == ["聊城鑫源铜业有限公司"]
    assert found(cast, industry="装备") == ["青岛海风装备"]
    cast.database.act_now(
        cast.stranger, enterprises.amend, firm["id"], {"name": "山东鑫源新材料有限公司"}, version=firm["version"]
    )
    assert found(cast, "铜业") == ["山东鑫源新材料有限公司"]
    assert cast.database.ask_now(cast.editor, enterprises.read, firm["id"])["former_names"] == ["聊城鑫源铜业有限公司"]


def test_what_is_done_to_a_firm_stands_in_history_without_its_phone(cast: Cast) -> None:
    firm = made(cast)
    cast.database.act_now(
        cast.editor, enterprises.amend, firm["id"], {"origin": "宁波", "reason": "迁址"}, version=firm["version"]
    )
    last, first = cast.database.ask_now(cast.office, history.of_row, "enterprise", firm["id"])
    assert (last["word"], last["reason"]) == ("enterprise.amend", "迁址")
    assert last["changes"] == [{"field": "origin", "before": "浙江宁波", "after": "宁波"}]
    assert {"field": "phone", "before": None, "after": None} in first["changes"]
    assert "138 0000 0100" not in str(first)
    assert cast.database.ask_now(cast.auditor, enterprises.read, firm["id"])["phone"] == "138****0100"


def test_a_credit_code_with_a_wrong_last_character_is_told_the_right_one(cast: Cast) -> None:
    wrong = CODE[:17] + ("1" if CODE[17] != "1" else "2")
    with pytest.raises(Invalid) as refused:
        made(cast, credit_code=wrong)
    (problem,) = refused.value.problems
    assert (problem.pointer, problem.code, problem.values) == (
        "/credit_code",
        "wrong_check_character",
        {"expected": CODE[17]},
    )
    with pytest.raises(Invalid) as refused:
        made(cast, credit_code="12345")
    assert refused.value.problems[0].code == "malformed"
    assert made(cast, credit_code=f" {CODE[:8].lower()} {CODE[8:]}")["credit_code"] == CODE


def test_two_firms_cannot_have_one_code_nor_one_name_that_nobody_could_tell_apart(cast: Cast) -> None:
    firm = made(cast)
    with pytest.raises(Conflict) as refused:
        made(cast, name="另一家")
    assert (refused.value.code, refused.value.extra) == ("code_taken", {"id": firm["id"]})
    with pytest.raises(Conflict) as refused:
        made(cast, name="聊城市鑫源銅業（集团）股份有限公司", credit_code=None)
    assert (refused.value.code, refused.value.extra) == ("name_taken", {"id": firm["id"]})
    assert made(cast, name="济南鑫源铜业有限公司", credit_code=None)["id"] != firm["id"]
    cast.database.act_now(cast.office, enterprises.remove, firm["id"], version=firm["version"])
    with pytest.raises(Conflict) as refused:
        made(cast, name="又一家")
    assert (refused.value.code, refused.value.extra) == ("deleted", {"id": firm["id"]})


def test_a_project_takes_its_investors_name_from_the_firm_that_is_chosen(cast: Cast) -> None:
    firm = made(cast)
    new = project(cast, cast.editor, "EAST", "铜箔", enterprise_id=firm["id"])
    assert (new["enterprise_id"], new["investor_name"]) == (firm["id"], FIRM["name"])
    named = project(cast, cast.editor, "EAST", "铜杆", investor_name="鑫源")
    edited = cast.database.act_now(
        cast.editor, projects.amend, named["id"], {"enterprise_id": firm["id"]}, version=None
    ).value
    assert (edited["enterprise_id"], edited["investor_name"]) == (firm["id"], "鑫源")
    with pytest.raises(Invalid) as refused:
        project(cast, cast.editor, "EAST", "无", enterprise_id=9999)
    assert refused.value.problems[0].pointer == "/enterprise_id"


def test_each_zone_sees_and_counts_her_own_investments_only(cast: Cast) -> None:
    firm = made(cast)
    mine = project(
        cast, cast.editor, "EAST", "铜箔", enterprise_id=firm["id"], total_investment_yuan=5, signed_on="2026-01-05"
    )
    project(
        cast, cast.stranger, "WEST", "铜杆", enterprise_id=firm["id"], total_investment_yuan=7, signed_on="2026-03-05"
    )
    one = cast.database.ask_now(cast.editor, enterprises.investments, firm["id"])
    assert [i["id"] for i in one] == [mine["id"]]
    assert enterprises.summed(one)["total_investment_yuan"] == {"sum": 5, "known": 1}
    assert cast.database.ask_now(cast.editor, enterprises.counted, [firm["id"]]) == {firm["id"]: 1}
    every = cast.database.ask_now(cast.leader, enterprises.investments, firm["id"])
    assert [i["zone"] for i in every] == ["WEST", "EAST"]
    assert enterprises.summed(every)["count"] == 2


def test_a_merged_firm_hands_on_projects_targets_and_names(cast: Cast) -> None:
    db, one, other = (
        cast.database,
        made(cast),
        made(cast, name="鑫源集团", credit_code=None, classes=["unicorn"], website="x.cn"),
    )
    project(cast, cast.editor, "EAST", "铜箔", enterprise_id=other["id"])
    for zone, who in (("EAST", cast.editor), ("WEST", cast.stranger)):
        db.act_now(who, target_enterprises.put, zone, other["id"], {"owner": "王"})
    db.act_now(cast.editor, target_enterprises.put, "EAST", one["id"], {"owner": "李"})
    with pytest.raises(Forbidden):
        db.act_now(cast.editor, enterprises.merge, other["id"], one["id"])
    kept = db.act_now(cast.office, enterprises.merge, other["id"], one["id"], version=other["version"]).value
    assert (kept["aliases"], kept["classes"], kept["website"]) == (
        ["鑫源集团"],
        ["china_500", "listed", "unicorn"],
        "x.cn",
    )
    assert [i["name"] for i in db.ask_now(cast.editor, enterprises.investments, one["id"])] == ["铜箔"]
    assert sorted(
        (t["zone"], t["owner"]) for t in db.ask_now(cast.leader, target_enterprises.of_enterprise, one["id"])
    ) == [
        ("EAST", "李"),
        ("WEST", "王"),
    ]
    assert found(cast, "鑫源集团") == [FIRM["name"]]
    with pytest.raises(Conflict) as refused:
        db.act_now(cast.editor, enterprises.amend, other["id"], {"origin": "x"})
    assert refused.value.code == "merged"
    with pytest.raises(Invalid):
        project(cast, cast.editor, "EAST", "又一", enterprise_id=other["id"])


def test_two_credit_codes_are_two_firms_whatever_they_are_called(cast: Cast) -> None:
    second = "91370100MA3C4R2X7"
    one, other = made(cast), made(cast, credit_code=second + credit_check(second))
    with pytest.raises(Conflict) as refused:
        cast.database.act_now(cast.office, enterprises.merge, other["id"], one["id"])
    assert refused.value.code == "two_codes"


def test_a_firm_that_is_named_somewhere_cannot_be_deleted_and_a_deleted_one_comes_back(cast: Cast) -> None:
    firm, free = made(cast), made(cast, name="空", credit_code=None)
    project(cast, cast.stranger, "WEST", "铜箔", enterprise_id=firm["id"])
    with pytest.raises(Conflict) as refused:
        cast.database.act_now(cast.office, enterprises.remove, firm["id"])
    assert refused.value.code == "in_use"
    cast.database.act_now(cast.office, enterprises.remove, free["id"])
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.editor, enterprises.read, free["id"])
    assert cast.database.act_now(cast.office, enterprises.restore, free["id"]).value["name"] == "空"


def test_who_may_only_look_writes_nothing_and_a_stale_save_is_refused(cast: Cast) -> None:
    firm = made(cast)
    for who in (cast.leader, cast.auditor, cast.administrator):
        with pytest.raises(Forbidden):
            cast.database.act_now(who, enterprises.create, {"name": "甲"})
        with pytest.raises(Forbidden):
            cast.database.act_now(who, enterprises.amend, firm["id"], {"name": "乙"})
    cast.database.act_now(cast.editor, enterprises.amend, firm["id"], {"origin": "甲地"}, version=firm["version"])
    with pytest.raises(Stale):
        cast.database.act_now(cast.editor, enterprises.amend, firm["id"], {"origin": "乙地"}, version=firm["version"])


def test_leads_of_a_firm_are_those_she_sees_and_confidential_ones_for_who_may_read_their_names(cast: Cast) -> None:
    db, firm = cast.database, made(cast)
    open_, secret = (
        db.act_now(
            cast.editor, leads.create, {"name": name, "enterprise_id": firm["id"], "confidential": hidden}, zone="EAST"
        ).value
        for name, hidden in (("铜箔线索", False), ("绝密线索", True))
    )
    assert open_["investor_name"] == FIRM["name"]
    assert [found["id"] for found in db.ask_now(cast.editor, enterprises.leads, firm["id"])] == [
        secret["id"],
        open_["id"],
    ]
    assert [found["id"] for found in db.ask_now(cast.auditor, enterprises.leads, firm["id"])] == [open_["id"]]
    assert db.ask_now(cast.stranger, enterprises.leads, firm["id"]) == []
    with pytest.raises(Invalid) as refused:
        db.act_now(cast.editor, leads.create, {"name": "x", "enterprise_id": 999}, zone="EAST")
    assert refused.value.problems[0].pointer == "/enterprise_id"
    other = made(cast, name="鑫源集团", credit_code=None)
    db.act_now(cast.office, enterprises.merge, firm["id"], other["id"])
    assert len(db.ask_now(cast.office, enterprises.leads, other["id"])) == 2
    with pytest.raises(Conflict):
        db.act_now(cast.office, enterprises.remove, other["id"])


# ── targets ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_zone_keeps_its_own_targets_and_no_other_sees_them(cast: Cast) -> None:
    db, firm = cast.database, made(cast)
    new = db.act_now(
        cast.editor, target_enterprises.put, "EAST", firm["id"], {"owner": "王", "last_contact_on": "2026-01-02"}
    ).value
    assert (new["state"], new["owner"]) == ("planned", "王")
    changed = db.act_now(
        cast.editor, target_enterprises.put, "EAST", firm["id"], {"state": "visited"}, version=new["version"]
    ).value
    assert (changed["state"], changed["owner"]) == ("visited", "王")
    assert db.ask_now(cast.stranger, target_enterprises.of_enterprise, firm["id"]) == []
    with pytest.raises(NotFound):
        db.ask_now(cast.stranger, target_enterprises.list_, "EAST")
    with pytest.raises(NotFound):
        db.act_now(cast.stranger, target_enterprises.put, "EAST", firm["id"], {})
    with pytest.raises(Forbidden):
        db.act_now(cast.leader, target_enterprises.put, "EAST", firm["id"], {})
    with pytest.raises(Invalid):
        db.act_now(
            cast.editor,
            target_enterprises.put,
            "EAST",
            firm["id"],
            {"last_contact_on": "2199-01-01"},
            version=changed["version"],
        )
    db.act_now(cast.editor, target_enterprises.remove, "EAST", firm["id"], version=changed["version"])
    assert db.ask_now(cast.editor, target_enterprises.list_, "EAST") == []
    again = db.act_now(cast.editor, target_enterprises.put, "EAST", firm["id"], {"note": "再联系"}).value
    assert (again["note"], again["owner"]) == ("再联系", "王")


def test_over_the_api_the_base_is_searched_sorted_and_paged(web: Web) -> None:
    for n, (name, classes) in enumerate(
        (("鑫源铜业", ["listed"]), ("海风装备", ["unicorn"]), ("海润食品", ["listed", "unicorn"]))
    ):
        answer = web.post("/enterprises", json={"name": name, "classes": classes, "origin": f"{n}"}, key="write")
        assert answer.status_code == 201, answer.text

    def names(query: str) -> list[str]:
        return [e["name"] for e in web.get(f"/enterprises?{query}", key="write").json()["items"]]

    assert names("q=hai") == ["海风装备", "海润食品"]
    assert names("class=listed&class=unicorn&sort=-origin") == ["海润食品", "海风装备", "鑫源铜业"]
    page = web.get("/enterprises?limit=2&fields=id,name", key="write").json()
    assert len(page["items"]) == 2
    assert page["next"] is not None
    assert web.get("/enterprises?class=nonsense").status_code == 400
    firm = web.get("/enterprises?q=xinyuan").json()["items"][0]
    gone = web.delete(f"/enterprises/{firm['id']}", version=firm["version"])
    assert gone.status_code == 200, gone.text
    assert web.post(f"/enterprises/{firm['id']}/restore").status_code == 200
    put = web.put(f"/zones/EAST/target-enterprises/{firm['id']}", json={"owner": "王"}, key="write")
    assert put.status_code == 200, put.text
    assert web.put(f"/zones/EAST/target-enterprises/{firm['id']}", json={}, key="write").status_code == 428
    assert web.get(f"/enterprises/{firm['id']}/investments").json()["count"] == 0
