"""A lead as the API gives it: from the columns that the reader may see, with what follows from the day and the clock."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.models import Lead, LeadFacts, LeadFile
from app.models.base import BY_MODEL
from app.rules import lead_clock
from app.rules.access import Act
from app.services.calendar import calendar
from app.services.lead_projects import overlaid
from app.services.lead_settings import clock, stages
from app.services.naming import by_ids
from app.services.records import zone_codes

Record = dict[str, Any]
HOUSE = ("id", "code", "stage", "stage_on", "disposition", "disposition_on", "disposition_reason", "lost_to")
AFTER = (
    "registered_on", "landed_on", "project_id", "protected_until", "industry_code", "progress_on", "responded_on", "next_step",
    "next_step_on", "created_at", "updated_at", "deleted_at",
)  # fmt: skip
PLAIN = (*HOUSE, *LeadFacts.model_fields, *AFTER)
COLUMNS = (*PLAIN, "zone_id", "ref_source", "ref_id", "since")
"""What is selected for a record."""
FIELDS = ("zone", *PLAIN, "ref", "named", "light", "due", "to_remove", "proved", "version")
"""Every member of a record, in the order in which it is given."""
FLAGS = BY_MODEL[Lead].flags


def records(desk: Desk, rows: Sequence[tuple[Any, ...]]) -> list[Record]:
    """Records from rows that hold ``COLUMNS``.

    ``named``: what stands in ``name`` is the true name. ``light``: how long nothing has moved. ``due``: what the clock asks
    for next, until when, late or not. ``proved``: has it a file of a kind that its stage asks for (null: none is asked for)?
    """
    zones = zone_codes(desk.link, {row[COLUMNS.index("zone_id")] for row in rows})
    asked, ticking, days = stages(desk), clock(desk), calendar(desk)
    kinds = _kinds(desk, [row[0] for row in rows])
    clearly = desk.may(Act.LEAD_SECRET_READ)
    found = []
    for row in rows:
        facts = dict(zip(COLUMNS, row, strict=True))
        for name in FLAGS:
            facts[name] = bool(facts[name])
        lead: Any = SimpleNamespace(**facts)
        owed = lead_clock.due(lead, ticking, days)
        wanted = asked[lead.stage].get("files")
        told = {
            "zone": zones[lead.zone_id],
            "ref": {"source": lead.ref_source, "id": lead.ref_id} if lead.ref_id is not None else None,
            "named": clearly or not lead.confidential,
            "light": lead_clock.idle(lead, ticking, desk.today).value,
            "due": {"what": owed.what, "on": owed.on, "late": owed.on < desk.today} if owed else None,
            "to_remove": lead_clock.to_remove(lead, ticking, desk.today),
            "proved": None if not wanted else not kinds.get(lead.id, set()).isdisjoint(wanted),
            "version": lead.since,
        }
        found.append({name: told[name] if name in told else facts[name] for name in FIELDS})
    return overlaid(desk, found)


def _kinds(desk: Desk, ids: list[int]) -> dict[int, set[str]]:
    """The kinds of files that each lead has."""
    found: dict[int, set[str]] = {}
    for file in by_ids(desk, LeadFile, "of_leads", "lead_id", ids):
        found.setdefault(file.lead_id, set()).add(file.kind)
    return found


def one(desk: Desk, id_: int, *, deleted: bool = False) -> Record | None:
    """One lead that she sees, as she may see it; None when there is none."""
    rows = desk.select(
        Lead,
        "record",
        lambda q, t: q.where(t.c.id == sa.bindparam("id")),
        {"id": id_},
        columns=COLUMNS,
        deleted="with" if deleted else "no",
    )
    return records(desk, rows)[0] if rows else None
