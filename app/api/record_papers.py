"""What the API answers about the papers of months, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.record_months import ZoneCorrection
from app.api.records import Answer, Version
from app.models.types import Day, Moment, Month
from app.rules.codes import ZoneMonthState


class PaperRead(Answer):
    """A paper: one submission of a zone's month, to be signed and stamped."""

    month: Month
    code: Annotated[str, Field(description="The short code that stands on every page of it")]
    number: Annotated[int, Field(description="1 for the first submission of the month; every further one has its own")]
    content_hash: Annotated[str, Field(description="SHA-256 over its figures and texts, not over the PDF")]
    act: Annotated[int, Field(description="The act that submitted it: its figures are read as of this")]
    submitted_on: Day
    submitted_by: str
    submitted_at: Moment
    scan_digest: Annotated[str | None, Field(description="SHA-256 of the stamped scan, once it is attached")]
    scan_file_name: str | None
    scan_media_type: str | None
    scan_size: int | None
    scan_by: str | None
    scan_on: Day | None
    version: Version


class DifferenceRead(Answer):
    project: Annotated[str, Field(description="Its code")]
    name: str
    field: Annotated[str | None, Field(description="null: only one of paper and register has the project")]
    on_paper: Any
    now: Any


class VerifyRead(PaperRead):
    """A paper beside the register."""

    zone: str
    zone_name: str
    state: ZoneMonthState
    stands: Annotated[
        Literal["stands", "changed", "returned", "superseded"],
        Field(
            description="`returned`: the zone writes it anew; `superseded`: `newer` is the code of the paper that counts"
        ),
    ]
    intact: Annotated[bool, Field(description="The register still gives the very figures that were submitted")]
    newer: str | None
    differences: Annotated[
        list[DifferenceRead],
        Field(description="Figures of the lock, before it those of now, that differ from the paper"),
    ]
    corrections: Annotated[list[ZoneCorrection], Field(description="What was put right since the lock")]
    projects: int


class PapersRead(Answer):
    """What is asked of papers."""

    scan_before_lock: bool
    version: Annotated[int, Field(ge=0, description="0: as the house ships it")]
