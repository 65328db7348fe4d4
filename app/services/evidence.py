"""Evidence: files that prove something about a project. The file is put by its digest before the act that names it."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field

from app.desk import Desk
from app.engine import Link, Sql
from app.errors import Invalid
from app.files import Files, Stored
from app.models import Evidence, Project
from app.models.checking import Body, check
from app.models.types import Day, Text
from app.rules.access import Act
from app.rules.codes import EvidenceKind
from app.rules.proofs import file_name, media_type
from app.services import moves, reasons

FIELDS = (
    "id",
    "project_id",
    "kind",
    "title",
    "dated_on",
    "digest",
    "file_name",
    "media_type",
    "size",
    "created_at",
    "since",
)
Record = dict[str, Any]


class EvidenceNew(Body):
    """What is said of a file that proves something."""

    kind: Annotated[EvidenceKind, Field(title="Evidence kind")]
    title: Annotated[Text | None, Field(max_length=200, title="Title")] = None
    dated_on: Annotated[Day | None, Field(title="Dated on")] = None
    reason: Annotated[Text | None, Field(max_length=500, title="Reason")] = None


def told(row: Evidence) -> Record:
    """A proof as the API gives it."""
    facts = {name: getattr(row, name) for name in FIELDS}
    facts["version"] = facts.pop("since")
    return facts


def proof_of(stored: Stored) -> str:
    """The media type of a file that may be evidence. Raises Invalid for an empty file and for every other kind."""
    if stored.size == 0:
        raise Invalid.one("/file", "empty", "This file is empty")
    found = media_type(stored.head)
    if found is None:
        raise Invalid.one(
            "/file", "not_a_proof", "Evidence is a PDF or a photo (JPEG, PNG, WebP, HEIC); this file is something else"
        )
    return found


def may_add(desk: Desk, id_: int) -> None:
    """Refuse who may not add evidence, before a file of hers is kept."""
    desk.get(Project, id_, to=Act.EVIDENCE_ADD)


def add(desk: Desk, id_: int, values: dict[str, Any], *, stored: Stored, name: str | None) -> Record:
    """Attach a file that was put: ``{kind, title?, dated_on?}`` and the name it came with. When it proves the ledger the project stands in, 待核 clears: ``settled`` says so."""
    project = desk.get(Project, id_, to=Act.EVIDENCE_ADD)
    found = proof_of(stored)
    facts = check(EvidenceNew, reasons.take(desk, values))
    if facts.get("dated_on") and facts["dated_on"] > desk.today:
        raise Invalid.one("/dated_on", "future", "The day of a fact cannot lie in the future")
    row = Evidence(zone_id=project.zone_id, project_id=project.id or 0, digest=stored.digest, size=stored.size, **facts)
    row.file_name, row.media_type = file_name(name, found), found
    desk.keep(row)
    return {**told(row), "settled": moves.settle(desk, project)}


def list_(desk: Desk, id_: int) -> list[Record]:
    """The evidence of a project in the order in which it came."""
    project = desk.get(Project, id_, deleted=True)
    rows = desk.rows(
        Evidence,
        "of_project",
        lambda q, t: q.where(t.c.project_id == sa.bindparam("project")).order_by(t.c.id),
        {"project": project.id},
    )
    return [told(r) for r in rows]


def remove(desk: Desk, evidence_id: int, *, version: int | None = None) -> Record:
    """Take a file away; it stays in history. A move that it proved stays proved: the reviewer had seen it."""
    row = desk.get(Evidence, evidence_id, to=Act.EVIDENCE_REMOVE)
    desk.current(row, version)
    row.deleted_at = desk.now
    desk.keep(row)
    return told(row)


def open_(desk: Desk, evidence_id: int) -> Record:
    """What a download needs to know, for those who may see the project."""
    row = desk.get(Evidence, evidence_id)
    desk.get(Project, row.project_id, deleted=True)
    return told(row)


REFERRED = Sql(
    "SELECT digest FROM evidence UNION SELECT digest FROM import_run UNION SELECT digest FROM form UNION SELECT digest FROM photo "
    "UNION SELECT digest FROM lead_file "
    "UNION SELECT scan_digest FROM paper_version WHERE scan_digest IS NOT NULL"
)


def sweep(link: Link, files: Files) -> int:
    """Remove the files that no row, living or deleted, refers to; how many. For the night."""
    return files.sweep(r[0] for r in link.rows(REFERRED))
