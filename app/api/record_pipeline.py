"""Figures of the pipeline as the API answers them, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.api.records import Answer, Version
from app.models.types import Day, Month
from app.rules.codes import Channel, CountedAt, LeadStage, Ledger

Percent = Annotated[float | None, Field(description="One decimal; null over nothing")]


class SignedRead(Answer):
    """So many contracts and what they come to; `known` says of how many the amount is known. What is in dollars only
    stands apart."""

    count: int
    sum: int
    known: int
    mean: Annotated[int | None, Field(description="Over those whose amount is known, whole yuan")]
    sum_usd: int
    known_usd: int


class DaysRead(Answer):
    """How long something took: median and longest in days, over n cases."""

    n: int
    median: float | None
    longest: int | None
    few: Annotated[bool, Field(description="Fewer than 5 cases: 样本不足")]


class RateRead(Answer):
    """A rate with its two sides. `pending` lack only their evidence (待核), of `unknown` the register does not know whether
    they belong to the numerator; both are in the denominator."""

    rate: Literal["performance", "landed", "start", "production", "funds", "plan_start", "statistics"]
    numerator: int
    denominator: int
    pending: int
    unknown: int
    percent: Percent
    unit: Literal["contracts", "yuan", "projects"]


class PipelineRowRead(Answer):
    """A lead, a project, or a project with the lead it came from. The name of a confidential lead is its code name."""

    lead_id: int | None
    project_id: int | None
    name: str
    zone: str
    stage: LeadStage | None
    ledger: Ledger | None
    disposition: str
    channel: Channel | None
    signed_on: Day | None
    framework_on: Day | None
    contract_amount_yuan: int | None
    contract_amount_usd: int | None
    intended_amount_yuan: int | None
    company_registered_on: Day | None
    land_secured_on: Day | None
    first_money_on: Day | None
    funds_arrived_yuan: int | None
    started_on: Day | None
    lost_to: str | None
    disposition_reason: str | None


class WaitRead(PipelineRowRead):
    days: int


class ToStartRead(DaysRead):
    """Signing to start."""

    items: Annotated[list[WaitRead], Field(description="Who waited longest")]


class RatesOfZone(Answer):
    signed: SignedRead
    withdrawn: Annotated[int, Field(description="Signed and given up since; they stay in every denominator")]
    expansions: Annotated[SignedRead, Field(description="Expansions signed in the same time, in no rate")]
    frameworks: Annotated[SignedRead, Field(description="Framework agreements that no contract has followed")]
    items: list[RateRead]


class RatesGroup(RatesOfZone):
    zone: str
    name: str
    to_start: DaysRead


class RatesRead(RatesOfZone):
    """The rates over a cohort of first definitive contracts, and two rates over the ledgers."""

    month: Month
    first: Annotated[Month, Field(description="The first month of the cohort")]
    until: Day
    last_year: Annotated[SignedRead | None, Field(description="The same months a year earlier; null: unknown")]
    to_start: ToStartRead
    groups: Annotated[list[RatesGroup], Field(description="Where `by` asked for them")]


class HereRead(Answer):
    """How those who stand in a stage stand."""

    active: int
    dormant: int
    lost: int
    withdrawn: int
    transferred: int


class OnwardRead(Answer):
    """How many of those who reached a stage went on."""

    numerator: int
    denominator: int
    percent: Percent
    few: bool


class StageRead(Answer):
    """One bar of the funnel."""

    stage: Literal["lead", "screening", "negotiating", "signed", "landed", "started"]
    reached: Annotated[int, Field(description="Entered it or a later one")]
    sum: Annotated[int, Field(description="Contract amounts, else intended ones, of those who reached it")]
    known: int
    here: HereRead
    days: Annotated[DaysRead, Field(description="In the stage, of those who left it onward")]
    onward: OnwardRead | None


class LossRead(Answer):
    """So many were lost or withdrew: in which stage, why, to whom."""

    disposition: Literal["lost", "withdrawn"]
    reason: str | None
    lost_to: str | None
    stage: str
    count: int
    sum: int
    known: int


class LostRead(Answer):
    """Losses that have a reason in common, or whom they were lost to; `stage` is where most of them happened."""

    said: str | None
    count: int
    sum: int
    known: int
    stage: str


class LostByRead(Answer):
    reason: list[LostRead]
    lost_to: list[LostRead]


class FunnelGroup(Answer):
    key: Annotated[str | None, Field(description="Channel, industry, code of the zone, or month; null: unknown")]
    name: str | None
    stages: list[StageRead]


class FunnelRead(Answer):
    """The funnel of the leads that began in some months, as they stand at the end of `month`."""

    month: Month
    from_: Annotated[Month, Field(alias="from")]
    to: Month
    until: Day
    stages: list[StageRead]
    losses: list[LossRead]
    lost_by: LostByRead
    groups: Annotated[list[FunnelGroup], Field(description="Where `by` asked for them")]


class BasisRead(Answer):
    """What an expectation rests on: of the decided leads that reached the stage, how many got there."""

    stage: str
    open: int
    numerator: int
    denominator: int
    percent: Percent
    of: Annotated[
        Literal["zone", "city", "none"],
        Field(description="`city`: the zone has fewer than 5 cases; `none`: all zones you see have"),
    ]


class ForecastRead(Answer):
    open: Annotated[int, Field(description="Active leads of this size that have not got there")]
    count: Annotated[float | None, Field(description="Done and expected; null where a basis is missing")]
    bases: list[BasisRead]


class TargetClassRead(Answer):
    """A class of size and its range."""

    least_yuan: int
    below_yuan: int | None
    low: int
    high: int


class TargetClassStanding(TargetClassRead):
    """How far a class is. `counted` is `done` less what was `given` to a class below and with what was `taken` from above."""

    done: int
    given: int
    taken: int
    counted: int
    lacking: int
    state: Literal["below", "within", "above"]
    forecast: Annotated[ForecastRead | None, Field(description="Of the year of the month only")]


class _Target(Answer):
    zone: str
    year: int
    counted_at: CountedAt
    fills: bool
    document: str | None
    version: Version


class TargetRead(_Target):
    """The target of a zone and year as it was written."""

    classes: list[TargetClassRead]


class TargetStanding(_Target):
    name: str
    classes: list[TargetClassStanding]
    unknown: Annotated[int, Field(description="Contracts that would count, of unknown amount")]
    withdrawn: Annotated[int, Field(description="Of those counted, given up since")]
    open_unknown: Annotated[int, Field(description="Open leads of unknown size")]


class TargetTotal(TargetClassRead):
    done: int
    zones: int


class TargetsRead(Answer):
    """Targets of a year and how far they are."""

    month: Month
    year: int
    until: Day
    items: list[TargetStanding]
    totals: list[TargetTotal]
