"""A real Chromium for the tests, as its users have it: Chinese, at a desk or on a phone.

    with chromium() as browser, page(browser, at=PHONE) as sheet:
        sheet.goto(address)

Nothing the browser does by itself (updates, synchronising, QUIC) reaches the network, and every page is watched: what a
script throws, what the content security policy blocks and every address outside the house is an error of the test.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize, sync_playwright

from tools.browser import MISSING, find

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SCREENSHOTS = Path(__file__).parent.parent / "screenshots"
ASKED_FOR = "SANZHANG_TEST_PICTURES"
"""Environment variable that asks for pictures of what the tests see."""

HERE = ("127.0.0.1", "localhost", "::1")

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium, closed afterwards. Raises FileNotFoundError that says what to install."""
    path = find()
    if path is None:
        raise FileNotFoundError(MISSING)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # root may not have the sandbox
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=[*QUIET, *as_root])
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def context(
    browser: Browser, *, at: ViewportSize = DESK, locale: str = "zh-CN", **more: Any
) -> Iterator[BrowserContext]:
    """A person's browser: cookies of her own, a screen, a language. ``more`` goes to Playwright (``color_scheme`` …)."""
    phone = {"is_mobile": True, "has_touch": True, "device_scale_factor": 2} if at == PHONE else {}
    options: dict[str, Any] = {"viewport": at, "locale": locale, "timezone_id": "Asia/Shanghai", **phone, **more}
    made = browser.new_context(**options)
    made.set_default_timeout(10_000)
    try:
        yield made
    finally:
        made.close()


@contextlib.contextmanager
def page(browser: Browser, *, at: ViewportSize = DESK, locale: str = "zh-CN", **more: Any) -> Iterator[Page]:
    """One page of a person of its own; fails at its end when something went wrong in it that nobody looked at."""
    with context(browser, at=at, locale=locale, **more) as made:
        opened = made.new_page()
        faults = watch(opened)
        yield opened
    assert not faults, "the page reported:\n" + "\n".join(faults)


def watch(opened: Page) -> list[str]:
    """Fills up with what goes wrong in the page: thrown errors, blocked content, addresses outside the house."""
    faults: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # An answer of 4xx is a refusal, not a fault of the page; the browser and htmx report it in these words.
        refusal = message.text.startswith(("Failed to load resource", "Response Status Error Code 4"))
        if message.type == "error" and not refusal:
            faults.append(f"{message.text} ({message.location.get('url', '')})")

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in HERE:
            faults.append(f"asked an outside host: {request.url}")

    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", heard)
    opened.on("request", asked)
    return faults


def carry_axe(opened: Page) -> None:
    """Every address that this page goes to comes with axe, which need not be handed over anew each time."""
    opened.add_init_script(path=AXE)  # not as a script element: the policy of the page forbids those


FURTHER_ROWS = "tbody > tr:nth-child(n+9)"


def barriers(opened: Page, *, colours: bool = True) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, and against what is good practice beside it, on the page as it stands: one
    line each, rule, place and reason.

    Contrast takes half of its time; ``colours`` leaves it out where the same page was looked at in the same colours. Of a
    table the first rows are looked at: those below are written by the same template.
    """
    if not opened.evaluate("'axe' in window"):
        opened.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": tags, "resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
    found = opened.evaluate(
        f"options => axe.run({{exclude: ['{FURTHER_ROWS}']}}, options).then((told) => told.violations)", options
    )
    return [
        f"{fault['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for fault in found
        for node in fault["nodes"]
    ]


def keep_picture(opened: Page, name: str) -> None:
    """A screenshot of the whole page, in a folder that git does not keep, when somebody asked for pictures to look at."""
    if not os.environ.get(ASKED_FOR):
        return
    SCREENSHOTS.mkdir(exist_ok=True)
    opened.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
