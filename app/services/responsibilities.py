"""Who answers for a project, in which way, since when: dated entries, several for a role, in the order of their ranks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Invalid, Problem, Stale
from app.models import BY_MODEL, Account, Person, Project, Responsibility, Unit
from app.models.shapes import ResponsibilitiesEdit, ResponsibilityEdit, check
from app.rules import access
from app.rules.access import Act
from app.rules.codes import ResponsibilityRole as Role
from app.rules.identity import shown_phone
from app.rules.names import name_key
from app.services import reasons
from app.services.following import end, is_current, show_names
from app.services.naming import Directory, by_ids
from app.services.records import shape

FIELDS = ("id", "role", "level", "person_id", "unit_id", "from_on", "until_on", "rank")
HELD_BY_UNITS = frozenset({Role.RESPONSIBLE_UNIT, Role.SERVICE_UNIT, Role.TASK_FORCE})
Record = dict[str, Any]


def _entries(desk: Desk, project_id: int) -> list[Responsibility]:
    found: list[Responsibility] = by_ids(desk, Responsibility, "of_projects", "project_id", [project_id])
    order = [r.value for r in Role]
    return sorted(found, key=lambda e: (order.index(e.role), e.until_on is not None, e.rank, e.id or 0))


def of_project(desk: Desk, id_: int) -> Record:
    """``{"items", "version"}``: every entry, past ones too, with the holder's ``name`` and ``phone`` and ``current``."""
    project = desk.get(Project, id_, deleted=True)
    entries = _entries(desk, project.id or 0)
    directory = Directory.of(desk, {project.zone_id, *(e.zone_id for e in entries)})
    clear = desk.may(Act.PHONE_READ)
    items = []
    for entry in entries:
        person = directory.by_id.get((Person, entry.person_id or 0))
        phone = shown_phone(person.phone, may_read=clear) if isinstance(person, Person) else None
        facts = {name: getattr(entry, name) for name in FIELDS}
        facts |= {"name": directory.name(entry.person_id, entry.unit_id), "phone": phone}
        items.append({**facts, "current": is_current(entry, desk.today)})
    return {"items": items, "version": max([project.since, *(e.since for e in entries)])}


def put(desk: Desk, id_: int, values: dict[str, Any], *, version: int | None = None) -> Record:
    """Everybody who answers from now on: ``{"items": [{role, level?, person_id | unit_id, from_on?, until_on?, rank}]}``.

    Current entries that are left out end yesterday; past ones stay. An entry without ``from_on`` begins today.
    """
    project = desk.get(Project, id_, to=Act.PEOPLE_AMEND)
    items = [
        check(ResponsibilityEdit, i) for i in check(ResponsibilitiesEdit, reasons.take(desk, values)).get("items", [])
    ]
    found = _entries(desk, project.id or 0)
    known = max([project.since, *(e.since for e in found)])
    if version is not None and version != known:
        raise Stale(extra={"current_version": known, "changed": desk.changes_since(project, version), "id": project.id})
    _checked(desk, project, items)
    roles = {i["role"] for i in items} | {e.role for e in found}
    _match(desk, project, found, items)
    show_names(desk, [project.id or 0], roles)
    return of_project(desk, id_)


def _checked(desk: Desk, project: Project, items: list[Record]) -> None:
    """Refuse holders that do not exist in this zone or the city, units where a person is meant, ends before beginnings."""
    directory = Directory.of(desk, {project.zone_id})
    problems = []
    seen = set()
    for n, item in enumerate(items):
        person, unit = item.get("person_id"), item.get("unit_id")
        column = "unit_id" if item["role"] in HELD_BY_UNITS else "person_id"
        if (person is None) == (unit is None) or item.get(column) is None:
            problems.append(
                Problem(f"/items/{n}/{column}", "required", "Name a unit" if column == "unit_id" else "Name a person")
            )
        elif ((Person, person) if person else (Unit, unit or 0)) not in directory.by_id:
            problems.append(
                Problem(f"/items/{n}/{column}", "not_in_zone", "There is nobody of this number in this zone")
            )
        first, last = item.get("from_on"), item.get("until_on")
        if first and last and last < first:
            problems.append(Problem(f"/items/{n}/until_on", "dates_crossed", "It ends before it begins"))
        key = (item["role"], person, unit, first)
        if key in seen:
            problems.append(Problem(f"/items/{n}", "twice", "This stands here twice"))
        seen.add(key)
    if problems:
        raise Invalid(problems=problems)


