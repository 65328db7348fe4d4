"""Responsibility boundaries (职责边界): which matter of a zone is the committee's, a host town's, the zone company's or a
department's, each line with its basis and, where there is one, the item of the catalogue it is about."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Invalid, NotFound
from app.models import Boundary
from app.models.power_shapes import BoundaryEdit, BoundaryNew
from app.models.powers import BoundaryFacts
from app.models.shapes import check
from app.rules.access import Act
from app.rules.codes import BoundaryHolder
from app.services import powers, reasons, zones

Record = dict[str, Any]
FACTS = tuple(BoundaryFacts.model_fields)
ORDER = {holder.value: n for n, holder in enumerate(BoundaryHolder)}


def list_(desk: Desk, code: str) -> list[Record]:
    """The lines of a zone, by who holds them and as they were written."""
    zone_id = zones.id_of(desk, code)
    desk.ask(Act.REGISTER_READ, zone_id)
    here = lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone")).order_by(t.c.id)  # noqa: E731
    rows = desk.rows(Boundary, "of_zone", here, {"zone": zone_id})
    catalogue = powers.by_id(desk)
    return sorted((_told(row, code, catalogue) for row in rows), key=lambda f: ORDER[f["holder"]])


def _told(row: Boundary, code: str, catalogue: dict[int, Record]) -> Record:
    power = catalogue.get(row.power_id or 0)
    return {
        "id": row.id,
        "zone": code,
        **{name: getattr(row, name) for name in FACTS},
        "power": power["code"] if power else None,
        "power_name": power["name"] if power else None,
        "version": row.since,
    }


def read(desk: Desk, code: str, id_: int) -> Record:
    """One line."""
    return _told(_find(desk, code, id_), code, powers.by_id(desk))


def _find(desk: Desk, code: str, id_: int, to: Act = Act.REGISTER_READ) -> Boundary:
    row = desk.get(Boundary, id_, to=to)
    if row.zone_id != zones.id_of(desk, code):
        raise NotFound
    return row


def create(desk: Desk, code: str, values: Record) -> Record:
    """Write down who answers for a matter."""
    zone = zones.find(desk, code, to=Act.BOUNDARY_AMEND)
    facts = check(BoundaryNew, reasons.take(desk, values))
    row = Boundary(zone_id=zone.id or 0, **_columns(desk, facts))
    desk.keep(row)
    return read(desk, code, row.id or 0)


def amend(desk: Desk, code: str, id_: int, edit: Record, *, version: int | None = None) -> Record:
    """Change what was given of a line."""
    row = _find(desk, code, id_, Act.BOUNDARY_AMEND)
    facts = check(BoundaryEdit, reasons.take(desk, edit), partial=True)
    desk.current(row, version, changing=facts.keys())
    for name, value in _columns(desk, facts).items():
        setattr(row, name, value)
    desk.keep(row)
    return read(desk, code, id_)


def remove(desk: Desk, code: str, id_: int, *, version: int | None = None) -> Record:
    """Take a line away; it stays in history."""
    row = _find(desk, code, id_, Act.BOUNDARY_AMEND)
    desk.current(row, version)
    row.deleted_at = desk.now
    desk.keep(row)
    return _told(row, code, powers.by_id(desk))


def _columns(desk: Desk, facts: Record) -> Record:
    found = {name: value for name, value in facts.items() if name not in ("power", "reason")}
    if "power" in facts:
        found["power_id"] = _power(desk, facts["power"])
    return found


def _power(desk: Desk, code: str | None) -> int | None:
    if code is None:
        return None
    row = powers.rows(desk, [code]).get(code)
    if row is None:
        raise Invalid.one("/power", "not_found", "There is no item {power} in the catalogue", power=code)
    return row.id
