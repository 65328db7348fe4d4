"""What coverage is counted from: the items of a zone, its projects with their class, its cases. Each figure opens these rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.models import Case, Project
from app.rules.calendar import days_between
from app.rules.cases import in_zone
from app.rules.chains import ASKED as ONLY_ASKED
from app.rules.chains import CONDITION_FIELDS, Chains, Step, applies, class_of
from app.rules.codes import CaseResult, DelegationForm, SettledUnder
from app.rules.coverage import Held, Settling, settling
from app.rules.delegations import day_before
from app.rules.ledgers import LEFT
from app.services import delegations, entering, powers
from app.services.calendar import calendar

Record = dict[str, Any]
WAYS = {
    DelegationForm.BRANCH_OFFICE: SettledUnder.BRANCH_OFFICE,
    DelegationForm.POSTED_OFFICIAL: SettledUnder.POSTED_OFFICIAL,
    DelegationForm.WINDOW_ONLY: SettledUnder.WINDOW_ONLY,
}
"""Form of a delegation → the way in which the zone settles; all others are delegated."""
ASKED = ("id", "code", "name", "zone_id", "disposition", "approval_class", *sorted(CONDITION_FIELDS))
CASE = (
    "id", "project_id", "zone_id", "step", "power_code", "applied_on", "accepted_on", "promised_on", "decided_on", "result",
    "settled_in", "settled_by", "settled_under", "days_used", "number",
)  # fmt: skip


@dataclass
class Material:
    """A zone's own: items held, projects by id (each with its ``class``), cases (each with ``class`` and ``in_zone``)."""

    chains: Chains
    items: Mapping[str, tuple[str, ...]]
    """The codes of the items by the key of the step that they serve, of the whole catalogue."""
    held: list[Held]
    projects: Mapping[int, Record]
    cases: list[Record] = field(default_factory=list)

    def where(self, class_: str, on: str, more: Iterable[Held] = ()) -> dict[str, Settling]:
        """Step by step of a class where it is settled on this day, with ``more`` items than it holds."""
        return settling(serving(self.steps(class_), self.items), [*self.held, *more], on)

    def steps(self, class_: str) -> list[Step]:
        found: list[Step] = self.chains[class_]["steps"]
        return found

    def needed(self, class_: str) -> set[str]:
        """The steps of a class that apply: always, or to one of the zone's projects, as its facts or its case say. Where the
        zone has no such project, every step that is not for the few."""
        mine = [p for p in self.projects.values() if p["class"] == class_ and p["disposition"] not in LEFT]
        ids = {p["id"] for p in mine}
        by_case = {c["step"] for c in self.cases if c["project_id"] in ids and c["result"] != CaseResult.NOT_NEEDED}
        return {
            step["key"]
            for step in self.steps(class_)
            if step["key"] in by_case
            or applies(step, {})
            or any(applies(step, project) for project in mine)
            or (not mine and step["applies"] != ONLY_ASKED)
        }


def of_zone(desk: Desk, zone_id: int, code: str) -> Material:
    """The material of one zone of hers."""
    projects = _projects(desk, zone_id)
    return Material(entering.chains(desk), items(desk), held(desk, code), projects, cases(desk, projects, zone_id))


