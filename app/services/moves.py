"""Moves between ledgers: the gate, forced and proved moves, and the ledger history of a project."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Invalid
from app.models import Move, Project
from app.rules.access import Act
from app.rules.codes import Ledger
from app.rules.ledgers import DATE_OF_MOVE, LEFT, ORDER
from app.services import entering, reports, year_turn
from app.services.records import record

FIELDS = (
    "id",
    "from_ledger",
    "to_ledger",
    "happened_on",
    "reason",
    "override",
    "missing",
    "skipped",
    "pending",
    "settled_on",
    "since",
)


def gate(desk: Desk, id_: int, to: str, on: str | None = None) -> dict[str, Any]:
    """What a move would lack, without making it: missing facts, evidence that would settle it, whether it goes back."""
    project = desk.get(Project, id_, to=Act.REGISTER_READ)
    facts = entering.facts_of(project)
    found = entering.lacks(desk, facts, to, project.ledger, on or desk.today, project.id)
    return entering.told(desk, found, facts, to)


def move(
    desk: Desk, id_: int, *, to: str, on: str | None = None, override: bool = False, version: int | None = None
) -> dict[str, Any]:
    """Move a project into another ledger. ``on`` is the day of the fact and writes the start or the completion.

    Raises Conflict ``gate_not_met`` listing what is missing; Invalid ``reason_required`` for a move back or a forced
    one. Without evidence the project is marked 待核 (pending) until ``settle``.
    """
    project = desk.get(Project, id_, to=Act.PROJECT_MOVE)
    desk.current(project, version, changing=("ledger", *DATE_OF_MOVE.values(), "disposition", "deleted_at"))
    day = _day(desk, on)
    if project.disposition in {d.value for d in LEFT}:
        raise Conflict("It has left the ledgers; resume it first", code="left")
    if project.has_phases:
        raise Conflict("A project with phases stands in no ledger; move its phases", code="heading")
    facts = entering.facts_of(project)
    found = entering.lacks(desk, facts, to, project.ledger, day, project.id)
    entering.pass_gate(desk, found, facts, to, override=override, zone_id=project.zone_id)
    made = carry(
        project, to, day, found.evidence_missing, reason=desk.reason, override=not found.passes,
        lacks=[b.fields or tuple(b.values.values()) for b in found.blocks], skipped=found.skipped,
    )  # fmt: skip
    desk.keep(project)
    desk.keep(made)
    reports.follow_facts(desk, [project], DATE_OF_MOVE.values())
    year_turn.bring_up(desk, project)
    return {**record(desk, project), "move": _told(made)}


def carry(
    project: Project,
    to: str,
    day: str,
    pending: bool,
    *,
    reason: str | None,
    override: bool,
    lacks: Iterable[Iterable[str]],
    skipped: Iterable[str],
) -> Move:
    """The facts of a move onto a row that passed its gate, and its line in the ledger history. Who asks keeps both."""
    made = Move(
        zone_id=project.zone_id,
        project_id=project.id or 0,
        from_ledger=project.ledger,
        to_ledger=Ledger(to),
        happened_on=day,
        reason=reason,
        override=override,
        missing=_json([list(group) for group in lacks]),
        skipped=_json([str(one) for one in skipped]),
        pending=pending,
    )
    _enter(project, Ledger(to), day, pending)
    return made


def _day(desk: Desk, on: str | None) -> str:
    if on is not None and on > desk.today:
        raise Invalid.one("/on", "future", "The day of a fact cannot lie in the future")
    return on or desk.today


def _enter(project: Project, to: Ledger, day: str, pending: bool) -> None:
    """The facts a move writes: where it stands, since when, and the date of the fact. A move back takes dates away that
    speak for a later ledger."""
    project.ledger = to
    project.entered_ledger_on = day
    project.pending = pending
    project.opening_accepted = False
    if to in DATE_OF_MOVE:
        setattr(project, DATE_OF_MOVE[to], day)
    for ledger, date in DATE_OF_MOVE.items():
        if ORDER.index(ledger) > ORDER.index(to):
            setattr(project, date, None)


def settle(desk: Desk, project: Project) -> bool:
    """After evidence came: does it prove the ledger the project stands in? Then it is no longer pending."""
    if not project.pending:
        return False
    found = entering.lacks(desk, entering.facts_of(project), project.ledger, None, desk.today, project.id)
    if found.evidence_missing:
        return False
    project.pending = False
    desk.keep(project)
    for made in _rows(desk, project.id or 0):
        if made.pending:
            made.pending, made.settled_on = False, desk.today
            desk.keep(made)
    return True


def _rows(desk: Desk, project_id: int) -> list[Move]:
    return desk.rows(
        Move,
        "of_project",
        lambda q, t: q.where(t.c.project_id == sa.bindparam("project")).order_by(t.c.id),
        {"project": project_id},
    )


def history(desk: Desk, id_: int) -> list[dict[str, Any]]:
    """The ledger history of a project, oldest first."""
    desk.get(Project, id_, deleted=True)
    return [_told(m) for m in _rows(desk, id_)]


def _told(made: Move) -> dict[str, Any]:
    facts = {name: getattr(made, name) for name in FIELDS}
    facts["on"], facts["version"] = facts.pop("happened_on"), facts.pop("since")
    return {**facts, "missing": orjson.loads(made.missing), "skipped": orjson.loads(made.skipped)}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
