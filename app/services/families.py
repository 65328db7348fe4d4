"""Expansions, phases and parts: depth one, in one zone; a project with phases is a heading that counts in no ledger."""

from __future__ import annotations

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Invalid
from app.models import Project
from app.rules.codes import Relation


def children(desk: Desk, project: Project, *relations: str) -> list[Project]:
    """The live children of a project, phases in their order."""
    if project.id is None:
        return []
    found = desk.rows(
        Project,
        "children",
        lambda q, t: q.where(t.c.parent_id == sa.bindparam("parent")).order_by(t.c.phase_no, t.c.id),
        {"parent": project.id},
    )
    return [c for c in found if not relations or c.relation in relations]


def check_parent(desk: Desk, project: Project) -> None:
    """Refuse a parent that cannot be one: not there, another zone, itself a child, or a relation without parent."""
    if project.parent_id is None:
        if project.relation is not None:
            raise Invalid.one("/relation", "parent_needed", "Name the parent project too")
        return
    if project.relation is None:
        raise Invalid.one("/relation", "required", "Say whether it is an expansion, a phase or a part")
    parents = desk.rows(
        Project, "parent", lambda q, t: q.where(t.c.id == sa.bindparam("id")), {"id": project.parent_id}
    )
    if not parents or parents[0].zone_id != project.zone_id or parents[0].id == project.id:
        raise Invalid.one("/parent_id", "no_such_parent", "There is no such project in this zone")
    if parents[0].relation in (Relation.PHASE, Relation.PART):
        raise Invalid.one("/parent_id", "too_deep", "A phase or a part cannot have children of its own")
    if project.id is not None and children(desk, project):
        raise Invalid.one("/parent_id", "too_deep", "It has children of its own and cannot become a child")


def joined(desk: Desk, project: Project) -> None:
    """After a child was kept: its parents, old and new, are headings exactly while they have live phases."""
    book = desk.book
    if book is None:
        return
    noun_before = book.before(project)
    for parent_id in {project.parent_id, noun_before.get("parent_id") if noun_before else None} - {None}:
        parent = desk.rows(
            Project, "parent", lambda q, t: q.where(t.c.id == sa.bindparam("id")), {"id": parent_id}, deleted="with"
        )[0]
        heading = bool(children(desk, parent, Relation.PHASE))
        if parent.has_phases != heading:
            parent.has_phases = heading
            desk.keep(parent)
