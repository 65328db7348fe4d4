"""The demo city: real zones with their real figures, invented projects, firms and people, every one marked （演示）."""

from __future__ import annotations

from typing import Any

import orjson

from app import clock
from app.demo import city
from app.demo.leads import leads
from app.demo.lists import lists
from app.demo.people import HOST_EDITOR, HOST_LEADER, staff
from app.demo.plenty import many_projects, many_zones
from app.demo.projects import SIZES, projects
from app.demo.targets import target
from app.desk import Desk
from app.engine import Sql
from app.errors import Conflict, Invalid
from app.models import Person, Project, Report, Setting, Zone
from app.rules.access import Act
from app.rules.money import next_month
from app.services import (
    demo_cases,
    demo_firms,
    demo_leads,
    demo_powers,
    industries,
    people,
    reports,
    targets,
    units,
    zones,
)
from app.services import lists as listed
from app.services.demo_month import open_month
from app.services.entering import setting
from app.services.projects import enter, entered_on
from app.words import say

BAND = "demo"
EMPTY = Sql("SELECT count(*) FROM project")
PEOPLE = Sql("SELECT count(*) FROM account")


def is_demo(desk: Desk) -> bool:
    """Does this register hold demo data? Then every page, print, export and answer says so."""
    return bool(setting(desk, BAND, False))


def holds_projects(desk: Desk) -> bool:
    return bool(desk.link.value(EMPTY))


SILENT = 3
"""Projects of the first zone that have not reported the last month."""
SCALES: dict[str, tuple[int, int]] = {"city": (0, 0), "province": (149, 10_000), "nation": (2_532, 100_000)}
"""Invented zones and projects beside the demo city, so that a province has 160 zones and the nation 2,543."""


def load(desk: Desk, *, seed: int = 1, scale: str = "city") -> dict[str, int]:
    """Fill an empty register with the demo city, as one act. Raises Conflict when it holds projects."""
    if scale not in SCALES:
        raise Invalid.one("/scale", "not_in_list", "Choose one of: {choices}", choices=", ".join(SCALES))
    desk.ask(Act.DEMO_LOAD)
    if holds_projects(desk):
        raise Conflict(
            "This register holds projects already; demo data is loaded into an empty one only", code="not_empty"
        )
    zones.import_rows(desk, city.zones())
    industries.put(desk, city.industries())
    desk.keep(Setting(key=BAND, value=orjson.dumps({"seed": seed}).decode()))
    desk.reason = say("Demo data", desk.language)
    met: set[tuple[str, str]] = set()
    made = [project for at, code in enumerate(SIZES) for project in _zone(desk, code, at, seed, met)]
    _lists(desk, made)
    demo_firms.fill(desk, made, list(SIZES), seed)
    demo_powers.load(desk)
    year = int(clock.today()[:4])
    for code in SIZES:
        targets.put(desk, code, year, target(code, year), version=None)
    open_month(desk, made)
    demo_cases.enter(desk, made, seed)
    more_zones, more_projects = SCALES[scale]
    return {"zones": len(SIZES) + more_zones, "projects": len(made) + _plenty(desk, more_zones, more_projects, seed)}


def _plenty(desk: Desk, zone_count: int, project_count: int, seed: int) -> int:
    """Invented zones with invented projects, many and cheap."""
    made = [Zone(**zone) for zone in many_zones(zone_count)]
    desk.keep(made)
    ids = {zone.code: zone.id or 0 for zone in made}
    rows = (
        [_project(ids[draft["zone"]], draft) for draft in many_projects(project_count, list(ids), seed)] if ids else []
    )
    desk.keep(rows)
    enter(desk, rows)
    return len(rows)