def _match(desk: Desk, project: Project, found: list[Responsibility], items: list[Record]) -> None:
    """Entries that are named stay and take what was written; others that are current end; the rest is new."""
    left = list(found)
    changed, new = [], []
    for item in sorted(items, key=lambda i: i.get("from_on") is None):
        same = [
            e
            for e in left
            if (e.role, e.person_id, e.unit_id) == (item["role"], item.get("person_id"), item.get("unit_id"))
        ]
        meant = [e for e in same if "from_on" in item and e.from_on == item["from_on"]]
        meant = meant or [e for e in same if is_current(e, desk.today)]
        if not meant:
            facts: Record = {"zone_id": project.zone_id, "project_id": project.id, "from_on": desk.today}
            new.append(Responsibility(**facts | item))
            continue
        entry = meant[0]
        left = [e for e in left if e is not entry]
        for name, value in item.items():
            setattr(entry, name, value)
        changed.append(entry)
    for entry in left:
        if entry.until_on is None or entry.until_on >= desk.today:
            end(desk, entry, desk.today)
            changed.append(entry)
    desk.keep(changed)
    desk.keep(new)


TURNING_DAYS = 31
"""How far back a night looks: a worker that stood still for a month has missed nothing."""


def turn(desk: Desk, day: str) -> int:
    """Show the names of what has begun until ``day`` or ended before it; how many projects changed. Twice is once."""
    desk.ask(Act.LIGHTS_TURN)
    day_type = BY_MODEL[Responsibility].table.c.from_on.type
    first, last = sa.bindparam("first", type_=day_type), sa.bindparam("last", type_=day_type)
    rows = desk.select(
        Responsibility,
        "turning",
        lambda q, t: q.where(sa.or_(t.c.from_on.between(first, last), t.c.until_on.between(first, last))),
        {"first": (date.fromisoformat(day) - timedelta(days=TURNING_DAYS)).isoformat(), "last": day},
        columns=("project_id",),
    )
    return len(show_names(desk, {r[0] for r in rows}, [r.value for r in Role]))


# ── my projects ──────────────────────────────────────────────────────────────────────────────────────────────────────
ACCOUNT = ("person_id", "unit_id", "name")
CARD = (
    "id", "code", "name", "zone", "ledger", "disposition", "pending", "light", "light_reason", "total_investment_yuan",
    "invested_to_date_yuan", "annual_plan_yuan", "invested_this_year_yuan", "months_in_ledger", "responsible_person",
    "planned_start_month", "planned_completion_month", "relation", "phase_no", "version",
)  # fmt: skip


def mine(desk: Desk) -> list[Record]:
    """The projects the signed-in person answers for today, herself or through her unit: cards with ``roles`` and ``by_unit``.

    She is the person written beside her account, else those of her name in her zones.
    """
    desk.ask(Act.REGISTER_READ)
    persons, unit_id = _who(desk)
    entries: list[Responsibility] = by_ids(desk, Responsibility, "of_holder", "person_id", persons)
    entries += by_ids(desk, Responsibility, "of_holder", "unit_id", [unit_id] if unit_id else [])
    roles: dict[int, list[Responsibility]] = {}
    for entry in entries:
        if is_current(entry, desk.today):
            roles.setdefault(entry.project_id, []).append(entry)
    return [
        {
            **card,
            "roles": [e.role for e in roles[card["id"]]],
            "by_unit": all(e.person_id is None for e in roles[card["id"]]),
        }
        for card in cards(desk, roles)
    ]


def serves(desk: Desk, project_id: int) -> bool:
    """May she work on this project? A service unit (代办单位) on those that it serves, whoever else on every one of her zones."""
    if desk.actor.role is not access.Role.SERVICE:
        return True
    persons, unit_id = _who(desk)
    entries: list[Responsibility] = by_ids(desk, Responsibility, "of_projects", "project_id", [project_id])
    hers = [e for e in entries if e.person_id in persons or (unit_id is not None and e.unit_id == unit_id)]
    return any(is_current(entry, desk.today) for entry in hers)


def cards(desk: Desk, ids: Any) -> list[Record]:
    """A few fields of each of these projects that is not deleted, in the order of their names."""
    from app.desk import in_zones, zones_value

    made = shape(CARD)
    rows = desk.select(
        Project,
        "cards",
        lambda q, t: q.where(in_zones(t.c.id, desk.link.dialect, "ids_")).order_by(t.c.search_name, t.c.id),
        {"ids_": zones_value(desk.link.dialect, sorted(ids))},
        columns=made.columns,
    )
    return made.records(desk, rows)


def _who(desk: Desk) -> tuple[list[int], int | None]:
    if desk.actor.kind != "account":
        return [], None
    row = desk.select(
        Account, "who", lambda q, t: q.where(t.c.id == sa.bindparam("id")), {"id": desk.actor.id}, columns=ACCOUNT
    )
    if not row:
        return [], desk.actor.unit_id
    person_id, unit_id, name = row[0]
    if person_id is not None:
        return [person_id], unit_id
    people = desk.select(Person, "names", lambda q, t: q, columns=("id", "name"))
    return [p[0] for p in people if name_key(p[1]) == name_key(name)], unit_id
