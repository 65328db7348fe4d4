"""The dialog keeps what a person put into it: refused, closed by a key, answered."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.site import Site

pytestmark = pytest.mark.browser
PERMIT: FilePayload = {"name": "许可证.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}


def begin(sheet: Page, id_: int) -> None:
    sheet.goto(f"/projects/{id_}")
    sheet.locator("summary", has_text="移账").click()
    sheet.get_by_role("link", name="移入“在建”").click()
    sheet.fill("#dialog [name=fill-planned_completion_month]", "2027年9月")
    sheet.set_input_files("#dialog [name=file]", PERMIT)


def test_a_refused_move_stays_in_the_dialog_with_its_file_and_says_at_which_fields(online: Site) -> None:
    (one,) = online.sow("庚坊（演示）", ledger="reserve", planned_completion_month=None, sponsor_leader=None)
    with online.person("editor") as sheet:
        begin(sheet, one)
        sheet.click("#dialog .primary")
        leader = sheet.locator("#dialog [name=fill-sponsor_leader]")
        expect(leader).to_have_attribute("aria-invalid", "true")
        expect(sheet.locator("#dialog [name=fill-planned_completion_month]")).to_have_value("2027年9月")
        expect(sheet.locator("#dialog [name=fill-planned_completion_month]")).not_to_have_attribute(
            "aria-invalid", "true"
        )
        leader.fill("郭启明")
        sheet.click("#dialog .primary")
        sheet.wait_for_url("**?done=moved#moves")
        expect(sheet.locator("main")).to_contain_text("施工许可证")
    assert (online.known(one)["ledger"], online.known(one)["pending"]) == ("in_construction", False)


def test_a_key_does_not_throw_away_what_was_typed(online: Site) -> None:
    (one,) = online.sow("辛坊（演示）", ledger="reserve", planned_completion_month=None)
    with online.person("editor") as sheet:
        begin(sheet, one)
        sheet.once("dialog", lambda asked: asked.dismiss())
        sheet.keyboard.press("Escape")
        expect(sheet.locator("#dialog [name=fill-planned_completion_month]")).to_have_value("2027年9月")
        sheet.once("dialog", lambda asked: asked.accept())
        sheet.keyboard.press("Escape")
        expect(sheet.locator("#dialog")).to_be_hidden()


def test_the_same_form_answered_twice_shows_the_page_anew(online: Site) -> None:
    (one,) = online.sow("壬坊（演示）", ledger="reserve")
    with online.person("editor") as sheet:
        sheet.goto(f"/projects/{one}")
        for plan in ("11,000", "12,000"):
            sheet.locator("#plans a[data-dialog]").last.click()
            sheet.fill("#dialog [name=annual_yuan]", plan)
            sheet.fill("#dialog [name=reason]", "市里下达")
            sheet.click("#dialog .primary")
            expect(sheet.locator("#dialog")).to_be_hidden()
            expect(sheet.locator("#plans")).to_contain_text(plan)
