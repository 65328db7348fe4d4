"""The annual plan of a project: one row for each version of a year, the first of which is the baseline."""

from __future__ import annotations

import sqlalchemy as sa

from app.models.base import Kept, count, day, json_text, noun, ref, text, yuan
from app.models.types import Day


@noun("zone", sa.UniqueConstraint("project_id", "year", "number"))
class Plan(Kept, table=True):
    """What was planned for a project in a year, as it stood from this version on."""

    __tablename__ = "plan"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    project_id: int = ref("Project", nullable=False, foreign_key="project.id")
    year: int = count("Plan year", 2200, unit="year", least=1949, group=None, nullable=False)
    number: int = count("Number of the version", 1000, unit="", least=1, group=None, nullable=False)
    annual_yuan: int | None = yuan("Annual plan", group=None)
    months: str | None = json_text("Plan by month")
    goal_text: str | None = text("Goal of the year", 1000, group=None)
    document: str | None = text("Document", 200, group=None)
    issued_on: Day | None = day("Issued on", group=None)
    reason: str | None = text("Reason", 500, group=None)
    written_by: str | None = text("Written by", 60, group=None)
    accepted_on: Day | None = day("Accepted on", group=None)
    accepted_by: str | None = text("Accepted by", 60, group=None)
    accepted_reason: str | None = text("Why it was accepted", 500, group=None)
