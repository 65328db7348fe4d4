"""Sums by light and by month: in step with the rows after every act, and counted again where an older program wrote."""

from __future__ import annotations

from app.audit import prove
from app.db import Database
from app.engine import Link, Sql
from app.schema import migrate
from app.services import projects
from tests.cast import Cast, link_of


def enter(cast: Cast, **facts: object) -> None:
    cast.database.act_now(cast.editor, projects.create, {"name": "Mill", **facts}, zone="EAST", ledger="reserve")


def kept(link: Link) -> list[list[tuple[object, ...]]]:
    return [
        sorted(row for row in link.rows(Sql(f"SELECT * FROM {name}")) if any(row[3:]))
        for name in ("light_total", "dated_total")
    ]


def wrong(database: Database) -> int:
    return sum(part.found for part in database.read_now(lambda link: list(prove(link))))


def test_what_an_older_program_left_behind_is_noticed_and_counted_again(cast: Cast) -> None:
    enter(cast, signed_on="2026-05-02", contract_amount_yuan=7, total_investment_yuan=9)
    enter(cast, signed_on="2026-06-02")
    enter(cast, planned_start_month="2026-09", reason="Test")
    link = link_of(cast.database)
    try:
        before = kept(link)
        assert len(before[1]) == 2 * 3, "two months of signing and one of planned starts, here and everywhere"
        assert wrong(cast.database) == 0
        link.run(Sql("DELETE FROM dated_total WHERE zone_id = 0"))
        assert wrong(cast.database) == 1
        migrate(cast.database.url, again=True)
        assert kept(link) == before
        link.run(Sql("DELETE FROM light_total"))
        migrate(cast.database.url)
        assert kept(link) == before
        assert wrong(cast.database) == 0
    finally:
        link.close()
