"""Enterprises, targets, likenesses and verdicts as the API answers them, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.api.records import Answer, Version
from app.models.types import Day, Moment
from app.rules.codes import Disposition, LeadDisposition, LeadStage, Ledger, Relation
from app.rules.firm_codes import EnterpriseClass, TargetState


class EnterpriseRead(Answer):
    """A firm of the base that all zones share. The phone is masked for those who may not read it."""

    id: int
    name: str
    credit_code: Annotated[str | None, Field(description="Unified social credit code (GB 32100), checked and unique")]
    classes: list[EnterpriseClass]
    origin: Annotated[str | None, Field(description="Country or place it comes from")]
    industry: str | None
    parent_id: Annotated[int | None, Field(description="The enterprise whose group it belongs to")]
    website: str | None
    profile: str | None
    contact_person: str | None
    contact_post: str | None
    phone: str | None
    former_names: list[str]
    aliases: list[str]
    merged_into_id: Annotated[int | None, Field(description="Under which it stands since they were merged")]
    version: Version
    created_at: Moment
    updated_at: Moment


class InvestmentRead(Answer):
    """A project of an enterprise."""

    id: int
    code: str
    name: str
    zone: str
    ledger: Ledger
    disposition: Disposition
    relation: Relation | None
    signed_on: Day | None
    started_on: Day | None
    completed_on: Day | None
    entered_on: Annotated[Day | None, Field(description="When it entered the ledger in which it stands")]
    contract_amount_yuan: int | None
    total_investment_yuan: int | None
    invested_to_date_yuan: int | None


class LedRead(Answer):
    """A lead that names an enterprise."""

    id: int
    code: str
    name: str
    zone: str
    stage: LeadStage
    disposition: LeadDisposition
    registered_on: Day
    project_id: int | None


class SumRead(Answer):
    """A sum over those that are known; null when none is."""

    sum: int | None
    known: int


class InvestmentsRead(Answer):
    """All investments of an enterprise that you may see, the latest first, and what they come to. Phases and parts stand among
    them and are not counted: they lie inside another one."""

    items: list[InvestmentRead]
    count: int
    contract_amount_yuan: SumRead
    total_investment_yuan: SumRead
    invested_to_date_yuan: SumRead


class TargetFirmRead(Answer):
    """A firm that a zone wants to win."""

    zone: str
    enterprise_id: int
    name: str
    state: TargetState
    owner: str | None
    last_contact_on: Day | None
    note: str | None
    version: Version
