"""Cases: each application of a project for a step of its approval chain, from the day it was handed in to its decision."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.models.base import Kept, choice, count, day, noun, ref, text
from app.models.types import Day, Text
from app.rules.access import FieldGroup
from app.rules.codes import CaseResult, SettledUnder, Where

PROCEDURES = FieldGroup.PROCEDURES


class CaseFacts(SQLModel, use_enum_values=True, extra="forbid"):
    """Everything about a case that people write, beside its step. A blank is unknown."""

    power_code: Text | None = text("Item", 40, group=PROCEDURES)
    applied_on: Day | None = day("Applied on", group=PROCEDURES)
    accepted_on: Day | None = day("Accepted for handling on", group=PROCEDURES)
    promised_on: Day | None = day("Promised on", group=PROCEDURES)
    decided_on: Day | None = day("Decided on", group=PROCEDURES)
    result: CaseResult | None = choice("Result", CaseResult, group=PROCEDURES)
    settled_in: Where | None = choice("Settled in", Where, group=PROCEDURES)
    settled_by: Text | None = text("Settled by", 100, group=PROCEDURES)
    settled_under: SettledUnder | None = choice("Settled under", SettledUnder, group=PROCEDURES)
    days_used: int | None = count("Working days used", 10_000, unit="days", group=PROCEDURES)
    corrections_asked: int | None = count("Corrections asked for", 1000, unit="", group=PROCEDURES)
    number: Text | None = text("Number of the decision", 100, group=PROCEDURES)


@noun("zone")
class Case(CaseFacts, Kept, table=True):
    """A case as the register holds it. The state and the promised day of one of the five procedures stand on the project's
    row as well: whoever writes one of the two writes both (``app.agreeing``)."""

    __tablename__ = "approval_case"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id", index=True)
    project_id: int = ref("Project", nullable=False, foreign_key="project.id", index=True)
    step: str = text("Step", 40, group=None, nullable=False)
    ref_source: str | None = text("Reference source", 60, group=None)
    ref_id: str | None = text("Reference", 120, group=None)


_table = Case.__table__  # type: ignore[attr-defined]
STANDS = "deleted_at IS NULL AND (result IS NULL OR result IN ('granted', 'not_needed'))"
sa.Index(
    "ix_approval_case_standing",
    _table.c.project_id,
    _table.c.step,
    unique=True,
    sqlite_where=sa.text(STANDS),
    postgresql_where=sa.text(STANDS),
)
sa.Index(
    "ix_approval_case_ref",
    _table.c.ref_source,
    _table.c.ref_id,
    unique=True,
    sqlite_where=sa.text("ref_id IS NOT NULL"),
    postgresql_where=sa.text("ref_id IS NOT NULL"),
)
