"""Landing: a lead becomes a project in a ledger and then exists once. One act carries facts, people and evidence over.

From then on what both could say is said by the project; the lead's page is its early chapter and shows the project's facts.
"""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.errors import Conflict, Invalid
from app.models import Evidence, Lead, LeadFile, Project
from app.rules.access import Act
from app.rules.codes import EvidenceKind, Kind, LeadDisposition, LeadFileKind, Ledger, Relation
from app.rules.identity import firm_key
from app.rules.lead_stages import LANDING, may_land
from app.rules.ledgers import LEFT
from app.services import entering, leads, moves, projects
from app.services.lead_projects import SHARED, of_project
from app.services.naming import by_ids
from app.services.records import record, zone_codes

Record = dict[str, Any]
PEOPLE = {"responsible_leader": "sponsor_leader", "keeper": "responsible_person", "keeper_unit": "responsible_unit"}
PROOFS = {LeadFileKind.CONTRACT: EvidenceKind.CONTRACT}
"""Which files of a lead prove something of a project."""


def preview(desk: Desk, id_: int, ledger: str = Ledger.RESERVE) -> Record:
    """What landing would write: the facts, and what the ledger still asks for. Raises what ``land`` refuses of the lead."""
    lead = leads.alive(desk, id_, Act.LEAD_READ)
    _may_land(lead, ledger)
    facts = facts_of(desk, lead)
    found = entering.lacks(desk, facts, ledger, None, desk.today, None)
    return {"facts": facts, **entering.told(desk, found, facts, ledger)}


def land(
    desk: Desk,
    id_: int,
    *,
    ledger: str = Ledger.RESERVE,
    facts: Record | None = None,
    project_id: int | None = None,
    override: bool = False,
    version: int | None = None,
) -> Record:
    """Make the project of a lead, in the reserve or among the upcoming; ``facts`` fill in or replace what the lead says.

    ``project_id``: it stands in a ledger already, planned before there was an investor or registered by the same one; the
    lead is attached to it and no second one is made. Raises Conflict ``confidential``, ``too_early``, ``landed``,
    ``not_active``, ``gate_not_met``, ``attached``, ``other_investor``.
    """
    lead = leads.alive(desk, id_, Act.LEAD_LAND)
    desk.current(lead, version, changing=("stage", "disposition", "project_id", "confidential", "deleted_at"))
    _may_land(lead, ledger)
    carried = {**facts_of(desk, lead), **(facts or {})}
    if project_id is None:
        zone = zone_codes(desk.link, [lead.zone_id])[lead.zone_id]
        made = projects.create(desk, carried, zone=zone, ledger=ledger, override=override)
    else:
        made = _attach(desk, lead, project_id, carried, facts or {})
    lead.project_id = made["id"]
    lead.next_step = lead.next_step_on = None
    lead.progress_on = desk.today
    desk.keep(lead)
    _prove(desk, lead)
    return {
        **record(desk, desk.get(Project, made["id"])),
        "lead": {"id": id_, "code": lead.code, "version": lead.since},
    }


def _may_land(lead: Lead, ledger: str) -> None:
    if lead.project_id is not None:
        raise Conflict("It stands in a ledger already", code="landed", extra={"project_id": lead.project_id})
    if lead.disposition != LeadDisposition.ACTIVE:
        raise Conflict("It is not being followed any more; make it active first", code="not_active")
    if lead.confidential:
        raise Conflict("A ledger shows its name; release the name first", code="confidential")
    if not may_land(lead.stage, ledger):
        stages = [stage.value for stage in LANDING.get(ledger, ())]
        raise Conflict(
            "A lead enters the reserve from negotiating on, and the upcoming once it is signed",
            code="too_early",
            extra={"stage": lead.stage, "stages": stages},
        )


def facts_of(desk: Desk, lead: Lead) -> Record:
    """What a lead says of the project that it becomes. An expansion counts its increment, under its parent."""
    found = {theirs: getattr(lead, ours) for ours, theirs in (SHARED | PEOPLE).items()}
    found |= {
        "name": lead.name,
        "total_investment_yuan": lead.contract_amount_yuan or lead.intended_amount_yuan,
        "foreign_investment_usd": lead.contract_amount_usd or lead.intended_amount_usd,
        "remarks": lead.remarks,
    }
    if lead.parent_project_id is not None:
        found |= {"parent_id": lead.parent_project_id, "relation": Relation.EXPANSION}
        found["kind"] = lead.kind or Kind.EXPANSION
    return {name: value for name, value in found.items() if value is not None}


def _attach(desk: Desk, lead: Lead, project_id: int, carried: Record, facts: Record) -> Record:
    """Fill what is blank in a project that stands in a ledger already."""
    project = desk.get(Project, project_id, to=Act.PROJECT_AMEND)
    if project.zone_id != lead.zone_id:
        raise Invalid.one("/project_id", "another_zone", "This project lies in another zone")
    if project.disposition in LEFT:
        raise Conflict("It has left the ledgers; resume it first", code="left")
    if project.investor_name and lead.investor_name and firm_key(project.investor_name) != firm_key(lead.investor_name):
        raise Conflict("This project names another investor", code="other_investor")
    if of_project(desk, project_id) is not None:
        raise Conflict("Another lead became this project", code="attached")
    told = {n: v for n, v in carried.items() if n in facts or getattr(project, n) is None}
    return projects.amend(desk, project_id, told, version=None) if told else record(desk, project)


def _prove(desk: Desk, lead: Lead) -> None:
    """Files of the lead that prove something of the project stand beside it too."""
    project = desk.get(Project, lead.project_id)
    rows: list[LeadFile] = by_ids(desk, LeadFile, "of_leads", "lead_id", [lead.id or 0])
    proofs = [
        Evidence(
            zone_id=project.zone_id, project_id=project.id or 0, kind=PROOFS[LeadFileKind(r.kind)], title=r.title,
            dated_on=r.dated_on, digest=r.digest, file_name=r.file_name, media_type=r.media_type, size=r.size,
        )
        for r in rows
        if LeadFileKind(r.kind) in PROOFS
    ]  # fmt: skip
    if proofs:
        desk.keep(proofs)
        moves.settle(desk, project)
