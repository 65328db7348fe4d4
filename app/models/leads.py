"""Leads: what comes before a project. The lead, its moves from stage to stage, what was talked about, its files, its transfers.

``LeadFacts`` is what people write. Names are guarded: while a lead is confidential its code name stands for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import Kept, choice, count, day, flag, measure, month, noun, ref, text, yuan
from app.models.types import Day, Month, Text
from app.rules.access import FieldGroup
from app.rules.codes import (
    Agreement,
    CapitalFrom,
    Channel,
    FollowUpKind,
    Kind,
    LandMode,
    LeadDisposition,
    LeadFileKind,
    LeadGrade,
    LeadStage,
)
from app.rules.search_terms import sort_key

AMOUNTS = FieldGroup.AMOUNTS
PEOPLE = FieldGroup.PEOPLE


def _usd(title: str) -> Any:
    return count(title, 10**14, unit="usd", group=AMOUNTS)


class LeadFacts(SQLModel, use_enum_values=True, extra="forbid"):
    """Everything about a lead that people write, in the order of its stages. A blank is unknown."""

    name: Text = text(
        "Lead name", 200, nullable=False, guarded=True, aliases="项目名称 在谈项目名称 项目名称-建设内容 线索名称"
    )
    code_name: Text | None = text("Code name", 60)
    confidential: bool = flag("Confidential", default=False, nullable=False)
    enterprise_id: int | None = ref("Enterprise", group=FieldGroup.FACTS, guarded=True)
    investor_name: Text | None = text("Investor", 200, guarded=True, aliases="投资方 在谈投资方 外来投资方")
    investor_profile: Text | None = text("About the investor", 2000, guarded=True, aliases="投资方简介 投资方介绍")
    capital_from: CapitalFrom | None = choice("Capital from", CapitalFrom)
    origin: Text | None = text("Place of origin", 100)
    channel: Channel | None = choice("Channel", Channel)
    referrer: Text | None = text("Referrer", 200, guarded=True)
    first_contact_unit: Text | None = text("First-contact unit", 100, group=PEOPLE)
    first_contact_on: Day | None = day("First contact on")
    parent_project_id: int | None = ref("Expansion of", group=FieldGroup.FACTS, guarded=True)
    kind: Kind | None = choice("Project kind", Kind)
    industry: Text | None = text("Industry", 60)
    industry_chain: Text | None = text("Industry chain", 60)
    content: Text | None = text("Content and scale", 2000, guarded=True)
    technology: Text | None = text("Technology and process", 1000, guarded=True)
    location: Text | None = text("Intended place", 200)
    competitors: Text | None = text("Competing places", 500, guarded=True)
    likelihood: int | None = count("Likelihood", 100, unit="percent")
    grade: LeadGrade | None = choice("Grade", LeadGrade)
    intended_amount_yuan: int | None = yuan("Intended investment")
    intended_amount_usd: int | None = _usd("Intended investment in dollars")
    first_phase_yuan: int | None = yuan("Of which first phase")
    fixed_investment_yuan: int | None = yuan("Fixed-asset investment")
    expected_output_yuan: int | None = yuan("Expected output")
    expected_tax_yuan: int | None = yuan("Expected tax")
    jobs: int | None = count("Jobs", 10_000_000, unit="people")
    land_mode: LandMode | None = choice("Land mode", LandMode)
    land_mu: float | None = measure("Land", 1e7, unit="mu")
    plant_area_m2: float | None = measure("Plant area", 1e9, unit="m2")
    energy_tce: float | None = measure("Energy use", 1e10, unit="tce")
    environment_needs: Text | None = text("Environmental needs", 500)
    screening_result: Text | None = text("Result of the screening", 500, guarded=True, aliases="研判结果")
    responsible_leader: Text | None = text("Leader in charge", 100, group=PEOPLE)
    keeper: Text | None = text("Followed by", 100, group=PEOPLE)
    keeper_unit: Text | None = text("Following unit", 100, group=PEOPLE)
    contact_name: Text | None = text("Contact of the investor", 100, group=PEOPLE, guarded=True)
    contact_title: Text | None = text("Contact's position", 100, group=PEOPLE, guarded=True)
    contact_phone: Text | None = text("Contact's phone", 60, group=PEOPLE, private=True, guarded=True)
    agreement: Agreement | None = choice("Kind of agreement", Agreement)
    framework_on: Day | None = day("Framework agreement on")
    signed_on: Day | None = day("Contract signed on")
    contract_amount_yuan: int | None = yuan("Contract amount")
    contract_amount_usd: int | None = _usd("Contract amount in dollars")
    planned_start_month: Month | None = month("Planned start")
    company_name: Text | None = text("Project company", 200, guarded=True)
    company_credit_code: Text | None = text("Credit code of the company", 18, guarded=True)
    company_registered_on: Day | None = day("Company registered on")
    registered_capital_yuan: int | None = yuan("Registered capital")
    land_secured_on: Day | None = day("Land or plant secured on")
    first_money_on: Day | None = day("First money arrived on")
    funds_arrived_yuan: int | None = yuan("Funds arrived")
    remarks: Text | None = text("Remarks", 2000, guarded=True)


@noun("zone")
class Lead(LeadFacts, Kept, table=True):
    """A lead as the register holds it."""

    __tablename__ = "lead"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    code: str = text("Code", 40, group=None, default="", nullable=False, unique=True)
    ref_source: str | None = text("Reference source", 60, group=None)
    ref_id: str | None = text("Reference", 120, group=None)
    stage: LeadStage = choice("Stage", LeadStage, group=None, nullable=False)
    stage_on: Day | None = day("In this stage since", group=None)
    disposition: LeadDisposition = choice("Disposition", LeadDisposition, group=None, default="active", nullable=False)
    disposition_on: Day | None = day("Disposed on", group=None)
    disposition_reason: str | None = text("Reason of the disposition", 500, group=None, guarded=True)
    lost_to: str | None = text("Lost to", 200, group=None, guarded=True)
    registered_on: Day = day("Registered on", group=None, nullable=False)
    landed_on: Day | None = day("Landed on", group=None)
    project_id: int | None = ref("Project", foreign_key="project.id", index=True)
    protected_until: Day | None = day("Protected until", group=None)
    industry_code: str | None = text("Industry code", 40, group=None)
    progress_on: Day | None = day("Last progress on", group=None)
    responded_on: Day | None = day("First answered on", group=None)
    next_step: str | None = text("Next step", 500, group=None, guarded=True)
    next_step_on: Day | None = day("Next step on", group=None)
    search_name: str = Field(
        default="",
        title="Sort key",
        sa_type=sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
        nullable=False,
    )

    def numbered(self) -> None:
        self.code = self.code or f"L{self.id:06d}"
        self.code_name = self.code_name or self.code

    def settle(self, today: str, light_rules: Mapping[str, Any], before: Sequence[Any] | None) -> None:
        """A confidential lead is put in order by its code name: its place in a list must tell nothing."""
        self.search_name = sort_key((self.code_name or "") if self.confidential else self.name)


@noun("zone")
class LeadMove(Kept, table=True):
    """One step of a lead into a stage: from where, on which day of the fact, why, and what was missing when it was forced."""

    __tablename__ = "lead_move"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    lead_id: int = ref("Lead", nullable=False, foreign_key="lead.id", index=True)
    from_stage: LeadStage | None = choice("From stage", LeadStage, group=None)
    to_stage: LeadStage = choice("To stage", LeadStage, group=None, nullable=False)
    happened_on: Day = day("Day of the fact", group=None, nullable=False)
    confidential: bool = flag("Confidential", group=None, default=False, nullable=False)
    reason: str | None = text("Reason", 500, group=None, guarded=True)


@noun("zone")
class FollowUp(Kept, table=True):
    """One contact about a lead: who spoke with whom about what, and what is to be done next until when."""

    __tablename__ = "follow_up"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    lead_id: int = ref("Lead", nullable=False, foreign_key="lead.id", index=True)
    kind: FollowUpKind = choice("Kind of contact", FollowUpKind, nullable=False)
    happened_on: Day = day("Day of the contact", nullable=False)
    confidential: bool = flag("Confidential", group=None, default=False, nullable=False)
    by_whom: Text | None = text("By whom", 100)
    with_whom: Text | None = text("With whom", 200, guarded=True)
    place: Text | None = text("Place", 200, guarded=True)
    told: Text = text("What was said", 2000, nullable=False, guarded=True)
    progress: bool = flag("Progress was made", default=True, nullable=False)
    next_step: Text | None = text("Next step", 500, guarded=True)
    next_step_on: Day | None = day("Next step on")
    next_step_by: Text | None = text("Next step by", 100)
    done_on: Day | None = day("Next step done on")


@noun("zone")
class LeadFile(Kept, table=True):
    """A file beside a lead: what was agreed, proved or introduced. The file itself is kept by its digest."""

    __tablename__ = "lead_file"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    lead_id: int = ref("Lead", nullable=False, foreign_key="lead.id", index=True)
    kind: LeadFileKind = choice("Kind of file", LeadFileKind, group=None, nullable=False)
    confidential: bool = flag("Confidential", group=None, default=False, nullable=False)
    title: str | None = text("Title", 200, group=None, guarded=True)
    dated_on: Day | None = day("Dated on", group=None)
    digest: str = text("Digest", 64, group=None, nullable=False)
    file_name: str = text("File name", 200, group=None, nullable=False, guarded=True)
    media_type: str = text("Media type", 100, group=None, nullable=False)
    size: int = count("Size", 2**40, unit="bytes", group=None, nullable=False)


@noun("zone")
class LeadTransfer(Kept, table=True):
    """A lead given to another zone: what decided it, and how the credit for it is shared. It is of the zone that has it now."""

    __tablename__ = "lead_transfer"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    lead_id: int = ref("Lead", nullable=False, foreign_key="lead.id", index=True)
    from_zone_id: int = ref("From zone", nullable=False, foreign_key="zone.id", index=True)
    to_zone_id: int = ref("To zone", nullable=False, foreign_key="zone.id")
    happened_on: Day = day("Day of the fact", group=None, nullable=False)
    credit_percent: int | None = count("Credit of the first zone", 100, unit="percent", group=None)
    document: str | None = text("Document", 200, group=None)
    confidential: bool = flag("Confidential", group=None, default=False, nullable=False)
    reason: str | None = text("Reason", 500, group=None, guarded=True)


_table = Lead.__table__  # type: ignore[attr-defined]
sa.Index("ix_lead_stage", _table.c.zone_id, _table.c.stage, _table.c.stage_on)
sa.Index("ix_lead_name", _table.c.zone_id, _table.c.search_name)
sa.Index(
    "ix_lead_next_step",
    _table.c.zone_id,
    _table.c.next_step_on,
    sqlite_where=sa.text("next_step_on IS NOT NULL"),
    postgresql_where=sa.text("next_step_on IS NOT NULL"),
)
sa.Index(
    "ix_lead_ref",
    _table.c.ref_source,
    _table.c.ref_id,
    unique=True,
    sqlite_where=sa.text("ref_id IS NOT NULL"),
    postgresql_where=sa.text("ref_id IS NOT NULL"),
)
