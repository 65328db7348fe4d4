"""The personal link by which somebody without an account reports a month of the projects she answers for."""

from __future__ import annotations

import sqlalchemy as sa

from app.models.base import Kept, day, month, noun, ref, secret, text
from app.models.types import Day, Month


@noun("zone", sa.UniqueConstraint("zone_id", "month", "person_id"))
class ReporterLink(Kept, table=True):
    """One person's link for one period of one zone. Which projects it opens follows from what she answers for on the day
    it is used; deleted is withdrawn. The link itself is shown once, its hash is kept."""

    __tablename__ = "reporter_link"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    month: Month = month("Month", group=None, nullable=False)
    person_id: int = ref("Person", nullable=False, foreign_key="person.id")
    token_hash: str = secret("Personal link", 64, nullable=False, unique=True)
    expires_on: Day = day("Expires on", group=None, nullable=False)
    made_by: str | None = text("Made by", 60, group=None)
