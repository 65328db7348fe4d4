"""A page of a ledger takes a handful of statements however many rows there are, and each walks the index in page order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from app.db import Database, house
from app.desk import SYSTEM, Desk
from app.engine import Link
from app.models import Lead, Project
from app.rules.access import Act
from app.rules.codes import LeadStage, Ledger
from app.services import ledgers
from app.services.asking import Asked, cursor_of
from tests.cast import Cast, link_of
from tests.web import Web

PAGES = {
    "/zones/EAST/ledgers/reserve": 9, "/zones/EAST/ledgers/reserve/rows?start=1": 9, "/ledgers/reserve": 11, "/funnel": 14, "/funnel?zone=EAST": 14,
    "/leads": 12, "/leads?view=list": 8,
}  # fmt: skip
"""Statements of a page asked for the second time, when zones and industries are remembered."""


def fill(database: Database, cast: Cast, rows: int) -> None:
    def enter(desk: Desk) -> None:
        desk.ask(Act.DEMO_LOAD)
        desk.keep(
            [
                Project(
                    name=f"Works {n}", zone_id=cast.east if n % 2 else cast.west, ledger=Ledger.RESERVE,
                    total_investment_yuan=n % 40 or None, entered_ledger_on="2026-01-01",
                )
                for n in range(rows)
            ]
        )  # fmt: skip
        desk.keep(
            [
                Lead(
                    name=f"Lead {n}", zone_id=cast.east if n % 2 else cast.west, stage=list(LeadStage)[n % 5],
                    registered_on="2026-01-01", stage_on="2026-01-01", intended_amount_yuan=n % 40 or None,
                )
                for n in range(rows)
            ]
        )  # fmt: skip

    database.act_now(house(), enter)


def test_a_ledger_page_takes_as_many_statements_for_many_rows_as_for_few(
    sqlite_web: Web, statements: list[str]
) -> None:
    web, cookie = sqlite_web, f"sanzhang={sqlite_web.cast.session('leader')}"
    taken: dict[str, list[int]] = {path: [] for path in PAGES}
    for rows in (6, 300):
        fill(web.cast.database, web.cast, rows)
        for path, most in PAGES.items():
            for _ in range(2):
                statements.clear()
                assert web.get(f"/{path}", key=None, headers={"Cookie": cookie}).status_code == 200
            taken[path].append(len(statements))
            assert len(statements) <= most, (path, statements)
    assert all(few == many for few, many in taken.values()), taken


@contextmanager
def watched(link: Link) -> Iterator[list[tuple[str, Mapping[str, Any]]]]:
    """Every statement that ``link`` runs, with its values."""
    seen: list[tuple[str, Mapping[str, Any]]] = []
    run = link._execute

    def noted(text: str, values: Mapping[str, Any]) -> Any:
        seen.append((text, values))
        return run(text, values)

    link._execute = noted  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        link._execute = run  # type: ignore[method-assign]


def plans(link: Link, asked: Asked, seq: int | None) -> list[str]:
    """How the database goes about the page asked for, statement by statement."""
    with watched(link) as seen:
        ledgers.page(Desk(SYSTEM, link, "en", "2026-11-24", seq=seq), asked, ("id", "name"))
    explain = "EXPLAIN QUERY PLAN " if link.dialect == "sqlite" else "EXPLAIN "
    pages = [(text, values) for text, values in seen if "ORDER BY" in text]
    return [
        "\n".join(str(r[-1]) for r in link.raw.execute(explain + text, values).fetchall()) for text, values in pages
    ]


@pytest.mark.parametrize("last", [None, [39, 10**6], [None, 10**6]], ids=["first", "behind a value", "behind unknown"])
@pytest.mark.parametrize("seq", [None, 3], ids=["now", "as of"])
def test_every_part_of_a_page_walks_the_index_in_page_order(
    cast: Cast, last: list[Any] | None, seq: int | None
) -> None:
    fill(cast.database, cast, 200)
    asked = Asked(zones=("EAST",), ledger="reserve", seq=seq)
    if last is not None:
        asked = Asked(zones=("EAST",), ledger="reserve", seq=seq, cursor=cursor_of(asked, last))
    link = link_of(cast.database)
    try:
        if link.dialect == "postgresql":  # so few rows are read faster without an index: ask what many would do
            link.raw.execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")
        for plan in plans(link, asked, seq):
            assert ("ix_project_page" if seq is None else "ix_project_version_page") in plan, plan
            assert "TEMP B-TREE" not in plan
            assert "Sort" not in plan
    finally:
        link.close()


def test_the_guard_sees_an_order_without_an_index(cast: Cast) -> None:
    fill(cast.database, cast, 50)
    link = link_of(cast.database)
    try:
        (plan,) = plans(link, Asked(zones=("EAST",), ledger="reserve", sort=("remarks",)), None)
        assert "TEMP B-TREE" in plan or "Sort" in plan
    finally:
        link.close()
