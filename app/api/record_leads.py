"""What the API answers about leads, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.records import Answer, ProjectRead, Version, together
from app.models import LeadFacts
from app.models.checking import made_of
from app.models.shapes import Ref
from app.models.types import Day, Moment
from app.rules.codes import FollowUpKind, LeadDisposition, LeadFileKind, LeadStage, Light


class DueRead(Answer):
    """What the clock asks for next."""

    what: Literal["respond", "screen", "feedback", "update"]
    on: Day
    late: bool


class _Placed(Answer):
    id: int
    code: str
    zone: str
    stage: LeadStage
    stage_on: Day | None
    disposition: LeadDisposition
    disposition_on: Day | None
    disposition_reason: str | None
    lost_to: str | None


class _Derived(Answer):
    registered_on: Annotated[Day, Field(description="With `created_at` the evidence of who was first")]
    landed_on: Annotated[Day | None, Field(description="Company registered and land or plant secured")]
    project_id: Annotated[int | None, Field(description="The project that it became; what both say is the project's")]
    protected_until: Day | None
    industry_code: str | None
    progress_on: Annotated[Day | None, Field(description="When something last moved")]
    responded_on: Day | None
    next_step: str | None
    next_step_on: Day | None
    created_at: Moment
    updated_at: Moment
    deleted_at: Moment | None
    ref: Ref | None
    named: Annotated[bool, Field(description="False: it is confidential, and you see its code name and no other name")]
    light: Annotated[Light, Field(description="By the months without progress")]
    due: DueRead | None
    to_remove: Annotated[bool, Field(description="It stood still for so long that it is proposed for removal")]
    proved: Annotated[bool | None, Field(description="It has a file that its stage asks for; null: none is asked for")]
    version: Version


LeadRead: Any = together(
    "LeadRead",
    _Placed,
    made_of(LeadFacts, partial=False, name="_L"),
    _Derived,
    doc="A lead: what comes before a project.",
)


class LeadMissing(Answer):
    stage: LeadStage
    fields: Annotated[list[str], Field(description="One of them is needed")]


class LeadGateRead(Answer):
    """What a move of a lead would lack."""

    to: LeadStage
    missing: list[LeadMissing]
    back: bool
    skipped: list[LeadStage]


class LeadMoveRead(Answer):
    id: int
    from_stage: LeadStage | None
    to_stage: LeadStage
    on: Day
    reason: str | None
    version: Version


class LeadTransferRead(Answer):
    id: int
    from_: Annotated[str, Field(alias="from")]
    to: str
    on: Day
    credit_percent: int | None
    document: str | None
    reason: str | None
    version: Version


class FollowUpRead(Answer):
    """One contact about a lead. Of a confidential one, what was said is null for who may not see its name."""

    id: int
    lead_id: int
    kind: FollowUpKind
    on: Day
    by_whom: str | None
    with_whom: str | None
    place: str | None
    told: str | None
    progress: bool
    next_step: str | None
    next_step_on: Day | None
    next_step_by: str | None
    done_on: Day | None
    created_at: Moment
    version: Version


class LeadFileRead(Answer):
    id: int
    lead_id: int
    kind: LeadFileKind
    title: str | None
    dated_on: Day | None
    digest: Annotated[str, Field(description="SHA-256 of the file")]
    file_name: str
    media_type: str
    size: int
    created_at: Moment
    version: Version


class LandedLead(Answer):
    id: int
    code: str
    version: Version


LandingRead: Any = together("LandingRead", ProjectRead, lead=(LandedLead, ...), doc="The project that a lead became.")


class LandingPreview(Answer):
    """What landing would write, and what the ledger asks for beside."""

    facts: dict[str, Any]
    to: str
    missing: list[dict[str, Any]]
    evidence_missing: bool
    evidence: list[list[str]]


class StagesRead(Answer):
    """What each stage of a lead asks for: of each group one field; a file of these kinds proves it."""

    stages: dict[LeadStage, dict[str, Any]]
    version: Version


class ClockRead(Answer):
    """The clock of leads."""

    respond_workdays: int
    screen_workdays: int
    feedback_days: int
    update_days: int
    yellow_months: int
    red_months: int
    remove_months: int
    protect_months: int
    version: Version
