"""What the API answers about chains, cases and coverage, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.records import Answer, ProblemRead, Version
from app.models.cases import CaseFacts
from app.models.checking import made_of
from app.models.shapes import Ref
from app.models.types import Day, Moment
from app.rules.chains import Clock, Phase
from app.rules.codes import ChainClass, ProcedureState, Where
from app.rules.coverage import Settling
from app.rules.paths import StepState

_Facts: Any = made_of(CaseFacts, partial=False, name="CaseFacts")
Percent = Annotated[float | None, Field(description="null: there is nothing to be divided by")]


class CaseRead(_Facts):  # type: ignore[misc]
    """A case. Where `typed`, only the procedure's state is known: it stands on the project, and the case has no id yet."""

    id: int | None
    project_id: int
    step: str
    step_name: str
    days_used: Annotated[int | None, Field(description="Working days: as told, else counted by the calendar")]
    days_told: bool
    state: ProcedureState | None
    in_zone: Annotated[bool | None, Field(description="Settled in the zone; null: nobody said where")]
    late: bool
    typed: bool
    ref: Ref | None
    version: Version | None
    created_at: Moment | None
    updated_at: Moment | None


class ZoneCase(CaseRead):
    """A case of a zone, with its project."""

    project: str
    project_code: str
    project_class: ChainClass


class CaseItem(Answer):
    status: int
    id: int | None
    project_id: int | None
    version: Version | None
    problem: ProblemRead | None


class CaseBatchRead(Answer):
    items: list[CaseItem]


class StepRead(Answer):
    key: str
    served_as: Annotated[str, Field(description="The key under which items of the catalogue serve it")]
    name: Annotated[str, Field(description="An English msgid where it is a shipped name")]
    phase: Phase
    after: Annotated[list[str], Field(description="Steps that must be settled before it")]
    applies: Annotated[
        Any, Field(description="`always`, `asked` (only its case tells), or conditions any of which is enough")
    ]
    authority: Where
    reserved: Annotated[bool, Field(description="By law: nobody may hand it down")]
    needs_decision: bool
    clock: Clock
    statutory_days: int | None
    promised_days: int | None


class ChainsRead(Answer):
    chains: dict[ChainClass, list[StepRead]]
    version: Annotated[int, Field(ge=0, description="0: as the house ships it")]


class StageRead(Answer):
    step: str
    name: str
    phase: Phase
    state: StepState
    authority: Where
    reserved: bool
    counted: Annotated[bool, Field(description="It needs a decision and is not reserved")]
    clock: Clock
    in_zone: Annotated[
        bool | None, Field(description="Of its case, else as the zone's powers tell; null: in part, or unknown")
    ]
    settled_in: Where | None
    settled_by: str | None
    settled_under: str | None
    waits_for: list[str]
    days_promised: int | None
    days_used: int | None
    late: bool
    late_days: int
    ends_on: Annotated[Day | None, Field(description="Of its decision, or foreseen from promised working days")]
    case: CaseRead | None
    cases: int


class PathRead(Answer):
    """A project's way through its chain."""

    project_id: int
    class_: Annotated[ChainClass, Field(alias="class")]
    class_told: Annotated[bool, Field(description="`approval_class` of the project says so; else its facts do")]
    on: Day
    steps: list[StageRead]
    leaves_at: Annotated[str | None, Field(description="The first step for which it leaves the zone before the start")]
    leaves_at_name: str | None
    days_inside: int
    days_outside: int
    settled: int
    of: int
    late: list[str]
    permit_on: Annotated[Day | None, Field(description="Of the construction permit: granted, or foreseen")]
    permit_granted: bool
    unknown: Annotated[
        list[str], Field(description="Steps of which nobody can tell yet whether they are needed: not foreseen")
    ]
    without_days: list[str]
    beside: Annotated[list[CaseRead], Field(description="Cases of steps that this class does not have")]


# ── coverage ─────────────────────────────────────────────────────────────────────────────────────────────────────────
class ItemHeld(Answer):
    power: str
    held: bool


class StepWhere(Answer):
    step: str
    name: str
    phase: Phase
    authority: Where
    reserved: bool
    needs_decision: bool
    where: Annotated[Settling, Field(description="`part`: of its items the zone holds some")]
    taken_in: Annotated[
        bool, Field(description="The zone's window takes papers in for an item of it: shown, not counted")
    ]
    items: list[ItemHeld]


class ItemsSum(Answer):
    settled: int
    part: int
    of: int
    percent: Percent
    reserved: int


class ItemsFigure(ItemsSum):
    steps: list[StepWhere]


class ChainFigure(Answer):
    closed: bool
    leaves_at: str | None
    name: str | None


class ClassChain(ChainFigure):
    class_: Annotated[ChainClass, Field(alias="class")]


class CasesFigure(Answer):
    inside: int
    of: int
    unknown: Annotated[int, Field(description="Decided, and nobody said where; they stay in `of`")]
    percent: Percent


class ItemNamed(Answer):
    power: str
    name: str


class UnusedItem(ItemNamed):
    steps: list[str]
    since: Day | None


class Unused(Answer):
    items: list[UnusedItem]
    beside_the_chain: Annotated[int, Field(description="Items held that serve no step: cases say nothing of them")]


class AskNext(Answer):
    step: str
    name: str
    cases: int
    median_days: float | None
    items: Annotated[list[ItemNamed], Field(description="Items that serve the step and are not held")]


class SampleRead(Answer):
    median: Annotated[float | None, Field(description="null: fewer than five cases")]
    n: int
    enough: bool


class DaysRead(Answer):
    step: str
    name: str
    since: Day
    before: SampleRead
    after: SampleRead
    faster_percent: float | None


class StepFaster(Answer):
    step: str
    name: str
    before: float
    after: float
    basis: Annotated[
        Literal["measured", "sisters", "promised"],
        Field(description="Own cases, those of sister zones, or the promise"),
    ]
    n: int


class WhatIf(Answer):
    """The figures as they would be."""

    powers: list[Any]
    items: ItemsSum
    closed_chain: ChainFigure
    cases: CasesFigure
    chain_days: float
    steps: list[StepFaster]


class GapItem(ItemNamed):
    department: str | None
    steps: list[str]
    since: Day | None


class CoverageGap(Answer):
    against: str
    name: str | None
    items: list[GapItem]
    theirs: int
    ours: int
    only_ours: int


class CoverageRead(Answer):
    """Coverage of a zone: three figures, never one."""

    zone: str
    class_: Annotated[ChainClass, Field(alias="class")]
    on: Day
    from_: Annotated[Day, Field(alias="from", description="First day of the period of cases")]
    items: ItemsFigure
    closed_chain: ChainFigure
    cases: CasesFigure
    chain_days: Annotated[float, Field(description="Working days from the first step to the permit, nobody waiting")]
    unused: Unused
    ask_next: list[AskNext]
    days: list[DaysRead]
    classes: list[ClassChain]
    what_if: WhatIf | None
    gap: CoverageGap | None


class ZoneCoverage(Answer):
    """The three figures of one zone."""

    zone: str
    zone_name: str
    items: ItemsSum
    closed_chain: ChainFigure
    cases: CasesFigure
