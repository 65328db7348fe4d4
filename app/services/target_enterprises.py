"""目标企业: the firms that a zone wants to win, who is at it, and when they last spoke."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Invalid, NotFound
from app.models import Enterprise, Target
from app.models.checking import check
from app.models.enterprise_shapes import TargetFirmEdit
from app.rules.access import Act
from app.services import reasons, zones
from app.services.enterprises import chosen
from app.services.naming import by_ids
from app.services.records import zone_codes

FIELDS = ("state", "owner", "last_contact_on", "note")
Record = dict[str, Any]


def _told(desk: Desk, row: Target, firm: Enterprise) -> Record:
    zone = zone_codes(desk.link, [row.zone_id])[row.zone_id]
    facts = {name: getattr(row, name) for name in FIELDS}
    return {"zone": zone, "enterprise_id": row.enterprise_id, "name": firm.name, **facts, "version": row.since}


def _all(desk: Desk, rows: list[Target]) -> list[Record]:
    firms = {f.id: f for f in by_ids(desk, Enterprise, "targets", "id", (r.enterprise_id for r in rows))}
    return [_told(desk, row, firms[row.enterprise_id]) for row in rows if row.enterprise_id in firms]


def list_(desk: Desk, zone: str) -> list[Record]:
    """The targets of a zone: those longest without contact first, those won or given up last."""
    zone_id = zones.id_of(desk, zone)
    desk.ask(Act.REGISTER_READ, zone_id)
    rows = desk.rows(Target, "of_zone", lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone")), {"zone": zone_id})
    return sorted(_all(desk, rows), key=lambda t: (t["state"] in ("won", "given_up"), t["last_contact_on"] or ""))


def of_enterprise(desk: Desk, enterprise_id: int) -> list[Record]:
    """Which of her zones want this firm."""
    desk.ask(Act.REGISTER_READ)
    return _all(desk, by_ids(desk, Target, "of_firms", "enterprise_id", [enterprise_id]))


def read(desk: Desk, zone: str, enterprise_id: int) -> Record:
    """One target of a zone. Raises NotFound."""
    row = _find(desk, zones.id_of(desk, zone), enterprise_id)
    if row is None or row.deleted_at is not None:
        raise NotFound
    desk.ask(Act.REGISTER_READ, row.zone_id)
    return _told(desk, row, desk.get(Enterprise, enterprise_id))


def _find(desk: Desk, zone_id: int, enterprise_id: int) -> Target | None:
    found = desk.rows(
        Target,
        "one",
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone"), t.c.enterprise_id == sa.bindparam("firm")),
        {"zone": zone_id, "firm": enterprise_id},
        deleted="with",
    )
    return found[0] if found else None


def put(desk: Desk, zone: str, enterprise_id: int, values: Record, *, version: int | None = None) -> Record:
    """Put a firm on a zone's list, or change what stands there. Raises Invalid for a last contact that is yet to come."""
    zone_id = zones.id_of(desk, zone)
    desk.ask(Act.TARGET_FIRM_WRITE, zone_id)
    firm = chosen(desk, enterprise_id)
    facts = check(TargetFirmEdit, reasons.take(desk, values), partial=True)
    row = _find(desk, zone_id, enterprise_id) or Target(zone_id=zone_id, enterprise_id=enterprise_id)
    if row.id is not None and row.deleted_at is None:
        desk.current(row, version, changing=facts.keys())
    row.deleted_at = None
    for name, value in facts.items():
        setattr(row, name, value)
    row.state = row.state or Target.model_fields["state"].get_default()
    if (row.last_contact_on or "") > desk.today:
        raise Invalid.one("/last_contact_on", "future", "The day of a fact cannot lie in the future")
    desk.keep(row)
    return _told(desk, row, firm)


def remove(desk: Desk, zone: str, enterprise_id: int, *, version: int | None = None) -> Record:
    """Take a firm off a zone's list; history keeps it."""
    zone_id = zones.id_of(desk, zone)
    desk.ask(Act.TARGET_FIRM_WRITE, zone_id)
    row = _find(desk, zone_id, enterprise_id)
    if row is None or row.deleted_at is not None:
        raise NotFound
    desk.current(row, version)
    row.deleted_at = desk.now
    desk.keep(row)
    return _told(desk, row, desk.get(Enterprise, enterprise_id))
