"""One field of a project back to what it was before an act, as a new act that says so."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.engine import Sql
from app.errors import Conflict, NotFound
from app.models import Project, ProjectFacts
from app.models.base import meta
from app.rules.access import Act
from app.services import projects
from app.words import say

OF_ACT = Sql("SELECT diff FROM change WHERE noun = 'project' AND row_id = :id AND seq = :seq")
BOUND = frozenset({"parent_id", "relation"})
"""Fields that only make sense together."""


def restorable(field: str) -> bool:
    """Can one field be put back by itself? Those people write, except phones, whose old values history does not show."""
    known = ProjectFacts.model_fields.get(field)
    return known is not None and field not in BOUND and not meta(known).get("private")


def put_back(desk: Desk, id_: int, field: str, act: int) -> dict[str, Any]:
    """Give ``field`` the value it had before ``act``. The reason says so when none is given.

    Raises NotFound when that act did not change the field, Conflict ``same`` when it has that value already.
    """
    project = desk.get(Project, id_, to=Act.PROJECT_AMEND)
    desk.ask(Act.HISTORY_READ, project.zone_id)
    diff = orjson.loads(desk.link.value(OF_ACT, {"id": id_, "seq": act}) or b"{}")
    if field not in diff or not restorable(field):
        raise NotFound
    before = diff[field][0]
    if getattr(project, field) == before:
        raise Conflict("It has this value already", code="same")
    desk.reason = desk.reason or say("Put back to what it was before change {act}", desk.language, act=act)
    return projects.amend(desk, id_, {field: before}, version=None)
