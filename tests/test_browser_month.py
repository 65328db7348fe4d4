"""A month walked in a browser: opened, reported by keyboard, one returned, confirmed, locked, and corrected afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.services import periods, projects, reports, zone_months
from tests.browser import PHONE, barriers
from tests.site import Site
from tests.test_browser_sheet import cell, saved

pytestmark = pytest.mark.browser
MONTH = "2026-08"
GRID = f"/zones/EAST/months/{MONTH}"
WAN = 10_000


def answered(page: Page, opener: str, **fields: str) -> None:
    """Open a small form, fill it in and send it; what it answers is there."""
    page.locator(f"a[href$='{opener}']").first.click()
    for name, said in fields.items():
        page.locator(f"#dialog [name={name}]").fill(said)
    page.locator("#dialog button.primary").click()
    expect(page.locator("#dialog form[data-sending]")).to_have_count(0)


def typed(page: Page, id_: int, field: str, *texts: str) -> None:
    """Keys as a clerk strikes them: each text, then Enter, which saves and goes down."""
    cell(page, id_, field).click()
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    saved(page, id_, field)


def state(page: Page, said: str) -> None:
    expect(page.locator(".chips")).to_contain_text(said)


def reported(clerk: Page, first: int, second: int) -> None:
    """Two projects by keyboard, down one column after the other; then nothing can be typed any more."""
    clerk.goto(GRID)
    assert barriers(clerk) == []
    typed(clerk, first, "invested_yuan", "300", "250")
    typed(clerk, first, "progress_text", "主体封顶", "设备安装")
    expect(clerk.locator("tr.sum")).to_contain_text("550")
    state(clerk, "已报 2 个")
    answered(clerk, "/submit")
    state(clerk, "已上报")
    expect(cell(clerk, first, "invested_yuan")).to_have_count(0)


def reviewed(clerk: Page, chief: Page, first: int, second: int) -> None:
    """One report is returned and written again, the other stays submitted; then both are confirmed."""
    chief.goto(GRID)
    chief.locator("a[href$='/return']").click()
    chief.locator(f"#dialog input[value='{second}']").check()
    chief.locator("#dialog [name=reason]").fill("请核实设备款")
    chief.locator("#dialog button.primary").click()
    state(chief, "填报中")
    clerk.goto(GRID)
    expect(clerk.locator(f"tr[data-id='{second}'] .tag.bad")).to_have_text("已退回")
    expect(cell(clerk, first, "invested_yuan")).to_have_count(0)
    typed(clerk, second, "invested_yuan", "240")
    answered(clerk, "/submit")
    state(clerk, "已上报")
    chief.goto(GRID)
    answered(chief, "/confirm")
    state(chief, "已确认")


def test_a_month_is_walked_from_opening_to_a_correction_after_the_lock(online: Site) -> None:
    first, second = online.sow("甲厂（演示）", "乙厂（演示）")
    online.sow("西厂（演示）", zone="WEST")
    with online.person("office") as city:
        city.goto("/months")
        answered(city, "/months/open/new", month="2026年8月")
        expect(city.locator("table.tb tbody tr")).to_have_count(2)
        assert barriers(city) == []
        with online.person("editor") as clerk, online.person("reviewer") as chief:
            reported(clerk, first, second)
            reviewed(clerk, chief, first, second)
        city.goto(f"/months/{MONTH}")
        city.locator("a[href$='/lock']").click()
        expect(city.locator("#dialog li")).to_have_count(1)  # the West is late
        db, west = online.cast.database, online.cast.key("admin")
        db.act_now(west, zone_months.submit, "WEST", MONTH, {"reason": "业主未报"})
        db.act_now(west, zone_months.confirm, "WEST", MONTH, {})
        city.locator("#dialog button.primary").click()
        expect(city.locator("main")).to_contain_text("已锁定")
    corrected(online, second)


def corrected(online: Site, second: int) -> None:
    """On a phone: the right figure counts, the locked month shows what was locked and what was corrected since."""
    with online.person("editor", at=PHONE) as clerk:
        clerk.goto(f"/projects/{second}/reports/{MONTH}/correct?field=invested_yuan")
        clerk.locator("#f-value").fill("235")
        clerk.locator("#f-reason").fill("发票重复")
        clerk.locator("button.primary").click()
        expect(clerk.locator(".say.good")).to_be_visible()
        clerk.goto(GRID)
        expect(clerk.locator("details.say")).to_contain_text("锁定后有 1 项更正")
        expect(clerk.locator("tr.sum")).to_contain_text("540")
        assert clerk.evaluate("document.documentElement.scrollWidth") <= 390
        assert barriers(clerk) == []
    row = online.cast.database.ask_now(online.cast.editor, projects.read, second)
    assert row["invested_this_year_yuan"] == 235 * WAN


def test_last_months_text_stands_there_and_a_block_comes_from_the_clipboard(online: Site) -> None:
    (id_,) = online.sow("丙厂（演示）")
    db, cast = online.cast.database, online.cast
    db.act_now(cast.office, periods.open_, "2026-10", {})
    db.act_now(
        cast.editor, reports.put, id_, "2026-09", {"invested_yuan": 50 * WAN, "progress_text": "桩基施工"}, version=None
    )
    with online.person("editor", permissions=["clipboard-read", "clipboard-write"]) as clerk:
        clerk.goto("/zones/EAST/months/2026-10")
        expect(cell(clerk, id_, "progress_text")).to_have_text("桩基施工")
        cell(clerk, id_, "progress_text").click()
        clerk.keyboard.press("End")
        clerk.keyboard.type("，基础浇筑")
        clerk.keyboard.press("Enter")
        saved(clerk, id_, "progress_text")
        told = db.ask_now(cast.editor, reports.read, id_, "2026-10")
        assert told["progress_text"] == "桩基施工，基础浇筑"
        clerk.keyboard.press("Control+z")
        expect(cell(clerk, id_, "progress_text")).to_have_text("桩基施工")
        expect(clerk.locator(f"tr[data-id='{id_}'] .tag")).to_have_text("未报")
        cell(clerk, id_, "invested_yuan").click()
        clerk.keyboard.press("Escape")
        clerk.evaluate("navigator.clipboard.writeText('60\\t')")
        clerk.keyboard.press("Control+v")
        clerk.locator("#dialog button.primary").click()
        saved(clerk, id_, "invested_yuan")
        expect(cell(clerk, id_, "invested_yuan")).to_have_text("60")


def test_forty_projects_are_reported_with_a_few_keys_each(
    online: Site, record_property: Callable[[str, object], None]
) -> None:
    """Thirty without news by one text over the chosen cells, ten with an amount and a text; the keys are counted."""
    ids = online.sow(*(f"车间{n}（演示）" for n in range(40)), zone="WEST", largest=8 * 10**8)
    if not any(p["month"] == "2026-06" for p in online.cast.database.ask_now(online.cast.office, periods.all_)):
        online.cast.database.act_now(online.cast.office, periods.open_, "2026-06", {})
    with online.person("both", permissions=["clipboard-read", "clipboard-write"]) as clerk:
        clerk.goto("/zones/WEST/months/2026-06")
        clerk.evaluate("navigator.clipboard.writeText('无进展：汛期停工')")
        clerk.evaluate("window.struck = 0; document.addEventListener('keydown', () => window.struck++, true)")
        typed(clerk, ids[0], "invested_yuan", *("300" for _ in range(10)))
        typed(clerk, ids[0], "progress_text", *("主体三层" for _ in range(10)))
        changed = clerk.evaluate("window.struck")
        cell(clerk, ids[10], "no_change_reason").click()
        clerk.keyboard.press("Escape")
        for _ in range(29):
            clerk.keyboard.press("Shift+ArrowDown")
        clerk.keyboard.press("Control+v")
        state(clerk, "已报 40 个")
        unchanged = clerk.evaluate("window.struck") - changed
    told = f"{changed / 10:.1f} and the letters of its text, {unchanged / 30:.1f}"
    record_property("keys per changed project, per unchanged project", told)
    assert changed / 10 <= 6, told
    assert unchanged / 30 <= 3, told
