"""The sums that an act keeps in step with its rows: by zone and ledger with postings, by light, and by month of the fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from app.engine import Link, Sql
from app.models import core
from app.models.base import NOUNS
from app.models.counted import counted_columns, counts, has_fact, period_column
from app.rules.counting import Cell, count_row, posting_kinds
from app.rules.dated import FACTS, dated, deciding

Touched = Iterable[tuple[Mapping[str, Any] | None, Mapping[str, Any]]]
Sums = dict[tuple[Any, ...], list[int]]


def _adding(table: sa.Table) -> Sql:
    """Add figures to those that stand under the same key, or begin with them."""
    names = [c.name for c in table.columns]
    keys = {c.name for c in table.primary_key.columns}
    sums = ", ".join(f"{n} = {table.name}.{n} + excluded.{n}" for n in names if n not in keys)
    return Sql(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(':' + n for n in names)}) "
        f"ON CONFLICT ({', '.join(n for n in names if n in keys)}) DO UPDATE SET {sums}"
    )


INSERT_POSTING = Sql(
    sa.insert(core.posting).values({c.name: sa.bindparam(c.name, type_=c.type) for c in core.posting.columns})
)
ADD_TO_TOTAL = _adding(core.total)
ADD_TO_LIGHTS = _adding(core.light_total)
ADD_TO_DATED = _adding(core.dated_total)


def tally(link: Link, seq: int, touched: Touched, *, opening: bool) -> None:
    """Write what the projects that an act touched add to the sums and take from them."""
    posted: Sums = {}
    lights: Sums = {}
    facts: Sums = {}
    for before, after in touched:
        old, new = count_row(before) if before else None, count_row(after)
        for cell, sign, kind in posting_kinds(old, new, opening=opening):
            _add(posted, (cell.zone_id, cell.ledger, kind), sign, cell.counted)
        if old != new:
            _add_cell(lights, old, -1)
            _add_cell(lights, new, 1)
        if before is None or deciding(before) != deciding(after):
            _add_facts(facts, before, -1)
            _add_facts(facts, after, 1)
    rows = [{"seq": seq, **row} for row in _rows(posted, ("zone_id", "ledger", "kind"), core.COUNTED)]
    link.many(INSERT_POSTING, rows)
    link.many(ADD_TO_TOTAL, [{k: v for k, v in row.items() if k not in ("seq", "kind")} for row in rows])
    link.many(ADD_TO_LIGHTS, list(_rows(lights, ("zone_id", "ledger", "light"), core.COUNTED)))
    link.many(ADD_TO_DATED, list(_rows(facts, ("zone_id", "fact", "period"), DATED)))


DATED = ("projects", "amount_sum", "amount_known")


def _add(sums: Sums, key: tuple[Any, ...], sign: int, figures: Iterable[int]) -> None:
    figures = list(figures)
    known = sums.setdefault(key, [0] * len(figures))
    for n, value in enumerate(figures):
        known[n] += sign * value


def _add_cell(sums: Sums, cell: Cell | None, sign: int) -> None:
    if cell is not None:
        _add(sums, (cell.zone_id, cell.ledger, cell.light), sign, cell.counted)


def _add_facts(sums: Sums, row: Mapping[str, Any] | None, sign: int) -> None:
    for found in dated(row) if row else ():
        known = found.amount is not None
        for zone_id in (row["zone_id"], core.EVERYWHERE) if row else ():
            _add(sums, (zone_id, found.fact, found.period), sign, (1, found.amount or 0, int(known)))


def _rows(sums: Sums, keys: tuple[str, ...], figures: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for key, values in sorted(sums.items()):
        if any(values):
            yield dict(zip((*keys, *figures), (*key, *values), strict=True))


# ── counting again ───────────────────────────────────────────────────────────────────────────────────────────────────
def recount(link: Link) -> None:
    """Count the derived sums from the rows again: after a migration, a restore, or a time in which an older program wrote.

    Runs in the transaction of who calls.
    """
    project: Any = NOUNS["project"].table
    light = sa.insert(core.light_total).from_select(
        [c.name for c in core.light_total.columns],
        sa.select(project.c.zone_id, project.c.ledger, project.c.light, *counted_columns(project))
        .where(counts(project))
        .group_by(project.c.zone_id, project.c.ledger, project.c.light),
    )
    for name in core.DERIVED:
        link.run(Sql(f"DELETE FROM {name}"))
    link.run(Sql(light))
    for name in FACTS:
        link.run(_counted_again(name, project))
    link.run(TOGETHER)


TOGETHER = Sql(
    "INSERT INTO dated_total (zone_id, fact, period, projects, amount_sum, amount_known) "
    f"SELECT {core.EVERYWHERE}, fact, period, sum(projects), sum(amount_sum), sum(amount_known) FROM dated_total GROUP BY fact, period"
)


def _counted_again(name: str, project: Any) -> Sql:
    fact = FACTS[name]
    period, amount = period_column(fact, project).label("period"), project.c[fact.amount]
    found = (
        sa.select(
            project.c.zone_id,
            sa.literal_column(f"'{name}'"),
            period,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(amount), 0),
            sa.func.count(amount),
        )
        .where(has_fact(fact, project))
        .group_by(project.c.zone_id, sa.literal_column("3"))
    )
    return Sql(sa.insert(core.dated_total).from_select([c.name for c in core.dated_total.columns], found))
