"""Without JavaScript the same acts go through plain forms: add, edit, move, filter, search. On a phone every page is reached."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.site import Site
from tests.test_browser_sheet import LEDGER

pytestmark = pytest.mark.browser


def test_a_project_is_added_edited_and_moved_without_javascript(online: Site) -> None:
    with online.person("editor", java_script_enabled=False) as sheet:
        sheet.goto("/zones/EAST/ledgers/reserve")
        sheet.locator("a[href^='/projects/new']").first.click()
        sheet.fill("[name=name]", "素纸厂（演示）")
        sheet.fill("[name=total_investment_yuan]", "两个")
        sheet.click("form[action='/projects'] .primary")
        assert sheet.input_value("[name=name]") == "素纸厂（演示）"  # refused, and nothing that was typed is lost
        expect(sheet.locator(".wrong")).to_have_count(1)
        sheet.fill("[name=total_investment_yuan]", "5.4亿")
        sheet.click("form[action='/projects'] .primary")
        expect(sheet.locator("#grid")).to_contain_text("素纸厂")
        sheet.get_by_role("link", name="素纸厂").click()
        sheet.locator("#fact-content a, a[href*='edit=content']").first.click()
        sheet.fill("[name=value]", "一条纸机")
        sheet.click(".factform .primary")
        expect(sheet.locator("#fact-content")).to_contain_text("一条纸机")
        id_ = int(sheet.url.split("/projects/")[1].split("?")[0].split("#")[0])
        sheet.goto(f"/projects/{id_}/move?to=upcoming")
        sheet.fill("[name=fill-investor_name]", "素纸公司（演示）")
        sheet.fill("[name=fill-location]", "一号路")
        sheet.fill("[name=fill-planned_start_month]", "2026.12")
        sheet.fill("[name=fill-sponsor_leader]", "郭启明")
        sheet.fill("[name=fill-responsible_person]", "李文静")
        sheet.fill("[name=fill-signed_on]", "2026.2.5")
        sheet.click("form[action*='/move'] .primary")
        expect(sheet.locator("#moves")).to_contain_text("拟开工")
    known = online.known(id_)
    assert (known["ledger"], known["total_investment_yuan"], known["pending"]) == ("upcoming", 54 * 10**7, 1)


def test_a_ledger_is_filtered_searched_sorted_and_turned_over_without_javascript(online: Site) -> None:
    online.sow(*(f"素铁厂{n}（演示）" for n in range(3)), industry="新材料")
    online.sow(*(f"素布厂{n}（演示）" for n in range(110)))
    with online.person("editor", java_script_enabled=False) as sheet:
        sheet.goto(LEDGER)
        rows = sheet.locator("#grid tr[data-id]")
        expect(rows).to_have_count(100)
        sheet.locator("tbody.more a").click()
        expect(rows).to_have_count(13)
        expect(sheet.locator("#grid tr[data-id] .no").first).to_have_text("101")
        sheet.goto(LEDGER)
        sheet.locator("thead a", has_text="项目名称").click()
        expect(sheet.locator("th[aria-sort]")).to_have_count(1)
        sheet.fill("#q", "素铁")
        sheet.press("#q", "Enter")
        expect(rows).to_have_count(3)
        sheet.goto(LEDGER + "?industry=新材料")
        expect(rows).to_have_count(3)
        sheet.locator(".chip", has_text="新材料").click()  # a filter is taken off by its own chip
        expect(rows).to_have_count(100)


def test_a_form_on_a_page_of_its_own_is_left_by_its_button_with_and_without_javascript(online: Site) -> None:
    (id_,) = online.sow("素瓷厂（演示）")
    for scripts in (True, False):
        with online.person("editor", java_script_enabled=scripts) as sheet:
            sheet.goto(f"/projects/{id_}/move?to=reserve")
            sheet.click("footer a[data-close]")
            sheet.wait_for_url(f"**/projects/{id_}")
            sheet.goto("/projects/new?ledger=reserve&zone=EAST")
            sheet.click("footer a[data-close]")
            sheet.wait_for_url("**/zones/EAST/ledgers/reserve")


def test_on_a_phone_projects_are_cards_and_every_page_of_the_menu_is_within_reach(online: Site) -> None:
    (id_,) = online.sow("素玉厂（演示）", largest=9 * 10**9)
    with online.person("editor", at=PHONE) as sheet:
        sheet.goto(LEDGER)
        card = sheet.locator(f'#grid tr[data-id="{id_}"]')
        box = card.bounding_box()
        assert box is not None
        assert 40 < box["height"] < 100
        assert box["width"] <= PHONE["width"]
        expect(card).to_contain_text("900,000")
        assert not card.locator("[data-field=content]").is_visible()
        offered = {a.get_attribute("href") for a in sheet.locator(".bottomnav a, details .menu > a").all()}
        wanted = {a.get_attribute("href") for a in sheet.locator(".mainnav a").all()}
        assert wanted <= offered
        sheet.locator(".topbar .aside summary").click()
        sheet.locator(".topbar .aside a[href='/imports']").click()
        expect(sheet.locator("h1")).to_have_text("导入")
        sheet.goto(LEDGER)
        card.locator("a").click()
        sheet.wait_for_url(f"**/projects/{id_}")
