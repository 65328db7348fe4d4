"""What the API answers, as shapes for the OpenAPI document. Answers themselves are written straight from tuples."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from app.models import ProjectFacts
from app.models.checking import made_of
from app.models.shapes import Ref
from app.models.types import Day, Moment, Month
from app.models.zones import ZoneFacts
from app.rules.codes import (
    ConstructionNature,
    Disposition,
    EvidenceKind,
    Ledger,
    Light,
    Procedure,
    ProcedureState,
    Relation,
    ReportState,
)


class Answer(BaseModel):
    """What an answer has in common: every member is there, unknown is null."""

    model_config = ConfigDict(extra="allow")


Version = Annotated[int, Field(ge=0, description="Number of the act that last changed this; the ETag")]


class ProblemItem(BaseModel):
    pointer: Annotated[str, Field(description="JSON pointer into the body, or /name of a parameter")]
    code: Annotated[str, Field(description="Stable")]
    detail: Annotated[str, Field(description="A sentence in the reader's language")]


class ProblemRead(Answer):
    """RFC 9457. ``code`` and ``errors[].code`` are stable, the sentences follow Accept-Language."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    request_id: str | None
    errors: list[ProblemItem]


# ── zones ────────────────────────────────────────────────────────────────────────────────────────────────────────────
class _Times(Answer):
    version: Version
    created_at: Moment
    updated_at: Moment


class _ZoneNames(Answer):
    code: str
    leading_industries: list[str]
    aliases: list[str]
    successor_of: list[str]


def together(name: str, *shapes: type[BaseModel], doc: str = "", **more: Any) -> Any:
    """An answer with the fields of several shapes; every field is always there."""
    fields: dict[str, Any] = {}
    for shape in shapes:
        for field_name, field in shape.model_fields.items():
            described = Field(
                title=field.title, description=field.description, json_schema_extra=field.json_schema_extra
            )
            fields[field_name] = (field.annotation, described)
    return create_model(name, __base__=Answer, __doc__=doc or None, **fields, **more)


ZoneRead: Any = together(
    "ZoneRead", _ZoneNames, made_of(ZoneFacts, partial=False, name="_Z"), _Times, doc="A development zone."
)


class IndicatorRead(Answer):
    """One figure of a zone in a year."""

    year: int
    key: str
    value: float | None
    unit: str | None
    rank: int | None
    of: int | None
    source: str | None


# ── projects ─────────────────────────────────────────────────────────────────────────────────────────────────────────
class ProcedureRead(Answer):
    state: ProcedureState | None
    promised_on: Day | None


class MonthRead(Answer):
    """What the last reported month added."""

    month: Month
    invested_yuan: int | None


class FamilySumsRead(Answer):
    """Which amounts of a heading are the sums of its phases, or of a bundle the sums of its parts. They cannot be written."""

    of: Annotated[int, Field(description="So many phases or parts that stand in the ledgers")]
    known: Annotated[dict[str, int], Field(description="Field → of how many of them the amount is known")]


class _ProjectPlace(Answer):
    id: int
    code: str
    ref: Ref | None
    zone: str
    ledger: Ledger
    disposition: Disposition
    disposition_reason: str | None
    disposition_on: Day | None
    destination: str | None
    parent_id: int | None
    relation: Relation | None
    has_phases: bool
    industry_code: str | None
    started_on: Day | None
    completed_on: Day | None
    in_production_on: Day | None
    entered_ledger_on: Day | None
    construction_nature: ConstructionNature | None
    opening_month: Month | None
    opening_accepted: bool
    marks: str | None


class _ProjectDerived(_Times):
    invested_before_this_year_yuan: int | None
    invested_this_year_yuan: int | None
    invested_to_date_yuan: int | None
    incomplete_months: Annotated[list[Month], Field(description="Months that nobody reported; the sums lack them")]
    month_report: Annotated[MonthRead | None, Field(description="The last month that counts, when there are reports")]
    first_planned_start_month: Month | None
    baseline_start_month: Annotated[
        Month | None,
        Field(
            description="The month that lights compare with where it is another than the first: decided at the turn of the year, or accepted by the city office"
        ),
    ]
    postponements: int
    procedures: dict[Procedure, ProcedureRead]
    months_in_ledger: int | None
    lists: list[Any]
    shares: list[Any]
    pending: Annotated[bool, Field(description="待核: it came into its ledger by a move without evidence")]
    light: Light
    light_reason: Annotated[str | None, Field(description="A sentence in the reader's language")]
    family_sums: FamilySumsRead | None
    progress_told_on: Annotated[Day | None, Field(description="When its visible progress was last told")]
    deleted_at: Moment | None


_written = {
    n: f
    for n, f in made_of(ProjectFacts, partial=False, name="_P").model_fields.items()
    if not n.endswith(("_state", "_promised_on"))
}
_Written: Any = create_model("_Written", **{n: (f.annotation, f) for n, f in _written.items()})  # type: ignore[call-overload]
ProjectRead: Any = together(
    "ProjectRead", _ProjectPlace, _Written, _ProjectDerived, doc="A project as the register holds it."
)


class MoveRead(Answer):
    """A line of a project's ledger history."""

    id: int
    from_ledger: Ledger | None
    to_ledger: Ledger
    on: Day | None
    reason: str | None
    override: bool
    missing: list[Any]
    skipped: list[Ledger]
    pending: bool
    settled_on: Day | None
    version: Version


