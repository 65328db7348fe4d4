"""What the API answers about the turn of the year, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.api.records import Answer
from app.models.types import Day, Month


class YearCounts(Answer):
    """What a year carries over, asks for and closes. Amounts are total investment, official projects only."""

    carried_over: Annotated[int, Field(description="In construction, begun before the year")]
    without_plan: Annotated[int, Field(description="In construction without a plan of the year")]
    to_decide: Annotated[int, Field(description="Upcoming, committed to a month before the year or to none")]
    completed_count: Annotated[int, Field(description="Completed in the year before")]
    completed_yuan: int
    completed_known: Annotated[int, Field(description="Of how many of them the amount is known")]
    archive_count: Annotated[int, Field(description="All that was ever completed")]
    archive_yuan: int


class YearOfZone(YearCounts):
    """A zone's year."""

    zone: str
    name: str
    opened: Annotated[bool, Field(description="Its ledgers show this year, or a later one")]
    opened_on: Day | None
    opened_by: str | None
    reason: str | None


class YearRead(Answer):
    """A year in every zone that you see."""

    year: int
    items: list[YearOfZone]
    total: YearCounts
    opened: Annotated[int, Field(description="Zones that have opened it")]
    left: Annotated[int, Field(description="Zones that have not; a great many follow by and by")]
    december_locked: Annotated[bool, Field(description="The December before is locked; until then it may still change")]


class YearProject(Answer):
    """A project behind a count."""

    id: int
    name: str
    code: str
    planned_start_month: Month | None
    first_planned_start_month: Month | None
    postponements: int
    plan_year: int | None
    annual_plan_yuan: int | None
    invested_this_year_yuan: int | None
    invested_to_date_yuan: int | None
    total_investment_yuan: int | None
    completed_on: Day | None
    version: int


class ZoneYearRead(Answer):
    """A zone's year with the projects behind its counts, 200 of each kind at most."""

    year: int
    zone: str
    name: str
    opened: bool
    opened_on: Day | None
    opened_by: str | None
    reason: str | None
    counts: YearCounts
    carried_over: list[YearProject]
    without_plan: list[YearProject]
    to_decide: list[YearProject]
    completed: list[YearProject]


class OpenedYear(Answer):
    """A year that was opened."""

    year: int
    zones: int
    carried_over: Annotated[int, Field(description="How many projects went with it")]
