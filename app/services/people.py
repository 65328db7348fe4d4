"""People: those who answer for projects. They need not have an account; their phones are shown by role."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.errors import Invalid, NotFound
from app.models import Person, Unit
from app.models.people import PersonFacts
from app.models.shapes import PersonNew, check
from app.rules.access import Act
from app.rules.codes import ResponsibilityRole
from app.rules.identity import shown_phone
from app.rules.search_terms import sort_key
from app.services import reasons
from app.services.following import follow_names, show_names
from app.services.records import zone_codes
from app.services.units import guard, of_zone, place, shown_in

__all__ = ["amend", "create", "follow_names", "list_", "read"]
COLUMNS = ("id", "zone_id", "name", "unit_id", "phone", "post", "since")
Record = dict[str, Any]


def told(desk: Desk, person: Person) -> Record:
    """A person as the API gives her; the phone is masked for those who may not read it."""
    facts = {name: getattr(person, name) for name in COLUMNS}
    zone_id = facts.pop("zone_id")
    facts["zone"] = zone_codes(desk.link, [zone_id])[zone_id] if zone_id else None
    facts["version"] = facts.pop("since")
    return {**facts, "phone": shown_phone(person.phone, may_read=desk.may(Act.PHONE_READ))}


def list_(desk: Desk, zone: str | None = None) -> list[Record]:
    """The people of a zone and of the city (None: all she sees), by name."""
    desk.ask(Act.REGISTER_READ)
    found = desk.rows(Person, *of_zone(desk, zone))
    return [told(desk, p) for p in sorted(found, key=lambda p: (p.zone_id is None, sort_key(p.name), p.id))]


def read(desk: Desk, id_: int) -> Record:
    return told(desk, desk.get(Person, id_))


def create(desk: Desk, values: dict[str, Any]) -> Record:
    """A new person: ``name, zone?, unit_id?, phone?, post?``. Two people may have one name."""
    facts = check(PersonNew, reasons.take(desk, values))
    person = Person(zone_id=place(desk, facts.pop("zone", None)), **facts)
    _unit(desk, person)
    desk.keep(person)
    return told(desk, person)


def amend(desk: Desk, id_: int, edit: dict[str, Any], *, version: int | None = None) -> Record:
    """Change a person. Her name and phone are shown in every project she answers for."""
    person = desk.get(Person, id_)
    guard(desk, person.zone_id)
    values = check(PersonFacts, reasons.take(desk, edit), partial=True)
    desk.current(person, version, changing=values.keys())
    shown = (person.name, person.phone)
    for name, value in values.items():
        setattr(person, name, value)
    _unit(desk, person)
    desk.keep(person)
    if (person.name, person.phone) != shown:
        show_names(desk, shown_in(desk, "person_id", id_), [r.value for r in ResponsibilityRole])
    return told(desk, person)


def _unit(desk: Desk, person: Person) -> None:
    if person.unit_id is None:
        return
    try:
        unit = desk.get(Unit, person.unit_id)
    except NotFound:
        unit = None
    if unit is None or unit.zone_id not in (None, person.zone_id):
        raise Invalid.one("/unit_id", "no_such_unit", "There is no such unit")
