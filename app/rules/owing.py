"""Who owes a report: a project that was being built in a period, and whose figures of it are not part of an opening.

A heading and a bundle owe none: their phases and parts have reports of their own. Each project owes its reports from one
month to another, so that a count of these two months says for every period how many are owed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.rules.codes import Ledger
from app.rules.counting import GONE
from app.rules.money import next_month

NEVER = "9999-12"
"""The end of what has none."""


def months_owed(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first and the last month of which a project row owes a report; "" is the beginning of time, None: it owes none."""
    if row["deleted_at"] is not None or row["disposition"] in GONE or row["has_phases"] or row["part_count"]:
        return None
    if row["ledger"] == Ledger.IN_CONSTRUCTION:
        last = NEVER
    elif row["ledger"] == Ledger.COMPLETED and row["completed_on"] is not None:
        last = row["completed_on"][:7]
    else:
        return None
    started, opening = row["started_on"], row["opening_month"]
    first = max(started[:7] if started else "", next_month(opening) if opening else "")
    return (first, last) if first <= last else None


def stands(state: str) -> bool:
    """Is this report given? A returned one must be written again."""
    return state != "returned"
