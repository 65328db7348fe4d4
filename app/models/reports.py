"""The monthly report of a project: what a month added, how far the works are, what stands in the way."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.models.base import Kept, choice, count, day, flag, month, noun, ref, signed_yuan, text, yuan
from app.models.types import Day, Month, Text
from app.rules.access import FieldGroup
from app.rules.codes import ReportState

MONTH = FieldGroup.MONTH


class ReportFacts(SQLModel, use_enum_values=True, extra="forbid"):
    """What is reported: the month's amount *or* the year's cumulative; the other one follows."""

    invested_yuan: int | None = signed_yuan("Invested in the month")
    cumulative_this_year_yuan: int | None = yuan("Invested from January to the month", group=MONTH)
    funds_in_place_yuan: int | None = yuan("Funds in place", group=MONTH)
    statistical_invested_yuan: int | None = signed_yuan("Invested in the month by statistics")
    foreign_utilised_usd: int | None = count("Foreign capital utilised", 10**14, unit="usd", group=MONTH)
    progress_text: Text | None = text("Visible progress", 1000, group=MONTH)
    problems_own: Text | None = text("Problems", 1000, group=MONTH)
    problems_government: Text | None = text("Needs government", 1000, group=MONTH)
    next_steps: Text | None = text("Next steps", 1000, group=MONTH)
    no_change_reason: Text | None = text("Why nothing changed", 500, group=MONTH)


@noun("zone", sa.UniqueConstraint("project_id", "month"))
class Report(ReportFacts, Kept, table=True):
    """One project's report of one month."""

    __tablename__ = "report"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    project_id: int = ref("Project", nullable=False, foreign_key="project.id")
    month: Month = month("Month", group=None, nullable=False)
    state: ReportState = choice("State of the report", ReportState, group=None, default="draft", nullable=False)
    reported_by: str | None = text("Reported by", 60, group=None)
    handed_in: bool | None = flag("Handed in by the reporter", group=None)
    submitted_on: Day | None = day("Submitted on", group=None)
    returned_reason: str | None = text("Why it was returned", 500, group=None)


sa.Index("ix_report_zone", Report.__table__.c.zone_id, Report.__table__.c.month)  # type: ignore[attr-defined]
