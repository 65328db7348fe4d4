"""The project: one record through its whole life, in the order of the API.

``ProjectFacts`` is what people write; ``Project`` adds where it stands and what is derived, both written by the house.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import (
    Kept,
    choice,
    count,
    day,
    flag,
    json_text,
    measure,
    month,
    noun,
    ref,
    signed_yuan,
    text,
    yuan,
)
from app.models.types import Day, Month, Text
from app.rules.access import FieldGroup
from app.rules.codes import (
    ChainClass,
    ConstructionNature,
    Disposition,
    Kind,
    LandMode,
    Ledger,
    Light,
    ProcedureState,
    Relation,
)
from app.rules.search_terms import sort_key
from app.rules.settling import derive

PROCEDURES = FieldGroup.PROCEDURES
PEOPLE = FieldGroup.PEOPLE


def _state(title: str) -> Any:
    return choice(title, ProcedureState, group=PROCEDURES)


class ProjectFacts(SQLModel, use_enum_values=True, extra="forbid"):
    """Everything about a project that people write. A blank is unknown."""

    national_code: Text | None = text("National project code", 40)
    statistical_code: Text | None = text("Statistical code", 40)
    statistical_name: Text | None = text("Name in statistics", 200)
    name: Text = text("Project name", 200, nullable=False, aliases="项目名称 项目名 工程名称")
    kind: Kind | None = choice("Project kind", Kind)
    nature_by_hand: ConstructionNature | None = choice("Construction nature set by hand", ConstructionNature)
    parent_id: int | None = ref("Parent", group=FieldGroup.FACTS)
    relation: Relation | None = choice("Relation", Relation)
    phase_no: int | None = count("Phase number", 99, unit="")
    industry: Text | None = text("Industry", 60)
    park: Text | None = text("Park", 100)
    location: Text | None = text("Location", 200)
    content: Text | None = text("Content and scale", 2000)
    enterprise_id: int | None = ref("Enterprise", group=FieldGroup.FACTS)
    investor_name: Text | None = text("Investor", 200)
    contract_amount_yuan: int | None = yuan("Contract amount")
    filed_investment_yuan: int | None = yuan("Filed investment")
    total_investment_yuan: int | None = yuan("Total investment")
    statistical_investment_yuan: int | None = yuan("Investment in statistics")
    fixed_investment_yuan: int | None = yuan("Fixed-asset investment")
    foreign_investment_usd: int | None = count("Foreign investment", 10**14, unit="usd", group=FieldGroup.AMOUNTS)
    plan_year: int | None = count("Plan year", 2200, unit="year", least=1949, group=FieldGroup.AMOUNTS)
    annual_plan_yuan: int | None = yuan("Annual plan")
    land_mode: LandMode | None = choice("Land mode", LandMode)
    land_mu: float | None = measure("Land", 10_000_000, unit="mu")
    plant_area_m2: float | None = measure("Plant area", 1e9, unit="m²")
    is_high_energy_emission: bool | None = flag("High energy or emission")
    energy_tce: float | None = measure("Energy use", 1e12, unit="tce")
    expected_output_yuan: int | None = yuan("Expected output")
    expected_tax_yuan: int | None = yuan("Expected tax")
    jobs: int | None = count("Jobs", 10_000_000, unit="")
    approval_class: ChainClass | None = choice("Approval class", ChainClass)
    signed_on: Day | None = day("Signed on")
    planned_start_month: Month | None = month("Planned start")
    planned_completion_month: Month | None = month("Planned completion")
    planned_production_month: Month | None = month("Planned production")
    transfer_month: Month | None = month("Planned move to upcoming")
    in_production_on: Day | None = day("In production on")
    registered_in_statistics_on: Day | None = day("Registered in statistics on")
    filing_state: ProcedureState | None = _state("Filing")
    filing_promised_on: Day | None = day("Filing promised on", group=PROCEDURES)
    land_state: ProcedureState | None = _state("Land procedure")
    land_promised_on: Day | None = day("Land procedure promised on", group=PROCEDURES)
    environment_state: ProcedureState | None = _state("Environmental assessment")
    environment_promised_on: Day | None = day("Environmental assessment promised on", group=PROCEDURES)
    planning_permit_state: ProcedureState | None = _state("Planning permit")
    planning_permit_promised_on: Day | None = day("Planning permit promised on", group=PROCEDURES)
    construction_permit_state: ProcedureState | None = _state("Construction permit")
    construction_permit_promised_on: Day | None = day("Construction permit promised on", group=PROCEDURES)
    progress_text: Text | None = text("Visible progress", 1000, group=FieldGroup.MONTH)
    problems_own: Text | None = text("Problems", 1000, group=FieldGroup.MONTH)
    problems_government: Text | None = text("Needs government", 1000, group=FieldGroup.MONTH)
    bottleneck: Text | None = text("Bottleneck", 200, group=FieldGroup.MONTH)
    sponsor_leader: Text | None = text("Sponsor leader", 100, group=PEOPLE)
    responsible_unit: Text | None = text("Responsible unit", 100, group=PEOPLE)
    responsible_person: Text | None = text("Responsible person", 100, group=PEOPLE)
    phone: Text | None = text("Phone", 60, group=PEOPLE, private=True)
    service_unit: Text | None = text("Service unit", 100, group=PEOPLE)
    remarks: Text | None = text("Remarks", 2000)


@noun("zone")
class Project(ProjectFacts, Kept, table=True):
    """A project as the register holds it."""

    __tablename__ = "project"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    code: str = text("Code", 40, group=None, default="", nullable=False, unique=True)
    ref_source: str | None = text("Reference source", 60, group=None)
    ref_id: str | None = text("Reference", 120, group=None)
    ledger: Ledger = choice("Ledger", Ledger, group=None, nullable=False)
    disposition: Disposition = choice("Disposition", Disposition, group=None, default="active", nullable=False)
    disposition_reason: str | None = text("Reason of the disposition", 500, group=None)
    disposition_on: Day | None = day("Disposed on", group=None)
    destination: str | None = text("Destination", 200, group=None)
    parent_id: int | None = ref("Parent", group=FieldGroup.FACTS, foreign_key="project.id", index=True)
    enterprise_id: int | None = ref("Enterprise", group=FieldGroup.FACTS, foreign_key="enterprise.id", index=True)
    has_phases: bool = flag("Has phases", group=None, default=False, nullable=False)
    part_count: int | None = count("Number of parts", 100_000, unit="", group=None)
    family_sums: str | None = json_text("Sums of phases and parts")
    industry_code: str | None = text("Industry code", 40, group=None)
    started_on: Day | None = day("Started on", group=None)
    completed_on: Day | None = day("Completed on", group=None)
    entered_ledger_on: Day | None = day("Entered the ledger on", group=None)
    opening_month: Month | None = month("Opening month", group=None)
    opening_before_year_yuan: int | None = yuan("Opening: before the year", group=None)
    opening_this_year_yuan: int | None = yuan("Opening: this year", group=None)
    opening_accepted: bool = flag("Accepted as opening", group=None, default=False, nullable=False)
    pending: bool = flag("Pending", group=None, default=False, nullable=False)
    first_planned_start_month: Month | None = month("First planned start", group=None)
    postponements: int = count("Postponements", 1000, unit="", group=None, default=0, nullable=False)
    progress_told_on: Day | None = day("Progress told on", group=None)
    marks: str | None = text("Marks", 20, group=None)
    lists: str = json_text("Lists", default="[]", nullable=False)
    shares: str = json_text("Shares", default="[]", nullable=False)
    construction_nature: ConstructionNature | None = choice("Construction nature", ConstructionNature, group=None)
    invested_before_this_year_yuan: int | None = yuan("Invested before this year", group=None)
    invested_this_year_yuan: int | None = yuan("Invested this year", group=None)
    invested_to_date_yuan: int | None = yuan("Invested to date", group=None)
    light: Light = choice("Light", Light, group=None, default="none", nullable=False)
    light_reason: str | None = json_text("Reason of the light")
    light_turns_on: Day | None = day("Light turns on", group=None)
    figures_month: Month | None = month("Figures as of", group=None)
    invested_this_month_yuan: int | None = signed_yuan("Invested in the month", group=None)
    first_annual_plan_yuan: int | None = yuan("First annual plan of the year", group=None)
    plan_months: str | None = json_text("Plan by month")
    baseline_start_month: Month | None = month("Baseline of the start", group=None)
    baseline_plan_yuan: int | None = yuan("Baseline of the annual plan", group=None)
    incomplete_months: str = json_text("Months without a report", default="[]", nullable=False)
    search_name: str = Field(
        default="",
        title="Sort key",
        sa_type=sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
        nullable=False,
    )

    def numbered(self) -> None:
        self.code = self.code or f"P{self.id:07d}"

    def settle(self, today: str, light_rules: Mapping[str, Any], before: Sequence[Any] | None) -> None:
        told, said_on = (
            (None, None) if before is None else (before[_AT["progress_text"]], before[_AT["progress_told_on"]])
        )
        if self.progress_text != told and self.progress_told_on == said_on:
            self.progress_told_on = today if self.progress_text else None
        if before is None or before[_AT["name"]] != self.name:
            self.search_name = sort_key(self.name)
        derive(self, today, light_rules)


_table = Project.__table__  # type: ignore[attr-defined]
_AT = {column.name: place for place, column in enumerate(_table.columns)}
# ix_project_page and ix_project_version_page, over expressions, are written out in the first migration.
sa.Index("ix_project_since", _table.c.zone_id, _table.c.since)
sa.Index("ix_project_name", _table.c.zone_id, _table.c.search_name)
sa.Index(
    "ix_project_turns",
    _table.c.light_turns_on,
    sqlite_where=sa.text("light_turns_on IS NOT NULL"),
    postgresql_where=sa.text("light_turns_on IS NOT NULL"),
)
sa.Index(
    "ix_project_ref",
    _table.c.ref_source,
    _table.c.ref_id,
    unique=True,
    sqlite_where=sa.text("ref_id IS NOT NULL"),
    postgresql_where=sa.text("ref_id IS NOT NULL"),
)
sa.Index(
    "ix_project_national",
    _table.c.national_code,
    sqlite_where=sa.text("national_code IS NOT NULL"),
    postgresql_where=sa.text("national_code IS NOT NULL"),
)
