"""Files beside a lead: agreements, contracts, licences, vouchers. Of a confidential lead only who may see its name opens them."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field

from app.desk import Desk
from app.errors import Invalid, NotFound
from app.files import Stored
from app.models import LeadFile
from app.models.checking import Body, check
from app.models.types import Day, Text
from app.rules.access import Act
from app.rules.codes import LeadFileKind
from app.rules.proofs import file_name
from app.services import leads, reasons
from app.services.evidence import proof_of

Record = dict[str, Any]
COLUMNS = (
    "id", "lead_id", "kind", "title", "dated_on", "digest", "file_name", "media_type", "size", "created_at", "since",
)  # fmt: skip


class LeadFileNew(Body):
    """What is said of a file beside a lead."""

    kind: Annotated[LeadFileKind, Field(title="Kind of file")]
    title: Annotated[Text | None, Field(max_length=200, title="Title")] = None
    dated_on: Annotated[Day | None, Field(title="Dated on")] = None
    reason: Annotated[Text | None, Field(max_length=500, title="Reason")] = None


def list_(desk: Desk, id_: int) -> list[Record]:
    """The files of a lead in the order in which they came; none of a confidential one for who may not see its name."""
    lead = leads.read(desk, id_, deleted=True)
    if not lead["named"]:
        return []
    rows = desk.select(
        LeadFile,
        "of_lead",
        lambda q, t: q.where(t.c.lead_id == sa.bindparam("lead")).order_by(t.c.id),
        {"lead": lead["id"]},
        columns=COLUMNS,
    )
    return [_told(row) for row in rows]


def _told(row: tuple[Any, ...]) -> Record:
    facts = dict(zip(COLUMNS, row, strict=True))
    facts["version"] = facts.pop("since")
    return facts


def may_add(desk: Desk, id_: int) -> None:
    """Refuse who may not add a file, before a file of hers is kept."""
    leads.alive(desk, id_, Act.LEAD_AMEND)


def add(desk: Desk, id_: int, values: Record, *, stored: Stored, name: str | None) -> Record:
    """Attach a file that was put: ``{kind, title?, dated_on?}`` and the name it came with."""
    lead = leads.alive(desk, id_, Act.LEAD_AMEND)
    found = proof_of(stored)
    facts = check(LeadFileNew, reasons.take(desk, values))
    if (facts.get("dated_on") or "") > desk.today:
        raise Invalid.one("/dated_on", "future", "The day of a fact cannot lie in the future")
    row = LeadFile(
        zone_id=lead.zone_id, lead_id=id_, confidential=lead.confidential, digest=stored.digest, size=stored.size,
        file_name=file_name(name, found), media_type=found, **facts,
    )  # fmt: skip
    desk.keep(row)
    return _one(desk, row.id or 0)


def remove(desk: Desk, file_id: int, *, version: int | None = None) -> Record:
    """Take a file away; it stays in history."""
    row = desk.get(LeadFile, file_id, to=Act.LEAD_AMEND)
    desk.current(row, version)
    told = open_(desk, file_id)
    row.deleted_at = desk.now
    desk.keep(row)
    return {**told, "version": row.since}


def open_(desk: Desk, file_id: int) -> Record:
    """What a download needs to know. Raises NotFound for the file of a confidential lead whose name she may not see."""
    row = desk.get(LeadFile, file_id)
    if not leads.read(desk, row.lead_id, deleted=True)["named"]:
        raise NotFound
    return _one(desk, file_id)


def _one(desk: Desk, file_id: int) -> Record:
    by_id: Any = sa.bindparam("id")
    rows = desk.select(LeadFile, "one", lambda q, t: q.where(t.c.id == by_id), {"id": file_id}, columns=COLUMNS)
    return _told(rows[0])
