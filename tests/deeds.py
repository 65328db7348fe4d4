"""The deeds of the model as services at a desk: the smallest that use the core as the real ones do."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.errors import Conflict, Refusal
from app.models import Project
from app.rules.access import Act

Facts = dict[str, Any]


def create(desk: Desk, zone_id: int, facts: Facts) -> dict[str, Any]:
    """A new project."""
    desk.ask(Act.PROJECT_CREATE, zone_id)
    project = Project(zone_id=zone_id, **facts)
    desk.keep(project)
    return {"id": project.id, "version": project.since}


def amend(desk: Desk, id_: int, version: int | None, edit: Facts, act: Act = Act.PROJECT_AMEND) -> dict[str, Any]:
    """Some fields of one project, if it is as she read it."""
    project = desk.get(Project, id_, to=act)
    desk.current(project, version)
    _set(project, edit)
    desk.keep(project)
    return {"id": id_, "version": project.since}


def shift(desk: Desk, id_: int, version: int | None, edit: Facts) -> dict[str, Any]:
    return amend(desk, id_, version, edit, Act.PROJECT_MOVE)


def transfer(desk: Desk, id_: int, version: int | None, zone_id: int) -> dict[str, Any]:
    return amend(desk, id_, version, {"zone_id": zone_id}, Act.PROJECT_TRANSFER)


def remove(desk: Desk, id_: int, version: int | None) -> dict[str, Any]:
    return amend(desk, id_, version, {"deleted_at": desk.now}, Act.PROJECT_REMOVE)


def restore(desk: Desk, id_: int, version: int | None) -> dict[str, Any]:
    project = desk.get(Project, id_, to=Act.PROJECT_RESTORE, deleted=True)
    desk.current(project, version)
    project.deleted_at = None
    desk.keep(project)
    return {"id": id_}


def bulk(desk: Desk, targets: list[tuple[int, int]], edit: Facts) -> dict[str, Any]:
    """The same fields of several projects, all or none."""
    projects = []
    for id_, version in targets:
        project = desk.get(Project, id_, to=Act.PROJECT_AMEND)
        desk.current(project, version)
        _set(project, edit)
        projects.append(project)
    desk.keep(projects)
    return {"changed": len(projects)}


def twice(desk: Desk, id_: int, version: int | None, first: Facts, second: Facts) -> dict[str, Any]:
    """One project kept twice in an act, read again in between."""
    amend(desk, id_, version, first)
    return amend(desk, id_, None, second)


def back(desk: Desk, id_: int, version: int | None, edit: Facts) -> dict[str, Any]:
    """A project changed and changed back in an act."""
    project = desk.get(Project, id_, to=Act.PROJECT_AMEND)
    desk.current(project, version)
    before = {name: getattr(project, name) for name in (*edit, "plan_year")}
    _set(project, edit)
    desk.keep(project)
    _set(project, before)
    desk.keep(project)
    return {"id": id_}


def nothing(desk: Desk, id_: int, version: int | None) -> dict[str, Any]:
    """A project kept as it was."""
    return amend(desk, id_, version, {})


def partly(desk: Desk, targets: list[tuple[int, int]], edit: Facts) -> dict[str, Any]:
    """Several projects, each for itself; every second one is refused after it was written."""
    done = 0
    for n, (id_, version) in enumerate(targets):
        try:
            with desk.apart():
                amend(desk, id_, version, edit)
                if n % 2:
                    raise Conflict("refused after writing")
                done += 1
        except Refusal:
            continue
    return {"done": done}


def _set(project: Project, edit: Facts) -> None:
    for name, value in edit.items():
        setattr(project, name, value)