def _zone(desk: Desk, code: str, position: int, seed: int, met: set[tuple[str, str]]) -> list[Project]:
    zone_id = zones.id_of(desk, code)
    made: dict[str, Project] = {}
    drafts = projects(code, seed, today=clock.today(), met=met)
    if not drafts:
        return []
    opening = next((d["opening_month"] for d in drafts if d.get("opening_month")), None)
    zone = zones.find(desk, code)
    zone.reporting_month = opening
    desk.keep(zone)
    for draft in drafts:
        made[draft["key"]] = _project(zone_id, draft)
    parents = [made[d["key"]] for d in drafts if not d.get("parent_key")]
    desk.keep(parents)
    children = []
    for draft in drafts:
        if draft.get("parent_key"):
            child, parent = made[draft["key"]], made[draft["parent_key"]]
            child.parent_id = parent.id
            children.append(child)
    desk.keep(children)
    everything = [*parents, *children]
    enter(desk, everything)
    people.follow_names(desk, everything)
    headings = {d.get("parent_key") for d in drafts}
    told = [(made[d["key"]], d) for d in drafts if d.get("opening_month") and d["key"] not in headings]
    _last_month(desk, told, silent=0 if position else SILENT)
    _units_of_people(desk, code, position, seed)
    demo_leads.plant(desk, zone_id, leads(code, seed, drafts, today=clock.today()), made)
    return everything


def _last_month(desk: Desk, told: list[tuple[Project, dict[str, Any]]], silent: int = 0) -> None:
    """The opening stands a month earlier, and the last month is reported, so that there is a report to look at; the last
    ``silent`` projects have not reported it."""
    reported = []
    for project, draft in told:
        month, added = str(project.opening_month), draft.get("month_invested_yuan")
        this_year = project.opening_this_year_yuan or 0
        if added is None or added > this_year or month.endswith("-01"):
            continue
        project.opening_month, project.opening_this_year_yuan = next_month(month, -1), this_year - added
        report = Report(zone_id=project.zone_id, project_id=project.id or 0, month=month)
        reported.append((project, report, {"invested_yuan": added, "progress_text": project.progress_text}))
    desk.keep([project for project, _, _ in reported])
    reports.write(desk, reported[: len(reported) - silent])


def _units_of_people(desk: Desk, code: str, position: int, seed: int) -> None:
    """Each person's unit, where both answer for something."""
    by_name = {unit["name"]: unit["id"] for unit in units.list_(desk, code)}
    belongs = {name: by_name.get(unit) for name, unit, _ in staff(position, seed).persons}
    rows = [person for person in desk.rows(Person, *units.of_zone(desk, code)) if belongs.get(person.name)]
    for person in rows:
        person.unit_id = belongs[person.name]
    desk.keep(rows)


def _lists(desk: Desk, made: list[Project]) -> None:
    """The lists of the city, each with its projects in the order of their numbers."""
    for facts, members in lists(made, clock.today()):
        listed.create(desk, facts)
        for number, project in enumerate(members, 1):
            listed.put(desk, facts["code"], project.id or 0, {"number": str(number)})


def _project(zone_id: int, draft: dict[str, Any]) -> Project:
    columns = set(Project.model_fields)
    project = Project(zone_id=zone_id, **{k: v for k, v in draft.items() if k in columns and k != "zone_id"})
    project.first_planned_start_month = draft.get("first_planned_start_month") or project.planned_start_month
    project.entered_ledger_on = draft.get("entered_ledger_on") or entered_on(project)
    return project


def has_accounts(desk: Desk) -> bool:
    """Has anybody been let in yet? Then this register is somebody's own."""
    return bool(desk.link.value(PEOPLE))


def accounts(desk: Desk) -> list[tuple[str, str, str, list[str]]]:
    """Who gets a one-time link on the first start: (sign-in name, name, role, codes of zones)."""
    home = [next(iter(SIZES))]
    return [
        ("editor", HOST_EDITOR, "editor", home),
        ("reviewer", "孙立川", "reviewer", home),
        ("office", "市项目办", "city_office", []),
        ("leader", HOST_LEADER, "leader", []),
        ("administrator", "管理员", "administrator", []),
    ]
