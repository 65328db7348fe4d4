"""Whole rows in the sheet: chosen, set, doubled, deleted and brought back; a table pasted where nothing stands yet; no connection."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.site import Site
from tests.test_browser_clerk import PASTE
from tests.test_browser_sheet import LEDGER, cell, saved, write

pytestmark = pytest.mark.browser


def choose(sheet: Page, *ids: int) -> None:
    for id_ in ids:
        row = sheet.locator(f'#grid tr[data-id="{id_}"] .c1')
        row.hover()
        row.locator("input").check()


def test_chosen_rows_get_one_field_at_once(online: Site) -> None:
    one, two, other = online.sow("甲坊（演示）", "乙坊（演示）", "丙坊（演示）")
    with online.person("editor") as sheet:
        sheet.goto(LEDGER)
        choose(sheet, one, two)
        expect(sheet.locator("#selsums")).to_contain_text("99,900")
        sheet.click("[data-bulk]")
        sheet.select_option("#dialog [name=field]", "responsible_person")
        sheet.fill("#dialog [name=value]", "冯新宇")
        sheet.click("#dialog .primary")
        expect(cell(sheet, two, "responsible_person")).to_have_text("冯新宇")
    assert [online.known(i)["responsible_person"] for i in (one, two, other)] == ["冯新宇", "冯新宇", "李文静"]


def test_rows_are_doubled_deleted_and_brought_back(online: Site) -> None:
    one, two = online.sow("丁坊（演示）", "戊坊（演示）")
    with online.person("editor") as sheet:
        sheet.goto(LEDGER)
        choose(sheet, one)
        sheet.click("[data-duplicate]")
        below = sheet.locator(f'#grid tr[data-id="{one}"] + tr[data-id]')
        expect(below).to_contain_text("丁坊")
        choose(sheet, one, two)
        sheet.click("[data-remove]")
        expect(sheet.locator(f'#grid tr[data-id="{two}"]')).to_have_class("gone")
        assert online.known(two)["deleted_at"] is not None
        sheet.locator("#toasts button").click()
        expect(sheet.locator(f'#grid tr[data-id="{two}"]')).not_to_have_class("gone")
    assert [online.known(i)["deleted_at"] for i in (one, two)] == [None, None]


def test_a_table_pasted_into_an_empty_ledger_is_understood_like_a_workbook(online: Site) -> None:
    with online.person("editor") as sheet:
        sheet.goto("/zones/EAST/ledgers/reserve")
        expect(sheet.locator("section.empty")).to_be_visible()
        sheet.evaluate(
            PASTE,
            "序号\t项目名称\t总投资（亿元）\t投资主体\r\n1\t纸坊（演示）\t2.5\t纸坊公司（演示）\r\n2\t墨坊（演示）\t1\t\r\n",
        )
        sheet.wait_for_url("**/imports/*")
        expect(sheet.locator("form.confirm .sum")).to_contain_text("2")
        sheet.click("form.confirm .primary")
        expect(sheet.locator("main")).to_contain_text("墨坊")
        sheet.goto("/zones/EAST/ledgers/reserve")
        expect(sheet.locator("#grid tr[data-id]")).to_have_count(2)
        expect(sheet.locator("tr.sum")).to_contain_text("3.50")


def test_without_a_connection_what_was_typed_stays_and_goes_through_later(online: Site) -> None:
    (id_,) = online.sow("己坊（演示）")
    with online.person("editor") as sheet:
        sheet.goto(LEDGER)
        sheet.context.set_offline(True)
        write(sheet, id_, "remarks", "路上", settled=False)
        expect(cell(sheet, id_, "remarks")).to_have_attribute("aria-invalid", "true")
        expect(sheet.locator(".call.err")).to_be_visible()
        sheet.context.set_offline(False)
        cell(sheet, id_, "remarks").click()
        sheet.keyboard.press("Enter")
        expect(sheet.locator(".call.err")).to_have_count(0)
        expect(cell(sheet, id_, "remarks")).not_to_have_attribute("aria-invalid", "true")
    assert online.known(id_)["remarks"] == "路上"


def test_when_the_session_has_ended_she_is_told_and_loses_nothing(online: Site) -> None:
    (id_,) = online.sow("庚坊（演示）")
    with online.person("editor") as sheet:
        sheet.goto(LEDGER)
        sheet.context.clear_cookies()
        write(sheet, id_, "remarks", "还在", settled=False)
        expect(sheet.locator(".call.err a[href='/login']")).to_be_visible()
        expect(cell(sheet, id_, "remarks")).to_have_text("还在")
        online.let_in(sheet.context, "editor")
        cell(sheet, id_, "remarks").click()
        sheet.keyboard.press("Enter")
        expect(cell(sheet, id_, "remarks")).not_to_have_attribute("aria-invalid", "true")
    assert online.known(id_)["remarks"] == "还在"


def test_a_refused_entry_is_given_up_with_esc_and_the_register_stands_there_again(online: Site) -> None:
    (id_,) = online.sow("辛坊（演示）", annual_plan_yuan=10**8)
    with online.person("editor") as sheet:
        sheet.goto(LEDGER)
        write(sheet, id_, "annual_plan_yuan", "一个亿吧", settled=False)
        plan = cell(sheet, id_, "annual_plan_yuan")
        expect(plan).to_have_attribute("aria-invalid", "true")
        plan.click()
        sheet.keyboard.press("Escape")
        expect(plan).to_have_text("10,000")
        expect(plan).not_to_have_attribute("aria-invalid", "true")
        expect(sheet.locator(".call")).to_have_count(0)


def test_parts_are_unfolded_by_mouse_and_by_key_and_edited_under_their_bundle(online: Site) -> None:
    bundle, last = online.sow("总坊（演示）", "尾坊（演示）", ledger="reserve")
    one, two = online.sow("子坊一（演示）", "子坊二（演示）", ledger="reserve", parent_id=bundle, relation="part")
    with online.person("editor") as sheet:
        sheet.goto("/zones/EAST/ledgers/reserve")
        control, part = (
            sheet.locator(f'#grid tr[data-id="{bundle}"] [data-tree]'),
            cell(sheet, two, "responsible_person"),
        )
        expect(sheet.locator("#count")).to_contain_text("（拆分后 ")
        expect(part).to_be_hidden()
        control.click()
        expect(control).to_have_attribute("aria-expanded", "true")
        write(sheet, two, "responsible_person", "冯新宇")
        cell(sheet, bundle, "name").click(position={"x": 3, "y": 3})
        sheet.keyboard.press("F2")
        sheet.keyboard.press("Control+a")
        sheet.keyboard.type("新总坊（演示）")
        sheet.keyboard.press("Enter")
        saved(sheet, bundle, "name")
        expect(control).to_have_text(re.compile("^2 "))
        cell(sheet, bundle, "name").click(position={"x": 3, "y": 3})
        sheet.keyboard.press("-")
        expect(part).to_be_hidden()
        sheet.keyboard.press("ArrowDown")
        assert sheet.evaluate("document.activeElement.closest('tr').dataset.id") == str(last), (
            "what is folded is stepped over"
        )
        cell(sheet, bundle, "name").click(position={"x": 3, "y": 3})
        sheet.keyboard.press("+")
        choose(sheet, one)
        control.click()
        expect(sheet.locator("#selcount")).to_have_text("已选 1 个，其中 1 个已折叠")
        sheet.click("[data-remove]")
        expect(control).to_have_text(re.compile("^1 "))
        choose(sheet, bundle)
        sheet.click("[data-duplicate]")
        expect(sheet.locator(f'#grid tr[data-id="{two}"] + tr')).to_contain_text("总坊")
    assert online.known(two)["responsible_person"] == "冯新宇"


def test_what_is_asked_first_is_done_after_a_yes_and_left_after_a_no(online: Site) -> None:
    (one,) = online.sow("己坊（演示）")
    with online.person("editor") as sheet:
        sheet.goto(f"/projects/{one}")
        sheet.once("dialog", lambda asked: asked.dismiss())
        _delete(sheet)
        assert online.known(one)["deleted_at"] is None
        sheet.once("dialog", lambda asked: asked.accept())
        _delete(sheet)
        expect(sheet.get_by_role("button", name="恢复", exact=True)).to_be_visible()
    assert online.known(one)["deleted_at"] is not None


def test_what_is_not_saved_is_not_called_saved_and_a_heading_sorts_wherever_it_is_clicked(online: Site) -> None:
    one, _ = online.sow("癸坊（演示）", "子坊（演示）")
    with online.person("editor") as sheet:
        sheet.goto(LEDGER)
        heading = sheet.locator("thead [data-key=total_investment_yuan]")
        expect(heading).to_have_attribute("aria-sort", "descending")
        write(sheet, one, "total_investment_yuan", "很多", settled=False)
        expect(sheet.locator(".call")).to_contain_text("不是金额")
        write(sheet, one, "remarks", "路通了")
        saved(sheet, one, "remarks")
        expect(sheet.locator("#state")).to_have_text("1 格尚未保存")
        cell(sheet, one, "total_investment_yuan").click()
        sheet.keyboard.press("Escape")
        heading.click(position={"x": 6, "y": 6})
        sheet.wait_for_url("**?sort=total_investment_yuan")


def _delete(sheet: Page) -> None:
    sheet.locator("summary", has_text="更多").click()
    sheet.get_by_role("button", name="删除", exact=True).click()
