"""Where a figure came from: which file, sheet and cell, sent by whom, when."""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.engine import Sql
from app.models import Import, Origin, Project
from app.rules.access import Act
from app.services.naming import by_ids

Record = dict[str, Any]
CHANGES = Sql("SELECT seq, diff FROM change WHERE noun = 'project' AND row_id = :id ORDER BY seq DESC LIMIT 500")
ACTS = Sql("SELECT at, actor_name FROM act WHERE seq = :seq")


def by_act(desk: Desk, project_id: int) -> dict[int, Record]:
    """For each import that wrote this project, by the number of its act: file, sheet, row, and field → cell and raw text."""
    found: list[Origin] = desk.rows(
        Origin,
        "of_project",
        lambda q, t: q.where(t.c.project_id == sa.bindparam("project")).order_by(t.c.id),
        {"project": project_id},
    )
    if not found:
        return {}
    runs = {run.id: run for run in by_ids(desk, Import, "by_id", "id", {o.import_id for o in found})}
    return {o.since: _told(desk, o, runs.get(o.import_id)) for o in found}


def _told(desk: Desk, origin: Origin, run: Import | None) -> Record:
    from app.services.imports import visible

    kept = orjson.loads(origin.cells)
    cells, fields = (kept["cells"], kept["fields"]) if "fields" in kept else (kept, {})
    return {
        "import_id": origin.import_id if run is not None and visible(desk, run) else None,
        "file_name": run.file_name if run is not None else None,
        "sheet": origin.sheet,
        "row": origin.row,
        "cells": {field: {"cell": at, "raw": cells.get(at)} for field, at in fields.items()},
    }


def of_project(desk: Desk, id_: int) -> list[Record]:
    """The fields that stand as an import wrote them: field, cell, raw text, file, sheet, row, by whom, when."""
    desk.get(Project, id_, to=Act.HISTORY_READ, deleted=True)
    origins = by_act(desk, id_)
    if not origins:
        return []
    seen: set[str] = set()
    found: list[Record] = []
    for seq, diff in desk.link.rows(CHANGES, {"id": id_}):
        fields = set(orjson.loads(diff)) - seen
        seen |= fields
        origin = origins.get(seq)
        if origin is None:
            continue
        at, name = desk.link.row(ACTS, {"seq": seq}) or (None, None)
        rest = {k: origin[k] for k in ("import_id", "file_name", "sheet", "row")} | {"by": name, "at": at}
        found += [{"field": f, **origin["cells"][f], **rest} for f in origin["cells"] if f in fields]
    private = frozenset() if desk.may(Act.PHONE_READ) else frozenset({"phone"})
    return [f | {"raw": None} if f["field"] in private else f for f in found]
