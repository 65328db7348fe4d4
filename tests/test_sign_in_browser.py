"""Signing in and administering in a real Chromium: at a desk and on a phone, in both languages, and on plain http."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from app import enrol
from tests.browser import DESK, PHONE, barriers, page
from tests.site import Site
from tools.browser import find

GOOD = "three wet otters"
pytestmark = pytest.mark.browser
INTRANET = "sanzhang.intranet"
SEND = "main form button.primary"


def whole(sheet: Page) -> None:
    """Nothing hinders a reader who uses a keyboard or a screen reader, and nothing stands out sideways."""
    assert barriers(sheet) == []
    assert sheet.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(("size", "locale"), [("desk", "zh-CN"), ("phone", "en-US")])
def test_from_the_first_link_to_a_colleagues_account(sqlite_online: Site, size: str, locale: str) -> None:
    address, browser = sqlite_online.address, sqlite_online.browser
    with page(browser, at=DESK if size == "desk" else PHONE, locale=locale) as sheet:
        sheet.goto(enrol.link_add(sqlite_online.cast.database, "administrator", "set_password"))
        whole(sheet)
        for again in ("three wet others", GOOD):
            sheet.fill("[name=password]", GOOD)
            sheet.fill("[name=again]", again)
            sheet.click(SEND)
        sheet.wait_for_url(f"{address}/**")
        sheet.goto(f"{address}/account")
        whole(sheet)
        sheet.goto(f"{address}/admin/accounts/new")
        sheet.fill("[name=name]", "李娜")
        sheet.fill("[name=login]", "lina")
        sheet.click(SEND)
        assert sheet.input_value("[name=name]") == "李娜"  # no zone was chosen; what was typed is still there
        whole(sheet)
        sheet.check("[name=zones][value=EAST]")
        sheet.click(SEND)
        link = sheet.input_value("#f-address")
        whole(sheet)
        for path in ("/admin/accounts", "/admin/accounts/1", "/admin/keys"):
            sheet.goto(address + path)
            whole(sheet)
    with page(browser, at=PHONE, locale=locale) as colleague:
        colleague.goto(link)
        assert colleague.inner_text("h1") == "李娜"
        whole(colleague)


def test_on_plain_http_inside_an_intranet_she_signs_in_and_stays_in(sqlite_online: Site) -> None:
    """No ``Secure`` cookie and no ``Sec-Fetch-Site`` exist there: a host that is not this machine, without https."""
    there = sqlite_online.address.replace("127.0.0.1", INTRANET)
    link = enrol.link_add(sqlite_online.cast.database, "editor", "set_password").replace("127.0.0.1", INTRANET)
    rules = [f"--host-resolver-rules=MAP {INTRANET} 127.0.0.1", "--no-sandbox"]
    with sqlite_online.browser.browser_type.launch(executable_path=find(), args=rules) as browser:
        sheet = browser.new_page()
        sent = []
        sheet.on("request", lambda r: sent.append(r.all_headers()) if r.method == "POST" else None)
        sheet.goto(link)
        sheet.fill("[name=password]", GOOD)
        sheet.fill("[name=again]", GOOD)
        sheet.click(SEND)
        sheet.goto(f"{there}/account")
        assert sheet.url == f"{there}/account"
        assert ("sec-fetch-site" in sent[0], sent[0]["origin"]) == (False, there)
        sheet.select_option("[name=locale]", "en")
        sheet.click("form[action='/account/language'] button")
        assert sheet.get_attribute("html", "lang") == "en"
