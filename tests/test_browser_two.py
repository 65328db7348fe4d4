"""Two people at one project, each in a browser of her own: nobody's value is lost, and each is told what is new."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.db import house
from app.services import history
from tests.browser import barriers
from tests.site import Site
from tests.test_browser_sheet import LEDGER, cell, saved, write

pytestmark = pytest.mark.browser


def test_the_second_sees_before_mine_and_theirs_with_who_and_when_and_chooses(online: Site) -> None:
    (id_,) = online.sow("甲桥（演示）", annual_plan_yuan=None, progress_text="基础")
    with online.person("editor") as hers, online.person("both") as his:
        hers.goto(LEDGER)
        his.goto(LEDGER)
        write(hers, id_, "progress_text", "一层")
        write(his, id_, "progress_text", "二层", settled=False)
        box = his.locator("#dialog form[data-conflict]")
        expect(box).to_be_visible()
        said = box.inner_text()
        assert all(word in said for word in ("甲桥", "基础", "一层", "二层", "Editor"))
        assert box.locator("time, th span").all_inner_texts()
        assert barriers(his) == []
        expect(box.locator(".primary")).to_be_disabled()
        box.get_by_text("二层").click()
        box.locator(".primary").click()
        expect(his.locator("#dialog")).not_to_be_visible()
        saved(his, id_, "progress_text")
        expect(cell(his, id_, "progress_text")).to_have_text("二层")
    acts = online.cast.database.ask_now(house(), history.of_project, id_, field="progress_text")
    assert [(c["before"], c["after"]) for act in acts for c in act["changes"]] == [
        ("一层", "二层"),
        ("基础", "一层"),
        (None, "基础"),
    ]
    assert [act["by"]["name"] for act in acts][:2] == ["Both", "Editor"]


def test_who_takes_theirs_or_not_now_keeps_what_the_other_saved(online: Site) -> None:
    theirs, later = online.sow("乙桥（演示）", "丙桥（演示）", progress_text="基础")
    with online.person("editor") as hers, online.person("both") as his:
        hers.goto(LEDGER)
        his.goto(LEDGER)
        for id_ in (theirs, later):
            write(hers, id_, "progress_text", "一层")
        write(his, theirs, "progress_text", "二层", settled=False)
        his.locator("#dialog [data-all=theirs]").click()
        his.locator("#dialog .primary").click()
        expect(cell(his, theirs, "progress_text")).to_have_text("一层")
        write(his, later, "progress_text", "二层", settled=False)
        his.locator("#dialog [data-draft]").click()
        expect(cell(his, later, "progress_text")).to_have_text(
            "二层"
        )  # her own text is still in the cell, marked as not saved
        expect(cell(his, later, "progress_text")).to_have_attribute("aria-invalid", "true")
    assert [online.known(i)["progress_text"] for i in (theirs, later)] == ["一层", "一层"]


def test_different_fields_go_through_by_themselves_and_say_what_else_is_new(online: Site) -> None:
    (id_,) = online.sow("丁桥（演示）", progress_text="基础", remarks=None)
    with online.person("editor") as hers, online.person("both") as his:
        hers.goto(LEDGER)
        his.goto(LEDGER)
        write(hers, id_, "progress_text", "一层")
        write(his, id_, "remarks", "加急")
        expect(his.locator("#dialog")).not_to_be_visible()
        expect(his.locator("#toasts")).to_contain_text("Editor")
        expect(his.locator("#toasts")).to_contain_text("形象进度")
        expect(cell(his, id_, "progress_text")).to_have_text("一层")
    known = online.known(id_)
    assert (known["progress_text"], known["remarks"]) == ("一层", "加急")


def test_on_the_page_of_a_project_both_values_are_shown_too(online: Site) -> None:
    (id_,) = online.sow("戊桥（演示）", remarks="旧")
    with online.person("editor") as hers, online.person("both") as his:
        for one in (hers, his):
            one.goto(f"/projects/{id_}?edit=remarks")
        hers.fill("[name=value]", "她的")
        hers.click(".factform .primary")
        expect(hers.locator("#fact-remarks")).to_contain_text("她的")
        his.fill("[name=value]", "他的")
        his.click(".factform .primary")
        box = his.locator("#fact-remarks")
        expect(box.locator("[role=alert]")).to_contain_text("Editor")
        assert all(word in box.inner_text() for word in ("旧", "她的", "他的"))
        assert barriers(his) == []
        box.locator(".primary").click()
        expect(box).to_contain_text("他的")
        expect(box.locator("form")).to_have_count(0)
    assert online.known(id_)["remarks"] == "他的"
