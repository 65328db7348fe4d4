"""The early chapter of a project: what its lead says of the time before it stood in a ledger."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.rules.access import Act
from app.services import lead_files, lead_moves, lead_projects, lead_records

Record = dict[str, Any]


def early(desk: Desk, project_id: int) -> Record | None:
    """The lead that a project was, the day of each of its stages, and how many files it has. None for a project that began
    in a ledger, and for who may not read leads."""
    if desk.actor.bound is not None or not desk.may(Act.LEAD_READ):
        return None
    id_ = lead_projects.of_project(desk, project_id)
    lead = lead_records.one(desk, id_) if id_ is not None else None
    if lead is None:
        return None
    days = {move["to_stage"]: move["on"] for move in lead_moves.history(desk, lead["id"])}
    return {"lead": lead, "days": days, "files": len(lead_files.list_(desk, lead["id"]))}
