"""The reporting month: the period that the city office opens and locks, where each zone stands in it, and corrections."""

from __future__ import annotations

import sqlalchemy as sa

from app.models.base import Kept, choice, count, day, json_text, month, noun, ref, text
from app.models.types import Day, Month
from app.rules.codes import ZoneMonthState


@noun("words")
class Period(Kept, table=True):
    """A month (or January and February together) that is reported: its days, and since when it is locked.

    The act that locked it is its snapshot: a locked row is never written again, so its ``since`` names that act.
    """

    __tablename__ = "period"

    first_month: Month = month("First month", group=None, nullable=False)
    month: Month = month("Month", group=None, nullable=False, unique=True)
    cut_off_on: Day = day("Figures up to", group=None, nullable=False)
    report_due_on: Day = day("Reports due on", group=None, nullable=False)
    submit_due_on: Day = day("Submission due on", group=None, nullable=False)
    confirm_due_on: Day = day("Confirmation due on", group=None, nullable=False)
    lock_due_on: Day = day("Lock due on", group=None, nullable=False)
    opened_on: Day = day("Opened on", group=None, nullable=False)
    locked_on: Day | None = day("Locked on", group=None)
    locked_by: str | None = text("Locked by", 60, group=None)


@noun("zone", sa.UniqueConstraint("zone_id", "month"))
class ZoneMonth(Kept, table=True):
    """Where a zone stands in a period. A zone without a row has not submitted anything yet: it is open."""

    __tablename__ = "zone_month"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    month: Month = month("Month", group=None, nullable=False)
    state: ZoneMonthState = choice("State of the month", ZoneMonthState, group=None, default="open", nullable=False)
    submitted_on: Day | None = day("Submitted on", group=None)
    submitted_by: str | None = text("Submitted by", 60, group=None)
    missing_reason: str | None = text("Why reports are missing", 500, group=None)
    confirmed_on: Day | None = day("Confirmed on", group=None)
    confirmed_by: str | None = text("Confirmed by", 60, group=None)
    returned_on: Day | None = day("Returned on", group=None)
    returned_by: str | None = text("Returned by", 60, group=None)
    returned_reason: str | None = text("Why it was returned", 500, group=None)


@noun("words", sa.UniqueConstraint("zone_id", "year"))
class ZoneYear(Kept, table=True):
    """A plan year opened for a zone: from then on its ledgers show this year. Until a person opens it they show December."""

    __tablename__ = "zone_year"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    year: int = count("Plan year", 2200, unit="year", least=1949, group=None, nullable=False)
    carried: int = count("Carried over", 10**9, unit="", group=None, nullable=False)
    opened_on: Day = day("Opened on", group=None, nullable=False)
    opened_by: str | None = text("Opened by", 60, group=None)
    reason: str | None = text("Reason", 500, group=None)


@noun("zone")
class Correction(Kept, table=True):
    """A figure or a text of a locked month put right afterwards: the snapshot stays, it counts from a later month on."""

    __tablename__ = "correction"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    project_id: int = ref("Project", nullable=False, foreign_key="project.id", index=True)
    counts_from: Month = month("Counts from", group=None, nullable=False)
    month: Month = month("Month", group=None, nullable=False)
    field: str = text("Field", 40, group=None, nullable=False)
    before: str | None = json_text("Before")
    after: str | None = json_text("After")
    reason: str = text("Reason", 500, group=None, nullable=False)
    document: str | None = text("Document", 200, group=None)
    corrected_by: str | None = text("Corrected by", 60, group=None)