MovedRead: Any = together(
    "MovedRead", ProjectRead, doc="The project after the move, and the move.", move=(MoveRead, ...)
)


TransferRead: Any = create_model(
    "TransferRead",
    __base__=Answer,
    __doc__="From which zone to which a project was given.",
    **{"from": (str, ...), "to": (str, ...), "on": (Day | None, ...), "reason": (str | None, ...)},
    id=(int, ...),
    document=(str | None, ...),
    version=(Version, ...),
)  # type: ignore[call-overload]
TransferredRead: Any = together(
    "TransferredRead", ProjectRead, doc="The project in its new zone, and the transfer.", transfer=(TransferRead, ...)
)


class MissingRead(Answer):
    """One thing that is missing: any of ``fields`` would do."""

    code: str
    ledger: Ledger
    fields: list[str]
    step: Annotated[str | None, Field(description="Of `approval_missing`: the step that is not settled yet")] = None


class GateRead(Answer):
    """What a move would lack."""

    to: Ledger
    missing: Annotated[list[MissingRead], Field(description="What stops the move; empty: it may be made")]
    evidence: Annotated[list[list[EvidenceKind]], Field(description="Sets of files of which one proves the move")]
    evidence_missing: bool
    back: bool
    skipped: list[Ledger]


class OpeningRead(Answer):
    """The state at the end of the last month before reporting here began."""

    month: Month | None
    before_year_yuan: int | None
    this_year_yuan: int | None
    version: Version


class _PlanFacts(Answer):
    annual_yuan: int | None
    months: Annotated[dict[str, int] | None, Field(description="`1` to `12`; null: the year as a whole")]
    goal_text: str | None
    document: str | None
    issued_on: Day | None
    reason: str | None
    by: str | None
    at: Annotated[Moment | None, Field(description="null where it came with the project itself")]
    accepted_on: Annotated[Day | None, Field(description="When the city office took it as what lights compare with")]
    accepted_by: str | None
    accepted_reason: str | None


class PlanVersion(_PlanFacts):
    """One version of a plan; the first is the baseline."""

    number: int


class PlanRead(_PlanFacts):
    """The plan of a year: what is in force, what it was at first, and every version, oldest first."""

    year: int
    baseline_yuan: int | None
    shown: Annotated[bool, Field(description="It is the plan that the project itself shows")]
    versions: list[PlanVersion]
    version: Version


class ReportRead(Answer):
    """A month's report and what follows from it. ``given`` names the figure that was reported; the other one is derived."""

    month: Month
    invested_yuan: int | None
    cumulative_this_year_yuan: int | None
    invested_to_date_yuan: int | None
    given: Literal["invested_yuan", "cumulative_this_year_yuan"] | None
    funds_in_place_yuan: int | None
    statistical_invested_yuan: int | None
    foreign_utilised_usd: int | None
    progress_text: str | None
    problems_own: str | None
    problems_government: str | None
    next_steps: str | None
    no_change_reason: str | None
    no_change: bool
    incomplete_months: list[Month]
    state: ReportState
    late: Annotated[bool, Field(description="Submitted, or still not submitted, after its month was due")]
    returned_reason: str | None
    handed_in: Annotated[
        bool | None,
        Field(description="By its reporter through her link: false while it is her draft; null: the zone wrote it"),
    ]
    locked: Annotated[bool, Field(description="Its month is locked: what is wrong is corrected")]
    by: str | None
    at: Moment
    version: Version


class FieldChange(Answer):
    field: str
    before: Any
    after: Any


class By(Answer):
    kind: Literal["account", "key", "reporter", "system"]
    name: str


class HistoryRead(Answer):
    """One act, as far as it changed this. Deletes are changes of ``deleted_at``."""

    version: Version
    at: Moment
    by: By
    door: Literal["page", "api", "cli", "import", "system"]
    word: Annotated[str, Field(description="What leave was asked for, such as `project.move`")]
    reason: str | None
    noun: str
    id: int
    changes: list[FieldChange]
    origin: Annotated[
        dict[str, Any] | None,
        Field(description="What an import read it from: file, sheet, row, and the cell of each field"),
    ] = None


class OriginRead(Answer):
    """A field that stands as an import wrote it: the cell, the text that stood there, the file, who sent it, when."""

    field: str
    cell: str
    raw: str | None
    import_id: Annotated[int | None, Field(description="null where the import reaches zones that you do not see")]
    file_name: str | None
    sheet: str
    row: int
    by: str | None
    at: Moment | None


class ChangesRead(Answer):
    """A piece of the feed."""

    items: list[HistoryRead]
    next: str


class EvidenceRead(Answer):
    """A file that proves something about a project."""

    id: int
    project_id: int
    kind: EvidenceKind
    title: str | None
    dated_on: Day | None
    digest: Annotated[str, Field(description="SHA-256 of the file")]
    file_name: str
    media_type: str
    size: int
    created_at: Moment
    version: Version


class BatchItem(Answer):
    """What became of one item, in the order of the request."""

    status: int
    id: int | None
    version: int | None
    problem: ProblemRead | None


class BatchRead(Answer):
    items: list[BatchItem]
