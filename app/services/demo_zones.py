"""One demo zone while its story is told: the invented projects, and which of them are in the register by then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.demo import past
from app.demo.families import SUMMED
from app.demo.past import Station
from app.demo.people import Staff, staff
from app.demo.projects import projects
from app.desk import Desk
from app.models import Project
from app.rules.codes import Relation
from app.services import people, zones
from app.services.naming import by_ids
from app.services.projects import enter

Row = dict[str, Any]
COLUMNS = set(Project.model_fields) - {"zone_id"}


@dataclass
class Told:
    """A zone with its projects by their keys: what is told of each, its way through the ledgers, its id once it has one."""

    code: str
    position: int
    staff: Staff
    drafts: dict[str, Row]
    ways: dict[str, list[Station]]
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def editor(self) -> str:
        return self.staff.persons[7][0]

    @property
    def reviewer(self) -> str:
        return self.staff.persons[8][0]

    @cached_property
    def sums(self) -> set[str]:
        """The keys of projects whose money is the sum of their phases or parts."""
        summed = (Relation.PHASE, Relation.PART)
        return {d["parent_key"] for d in self.drafts.values() if d.get("relation") in summed}

    def rows(self, desk: Desk, keys: Iterable[str]) -> dict[str, Project]:
        """These projects as rows that can be changed, by their keys."""
        named = {self.ids[key]: key for key in keys}
        return {named[row.id or 0]: row for row in by_ids(desk, Project, "of the demo", "id", named)}

    def columns(self, key: str, said: Row) -> Row:
        """What is said of a project, as columns of its row; sums follow by themselves."""
        closed = SUMMED if key in self.sums else ()
        return {name: value for name, value in said.items() if name in COLUMNS and name not in closed}

    def say(self, key: str, row: Project, said: Row) -> None:
        """Write into a row what is said of its project."""
        for name, value in self.columns(key, said).items():
            setattr(row, name, value)

    def register(self, desk: Desk, day: str, keys: Iterable[str]) -> None:
        """These projects come in, where they stand at the end of the day; parts after what they are parts of."""
        new: dict[str, Project] = {}
        zone_id = zones.id_of(desk, self.code)
        for key in keys:
            station = past.standing(self.ways[key], day)
            if station is not None:
                said = past.row_on(self.drafts[key], station, day)
                new[key] = Project(zone_id=zone_id, **self.columns(key, said))
        for whole in (True, False):
            batch = [key for key in new if ("parent_key" not in self.drafts[key]) is whole]
            for key in () if whole else batch:
                new[key].parent_id = self.ids[self.drafts[key]["parent_key"]]
            desk.keep([new[key] for key in batch])
            self.ids.update((key, new[key].id or 0) for key in batch)
        enter(desk, list(new.values()))
        people.follow_names(desk, list(new.values()))


def told(code: str, position: int, seed: int, today: str, met: set[tuple[str, str]]) -> Told:
    """The zone as it is told on ``today``; nothing of it is in the register yet. ``met``: as in ``demo.projects``."""
    drafts = {draft["key"]: draft for draft in projects(code, seed, today=today, met=met)}
    ways = {key: past.stations(draft, today) for key, draft in drafts.items()}
    for key, draft in drafts.items():
        parent = ways.get(draft.get("parent_key") or "")
        if parent and ways[key][0].day < parent[0].day:  # no part is known before its whole
            parent[0] = Station(ways[key][0].day, parent[0].ledger)
    return Told(code, position, staff(position, seed), drafts, ways)
