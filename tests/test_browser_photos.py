"""A clerk with a phone: photos made small before they are sent, the month submitted, its paper looked up and stamped."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, expect

from app.services import periods, photos, reports
from tests.browser import PHONE, barriers, keep_picture
from tests.shots import WUHAN, picture
from tests.site import Site

pytestmark = pytest.mark.browser
MONTH = "2026-08"


def shot(name: str, taken: str, colour: tuple[int, int, int]) -> FilePayload:
    content = picture(size=(2400, 1800), taken=taken, gps=WUHAN, turned=6, colour=colour)
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def test_a_month_gets_its_photos_and_its_paper_a_stamp(online: Site) -> None:
    (id_,) = online.sow("甲厂（演示）")
    db, cast = online.cast.database, online.cast
    db.act_now(cast.office, periods.open_, MONTH, {})
    db.act_now(cast.editor, reports.put, id_, MONTH, {"invested_yuan": 1, "progress_text": "封顶"}, version=None)
    with online.person("editor", at=PHONE) as phone:
        phone.goto(f"/projects/{id_}#reports")
        phone.get_by_role("link", name=MONTH).click()
        album = phone.locator("#dialog [data-photos]")
        sent = [
            shot("甲.jpg", "2026:08:20 14:33:05", (90, 90, 90)),
            shot("乙.jpg", "2025:03:01 10:00:00", (20, 90, 90)),
        ]
        phone.set_input_files("#dialog [data-photo-input]", sent)
        expect(album.locator("figure")).to_have_count(2)
        expect(album).to_contain_text("2026-08-20 14:33")
        expect(album).to_contain_text("非本月拍摄")
        expect(album).to_contain_text("30.5900°N")
        assert barriers(phone) == []
        keep_picture(phone, "photos")
        known = db.ask_now(cast.editor, photos.list_, id_, MONTH)
        assert [(p["told_by"], p["width"], p["height"]) for p in known] == [("device", 1200, 1600)] * 2
        phone.once("dialog", lambda asked: asked.accept())
        album.get_by_role("button", name="移除 乙.jpg").click()
        expect(album.locator("figure")).to_have_count(1)

        phone.goto(f"/zones/EAST/months/{MONTH}/submit")
        phone.get_by_role("button", name="上报").click()
        phone.wait_for_url("**?done=submit")
        found = re.search(r"/papers/(\w+)\.pdf", phone.content())
        assert found
        phone.goto(f"/verify?code={found[1].lower()}")
        expect(phone.get_by_text("本表与登记簿一致")).to_be_visible()
        phone.set_input_files("#f-file", {"name": "盖章.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"})
        phone.get_by_role("button", name="上传").click()
        expect(phone.get_by_role("link", name="盖章.pdf")).to_be_visible()
        assert barriers(phone) == []
        phone.goto("/verify/0000000000")
        expect(phone.get_by_role("alert")).to_contain_text("没有这个校验码")
        phone.goto(f"/projects/{id_}/reports/{MONTH}/photos")
        expect(phone.locator("[data-photo-input]")).to_have_count(0)
