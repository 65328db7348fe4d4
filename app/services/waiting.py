"""Projects that stand still: signed and not started, due to start and not started, started and not producing.

Each list is one walk of an index of its own, longest first, so that the ten that wait longest in a whole country cost
as much as in one zone. The conditions are written out, since a partial index serves only a statement that says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.models import Project
from app.models.counted import counts
from app.rules.money import next_month
from app.services.records import light_sentence
from app.words import Word

COUNTS = "deleted_at IS NULL AND disposition IN ('active', 'deferred', 'suspended')"
MOST = 10


@dataclass(frozen=True)
class Wait:
    """One way to wait: since which column, for whom, and the month after which a plan is overdue."""

    since: str
    where: str
    title: Word
    planned: bool = False


WAITS: dict[str, Wait] = {
    "not_started": Wait(
        "signed_on",
        f"{COUNTS} AND started_on IS NULL AND signed_on IS NOT NULL AND ledger IN ('reserve', 'upcoming')",
        Word("Signed, not started"),
    ),
    "overdue": Wait(
        "first_planned_start_month",
        f"{COUNTS} AND started_on IS NULL AND first_planned_start_month IS NOT NULL AND ledger = 'upcoming'",
        Word("Due to start, not started"),
        planned=True,
    ),
    "not_producing": Wait(
        "started_on",
        f"{COUNTS} AND started_on IS NOT NULL AND in_production_on IS NULL AND ledger IN ('in_construction', 'completed')",
        Word("Started, not producing"),
    ),
}
COLUMNS = (
    "id", "name", "zone_id", "ledger", "disposition", "sponsor_leader", "bottleneck", "problems_government", "problems_own",
    "light_reason", "total_investment_yuan",
)  # fmt: skip


def longest(
    desk: Desk, way: str, zone_id: int | None, most: int = MOST, skip: int = 0, *, leader: str | None = None
) -> list[dict[str, Any]]:
    """Who waits longest: project, since when, how many days, and why, as far as somebody has said it."""
    wait = WAITS[way]

    def build(query: Any, table: Any) -> Any:
        since = table.c[wait.since]
        query = query.where(sa.text(wait.where), counts(table), since <= sa.bindparam("until", type_=since.type))
        if wait.planned:  # what the city office accepted, or the year turned to, is not overdue yet
            accepted = table.c.baseline_start_month
            query = query.where(sa.or_(accepted.is_(None), accepted <= sa.bindparam("until", type_=since.type)))
        if zone_id is not None:
            query = query.where(table.c.zone_id == sa.bindparam("zone_"))
        if leader is not None:
            query = query.where(table.c.sponsor_leader == sa.bindparam("leader_"))
        return query.order_by(since, table.c.id).limit(sa.bindparam("most")).offset(sa.bindparam("skip"))

    until = next_month(desk.today[:7], -1) if wait.planned else desk.today
    values = {"until": until, "most": most, "skip": skip} | ({} if zone_id is None else {"zone_": zone_id})
    values |= {} if leader is None else {"leader_": leader}
    rows = desk.select(
        Project, ("waiting", way, zone_id is None, leader is None), build, values, columns=(*COLUMNS, wait.since)
    )
    return [_told(desk, dict(zip((*COLUMNS, "since"), row, strict=True)), wait) for row in rows]


def _told(desk: Desk, row: dict[str, Any], wait: Wait) -> dict[str, Any]:
    # A plan for March is overdue from the first of April.
    begins = f"{next_month(row['since'])}-01" if wait.planned else row["since"]
    days = (date.fromisoformat(desk.today) - date.fromisoformat(begins)).days
    return {**row, "days": days, "why": why(row, desk.language)}


def why(row: Mapping[str, Any], language: str) -> str | None:
    """What is said to stand in the way; where nobody has said it, what the light says."""
    said = row["bottleneck"] or row["problems_government"] or row["problems_own"]
    return said or light_sentence(row["light_reason"], language)
