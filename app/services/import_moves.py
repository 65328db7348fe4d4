"""Moves and exits that come with an import: made in its one act, under the same rights as one by one."""

from __future__ import annotations

from app.desk import Desk
from app.errors import Conflict
from app.models import Move, Project
from app.rules.access import Act
from app.rules.codes import Disposition
from app.services import moves, projects
from app.services.draft import Absent, Draft, Proposed
from app.services.preparing import Prepared


def ask(desk: Desk, prepared: Prepared) -> None:
    """Leave for every move and exit, in its zone. Raises Forbidden or NotFound."""
    for draft in prepared.drafts:
        if draft.moves and draft.move is not None:
            _ask(desk, draft.zone_id, draft.move)
    for absent in prepared.absent:
        zone_id = int(absent.known["zone_id"])
        if absent.acts and absent.move is not None:
            _ask(desk, zone_id, absent.move)
        elif absent.acts:
            desk.ask(Act.PROJECT_EXIT, zone_id)


def _ask(desk: Desk, zone_id: int, move: Proposed) -> None:
    desk.ask(Act.PROJECT_MOVE, zone_id)
    if move.forced:
        desk.ask(Act.PROJECT_OVERRIDE, zone_id)


def carried(desk: Desk, rows: list[tuple[Project, Draft]]) -> list[Move]:
    """The accepted moves among these rows, written into them; their lines of history are still to be kept."""
    return [
        _carry(project, draft.move, desk.reason) for project, draft in rows if draft.moves and draft.move is not None
    ]


def _carry(project: Project, move: Proposed, reason: str | None) -> Move:
    return moves.carry(
        project, move.to, move.on, move.pending, reason=reason, override=move.forced, lacks=move.lacks, skipped=move.skipped
    )  # fmt: skip


def act_on_absent(desk: Desk, absent: list[Absent], rows: list[Project]) -> None:
    """What she chose for projects that no sheet lists. ``rows`` are those projects as they stand now.

    Raises Conflict ``moved_on`` where one has changed since it was compared.
    """
    by_id = {int(one.known["id"]): one for one in absent}
    changed = [p for p in rows if p.since != by_id[p.id or 0].known["since"]]
    if changed or len(rows) < len(by_id):
        raise Conflict(
            "The register moved on since the preview; look at it again",
            code="moved_on",
            extra={"projects": [{"id": p.id, "code": p.code, "name": p.name} for p in changed[:50]]},
        )
    made = []
    for project in rows:
        one = by_id[project.id or 0]
        reason = one.choice.get("reason") or desk.reason
        if one.move is not None:
            made.append(_carry(project, one.move, reason))
        else:
            wanted = Disposition(one.choice.get("disposition") or Disposition.WITHDRAWN)
            projects.disposed(project, wanted, reason, one.choice.get("on") or desk.today)
    desk.keep(rows)
    desk.keep(made)
