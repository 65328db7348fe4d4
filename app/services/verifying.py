"""Does a paper match the register? What it says is read again as of the act that submitted it, and beside it what stands now."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.models import Paper, Zone
from app.rules.papers import content_hash, differences
from app.services import papers, periods, zone_months, zones
from app.services.demo import is_demo

Record = dict[str, Any]


def verify(desk: Desk, sent: str) -> Record:
    """A paper by the code that stands on it: of which zone and month, submitted when and by whom; whether its figures are
    still those of the register (``intact``); and how it stands: ``stands``, ``changed`` (``differences``, ``corrections``),
    ``returned`` or ``superseded`` (``newer``)."""
    row = papers.by_code(desk, sent)
    zone = _code_of(desk, row)
    then = _figures(desk.at(row.act), zone, row.month)
    told = zone_months.read(desk, zone, row.month)
    now = papers.figures(told, then["zone_name"])
    newest = papers.of_month(desk, row.zone_id, row.month)[0]
    found = {
        **papers.told(row),
        "zone": zone,
        "zone_name": then["zone_name"],
        "state": told["state"],
        "intact": content_hash(then) == row.content_hash,
        "newer": newest.code if newest.id != row.id else None,
        "differences": differences(then["rows"], now["rows"]),
        "corrections": told["corrections"],
        "projects": sum(row["owes"] for row in then["rows"]),
    }
    return {**found, "stands": _standing(found)}


def _standing(found: Record) -> str:
    if found["newer"]:
        return "superseded"
    if found["state"] == "open":
        return "returned"
    return "changed" if found["differences"] or found["corrections"] else "stands"


def drawing(desk: Desk, sent: str) -> tuple[Record, Record, bool]:
    """The paper, the figures that are drawn on it, and whether they are invented."""
    row = papers.by_code(desk, sent)
    return papers.told(row), _figures(desk.at(row.act), _code_of(desk, row), row.month), is_demo(desk)


def list_(desk: Desk, code: str, month: str) -> list[Record]:
    """The papers of a zone's month, the newest first."""
    periods.find(desk, month)
    return [papers.told(row) for row in papers.of_month(desk, zones.id_of(desk, code), month)]


def _figures(desk: Desk, zone: str, month: str) -> Record:
    return papers.figures(zone_months.read(desk, zone, month), papers.name_of(desk, zone))


def _code_of(desk: Desk, row: Paper) -> str:
    rows = desk.select(
        Zone, "code_by_id", lambda q, t: q.where(t.c.id == sa.bindparam("id")), {"id": row.zone_id}, columns=("code",)
    )
    return str(rows[0][0])
