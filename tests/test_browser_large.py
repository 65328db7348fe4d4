"""A ledger of 5,000 rows, and what a page weighs: it opens without counting, scrolls, filters, edits; light and still."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.db import house
from app.desk import Desk
from app.models import Project
from app.pages.rows import needs
from app.pages.views import View
from app.rules.access import Act
from app.rules.codes import Ledger
from app.services import ledger_pages
from app.services.columns import chosen
from tests.site import Site
from tests.test_browser_sheet import LEDGER, cell, write

pytestmark = pytest.mark.browser
MANY = 5_000
KIB = 1024
COUNTS = re.compile(r"\b(count|sum)\s*\(.*\bFROM\s+project\b", re.IGNORECASE | re.DOTALL)


@pytest.fixture(scope="module")
def large(online: Site) -> Site:
    """5,000 projects in one ledger; every hundredth is answered for by 曹一鸣."""

    def plant(desk: Desk) -> None:
        desk.ask(Act.DEMO_LOAD)
        desk.keep(
            [
                Project(
                    zone_id=online.cast.east, ledger=Ledger.IN_CONSTRUCTION, name=f"大账第{n}号厂房（演示）", investor_name=f"大账{n % 700}公司（演示）",
                    content="新建标准厂房与配套仓库，购置自动化设备", total_investment_yuan=(n + 1) * 10**6, annual_plan_yuan=n * 10**5, plan_year=2026,
                    industry=("高端装备", "新材料", "食品加工")[n % 3], started_on="2026-03-01", planned_completion_month="2027-12",
                    responsible_unit="项目办" if n % 100 else "重点办", sponsor_leader="郭启明", responsible_person="曹一鸣",
                )
                for n in range(MANY)
            ]
        )  # fmt: skip

    online.cast.database.act_now(house(), plant)
    return online


def test_the_first_page_counts_nothing_and_asks_little(large: Site) -> None:
    view = View("EAST", Ledger.IN_CONSTRUCTION)

    def traced(desk: Desk) -> list[str]:
        asked: list[str] = []
        raw: Any = desk.link.raw
        raw.set_trace_callback(asked.append)
        sheet = ledger_pages.sheet(desk, view.asked(), lambda keys: needs(chosen(view.ledger, keys)), None)
        raw.set_trace_callback(None)
        assert (len(sheet.page.rows), sheet.head["project_count"]) == (100, MANY)
        return asked

    asked = large.cast.database.ask_now(large.cast.editor, traced)
    assert 0 < len(asked) <= 12
    assert not [a for a in asked if COUNTS.search(a)], "a page of a ledger is summed from the maintained sums only"


def test_it_opens_loads_more_filters_and_edits(large: Site) -> None:
    with large.person("editor") as sheet:
        sheet.goto(LEDGER)
        rows = sheet.locator("#grid tr[data-id]")
        assert rows.count() <= 200
        expect(sheet.locator("tr.sum")).to_contain_text("5,000 个")
        expect(rows.nth(0)).to_contain_text("大账第4999号厂房")
        for wanted in (200, 300):
            sheet.evaluate("s => { s.scrollTop = s.scrollHeight; }", sheet.locator("#sheet").element_handle())
            sheet.wait_for_function("n => document.querySelectorAll('#grid tr[data-id]').length >= n", arg=wanted)
        numbers = sheet.locator("#grid tr[data-id] .no").all_inner_texts()
        assert numbers == [str(n + 1) for n in range(len(numbers))]
        ids = sheet.eval_on_selector_all("#grid tr[data-id]", "rows => rows.map((r) => r.dataset.id)")
        assert len(ids) == len(set(ids))
        low = int(ids[250])
        write(sheet, low, "progress_text", "到底了")
        assert large.known(low)["progress_text"] == "到底了"
        sheet.locator("details.drop.wide summary", has_text="责任单位").click()
        sheet.get_by_role("link", name="重点办").click()
        expect(sheet.locator("tr.sum")).to_contain_text("50 个")
        expect(rows).to_have_count(50)
        assert "responsible_unit=" in sheet.url
        first = int(str(rows.first.get_attribute("data-id")))
        write(sheet, first, "remarks", "重点")
        expect(cell(sheet, first, "remarks")).to_have_text("重点")
        sheet.go_back()
        expect(sheet.locator("tr.sum")).to_contain_text("5,000 个")
        sheet.locator("[data-search]").fill("大账第77号")
        expect(sheet.locator("#grid tr[data-id]")).to_have_count(1)


def weighed(context: BrowserContext, sheet: Page, address: str) -> tuple[int, float]:
    """Bytes that came over the wire for this visit, and how far the page moved by itself while it was built."""
    wire = context.new_cdp_session(sheet)
    wire.send("Network.enable")
    came: list[int] = []
    wire.on("Network.loadingFinished", lambda event: came.append(int(event["encodedDataLength"])))
    sheet.goto(address, wait_until="networkidle")
    moved = float(sheet.evaluate("window.moved"))
    wire.detach()
    return sum(came), moved


MOVED = """() => { window.moved = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) window.moved += e.value; })
 .observe({type: 'layout-shift', buffered: true}); }"""


def test_a_page_weighs_little_the_first_time_less_after_and_does_not_move(large: Site) -> None:
    with large.person("editor") as sheet:
        sheet.add_init_script(f"({MOVED})()")
        first, moved = weighed(sheet.context, sheet, LEDGER)
        later, moved_later = weighed(sheet.context, sheet, LEDGER + "?sort=name")
    assert 20 * KIB < first <= 200 * KIB, f"first visit: {first // KIB} KiB"
    assert 0 < later <= 40 * KIB, f"a later visit: {later // KIB} KiB"
    assert max(moved, moved_later) < 0.02
