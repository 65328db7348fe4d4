"""Cases by the references of an approval platform: up to a thousand at once, each with its project."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Invalid, NotFound
from app.models import Case, CaseFacts, Project
from app.rules.access import Act
from app.rules.identity import national_code
from app.services import cases, own_references, references

Record = dict[str, Any]
NAMED_BY = ("project_id", "project_code", "project_ref", "national_code")


def batch(desk: Desk, items: list[Record], *, atomic: bool) -> list[Record]:
    """Upsert many cases by reference, as one act: a result per item in order, ``{status, record | refusal}``."""
    desk.ask(Act.CASE_WRITE)
    return references.each(desk, items, upsert, atomic=atomic)


def upsert(desk: Desk, item: Record) -> tuple[Record, bool]:
    """The case, and whether it was created. Fields left out stay as they are; what somebody else changed since is kept and
    reported (409 ``changed_by_others``) unless ``overwrite``."""
    facts = dict(item)
    ref, overwrite = facts.pop("ref"), bool(facts.pop("overwrite", False))
    named = {name: said for name in NAMED_BY if (said := facts.pop(name, None)) is not None}
    row = own_references.find(desk, Case, ref["source"], ref["id"])
    if row is None:
        return cases.create(desk, _project(desk, named).id or 0, {**facts, "ref": ref}), True
    if row.deleted_at is not None:
        raise Conflict("This case was taken out; send it under another reference", code="deleted", extra={"id": row.id})
    if named and _project(desk, named).id != row.project_id:
        raise Conflict("This case belongs to another project", code="other_project", extra={"id": row.id})
    if facts.pop("step", row.step) != row.step:
        raise Invalid.one("/step", "fixed", "The step of a case does not change")
    references.keep_others(desk, row, facts, CaseFacts.model_fields, overwrite)
    return cases.amend(desk, row.project_id, row.id or 0, facts, version=None), False


def _project(desk: Desk, named: Record) -> Project:
    """The project that is meant. Raises Invalid where none is named, NotFound, Conflict where a code means several."""
    if len(named) != 1:
        raise Invalid.one(
            "/project_id", "required", "Name the project by one of: {choices}", choices=", ".join(NAMED_BY)
        )
    ((by, value),) = named.items()
    if by == "project_id":
        return desk.get(Project, value)
    if by == "project_ref":
        found = own_references.find(desk, Project, value["source"], value["id"])
        rows = [found] if found is not None and found.deleted_at is None else []
    else:
        column = "code" if by == "project_code" else by
        said = national_code(value) or value if by == "national_code" else value
        rows = desk.rows(
            Project, ("by", column), lambda q, t: q.where(t.c[column] == sa.bindparam("said")), {"said": said}
        )
    if not rows:
        raise NotFound("There is no such project that you may see", code="no_such_project")
    if len(rows) > 1:
        ids = [row.id for row in rows]
        raise Conflict(
            "Several projects have this national code; name the project otherwise", code="ambiguous", extra={"ids": ids}
        )
    return rows[0]
