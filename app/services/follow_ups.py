"""Follow-ups: who spoke with whom about a lead, and what is to be done next until when."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field

from app.desk import Desk, in_zones, zones_value
from app.errors import Invalid, NotFound
from app.models import FollowUp, Lead
from app.models.checking import Body, check, made_of
from app.models.types import Day, Text
from app.rules.access import Act
from app.rules.codes import FollowUpKind
from app.rules.names import split_names
from app.services import leads, reasons
from app.services.naming import by_ids

Record = dict[str, Any]
COLUMNS = (
    "id", "lead_id", "kind", "happened_on", "by_whom", "with_whom", "place", "told", "progress", "next_step", "next_step_on",
    "next_step_by", "done_on", "created_at", "since",
)  # fmt: skip


class FollowUpNew(Body):
    """One contact about a lead."""

    kind: Annotated[FollowUpKind, Field(title="Kind of contact")]
    happened_on: Annotated[Day | None, Field(title="Day of the contact", description="Default: today")] = None
    by_whom: Annotated[Text | None, Field(max_length=100, title="By whom", description="Default: you")] = None
    with_whom: Annotated[Text | None, Field(max_length=200, title="With whom")] = None
    place: Annotated[Text | None, Field(max_length=200, title="Place")] = None
    told: Annotated[Text, Field(min_length=1, max_length=2000, title="What was said")]
    progress: Annotated[bool, Field(title="Progress was made", description="False: it was tried in vain")] = True
    next_step: Annotated[Text | None, Field(max_length=500, title="Next step")] = None
    next_step_on: Annotated[Day | None, Field(title="Next step on")] = None
    next_step_by: Annotated[Text | None, Field(max_length=100, title="Next step by")] = None
    reason: Annotated[Text | None, Field(max_length=500, title="Reason")] = None


class _Edit(FollowUpNew):
    done_on: Annotated[Day | None, Field(title="Next step done on")] = None


FollowUpEdit: Any = made_of(_Edit, partial=True, name="FollowUpEdit")


def list_(desk: Desk, id_: int) -> list[Record]:
    """The contacts about a lead, newest first."""
    lead = leads.read(desk, id_, deleted=True)
    rows = desk.select(
        FollowUp,
        "of_lead",
        lambda q, t: q.where(t.c.lead_id == sa.bindparam("lead")).order_by(t.c.happened_on.desc(), t.c.id.desc()),
        {"lead": lead["id"]},
        columns=COLUMNS,
    )
    return [_told(row) for row in rows]


def _told(row: tuple[Any, ...]) -> Record:
    facts = dict(zip(COLUMNS, row, strict=True))
    facts["on"], facts["version"] = facts.pop("happened_on"), facts.pop("since")
    return {**facts, "progress": bool(facts["progress"])}


def add(desk: Desk, id_: int, values: Record) -> Record:
    """Write down a contact. It answers the clock; with ``progress`` the lead counts as moving since that day."""
    lead = leads.alive(desk, id_, Act.FOLLOW_UP_ADD)
    facts = check(FollowUpNew, reasons.take(desk, values))
    facts["happened_on"] = facts.get("happened_on") or desk.today
    facts["by_whom"] = facts.get("by_whom") or desk.actor.name
    _days(desk, facts)
    row = FollowUp(zone_id=lead.zone_id, lead_id=id_, confidential=lead.confidential, **facts)
    desk.keep(row)
    _follow(desk, lead)
    return _one(desk, row.id or 0)


def _days(desk: Desk, facts: Record) -> None:
    for name in ("happened_on", "done_on"):
        if (facts.get(name) or "") > desk.today:
            raise Invalid.one(f"/{name}", "future", "The day of a fact cannot lie in the future")
    if facts.get("next_step_on") and not facts.get("next_step"):
        raise Invalid.one("/next_step", "required", "Say what is to be done until {day}", day=facts["next_step_on"])


def amend(desk: Desk, follow_up_id: int, values: Record, *, version: int | None) -> Record:
    """Correct a contact, or say that its next step was done (``done_on``)."""
    row = desk.get(FollowUp, follow_up_id, to=Act.FOLLOW_UP_AMEND)
    desk.current(row, version)
    lead = leads.alive(desk, row.lead_id, Act.FOLLOW_UP_AMEND)
    sent = check(FollowUpEdit, reasons.take(desk, values), partial=True)
    _days(desk, {**row.__dict__, **sent})
    for name, value in sent.items():
        setattr(row, name, value)
    desk.keep(row)
    _follow(desk, lead)
    return _one(desk, follow_up_id)


def remove(desk: Desk, follow_up_id: int, *, version: int | None = None) -> Record:
    """Take back a contact that was written down by mistake; it stays in history."""
    row = desk.get(FollowUp, follow_up_id, to=Act.FOLLOW_UP_REMOVE)
    desk.current(row, version)
    lead = leads.alive(desk, row.lead_id, Act.FOLLOW_UP_REMOVE)
    told = _one(desk, follow_up_id)
    row.deleted_at = desk.now
    desk.keep(row)
    _follow(desk, lead)
    return {**told, "version": row.since}


def _follow(desk: Desk, lead: Lead) -> None:
    """What the lead's row shows of its contacts: first answer, last progress, the next open step."""
    rows: list[FollowUp] = by_ids(desk, FollowUp, "of_leads", "lead_id", [lead.id or 0])
    lead.responded_on = min((r.happened_on for r in rows), default=None)
    moved = [lead.stage_on or "", lead.registered_on, *(r.happened_on for r in rows if r.progress)]
    lead.progress_on = max(moved)
    open_ = [r for r in rows if r.next_step and r.done_on is None]
    first = min(open_, key=lambda r: (r.next_step_on or "9999", r.id or 0), default=None)
    lead.next_step, lead.next_step_on = (first.next_step, first.next_step_on) if first else (None, None)
    desk.keep(lead)


