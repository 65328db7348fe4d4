"""What coverage is counted from: the items of a zone, its projects with their class, its cases. Each figure opens these rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.models import Case, Project
from app.rules.cases import days_used, in_zone
from app.rules.chains import ASKED as ONLY_ASKED
from app.rules.chains import CONDITION_FIELDS, Chains, Step, applies, class_of
from app.rules.codes import CaseResult, DelegationForm, SettledUnder
from app.rules.coverage import Held, Settling, settling
from app.rules.delegations import runs
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
    catalogue: Mapping[str, Record]
    """Every item by its code."""
    items: Mapping[str, tuple[str, ...]]
    """The codes of the items by the key of the step that they serve, of the whole catalogue."""
    held: list[Held]
    projects: dict[int, Record] = field(default_factory=dict)
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


def of_zones(desk: Desk, zones: Mapping[int, str]) -> dict[int, Material]:
    """The material of zones of hers (id → code): each noun is read once, however many zones."""
    chains, items_, catalogue = entering.chains(desk), items(desk), {p["code"]: p for p in powers.by_id(desk).values()}
    own = held_by(desk, zones)
    found = {id_: Material(chains, catalogue, items_, own[code]) for id_, code in zones.items()}
    projects_ = projects(desk, zones)
    for project in projects_.values():
        found[project["zone_id"]].projects[project["id"]] = project
    for case in _cases(desk, projects_, zones):
        found[case["zone_id"]].cases.append(case)
    return found


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
    zone_id, _ = delegations.zone_named(desk, code)
    return held_by(desk, {zone_id: code})[code]


def held_by(desk: Desk, zones: Mapping[int, str]) -> dict[str, list[Held]]:
    """The same for several zones (id → code), by their codes."""
    found: dict[str, list[Held]] = {code: [] for code in zones.values()}
    for period in delegations.of_zones(desk, zones):
        found[period["zone"]].append(_held(period))
    return found


def _held(period: Mapping[str, Any]) -> Held:
    first, last = runs(period) or (None, None)
    way = WAYS.get(period["form"], SettledUnder.DELEGATED).value
    return Held(period["power"], frozenset(period["steps"]), way, first, last, running=first is not None)


def projects(desk: Desk, zone_ids: Iterable[int]) -> dict[int, Record]:
    """The projects of these zones by id, each with what conditions ask for and its ``class``."""
    here = lambda q, t: q.where(in_zones(t.c.zone_id, desk.link.dialect, "zones_"))  # noqa: E731
    return _classed(desk.select(Project, "of_zones_for_coverage", here, _among(desk, zone_ids), columns=ASKED))


def _classed(rows: Iterable[tuple[Any, ...]]) -> dict[int, Record]:
    found = {}
    for row in rows:
        facts = dict(zip(ASKED, row, strict=True))
        found[facts["id"]] = {**facts, "class": class_of(facts)}
    return found


def _among(desk: Desk, zone_ids: Iterable[int]) -> Record:
    return {"zones_": zones_value(desk.link.dialect, sorted(zone_ids))}


def _cases(desk: Desk, projects: Mapping[int, Record], zone_ids: Iterable[int]) -> list[Record]:
    """The cases of these projects in these zones."""
    here = lambda q, t: q.where(in_zones(t.c.zone_id, desk.link.dialect, "zones_")).order_by(t.c.id)  # noqa: E731
    return told(desk, desk.select(Case, "of_zones", here, _among(desk, zone_ids), columns=CASE), projects)


def told(desk: Desk, rows: Iterable[tuple[Any, ...]], projects: Mapping[int, Record]) -> list[Record]:
    """Cases with the class of their project, whether they were settled in the zone, and the days they took. Those of a
    project that was deleted are left out."""
    days, chains, found = calendar(desk), entering.chains(desk), []
    served = {(name, s["key"]): s["served_as"] for name, chain in chains.items() for s in chain["steps"]}
    for row in rows:
        facts = dict(zip(CASE, row, strict=True))
        project = projects.get(facts["project_id"])
        if project is not None:
            facts["served"] = served.get((project["class"], facts["step"]), facts["step"])
            facts["days_used"] = days_used(facts, days)
            found.append({**facts, "class": project["class"], "project": project["name"], "in_zone": in_zone(facts)})
    return found


def elsewhere(desk: Desk, zone_id: int, class_: str, steps: Iterable[str]) -> list[Record]:
    """Cases of these steps and this class that other zones of hers settled themselves."""
    step_: Any = sa.bindparam("step")
    zone_: Any = sa.bindparam("zone")
    other = lambda q, t: q.where(t.c.step == step_, t.c.zone_id != zone_, t.c.result.is_not(None))  # noqa: E731
    rows: list[tuple[Any, ...]] = []
    for step in sorted(steps):
        rows += desk.select(Case, "elsewhere", other, {"step": step, "zone": zone_id}, columns=CASE)
    return [case for case in _with_projects(desk, rows) if case["class"] == class_ and case["in_zone"]]


def _with_projects(desk: Desk, rows: list[tuple[Any, ...]]) -> list[Record]:
    """Cases of any zones, told with their projects."""
    ids = sorted({row[CASE.index("project_id")] for row in rows})
    if not ids:
        return []
    known = desk.select(
        Project, "by_ids_for_coverage", lambda q, t: q.where(in_zones(t.c.id, desk.link.dialect, "ids_")),
        {"ids_": zones_value(desk.link.dialect, ids)}, columns=ASKED,
    )  # fmt: skip
    return told(desk, rows, _classed(known))
