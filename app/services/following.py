"""Names in a project's row and dated responsibilities say the same, whichever of the two was written.

``follow_names``: names were typed, responsibilities follow. ``show_names``: responsibilities changed, the row's names
follow. Both write in the act under way, and neither calls the verbs that call them, so they cannot chase each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from app.desk import Desk
from app.models import Person, Project, Responsibility, Unit
from app.rules.codes import ResponsibilityRole as Role
from app.rules.names import join_names, name_key, split_names
from app.services.naming import Directory, by_ids

SHOWN: dict[str, tuple[str, Any]] = {
    Role.SPONSOR_LEADER.value: ("sponsor_leader", Person),
    Role.RESPONSIBLE_UNIT.value: ("responsible_unit", Unit),
    Role.RESPONSIBLE_PERSON.value: ("responsible_person", Person),
    Role.SERVICE_UNIT.value: ("service_unit", Unit),
}
"""Role → the field of a project that shows its current names, and who can hold it."""
LONGEST_CELL = 100
Entries = dict[tuple[int, str], list[Responsibility]]


def is_current(entry: Responsibility, day: str) -> bool:
    """Does it hold on this day? An unknown beginning lies before, an unknown end after."""
    return (entry.from_on is None or entry.from_on <= day) and (entry.until_on is None or entry.until_on >= day)


def before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def end(desk: Desk, entry: Responsibility, day: str) -> None:
    """It holds no longer from ``day`` on. One that would not have held a day was never true."""
    if entry.from_on is not None and entry.from_on >= day:
        entry.deleted_at = desk.now
    else:
        entry.until_on = before(day)


def current_of(desk: Desk, project_ids: Iterable[int], day: str) -> Entries:
    """Who answers on ``day``: entries by project and role in the order of their ranks. One statement."""
    found: Entries = defaultdict(list)
    for entry in by_ids(desk, Responsibility, "of_projects", "project_id", project_ids):
        if is_current(entry, day):
            found[(entry.project_id, entry.role)].append(entry)
    for entries in found.values():
        entries.sort(key=lambda e: (e.rank, e.id or 0))
    return found


# ── names were typed ─────────────────────────────────────────────────────────────────────────────────────────────────
def follow_names(
    desk: Desk, projects: list[Project], changed: Collection[str] | None = None, directory: Directory | None = None
) -> None:
    """Let responsibilities follow the names in these rows. ``changed``: the fields written; None: the rows are new.
    ``directory``: who is known in their zones, where that was read already.

    A name typed over another ends that one yesterday and begins today; several names in a cell have ranks 1, 2, 3. A
    cell with one name speaks for rank 1 only. Persons and units nobody knows yet are made. A handful of statements,
    however many rows.
    """
    roles = [role for role, (name, _) in SHOWN.items() if changed is None or name in changed]
    if not projects or not (roles or "phone" in (changed or ())):
        return
    was = {p.id: desk.book.before(p) if desk.book else None for p in projects}
    typed = [(p, role) for p in projects for role in roles if _retyped(was[p.id], p, SHOWN[role][0])]
    if not typed and changed is not None and "phone" not in changed:
        return
    directory = directory or Directory.of(desk, {p.zone_id for p in projects})
    held = {} if changed is None else current_of(desk, (p.id or 0 for p in projects), desk.today)
    wanted = [(p, role, _holders(directory, p, role)) for p, role in typed]
    directory.keep()
    begun: list[Responsibility] = []
    touched: list[Responsibility] = []
    for project, role, holders in wanted:
        entries = held.get((project.id or 0, role), [])
        listed = len(split_names((was[project.id] or {}).get(SHOWN[role][0])))
        new = _begin(project, role, entries, holders, from_on=None if changed is None else desk.today)
        touched += _end_others(desk, role, entries, holders, one_name=len(holders) == 1 and listed < 2)
        left = [e for e in entries if e.deleted_at is None and is_current(e, desk.today)]
        held[(project.id or 0, role)] = sorted(left + new, key=lambda e: e.rank)
        begun += new
    desk.keep(touched)
    desk.keep(begun)
    _phones(desk, projects, {p.id for p, role in typed if role == Role.RESPONSIBLE_PERSON}, held, directory, changed)


def _retyped(was: dict[str, Any] | None, project: Project, field: str) -> bool:
    """Does the cell say something else than before? A new row's blank cell says nothing."""
    text = getattr(project, field)
    return bool(text) if was is None else bool(was[field] != text)


