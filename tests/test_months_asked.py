"""``month=``: a locked month is its snapshot at every address, an open one is provisional, what cannot be told is refused."""

from __future__ import annotations

from typing import Any

import pytest

from app import clock
from app.services import months, periods, projects, reports, zone_months
from tests import deeds
from tests.web import Web

WAN = 10_000
LOCKED, OPEN = "2026-08", "2026-09"


@pytest.fixture
def mill(web: Web) -> int:
    """A project whose August is locked with 300; afterwards its total grew, and September was opened."""
    db, cast = web.cast.database, web.cast
    facts = {"name": "轴承生产线（演示）", "total_investment_yuan": 9_000 * WAN, "planned_completion_month": "2027-06"}
    facts |= {"plan_year": 2026, "annual_plan_yuan": 1_200 * WAN, "signed_on": "2026-02-01"}
    dates = {"started_on": "2026-03-01"}
    caller = cast.by("editor", reason="as it stands")
    id_ = db.act_now(caller, projects.create, facts, zone="EAST", ledger="in_construction", dates=dates).value["id"]
    db.act_now(cast.editor, deeds.amend, id_, None, {"pending": False})  # proved: it counts officially
    db.act_now(cast.office, periods.open_, LOCKED, {})
    db.act_now(cast.editor, reports.put, id_, LOCKED, {"invested_yuan": 300 * WAN}, version=None)
    db.act_now(cast.editor, zone_months.submit, "EAST", LOCKED, {})
    db.act_now(cast.reviewer, zone_months.confirm, "EAST", LOCKED, {})
    db.act_now(cast.office, months.lock, LOCKED, {})
    db.act_now(caller, projects.amend, id_, {"total_investment_yuan": 9_900 * WAN}, version=None)
    db.act_now(cast.office, periods.open_, OPEN, {})
    db.act_now(cast.editor, reports.put, id_, OPEN, {"invested_yuan": 50 * WAN}, version=None)
    return int(id_)


def told(web: Web, path: str, month: str) -> tuple[Any, str, bool]:
    answer = web.get(f"{path}{'&' if '?' in path else '?'}month={month}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body, answer.headers["Month-State"], "as_of_act" in body


def test_a_locked_month_is_its_snapshot_at_every_address(web: Web, mill: int) -> None:
    lock = web.get(f"/months/{LOCKED}").json()["locked_act"]
    one, state, _ = told(web, f"/projects/{mill}", LOCKED)
    assert (one["total_investment_yuan"], one["invested_this_year_yuan"]) == (9_000 * WAN, 300 * WAN)
    assert (state, one["as_of_act"]) == ("locked", lock)
    ledger, *_ = told(web, "/zones/EAST/ledgers/in_construction", LOCKED)
    assert [p["total_investment_yuan"] for p in ledger["items"]] == [9_000 * WAN]
    heads, *_ = told(web, "/zones/EAST/ledgers", LOCKED)
    built = next(h for h in heads["items"] if h["ledger"] == "in_construction")
    assert built["invested_this_year_yuan"]["sum"] == 300 * WAN
    summary, *_ = told(web, "/summary?by=zone,ledger", LOCKED)
    assert summary["items"][0]["total_investment_yuan"]["sum"] == 9_000 * WAN
    assert summary["as_of_act"] == lock
    given, *_ = told(web, f"/projects/{mill}/reports", LOCKED)
    assert [r["month"] for r in given["items"]] == [LOCKED]
    ten, state, known = told(web, "/summary/monthly-ten", LOCKED)
    by = {item["figure"]: item for item in ten["items"]}
    assert (ten["month"], state, known) == (LOCKED, "locked", True)
    assert (by["invested"]["month"]["sum"], by["in_construction"]["month"]["sum"]) == (300 * WAN, 9_000 * WAN)
    assert (ten["pace"]["done_yuan"], ten["reports"]) == (300 * WAN, {"owed": 1, "missing": 0})
    file = web.get(f"/zones/EAST/ledgers/in_construction.csv?month={LOCKED}")
    assert (file.status_code, file.headers["Month-State"]) == (200, "locked")
    assert "9,900" not in file.text


def test_an_open_month_is_provisional_until_something_later_is_known(web: Web, mill: int) -> None:
    for month in (OPEN, clock.today()[:7]):
        one, state, known = told(web, f"/projects/{mill}", month)
        assert (one["invested_this_year_yuan"], state, known) == (350 * WAN, "provisional", False)
    ten, state, _ = told(web, "/summary/monthly-ten", OPEN)
    assert (ten["month"], state, ten["pace"]["done_yuan"]) == (OPEN, "provisional", 350 * WAN)
    web.cast.database.act_now(web.cast.editor, reports.put, mill, "2026-10", {"invested_yuan": 7 * WAN}, version=None)
    refused = web.get(f"/projects/{mill}?month={OPEN}")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/month"
    assert web.get(f"/projects/{mill}?month={LOCKED}").json()["invested_this_year_yuan"] == 300 * WAN


@pytest.mark.parametrize(
    "asked", ["month=2199-01", "month=2026-13", "month=2026-05", f"month={LOCKED}&as_of=2020-01-01"]
)
def test_what_cannot_be_answered_is_refused_and_never_answered_wrongly(web: Web, mill: int, asked: str) -> None:
    for path in (f"/projects/{mill}", "/zones/EAST/ledgers", "/projects", "/ledgers/in_construction"):
        answer = web.get(f"{path}?{asked}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/month"), path


def test_january_is_asked_for_with_february(web: Web) -> None:
    web.cast.database.act_now(web.cast.office, periods.open_, "2026-02", {})
    answer = web.get("/projects?month=2026-01")
    assert answer.status_code == 400 and "2026-02" in answer.text
    assert web.get("/projects?month=2026-02").headers["Month-State"] == "provisional"
