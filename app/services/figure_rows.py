"""The projects behind a figure of the overview: exactly those that were counted, by the same rule data."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import NotFound
from app.models import Project
from app.models.counted import has_fact, period_column
from app.rules.access import Act
from app.rules.dated import FACTS
from app.services import waiting, zones
from app.services.ledger_pages import names_of_zones

AT_ONCE = 100
COLUMNS = ("id", "name", "zone_id", "ledger", "light", "sponsor_leader")


def rows(desk: Desk, figure: str, zone: str | None, first: str, last: str, skip: int = 0) -> dict[str, Any]:
    """A page of the rows of a dated fact between two months (or years), newest first; ``last`` is counted too.

    Each row has the day or month of the fact as ``on`` and what it adds as ``amount``. NotFound for no such figure.
    """
    fact = FACTS.get(figure)
    if fact is None:
        raise NotFound
    desk.ask(Act.REGISTER_READ)
    zone_id = zones.id_of(desk, zone) if zone else None

    def where(query: Any, table: Any) -> Any:
        period = period_column(fact, table)
        query = query.where(has_fact(fact, table), period >= sa.bindparam("first"), period <= sa.bindparam("last"))
        return query if zone_id is None else query.where(table.c.zone_id == sa.bindparam("zone_"))

    def page(query: Any, table: Any) -> Any:
        return (
            where(query, table)
            .order_by(period_column(fact, table).desc(), table.c.id.desc())
            .limit(sa.bindparam("most"))
            .offset(sa.bindparam("skip"))
        )

    def columns(table: Any) -> list[Any]:
        on = sa.func.coalesce(*(sa.cast(table.c[name], sa.Text) for name in fact.period), sa.literal_column("''"))
        return [*(table.c[name] for name in COLUMNS), on, table.c[fact.amount]]

    values = {"first": first, "last": last} | ({} if zone_id is None else {"zone_": zone_id})
    key = (figure, zone_id is None)
    found = desk.select(
        Project, ("figure rows", key), page, {**values, "most": AT_ONCE + 1, "skip": skip}, columns=columns
    )
    count, amount = desk.select(
        Project, ("figure sum", key), where, values, columns=lambda t: [sa.func.count(), sa.func.sum(t.c[fact.amount])]
    )[0]
    items = [dict(zip((*COLUMNS, "on", "amount"), row, strict=True)) for row in found[:AT_ONCE]]
    return _told(desk, items, int(count), None if amount is None else int(amount), len(found) > AT_ONCE)


def waiting_rows(desk: Desk, way: str, zone: str | None, skip: int = 0) -> dict[str, Any]:
    """A page of all that wait in one way, longest first."""
    if way not in waiting.WAITS:
        raise NotFound
    desk.ask(Act.REGISTER_READ)
    zone_id = zones.id_of(desk, zone) if zone else None
    found = waiting.longest(desk, way, zone_id, AT_ONCE + 1, skip)
    for row in found:
        row |= {"on": row["since"], "amount": row["total_investment_yuan"]}
    return _told(desk, found[:AT_ONCE], None, None, len(found) > AT_ONCE)


def _told(desk: Desk, items: list[dict[str, Any]], count: int | None, amount: int | None, more: bool) -> dict[str, Any]:
    names = names_of_zones(desk, {row["zone_id"] for row in items})
    return {"items": items, "count": count, "amount": amount, "more": more, "zone_names": names}