def _holders(directory: Directory, project: Project, role: str) -> list[Any]:
    field, kind = SHOWN[role]
    found = (directory.holder(kind, project.zone_id, name) for name in split_names(getattr(project, field)))
    return [h for h in found if h is not None]


def _column(role: str) -> str:
    return "person_id" if SHOWN[role][1] is Person else "unit_id"


def _begin(
    project: Project, role: str, entries: list[Responsibility], holders: list[Any], *, from_on: str | None
) -> list[Responsibility]:
    """Entries for those who do not hold the role yet."""
    known = {getattr(e, _column(role)) for e in entries}
    facts: dict[str, Any] = {"zone_id": project.zone_id, "project_id": project.id, "role": role, "from_on": from_on}
    return [
        Responsibility(**facts, **{_column(role): h.id}, rank=rank)
        for rank, h in enumerate(holders[:99], 1)
        if h.id not in known
    ]


def _end_others(
    desk: Desk, role: str, entries: list[Responsibility], holders: list[Any], *, one_name: bool
) -> list[Responsibility]:
    """Those who hold the role still get the rank of their place; those no longer named end. The entries changed."""
    ranks = {h.id: rank for rank, h in enumerate(holders, 1)}
    changed = []
    for entry in entries:
        rank = ranks.get(getattr(entry, _column(role)))
        if rank is not None and entry.rank != rank:
            entry.rank = rank
            changed.append(entry)
        elif rank is None and (not one_name or entry.rank == 1):
            end(desk, entry, desk.today)
            changed.append(entry)
    return changed


def _phones(
    desk: Desk,
    projects: list[Project],
    retyped: set[int | None],
    held: Entries,
    directory: Directory,
    changed: Collection[str] | None,
) -> None:
    """A phone typed beside a person becomes hers if none is known; a person typed without a phone brings her own."""
    persons: dict[int, Person] = {}
    rows = []
    for project in projects:
        entries = held.get((project.id or 0, Role.RESPONSIBLE_PERSON.value), [])
        person = directory.by_id.get((Person, entries[0].person_id or 0)) if entries else None
        hers = person.phone if isinstance(person, Person) else None
        typed_phone = (changed is None and project.phone) or (changed is not None and "phone" in changed)
        if typed_phone:
            if isinstance(person, Person) and project.phone and hers is None:
                person.phone = project.phone
                persons[person.id or 0] = person
        elif project.id in retyped and project.phone != hers:
            project.phone = hers
            rows.append(project)
    desk.keep(list(persons.values()))
    desk.keep(rows)


# ── responsibilities changed ─────────────────────────────────────────────────────────────────────────────────────────
def show_names(desk: Desk, project_ids: Iterable[int], roles: Collection[str]) -> list[Project]:
    """Write the current names of these roles into the rows of projects; the rows that changed.

    A cell shows the name of rank 1; one that listed several goes on listing them all.
    """
    shown = [r for r in roles if r in SHOWN]
    projects: list[Project] = by_ids(desk, Project, "by_id", "id", project_ids, deleted="with") if shown else []
    if not projects:
        return []
    held = current_of(desk, (p.id or 0 for p in projects), desk.today)
    directory = Directory.of(desk, {p.zone_id for p in projects})
    changed = [p for p in projects if _show(p, shown, held, directory)]
    desk.keep(changed)
    return changed


def _show(project: Project, roles: Collection[str], held: Entries, directory: Directory) -> bool:
    changed = False
    for role in roles:
        field = SHOWN[role][0]
        entries = held.get((project.id or 0, role), [])
        names = [n for e in entries if (n := directory.name(e.person_id, e.unit_id))]
        was = getattr(project, field)
        if len(split_names(was)) < 2:
            names = names[:1]
        renamed = [name_key(n) for n in names] != [name_key(n) for n in split_names(was)]
        if renamed:
            whole = join_names(names)
            setattr(project, field, whole if len(whole or "") <= LONGEST_CELL else names[0])
        phoned = role == Role.RESPONSIBLE_PERSON and _show_phone(project, entries, directory, renamed=renamed)
        changed = changed or renamed or phoned
    return changed


def _show_phone(project: Project, entries: list[Responsibility], directory: Directory, *, renamed: bool) -> bool:
    person = directory.by_id.get((Person, entries[0].person_id or 0)) if entries else None
    hers = person.phone if isinstance(person, Person) else None
    if project.phone == hers or (hers is None and not renamed):
        return False
    project.phone = hers
    return True
