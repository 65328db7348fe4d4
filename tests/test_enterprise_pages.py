"""The pages of enterprises, targets and duplicates: what is refused stands beside the field, and nothing is told too much."""

from __future__ import annotations

from typing import Any

import httpx

from app.services import enterprises, leads, projects, target_enterprises, verdicts
from app.worker.likenesses import compare
from tests.cast import Cast
from tests.web import Web

FIRM = "聊城鑫源铜业有限公司"


def page(web: Web, who: str, path: str, **data: Any) -> httpx.Response:
    cookie = {"Cookie": f"sanzhang={web.cast.session(who)}", "Accept-Language": "zh-CN", "Origin": "http://testserver"}
    if data:
        return web.post(f"/{path}", key=None, headers=cookie, data=data)
    return web.get(f"/{path}", key=None, headers=cookie)


def made(cast: Cast, **facts: Any) -> dict[str, Any]:
    found: dict[str, Any] = cast.database.act_now(cast.editor, enterprises.create, {"name": FIRM, **facts}).value
    return found


def test_a_wrong_credit_code_is_told_beside_its_field_and_what_was_typed_stays(sqlite_web: Web) -> None:
    answer = page(sqlite_web, "editor", "/enterprises", name="甲厂", credit_code="91371500MA3C4R2X70", classes="listed")
    assert answer.status_code == 422
    assert "末位应为" in answer.text
    assert 'value="甲厂"' in answer.text
    assert 'value="listed" checked' in answer.text
    taken = page(sqlite_web, "editor", "/enterprises", name="甲厂", classes="listed", aliases="甲、甲集团")
    assert taken.status_code == 303
    shown = page(sqlite_web, "stranger", taken.headers["location"])
    assert "甲集团" in shown.text
    assert "上市公司" in shown.text


def test_the_base_is_narrowed_and_a_name_that_it_lacks_can_be_added(sqlite_web: Web) -> None:
    made(sqlite_web.cast, classes=["unicorn"])
    made(sqlite_web.cast, name="海风装备", classes=["listed"])
    found = page(sqlite_web, "editor", "/enterprises?class=unicorn").text
    assert FIRM in found
    assert "海风装备" not in found
    nobody = page(sqlite_web, "editor", "/enterprises?q=没有的").text
    assert "/enterprises/new?name=" in nobody
    offered = page(sqlite_web, "editor", "/enterprises/search?enterprise=xinyuan").text
    assert FIRM in offered
    assert "海风" not in offered


def test_an_enterprise_is_chosen_for_a_project_and_stands_on_its_page(sqlite_web: Web) -> None:
    cast, firm = sqlite_web.cast, made(sqlite_web.cast)
    project = cast.database.act_now(
        cast.editor, projects.create, {"name": "铜箔", "investor_name": "鑫源銅業"}, zone="EAST"
    ).value
    form = page(sqlite_web, "editor", f"/projects/{project['id']}/enterprise").text
    assert FIRM in form
    refused = page(
        sqlite_web, "editor", f"/projects/{project['id']}/enterprise", enterprise="鑫源", version=project["version"]
    )
    assert refused.status_code == 422
    data = {"pick": firm["id"], "version": project["version"]}
    assert page(sqlite_web, "editor", f"/projects/{project['id']}/enterprise", **data).status_code == 303
    assert f'href="/enterprises/{firm["id"]}"' in page(sqlite_web, "editor", f"/projects/{project['id']}").text
    assert page(sqlite_web, "leader", f"/projects/{project['id']}/enterprise").status_code == 403
    assert "铜箔" not in page(sqlite_web, "stranger", f"/enterprises/{firm['id']}").text


