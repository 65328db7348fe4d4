"""Names to units and persons: read once for all rows of an act, found by every spelling, made where there are none."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.models import Person, Unit
from app.rules.names import name_key

LONGEST = {Person: 60, Unit: 100}
Holder = Person | Unit


@dataclass
class Directory:
    """The units and persons of some zones and of the city; a zone's own come before the city's."""

    desk: Desk
    persons: dict[tuple[int | None, str], Person] = field(default_factory=dict)
    units: dict[tuple[int | None, str], Unit] = field(default_factory=dict)
    by_id: dict[tuple[type, int], Holder] = field(default_factory=dict)
    _fresh: list[Holder] = field(default_factory=list)

    @classmethod
    def of(cls, desk: Desk, zone_ids: Collection[int]) -> Directory:
        """Two statements, however many zones and names."""
        made = cls(desk)
        for person in _of_zones(desk, Person, zone_ids):
            made.by_id[(Person, person.id or 0)] = person
            made.persons.setdefault((person.zone_id, name_key(person.name)), person)
        for unit in _of_zones(desk, Unit, zone_ids):
            made.by_id[(Unit, unit.id or 0)] = unit
            if unit.merged_into_id is None:
                for spelling in spellings(unit):
                    made.units.setdefault((unit.zone_id, name_key(spelling)), unit)
        return made

    def holder(self, kind: type[Holder], zone_id: int, name: str) -> Holder | None:
        """The unit or person meant in this zone, a new one if nobody is; None when it is too long to be a name.

        New ones have no id before ``keep``.
        """
        known: dict[tuple[int | None, str], Any] = self.persons if kind is Person else self.units
        key = name_key(name)
        found: Holder | None = known.get((zone_id, key)) or known.get((None, key))
        if found is None and len(name) <= LONGEST[kind]:
            found = known[(zone_id, key)] = kind(zone_id=zone_id, name=name)
            self._fresh.append(found)
        return found

    def name(self, person_id: int | None, unit_id: int | None) -> str | None:
        """What the holder of a responsibility is called."""
        found = self.by_id.get((Person, person_id) if person_id is not None else (Unit, unit_id or 0))
        return found.name if found else None

    def keep(self) -> None:
        """Write the new ones: one statement for the persons, one for the units."""
        for kind in (Person, Unit):
            new = [h for h in self._fresh if isinstance(h, kind)]
            self.desk.keep(new)
            self.by_id |= {(kind, h.id or 0): h for h in new}
        self._fresh = []


def spellings(unit: Unit) -> list[str]:
    """The name of a unit, its former names and its aliases."""
    return [unit.name, *orjson.loads(unit.former_names), *orjson.loads(unit.aliases)]


def _of_zones(desk: Desk, kind: Any, zone_ids: Collection[int]) -> list[Any]:
    found: list[Any] = desk.rows(
        kind,
        "of_zones",
        lambda q, t: q.where(
            sa.or_(in_zones(t.c.zone_id, desk.link.dialect, "zones_"), t.c.zone_id.is_(None))
        ).order_by(t.c.id),
        {"zones_": zones_value(desk.link.dialect, sorted(zone_ids))},
    )
    return found


def by_ids(desk: Desk, model: Any, key: str, column: str, ids: Iterable[int], **kw: Any) -> list[Any]:
    """Her rows of ``model`` whose ``column`` is one of ``ids``, in one statement; none for no ids."""
    wanted = sorted(set(ids))
    if not wanted:
        return []
    found: list[Any] = desk.rows(
        model,
        (key, column),
        lambda q, t: q.where(in_zones(t.c[column], desk.link.dialect, "ids_")).order_by(t.c.id),
        {"ids_": zones_value(desk.link.dialect, wanted)},
        **kw,
    )
    return found
