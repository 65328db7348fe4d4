"""The city's calendar, light rules and gates on their pages: shown, tried out before they hold, kept with their version."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from app.db import house
from app.models import Project
from app.rules.access import Act
from app.rules.calendar import CALENDAR
from app.rules.codes import Ledger
from app.services import calendar, gates, light_rules, periods
from tests.cast import Cast
from tests.test_light_rules import PLAN, TODAY, worked
from tests.web import Web

SAME = {"Sec-Fetch-Site": "same-origin"}


def page(web: Web, method: str, path: str, who: str = "office", **kw: Any) -> Any:
    headers = SAME | {"Cookie": f"sanzhang={web.cast.session(who)}"}
    return web.send(method, f"/{path}", key=None, headers=headers, **kw)


def fields(text: str) -> dict[str, Any]:
    """The form of a page as a browser would send it unchanged."""
    form = text[text.index('<form method="post" class') :]
    found: dict[str, Any] = {"day": re.findall(r'name="day" value="([\d-]+)" checked', form)}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or name[1] in ("day", "idempotency_key"):
            continue
        if 'type="checkbox"' in tag or 'type="radio"' in tag:
            if " checked" in tag:
                found[name[1]] = value[1] if value else "on"
        else:
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def kept(cast: Cast) -> dict[str, Any]:
    return dict(cast.database.ask_now(house(), calendar.read))


# ── the calendar ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_page_that_is_saved_as_it_came_changes_nothing_but_its_keeper(sqlite_web: Web) -> None:
    shown = page(sqlite_web, "GET", "/admin/calendar?year=2026")
    sent = fields(shown.text)
    assert len(sent["day"]) == 365 - 104 - 19 + 6, "weekends, the holidays of Mondays to Fridays, the weekends worked"
    assert page(sqlite_web, "POST", "/admin/calendar", data=sent | {"do": "save"}).status_code == 303
    assert {n: v for n, v in kept(sqlite_web.cast).items() if n != "version"} == CALENDAR


def test_a_day_is_taken_off_and_the_due_days_follow_before_it_is_saved(sqlite_web: Web) -> None:
    cast = sqlite_web.cast
    cast.database.act_now(cast.office, periods.open_, "2026-08", {})
    sent = fields(page(sqlite_web, "GET", "/admin/calendar?year=2026").text)
    sent["day"].remove("2026-08-25")
    sent["day"].append("2026-08-29")
    tried = page(sqlite_web, "POST", "/admin/calendar", data=sent | {"do": "preview"})
    assert tried.status_code == 200 and "08-26 <span" in tried.text and kept(cast)["version"] == 0
    page(sqlite_web, "POST", "/admin/calendar", data=sent | {"do": "save", "reason": "调休"})
    now = kept(cast)
    assert ("2026-08-25" in now["holidays"], "2026-08-29" in now["workdays"]) == (True, True)
    assert set(CALENDAR["holidays"]) < set(now["holidays"]), "the days of other years stay"
    period = cast.database.ask_now(house(), periods.find, "2026-08")
    assert period["submit_due_on"] == "2026-08-25", "a month that is open keeps its days"
    stale = page(sqlite_web, "POST", "/admin/calendar", data=sent | {"do": "save", "due-submit": "20"})
    assert stale.status_code == 412
    wrong = fields(page(sqlite_web, "GET", "/admin/calendar?year=2026").text) | {"due-submit": "45", "do": "save"}
    refused = page(sqlite_web, "POST", "/admin/calendar", data=wrong)
    assert refused.status_code == 422 and kept(cast)["due"]["submit"]["day"] == 25


@pytest.mark.parametrize("path", ["/admin/calendar", "/admin/lights", "/admin/gates"])
def test_only_the_city_and_the_administrator_see_these_pages(sqlite_web: Web, path: str) -> None:
    for who, status in (
        ("office", 200),
        ("administrator", 200),
        ("editor", 403),
        ("reviewer", 403),
        ("leader", 403),
        ("auditor", 403),
    ):
        assert page(sqlite_web, "GET", path, who).status_code == status, who
        if status == 403:
            assert page(sqlite_web, "POST", path, who, data={"do": "save", "set": "wuhan"}).status_code == 403


# ── light rules ──────────────────────────────────────────────────────────────────────────────────────────────────────
def slow_ones(cast: Cast) -> None:
    """Three that are five points behind, and one in reserve."""

    def keep(desk: Any) -> None:
        desk.ask(Act.PROJECT_CREATE)
        done = PLAN * 2 // 12 * 70 // 100
        facts: dict[str, Any] = {
            "plan_year": int(TODAY[:4]),
            "annual_plan_yuan": PLAN,
            "figures_month": f"{TODAY[:4]}-02",
        }
        built = [
            Project(
                name=f"Mill {n}",
                zone_id=cast.east,
                ledger=Ledger.IN_CONSTRUCTION,
                invested_this_year_yuan=done,
                **facts,
            )
            for n in range(3)
        ]
        desk.keep([*built, Project(name="Reserve", zone_id=cast.west, ledger=Ledger.RESERVE)])

    cast.database.act_now(house(), keep)


def test_how_many_lights_would_turn_is_shown_and_only_then_do_they(web: Web) -> None:
    cast = web.cast
    slow_ones(cast)
    told = cast.database.ask_now(cast.office, light_rules.preview, {"name": "wuhan"})
    assert (told["of"], told["turn"]) == (3, 3)
    assert told["moves"] == [{"before": "green", "after": "yellow", "projects": 3}]
    assert sorted(w["name"] for w in told["worse"]) == ["Mill 0", "Mill 1", "Mill 2"]
    sent = fields(page(web, "GET", "/admin/lights").text)
    assert (sent["set"], sent["measure"], sent["points_behind-yellow_from"]) == ("yinchuan", "points_behind", "10")
    own = sent | {"set": "own", "name": "Ours", "points_behind-yellow_from": "1", "points_behind-red_above": "2"}
    tried = page(web, "POST", "/admin/lights", data=own | {"do": "preview"})
    assert "3 of 3 lights would turn" in tried.text
    assert {row[0] for row in colours(cast)} == {"green", "none"}
    assert page(web, "POST", "/admin/lights", data=own | {"do": "save"}).status_code == 303
    worked(cast.database)
    assert sorted(row[0] for row in colours(cast)) == ["none", "red", "red", "red"]
    again = fields(page(web, "GET", "/admin/lights").text)
    assert (again["set"], again["name"], again["points_behind-red_above"]) == ("own", "Ours", "2")
    assert page(web, "POST", "/admin/lights", data=own | {"do": "save"}).status_code == 412, "her page is out of date"


def colours(cast: Cast) -> list[tuple[Any, ...]]:
    return list(
        cast.database.ask_now(house(), lambda desk: desk.select(Project, "c", lambda q, t: q, columns=("light",)))
    )


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"points_behind-yellow_from": ""},
        {"points_behind-yellow_from": "40"},
        {"name": "wuhan"},
        {"pace-least": "many"},
    ],
)
def test_rules_that_cannot_be_meant_are_refused_with_what_was_typed(sqlite_web: Web, change: dict[str, str]) -> None:
    sent = fields(page(sqlite_web, "GET", "/admin/lights").text) | {"set": "own", "name": "Ours", "do": "save"} | change
    refused = page(sqlite_web, "POST", "/admin/lights", data=sent)
    assert refused.status_code == 422 and 'role="alert"' in refused.text
    assert sqlite_web.cast.database.ask_now(house(), light_rules.read)["version"] == 0


# ── gates of moves ───────────────────────────────────────────────────────────────────────────────────────────────────
def ticked(text: str) -> set[tuple[str, str]]:
    """Ledger and step of each tick."""
    return set(re.findall(r'name="ask-([a-z_]+)" value="([a-z_]+)"[^>]* checked', text))


def asked(cast: Cast, ledger: str) -> list[str]:
    return list(cast.database.ask_now(house(), gates.read)["gates"][ledger].get("approvals", []))


def test_a_ledger_is_let_ask_for_approvals_on_a_page_that_says_what_it_asks_already(web: Web) -> None:
    cast = web.cast
    shown = page(web, "GET", "/admin/gates", "administrator")
    for word in ("Signed on or National project code", "planned start at latest in the year of the move", "Site photo"):
        assert word in shown.text
    assert ticked(shown.text) == set()
    sent = {"version": "0", "ask-in_construction": ["construction_permit", "fire_design"], "reason": "市办〔2026〕3号"}
    assert page(web, "POST", "/admin/gates", "administrator", data=sent).status_code == 303
    assert asked(cast, "in_construction") == ["construction_permit", "fire_design"] and asked(cast, "upcoming") == []
    now = page(web, "GET", "/admin/gates")
    assert ticked(now.text) == {("in_construction", "construction_permit"), ("in_construction", "fire_design")}
    one = web.project("Mill", ledger="upcoming", planned_completion_month="2027-11", override=True, reason="期初")
    gate = web.get(f"/projects/{one['id']}/gate?to=in_construction").json()["missing"]
    assert {m["step"] for m in gate if m["code"] == "approval_missing"} == {"construction_permit", "fire_design"}
    version = re.search(r'name="version" value="(\d+)"', now.text)
    assert version and page(web, "POST", "/admin/gates", data={"version": version[1]}).status_code == 303
    assert asked(cast, "in_construction") == [], "what is no longer ticked is no longer asked for"


def test_of_two_who_set_gates_the_later_is_told_and_keeps_her_ticks(sqlite_web: Web) -> None:
    cast = sqlite_web.cast
    cast.database.act_now(cast.office, gates.put, {"approvals": {"completed": ["fire_acceptance"]}}, version=None)
    sent = {"version": "0", "ask-completed": "fire_acceptance", "ask-upcoming": "filing"}
    late = page(sqlite_web, "POST", "/admin/gates", data=sent)
    assert late.status_code == 412
    assert ticked(late.text) == {("completed", "fire_acceptance"), ("upcoming", "filing")}
    again = re.search(r'name="version" value="(\d+)"', late.text)
    assert again and page(sqlite_web, "POST", "/admin/gates", data=sent | {"version": again[1]}).status_code == 303
    assert (asked(cast, "completed"), asked(cast, "upcoming")) == (["fire_acceptance"], ["filing"])


def test_a_step_that_is_in_no_chain_is_refused_in_its_line(sqlite_web: Web) -> None:
    refused = page(sqlite_web, "POST", "/admin/gates", data={"version": "0", "ask-upcoming": ["filing", "castle"]})
    assert refused.status_code == 422
    assert 'castle<span class="wrong">There is no step castle in the chains</span>' in refused.text
    assert asked(sqlite_web.cast, "upcoming") == []
