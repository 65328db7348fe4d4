"""The sums that an act keeps in step with its rows: by zone and ledger with postings, by light, and by month of the fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.engine import Link, Sql
from app.models import core
from app.models.base import NOUNS
from app.report_tallies import Reckoned, all_reckoned
from app.rules.counting import AMOUNTS, Cell, count_row, posting_kinds
from app.rules.dated import DECIDING, Dated, dated, deciding

Counts = Mapping[str, Any]
"""The columns of a project on which a count hangs (``LOOKED_AT``)."""
Sums = dict[tuple[Any, ...], list[int]]
LOOKED_AT = tuple(dict.fromkeys((*DECIDING, *AMOUNTS, "light", "part_count")))
"""Every column on which a count hangs."""
_looked_at = NOUNS["project"].chosen(*LOOKED_AT)


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


class Tally:
    """What the projects that an act touched, and their reports, add to the sums and take from them, counted up and then written."""

    def __init__(self, *, opening: bool) -> None:
        self.opening = opening
        self._posted: Sums = {}
        self._lights: Sums = {}
        self._facts: Sums = {}

    def count(self, before: Counts | None, after: Counts, sign: int = 1) -> None:
        """A project that was ``before`` (None: it is new) and is ``after``. ``sign`` -1 takes back what was counted."""
        old, new = count_row(before) if before else None, count_row(after)
        for cell, direction, kind in posting_kinds(old, new, opening=self.opening):
            _add(self._posted, (cell.zone_id, cell.ledger, kind), sign * direction, cell.counted)
        if old != new:
            _add_cell(self._lights, old, -sign)
            _add_cell(self._lights, new, sign)
        if before is None or deciding(before) != deciding(after):
            _add_facts(self._facts, before, -sign)
            _add_facts(self._facts, after, sign)

    def move(self, first: Sequence[Any] | None, now: Sequence[Any], sign: int = 1) -> None:
        """``count`` for the values of all columns of a project; one that counts as before is left out."""
        was, is_ = _looked_at(first) if first else None, _looked_at(now)
        if was != is_:
            before = dict(zip(LOOKED_AT, was, strict=True)) if was else None
            self.count(before, dict(zip(LOOKED_AT, is_, strict=True)), sign)

    def reckon(self, reported: Reckoned, sign: int = 1) -> None:
        """What the reports of projects say (``report_tallies``)."""
        _add_reckoned(self._facts, reported, sign)

    def write(self, link: Link, seq: int) -> None:
        rows = [{"seq": seq, **row} for row in _rows(self._posted, ("zone_id", "ledger", "kind"), core.COUNTED)]
        link.many(INSERT_POSTING, rows)
        link.many(ADD_TO_TOTAL, [{k: v for k, v in row.items() if k not in ("seq", "kind")} for row in rows])
        _write_derived(link, self._lights, self._facts)


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


def _add_reckoned(sums: Sums, reported: Reckoned, sign: int = 1) -> None:
    for zone_id, found, direction in reported:
        _add_fact(sums, zone_id, found, sign * direction)


def _add_fact(sums: Sums, zone_id: int, found: Dated, sign: int) -> None:
    figures = (1, found.amount or 0, int(found.amount is not None))
    for place in (zone_id, core.EVERYWHERE):
        _add(sums, (place, found.fact, found.period), sign, figures)


def _rows(sums: Sums, keys: tuple[str, ...], figures: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for key, values in sorted(sums.items()):
        if any(values):
            yield dict(zip((*keys, *figures), (*key, *values), strict=True))


# ── counting again ───────────────────────────────────────────────────────────────────────────────────────────────────
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
