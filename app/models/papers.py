"""Papers: what a zone signed and stamped when it submitted a month, and the scan of it that came back."""

from __future__ import annotations

import sqlalchemy as sa

from app.models.base import Kept, count, day, month, noun, ref, text
from app.models.types import Day, Month


@noun("zone", sa.UniqueConstraint("code"), sa.UniqueConstraint("zone_id", "month", "number"))
class Paper(Kept, table=True):
    """One submission of a zone's month on paper. ``act`` is the act that submitted it: the figures are read as of it,
    and ``content_hash`` is what they came to then."""

    __tablename__ = "paper"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    month: Month = month("Month", group=None, nullable=False)
    number: int = count("Number", 1000, unit="", group=None, least=1, nullable=False)
    code: str = text("Short code", 16, group=None, nullable=False)
    content_hash: str = text("Content hash", 64, group=None, nullable=False)
    act: int = count("Act", 2**53, unit="", group=None, nullable=False)
    submitted_on: Day = day("Submitted on", group=None, nullable=False)
    submitted_by: str = text("Submitted by", 60, group=None, nullable=False)
    scan_digest: str | None = text("Digest of the scan", 64, group=None)
    scan_file_name: str | None = text("File name", 200, group=None)
    scan_media_type: str | None = text("Media type", 100, group=None)
    scan_size: int | None = count("Size", 2**40, unit="bytes", group=None)
    scan_by: str | None = text("Scan attached by", 60, group=None)
    scan_on: Day | None = day("Scan attached on", group=None)
