"""Which cell of the sums a project stands in, and why. The only place where ledger, light and counting rules meet sums.

A project counts once, in the ledger it is in. It does not count when it is deleted, lost or withdrawn, a part of a
bundle (its parent counts), or a heading with phases (they count). It counts *officially* unless it is 待核: it came into
its ledger by a move without evidence. A bundle is one project and, split, as many items as it has parts. A blank amount is unknown: it adds nothing to the sum and is not among the known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

AMOUNTS = ("total_investment_yuan", "annual_plan_yuan", "invested_this_year_yuan", "invested_to_date_yuan")
LIGHTS = ("green", "yellow", "red", "none")
GONE = ("lost", "withdrawn")
SIZES = (0, 50_000_000, 100_000_000, 500_000_000, 1_000_000_000, 2_000_000_000)
"""Lower bounds of the size classes, by total investment in yuan."""


@dataclass(frozen=True)
class Cell:
    """One row's place in the sums: zone, ledger, light, and what it adds, in the order of ``models.core.COUNTED``."""

    zone_id: int
    ledger: str
    light: str
    counted: tuple[int, ...]


def why_not_counted(row: Mapping[str, Any]) -> str | None:
    """The code of the reason why a project counts in no ledger; None when it counts."""
    if row["deleted_at"] is not None:
        return "deleted"
    if row["disposition"] in GONE:
        return "gone"
    if row["relation"] == "part":
        return "part"
    return "heading" if row["has_phases"] else None


def count_row(row: Mapping[str, Any]) -> Cell | None:
    """The cell of one project row (a mapping of its columns), or None when it counts nowhere."""
    if why_not_counted(row):
        return None
    official = 0 if row["pending"] else 1
    light = row["light"] or "none"
    counted = [1, official, *(1 if light == colour else 0 for colour in LIGHTS)]
    for name in AMOUNTS:
        value = row[name]
        known = 0 if value is None else 1
        counted += [value or 0, known, (value or 0) * official, known * official]
    counted.append(((row["part_count"] or 1) - 1) * official)
    return Cell(row["zone_id"], row["ledger"], light, tuple(counted))


def posting_kinds(before: Cell | None, after: Cell | None, *, opening: bool) -> Iterator[tuple[Cell, int, str]]:
    """What an act adds to the sums for one row: cell, sign and kind of posting. Their sum is always after − before."""
    if before is None and after is not None:
        yield after, 1, "opened" if opening else "added"
    elif before is not None and after is None:
        yield before, -1, "removed"
    elif before is not None and after is not None:
        if (before.zone_id, before.ledger) == (after.zone_id, after.ledger):
            if before.counted != after.counted:
                yield before, -1, "adjusted"
                yield after, 1, "adjusted"
        else:
            yield before, -1, "moved_out"
            yield after, 1, "moved_in"
