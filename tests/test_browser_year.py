"""December is over: the city opens the year, a zone decides and plans, January and February are one month."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.services import monthly, periods, projects, reports, zone_months
from app.services import months as city
from tests.browser import PHONE, barriers
from tests.site import Site
from tests.test_browser_month import answered, state, typed

pytestmark = pytest.mark.browser
WAN = 10_000


def december(site: Site, mill: int) -> None:
    """December reported and locked, through the services: the month has a walk of its own."""
    db, cast = site.cast.database, site.cast
    db.act_now(cast.office, periods.open_, "2025-12", {})
    told = {"cumulative_this_year_yuan": 8_000 * WAN}
    db.act_now(cast.editor, reports.put, mill, "2025-12", told, version=None)
    db.act_now(cast.editor, zone_months.submit, "EAST", "2025-12", {})
    db.act_now(cast.reviewer, zone_months.confirm, "EAST", "2025-12", {})
    db.act_now(cast.office, city.lock, "2025-12", {})


def turned(page: Page) -> None:
    """The city office looks, opens with a reason, and sees what is left."""
    page.goto("/months")
    page.locator("a[href='/years/2026']").click()
    expect(page.locator("main")).to_contain_text("2025 年 12 月")
    assert barriers(page) == []
    answered(page, "/open", reason="市政府下达2026年计划")
    expect(page.locator(".say.good")).to_be_visible()
    expect(page.locator("table.tb tbody tr").first).to_contain_text("已开启")
    page.goto("/months")
    expect(page.locator("#years")).to_contain_text("2026")


def decided(page: Page, late: int) -> None:
    """On a phone: a new month for what did not start, and the plan that the year asks for."""
    page.goto("/years/2026")
    expect(page.locator("h1")).to_contain_text("East")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert barriers(page) == []
    answered(page, f"/projects/{late}/years/2026/decision", month="2026年4月", reason="土地已摘牌")
    expect(page.locator("#decide")).to_contain_text("没有待决定的项目")
    answered(page, "/plan?year=2026", annual_yuan="1200")
    page.goto("/years/2026")
    expect(page.locator("#plan")).to_contain_text("均已下达")


def accepted(page: Page, late: int) -> None:
    """It is put off once more; the city office accepts that on the project's page."""
    page.goto(f"/projects/{late}")
    answered(page, "/baseline?of=planned_start_month", reason="专题会议同意")
    expect(page.locator("#plans")).to_contain_text("2026年6月")
    expect(page.locator("#plans")).to_contain_text("已推迟 2 次")


def test_december_the_turn_of_the_year_and_january_with_february(sqlite_online: Site) -> None:
    site, db = sqlite_online, sqlite_online.cast.database
    facts = {"name": "轴承厂（演示）", "plan_year": 2025, "annual_plan_yuan": 8_000 * WAN, "signed_on": "2026-01-20"}
    facts |= {"total_investment_yuan": 50_000 * WAN, "planned_completion_month": "2027-12"}
    mill = db.act_now(
        site.cast.editor, projects.create, facts, zone="EAST", ledger="in_construction",
        dates={"started_on": "2024-05-01"},
    ).value["id"]  # fmt: skip
    (late,) = site.sow(
        "储能厂（演示）",
        ledger="upcoming",
        plan_year=None,
        annual_plan_yuan=None,
        planned_start_month="2025-10",
        reason="演示",
    )
    db.act_now(
        site.cast.editor,
        projects.put_opening,
        mill,
        {"month": "2025-11", "before_year_yuan": 9_766 * WAN, "this_year_yuan": 7_500 * WAN},
        version=None,
    )
    december(site, mill)
    with site.person("office") as office:
        turned(office)
        with site.person("editor", at=PHONE) as clerk:
            decided(clerk, late)
        db.act_now(
            site.cast.editor, projects.amend, late, {"planned_start_month": "2026-06", "reason": "外线"}, version=None
        )
        accepted(office, late)
        answered_open(office)
    with site.person("editor") as clerk:
        clerk.goto("/zones/EAST/months/2026-02")
        expect(clerk.locator("h1")).to_contain_text("2026年1—2月")
        typed(clerk, mill, "invested_yuan", "180")
        state(clerk, "已报 1 个")
        clerk.goto(f"/projects/{mill}")
        expect(clerk.locator("#figures")).to_contain_text("17,946")
    row = db.ask_now(site.cast.editor, projects.read, mill)
    assert (row["invested_before_this_year_yuan"], row["invested_this_year_yuan"]) == (17_766 * WAN, 180 * WAN)
    assert row["incomplete_months"] == []
    ten = db.ask_now(site.cast.leader, monthly.ten)
    signed = next(item for item in ten["items"] if item["figure"] == "signed")
    assert (ten["month"], ten["first_month"], signed["month"]["count"]) == ("2026-02", "2026-01", 2)


def answered_open(page: Page) -> None:
    """January alone cannot be opened; February covers both."""
    page.goto("/months")
    answered(page, "/months/open/new", month="2026年1月")
    expect(page.locator(".say.bad")).to_be_visible()
    page.locator("[name=month]").fill("2026年2月")
    page.locator("form button.primary").click()
    expect(page.locator("h1")).to_contain_text("2026年1—2月")
