"""Reporting a month on a project's page: the form knows the month, keeps what was typed, and the sums follow."""

from __future__ import annotations

import re

import pytest

from app.services import projects
from tests.cast import Cast
from tests.test_project_pages import Browser

pytestmark = pytest.mark.anyio
OPENING = {"month": "2026-08", "before_year_yuan": 0, "this_year_yuan": 10**8}


def started(browser: Browser) -> int:
    dates = {"started_on": "2026-02-01"}
    facts = {"name": "磨机（演示）", "planned_completion_month": "2027-12", "total_investment_yuan": 5 * 10**8}
    made = browser.db.act_now(
        browser.cast.editor, projects.create, facts, zone="EAST", ledger="in_construction", dates=dates
    )
    browser.db.act_now(browser.cast.editor, projects.put_opening, made.value["id"], OPENING, version=None)
    return int(made.value["id"])


async def test_a_month_is_reported_seen_and_changed(sqlite_cast: Cast) -> None:
    editor = Browser(sqlite_cast, "editor")
    id_ = started(editor)
    form = await editor.get(f"/projects/{id_}/report")
    assert 'value="2026-09"' in form.text
    sent = {"month": "2026年9月", "amount": "1200.5", "basis": "invested_yuan", "progress_text": "封顶"}
    done = await editor.post(f"/projects/{id_}/report", data=sent)
    assert done.headers["location"] == f"/projects/{id_}?done=reported#reports"
    page = await editor.get(f"/projects/{id_}")
    assert "11,200" in page.text
    assert "封顶" in page.text
    known = await editor.get(f"/projects/{id_}/report?month=2026-09")
    assert ("1,200.5" in known.text, "封顶" in known.text) == (True, True)


async def test_a_refused_report_keeps_what_was_typed_and_says_why(sqlite_cast: Cast) -> None:
    editor = Browser(sqlite_cast, "editor")
    id_ = started(editor)
    for sent, said in (
        ({"month": "2026-09", "amount": "many", "basis": "invested_yuan"}, "many"),
        ({"month": "2026-09", "amount": "-5", "basis": "invested_yuan", "next_steps": "复核"}, "复核"),
        ({"month": "2026-08", "amount": "5", "basis": "cumulative_this_year_yuan"}, "2026-08"),
        ({"month": "the ninth", "amount": "5", "basis": "x"}, "the ninth"),
    ):
        refused = await editor.post(f"/projects/{id_}/report", data=sent)
        assert (refused.status_code, said in refused.text, "aria-invalid" in refused.text) == (422, True, True), sent


async def test_who_may_only_read_has_no_form_and_sees_the_months(sqlite_cast: Cast) -> None:
    id_ = started(Browser(sqlite_cast, "editor"))
    leader = Browser(sqlite_cast, "leader")
    assert "/report" not in (await leader.get(f"/projects/{id_}")).text
    assert (await leader.get(f"/projects/{id_}/report")).status_code == 403
    assert (await Browser(sqlite_cast, "stranger").get(f"/projects/{id_}/report")).status_code == 404


async def test_a_month_that_is_none_is_refused_where_it_was_typed(sqlite_cast: Cast) -> None:
    office, editor = Browser(sqlite_cast, "office"), Browser(sqlite_cast, "editor")
    id_ = started(editor)
    for who, address in (
        (office, "/months/open/new"),
        (editor, f"/projects/{id_}/report"),
        (editor, f"/projects/{id_}/opening"),
    ):
        for sent in ("2026.13", ""):
            refused = await who.post(address, data={"month": sent, "amount": "5", "basis": "invested_yuan"})
            assert refused.status_code == 422, (address, sent)
            assert re.search(r'name="month"[^>]*aria-invalid="true"', refused.text), (address, sent)