def serving(steps: Iterable[Step], items_: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The codes of the items that serve each of these steps."""
    return {step["key"]: items_.get(step["served_as"], ()) for step in steps}


def items(desk: Desk) -> dict[str, tuple[str, ...]]:
    """Step → the codes of the catalogue's items that serve it. What the law reserves is nobody's to hold."""
    found: dict[str, list[str]] = {}
    for power in powers.by_id(desk).values():
        for step in power["steps"] if not power["reserved"] else ():
            found.setdefault(step, []).append(power["code"])
    return {step: tuple(codes) for step, codes in found.items()}


def held(desk: Desk, code: str) -> list[Held]:
    """What a zone holds and held: every period of every item."""
    return [_held(period) for period in delegations.list_(desk, code, past=True)]


def _held(period: Mapping[str, Any]) -> Held:
    starts = [day for day in (period["running_on"], period["effective_from"]) if day]
    ends = [day for day in (period["effective_until"], _before(period["revoked_on"])) if day]
    return Held(
        power=period["power"],
        steps=frozenset(period["steps"]),
        way=WAYS.get(period["form"], SettledUnder.DELEGATED).value,
        from_on=max(starts, default=None),
        until_on=min(ends, default=None),
        running=period["running_on"] is not None and period["effective_from"] is not None,
    )


def _before(day: str | None) -> str | None:
    return day_before(day) if day else None


def _projects(desk: Desk, zone_id: int) -> dict[int, Record]:
    rows = desk.select(
        Project,
        "of_zone_for_coverage",
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone")),
        {"zone": zone_id},
        columns=ASKED,
    )
    return _classed(rows)


def _classed(rows: Iterable[tuple[Any, ...]]) -> dict[int, Record]:
    found = {}
    for row in rows:
        facts = dict(zip(ASKED, row, strict=True))
        flag = facts["is_high_energy_emission"]
        facts["is_high_energy_emission"] = None if flag is None else bool(flag)
        found[facts["id"]] = {**facts, "class": class_of(facts)}
    return found


def cases(desk: Desk, projects: Mapping[int, Record], zone_id: int) -> list[Record]:
    """The cases of a zone's projects."""
    rows = desk.select(
        Case,
        "of_zone",
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone")).order_by(t.c.id),
        {"zone": zone_id},
        columns=CASE,
    )
    return told(desk, rows, projects)


def told(desk: Desk, rows: Iterable[tuple[Any, ...]], projects: Mapping[int, Record]) -> list[Record]:
    """Cases with the class of their project, whether they were settled in the zone, and the days they took. Those of a
    project that was deleted are left out."""
    days, found = calendar(desk), []
    in_force = entering.chains(desk)
    served = {(name, s["key"]): s["served_as"] for name, chain in in_force.items() for s in chain["steps"]}
    for row in rows:
        facts = dict(zip(CASE, row, strict=True))
        project = projects.get(facts["project_id"])
        if project is not None:
            facts["served"] = served.get((project["class"], facts["step"]), facts["step"])
            begun = facts["accepted_on"] or facts["applied_on"]
            if facts["days_used"] is None and begun and facts["decided_on"]:
                facts["days_used"] = days_between(begun, facts["decided_on"], days)
            found.append({**facts, "class": project["class"], "project": project["name"], "in_zone": in_zone(facts)})
    return found


def elsewhere(desk: Desk, zone_id: int, class_: str, steps: Iterable[str]) -> list[Record]:
    """Cases of these steps and this class that other zones of hers settled themselves."""
    wanted = sorted(steps)
    found: list[Record] = []
    for step in wanted:
        rows = desk.select(
            Case,
            "elsewhere",
            lambda q, t: q.where(
                t.c.step == sa.bindparam("step"), t.c.zone_id != sa.bindparam("zone"), t.c.result.is_not(None)
            ),
            {"step": step, "zone": zone_id},
            columns=CASE,
        )
        found += rows_with_projects(desk, rows)
    return [case for case in found if case["class"] == class_ and case["in_zone"]]


def rows_with_projects(desk: Desk, rows: list[tuple[Any, ...]]) -> list[Record]:
    """Cases of any zones, told with their projects."""
    ids = sorted({row[CASE.index("project_id")] for row in rows})
    if not ids:
        return []
    known = desk.select(
        Project, "by_ids_for_coverage", lambda q, t: q.where(in_zones(t.c.id, desk.link.dialect, "ids_")),
        {"ids_": zones_value(desk.link.dialect, ids)}, columns=ASKED,
    )  # fmt: skip
    return told(desk, rows, _classed(known))
