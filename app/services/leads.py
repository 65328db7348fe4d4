"""Leads: read, list, create, amend, remove and restore, release. One check and one way of writing for every door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from app.models import FollowUp, Lead, LeadFacts, LeadFile, LeadMove, LeadTransfer, Project
from app.models.base import BY_MODEL, meta
from app.models.checking import check
from app.models.lead_shapes import LeadEdit
from app.rules.access import Act
from app.rules.codes import LeadStage
from app.rules.identity import credit_code
from app.rules.lead_clock import before
from app.rules.lead_stages import held
from app.services import enterprises, lead_projects, lead_records, ledgers, own_references, reasons, zones
from app.services.asking import Asked, Page
from app.services.industries import code_of
from app.services.lead_settings import clock, stages
from app.services.naming import by_ids
from app.words import Word

Record = dict[str, Any]
BESIDE = (LeadMove, FollowUp, LeadFile, LeadTransfer)
"""What hangs on a lead."""
DATES = ("first_contact_on", "framework_on", "signed_on", "company_registered_on", "land_secured_on", "first_money_on")


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def read(desk: Desk, id_: int, *, deleted: bool = False) -> Record:
    """One lead as the API gives it. Raises NotFound, with ``deleted`` for one that can be restored."""
    desk.ask(Act.LEAD_READ)
    found = lead_records.one(desk, id_, deleted=True) if 0 < id_ < 2**63 else None
    if found is None:
        raise NotFound
    if found["deleted_at"] is not None and not deleted:
        raise NotFound(
            "This lead was deleted. With deleted=with it can be seen, and restore brings it back",
            code="deleted",
            extra={"id": id_, "deleted_at": found["deleted_at"]},
        )
    return found


def page(desk: Desk, asked: Asked) -> tuple[list[Record], str | None]:
    """The leads asked for in their order, and the cursor of the next page."""
    desk.ask(Act.LEAD_READ)
    found: Page = ledgers.page(desk, asked, lead_records.COLUMNS)
    return lead_records.records(desk, found.rows), found.next


def idle_filter(desk: Desk, colour: str) -> tuple[tuple[str, str, Any], ...]:
    """The filters that say "this colour by the clock": what has not moved since a day."""
    ticking = clock(desk)
    yellow, red = (before(desk.today, ticking[f"{c}_months"]) for c in ("yellow", "red"))
    active = (("disposition", "eq", "active"), ("project_id", "unknown", None))
    return {
        "red": (*active, ("progress_on", "lte", red)),
        "yellow": (*active, ("progress_on", "gt", red), ("progress_on", "lte", yellow)),
        "green": (*active, ("progress_on", "gt", yellow)),
    }[colour]


def coloured(desk: Desk, asked: Asked, colour: str | None) -> Asked:
    """The question narrowed to a colour of the clock; None: to none."""
    if colour is None:
        return asked
    return replace(asked, filters=(*asked.filters, *idle_filter(desk, colour)))


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def create(
    desk: Desk, facts: Record, *, zone: str, ref: Mapping[str, str] | None = None, registered_on: str | None = None
) -> Record:
    """Register a lead: its moment is the evidence of who was first. ``registered_on`` may name an earlier day on which it
    was reported on paper. Raises Invalid with every problem, Conflict ``reference_taken``."""
    return lead_records.one(desk, make(desk, facts, zone=zone, ref=ref, registered_on=registered_on).id or 0) or {}


def make(
    desk: Desk, facts: Record, *, zone: str, ref: Mapping[str, str] | None = None, registered_on: str | None = None
) -> Lead:
    """``create``, as the row."""
    zone_id = zones.id_given(desk, zone)
    desk.ask(Act.LEAD_CREATE, zone_id)
    values = checked(desk, check(LeadFacts, reasons.take(desk, facts)))
    guard_fields(desk, values)
    day = registered_on or desk.today
    if day > desk.today:
        raise Invalid.one("/registered_on", "future", "The day of a fact cannot lie in the future")
    enterprises.named(desk, values, values.get("investor_name"))
    _expands(desk, values, zone_id)
    lead = Lead(
        **values, zone_id=zone_id, stage=LeadStage.LEAD, stage_on=day, registered_on=day, progress_on=day,
        protected_until=before(day, -clock(desk)["protect_months"]),
    )  # fmt: skip
    if ref is not None:
        own_references.refuse_taken(desk, Lead, ref["source"], ref["id"])
        lead.ref_source, lead.ref_id = ref["source"], ref["id"]
    desk.keep(lead)
    first = LeadMove(
        zone_id=zone_id, lead_id=lead.id or 0, from_stage=None, to_stage=LeadStage.LEAD, happened_on=day,
        confidential=lead.confidential,
    )  # fmt: skip
    desk.keep(first)
    return lead


def amend(desk: Desk, id_: int, edit: Record, *, version: int | None, merge: bool = False) -> Record:
    """Change the fields given; what is left out stays, None is unknown.

    ``merge``: a stale save goes through when none of its fields changed since. Raises Stale, Invalid (``reason_required``,
    ``needed_for_stage``), Forbidden for names she may not see and for lifting confidentiality without leave.
    """
    lead = alive(desk, id_, Act.LEAD_AMEND)
    values = checked(desk, check(LeadEdit, reasons.take(desk, edit), partial=True))
    desk.current(lead, version, changing=values.keys() if merge else None)
    set_facts(desk, lead, values)
    desk.keep(lead)
    return lead_records.one(desk, id_) or {}


def alive(desk: Desk, id_: int, act: Act) -> Lead:
    """A lead that she may do this with."""
    lead = desk.get(Lead, id_, to=act)
    if not desk.may(Act.LEAD_READ, lead.zone_id):
        raise NotFound
    return lead


def set_facts(desk: Desk, lead: Lead, values: Record) -> None:
    """Set checked values on a row: reasons asked for, its stage still held, what hangs on it covered with it."""
    guard_fields(desk, values)
    lead_projects.refuse_shared(lead, values)
    guarded = BY_MODEL[Lead].guarded & values.keys()
    if lead.confidential and guarded and not desk.may(Act.LEAD_SECRET_READ):
        _refuse(sorted(guarded), Word("You may not write this field of a confidential lead"))
    enterprises.named(desk, values, lead.investor_name)
    _expands(desk, values, lead.zone_id)
    known = {name: getattr(lead, name) for name in values}
    reasons.ask(desk, known, values)
    if "confidential" in values and bool(values["confidential"]) != bool(lead.confidential):
        _cover(desk, lead, bool(values["confidential"]))
    for name, value in values.items():
        setattr(lead, name, value)
    _still_holds(desk, lead, {n for n, v in values.items() if v is None and known[n] is not None})


def _cover(desk: Desk, lead: Lead, confidential: bool) -> None:
    """Names are hidden or given free, with everything that hangs on the lead."""
    if not confidential:
        desk.ask(Act.LEAD_RELEASE, lead.zone_id)
    elif lead.project_id is not None:
        raise Conflict("It stands in a ledger under its name; it cannot become confidential any more", code="landed")
    for model in BESIDE:
        rows = by_ids(desk, model, "of_leads", "lead_id", [lead.id or 0], deleted="with")
        for row in rows:
            row.confidential = confidential
        desk.keep(rows)


def _still_holds(desk: Desk, lead: Lead, blanked: Iterable[str]) -> None:
    """What its stage asked for may be corrected, but not taken away."""
    emptied = set(blanked)
    gone = [group for group in held(stages(desk), lead.__dict__, lead.stage) if emptied.intersection(group)]
    if gone:
        raise Invalid(
            "The stage in which this lead stands asks for this",
            code="needed_for_stage",
            problems=[
                Problem(f"/{name}", "needed_for_stage", "Its stage asks for this; correct it, or move the lead back")
                for group in gone
                for name in group
                if name in emptied
            ],
        )


def release(desk: Desk, id_: int, *, version: int | None = None) -> Record:
    """Lift the confidentiality of a lead: its name is shown to everybody who sees the zone's leads."""
    lead = alive(desk, id_, Act.LEAD_RELEASE)
    desk.current(lead, version, changing=("confidential",))
    if not lead.confidential:
        raise Conflict("This lead is not confidential", code="not_confidential")
    set_facts(desk, lead, {"confidential": False})
    desk.keep(lead)
    return lead_records.one(desk, id_) or {}


