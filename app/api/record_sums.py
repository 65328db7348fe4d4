"""Counts, sums and kept data as the API answers them, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from app.api.records import Answer, ProjectRead
from app.models.types import Month
from app.rules.codes import Ledger, Light


class SumRead(Answer):
    """A blank is unknown, not zero: ``known`` says how many are summed."""

    sum: int
    known: int


class AmountsRead(Answer):
    total_investment_yuan: SumRead
    annual_plan_yuan: SumRead
    invested_this_year_yuan: SumRead
    invested_to_date_yuan: SumRead


class CountsRead(AmountsRead):
    """Counts, lights and amounts of a group of projects."""

    project_count: Annotated[int, Field(description="The official figure: without 待核")]
    pending_count: Annotated[int, Field(description="另待核: in the ledger by a move without evidence")]
    split_count: Annotated[
        int, Field(description="拆分后: items of the official projects, a bundle taken as its parts")
    ]
    lights: dict[Light, int]
    official: Annotated[AmountsRead, Field(description="The amounts without 待核")]


class HeadRead(CountsRead):
    """What a ledger comes to."""

    ledger: Ledger


class SummaryRead(CountsRead):
    """A group; its keys stand under the names that ``by`` asked for."""


class ZoneGroup(CountsRead):
    zone: str


class LedgerRead(Answer):
    """A page of a ledger over several zones, with the sub-totals of all of them."""

    items: list[ProjectRead]
    next: str | None
    groups: list[ZoneGroup]


class GatesRead(Answer):
    """What each ledger asks for: groups of fields of which one is needed, and sets of evidence of which one proves it."""

    gates: dict[Ledger, dict[str, Any]]
    version: Annotated[int, Field(ge=0, description="0: as the house ships it")]


class IndustryRead(Answer):
    code: str
    name: str
    parent_code: str | None
    aliases: list[str]
    gbt4754: list[str]


class CountedRead(Answer):
    """How many projects, and what they come to. ``funds``, ``foreign`` (US dollars), ``problem_new`` and ``problem_solved``
    count reports, and so does what was ``invested`` in a year."""

    count: int
    sum: int
    known: Annotated[int, Field(description="How many of the amounts are known")]


class FigureRead(Answer):
    """A figure of the month. Null: unknown, or not asked of this figure."""

    figure: str
    month: CountedRead
    year: Annotated[CountedRead | None, Field(description="From January to the month")]
    plan: Annotated[CountedRead | None, Field(description="In the whole year, by plan")]
    last_year: Annotated[CountedRead | None, Field(description="The same period a year earlier")]


class StartRateRead(Answer):
    """开工率（计划口径）: started ÷ planned to start this year."""

    started: int
    planned: int
    percent: float | None


class PaceRead(Answer):
    """This year ÷ annual plan, over the projects that have a plan."""

    plan_yuan: int
    done_yuan: int
    with_plan: int
    of: int
    percent: float | None
    due_percent: Annotated[float, Field(description="Months passed ÷ 12")]
    points: Annotated[float | None, Field(description="Percentage points ahead (above zero) or behind")]


class OfSizeRead(Answer):
    """Projects of so much money and more: signed, started and completed in the year up to the month, in construction now.
    What was signed goes by its contract amount, everything else by its total investment."""

    least_yuan: int
    signed: CountedRead
    started: CountedRead
    building: CountedRead
    completed: CountedRead


class CurvePointRead(Answer):
    """The projects with an annual plan at the end of a month of the year. Null: unknown."""

    month: Month
    planned_yuan: Annotated[int, Field(description="What the plans have due by then")]
    done_yuan: int | None


class ReportsOwedRead(Answer):
    """Reports of the month: who owes one is the same for the city's month, a zone's month and this."""

    owed: int
    missing: Annotated[int, Field(description="Not given, or returned to be written again")]


class MonthlyTenRead(Answer):
    """The figures that leaders ask for every month."""

    month: Month
    first_month: Annotated[
        Month, Field(description="January where it is reported with February: `month` figures cover both")
    ]
    items: list[FigureRead]
    sizes: list[OfSizeRead]
    start_rate: StartRateRead
    pace: PaceRead
    curve: Annotated[list[CurvePointRead], Field(description="Empty where no annual plan is known")]
    reports: ReportsOwedRead
    lights: dict[Light, int]


class LightRulesRead(Answer):
    """The light rules in force, and the sets that are shipped."""

    name: str
    rules: dict[str, Any]
    shipped: dict[str, dict[str, Any]]
    version: Annotated[int, Field(description="0 while the shipped rules hold")]
