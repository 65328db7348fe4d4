"""Powers as they are clicked: a zone takes over what it was given, the city gives a batch and sends a list."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.services import delegations, powers
from tests.site import Site
from tests.test_powers import give, item, run

pytestmark = pytest.mark.browser


def test_a_zone_takes_over_what_it_was_given_and_writes_who_answers(online: Site) -> None:
    cast = online.cast
    for n, name in enumerate(("取水许可", "排污许可"), 1):
        item(cast, f"P-{n}", name=name, department="市水利局")
        give(cast, "EAST", f"P-{n}", effective_from="2026-03-01")
    item(cast, "P-3", name="用地审批")
    run(cast, "WEST", "P-3")
    with online.person("editor") as sheet:
        sheet.goto("/zones/EAST/powers")
        expect(sheet.locator("#gap")).to_contain_text("用地审批")
        expect(sheet.locator(".together")).to_be_hidden()
        sheet.check("[data-ticks]")
        sheet.select_option("[name=to]", "running")
        sheet.click("button[value=preview]")
        expect(sheet.locator("main")).to_contain_text("承接部门：这一步必须填写")
        sheet.fill("[name=receiving_department]", "审批服务局")
        sheet.click("button[value=preview]")
        sheet.click("button[value=save]")
        sheet.wait_for_url("**/powers?done=1")
        assert [d["state"] for d in cast.database.ask_now(cast.editor, delegations.list_, "EAST")] == ["running"] * 2
        sheet.click("#boundaries summary")
        sheet.fill("#f-matter", "区内道路养护")
        sheet.select_option("#f-holder", "zone_company")
        sheet.click("#boundaries form button")
        expect(sheet.locator("#boundaries table")).to_contain_text("开发区公司")


def test_the_city_gives_a_batch_leaves_a_cell_out_and_sends_a_list(online: Site) -> None:
    cast = online.cast
    item(cast, "B-1", name="甲事项")
    item(cast, "B-2", name="乙事项", reserved=True)
    with online.person("office") as sheet:
        sheet.goto("/powers/give")
        for zone in ("EAST", "WEST"):
            sheet.check(f"[name=zone][value={zone}]")
        sheet.fill("#f-codes", "B-1、B-2")
        sheet.click("main .primary")
        expect(sheet.locator("main")).to_contain_text("法定不可下放")
        sheet.uncheck("[name=cell][value='WEST B-1']")
        sheet.click("button[value=save]")
        sheet.wait_for_url("**/powers")
        assert [z["zone"] for z in cast.database.ask_now(cast.leader, powers.read, "B-1")["zones"]] == ["EAST"]
        sheet.goto("/powers/import")
        content = "序号,事项名称,事项类型,原行使部门,赋权形式,备注\n1,丙事项,行政许可,市水利局,委托,\n".encode()
        sheet.set_input_files("#f-file", {"name": "清单.csv", "mimeType": "text/csv", "buffer": content})
        sheet.check("[name=zone][value=EAST]")
        sheet.click("main .primary")
        expect(sheet.locator("main table")).to_contain_text("丙事项")
        sheet.click("button[value=save]")
        sheet.wait_for_url("**/powers")
        held = cast.database.ask_now(cast.editor, delegations.list_, "EAST")
        assert [d["form"] for d in held if d["name"] == "丙事项"] == ["entrustment"]
        sheet.fill("#warn_days", "30")
        sheet.click(".warnform button")
        expect(sheet.locator("main")).to_contain_text("30 天内")
