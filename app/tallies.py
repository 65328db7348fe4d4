"""The sums that an act keeps in step with its rows: by zone and ledger with postings, by light, and by month of the fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.engine import Link, Sql
from app.models import core
from app.report_tallies import Reckoned, all_reckoned
from app.rules.counting import AMOUNTS, Cell, count_row, posting_kinds
from app.rules.dated import DECIDING, Dated, dated, deciding

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


def tally(link: Link, seq: int, touched: Touched, reported: Reckoned, *, opening: bool) -> None:
    """Write what the projects that an act touched, and their reports, add to the sums and take from them."""
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
    _add_reckoned(facts, reported)
    rows = [{"seq": seq, **row} for row in _rows(posted, ("zone_id", "ledger", "kind"), core.COUNTED)]
    link.many(INSERT_POSTING, rows)
    link.many(ADD_TO_TOTAL, [{k: v for k, v in row.items() if k not in ("seq", "kind")} for row in rows])
    _write_derived(link, lights, facts)


def _write_derived(link: Link, lights: Sums, facts: Sums) -> None:
    link.many(ADD_TO_LIGHTS, list(_rows(lights, ("zone_id", "ledger", "light"), core.COUNTED)))
    link.many(ADD_TO_DATED, list(_rows(facts, ("zone_id", "fact", "period"), DATED)))


DATED = ("projects", "amount_sum", "amount_known")


def _add(sums: Sums, key: tuple[Any, ...], sign: int, figures: Sequence[int]) -> None:
    known = sums.setdefault(key, [0] * len(figures))
    for n, value in enumerate(figures):
        known[n] += sign * value


def _add_cell(sums: Sums, cell: Cell | None, sign: int) -> None:
    if cell is not None:
        _add(sums, (cell.zone_id, cell.ledger, cell.light), sign, cell.counted)


def _add_facts(sums: Sums, row: Mapping[str, Any] | None, sign: int) -> None:
    for found in dated(row) if row else ():
        _add_fact(sums, row["zone_id"] if row else 0, found, sign)


def _add_reckoned(sums: Sums, reported: Reckoned) -> None:
    for zone_id, found, sign in reported:
        _add_fact(sums, zone_id, found, sign)


def _add_fact(sums: Sums, zone_id: int, found: Dated, sign: int) -> None:
    figures = (1, found.amount or 0, int(found.amount is not None))
    for place in (zone_id, core.EVERYWHERE):
        _add(sums, (place, found.fact, found.period), sign, figures)


def _rows(sums: Sums, keys: tuple[str, ...], figures: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for key, values in sorted(sums.items()):
        if any(values):
            yield dict(zip((*keys, *figures), (*key, *values), strict=True))


# ── counting again ───────────────────────────────────────────────────────────────────────────────────────────────────
LOOKED_AT = tuple(dict.fromkeys((*DECIDING, *AMOUNTS, "light", "part_count")))
"""Every column on which a count hangs."""
ROWS = Sql(f"SELECT {', '.join(LOOKED_AT)} FROM project")


COUNTED_PROJECTS = Sql(
    "SELECT (SELECT coalesce(sum(projects), 0) FROM total), (SELECT coalesce(sum(projects), 0) FROM light_total)"
)


def counted(link: Link) -> bool:
    """Do the derived sums know as many projects as the kept ones? A first look, not a proof: that is the audit's."""
    whole, by_light = link.row(COUNTED_PROJECTS) or (0, 0)
    return bool(whole == by_light)


def recount(link: Link) -> None:
    """Count the derived sums from the rows again: after a migration, a restore, or a time in which an older program wrote.

    One walk through the projects and one through the reports, in the transaction of who calls.
    """
    lights: Sums = {}
    facts: Sums = {}
    for values in link.stream(ROWS):
        row = dict(zip(LOOKED_AT, values, strict=True))
        _add_cell(lights, count_row(row), 1)
        _add_facts(facts, row, 1)
    _add_reckoned(facts, all_reckoned(link))
    for name in core.DERIVED:
        link.run(Sql(f"DELETE FROM {name}"))
    _write_derived(link, lights, facts)
