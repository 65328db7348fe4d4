"""The projects or reports behind a figure of the overview: exactly those that were counted, by the same rule data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import BadRequest, NotFound
from app.models import Project, Report
from app.models.counted import counts, has_fact, period_column
from app.models.reported import has_spent, spent
from app.rules.access import Act
from app.rules.counting import LIGHTS
from app.rules.dated import FACTS
from app.services import owing, periods, report_rows, waiting, zones
from app.services.ledger_pages import names_of_zones

AT_ONCE = 100
COLUMNS = ("id", "name", "zone_id", "ledger", "light", "sponsor_leader")


@dataclass(frozen=True)
class Of:
    """Whose rows: of one zone, of one sponsor leader, of so large an amount."""

    zone: str | None = None
    leader: str | None = None
    least: int | None = None


@dataclass(frozen=True)
class Listed:
    """How a figure's projects are found: a condition, the date and the amount of each, and what comes first."""

    where: Callable[[Desk, Any], list[Any]]
    on: Callable[[Any], Any]
    amount: Callable[[Desk, Any], Any]
    values: Callable[[Desk, str, str], dict[str, Any]] = lambda desk, first, last: {"first": first, "last": last}


def _of_fact(name: str) -> Listed:
    fact = FACTS[name]

    def where(_: Desk, table: Any) -> list[Any]:
        period = period_column(fact, table)
        return [has_fact(fact, table), period >= sa.bindparam("first"), period <= sa.bindparam("last")]

    def on(table: Any) -> Any:
        known = [sa.cast(table.c[name], sa.Text) for name in fact.period]
        return sa.func.coalesce(*known, sa.literal_column("''")) if known else _begun(table)

    return Listed(where, on, lambda _, table: table.c[fact.amount])


def _missing(desk: Desk, table: Any) -> list[Any]:
    return [owing.owes(table), sa.not_(owing.has_reported(desk, table))]


def _of_light(colour: str) -> Listed:
    """A light of what is in construction, 待核 too: as many as the ledger's head says."""

    def where(_: Desk, table: Any) -> list[Any]:
        return [
            counts(table),
            table.c.ledger == sa.literal_column("'in_construction'"),
            table.c.light == sa.literal_column(f"'{colour}'"),
        ]

    return Listed(where, _begun, _total, lambda desk, first, last: {})


def _begun(table: Any) -> Any:
    return sa.func.coalesce(sa.cast(table.c.started_on, sa.Text), sa.literal_column("''"))


def _total(_: Desk, table: Any) -> Any:
    return table.c.total_investment_yuan


LISTED: dict[str, Listed] = {
    **{name: _of_fact(name) for name in FACTS},
    **{f"light_{colour}": _of_light(colour) for colour in LIGHTS},
    "missing": Listed(
        _missing, _begun, _total, lambda desk, first, last: owing.days_of(periods.of_month(desk, _month(last)))
    ),
    "spent": Listed(
        lambda desk, table: has_spent(table, desk.table(Report), desk.then), lambda table: table.c.figures_month, lambda desk, table: spent(table, desk.table(Report), desk.then),
        lambda desk, first, last: {"january": f"{_month(last)[:4]}-01", "last": last},
    ),
}  # fmt: skip


def _month(said: str) -> str:
    if len(said) != 7:
        raise BadRequest("A parameter of the address cannot be read")
    return said


def rows(desk: Desk, figure: str, of: Of, first: str, last: str, skip: int = 0) -> dict[str, Any]:
    """A page of the rows of a figure between two months (or years), newest first; ``last`` is counted too.

    Each row has the day or month of the fact as ``on`` and what it adds as ``amount``. NotFound for no such figure.
    """
    desk.ask(Act.REGISTER_READ)
    zone_id = zones.id_of(desk, of.zone) if of.zone else None
    if figure in report_rows.FIGURES:
        items, count, amount = report_rows.rows(desk, figure, zone_id, of.leader, first, last, AT_ONCE + 1, skip)
        return _told(desk, items[:AT_ONCE], count, amount, len(items) > AT_ONCE)
    listed = LISTED.get(figure)
    if listed is None:
        raise NotFound

    def where(query: Any, table: Any) -> Any:
        query = query.where(*listed.where(desk, table))
        if of.least is not None:
            query = query.where(listed.amount(desk, table) >= sa.bindparam("least"))
        if of.leader is not None:
            query = query.where(table.c.sponsor_leader == sa.bindparam("leader"))
        return query if zone_id is None else query.where(table.c.zone_id == sa.bindparam("zone_"))

    def page(query: Any, table: Any) -> Any:
        newest = (listed.on(table).desc(), table.c.id.desc())
        return where(query, table).order_by(*newest).limit(sa.bindparam("most")).offset(sa.bindparam("skip"))

    def columns(table: Any) -> list[Any]:
        return [*(table.c[name] for name in COLUMNS), listed.on(table), listed.amount(desk, table)]

    values = listed.values(desk, first, last) | {"zone_": zone_id, "leader": of.leader, "least": of.least}
    values = {name: value for name, value in values.items() if value is not None}
    key = (figure, zone_id is None, of.leader is None, of.least is None)
    found = desk.select(
        Project, ("figure rows", key), page, {**values, "most": AT_ONCE + 1, "skip": skip}, columns=columns
    )
    count, amount = desk.select(
        Project, ("figure sum", key), where, values,
        columns=lambda t: [sa.func.count(), sa.func.sum(listed.amount(desk, t))],
    )[0]  # fmt: skip
    items = [{**dict(zip((*COLUMNS, "on", "amount"), row, strict=True)), "said": None} for row in found[:AT_ONCE]]
    return _told(desk, items, int(count), None if amount is None else int(amount), len(found) > AT_ONCE)


def waiting_rows(desk: Desk, way: str, of: Of, skip: int = 0) -> dict[str, Any]:
    """A page of all that wait in one way, longest first."""
    if way not in waiting.WAITS:
        raise NotFound
    desk.ask(Act.REGISTER_READ)
    zone_id = zones.id_of(desk, of.zone) if of.zone else None
    found = waiting.longest(desk, way, zone_id, AT_ONCE + 1, skip, leader=of.leader)
    for row in found:
        row |= {"on": row["since"], "amount": row["total_investment_yuan"], "said": row["why"]}
    return _told(desk, found[:AT_ONCE], None, None, len(found) > AT_ONCE)


def _told(desk: Desk, items: list[dict[str, Any]], count: int | None, amount: int | None, more: bool) -> dict[str, Any]:
    names = names_of_zones(desk, {row["zone_id"] for row in items})
    return {"items": items, "count": count, "amount": amount, "more": more, "zone_names": names}
