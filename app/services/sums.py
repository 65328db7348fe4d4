"""Sums as of an act, and the bridge between two: the nearest kept sums and the postings between, never a scan of rows.

``total`` is nothing else than the sum of all postings, and a copy of it is kept every 10,000 acts. So the sums after any
act are a copy, or the present ones, plus or minus the postings on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.desk import Desk, zones_value
from app.engine import Sql
from app.models import core
from app.rules.codes import Ledger

Counted = list[int]
"""The figures of one cell, in the order of ``core.COUNTED``."""

SUMMED = ", ".join(f"coalesce(sum({c}), 0)" for c in core.COUNTED)
# With each ledger named, the index (zone, ledger, act) finds the postings between two acts and no others.
LEDGERS = ", ".join(f"'{ledger.value}'" for ledger in Ledger)
WHERE = {
    "everywhere": {"sqlite": "", "postgresql": ""},
    "zones": {
        "sqlite": f" AND zone_id IN (SELECT value FROM json_each(:zones)) AND ledger IN ({LEDGERS})",
        "postgresql": f" AND zone_id = ANY(CAST(:zones AS bigint[])) AND ledger IN ({LEDGERS})",
    },
}


def _by_zones(select: str, group: str) -> dict[tuple[str, str], Sql]:
    return {
        (where, dialect): Sql(f"{select}{said} GROUP BY {group}")
        for where, dialects in WHERE.items()
        for dialect, said in dialects.items()
    }


NOW = _by_zones(f"SELECT ledger, {SUMMED} FROM total WHERE 1 = 1", "ledger")
KEPT = _by_zones(f"SELECT ledger, {SUMMED} FROM total_at WHERE seq = :base", "ledger")
POSTED = _by_zones(f"SELECT ledger, {SUMMED} FROM posting WHERE seq > :low AND seq <= :high", "ledger")
EXPLAINED = _by_zones(f"SELECT ledger, kind, {SUMMED} FROM posting WHERE seq > :low AND seq <= :high", "ledger, kind")
NEAREST = Sql(
    "SELECT (SELECT max(seq) FROM total_at WHERE seq <= :seq), (SELECT min(seq) FROM total_at WHERE seq >= :seq), "
    "(SELECT seq FROM head)"
)


def sums_as_of(desk: Desk, zone_ids: Sequence[int] | None, seq: int) -> dict[str, Counted]:
    """The sums of these zones (None: all) after act ``seq``, by ledger, in the order of ``core.COUNTED``.

    The caller has made sure that she sees the zones. A ledger in which nothing ever stood may be left out.
    """
    below, above, head = desk.link.row(NEAREST, {"seq": seq}) or (None, None, 0)
    if seq >= head:
        return _cells(desk, NOW, zone_ids)
    upper = head if above is None else above
    if upper - seq < seq - (below or 0):
        start = _cells(desk, NOW if above is None else KEPT, zone_ids, base=upper)
        return _added(start, _cells(desk, POSTED, zone_ids, low=seq, high=upper), -1)
    start = _cells(desk, KEPT, zone_ids, base=below) if below else {}
    return _added(start, _cells(desk, POSTED, zone_ids, low=below or 0, high=seq), 1)


def bridge(desk: Desk, zone_ids: Sequence[int] | None, low: int, high: int) -> dict[str, dict[str, Counted]]:
    """What leads from the sums after act ``low`` to those after act ``high``, by ledger and kind of posting.

    For each ledger the kinds add up to the difference of the two sums, because sums are nothing else than postings.
    """
    found: dict[str, dict[str, Counted]] = {}
    for ledger, kind, *counted in _rows(desk, EXPLAINED, zone_ids, {"low": low, "high": high}):
        found.setdefault(ledger, {})[kind] = [int(v) for v in counted]
    return found


def _cells(
    desk: Desk, statements: dict[tuple[str, str], Sql], zone_ids: Sequence[int] | None, **values: int
) -> dict[str, Counted]:
    # PostgreSQL sums BIGINT as NUMERIC; whole numbers again.
    return {ledger: [int(v) for v in counted] for ledger, *counted in _rows(desk, statements, zone_ids, values)}


def _rows(
    desk: Desk, statements: dict[tuple[str, str], Sql], zone_ids: Sequence[int] | None, values: dict[str, Any]
) -> list[tuple[Any, ...]]:
    dialect = desk.link.dialect
    if zone_ids is None:
        return desk.link.rows(statements["everywhere", dialect], values)
    return desk.link.rows(statements["zones", dialect], {**values, "zones": zones_value(dialect, zone_ids)})


def _added(start: dict[str, Counted], more: dict[str, Counted], sign: int) -> dict[str, Counted]:
    nothing = [0] * len(core.COUNTED)
    return {
        ledger: [a + sign * b for a, b in zip(start.get(ledger, nothing), more.get(ledger, nothing), strict=True)]
        for ledger in start.keys() | more.keys()
    }
