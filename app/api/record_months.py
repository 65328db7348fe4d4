"""What the API answers about months, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.records import Answer, ReportRead, Version
from app.models.shapes import ReportEdit
from app.models.types import Day, Moment, Month
from app.rules.codes import Disposition, Ledger, PhotoTeller, Relation, ZoneMonthState
from app.services.photos import MOST


class PeriodRead(Answer):
    """A month that the city office opened."""

    month: Month
    first_month: Annotated[Month, Field(description="January where it is reported with February")]
    cut_off_on: Day
    report_due_on: Day
    submit_due_on: Day
    confirm_due_on: Day
    lock_due_on: Day
    opened_on: Day
    locked_on: Day | None
    locked_by: str | None
    locked_act: Annotated[int | None, Field(description="The act that is its snapshot, once it is locked")]
    version: Version


class PhotoRead(Answer):
    """A photo of a project's month."""

    id: int
    project_id: int
    month: Month
    digest: Annotated[str, Field(description="SHA-256 of the picture as it is kept")]
    file_name: str
    size: int
    width: int
    height: int
    taken_at: Annotated[str | None, Field(description="By the clock of the camera")]
    latitude: float | None
    longitude: float | None
    told_by: Annotated[
        PhotoTeller | None, Field(description="Who told time and place: the file, or the device that sent it")
    ]
    repeats: Annotated[Month | None, Field(description="The earlier month that shows the very same picture")]
    elsewhen: Annotated[bool | None, Field(description="It was taken in another month than this one")]
    added_by: str | None
    created_at: Moment
    version: Version


class ReportWithPhotos(ReportRead):
    """A month's report and the photos beside it."""

    photos: list[PhotoRead]


class ReportPut(ReportEdit):  # type: ignore[misc]
    """A month's report as it is sent."""

    photos: Annotated[
        list[int] | None,
        Field(
            max_length=MOST,
            description="Ids of the photos that stay, of those that were added to the month; the others are taken away. "
            "Left out: all stay.",
        ),
    ] = None


class ZoneStand(Answer):
    """Where a zone stands in the city's month."""

    zone: str
    name: str
    state: ZoneMonthState
    owed: Annotated[int, Field(description="Reports that its projects owe")]
    draft: int
    submitted: int
    confirmed: int
    returned: int
    missing: Annotated[int, Field(description="Owed and not given, or returned to be written again")]
    late_days: int
    submitted_on: Day | None
    returned_reason: str | None
    stamped: Annotated[bool | None, Field(description="Has its newest paper come back stamped? null: no paper yet")]
    version: int


class CityMonthRead(PeriodRead):
    """The city's month."""

    items: list[ZoneStand]
    late: Annotated[list[str], Field(description="Zones that have not submitted although it was due")]


ReportMark = Literal["not_submitted", "draft", "submitted", "confirmed", "returned"]


class MissingReport(Answer):
    id: int
    name: str
    responsible_person: str | None
    state: ReportMark


class PartsRead(Answer):
    """What the parts of a bundle reported, added up: nothing of it is typed on the bundle."""

    of: Annotated[int, Field(description="How many parts there are")]
    known: Annotated[dict[str, int], Field(description="How many of them know each amount")]
    before_yuan: Annotated[int | None, Field(description="What their reports before said of their months")]
    invested_yuan: int | None
    cumulative_this_year_yuan: int | None
    funds_in_place_yuan: int | None
    statistical_invested_yuan: int | None
    foreign_utilised_usd: int | None


class GridRow(Answer):
    """A project in a zone's month."""

    id: int
    code: str
    name: str
    ledger: Ledger
    relation: Relation | None
    disposition: Disposition
    responsible_person: str | None
    total_investment_yuan: int | None
    annual_plan_yuan: int | None
    owes: Annotated[bool, Field(description="It was being built in the period, so it owes a report")]
    state: ReportMark
    late: bool
    copied: Annotated[bool, Field(description="Its progress is, word for word, that of the report before")]
    report: ReportRead | None
    before: Annotated[ReportRead | None, Field(description="Its report before the one of the period")]
    sums: Annotated[PartsRead | None, Field(description="Of a bundle whose money is that of its parts")]
    version: Annotated[int, Field(description="Of the project; the report has its own")]


class CorrectionRead(Answer):
    """A field of a locked report that was put right."""

    id: int
    project_id: int
    month: Month
    field: str
    before: Any
    after: Any
    reason: str
    document: str | None
    counts_from: Annotated[Month, Field(description="The first open month: there it counts")]
    by: str | None
    at: Moment
    version: Version


class ZoneCorrection(CorrectionRead):
    name: Annotated[str | None, Field(description="Of the project")]


class ZoneMonthRead(Answer):
    """A zone's month."""

    month: Month
    zone: str
    state: ZoneMonthState
    submitted_on: Day | None
    submitted_by: str | None
    missing_reason: str | None
    confirmed_on: Day | None
    confirmed_by: str | None
    returned_on: Day | None
    returned_by: str | None
    returned_reason: str | None
    late_days: int
    owed: int
    reported: int
    missing: Annotated[list[MissingReport], Field(description="Reports that are missing or must be written again")]
    period: PeriodRead
    items: list[GridRow]
    corrections: list[ZoneCorrection]
    paper: Annotated[
        dict[str, Any] | None, Field(description="The newest paper, as `/zones/{code}/months/{month}/papers` tells it")
    ]
    version: Annotated[int, Field(ge=0, description="0 where nothing has happened yet")]


class DueRead(Answer):
    offset: int
    day: int


class CalendarRead(Answer):
    """The city's calendar."""

    january_with_february: bool
    holiday_rule: Literal["postpone", "bring_forward"]
    due: dict[Literal["report", "submit", "confirm", "lock"], DueRead]
    remind_ahead: int
    remind_again: int
    holidays: list[Day]
    workdays: list[Day]
    version: Annotated[int, Field(ge=0, description="0: as the house ships it")]


class ReporterProject(Answer):
    id: int
    name: str
    state: Literal["not_submitted", "draft", "submitted", "confirmed", "returned"]


class ReporterRead(Answer):
    """Somebody who answers for reports of the month, and her personal link."""

    person_id: int
    name: str | None
    unit: str | None
    phone: str | None
    projects: list[ReporterProject]
    owed: int
    reported: Annotated[int, Field(description="Her drafts are not: she has not handed them in")]
    state: Annotated[
        Literal["none", "new", "opened", "withdrawn", "over"], Field(description="Of the link; `new`: never opened")
    ]
    opened_at: Moment | None
    last_at: Moment | None
    expires_on: Day | None
    made_by: str | None
    version: Annotated[int, Field(ge=0, description="Of the link; 0: there is none")]


class Unreported(Answer):
    id: int
    name: str


class ReportersRead(Answer):
    """Who reports a month by personal link."""

    month: Month
    zone: str
    period: PeriodRead
    state: ZoneMonthState
    items: list[ReporterRead]
    nobody: Annotated[list[Unreported], Field(description="Projects that name nobody who could report them")]
    expires_on: Annotated[Day, Field(description="The last day of a link made now, unless another is given")]


class InvitedItem(Answer):
    person_id: int
    address: Annotated[str | None, Field(description="The link itself, told this once")]


class InvitedRead(Answer):
    """Links that were made."""

    items: list[InvitedItem]
    expires_on: Day


class WithdrawnRead(Answer):
    person_id: int
    version: Version
