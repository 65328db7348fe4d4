"""The overview: every figure is what a statement written by hand finds in the rows, and every figure opens its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.db import house
from app.desk import SYSTEM, Desk
from app.engine import Link, Sql
from app.models import Project
from app.pages import figures
from app.rules.access import Act
from app.rules.money import next_month
from app.services import figure_rows, monthly, overview, projects, waiting
from app.services.figure_rows import Of
from tests.cast import Cast, link_of
from tests.random_month import MONTH, TODAY, YEAR, sow
from tests.site import served

COUNTS = (
    "deleted_at IS NULL AND disposition NOT IN ('lost', 'withdrawn') AND has_phases IS NOT TRUE "
    "AND (relation IS NULL OR relation <> 'part')"
)
OFFICIAL = f"{COUNTS} AND pending IS NOT TRUE"
REPORTERS = (
    "deleted_at IS NULL AND disposition NOT IN ('lost', 'withdrawn') AND has_phases IS NOT TRUE AND pending IS NOT TRUE"
)
BUILT = f"{OFFICIAL} AND ledger IN ('in_construction', 'completed')"
CONTRACT = "deleted_at IS NULL AND (relation IS NULL OR relation NOT IN ('part', 'phase'))"
TOTAL = "total_investment_yuan"
PLANNED = "COALESCE(baseline_start_month, first_planned_start_month, planned_start_month)"
BY_HAND = {
    "signed": (CONTRACT, "CAST(signed_on AS text)", "contract_amount_yuan"),
    "to_start": (OFFICIAL, PLANNED, TOTAL),
    "to_start_started": (f"{OFFICIAL} AND started_on IS NOT NULL", PLANNED, TOTAL),
    "started": (BUILT, "CAST(started_on AS text)", TOTAL),
    "completed": (f"{OFFICIAL} AND ledger = 'completed'", "CAST(completed_on AS text)", TOTAL),
    "in_production": (OFFICIAL, "CAST(in_production_on AS text)", TOTAL),
    "registered": (OFFICIAL, "CAST(registered_in_statistics_on AS text)", TOTAL),
    "unregistered": (
        f"{BUILT} AND registered_in_statistics_on IS NULL AND COALESCE(total_investment_yuan, 5000000) >= 5000000",
        "CAST(started_on AS text)",
        TOTAL,
    ),
    "suspended": (f"{OFFICIAL} AND disposition = 'suspended'", "COALESCE(CAST(disposition_on AS text), '')", TOTAL),
    "invested": (BUILT, "figures_month", "invested_this_month_yuan"),
    "planned": (f"{BUILT} AND annual_plan_yuan IS NOT NULL", "CAST(plan_year AS text)", "annual_plan_yuan"),
    "done_of_plan": (f"{BUILT} AND annual_plan_yuan IS NOT NULL", "CAST(plan_year AS text)", "invested_this_year_yuan"),
    "building": (f"{OFFICIAL} AND ledger = 'in_construction'", "''", TOTAL),
    "problem_open": (
        f"{REPORTERS} AND ledger <> 'completed' AND (COALESCE(problems_own, '无') <> '无' OR COALESCE(problems_government, '无') <> '无')", "''", TOTAL,
    ),
}  # fmt: skip
"""Figure → who is counted, when it happened, what is summed: written here once more, apart from the program."""


def by_hand(link: Link, figure: str, first: str, last: str, zone: int | None) -> tuple[int, int]:
    """Count and sum of a figure between two months (or years)."""
    where, on, amount = BY_HAND[figure]
    here = "" if zone is None else f" AND zone_id = {zone}"
    found = link.row(
        Sql(
            f"SELECT count(*), COALESCE(sum({amount}), 0) FROM project WHERE {where}{here} AND {on} IS NOT NULL "
            f"AND SUBSTR({on}, 1, {len(last)}) >= '{first}' AND SUBSTR({on}, 1, {len(last)}) <= '{last}'"
        )
    )
    assert found
    return int(found[0]), int(found[1])


@pytest.fixture
def sown(cast: Cast) -> Cast:
    sow(cast)
    return cast


def test_every_figure_is_the_sum_that_is_found_by_hand_and_opens_exactly_its_rows(sown: Cast) -> None:
    spans = [(MONTH, MONTH), (f"{YEAR}-01", MONTH), (f"{int(YEAR) - 1}-01", f"{int(YEAR) - 1}-12"), ("", "9999-12")]

    def compare(desk: Desk) -> int:
        compared = 0
        for code, zone in ((None, None), ("EAST", sown.east)):
            found = monthly.figures(desk, monthly.zone_ids(desk, code))
            for figure in BY_HAND:
                yearly = figure in ("planned", "done_of_plan")
                for first, last in [(YEAR, YEAR), ("", "9999")] if yearly else spans:
                    told = monthly.between(found, figure, first, last)
                    wanted = by_hand(desk.link, figure, first, last, zone)
                    assert (told["count"], told["sum"]) == wanted, (figure, first, last, code)
                    opened = figure_rows.rows(desk, figure, Of(code), first, last)
                    assert (opened["count"], opened["amount"] or 0) == wanted, (figure, first, last, code)
                    assert len(opened["items"]) == wanted[0]
                    compared += wanted[0] > 0
        return compared

    assert sown.database.ask_now(sown.leader, compare) > 60


def test_the_table_of_zones_and_the_ledgers_agree_with_the_rows(sown: Cast) -> None:
    found = sown.database.ask_now(sown.leader, overview.overview, sort="zone")
    month = found["month"]
    assert [line.code for line in found["lines"]] == ["EAST", "WEST"]

    def one(sql: str) -> int:
        return int(sown.database.read_now(lambda link: link.value(Sql(f"SELECT {sql}"))) or 0)

    for line in found["lines"]:
        here = f"FROM project WHERE zone_id = {line.id} AND"
        for ledger, (official, pending) in line.heads.items():
            assert official == one(f"count(*) {here} {OFFICIAL} AND ledger = '{ledger}'")
            assert pending == one(f"count(*) {here} {COUNTS} AND pending AND ledger = '{ledger}'")
        assert line.total_yuan == one(f"sum({TOTAL}) {here} {OFFICIAL} AND ledger = 'in_construction'")
        for colour, count in line.lights.items():
            assert count == one(f"count(*) {here} {COUNTS} AND ledger = 'in_construction' AND light = '{colour}'")
        planned = f"{here} {BY_HAND['planned'][0]} AND plan_year = {month[:4]}"
        done, plan = one(f"sum(invested_this_year_yuan) {planned}"), one(f"sum(annual_plan_yuan) {planned}")
        assert (line.pace["done_yuan"], line.pace["plan_yuan"]) == (done, plan)
        assert line.pace["percent"] == pytest.approx(100 * done / plan, abs=0.051)
    heads = found["heads"]
    assert heads["reserve"]["project_count"] == sum(line.heads["reserve"][0] for line in found["lines"])


def test_who_waits_longest_is_found_in_order(sown: Cast) -> None:
    conditions = {
        "not_started": ("signed_on", "started_on IS NULL AND ledger IN ('reserve', 'upcoming')"),
        "overdue": (
            "first_planned_start_month",
            f"started_on IS NULL AND ledger = 'upcoming' AND COALESCE(baseline_start_month, '') <= '{next_month(MONTH, -1)}'",
        ),
        "not_producing": ("started_on", "in_production_on IS NULL AND ledger IN ('in_construction', 'completed')"),
    }
    for way, (since, where) in conditions.items():
        until = next_month(MONTH, -1) if way == "overdue" else TODAY
        rows = sown.database.read_now(
            lambda link, since=since, where=where, until=until: link.rows(  # type: ignore[misc]
                Sql(
                    f"SELECT id FROM project WHERE {COUNTS} AND {where} AND {since} <= '{until}' ORDER BY {since}, id LIMIT 10"
                )
            )
        )
        told = sown.database.ask_now(sown.leader, waiting.longest, way, None)
        assert [row["id"] for row in told] == [r[0] for r in rows]
        assert told and all(row["days"] >= 0 for row in told)
        assert told == sorted(told, key=lambda row: -row["days"])


def test_who_waits_longest_in_every_zone_is_found_by_an_index_of_its_own(cast: Cast) -> None:
    class Watched:
        """The link of a desk, telling how each statement is carried out."""

        def __init__(self, link: Link) -> None:
            self.link, self.plans = link, ""

        def __getattr__(self, name: str) -> Any:
            return getattr(self.link, name)

        def rows(self, statement: Sql, values: dict[str, Any]) -> list[Any]:
            text, given = statement.on(self.link.dialect)
            explain = "EXPLAIN QUERY PLAN " if self.link.dialect == "sqlite" else "EXPLAIN "
            found = self.link.raw.execute(explain + text, {**given, **values}).fetchall()
            self.plans += " ".join(str(row[-1]) for row in found)
            return []

    link = link_of(cast.database)
    try:
        if link.dialect == "postgresql":  # so few rows are read faster without an index: ask what many would do
            link.raw.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        for way in waiting.WAITS:
            watched: Any = Watched(link)
            waiting.longest(Desk(SYSTEM, watched, "en", TODAY), way, None)
            assert f"ix_project_{way}" in watched.plans
            assert "TEMP B-TREE" not in watched.plans
    finally:
        link.close()


def test_what_is_not_known_is_a_dash_and_an_edit_is_seen_by_the_next_read(cast: Cast) -> None:
    def figure(name: str) -> dict[str, Any]:
        ten = cast.database.ask_now(cast.leader, monthly.ten)
        return next(item for item in ten["items"] if item["figure"] == name)

    before = cast.database.ask_now(cast.leader, overview.overview)
    assert (before["before"], before["year_ago"], before["ten"]["pace"]["percent"]) == (None, None, None)
    assert figure("signed") == {
        "figure": "signed", "month": {"count": 0, "sum": 0, "known": 0}, "year": {"count": 0, "sum": 0, "known": 0},
        "plan": None, "last_year": None,
    }  # fmt: skip
    signed = {"name": "Mill", "signed_on": f"{MONTH}-01", "contract_amount_yuan": 7}
    made = cast.database.act_now(cast.editor, projects.create, signed, zone="EAST", ledger="reserve").value
    assert figure("signed")["month"] == {"count": 1, "sum": 7, "known": 1}
    earlier = {"signed_on": f"{int(YEAR) - 1}{MONTH[4:]}-01"}
    cast.database.act_now(cast.editor, projects.amend, made["id"], earlier, version=made["version"])
    assert figure("signed")["month"]["count"] == 0
    assert figure("signed")["last_year"] == {"count": 1, "sum": 7, "known": 1}


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def leader(sqlite_cast: Cast) -> Iterator[httpx.Client]:
    with served(sqlite_cast) as address:
        cookies = {"sanzhang": sqlite_cast.session("leader")}
        with httpx.Client(base_url=address, cookies=cookies, headers={"Accept-Language": "en"}) as client:
            yield client


def test_a_leader_begins_at_the_overview_and_every_number_leads_to_a_page(
    sqlite_cast: Cast, leader: httpx.Client
) -> None:
    def enter(desk: Desk) -> None:
        desk.ask(Act.PROJECT_CREATE)
        built: dict[str, Any] = {"name": "Mill", "ledger": "in_construction", "total_investment_yuan": 10**8}
        dates: dict[str, Any] = {"signed_on": f"{MONTH}-01", "started_on": f"{MONTH}-01", "figures_month": MONTH}
        zones = (sqlite_cast.east, sqlite_cast.west)
        desk.keep([Project(zone_id=zone, **built, **dates) for zone in zones])

    sqlite_cast.database.act_now(house(), enter)
    assert leader.get("/").headers["location"] == "/overview"
    page = leader.get("/overview")
    assert page.status_code == 200, page.text
    links = set(re.findall(r'href="((?:/overview|/ledgers|/zones/[A-Z]+/ledgers)[^"#]*)', page.text))
    assert len(links) > 25
    assert {leader.get(link.replace("&amp;", "&")).status_code for link in links} == {200}
    started = leader.get(f"/overview/started?from={MONTH}&to={MONTH}").text
    assert started.count(">Mill</a>") == 2
    assert leader.get(f"/overview/started?from={MONTH}&to={MONTH}&zone=EAST").text.count(">Mill</a>") == 1
    asked = {
        "/overview?sort=nonsense": 400,
        "/overview/nonsense": 404,
        "/overview/waiting/nonsense": 404,
        "/overview/started?from=May": 400,
        "/overview?skip=-1": 400,
        "/overview?zone=NOWHERE": 404,
    }
    assert {path: leader.get(path).status_code for path in asked} == asked


def test_every_number_is_the_count_of_the_rows_behind_its_link(sqlite_cast: Cast, leader: httpx.Client) -> None:
    sow(sqlite_cast, seed=43, projects=60)

    def behind(address: str) -> tuple[str, str]:
        page = leader.get(address).text
        count, amount = re.search(r'data-count="(\d+)"', page), re.search(r'data-amount="(-?\d+)">([^<]+)<', page)
        assert count, address
        if amount is None:
            return f"{int(count[1]):,}", ""
        said = (
            figures.dollars
            if amount[2].startswith("$")
            else lambda yuan, language: figures.in_words(yuan, "yi", language)
        )
        assert amount[2] == said(int(amount[1]), "en"), "the same sum, as a sentence says it"
        return f"{int(count[1]):,}", figures.amount(int(amount[1]), "wan" if amount[2].startswith("$") else "yi")

    checked = 0
    for address in ("/overview", "/overview?zone=EAST"):
        text = leader.get(address).text.replace("&amp;", "&")
        for link, number in re.findall(
            r'<a [^>]*?href="(/overview/[a-z_]+(?:\?[^"]*)?)"[^>]*>(?:<[^>]*>[^<]*</[^>]*> )?([\d.,]+)</a>', text
        ):
            # One page in full, of the other what it says of the other zone; shares of the plan are percentages.
            if "/done_of_plan" not in link and ("zone=EAST" in address or "zone=WEST" in link):
                assert number in behind(link), (link, number)
                checked += 1
        heads = re.findall(r'href="([^"]+)" class="fig".*?class="v">([\d,]+)', text, re.DOTALL)
        for link, number in [*heads, *re.findall(r'href="(/zones/[A-Z]+/ledgers/[a-z_]+)">([\d,]+)</a>', text)]:
            counted = re.search(r'id="count"[^>]*>\s*([\d,]+) project', leader.get(link).text)
            assert counted and counted[1] == number, (link, number)
            checked += 1
    assert checked > 70


def test_an_editor_sees_her_own_zone_and_not_the_other(sown: Cast) -> None:
    mine = sown.database.ask_now(sown.editor, overview.overview)
    assert [line.code for line in mine["lines"]] == ["EAST"]
    whole = sown.database.ask_now(sown.leader, overview.overview, "EAST")
    assert mine["heads"] == whole["heads"]
    assert mine["ten"] == whole["ten"]
