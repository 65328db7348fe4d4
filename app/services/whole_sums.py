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
"""The figures of one cell, in the order of ``core.COUNTED``."""

_SELECT = f"SELECT zone_id, ledger, {', '.join(core.COUNTED)} FROM total"
ALL = Sql(_SELECT)
SOME = {
    "sqlite": Sql(f"{_SELECT} WHERE zone_id IN (SELECT value FROM json_each(:zones))"),
    "postgresql": Sql(f"{_SELECT} WHERE zone_id = ANY(CAST(:zones AS bigint[]))"),
}
LAST = Sql("SELECT seq, hash, (SELECT hash FROM act WHERE seq = :seen) FROM head")
TOUCHED = Sql("SELECT scope FROM stamp WHERE seq > :seen AND scope LIKE 'zone:%'")


@dataclass(frozen=True)
class Sums:
    """The cells of every zone after act ``seq``. Never changed: a repair makes another."""

    seq: int
    hash: str
    cells: dict[int, dict[str, Counted]]
    """Zone → ledger → figures; the dict of a zone stays the same object until one of its figures changes."""
    whole: dict[str, Counted]
    """Ledger → figures over all zones."""


_held: list[Sums] = []
"""The last look of this process."""


def of_all(link: Link) -> Sums:
    """The sums as they stand in the transaction under way."""
    held = _held[0] if _held else None
    seq, last_hash, seen_hash = link.row(LAST, {"seen": held.seq if held else 0}) or (0, "", None)
    if held is not None and seen_hash == held.hash and seq >= held.seq:
        found = held if seq == held.seq else _repaired(link, held, seq, last_hash)
    else:
        found = Sums(seq, last_hash, cells := of_zones(link, None), added({}, cells.values()))
    _held[:] = [found]
    return found


def of_zones(link: Link, ids: Iterable[int] | None) -> dict[int, dict[str, Counted]]:
    """The cells of these zones (None: all), read from the table of sums."""
    rows = link.rows(ALL) if ids is None else link.rows(SOME[link.dialect], {"zones": zones_value(link.dialect, ids)})
    cells: dict[int, dict[str, Counted]] = {}
    for zone_id, ledger, *counted in rows:
        cells.setdefault(zone_id, {})[ledger] = tuple(counted)
    return cells


def _repaired(link: Link, held: Sums, seq: int, last_hash: str) -> Sums:
    touched = [int(scope.removeprefix("zone:")) for (scope,) in link.rows(TOUCHED, {"seen": held.seq})]
    fresh = of_zones(link, touched)
    before = [held.cells[zone] for zone in fresh if zone in held.cells]
    whole = added(added(held.whole, before, -1), fresh.values())
    return Sums(seq, last_hash, {**held.cells, **fresh}, whole)


def added(start: dict[str, Counted], cells: Iterable[dict[str, Counted]], sign: int = 1) -> dict[str, Counted]:
    """The figures of ``start`` with those of ``cells`` added (``sign`` 1) or taken off (-1), ledger by ledger."""
    found: dict[str, Any] = {ledger: list(counted) for ledger, counted in start.items()}
    for cell in cells:
        for ledger, counted in cell.items():
            known = found.setdefault(ledger, [0] * len(counted))
            for n, figure in enumerate(counted):
                known[n] += sign * figure
    return {ledger: tuple(counted) for ledger, counted in found.items()}
