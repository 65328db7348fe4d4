"""Which months of which zones take no more reports: submitted ones wait for their reviewer, locked ones are corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.errors import Conflict
from app.models import Report, ZoneMonth
from app.rules.codes import ZoneMonthState
from app.rules.month_states import report_after
from app.services import periods

At = tuple[int, str]
"""A zone and a month."""
SENTENCES = {
    "locked": "{month} is locked; what is wrong is corrected",
    "submitted": "The zone has submitted {month}; whoever reviews it may return it",
    "confirmed": "{month} has been confirmed; whoever reviews it may return it",
}


def rows(desk: Desk, zone_ids: Iterable[int], months: Iterable[str]) -> dict[At, ZoneMonth]:
    """Where zones stand in periods, as far as anything has happened there."""
    first, last = min(months, default=""), max(months, default="")
    found = desk.rows(
        ZoneMonth, "of_zones",
        lambda q, t: q.where(in_zones(t.c.zone_id, desk.link.dialect, "zones_"), t.c.month >= sa.bindparam("first"), t.c.month <= sa.bindparam("last")),
        {"zones_": zones_value(desk.link.dialect, sorted(set(zone_ids))), "first": first, "last": last},
    )  # fmt: skip
    return {(row.zone_id, row.month): row for row in found}


def closed(desk: Desk, asked: Iterable[At]) -> dict[At, ZoneMonthState]:
    """Those of the asked that are not open, each with its state."""
    wanted = set(asked)
    if not wanted or not periods.all_(desk):
        return {}
    covered = {at: p for at in wanted if (p := periods.covering(desk, at[1])) is not None}
    known = rows(desk, (zone for zone, _ in covered), [p["month"] for p in covered.values()])
    states = {at: state(p, known.get((at[0], p["month"]))) for at, p in covered.items()}
    return {at: found for at, found in states.items() if found is not ZoneMonthState.OPEN}


def state(period: Mapping[str, Any], row: ZoneMonth | None) -> ZoneMonthState:
    """Where a zone stands in a period; without a row nothing has happened yet."""
    if period["locked_on"] is not None:
        return ZoneMonthState.LOCKED
    return ZoneMonthState(row.state) if row else ZoneMonthState.OPEN


def refuse_closed(desk: Desk, reported: Iterable[Report]) -> None:
    """Refuse to write these reports where their month takes none, whoever comes through whichever door."""
    wanted = list(reported)
    shut = closed(desk, {(row.zone_id, row.month) for row in wanted})
    for row in wanted:
        found = shut.get((row.zone_id, row.month))
        if found is not None:
            raise refusal(found, row.month)
        if row.id is not None and report_after(row.state, "write") is None:
            raise refusal(ZoneMonthState(row.state), row.month)


def refusal(found: ZoneMonthState, month: str) -> Conflict:
    """The refusal of a month that takes no reports."""
    return Conflict(SENTENCES[found], code="locked" if found == "locked" else "month_submitted", month=month)
