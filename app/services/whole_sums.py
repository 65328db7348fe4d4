"""The sums of every zone, held in memory and repaired: ten thousand cells are not read again because one has changed.

A look reads one row: the last act. When it is another than at the last look, the zones touched since are read again; their
stamps name them. What is held belongs to one history: if the act it was read at has another hash, it is read anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.desk import zones_value
from app.engine import Link, Sql
from app.models import core

Counted = tuple[int, ...]
"""The figures of one cell, in the order of the table's columns."""
Key = str | tuple[str, ...]
"""What stands beside the zone in a table's key."""
Cells = dict[Key, Counted]

LAST = Sql("SELECT seq, hash, (SELECT hash FROM act WHERE seq = :seen) FROM head")
TOUCHED = Sql("SELECT scope FROM stamp WHERE seq > :seen AND scope LIKE 'zone:%'")


@dataclass(frozen=True)
class Sums:
    """The cells of every zone after act ``seq``. Never changed: a repair makes another."""

    seq: int
    hash: str
    cells: dict[int, Cells]
    """Zone → key → figures; the dict of a zone stays the same object until one of its figures changes."""
    whole: Cells
    """Key → figures over all zones."""


class Table:
    """A table of sums by zone: read for some zones, or held for all of them. ``where`` leaves some of it out."""

    def __init__(self, name: str, keys: tuple[str, ...], figures: tuple[str, ...], where: str = "1 = 1") -> None:
        select = f"SELECT zone_id, {', '.join((*keys, *figures))} FROM {name} WHERE {where}"
        self._keys = len(keys)
        self._all = Sql(select)
        self._some = {
            "sqlite": Sql(f"{select} AND zone_id IN (SELECT value FROM json_each(:zones))"),
            "postgresql": Sql(f"{select} AND zone_id = ANY(CAST(:zones AS bigint[]))"),
        }
        self._held: list[Sums] = []  # the last look of this process

    def of_all(self, link: Link) -> Sums:
        """The sums as they stand in the transaction under way."""
        held = self._held[0] if self._held else None
        seq, last_hash, seen_hash = link.row(LAST, {"seen": held.seq if held else 0}) or (0, "", None)
        if held is not None and seen_hash == held.hash and seq >= held.seq:
            found = held if seq == held.seq else self._repaired(link, held, seq, last_hash)
        else:
            found = Sums(seq, last_hash, cells := self.of_zones(link, None), added({}, cells.values()))
        self._held[:] = [found]
        return found

    def of_zones(self, link: Link, ids: Iterable[int] | None) -> dict[int, Cells]:
        """The cells of these zones (None: all), read from the table of sums."""
        if ids is None:
            rows = link.rows(self._all)
        else:
            rows = link.rows(self._some[link.dialect], {"zones": zones_value(link.dialect, ids)})
        cells: dict[int, Cells] = {}
        for row in rows:
            key = row[1] if self._keys == 1 else row[1 : self._keys + 1]
            cells.setdefault(row[0], {})[key] = row[self._keys + 1 :]
        return cells

    def _repaired(self, link: Link, held: Sums, seq: int, last_hash: str) -> Sums:
        touched = [int(scope.removeprefix("zone:")) for (scope,) in link.rows(TOUCHED, {"seen": held.seq})]
        fresh = self.of_zones(link, touched)
        before = [held.cells[zone] for zone in fresh if zone in held.cells]
        whole = added(added(held.whole, before, -1), fresh.values())
        return Sums(seq, last_hash, {**held.cells, **fresh}, whole)


LEDGERS = Table("total", ("ledger",), core.COUNTED)
LIGHTS = Table("light_total", ("ledger", "light"), core.COUNTED)
DATED = Table(
    "dated_total",
    ("fact", "period"),
    ("projects", "amount_sum", "amount_known"),
    where="zone_id <> 0 AND fact IN ('planned', 'done_of_plan', 'completed', 'owing_from', 'owing_until', 'reported', 'reported_early')",
)
"""Plans and reports by month: what the table of zones and the head of a ledger tell."""
of_all, of_zones = LEDGERS.of_all, LEDGERS.of_zones


def added(start: Cells, cells: Iterable[Cells], sign: int = 1) -> Cells:
    """The figures of ``start`` with those of ``cells`` added (``sign`` 1) or taken off (-1), key by key."""
    found: dict[Key, Any] = {key: list(counted) for key, counted in start.items()}
    for cell in cells:
        for key, counted in cell.items():
            known = found.setdefault(key, [0] * len(counted))
            for n, figure in enumerate(counted):
                known[n] += sign * figure
    return {key: tuple(counted) for key, counted in found.items()}
