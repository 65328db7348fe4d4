"""A caller's own references: what a source calls by an id is one thing over all zones, hers to see or not, deleted or not."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict
from app.models import Case, Lead, Project
from app.words import Word

Referred = TypeVar("Referred", Project, Lead, Case)
TAKEN = {
    Project: Word("Another project has this reference"),
    Lead: Word("Another lead has this reference"),
    Case: Word("Another case has this reference"),
}
DELETED = {
    Project: Word("A deleted project has this reference; restore it"),
    Lead: Word("A deleted lead has this reference; restore it"),
    Case: Word("This case was taken out; send it under another reference"),
}


def find(desk: Desk, model: type[Referred], source: str, ref_id: str) -> Referred | None:
    """What a source knows by its own id, among what she sees; deleted or taken out, too."""
    found = desk.rows(model, "by_reference", _named, {"source": source, "ref": ref_id}, deleted="with")
    return found[0] if found else None


def refuse_taken(desk: Desk, model: type[Referred], source: str, ref_id: str) -> None:
    """Refuse a reference that something has already. Of what she may not see nothing is told but that it is taken."""
    found = find(desk, model, source, ref_id)
    if found is not None and found.deleted_at is not None:
        raise Conflict(DELETED[model], code="deleted", extra={"id": found.id})
    if found is not None:
        raise Conflict(TAKEN[model], code="reference_taken", extra={"id": found.id})
    if desk.taken(model, "reference", _named, {"source": source, "ref": ref_id}):
        raise Conflict(TAKEN[model], code="reference_taken")


def _named(query: Any, table: Any) -> Any:
    return query.where(table.c.ref_source == sa.bindparam("source"), table.c.ref_id == sa.bindparam("ref"))
