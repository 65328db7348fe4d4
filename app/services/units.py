"""Units: the offices and companies that answer for projects. A renamed or merged one stays findable under its old name."""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid
from app.models import Person, Responsibility, Unit
from app.models.people import UnitFacts
from app.models.shapes import UnitNew, check
from app.rules.access import Act
from app.rules.names import name_key
from app.rules.search_terms import sort_key
from app.services import reasons, zones
from app.services.following import SHOWN, is_current, show_names
from app.services.naming import by_ids, spellings
from app.services.records import zone_codes

COLUMNS = (
    "id",
    "zone_id",
    "name",
    "parent_id",
    "former_names",
    "aliases",
    "from_on",
    "until_on",
    "merged_into_id",
    "since",
)
Record = dict[str, Any]


def told(desk: Desk, unit: Unit) -> Record:
    """A unit as the API gives it; ``zone`` is null for a unit of the city."""
    facts = {name: getattr(unit, name) for name in COLUMNS}
    zone_id = facts.pop("zone_id")
    facts["zone"] = zone_codes(desk.link, [zone_id])[zone_id] if zone_id else None
    facts["version"] = facts.pop("since")
    return {**facts, "former_names": orjson.loads(unit.former_names), "aliases": orjson.loads(unit.aliases)}


def list_(desk: Desk, zone: str | None = None) -> list[Record]:
    """The units of a zone and of the city (None: all she sees), without merged ones, by name."""
    desk.ask(Act.REGISTER_READ)
    found = desk.rows(Unit, *of_zone(desk, zone))
    return [
        told(desk, u)
        for u in sorted(found, key=lambda u: (u.zone_id is None, sort_key(u.name)))
        if u.merged_into_id is None
    ]


def of_zone(desk: Desk, zone: str | None) -> tuple[Any, Any, dict[str, Any]]:
    """What ``desk.rows`` needs to read what belongs to a zone or to the city."""
    if zone is None:
        return "all", lambda q, t: q.order_by(t.c.id), {}
    narrow = lambda q, t: q.where(sa.or_(t.c.zone_id == sa.bindparam("zone"), t.c.zone_id.is_(None))).order_by(t.c.id)  # noqa: E731
    return "of_zone", narrow, {"zone": zones.id_of(desk, zone)}


def read(desk: Desk, id_: int) -> Record:
    return told(desk, desk.get(Unit, id_))


def place(desk: Desk, zone: str | None) -> int | None:
    """The zone something new is to belong to; None is the city, for those only who work for every zone."""
    zone_id = zones.id_given(desk, zone) if zone else None
    guard(desk, zone_id)
    return zone_id


def guard(desk: Desk, zone_id: int | None, act: Act = Act.PEOPLE_AMEND) -> None:
    """Leave to change people and units there. What belongs to the city is not one zone's to change."""
    desk.ask(act, zone_id)
    if zone_id is None and not desk.actor.everywhere:
        raise Forbidden("This belongs to the city, not to a zone")


def create(desk: Desk, values: dict[str, Any]) -> Record:
    """A new unit: ``name, zone?, parent_id?, from_on?, until_on?``. Raises Conflict ``name_taken``."""
    facts = check(UnitNew, reasons.take(desk, values))
    unit = Unit(zone_id=place(desk, facts.pop("zone", None)), **facts)
    _name_is_free(desk, unit)
    _parent(desk, unit)
    desk.keep(unit)
    return told(desk, unit)


def amend(desk: Desk, id_: int, edit: dict[str, Any], *, version: int | None = None) -> Record:
    """Change a unit. A new name is shown in every project it answers for; the old one stays among its former names."""
    unit = desk.get(Unit, id_)
    guard(desk, unit.zone_id)
    values = check(UnitFacts, reasons.take(desk, edit), partial=True)
    desk.current(unit, version, changing=values.keys())
    old = unit.name
    for name, value in values.items():
        setattr(unit, name, value)
    if unit.name != old:
        former = [n for n in (*orjson.loads(unit.former_names), old) if n != unit.name]
        unit.former_names = orjson.dumps(list(dict.fromkeys(former))).decode()
        _name_is_free(desk, unit)
    _parent(desk, unit)
    desk.keep(unit)
    if unit.name != old:
        show_names(desk, shown_in(desk, "unit_id", id_), SHOWN)
    return told(desk, unit)


def merge(desk: Desk, id_: int, into: int, *, version: int | None = None) -> Record:
    """One unit goes up in another: from today that one answers and has its people, and its names find it."""
    from app.services.handovers import hand_on

    unit, target = desk.get(Unit, id_), desk.get(Unit, into)
    guard(desk, unit.zone_id)
    desk.current(unit, version)
    if unit.id == target.id or target.merged_into_id is not None or target.zone_id not in (None, unit.zone_id):
        raise Invalid.one("/into", "no_such_unit", "Choose another unit of this zone or of the city")
    names = [n for n in (*orjson.loads(target.aliases), *spellings(unit)) if name_key(n) != name_key(target.name)]
    target.aliases = orjson.dumps(list(dict.fromkeys(names))).decode()
    unit.merged_into_id, unit.until_on = target.id, unit.until_on or desk.today
    desk.keep([unit, target])
    persons: list[Person] = by_ids(desk, Person, "of_units", "unit_id", [id_])
    for person in persons:
        person.unit_id = target.id
    desk.keep(persons)
    entries: list[Responsibility] = by_ids(desk, Responsibility, "of_units", "unit_id", [id_])
    hand_on(desk, [e for e in entries if is_current(e, desk.today)], "unit_id", into, desk.today)
    return told(desk, target)


def shown_in(desk: Desk, column: str, id_: int) -> list[int]:
    """The projects for which a person or unit (``person_id``, ``unit_id``) answers today."""
    entries: list[Responsibility] = by_ids(desk, Responsibility, "of_holder", column, [id_])
    return [e.project_id for e in entries if is_current(e, desk.today)]


def _name_is_free(desk: Desk, unit: Unit) -> None:
    """Two units of one zone with one name could not be told apart in a cell."""
    for other in desk.rows(Unit, "all", lambda q, t: q.order_by(t.c.id)):
        if (
            other.zone_id == unit.zone_id
            and other.id != unit.id
            and name_key(unit.name) in map(name_key, spellings(other))
        ):
            raise Conflict(
                "{name} is known already; choose it or another name",
                code="name_taken",
                name=other.name,
                extra={"id": other.id},
            )


def _parent(desk: Desk, unit: Unit) -> None:
    if unit.parent_id is None:
        return
    parent = desk.rows(Unit, "by_id", lambda q, t: q.where(t.c.id == sa.bindparam("id")), {"id": unit.parent_id})
    if not parent or unit.parent_id == unit.id or parent[0].parent_id == unit.id:
        raise Invalid.one("/parent_id", "no_such_unit", "There is no such unit")
