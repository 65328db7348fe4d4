"""A workbook through the import page in a real Chromium: at a desk in Chinese, on a phone in English."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from app import enrol
from tests.browser import DESK, PHONE, page
from tests.cast import Cast
from tests.site import Site
from tests.test_imports import HEADING, book, listed, opening, row
from tests.test_sign_in_browser import SEND, whole

pytestmark = pytest.mark.browser


def signed_in(sheet: Page, cast: Cast, who: str) -> None:
    sheet.goto(enrol.link_add(cast.database, who))
    sheet.click(SEND)


@pytest.mark.parametrize(("size", "locale"), [("desk", "zh-CN"), ("phone", "en-US")])
def test_a_file_is_looked_at_decided_about_and_accepted(sqlite_online: Site, size: str, locale: str) -> None:
    address, browser, cast = sqlite_online.address, sqlite_online.browser, sqlite_online.cast
    opening(cast, book(row(1, "拓远智能仓储机器人整机装配及检测中心")))
    heading = [*HEADING, "开发区"]
    data = book(
        [*row(1, "拓远智能仓储机器人整机装配", total=2000), "East"],
        [*row(2, "二号项目", total="很多"), "East"],
        [*row(3, "三号项目", end="2027"), "East"],
        heading=heading,
    )
    at = DESK if size == "desk" else PHONE
    with page(browser, at=at, locale=locale) as sheet:
        signed_in(sheet, cast, "editor")
        sheet.goto(f"{address}/imports")
        whole(sheet)
        sheet.check("form[data-drop] [name=opening]")
        sheet.set_input_files("#f-file", {"name": "在建台账.xlsx", "mimeType": "application/zip", "buffer": data})
        sheet.click("form[data-drop] button")
        sheet.wait_for_selector(".lg.diff")
        whole(sheet)
        assert sheet.locator("td.ref", has_text="很多").count() == 1
        assert sheet.locator("td.dbt", has_text="2027-12").count() == 1
        sheet.locator(".decide button", has_text="检测中心").click()
        sheet.wait_for_selector(".lg.diff del")
        sheet.select_option("[name=mode]", "add")
        expect(sheet.locator(".confirm .primary")).to_be_disabled()  # what she chose is not in the preview yet
        sheet.select_option("[name=mode]", "both")
        sheet.locator(".sheets .acts button").click()
        expect(sheet.locator(".confirm .primary")).to_be_enabled()
        sheet.fill(".confirm [name=reason]", "the sheet is right")
        sheet.click(".confirm .primary")
        sheet.wait_for_selector("main .say")
        whole(sheet)
        assert sheet.locator("main td", has_text="三号项目").count() == 1
    with page(browser, at=at, locale=locale) as sheet:
        signed_in(sheet, cast, "reviewer")
        sheet.goto(f"{address}/imports")
        sheet.locator("form[action$='/accept'] button").first.click()
        sheet.wait_for_selector("main .say.good")
        whole(sheet)


def searched_before_the_script_was_there(sheet: Page, field: Locator) -> None:
    held: list[Route] = []
    sheet.route("**/mapping.js", lambda route: held.append(route))  # noqa: PLW0108 — Playwright takes no built-in
    sheet.reload(wait_until="commit")
    field.focus()
    sheet.keyboard.press("End")
    sheet.keyboard.type("ztz")
    held[0].continue_()
    expect(sheet.locator(".options [aria-selected=true]")).to_have_text("总投资")
    sheet.unroute("**/mapping.js")
    sheet.reload()


def test_a_sheet_is_read_as_she_says_a_move_is_accepted_and_an_unlisted_project_let_go(sqlite_online: Site) -> None:
    address, browser, cast = sqlite_online.address, sqlite_online.browser, sqlite_online.cast
    heading = [*HEADING, "开发区", "台账"]
    opening(cast, book([*row(1, "一号厂", start=""), "East", "拟开工"], [*row(2, "二号厂"), "East", "在建"], heading=heading, title="台账"))  # fmt: skip
    heading = [*HEADING[:3], "投入（亿）", *HEADING[4:], "开发区"]
    data = book([*row(1, "一号厂", start="2026-10-08", total=2), "East"], [*row(3, "三号厂"), "East"], heading=heading)
    with page(browser, at=PHONE) as sheet:
        signed_in(sheet, cast, "editor")
        sheet.goto(f"{address}/imports")
        sheet.set_input_files("#f-file", {"name": "十月.xlsx", "mimeType": "application/zip", "buffer": data})
        sheet.click("form[data-drop] button")
        sheet.locator("aside a[href$='/sheets/0']").click()
        field = sheet.locator("[name='f-D']")
        assert field.input_value() == "未知"
        searched_before_the_script_was_there(sheet, field)
        field.focus()
        expect(field).to_have_attribute("role", "combobox")  # the script is there
        sheet.keyboard.press("Escape")
        sheet.keyboard.type("x")
        sheet.locator("[name='first']").focus()
        field.focus()
        sheet.keyboard.type("ztz")
        expect(sheet.locator(".options [aria-selected=true]")).to_have_text("总投资")  # by its initials
        whole(sheet)
        sheet.keyboard.press("Enter")
        assert field.input_value() == "总投资"
        sheet.keyboard.press("Enter")
        sheet.wait_for_selector(".lg.diff")
        sheet.locator("aside a[href$='/sheets/0']").click()
        sheet.select_option("[name='u-D']", "亿元")
        sheet.click("#mapping .primary")
        sheet.wait_for_selector(".lg.diff")
        sheet.locator(".chip[href$='show=move']").click()
        sheet.locator(".moveform [value='yes']").click()
        sheet.wait_for_selector(".moveform .good")
        whole(sheet)
        sheet.locator(".chip[href$='show=absent']").click()
        whole(sheet)
        sheet.select_option(".absent [name=do]", "withdrawn")
        sheet.fill(".absent [name=reason]", "资金断了")
        sheet.click(".absent .moveform button")
        sheet.wait_for_selector(".absent .good")
        sheet.fill(".confirm [name=reason]", "十月调度表")
        sheet.click(".confirm .primary")
        sheet.wait_for_selector("main .say.good")
        whole(sheet)
    (moved, *_) = [p for p in listed(cast) if p["name"] == "一号厂"]
    assert (moved["total_investment_yuan"], moved["started_on"]) == (200_000_000, "2026-10-08")
