"""Expansions, phases and parts: depth one, in one zone; a project with phases is a heading that counts in no ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.errors import Invalid, Problem
from app.models import Project
from app.rules.access import Act
from app.rules.codes import Relation
from app.rules.counting import GONE
from app.rules.family import closed, told_sums
from app.words import Word

OF_PHASES = Word("This is the sum of its phases; change it in a phase")
OF_PARTS = Word("This is the sum of its parts; change it in a part")


def children(desk: Desk, project: Project, *relations: str, deleted: str = "no") -> list[Project]:
    """The live children of a project, phases in their order. ``deleted``: no, only or with."""
    if project.id is None:
        return []
    found = desk.rows(
        Project,
        "children",
        lambda q, t: q.where(t.c.parent_id == sa.bindparam("parent")).order_by(t.c.phase_no, t.c.id),
        {"parent": project.id},
        deleted=deleted,
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


def refuse_sums(project: Project, changed: Iterable[str]) -> None:
    """Refuse to type over what is the sum of phases or parts. Raises Invalid ``is_a_sum`` naming the fields."""
    sums = closed(told_sums(project.family_sums))
    refuse(project, [name for name in changed if name in sums])


def refuse(project: Project, fields: list[str]) -> None:
    """These fields are sums: say where they are changed. None named: nothing is refused."""
    why = why_closed(project.has_phases)
    if fields:
        raise Invalid(why, code="is_a_sum", problems=[Problem(f"/{name}", "is_a_sum", why) for name in fields])


def why_closed(heading: bool | None) -> str:
    """msgid: why an amount cannot be typed here."""
    return OF_PHASES if heading else OF_PARTS


def recount(desk: Desk) -> int:
    """Headings and bundles that were never summed, by a register older than these sums; how many children they have. Run
    twice it finds nothing more to do."""
    desk.ask(Act.LIGHTS_TURN)
    found = desk.select(
        Project,
        "never_summed",
        lambda q, t: q.where(_folds(t), _staying(t), _never_summed(t)),
        columns=("parent_id",),
    )
    if desk.book is not None:
        desk.book.parents.update(parent_id for (parent_id,) in found)
    return len(found)


def _never_summed(table: Any) -> Any:
    parent = table.alias("parent_")
    return sa.exists().where(parent.c.id == table.c.parent_id, parent.c.family_sums.is_(None))


# ── in a list ────────────────────────────────────────────────────────────────────────────────────────────────────────
FOLDED = (Relation.PHASE.value, Relation.PART.value)
"""Children that stand under their parent. An expansion is a project of its own."""


def _folds(table: Any) -> Any:
    return sa.or_(*(table.c.relation == relation for relation in FOLDED))


def _staying(table: Any) -> Any:
    return sa.and_(*(table.c.disposition != gone for gone in GONE))


def stands_by_itself(desk: Desk, table: Any) -> Any:
    """The condition of a row that is listed at its own place: it is no phase or part whose parent is listed in the same
    ledger. The parent is looked up by its id, and only for children, so a page still walks the index in its order."""
    parent = table.alias("parent_")
    here = [
        parent.c.id == table.c.parent_id,
        parent.c.ledger == table.c.ledger,
        parent.c.deleted_at.is_(None),
        _staying(parent),
        # what the parent's row says decides whether its children are fetched: nobody is left out on both sides
        sa.or_(parent.c.has_phases.is_(True), parent.c.part_count > 0),
    ]
    if desk.seq is not None:
        here += [parent.c.since <= sa.bindparam("desk_seq"), parent.c.until > sa.bindparam("desk_seq")]
    return sa.or_(table.c.relation.is_(None), sa.not_(_folds(table)), sa.not_(sa.exists().where(*here)))


def under(desk: Desk, ledger: str, parents: list[int], columns: tuple[str, ...]) -> dict[int, list[tuple[Any, ...]]]:
    """The phases and parts of these parents that are listed in ``ledger``, parent by parent in their order: one
    statement. ``columns`` hold ``parent_id``, ``phase_no`` and ``id``."""
    found = desk.select(
        Project,
        "under",
        lambda q, t: q.where(
            in_zones(t.c.parent_id, desk.link.dialect, "parents"),
            _folds(t),
            t.c.ledger == sa.bindparam("ledger_"),
            _staying(t),
        ),
        {"parents": zones_value(desk.link.dialect, parents), "ledger_": ledger},
        columns=columns,
    )
    parent_id, phase_no, id_ = (columns.index(name) for name in ("parent_id", "phase_no", "id"))
    families: dict[int, list[tuple[Any, ...]]] = {}
    for row in sorted(found, key=lambda row: (row[phase_no] or 0, row[id_])):
        families.setdefault(row[parent_id], []).append(row)
    return families


def names(desk: Desk, ids: list[int]) -> dict[int, str]:
    """The names of these projects."""
    found = desk.select(
        Project,
        "names",
        lambda q, t: q.where(in_zones(t.c.id, desk.link.dialect, "ids")),
        {"ids": zones_value(desk.link.dialect, ids)},
        columns=("id", "name"),
    )
    return dict(found)
