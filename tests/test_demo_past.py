"""The demo city's past: a year of acts by invented people, told in one transaction, that ends where its projects stand today."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app import demonstrate
from app.audit import verify
from app.db import Database, house
from app.demo import past
from app.demo.past import Station
from app.demo.projects import SIZES, TODAY, projects
from app.engine import Sql
from app.errors import Conflict
from app.models import Project
from app.rules.access import Act
from app.rules.codes import Ledger
from app.rules.ledgers import ORDER
from app.rules.money import next_month
from app.services import demo, enterprises, ledgers, monthly, reports, target_enterprises, verdicts
from app.worker.likenesses import compare
from tests.cast import Cast
from tests.conftest import opened

SEED = 7
ACTS = Sql("SELECT at, actor_name, word FROM act ORDER BY seq")


@cache
def the_city() -> list[dict[str, Any]]:
    return [row for zone in SIZES for row in projects(zone, SEED)]


def test_a_project_comes_through_the_ledgers_in_their_order_and_ends_where_it_stands() -> None:
    for row in the_city():
        way = past.stations(row, TODAY)
        assert [s.ledger for s in way] == list(ORDER[: ORDER.index(row["ledger"]) + 1])
        assert all(a.day <= b.day for a, b in pairwise(way))
        assert way[-1].day <= TODAY


def test_what_a_project_cost_by_the_month_adds_up_to_its_year() -> None:
    months = past.span(TODAY).reported
    for row in the_city():
        if not row.get("started_on"):
            continue
        costs = past.spending(row, months)
        assert all(cost >= 0 and cost % 10_000 == 0 for _, cost in costs)
        assert all(row["started_on"][:7] <= month for month, _ in costs)
        if costs:
            assert sum(cost for _, cost in costs) == row["opening_this_year_yuan"]


def test_a_row_says_nothing_before_its_day() -> None:
    building = next(row for row in the_city() if row["ledger"] is Ledger.COMPLETED and row.get("in_production_on"))
    started, done, makes = (building[n] for n in ("started_on", "completed_on", "in_production_on"))
    before = past.row_on(building, Station(building["signed_on"], Ledger.UPCOMING), building["signed_on"])
    assert not {"started_on", "completed_on", "in_production_on", "registered_in_statistics_on"} & before.keys()
    built = past.row_on(building, Station(started, Ledger.IN_CONSTRUCTION), started)
    assert built["started_on"] == started and "completed_on" not in built
    finished = past.row_on(building, Station(done, Ledger.COMPLETED), done)
    assert finished["completed_on"] == done and ("in_production_on" in finished) is (makes <= done)


@pytest.mark.parametrize(
    ("today", "last", "opening", "reported"),
    [
        ("2026-11-24", "2026-10", "2025-12", 9),
        ("2026-03-01", "2026-02", "2025-12", 1),
        ("2026-02-10", "2026-01", "2026-01", 0),
        ("2026-01-05", "2025-12", "2024-12", 11),
    ],
)
def test_the_year_that_is_told_ends_with_the_month_before_this_one(
    today: str, last: str, opening: str, reported: int
) -> None:
    span = past.span(today)
    assert (span.last, span.opening, len(span.reported)) == (last, opening, reported)
    assert span.first == next_month(last, -12) == past.months_of(span)[0]


@pytest.mark.parametrize("today", ["2026-03-01", "2026-02-10", "2026-01-05", "2025-12-31"])
def test_one_zone_can_be_told_on_any_day(database: Database, today: str) -> None:
    zone = "371500-RESORT"
    assert demonstrate.load(database, today=today, codes=[zone]) == {"zones": 1, "projects": sum(SIZES[zone])}
    heads = database.ask_now(house(), ledgers.heads, zone)
    assert sum(head["project_count"] + head["pending_count"] for head in heads.values()) > 15


@pytest.fixture(scope="module")
def told(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The register after the whole story, which takes as long as a hundred other tests: told once for those that only look."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copyfile(migrated_file, folder / "register.db")
    for database in opened(f"sqlite:///{folder}/register.db", folder):
        demonstrate.load(database)
        yield database


def test_the_city_has_a_month_and_a_year_to_be_compared_with(told: Database) -> None:
    """And every act of the year has a day, a name and its place in the chain."""
    db = told
    acts = db.read_now(lambda link: link.rows(ACTS))
    assert [at for at, _, _ in acts] == sorted(at for at, _, _ in acts)
    assert len({name for _, name, _ in acts}) > 20
    assert {"project.move", "report.write", "month.lock", "demo.load"} <= {word for _, _, word in acts}
    assert verify(db.settings).sound
    month = db.ask_now(house(), lambda desk: monthly.month_shown(desk, monthly.figures(desk, None)))
    now = db.ask_now(house(), lambda desk: ledgers.heads_of(desk, None))
    for earlier in (next_month(month, -1), next_month(month, -12)):
        then = db.ask_now(house(), lambda desk, at=earlier: monthly.heads_at(desk, None, at))
        assert then is not None and then != now

    def add_up(desk: Any) -> None:
        desk.ask(Act.REGISTER_READ)
        rows: list[Project] = desk.rows(Project, "test", lambda q, t: q.where(t.c.ledger == "in_construction"))
        for row in rows[:20]:
            known = reports.list_(desk, row.id or 0)
            assert sum(r["invested_yuan"] or 0 for r in known) == (row.invested_this_year_yuan or 0) or not known

    db.ask_now(house(), add_up)


def test_the_city_has_firms_targets_and_two_zones_that_met_the_same_investor(told: Database) -> None:
    base = told.ask_now(house(), enterprises.list_)
    assert len(base) > 20
    assert all(e["name"].endswith("（演示）") and e["credit_code"] for e in base)
    most = max(told.ask_now(house(), enterprises.counted, [e["id"] for e in base]).values())
    assert most > 5
    assert len(told.ask_now(house(), target_enterprises.list_, "371500-ETDZ")) == 3
    compare(told)
    pairs = told.ask_now(house(), verdicts.open_)
    assert sum(p["strength"] == "strong" and p["first"]["zone"] != p["later"]["zone"] for p in pairs) >= 3


def test_nothing_is_left_of_a_story_that_cannot_be_told(sqlite_cast: Cast) -> None:
    db = sqlite_cast.database
    demonstrate.load(db, codes=["371500-RESORT"])
    acts = len(db.read_now(lambda link: link.rows(ACTS)))
    with pytest.raises(Conflict):
        demonstrate.load(db)
    assert len(db.read_now(lambda link: link.rows(ACTS))) == acts
    assert db.ask_now(house(), demo.is_demo)
