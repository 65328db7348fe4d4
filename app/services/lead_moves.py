"""Moves of leads between stages, what has been decided about them, and leads given to another zone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Invalid, NotFound
from app.models import Lead, LeadMove, LeadTransfer
from app.models.checking import check
from app.models.lead_shapes import LeadEdit
from app.rules.access import Act
from app.rules.codes import LeadDisposition, LeadStage
from app.rules.lead_stages import Missing, may_become, missing, passed
from app.services import lead_projects, lead_records, leads, reasons, zones
from app.services.lead_settings import stages
from app.services.naming import by_ids
from app.services.records import zone_codes

Record = dict[str, Any]


def gate(desk: Desk, id_: int, to: str) -> Record:
    """What a move would lack, without making it."""
    desk.ask(Act.LEAD_READ)
    lead = desk.get(Lead, id_)
    return {"to": to, **told(lacks(desk, lead, to))}


def lacks(desk: Desk, lead: Lead, to: str) -> Missing:
    """What stops a lead from entering a stage."""
    return missing(stages(desk), lead_projects.facts(desk, lead), to, lead.stage)


def told(found: Missing) -> Record:
    """What is missing as plain values, for both faces."""
    return {
        "missing": [{"stage": stage.value, "fields": list(fields)} for stage, fields in found.groups],
        "back": found.back,
        "skipped": [stage.value for stage in found.skipped],
    }


def move(
    desk: Desk, id_: int, *, to: str, on: str | None = None, edit: Record | None = None, version: int | None = None
) -> Record:
    """Move a lead into another stage; ``edit`` fills in what was missing in the same act.

    ``on`` is the day of the fact. A skipped stage is entered on the same day, after its conditions. Raises Conflict
    ``stage_not_met`` listing what is missing, ``same_stage``, ``not_active``; Invalid ``reason_required`` for a move back.
    """
    lead = leads.alive(desk, id_, Act.LEAD_MOVE)
    desk.current(lead, version, changing=("stage", "disposition", "deleted_at", *(edit or ())))
    day = _day(desk, on, lead)
    _may_move(lead, to)
    if edit:
        leads.set_facts(desk, lead, leads.checked(desk, check(LeadEdit, edit, partial=True)))
    found = lacks(desk, lead, to)
    if found.groups:
        raise Conflict("This stage asks for more", code="stage_not_met", extra={"to": to, **told(found)})
    if found.back and not desk.reason:
        reasons.refuse(["stage"])
    _enter(desk, lead, LeadStage(to), day)
    return lead_records.one(desk, id_) or {}


def _day(desk: Desk, on: str | None, lead: Lead) -> str:
    if on is not None and on > desk.today:
        raise Invalid.one("/on", "future", "The day of a fact cannot lie in the future")
    if on is not None and on < lead.registered_on:
        raise Invalid.one("/on", "too_early", "It was registered on {day}; this lies before", day=lead.registered_on)
    return on or desk.today


def _may_move(lead: Lead, to: str) -> None:
    if lead.disposition != LeadDisposition.ACTIVE:
        raise Conflict("It is not being followed any more; make it active first", code="not_active")
    if to == lead.stage:
        raise Conflict("It stands in this stage already", code="same_stage")
    if lead.project_id is not None and LeadStage(to) not in (LeadStage.SIGNED, LeadStage.LANDED):
        raise Conflict("It stands in a ledger already; only signing and landing are still to come", code="landed")


def _enter(desk: Desk, lead: Lead, to: LeadStage, day: str) -> None:
    frm = lead.stage
    lines = []
    for stage in passed(frm, to):
        lines.append(
            LeadMove(
                zone_id=lead.zone_id, lead_id=lead.id or 0, from_stage=frm, to_stage=stage, happened_on=day,
                confidential=lead.confidential, reason=desk.reason,
            )
        )  # fmt: skip
        frm = stage
    lead.stage, lead.stage_on = to, day
    lead.landed_on = day if to is LeadStage.LANDED else None
    lead.progress_on = max(lead.progress_on or day, day)
    desk.keep(lead)
    desk.keep(lines)


def history(desk: Desk, id_: int) -> list[Record]:
    """The moves of a lead, oldest first."""
    lead = leads.read(desk, id_, deleted=True)
    rows = desk.select(
        LeadMove,
        "of_lead",
        lambda q, t: q.where(t.c.lead_id == sa.bindparam("lead")).order_by(t.c.id),
        {"lead": lead["id"]},
        columns=("id", "from_stage", "to_stage", "happened_on", "reason", "since"),
    )
    names = ("id", "from_stage", "to_stage", "on", "reason", "version")
    return [dict(zip(names, row, strict=True)) for row in rows]


# ── what was decided ─────────────────────────────────────────────────────────────────────────────────────────────────
def dispose(
    desk: Desk,
    id_: int,
    *,
    disposition: str,
    on: str | None = None,
    lost_to: str | None = None,
    version: int | None = None,
) -> Record:
    """Let a lead rest (dormant), lose it (to whom), see it withdrawn, or take it up again (active). All but taking it up
    again need a reason; its stage stays what it was."""
    lead = leads.alive(desk, id_, Act.LEAD_EXIT)
    desk.current(lead, version, changing=("disposition", "deleted_at"))
    day = _day(desk, on, lead)
    if lead.project_id is not None:
        raise Conflict("It stands in a ledger; what is decided is decided about the project", code="landed")
    if disposition == lead.disposition:
        raise Conflict("That was decided already", code="same_disposition")
    if not may_become(lead.disposition, disposition):
        raise Conflict("This cannot follow on what was decided before", code="not_allowed_now")
    if not desk.reason:
        reasons.refuse(["disposition"])
    if disposition == LeadDisposition.LOST and not (lost_to or "").strip():
        raise Invalid.one("/lost_to", "required", "Say to whom it was lost; write 不详 when nobody knows")
    lead.disposition, lead.disposition_on = LeadDisposition(disposition), day
    lead.disposition_reason = desk.reason
    lead.lost_to = (lost_to or "").strip() or None if disposition == LeadDisposition.LOST else None
    if disposition == LeadDisposition.ACTIVE:
        lead.progress_on = day
    else:
        lead.next_step = lead.next_step_on = None
    desk.keep(lead)
    return lead_records.one(desk, id_) or {}


# ── to another zone ──────────────────────────────────────────────────────────────────────────────────────────────────
def transfer(
    desk: Desk,
    id_: int,
    *,
    to: str,
    on: str | None = None,
    credit_percent: int | None = None,
    document: str | None = None,
    version: int | None = None,
) -> Record:
    """Give a lead with all that hangs on it to a zone that suits it better, by the city office. ``credit_percent`` of it
    stays with the zone that registered it; who follows it and what it would expand is named there. Raises Invalid ``reason_required``, ``same_zone``; Conflict ``landed``."""
    lead = desk.get(Lead, id_, to=Act.LEAD_TRANSFER)
    desk.current(lead, version, changing=("zone_id", "disposition", "deleted_at"))
    day = _day(desk, on, lead)
    try:
        zone_id = zones.id_of(desk, to)
    except NotFound as error:
        raise Invalid.one("/to", "not_found", "There is no zone {zone} that you may see", zone=to) from error
    if zone_id == lead.zone_id:
        raise Invalid.one("/to", "same_zone", "It lies in this zone already")
    if lead.project_id is not None:
        raise Conflict("It stands in a ledger; transfer the project, the lead goes with it", code="landed")
    if not desk.reason:
        reasons.refuse(["reason"])
    made = LeadTransfer(
        zone_id=zone_id, lead_id=id_, from_zone_id=lead.zone_id, to_zone_id=zone_id, happened_on=day, document=document,
        credit_percent=credit_percent, confidential=lead.confidential, reason=desk.reason,
    )  # fmt: skip
    lead.zone_id, lead.progress_on = zone_id, day
    lead.keeper = lead.keeper_unit = lead.responsible_leader = lead.parent_project_id = None
    desk.keep(lead)
    carry(desk, [id_], zone_id)
    desk.keep(made)
    return lead_records.one(desk, id_) or {}


def carry(desk: Desk, ids: list[int], zone_id: int) -> None:
    """All that hangs on these leads goes to the zone, deleted rows too."""
    for model in leads.BESIDE:
        rows = by_ids(desk, model, "of_leads", "lead_id", ids, deleted="with")
        for row in rows:
            row.zone_id = zone_id
        desk.keep(rows)


def transfers(desk: Desk, id_: int) -> list[Record]:
    """From where to where a lead was given, oldest first."""
    lead = leads.read(desk, id_, deleted=True)
    names = ("id", "from_zone_id", "to_zone_id", "happened_on", "credit_percent", "document", "reason", "since")
    rows = desk.select(
        LeadTransfer,
        "of_lead",
        lambda q, t: q.where(t.c.lead_id == sa.bindparam("lead")).order_by(t.c.id),
        {"lead": lead["id"]},
        columns=names,
    )
    found = [dict(zip(names, row, strict=True)) for row in rows]
    codes = zone_codes(desk.link, {f[n] for f in found for n in ("from_zone_id", "to_zone_id")})
    return [
        {
            "id": f["id"], "from": codes[f["from_zone_id"]], "to": codes[f["to_zone_id"]], "on": f["happened_on"],
            "credit_percent": f["credit_percent"], "document": f["document"], "reason": f["reason"], "version": f["since"],
        }
        for f in found
    ]  # fmt: skip
