"""Moves between ledgers, the evidence for them, and the workbooks that came in."""

from __future__ import annotations

from app.models.base import Kept, choice, count, day, flag, json_text, month, noun, ref, text
from app.models.types import Day, Month
from app.rules.codes import EvidenceKind, Ledger


@noun("zone")
class Move(Kept, table=True):
    """One move of a project into a ledger: from where, on which day of the fact, why, forced or not, proved or not."""

    __tablename__ = "move"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    project_id: int = ref("Project", nullable=False, foreign_key="project.id", index=True)
    from_ledger: Ledger | None = choice("From ledger", Ledger, group=None)
    to_ledger: Ledger = choice("To ledger", Ledger, group=None, nullable=False)
    happened_on: Day | None = day("Day of the fact", group=None)
    reason: str | None = text("Reason", 500, group=None)
    override: bool = flag("Forced", group=None, default=False, nullable=False)
    missing: str = json_text("Missing when moved", default="[]", nullable=False)
    skipped: str = json_text("Ledgers skipped", default="[]", nullable=False)
    pending: bool = flag("Pending", group=None, default=False, nullable=False)
    settled_on: Day | None = day("Proved on", group=None)


@noun("zone")
class Transfer(Kept, table=True):
    """A project given from one zone to another by the city office. Like all that hangs on a project it is of the zone
    where the project lies now."""

    __tablename__ = "transfer"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    project_id: int = ref("Project", nullable=False, foreign_key="project.id", index=True)
    from_zone_id: int = ref("From zone", nullable=False, foreign_key="zone.id", index=True)
    to_zone_id: int = ref("To zone", nullable=False, foreign_key="zone.id")
    happened_on: Day | None = day("Day of the fact", group=None)
    reason: str | None = text("Reason", 500, group=None)
    document: str | None = text("Document", 200, group=None)
    live_from: Month | None = month("First month reported in the zone before", group=None)


@noun("zone")
class Evidence(Kept, table=True):
    """A file that proves something about a project. The file itself is kept by its digest."""

    __tablename__ = "evidence"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    project_id: int = ref("Project", nullable=False, foreign_key="project.id", index=True)
    kind: EvidenceKind = choice("Evidence kind", EvidenceKind, group=None, nullable=False)
    title: str | None = text("Title", 200, group=None)
    dated_on: Day | None = day("Dated on", group=None)
    digest: str = text("Digest", 64, group=None, nullable=False)
    file_name: str = text("File name", 200, group=None, nullable=False)
    media_type: str = text("Media type", 100, group=None, nullable=False)
    size: int = count("Size", 2**40, unit="bytes", group=None, nullable=False)


@noun("zone")
class Import(Kept, table=True):
    """A workbook that came in: who sent it, what of it was taken, and whether a reviewer accepted it as the opening."""

    __tablename__ = "import_run"

    digest: str = text("Digest", 64, group=None, nullable=False)
    file_name: str = text("File name", 200, group=None, nullable=False)
    state: str = text("State", 20, group=None, nullable=False)
    opening: bool = flag("Opening", group=None, default=False, nullable=False)
    accepted_by: str | None = text("Accepted by", 60, group=None)
    accepted_on: Day | None = day("Accepted on", group=None)
    rows: int = count("Rows", 10_000_000, unit="", group=None, default=0, nullable=False)
    summary: str = json_text("Summary", default="{}", nullable=False)


@noun("zone")
class Origin(Kept, table=True):
    """Where a project's imported values stood: file, sheet and row."""

    __tablename__ = "origin"

    zone_id: int = ref("Zone", nullable=False, foreign_key="zone.id")
    project_id: int = ref("Project", nullable=False, foreign_key="project.id", index=True)
    import_id: int = ref("Import", nullable=False, foreign_key="import_run.id", index=True)
    sheet: str = text("Sheet", 200, group=None, nullable=False)
    row: int = count("Row", 10_000_000, unit="", group=None, nullable=False)
    cells: str = json_text("Cells", default="{}", nullable=False)


@noun("zone")
class Layout(Kept, table=True):
    """How a unit reads a heading that it uses again and again: what its people said of the columns, and what a mark means.

    ``scope`` is whose it is: ``unit:5``, else ``zones:1,2``. ``said`` holds the decisions.
    """

    __tablename__ = "layout"

    fingerprint: str = text("Fingerprint", 64, group=None, nullable=False, index=True)
    scope: str = text("Scope", 200, group=None, nullable=False)
    heading: str = text("Heading", 200, group=None, nullable=False)
    said: str = json_text("Decisions", default="{}", nullable=False)
    decided_by: str = text("Decided by", 60, group=None, nullable=False)