def remove(desk: Desk, id_: int, *, version: int | None) -> Record:
    """Mark a lead deleted, for what was entered by mistake; one that came to nothing is lost or withdrawn instead."""
    lead = alive(desk, id_, Act.LEAD_REMOVE)
    desk.current(lead, version)
    if lead.project_id is not None:
        raise Conflict("It is the early chapter of a project; delete that instead", code="landed")
    lead.deleted_at = desk.now
    desk.keep(lead)
    return lead_records.one(desk, id_, deleted=True) or {}


def restore(desk: Desk, id_: int, *, version: int | None = None) -> Record:
    """Bring a deleted lead back as it was."""
    lead = desk.get(Lead, id_, to=Act.LEAD_RESTORE, deleted=True)
    desk.current(lead, version)
    lead.deleted_at = None
    desk.keep(lead)
    return lead_records.one(desk, id_) or {}


# ── checking ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def checked(desk: Desk, values: Record) -> Record:
    """Values of a checked shape, with what needs the register: the industry, the credit code, days that have happened."""
    problems = [
        Problem(f"/{name}", "future", "The day of a fact cannot lie in the future")
        for name in DATES
        if (values.get(name) or "") > desk.today
    ]
    if sent := values.get("company_credit_code"):
        values["company_credit_code"] = credit_code(sent)
        if values["company_credit_code"] is None:
            problems.append(
                Problem("/company_credit_code", "malformed", "A credit code has 18 characters and its check must fit")
            )
    if "code_name" in values and values["code_name"] is None:
        del values["code_name"]
    if "confidential" in values and values["confidential"] is None:
        values["confidential"] = False
    if problems:
        raise Invalid(problems=problems)
    if "industry" in values:
        values["industry_code"] = code_of(desk, values["industry"])
    return values


def _expands(desk: Desk, values: Record, zone_id: int) -> None:
    """Raises Invalid for a project that the lead cannot expand: of another zone, or one that expands another itself."""
    if (project_id := values.get("parent_project_id")) is None:
        return
    rows = desk.select(
        Project,
        "may_be_parent",
        lambda q, t: q.where(
            t.c.id == sa.bindparam("id"), t.c.zone_id == sa.bindparam("zone"), t.c.parent_id.is_(None)
        ),
        {"id": project_id, "zone": zone_id},
        columns=("id",),
    )
    if not rows:
        raise Invalid.one(
            "/parent_project_id", "not_found", "It expands a project of its own zone that expands none itself"
        )


def guard_fields(desk: Desk, values: Iterable[str]) -> None:
    """Refuse fields of a group that she may not write."""
    fields = LeadFacts.model_fields
    closed = [n for n in values if n in fields and not desk.may_write(meta(fields[n]).get("group"))]
    if closed:
        _refuse(closed, Word("You may not write this field"))


def _refuse(names: list[str], msgid: str) -> None:
    raise Forbidden(
        msgid, code="field_not_allowed", problems=[Problem(f"/{n}", "field_not_allowed", msgid) for n in names]
    )
