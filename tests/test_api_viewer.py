"""The API's document as a programmer looks at it, in a browser."""

from __future__ import annotations

import pytest

from tests.browser import DESK, PHONE, page
from tests.site import Site

pytestmark = pytest.mark.browser


def test_the_document_can_be_read_in_a_browser_without_the_internet(sqlite_online: Site) -> None:
    """The page of the browser fails on any report of the content security policy and any address outside the house.

    It is the same for everybody and takes seconds to draw, so the walk of all pages passes it by.
    """
    with page(sqlite_online.browser) as viewer:
        viewer.goto(f"{sqlite_online.address}/api/docs")
        viewer.locator("#operations-tag-Moves").click(timeout=60_000)
        for size in (PHONE, DESK):
            viewer.set_viewport_size(size)
            assert viewer.evaluate("document.documentElement.scrollWidth") <= size["width"]
        viewer.locator(".opblock-summary-path", has_text="/api/v1/projects/{id}/moves").first.click()
        viewer.locator(".opblock.is-open .parameters").first.wait_for()
        assert viewer.locator(".opblock-tag").count() >= 20
