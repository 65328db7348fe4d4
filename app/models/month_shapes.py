"""What comes in about months: annual plans, periods and their steps, corrections, the calendar."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.models.checking import Body
from app.models.reports import ReportFacts
from app.models.shapes import Id, Reason, Yuan
from app.models.types import Day, Text

MONTH_NUMBER = r"^([1-9]|1[0-2])$"


class PlanEdit(Body):
    """The annual plan of a project as a whole; what is left out is unknown."""

    annual_yuan: Annotated[Yuan | None, Field(title="Annual plan")] = None
    months: Annotated[
        dict[Annotated[str, Field(pattern=MONTH_NUMBER)], Yuan] | None,
        Field(title="Plan by month", description="`1` to `12`; together they are the plan of the year"),
    ] = None
    goal_text: Annotated[Text | None, Field(max_length=1000, title="Goal of the year")] = None
    document: Annotated[Text | None, Field(max_length=200, title="Document", description="What issued it")] = None
    issued_on: Annotated[Day | None, Field(title="Issued on")] = None
    reason: Reason = None


class MonthOpen(Body):
    """The days of a period, where they are not those that the calendar gives."""

    cut_off_on: Annotated[Day | None, Field(title="Figures up to")] = None
    report_due_on: Annotated[Day | None, Field(title="Reports due on")] = None
    submit_due_on: Annotated[Day | None, Field(title="Submission due on")] = None
    confirm_due_on: Annotated[Day | None, Field(title="Confirmation due on")] = None
    lock_due_on: Annotated[Day | None, Field(title="Lock due on")] = None
    reason: Reason = None


class MonthSubmit(Body):
    """A step of a month; the reason says why reports are missing, where some are."""

    reason: Reason = None


class MonthReturn(Body):
    """A month given back to its zone: the reports of these projects, or all of them."""

    project_ids: Annotated[list[Id] | None, Field(max_length=1000, title="Projects")] = None
    reason: Reason = None


class ReportersInvite(Body):
    """Whom personal links are made for, by their numbers."""

    persons: Annotated[list[Id], Field(min_length=1, max_length=500, title="Persons")]
    expires_on: Annotated[
        Day | None, Field(title="Expires on", description="Left out: the day on which the month is due to be locked")
    ] = None
    reason: Reason = None


class CorrectionNew(Body):
    """One field of a locked month's report put right."""

    field: Annotated[Literal[tuple(ReportFacts.model_fields)], Field(title="Field")]  # type: ignore[valid-type]
    value: Annotated[Any, Field(title="Value", description="As the report takes it; null is unknown")] = None
    document: Annotated[Text | None, Field(max_length=200, title="Document")] = None
    reason: Reason = None


class DueEdit(Body):
    """A day of the month (0) or of the month after it (1)."""

    offset: Annotated[int, Field(ge=0, le=1, title="Month")] = 0
    day: Annotated[int, Field(ge=1, le=31, title="Day")]


class DuesEdit(Body):
    """When the steps of a month are due."""

    report: DueEdit | None = None
    submit: DueEdit | None = None
    confirm: DueEdit | None = None
    lock: DueEdit | None = None


class PapersEdit(Body):
    """What is asked of the papers of a month before it is locked."""

    scan_before_lock: Annotated[bool, Field(title="Stamped scan before the lock")] = False
    reason: Reason = None


Days = Annotated[list[Day], Field(max_length=2000)]


class CalendarEdit(Body):
    """The city's calendar; what is left out stays."""

    january_with_february: Annotated[bool, Field(title="January is reported with February")] = True
    holiday_rule: Annotated[
        Literal["postpone", "bring_forward"],
        Field(title="A due day off work", description="moves to the working day after it, or before it"),
    ] = "postpone"
    due: Annotated[DuesEdit | None, Field(title="Due days")] = None
    remind_ahead: Annotated[
        int, Field(ge=0, le=20, title="Reminded before", description="Working days before a due day; 0: not before it")
    ] = 2
    remind_again: Annotated[
        int,
        Field(ge=0, le=20, title="Reminded again", description="Every so many working days once it is late; 0: never"),
    ] = 3
    holidays: Annotated[Days | None, Field(title="Days off", description="Mondays to Fridays")] = None
    workdays: Annotated[Days | None, Field(title="Days worked", description="Saturdays and Sundays")] = None
    reason: Reason = None
