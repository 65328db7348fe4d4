"""What a zone is to bring in a year: so many projects of such a size."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.models.base import Kept, choice, count, flag, json_text, noun, ref, text
from app.models.types import Text
from app.rules.codes import CountedAt


class TargetFacts(SQLModel, use_enum_values=True):
    """What is written of a target beside its classes."""

    counted_at: CountedAt = choice("Counted at", CountedAt, group=None, default="signed", nullable=False)
    fills: bool = flag("A surplus above fills a lack below", group=None, default=False, nullable=False)
    document: Text | None = text("Document", 200, group=None)


@noun("zone", sa.UniqueConstraint("zone_id", "year"))
class InvestmentTarget(TargetFacts, Kept, table=True):
    """The target of a zone and year. ``classes`` is JSON: from so much money, below so much, so many to so many projects."""

    __tablename__ = "investment_target"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    year: int = count("Year", 2200, unit="year", least=1949, group=None, nullable=False)
    classes: str = json_text("Classes", default="[]", nullable=False)
