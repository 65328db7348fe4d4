"""Verdicts of the city office on two registrations that are alike, and with that, how each of them counts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.models.base import Kept, choice, day, noun, ref, text, yuan
from app.models.types import Day, Text
from app.rules.firm_codes import Sameness, Subject


class VerdictFacts(SQLModel, use_enum_values=True, extra="forbid"):
    """What was decided."""

    verdict: Sameness = choice("Verdict", Sameness, group=None, nullable=False)
    increment_yuan: int | None = yuan("Increment", group=None)
    document: Text | None = text("Document", 200, group=None)
    decided_on: Day | None = day("Day of the verdict", group=None)


@noun("zone")
class Verdict(VerdictFacts, Kept, table=True):
    """One verdict on two leads or projects, the one that was registered first and the later one. It belongs to no zone: only
    the city office reads it whole."""

    __tablename__ = "verdict"
    __table_args__ = (
        sa.UniqueConstraint("first_kind", "first_id", "later_kind", "later_id"),
        sa.Index("ix_verdict_later", "later_kind", "later_id"),
    )

    first_kind: Subject = choice("Kind of the first", Subject, group=None, nullable=False)
    first_id: int = ref("First", nullable=False)
    later_kind: Subject = choice("Kind of the later", Subject, group=None, nullable=False)
    later_id: int = ref("Later", nullable=False)
    reason: Text | None = text("Reason", 500, group=None)
    decided_by: Text | None = text("Decided by", 60, group=None)
