"""A project reported on a phone: the zone makes the link, its bearer fills in the form with one hand and without a network."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.services import periods, reports
from tests.browser import PHONE, barriers, keep_picture, page
from tests.shots import picture as shot
from tests.site import Site
from tests.test_browser_sheet import cell

pytestmark = pytest.mark.browser
MONTH = "2026-08"
GRID = f"/zones/EAST/months/{MONTH}"
WAN = 10_000


def link_for(online: Site, name: str) -> str:
    """The zone office makes a link; its address as it is sent."""
    with online.person("editor") as clerk:
        clerk.goto(GRID)
        clerk.get_by_role("link", name="填报人").click()
        expect(clerk.locator("tbody tr")).to_have_count(1)
        expect(clerk.locator("tbody")).to_contain_text(name)
        clerk.get_by_role("button", name="为勾选的人生成链接").click()
        text = clerk.locator(".links textarea").input_value()
        assert clerk.locator(".links img").evaluate("picture => picture.naturalWidth") > 90
        assert barriers(clerk) == []
        keep_picture(clerk, "reporters")
    found = re.search(r"http\S+/r/[\w-]{43}", text)
    assert found and text.startswith(f"{name}：您有 2 个项目")
    return found[0]


def fits(phone: Page) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert barriers(phone) == []


def filled(phone: Page) -> None:
    """Last month's text is taken over and flagged, then changed; the network is gone, comes back, and nothing was lost."""
    phone.get_by_role("button", name="沿用").first.click()
    expect(phone.locator("[data-same]")).to_be_visible()
    phone.locator("#f-progress_text").fill("主体封顶")
    expect(phone.locator("[data-same]")).to_be_hidden()
    phone.locator("#f-amount").fill("300")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="上报", exact=True).click()
    expect(phone.locator("[data-state]")).to_contain_text("没有网络")
    phone.context.set_offline(False)
    phone.reload()
    expect(phone.locator("#f-amount")).to_have_value("300")
    expect(phone.locator("[data-state]")).to_contain_text("已恢复")
    keep_picture(phone, "reporter-form")


def test_a_reporter_reports_from_her_phone_by_her_link_alone(online: Site) -> None:
    first, _ = online.sow("甲厂（演示）", "乙厂（演示）")
    db, cast = online.cast.database, online.cast
    db.act_now(cast.office, periods.open_, MONTH, {})
    db.act_now(
        cast.editor,
        reports.put,
        first,
        "2026-07",
        {"invested_yuan": 50 * WAN, "progress_text": "桩基施工"},
        version=None,
    )
    address = link_for(online, "李文静")
    with page(online.browser, at=PHONE) as phone:
        phone.goto(address)
        fits(phone)
        phone.get_by_role("link", name="甲厂").click()
        expect(phone.locator("#f-amount")).to_be_visible()
        fits(phone)
        for target in phone.locator(".rbar button, .rseg label, .rtick, .was .act").all():
            box = target.bounding_box()
            assert box and box["height"] >= 44
        filled(phone)
        phone.set_input_files(
            "[data-photo-input]", {"name": "工地.png", "mimeType": "image/png", "buffer": shot("PNG")}
        )
        expect(phone.locator("[data-photos] figure")).to_have_count(1)
        expect(phone.locator("#f-amount")).to_have_value("300")
        phone.get_by_role("button", name="上报", exact=True).click()
        expect(phone.locator("h1")).to_have_text("乙厂（演示）")  # the next one that waits
        phone.locator("[name=no_change]").check()
        phone.get_by_role("button", name="上报", exact=True).click()
        expect(phone.locator("#w-amount")).to_be_visible()
        phone.locator("#f-no_change_reason").fill("汛期停工")
        phone.get_by_role("button", name="上报", exact=True).click()
        expect(phone.locator("main")).to_contain_text("全部报完了")
        fits(phone)
        phone.goto(f"{online.address}{GRID}")
        expect(phone.locator("h1")).to_contain_text("登录")
    with online.person("editor") as clerk:
        clerk.goto(GRID)
        expect(clerk.locator(f"tr[data-id='{first}'] .tag.good")).to_have_text("已上报")
        expect(cell(clerk, first, "invested_yuan")).to_have_text("300")
        clerk.goto(f"{GRID}/reporters")
        expect(clerk.locator("tbody tr")).to_contain_text("2/2")
        expect(clerk.locator("tbody tr .tag.good")).to_have_text("已打开")
