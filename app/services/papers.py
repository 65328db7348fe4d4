"""Papers: each submission of a zone's month has one, with the hash of its figures, a short code, and its stamped scan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field

from app.desk import Desk, in_zones, zones_value
from app.errors import Conflict, NotFound
from app.files import Stored
from app.models import Paper, Zone
from app.models.checking import Body, check
from app.models.types import Text
from app.rules.access import Act
from app.rules.papers import AMOUNTS, TEXTS, content_hash, read_code, short_code
from app.rules.proofs import file_name
from app.services import closing, periods, reasons
from app.services.evidence import proof_of

Record = dict[str, Any]
FIELDS = (
    "code", "number", "content_hash", "act", "submitted_on", "submitted_by", "created_at", "scan_digest", "scan_file_name",
    "scan_media_type", "scan_size", "scan_by", "scan_on", "since",
)  # fmt: skip


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def told(row: Paper) -> Record:
    """A paper as both faces give it."""
    facts = {name: getattr(row, name) for name in FIELDS}
    facts["submitted_at"], facts["version"] = facts.pop("created_at"), facts.pop("since")
    return {"month": row.month, **facts}


def of_month(desk: Desk, zone_id: int, month: str) -> list[Paper]:
    """The papers of a zone's month, the newest first."""
    return desk.rows(
        Paper, "of_month",
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone"), t.c.month == sa.bindparam("month")).order_by(t.c.number.desc()),
        {"zone": zone_id, "month": month},
    )  # fmt: skip


def by_code(desk: Desk, sent: str) -> Paper:
    """The paper with this code, if it is of a zone that she sees."""
    desk.ask(Act.REGISTER_READ)
    code = read_code(sent)
    found = desk.rows(Paper, "by_code", lambda q, t: q.where(t.c.code == sa.bindparam("code")), {"code": code})
    if not found:
        raise NotFound(
            "There is no paper with this code in the zones that you see; compare the code with the paper",
            code="no_paper",
        )
    return found[0]


def stamped(desk: Desk, month: str, zone_ids: Iterable[int]) -> dict[int, bool]:
    """By zone: does the newest paper of the month bear its stamp? A zone without a paper is left out."""
    names = ("zone_id", "number", "scan_digest")
    rows = desk.select(
        Paper, "stamped",
        lambda q, t: q.where(t.c.month == sa.bindparam("month"), in_zones(t.c.zone_id, desk.link.dialect, "zones_")).order_by(t.c.number),
        {"month": month, "zones_": zones_value(desk.link.dialect, sorted(set(zone_ids)))}, columns=names,
    )  # fmt: skip
    return {zone_id: digest is not None for zone_id, _, digest in rows}


def figures(told_month: Record, zone_name: str) -> Record:
    """What the paper says, from a zone's month as it was read: the rows that owe a report, those that gave one, and bundles
    with what their parts report. Only what owes is counted, as in the grid."""
    shown = [i for i in told_month["items"] if i["owes"] or i["report"] or i["sums"]]
    return {
        "zone": told_month["zone"],
        "zone_name": zone_name,
        "first_month": told_month["period"]["first_month"],
        "month": told_month["month"],
        "missing_reason": told_month["missing_reason"],
        "rows": [_row(item) for item in shown],
    }


def _row(item: Record) -> Record:
    said = {**(item["report"] or {}), **{n: v for n, v in (item["sums"] or {}).items() if n in AMOUNTS}}
    return {
        **{name: item[name] for name in ("code", "name", "owes", *AMOUNTS[:2])},
        **{name: said.get(name) for name in (*AMOUNTS[2:], *TEXTS)},
        "reported": bool(item["report"] or item["sums"]),
    }


def name_of(desk: Desk, code: str) -> str:
    """What a zone is called, at the moment that is read."""
    rows = desk.select(
        Zone, "name_by_code", lambda q, t: q.where(t.c.code == sa.bindparam("code")), {"code": code}, columns=("name",)
    )
    return str(rows[0][0]) if rows else code


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def issue(desk: Desk, zone_id: int, told_month: Record) -> Record:
    """The paper of a month that is being submitted, as the act leaves it."""
    hash_ = content_hash(figures(told_month, name_of(desk, told_month["zone"])))
    number = max((row.number for row in of_month(desk, zone_id, told_month["month"])), default=0) + 1
    row = Paper(
        zone_id=zone_id, month=told_month["month"], number=number, code=short_code(hash_, number),
        content_hash=hash_, act=desk.book.seq if desk.book else 0, submitted_on=desk.today, submitted_by=desk.actor.name,
    )  # fmt: skip
    desk.keep(row)
    return told(row)


def may_stamp(desk: Desk, code: str) -> None:
    """Refuse who may not attach the scan of this paper, before a file of hers is kept."""
    _to_stamp(desk, code, Act.SCAN_ADD, removing=False)


class ScanNew(Body):
    """What is said of a scan: nothing but why, where that is asked."""

    reason: Annotated[Text | None, Field(max_length=500, title="Reason")] = None


def nothing_more(desk: Desk, values: Record) -> None:
    """Refuse fields that a scan does not have."""
    check(ScanNew, reasons.take(desk, values))


def stamp(desk: Desk, code: str, *, stored: Stored, name: str | None, version: int | None = None) -> Record:
    """Attach the scan of the paper that was signed and stamped; until the lock another may take its place.

    Raises Conflict for a paper that was replaced by a later one or returned, and after the lock where there is a scan.
    """
    row = _to_stamp(desk, code, Act.SCAN_ADD, removing=False)
    desk.current(row, version, changing=("scan_digest",))
    found = proof_of(stored)
    row.scan_digest, row.scan_size, row.scan_media_type = stored.digest, stored.size, found
    row.scan_file_name = file_name(name, found)
    row.scan_by, row.scan_on = desk.actor.name, desk.today
    desk.keep(row)
    return told(row)


def unstamp(desk: Desk, code: str, *, version: int | None = None) -> Record:
    """Take the scan away before the lock; it stays in history."""
    row = _to_stamp(desk, code, Act.SCAN_REMOVE, removing=True)
    desk.current(row, version, changing=("scan_digest",))
    row.scan_digest = row.scan_file_name = row.scan_media_type = row.scan_by = row.scan_on = None
    row.scan_size = None
    desk.keep(row)
    return told(row)


def _to_stamp(desk: Desk, code: str, act: Act, *, removing: bool) -> Paper:
    row = by_code(desk, code)
    desk.ask(act, row.zone_id)
    period = periods.find(desk, row.month)
    if removing and row.scan_digest is None:
        raise NotFound
    if period["locked_on"] is not None and row.scan_digest is not None:
        raise Conflict("{month} is locked; its stamped scan stays as it is", code="locked", month=row.month)
    if of_month(desk, row.zone_id, row.month)[0].id != row.id:
        raise Conflict("A later paper of this month takes its place; stamp that one", code="superseded")
    if closing.state(period, closing.rows(desk, [row.zone_id], [row.month]).get((row.zone_id, row.month))) == "open":
        raise Conflict("The month was returned; what is submitted again is another paper", code="returned")
    return row


def scan_of(desk: Desk, code: str) -> Record:
    """What a download of the scan needs to know. NotFound where none is attached."""
    found = told(by_code(desk, code))
    if found["scan_digest"] is None:
        raise NotFound("No stamped scan is attached to this paper", code="no_scan")
    return found
