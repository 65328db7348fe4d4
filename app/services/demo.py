"""The demo city: real zones with their real figures, invented projects, firms and people, every one marked （演示）."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import orjson

from app import clock
from app.demo import city, past
from app.demo.leads import leads
from app.demo.lists import lists
from app.demo.people import HOST_EDITOR, HOST_LEADER, staff
from app.demo.plenty import many_projects, many_zones
from app.demo.projects import SIZES
from app.demo.targets import target
from app.desk import Desk
from app.engine import Sql
from app.errors import Conflict, Invalid
from app.models import Person, Project, Setting, Zone
from app.rules.access import Act
from app.services import (
    demo_cases,
    demo_firms,
    demo_leads,
    demo_past,
    demo_powers,
    demo_zones,
    industries,
    targets,
    units,
    zones,
)
from app.services import lists as listed
from app.services.demo_past import Chapter
from app.services.demo_zones import Told
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


SCALES: dict[str, tuple[int, int]] = {"city": (0, 0), "province": (149, 10_000), "nation": (2_532, 100_000)}
"""Invented zones and projects beside the demo city, so that a province has 160 zones and the nation 2,543."""


def story(
    seed: int = 1, scale: str = "city", *, today: str | None = None, codes: Iterable[str] = SIZES
) -> list[Chapter]:
    """The demo city, as acts in their order: it is set up, lived through for a year, and brought up to ``today``. Projects are
    told of the zones ``codes``.

    Raises Invalid for a scale that there is not. The first act raises Conflict when the register holds projects.
    """
    if scale not in SCALES:
        raise Invalid.one("/scale", "not_in_list", "Choose one of: {choices}", choices=", ".join(SCALES))
    span = past.span(today or clock.today())
    met: set[tuple[str, str]] = set()
    city_ = [demo_zones.told(code, list(SIZES).index(code), seed, span.today, met) for code in codes]
    begun = f"{span.first}-20"
    first = Chapter(clock.at(begun, "08:30"), begun, None, partial(_set_up, seed))
    last = Chapter(
        min(clock.moment(), clock.end_of_day(span.today)), span.today, None, partial(_today, city_, seed, scale)
    )
    return [first, *demo_past.chapters(city_, span), last]


def _set_up(seed: int, desk: Desk) -> None:
    """Zones, industries, and the band that says what this is."""
    desk.ask(Act.DEMO_LOAD)
    if holds_projects(desk):
        raise Conflict(
            "This register holds projects already; demo data is loaded into an empty one only", code="not_empty"
        )
    zones.import_rows(desk, city.zones())
    industries.put(desk, city.industries())
    desk.keep(Setting(key=BAND, value=orjson.dumps({"seed": seed}).decode()))


def _today(city_: list[Told], seed: int, scale: str, desk: Desk) -> dict[str, int]:
    """What this day adds: how things stand, leads, lists, firms, powers, targets, cases."""
    desk.ask(Act.DEMO_LOAD)
    desk.reason = say("Demo data", desk.language)
    for zone in city_:
        _zone(desk, zone, seed)
    _lists(desk, _all(desk, city_))
    demo_firms.fill(desk, _all(desk, city_), list(SIZES), seed)
    demo_powers.load(desk)
    year = int(desk.today[:4])
    for code in SIZES:
        targets.put(desk, code, year, target(code, year), version=None)
    made = _all(desk, city_)
    demo_cases.enter(desk, made, seed)
    more_zones, more_projects = SCALES[scale]
    return {"zones": len(city_) + more_zones, "projects": len(made) + _plenty(desk, more_zones, more_projects, seed)}


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


def _all(desk: Desk, city_: list[Told]) -> list[Project]:
    """Every project of the city, as it stands in this act by now."""
    return [row for zone in city_ for row in zone.rows(desk, zone.ids).values()]


def _zone(desk: Desk, zone: Told, seed: int) -> None:
    """The projects of a zone as they stand on this day, its units and its leads."""
    kept = zones.find(desk, zone.code)
    kept.reporting_month = past.span(desk.today).last
    desk.keep(kept)
    rows = zone.rows(desk, zone.ids)
    for key, row in rows.items():
        zone.say(key, row, past.row_today(zone.drafts[key], zone.ways[key][-1]))
    desk.keep(list(rows.values()))
    _units_of_people(desk, zone.code, zone.position, seed)
    drafts = list(zone.drafts.values())
    demo_leads.plant(desk, zones.id_of(desk, zone.code), leads(zone.code, seed, drafts, today=desk.today), rows)


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
    project = Project(zone_id=zone_id, **{k: v for k, v in draft.items() if k in demo_zones.COLUMNS})
    project.first_planned_start_month = draft.get("first_planned_start_month") or project.planned_start_month
    project.entered_ledger_on = draft.get("entered_ledger_on") or entered_on(project)
    return project


def has_accounts(desk: Desk) -> bool:
    """Has anybody been let in yet? Then this register is somebody's own."""
    return bool(desk.link.value(PEOPLE))


def accounts() -> list[tuple[str, str, str, list[str]]]:
    """Who gets a one-time link on the first start: (sign-in name, name, role, codes of zones)."""
    home = [next(iter(SIZES))]
    return [
        ("editor", HOST_EDITOR, "editor", home),
        ("reviewer", "孙立川", "reviewer", home),
        ("office", "市项目办", "city_office", []),
        ("leader", HOST_LEADER, "leader", []),
        ("administrator", "管理员", "administrator", []),
    ]
