"""The demo's pipeline: leads with their moves and contacts, some of which have become projects of the demo's ledgers."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.models import FollowUp, Lead, LeadMove, Project
from app.rules.lead_clock import before
from app.services import landing
from app.services.lead_settings import clock

Record = dict[str, Any]


def plant(desk: Desk, zone_id: int, drafts: list[Record], projects: dict[str, Project]) -> int:
    """Keep the leads of a zone. ``projects`` are its projects by the keys that early chapters name."""
    rows = [_lead(desk, zone_id, draft) for draft in drafts]
    desk.keep(rows)
    desk.keep([move for lead, draft in zip(rows, drafts, strict=True) for move in _moves(lead, draft)])
    desk.keep(
        [FollowUp(**_hung(lead), **talk) for lead, draft in zip(rows, drafts, strict=True) for talk in draft["talks"]]
    )
    for lead, draft in zip(rows, drafts, strict=True):
        if draft.get("of"):
            landing.land(desk, lead.id or 0, project_id=projects[draft["of"]].id)
    return len(rows)


def _lead(desk: Desk, zone_id: int, draft: Record) -> Lead:
    talks = draft["talks"]
    open_ = [t for t in talks if t["done_on"] is None]
    told = {n: v for n, v in draft.items() if n in Lead.model_fields}
    return Lead(
        **told,
        zone_id=zone_id,
        protected_until=before(draft["registered_on"], -clock(desk)["protect_months"]),
        progress_on=max([draft["stage_on"], draft["registered_on"], *(t["happened_on"] for t in talks)]),
        responded_on=min((t["happened_on"] for t in talks), default=None),
        next_step=open_[0]["next_step"] if open_ else None,
        next_step_on=open_[0]["next_step_on"] if open_ else None,
    )


def _moves(lead: Lead, draft: Record) -> list[LeadMove]:
    before_ = [None, *(stage for stage, _ in draft["moves"])]
    return [
        LeadMove(**_hung(lead), from_stage=frm, to_stage=stage, happened_on=day)
        for frm, (stage, day) in zip(before_, draft["moves"], strict=False)
    ]


def _hung(lead: Lead) -> Record:
    return {"zone_id": lead.zone_id, "lead_id": lead.id or 0, "confidential": lead.confidential}
