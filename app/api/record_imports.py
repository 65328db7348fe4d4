"""Imports as the API answers them, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.records import Answer, Version
from app.models.types import Day, Moment
from app.rules.codes import Ledger

State = Literal["waiting", "confirmed", "committed", "accepted", "undone", "discarded"]
RowState = Literal["new", "changed", "same", "move", "left", "doubtful", "refused", "elsewhere"]


class ImportRead(Answer):
    """A file that came in. It writes nothing before it is committed."""

    id: int
    file_name: str
    digest: Annotated[str, Field(description="SHA-256 of the file")]
    state: State
    opening: bool
    rows: Annotated[int, Field(description="Rows that were written")]
    by: str | None
    counts: Annotated[dict[str, int], Field(description="Rows by what became of them")]
    accepted_by: str | None
    accepted_on: Day | None
    created_at: Moment
    may_accept: bool
    may_undo: bool
    version: Version


class ImportRowRead(Answer):
    """One row of the preview, or of what came in."""

    sheet: str
    row: int
    name: str
    state: RowState | None
    id: Annotated[int | None, Field(description="The project it means, or became")]
    code: str | None
    ledger: Ledger | None
    conflicts: Annotated[
        list[dict[str, Any]],
        Field(description="Fields that the sheet and the register both changed: decide with `cells`"),
    ]


class ImportPreview(ImportRead):
    """A file with everything that would become of it; once it came in, with where each row stands."""

    choices: dict[str, Any]
    remembered: Annotated[
        dict[str, Any],
        Field(description="By sheet: who decided how this heading is read, and when; take the choices back to forget"),
    ]
    as_of_act: Annotated[int | None, Field(description="The last act this preview knows of: send it as `seen`")]
    reason_needed_for: list[str]
    sheets: Annotated[
        list[dict[str, Any]],
        Field(
            description="Each sheet as it was understood: kind and why, title, unit, columns, rows that are no project, totals"
        ),
    ]
    items: Annotated[list[ImportRowRead], Field(description="The first 1000 rows; `/imports/{id}/rows` has all")]
    left: Annotated[list[dict[str, Any]], Field(description="After the import: rows that stayed out, and why")]
    absent: Annotated[
        list[dict[str, Any]],
        Field(description="Projects of the same zones and ledgers that no sheet lists, with your choice"),
    ]
    undone: dict[str, Any] | None
    problem: str | None
    progress: dict[str, Any] | None


class ImportDone(ImportRead):
    """What an import came to. 202: the worker brings it in, ask again."""

    created: int | None = None
    changed: int | None = None
    moved: int | None = None
    absent: Annotated[int | None, Field(description="Projects that no sheet lists, moved or gone")] = None


class ImportUndone(ImportRead):
    """What went back, and what others had changed since and stays."""

    removed: int
    restored: int
    kept: list[dict[str, Any]]