def one(desk: Desk, id_: int, follow_up_id: int) -> Record:
    """One contact about a lead."""
    leads.read(desk, id_, deleted=True)
    row = desk.get(FollowUp, follow_up_id)
    if row.lead_id != id_:
        raise NotFound
    return _one(desk, follow_up_id)


def _one(desk: Desk, follow_up_id: int) -> Record:
    rows = desk.select(
        FollowUp,
        "one",
        lambda q, t: q.where(t.c.id == sa.bindparam("id")),
        {"id": follow_up_id},
        columns=COLUMNS,
    )
    return _told(rows[0])


def open_steps(desk: Desk, *, by: str | None = None) -> list[Record]:
    """Next steps that are not done, over the leads she sees: soonest first, with the lead each belongs to.

    ``by``: only those that are to be done by this person, or on leads that she follows.
    """
    desk.ask(Act.LEAD_READ)
    rows = desk.select(
        FollowUp,
        "open",
        lambda q, t: q.where(t.c.next_step.is_not(None), t.c.done_on.is_(None)).order_by(
            t.c.next_step_on.asc().nulls_last(), t.c.id
        ),
        columns=(*COLUMNS, "zone_id"),
    )
    steps = [_told(row[:-1]) | {"zone_id": row[-1]} for row in rows]
    lead_rows = _leads(desk, [s["lead_id"] for s in steps])
    found = [{**s, "lead": lead_rows[s["lead_id"]]} for s in steps if s["lead_id"] in lead_rows]
    return [s for s in found if by is None or by in split_names(s["next_step_by"] or s["lead"]["keeper"])]


def _leads(desk: Desk, ids: list[int]) -> dict[int, Record]:
    """The heads of leads that are still on their way."""
    names = ("id", "code", "name", "stage", "keeper", "disposition")
    if not ids:
        return {}
    rows = desk.select(
        Lead,
        "heads",
        lambda q, t: q.where(
            in_zones(t.c.id, desk.link.dialect, "ids_"), t.c.disposition == "active", t.c.project_id.is_(None)
        ),
        {"ids_": zones_value(desk.link.dialect, sorted(set(ids)))},
        columns=names,
    )
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}