def test_a_firm_is_put_on_a_target_list_changed_and_taken_off(sqlite_web: Web) -> None:
    firm = made(sqlite_web.cast)
    place = "/zones/EAST/target-enterprises"
    assert page(sqlite_web, "editor", f"/enterprises/{firm['id']}/targets", zone="EAST").status_code == 303
    kept = sqlite_web.cast.database.ask_now(sqlite_web.cast.editor, target_enterprises.read, "EAST", firm["id"])
    data = {
        "enterprise_id": firm["id"],
        "version": kept["version"],
        "state": "visited",
        "owner": "王",
        "last_contact_on": "2026-01-05",
    }
    assert page(sqlite_web, "editor", place, **data).status_code == 303
    shown = page(sqlite_web, "editor", place).text
    assert "已拜访" in shown
    assert "2026-01-05" in shown
    assert page(sqlite_web, "stranger", place).status_code == 404
    assert page(sqlite_web, "editor", place, **data | {"last_contact_on": "2199-01-01"}).status_code in (412, 422)
    assert page(sqlite_web, "editor", f"{place}/{firm['id']}/remove", note="x").status_code == 303
    assert FIRM not in page(sqlite_web, "editor", place).text.split("<tbody>")[-1].split("</tbody>")[0]


def test_the_warning_beside_a_form_shows_her_own_and_only_warns_of_others(sqlite_web: Web) -> None:
    cast = sqlite_web.cast
    told = {"name": "年产10万吨铜箔", "investor_name": FIRM, "total_investment_yuan": 10**8}
    cast.database.act_now(cast.editor, projects.create, told, zone="EAST")
    secret = {"name": "龙腾工程", "investor_name": FIRM, "confidential": True, "code_name": "甲一"}
    cast.database.act_now(cast.stranger, leads.create, secret, zone="WEST")
    asked = {"name": "铜箔", "investor_name": "鑫源铜业", "total_investment_yuan": "1亿"}
    answer = page(sqlite_web, "editor", "/duplicates/search", **asked)
    assert answer.status_code == 200
    assert "年产10万吨铜箔" in answer.text
    assert "其他开发区已登记" in answer.text
    assert not any(word in answer.text for word in ("龙腾", "甲一", "WEST", "West"))
    assert page(sqlite_web, "leader", "/duplicates/search", **asked).text.strip() == ""


def test_the_city_office_decides_on_a_page_with_both_sides(sqlite_web: Web) -> None:
    cast = sqlite_web.cast
    told = {"name": "年产10万吨铜箔", "investor_name": FIRM, "total_investment_yuan": 10**8}
    first = cast.database.act_now(cast.editor, projects.create, told, zone="EAST").value
    later = cast.database.act_now(cast.stranger, projects.create, told | {"name": "10万吨铜箔项目"}, zone="WEST").value
    compare(cast.database)
    shown = page(sqlite_web, "office", "/duplicates").text
    assert "10万吨铜箔项目" in shown
    assert page(sqlite_web, "editor", "/duplicates").status_code == 403
    said = {
        "one": f"project:{first['id']}",
        "other": f"project:{later['id']}",
        "verdict": "expansion",
        "increment_yuan": "5000",
    }
    refused = page(sqlite_web, "office", "/duplicates", **said)
    assert refused.status_code == 422
    unread = page(sqlite_web, "office", "/duplicates", **said | {"increment_yuan": "许多"}, reason="扩建").text
    assert "“许多”不是金额" in unread, "a refusal says what was typed"
    assert page(sqlite_web, "office", "/duplicates", **said, reason="扩建", swap="yes").status_code == 303
    (verdict,) = cast.database.ask_now(cast.office, verdicts.list_)
    assert (verdict["first"]["id"], verdict["increment_yuan"]) == (later["id"], 50_000_000)
    own = page(sqlite_web, "editor", f"/projects/{first['id']}").text
    assert "按增量计" in own
    assert "10万吨铜箔项目" not in own
    changed = {"verdict": "different", "reason": "产品不同", "version": verdict["version"]}
    assert page(sqlite_web, "office", f"/duplicates/verdicts/{verdict['id']}", **changed).status_code == 303
    assert "产品不同" in page(sqlite_web, "office", "/duplicates?show=decided").text
